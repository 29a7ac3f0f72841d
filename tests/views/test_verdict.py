"""What is fine, what is not now, and what is never."""

import pytest

from maillab.events import REMOVED, Attempted, Bounced, DecidedEvent, Deferred, Delivered, Failed, Stumbled, Tolerated
from maillab.protocols.dns import DNS
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import UNKNOWN, Protocol
from maillab.protocols.smtp import SMTP
from maillab.views.verdict import Verdict, of_answer, of_decision


@pytest.mark.parametrize(
    ("protocol", "line", "verdict"),
    [
        (SMTP, b"250 ok\r\n", "ok"),
        (SMTP, b"354 go\r\n", "ok"),
        (SMTP, b"421 later\r\n", "warn"),
        (SMTP, b"450-4.2.0 later\r\n", "warn"),
        (SMTP, b"550\r\n", "error"),
        (SMTP, b"5500 no reply at all\r\n", "ok"),
        (POP3, b"+OK\r\n", "ok"),
        (POP3, b"-ERR [AUTH] no\r\n", "error"),
        (POP3, b"550 5.1.1\r\n", "ok"),
        (DNS, b"NXDOMAIN nowhere.test. MX\r\n", "error"),
        (DNS, b"SERVFAIL", "warn"),
        (DNS, b"x.test. TXT 300 (REFUSED)", "warn"),
        (DNS, b"refused.test. IN MX 10 SERVFAILx.test.", "ok"),
        (UNKNOWN, b"550", "ok"),
    ],
)
def test_answers(protocol: Protocol, line: bytes, verdict: str) -> None:
    """A server's line is judged by its protocol's own sign, and by nothing else in it."""
    assert of_answer(protocol.kind(line)) == verdict


@pytest.mark.parametrize(
    ("event", "verdict"),
    [
        (Attempted("j", "mx", 250), "ok"),
        (Attempted("j", "mx", 451), "warn"),
        (Attempted("j", "mx", 0), "warn"),
        (Attempted("j", "mx", 550), "error"),
        (Bounced("j", "a@b.test", "failed", "L2"), "error"),
        (Bounced("j", "a@b.test", "delayed", "L2"), "warn"),
        (Bounced("j", "a@b.test", "delivered", "L2"), "ok"),
        (Deferred("j", (), "busy", 60), "warn"),
        (Failed("j", (), "no"), "error"),
        (Failed("j", (), REMOVED), "warn"),
        (Tolerated("t", "RFC 5321", "brackets"), "warn"),
        (Stumbled("t", "r", "x"), "error"),
        (Delivered("t", "bob", 1, 2), "ok"),
    ],
)
def test_decisions(event: DecidedEvent, verdict: str) -> None:
    """A decision is an error where something ended badly, a warning where a person should look."""
    assert of_decision(event) is Verdict(verdict)
