"""Sessions that come through pipes."""

import gzip
import os
import subprocess
import sys

import pytest

from maillab.cli import piped
from maillab.cli.piped import session_path
from maillab.recording.session import SessionError
from tests.house import ROOT

BOUNCE = ROOT / "examples" / "sessions" / "bounce.maillab"


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe(packed, tmp_path):
    """Kind: a file that is sought in, and is a pipe. It is kept, packed or not, while somebody reads it."""
    octets = BOUNCE.read_bytes()[:40_000]
    reader, writer = os.pipe()
    os.write(writer, gzip.compress(octets) if packed else octets)
    os.close(writer)
    with session_path(f"/dev/fd/{reader}") as path:
        assert (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()) == octets
    os.close(reader)
    assert not path.exists()


def test_a_file_stays_where_it_is(tmp_path):
    """What is a file, a folder, or not there at all is given as it is."""
    for path in (BOUNCE, tmp_path, tmp_path / "none"):
        with session_path(str(path)) as found:
            assert found == path


def test_a_pipe_without_end(monkeypatch):
    """Of one that does not end no more is kept than a session may have."""
    monkeypatch.setattr(piped, "MOST_OCTETS", 1000)
    reader, writer = os.pipe()
    os.write(writer, b"x" * 2000)
    os.close(writer)
    with pytest.raises(SessionError, match="longer than 1000"), session_path(f"/dev/fd/{reader}"):
        pass
    os.close(reader)


def test_every_command_that_reads_one():
    """replay, export and diff read a pipe as a shell makes it, and `-`."""
    me = f"{sys.executable} -m maillab"
    line = (
        f"{me} replay <(cat {BOUNCE}) --print | cmp - <({me} replay {BOUNCE} --print) && "
        f"gzip -c {BOUNCE} | {me} export - --format json --output - | cmp - <({me} export {BOUNCE} --format json) && "
        f"{me} diff <(cat {BOUNCE}) {BOUNCE}"
    )
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (ROOT / "-").exists()
