"""The command lines for swaks."""

import shlex
import subprocess

import pytest

from maillab.events import Carried, Leg, Opened, Side
from maillab.mail.content import Content
from tests.recording.export.sample import exported, hostile, sample, session, talk


def script(one):
    return exported("swaks", one).decode()


def letter(content: bytes, *rcpt: str):
    recipients = rcpt or ("b@x.test",)
    return session(
        Opened("submit-1", Leg.SUBMIT, "smtp", "mail.test"),
        *talk("submit-1", "S: 220 hi", "C: EHLO me.test", "S: 250 ok", "C: MAIL FROM:<a@x.test>", "S: 250 ok"),
        *(event for one in recipients for event in talk("submit-1", f"C: RCPT TO:<{one}>", "S: 250 ok")),
        *talk("submit-1", "C: DATA", "S: 354 go"),
        Carried("submit-1", Side.CLIENT, Content(content)),
        *talk("submit-1", "C: .", "S: 250 ok", "C: QUIT", "S: 221 bye"),
    )


def told(one, tmp_path) -> tuple[list[str], bytes]:
    """What the shell makes of the script: the arguments of a swaks that only writes them down, and its input."""
    (tmp_path / "swaks").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/args\ncat > {tmp_path}/data\n')
    (tmp_path / "swaks").chmod(0o755)
    subprocess.run(
        ["/bin/sh"], input=script(one).encode(), env={"PATH": f"{tmp_path}:/bin:/usr/bin"}, check=True, timeout=20
    )
    return (tmp_path / "args").read_text().splitlines(), (tmp_path / "data").read_bytes()


def test_arguments(tmp_path):
    """Envelope, greeting and letter are those of the session, dots unstuffed."""
    args, data = told(letter(b"Subject: x\r\n\r\n..\r\n", "b@x.test", "c@x.test"), tmp_path)
    assert args == shlex.split("--server 127.0.0.1:1025 --helo me.test --from a@x.test --to b@x.test,c@x.test --data -")
    assert data == b"Subject: x\n\n.\n"


def test_login_and_tls():
    """STARTTLS and the login are asked for; the password is not there."""
    first = script(sample()).split("\n# ")[2]
    assert "--tls \\" in first
    assert "--auth --auth-user alice@sender.test" in first
    assert "hunter2" not in script(sample())


def test_refused_recipient():
    """A transaction that came to no letter ends after RCPT."""
    assert "--quit-after RCPT" in script(sample())


@pytest.mark.parametrize(
    "content", [b"Subject: \xff\x1b[31m\r\n\r\nx\r\n", b"a: %TO_ADDRESS%\r\n\r\n\\n\r\n", b"@file\r\n"]
)
def test_odd_letters(content, tmp_path):
    """What a script cannot hold, or swaks would replace, goes in base64 and comes out as it was."""
    assert told(letter(content), tmp_path)[1] == content.replace(b"\r\n", b"\n")


def test_end_mark(tmp_path):
    """A letter that holds the mark of its own end does not end there, and nothing of it is run."""
    content = b"LETTER\r\ntouch pwned\r\nLETTER_\r\n$(touch pwned) `touch pwned`\r\n"
    assert told(letter(content), tmp_path)[1] == content.replace(b"\r\n", b"\n")
    assert not (tmp_path / "pwned").exists()


def test_quoting(tmp_path):
    """An address is one argument, whatever is in it."""
    assert "$(touch x);'a b@x.test" in told(letter(b"\r\n", "$(touch x);'a b@x.test"), tmp_path)[0]


def test_smtputf8():
    """Addresses that need SMTPUTF8, which swaks does not know, are named and not sent."""
    text = script(letter(b"\r\n", "bình@x.test"))
    assert "\nswaks " not in text
    assert text.endswith("# submit-1: swaks does not know SMTPUTF8, which these addresses need\n")


def test_what_cannot_be_said():
    """A letter that no command line can hold is named in a comment, and nothing else is written."""
    assert script(hostile()).splitlines()[-1] == "# submit-1: this letter cannot be put on a command line"
    assert all(line.startswith("#") or not line for line in script(hostile()).splitlines())
