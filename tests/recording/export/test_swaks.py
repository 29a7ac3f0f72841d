"""The command lines for swaks."""

import shlex
import subprocess

import pytest

from maillab.events import Authenticated, Carried, Leg, Opened, Side
from maillab.mail.content import Content
from maillab.protocols.lines import stuff
from tests.recording.export.sample import exported, hostile, sample, session, talk


def script(one):
    return exported("swaks", one).decode()


def message(content: bytes, *rcpt: str):
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
    (tmp_path / "args").touch()
    (tmp_path / "swaks").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/args\ncat > {tmp_path}/data\n')
    (tmp_path / "swaks").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/bin:/usr/bin", "PASSWORD": "alice"}
    subprocess.run(["/bin/sh"], input=script(one).encode(), env=environment, check=True, timeout=20, cwd=tmp_path)
    return (tmp_path / "args").read_text().splitlines(), (tmp_path / "data").read_bytes()


def dialogue(*lines: str, user: str = ""):
    """A talk of its own, at the door of relays."""
    login = [Authenticated("relay-1", user, "PLAIN")] if user else []
    return session(Opened("relay-1", Leg.RELAY, "smtp", "mx.test"), *login, *talk("relay-1", *lines))


def test_arguments(tmp_path):
    """Envelope, greeting and message are those of the session, dots unstuffed; swaks takes the last dot away."""
    args, data = told(message(b"Subject: x\r\n\r\n..\r\n", "b@x.test", "c@x.test"), tmp_path)
    assert args == shlex.split("--server 127.0.0.1:1025 --helo me.test --from a@x.test --to b@x.test,c@x.test --data -")
    assert data == b"Subject: x\n\n.\n.\n"


def test_login_and_tls():
    """STARTTLS and the login are asked for; the password is not there, but taken from the environment."""
    first = script(sample()).split("\n# ")[4]
    assert "--tls \\" in first
    assert "--auth --auth-user alice@sender.test" in first
    assert 'SWAKS_OPT_auth_password="${PASSWORD:?' in first
    assert "hunter2" not in script(sample())


def test_only_what_was_taken():
    """Of the kind: what a server refused was never part of a message. Only what was answered 2yz counts."""
    lines = ["S: 220 hi", "C: EHLO --server", "S: 501 no", "C: EHLO me.test", "S: 250 ok"]
    lines += ["C: MAIL FROM:<--no-server>", "S: 503 no", "C: RCPT TO:<--pipe=touch pwned;#>", "S: 501 no"]
    lines += ["C: MAIL FROM:<a@x.test>", "S: 250 ok", "C: RCPT TO:<no@x.test>", "S: 550 no"]
    lines += ["C: RCPT TO:<b@x.test>", "S: 250 ok", "C: QUIT", "S: 221 bye"]
    command = script(dialogue(*lines)).split("\n\n# relay-1")[1]
    assert "--helo me.test \\\n    --from a@x.test \\\n    --to b@x.test \\\n    --quit-after RCPT" in command
    assert "pipe" not in script(dialogue(*lines))
    assert "no@x.test" not in command


def test_nothing_begins_with_a_hyphen(tmp_path):
    """Of the kind: words of a session that the other program would take for options, wherever they stand.

    Such a recipient or name is left out with a comment; with such a sender or login there is no command at all.
    """
    begun = ["S: 220 hi", "C: EHLO --pipe=touch${IFS}pwned", "S: 250 ok", "C: MAIL FROM:<a@x.test>", "S: 250 ok"]
    rest = ["C: RCPT TO:<--output-file=pwned@x.test>", "S: 250 ok", "C: RCPT TO:<b@x.test>", "S: 250 ok"]
    one = dialogue(*begun, *rest, "C: QUIT", "S: 221 bye")
    assert told(one, tmp_path)[0] == shlex.split(
        "--server 127.0.0.1:2025 --from a@x.test --to b@x.test --quit-after RCPT"
    )
    assert "# left out: the recipient --output-file=pwned@x.test begins with -, like an option\n" in script(one)
    assert "# left out: its name in EHLO begins with -, like an option\n" in script(one)
    for user, sender in (("", "--output-file=/pwned@x.test"), ("--pipe=touch pwned", "a@x.test")):
        lines = ["S: 220 hi", f"C: MAIL FROM:<{sender}>", "S: 250 ok", "C: RCPT TO:<b@x.test>", "S: 250 ok"]
        comments = script(dialogue(*lines, user=user)).splitlines()
        assert all(line.startswith("#") or not line for line in comments), comments
        assert comments[-1].endswith("begins with -, like an option.")


