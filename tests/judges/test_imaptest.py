"""Dovecot's imaptest judges the IMAP server: its scripted tests, and clients that do anything at all in one mailbox.

It is no package: it is built from its source against Debian's dovecot-dev, which takes a minute, and runs where IMAPTEST
names the folder of that source. For Dovecot 2.3.19 (Debian 12):

    git clone https://github.com/dovecot/imaptest && cd imaptest && git checkout 924f619
    sed -i '/imap_parser_create/s/-1)/-1, NULL)/' src/*.c                                          # as Debian has it
    sed -i '/^seq_range_flags_ref/,/^}/s/array_idx_modifiable/array_idx_get_space/' src/client-state.c  # a fault of its own
    ./autogen.sh && ./configure --with-dovecot=/usr/lib/dovecot && make
    IMAPTEST=$PWD pytest -n0 tests/judges/test_imaptest.py                                         # in maillab's folder
"""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest

from tests.serving import Serving
from tests.support import need

pytestmark = pytest.mark.judge

SECONDS = 30  # that clients do anything at all; IMAPTEST_SECONDS says otherwise
FAILED = re.compile(r"^\*\*\* Test (\S+) command (\d+)/", re.MULTILINE)

PERMITTED = {  # a scripted test, its command: why it is answered otherwise
    **dict.fromkeys([("copy", at) for at in (16, 17, 20, 21)], "no Recent (RFC 9051 appendix A)"),
    **dict.fromkeys([("select", at) for at in (3, 5, 6)], "no Recent"),
    **dict.fromkeys([("search-flags", at) for at in (18, 19, 20)], "no Recent"),
    ("append-binary", 4): "a line that ends with LF alone is told with CRLF, as everything is",
    ("id", 1): "a line before the login may have 12,288 octets",
    ("listext", 32): "CHILDINFO also where the child is listed itself (RFC 9051 §6.3.9.1, note 2)",
}
BEARABLE = (  # of clients that do anything at all
    r"SEARCH result missing seq",  # what another client removed is not found (RFC 2180 §4.2), though nobody was told yet
    r"SEARCH failed: \S+ BAD What is searched for is neither ASCII nor UTF-8",  # octets cut from a character
    r"BAD reply for command: SEARCH",  # the same
    r"APPEND failed: Broken pipe",  # imaptest hung up itself; with Dovecot, too
)


@pytest.fixture(scope="module")
def source() -> Path:
    """The folder in which imaptest was built; without it these tests are skipped."""
    if not (folder := os.environ.get("IMAPTEST", "")):
        pytest.skip("IMAPTEST is not set: it names the folder in which imaptest was built, see the head of this file")
    assert (Path(folder) / "src/imaptest").exists(), f"nothing was built in {folder}"
    need("doveadm")  # its libraries are Dovecot's
    return Path(folder)


def judged(source: Path, lab: Serving, *arguments: object, seconds: float = 300) -> str:
    """What imaptest prints."""
    done = subprocess.run(
        [source / "src/imaptest", f"host={lab.host}", f"port={lab.port('imap')}", "user=bob", "pass=bob",
         *map(str, arguments)],
        env=os.environ | {"LD_LIBRARY_PATH": "/usr/lib/dovecot"}, capture_output=True, timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 2), done.stderr.decode(errors="replace")
    return (done.stdout + done.stderr).decode(errors="replace")


def test_scripts(source: Path) -> None:  # T214
    """Every command of the scripted tests is answered as they expect, or otherwise for a reason that is written down."""
    with Serving(ignore=("said", "carried")) as lab:
        printed = judged(source, lab, f"test={source / 'src/tests'}")

    assert {(name, int(at)) for name, at in FAILED.findall(printed)} == PERMITTED.keys(), printed
    assert "0 skipped due to missing capabilities" in printed


def test_anything_at_all(source: Path, tmp_path: Path) -> None:
    """Eight clients select, fetch, search, sort, copy, mark, remove and append at once; no view contradicts another."""
    mbox = tmp_path / "mbox"
    mbox.write_text("".join(_message(at) for at in range(200)))
    seconds = int(os.environ.get("IMAPTEST_SECONDS", SECONDS))
    work = ["copybox=Archive", "search=40", "sort=20", "thread=20", "noop=50", "check=20"]
    with Serving(ignore=("said", "carried")) as lab:
        printed = judged(
            source, lab, f"mbox={mbox}", "clients=8", f"secs={seconds}", "seed=9", *work, seconds=seconds + 60
        )

    complaints = [
        line for line in re.findall(r"Error: .*", printed) if not any(re.search(one, line) for one in BEARABLE)
    ]
    assert complaints == []
    assert "Totals:" in printed


def _message(at: int) -> str:
    """As it stands in an mbox; no two have the same id."""
    lines = "\n".join("y" * random.Random(f"{at} {line}").randrange(70) for line in range(at % 60))
    answers = f"References: <m{at - 3}@x.test>\n" if at % 3 == 0 else ""
    return (
        f"From x@x.test  Fri Feb 22 17:06:23 2008\nMessage-ID: <m{at}@x.test>\nFrom: Somebody <s{at}@sender.test>\n"
        f"To: bob@recipient.test\nDate: Sat, 24 Mar 2007 23:{at % 60:02}:00 +0200\n{answers}"
        f"Subject: =?utf-8?q?Th=C6=B0_s=E1=BB=91_{at}?=\n\n{lines}\n\n"
    )
