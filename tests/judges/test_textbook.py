"""The textbook dialogue, as a person types it into netcat; then mutt opens the Maildir."""

import os
import pty
import re
import subprocess

import pytest

from tests.judges.test_smtp_clients import run
from tests.support import need

pytestmark = pytest.mark.judge

DIALOGUE = """\
HELO client.test
MAIL FROM: alice@sender.test
RCPT TO: bob@recipient.test
DATA
Subject: textbook

Hello Bob.
.
QUIT
"""
CODES = ["220", "250", "250", "250", "354", "250", "221"]


@pytest.mark.parametrize("ending", ["\r\n", "\n"], ids=["CRLF", "LF"])
def test_netcat_and_mutt(small, tmp_path, ending):
    """The dialogue is answered with the codes of the textbook, and mutt finds the message in bob's Maildir."""
    lab = small.lab
    said = run(
        [need("nc"), "-w", "5", lab.host, lab.port("smtp", "sender.test")],
        input=DIALOGUE.replace("\n", ending).encode(),
    )
    assert re.findall(r"^(\d{3}) ", said, re.MULTILINE) == CODES, said
    small.wait()

    shown = mutt(lab.maildir("bob").parent, tmp_path / "shown.eml")
    assert "Subject: textbook" in shown
    assert shown.endswith("\n\nHello Bob.\n")
    assert small.fetch().endswith(b"Subject: textbook\r\n\r\nHello Bob.\r\n")


def mutt(maildir, out) -> str:
    """Open a Maildir read-only in mutt, on a terminal of its own; the first message as it piped it out."""
    terminal, inner = pty.openpty()
    keys = f'set folder={maildir} pipe_decode=no wait_key=no; push "<first-entry><pipe-message>cat >{out}<enter><exit>"'
    command = [need("mutt"), "-n", "-F", "/dev/null", "-R", "-f", str(maildir), "-e", keys]
    try:
        subprocess.run(
            command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**os.environ, "TERM": "xterm"},
            timeout=20,
            check=True,
        )
    finally:
        os.close(inner)
        os.close(terminal)
    return out.read_text()
