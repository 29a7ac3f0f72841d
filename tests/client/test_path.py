"""The way of a message."""

from hypothesis import given
from hypothesis import strategies as st

from maillab.client.path import HOPS, ReceivedHop, hops

TWO = [
    (
        "Received",
        b"from mail.sender.test (127.0.0.1)\tby mx.recipient.test with ESMTPS id R1"
        b"\tfor <bob@recipient.test>; Wed, 25 Nov 2026 10:00:02 +0000",
    ),
    ("Subject", b"from x by y"),
    (
        "received",
        b"from laptop (from evil by evil) by mail.sender.test with ESMTPSA id L1; Wed, 25 Nov 2026 10:00:01 +0000",
    ),
]


def test_the_first_hop_comes_first():
    """Fields are read from the bottom up; what stands in comments is no claim of the server."""
    assert hops(TWO) == (
        ReceivedHop("mail.sender.test", "laptop", "ESMTPSA", "L1", 1795600801.0),
        ReceivedHop("mx.recipient.test", "mail.sender.test", "ESMTPS", "R1", 1795600802.0),
    )


def test_fractions():
    """A fraction of a second is kept, and a comment with a semicolon does not cut the date off."""
    [hop] = hops([("Received", b"by x; Thu, 1 Jan 1970 00:01:00.25 +0000 (a; b)")])
    assert (hop.by, hop.at) == ("x", 60.25)


def test_a_sender_without_a_name():
    """What follows a word that lacks its value is not taken for that value; comments may nest."""
    [hop] = hops([("Received", b"from (a (b) by c) by mx.test via tcp with SMTP id 7; x")])
    assert (hop.by, hop.sender, hop.protocol, hop.ident) == ("mx.test", "", "SMTP", "7")


@given(st.binary(max_size=300))
def test_nothing_raises(value):
    """Any octets are some field."""
    assert len(hops([("Received", value)])) == 1


def test_there_is_an_end():
    """A message that claims thousands of hops shows the newest of them."""
    assert len(hops([("Received", b"by x; y")] * 5000)) == HOPS
    assert hops([("Received", b"(" * 2000 + b"by x")])[0].protocol == ""
