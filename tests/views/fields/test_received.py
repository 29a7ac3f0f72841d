"""The Received fields of a message."""

import pytest

from maillab.mail.trace import received
from maillab.views.fields.layout import lines
from maillab.views.fields.received import blocks, trail
from tests.views.fields.words import EN, VI


def field(by, at, protocol="ESMTPSA"):
    return received(hello="laptop", peer="127.0.0.1", by=by, protocol=protocol, ident="L1", to="b@b.test", at=at)


def test_each_server_in_a_row():
    """The newest first, as in the header; how long it took since the one before."""
    message = (
        field("mx.b.test", 1_000_093, "ESMTP") + field("mail.a.test", 1_000_000) + b"Subject: x\r\n\r\nReceived: no\r\n"
    )
    (block,) = blocks(message, EN)
    assert block.rows == (
        ("mx.b.test", "laptop", "ESMTP", "no", "L1", "13:48:13", "+1 min 33 s"),
        ("mail.a.test", "laptop", "ESMTPSA", "TLS, logged in", "L1", "13:46:40", ""),
    )
    assert blocks(message, VI)[0].rows[0][3] == "không"


@pytest.mark.parametrize("say", [EN, VI])
@pytest.mark.parametrize("width", [56, 76, 116])
def test_two_hops_are_two_rows(say, width):
    """Below their headings, as wide as Explain is at 60x15, at 80x24 and at 120x40."""
    message = field("mx.recipient.test", 1_000_093, "ESMTPS") + field("mail.sender.test", 1_000_000) + b"\r\n"
    message = message.replace(b"laptop", b"mail.sender.test", 1)
    _, headings, first, second = ["".join(text for _, text in line) for line in lines(blocks(message, say), width)]
    assert headings.split("  ")[0] == say("written by")
    assert first.split()[:2] == ["mx.recipient.test", "mail.sender.test"]
    assert second.split()[:2] == ["mail.sender.test", "laptop"]
    assert headings.index(say("when")) == first.index("13:48:13") == second.index("13:46:40")
    assert max(map(len, (headings, first, second))) <= width


def test_what_other_servers_write():
    """Comments, odd protocols, dates that are none."""
    one = trail(b"from a (HELO b) (1.2.3.4) by c with SMTP; yesterday")
    assert (one.from_, one.by, one.is_secure, one.at) == ("a", "c", False, None)
    two = trail(b"by c with LMTPS id 7 for <b@b.test>; Mon, 30 Nov 2026 09:34:53 -0000")
    assert (two.from_, two.by, two.is_secure, two.is_authenticated) == ("", "c", True, False)
    assert trail(b"\xff").by == ""
    mixed = (
        b"Received: by a; Mon, 30 Nov 2026 09:34:53 -0000\r\nReceived: by b; Mon, 30 Nov 2026 09:34:50 +0000\r\n\r\n"
    )
    assert [row[6] for row in blocks(mixed, EN)[0].rows] == ["", ""]


def test_a_message_that_nobody_carried():
    """It has none."""
    assert blocks(b"Subject: x\r\n\r\n", EN) == []
