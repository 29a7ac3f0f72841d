"""The head of a stored message: which copies are one message, for whom, with which tags."""

import time

import pytest

from maillab.mail.trace import received
from maillab.web.head import MOST_TAGS, NOWHERE, origin, recipient_of, sender_of, tags_in

OURS = ["mail.sender.test"]
AT = 1_700_000_000.0


def field(hello, by, ident, to="", at=AT):
    """A Received field as the lab's machines write it."""
    return received(hello=hello, peer="127.0.0.1", by=by, protocol="ESMTP", ident=ident, to=to, at=at)


HANDED_IN = field("laptop", "mail.sender.test", "L7", "bob@recipient.test")


def test_copies_at_two_sites_are_one_message():
    """They agree in what the machine wrote that took the message first, whomever it was for."""
    one = field("mail.sender.test", "mx.recipient.test", "R1", "bob@recipient.test") + HANDED_IN
    other = field("mail.sender.test", "mx.other.test", "R1", at=AT + 5) + field("laptop", "mail.sender.test", "L7")

    assert origin(one, OURS).key == origin(other, OURS).key == b"mail.sender.test L7 Tue, 14 Nov 2023 22:13:20 +0000"


def test_a_message_that_is_handed_in_again_is_another_one():
    """A trace leads on only where one of the lab's own machines has handed the message over."""
    again = (
        field("laptop", "mx.recipient.test", "R2") + field("mail.sender.test", "mx.recipient.test", "R1") + HANDED_IN
    )

    assert origin(again, OURS).key.startswith(b"mx.recipient.test R2")


def test_a_trace_that_does_not_fit_leads_no_further():
    """A field that a stranger put below ours, of another machine, says nothing."""
    head = field("mail.sender.test", "mx.recipient.test", "R1") + field("x", "mx.elsewhere.test", "L7")

    assert origin(head, OURS).key.startswith(b"mx.recipient.test R1")


def test_what_follows_the_field_was_handed_over():
    """It begins where the field of the first machine ends."""
    head = field("mail.sender.test", "mx.recipient.test", "R1") + HANDED_IN + b"Subject: hi\r\n\r\n"

    assert head[origin(head, OURS).end :] == b"Subject: hi\r\n\r\n"


@pytest.mark.parametrize(
    "forged",
    [
        b"from x " + b"\r\n ".join([b"by a with b id " + b"c" * 900] * 280),
        b"from x ([::1])\r\n\tby mail.sender.test with ESMTP id a\r\n\tfor <" + b">;\r\n\t" * 80_000 + b"x",
        b"from " + b" " * 250_000 + b";",
    ],
)
def test_a_field_that_takes_long_to_read(forged):
    """Who greets as one of our machines has the field below read; it cannot hold the lab up (it took minutes)."""
    head = field("mail.sender.test", "mx.recipient.test", "R1") + b"Received: " + forged + b"\r\n"
    before = time.process_time()

    assert origin(head, OURS).key.startswith(b"mx.recipient.test R1")
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    "head", [b"", b"Subject: hi\r\n", b"Received: nonsense\r\n", b"Received: " + b"by " * 20_000 + b"\r\n"]
)
def test_without_a_trace(head):
    """A message that no machine of the lab has written on is known by nothing in it."""
    assert origin(head, OURS) == NOWHERE


def test_the_envelope():
    """Whom it was from and for is what the receiving machine wrote down, the topmost field."""
    head = b"Return-Path: <a@x.test>\r\nDelivered-To: b@y.test\r\nDelivered-To: forged@z.test\r\n"

    assert (sender_of(head), recipient_of(head)) == ("a@x.test", "b@y.test")
    assert (sender_of(b"Return-Path: <>\r\n"), recipient_of(b"")) == ("", "")


def test_tags_of_the_sender():
    """They are separated by commas, decoded, and not endlessly many."""
    assert tags_in(b"X-Tags: =?utf-8?q?b=C3=A1o?=, , b c\r\n") == ["báo", "b c"]
    assert len(tags_in(b"X-Tags: " + b"a," * 1_000 + b"\r\n")) == MOST_TAGS
