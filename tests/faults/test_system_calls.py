"""The same of a real process, whose calls of the system fail: strace stands between it and the kernel."""

import contextlib

import pytest

from tests.faults.doors import SMALL, Wire
from tests.serving import Serving
from tests.tracing import traced

pytestmark = [pytest.mark.slow, pytest.mark.judge]

SYNC, LINK = "fsync,fdatasync", "link,linkat"


def send(wire: Wire) -> str:
    """The answer to a message."""
    for command in ("MAIL FROM:<bob@recipient.test>", "RCPT TO:<bob@recipient.test>", "DATA"):
        wire.ask(command)
    wire.say(SMALL + b".\r\n")
    return wire.reply()


@pytest.mark.parametrize(
    ("calls", "error", "told"),
    [
        (SYNC, "EIO", "451 4.3.0"),
        (SYNC, "ENOSPC", "452 4.3.1"),
        (SYNC, "EDQUOT", "452 4.3.1"),
        (LINK, "EROFS", "451 4.3.0"),
        (LINK, "EMFILE", "452 4.3.1"),
    ],
)
def test_a_call_that_fails(calls: str, error: str, told: str) -> None:
    """The client may come again, nothing is stored, and when the system is well again the next message is."""
    with Serving() as lab, contextlib.closing(Wire(lab.port("smtp"))) as wire:
        wire.line()
        wire.ask("EHLO x")
        with traced(lab.pid, calls, f"error={error}"):
            answer = send(wire)
            assert answer.startswith(told), answer
            assert "reference" in answer
            assert wire.ask("NOOP").startswith("250")
        assert [*lab.maildir("bob").iterdir()] == []
        assert [*lab.maildir("bob").parent.joinpath("tmp").iterdir()] == []
        assert send(wire).startswith("250")
        reference = answer.rpartition(" ")[2]
        lab.wait(lambda entry: entry["kind"] == "stumbled" and entry["reference"] == reference)