def test_a_comma():
    """A recipient with a comma, which swaks would take for two, is left out with a comment."""
    one = message(b"Subject: x\r\n\r\n", "b@x.test", '"a,--pipe=id"@x.test')
    assert '# left out: the recipient "a,--pipe=id"@x.test has a comma' in script(one)
    assert "--to b@x.test \\" in script(one)


def test_refused_recipient():
    """A transaction that came to no message ends after RCPT; one of which no recipient was taken is named only."""
    asked = ["S: 220 hi", "C: MAIL FROM:<a@x.test>", "S: 250 ok", "C: RCPT TO:<b@x.test>"]
    assert "--quit-after RCPT </dev/null\n" in script(dialogue(*asked, "S: 250 ok"))
    refused = script(dialogue(*asked, "S: 450 later")).splitlines()[-1]
    assert refused == "# This message cannot be sent by swaks: the server took no recipient."


def test_refused_message():
    """A message that was refused after its end is sent again, and the comment says what became of it."""
    lines = ["S: 220 hi", "C: MAIL FROM:<a@x.test>", "S: 250 ok", "C: RCPT TO:<b@x.test>", "S: 250 ok", "C: DATA"]
    events = [*talk("relay-1", *lines, "S: 354 go"), Carried("relay-1", Side.CLIENT, Content(b"A: b\r\n\r\n"))]
    one = session(Opened("relay-1", Leg.RELAY, "smtp", "mx"), *events, *talk("relay-1", "C: .", "S: 451 later"))
    assert "# The server did not take this message: 451.\n" in script(one)
    assert "--data -" in script(one)


@pytest.mark.parametrize(
    "content",
    [
        b"no header\r\n",
        b"Subject: bare\nline\r\n\r\n.x\r\n",
        b"Subject: \xff\x1b[31m\r\n\r\nx\r\n",
        b"a: %TO_ADDRESS%\r\n\r\n\\n\r\n",
        b"@file\r\n",
    ],
)
def test_odd_messages(content, tmp_path):
    """What a script cannot hold, or swaks would replace, goes in base64, and swaks is told to send it as it is."""
    args, data = told(message(stuff(content)), tmp_path)
    assert args[-3:] == ["--no-data-fixup", "--data", "-"]
    assert data == stuff(content) + b"."


def test_end_mark(tmp_path):
    """A message that holds the mark of its own end does not end there, and nothing of it is run."""
    content = b"A: b\r\n\r\nMESSAGE\r\ntouch pwned\r\nMESSAGE_\r\n$(touch pwned) `touch pwned`\r\n"
    assert told(message(content), tmp_path)[1] == content.replace(b"\r\n", b"\n") + b".\n"
    assert not (tmp_path / "pwned").exists()


def test_quoting(tmp_path):
    """An address is one argument, whatever is in it."""
    address = """"$(touch x);'a b"@x.test"""
    assert address in told(message(b"\r\n", address), tmp_path)[0]


def test_smtputf8():
    """Addresses that need SMTPUTF8, which swaks does not know, are named and not sent."""
    text = script(message(b"\r\n", "bình@x.test"))
    assert "\nswaks " not in text
    assert "# left out: the recipient bình@x.test needs SMTPUTF8, which swaks does not know\n" in text


def test_what_cannot_be_said():
    """A message that no command line can hold is named in a comment, and nothing else is written."""
    assert script(hostile()).splitlines()[-1].startswith("# This message cannot be sent by swaks: ")
    assert all(line.startswith("#") or not line for line in script(hostile()).splitlines())


def test_each_leg_has_its_door():
    """Each message goes to the door of the site that took it, and another server can be named for each leg."""
    text = script(sample())
    assert '--server "${SUBMISSION:-127.0.0.1:1587}"' in text
    assert '--server "${SMTP:-127.0.0.1:2025}"' in text
