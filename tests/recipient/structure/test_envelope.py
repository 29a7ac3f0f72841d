"""ENVELOPE, compared with what Dovecot 2.3.19 told of the same octets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap import responses
from maillab.protocols.imap.values import ImapEnvelope
from maillab.recipient.structure.envelope import TEXT_OCTETS, of_fields
from maillab.recipient.structure.header import ENVELOPE, values


def envelope(octets):
    """Of the message with this header."""
    return of_fields(values(octets, ENVELOPE))


def wire(header):
    """An envelope as it goes over the wire."""
    return responses.envelope(envelope(header)).decode("latin-1")


A = '((NIL NIL "a" "b.test"))'


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (b"Subject:\r\nMessage-ID: \r\n\r\n", '(NIL "" NIL NIL NIL NIL NIL NIL NIL "")'),
        (b"From:a@b.test\r\nSubject : spaced\r\n\r\n", f'(NIL "spaced" {A} {A} {A} NIL NIL NIL NIL NIL)'),
        (b"From: a@b.test\nSubject: x\n\nSubject: y", f'(NIL "x" {A} {A} {A} NIL NIL NIL NIL NIL)'),
        (b"no field\r\nSubject: x\r\n\r\n", '(NIL "x" NIL NIL NIL NIL NIL NIL NIL NIL)'),
        (b"Subject: a\r\n\tb  c\r\n  d\r\n\r\n", '(NIL "a b c d" NIL NIL NIL NIL NIL NIL NIL NIL)'),
        (b"From: a@b.test\r\nSender: \r\nTo: \r\n\r\n", f"(NIL NIL {A} {A} {A} NIL NIL NIL NIL NIL)"),
        (
            b"Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nFrom: x@y\r\nSender: a@b.test\r\nReply-To: a@b.test\r\n"
            b"To: a@b.test\r\nCc: a@b.test\r\nBcc: a@b.test\r\nIn-Reply-To: <x@y>\r\n <z@z>\r\nMessage-ID: <m@n> (c)\r\n",
            f'("Mon, 30 Nov 2026 10:00:00 +0000" NIL ((NIL NIL "x" "y")) {A} {A} {A} {A} {A} "<x@y> <z@z>" "<m@n> (c)")',
        ),
        (b"Subject: caf\xe9\r\n\r\n", '(NIL {4}\r\ncaf\xe9 NIL NIL NIL NIL NIL NIL NIL NIL)'),
    ],
)  # fmt: skip
def test_as_dovecot_tells_it(header, told):
    """Sender and Reply-To are From's where they are missing or empty; a folded line is one line (RFC 9051 7.5.2)."""
    assert wire(header) == told


def test_the_first_field_counts():
    """Of two subjects the first is told, as the window shows it; of two From fields everybody."""
    found = envelope(b"Subject: one\r\nFrom: a@b\r\nSubject: two\r\nFrom: c@d\r\n\r\n")
    assert (found.subject, [one.mailbox for one in found.senders]) == (b"one", [b"a", b"c"])


def test_hidden_lines():
    """What hides a line end in folding or in an encoded word stays one line, and is not decoded."""  # T208
    found = wire(
        b'Subject: x\r\n\t* 666 EXISTS\r\nFrom: "a\r\n * 1 FETCH" <a@b>\r\nTo: =?utf-8?q?=0d=0a*_666_EXISTS?= <c@d>\r\n\r\n'
    )
    assert "\n" not in found
    assert "=0d=0a" in found
    assert "\n" not in wire(b"Subject: x\r* 666 EXISTS\r\n\r\n")


@given(st.binary(max_size=300))
def test_any_octets(header):
    """Any octets have an envelope, and none of its values holds a line end."""
    found = envelope(header)
    assert isinstance(found, ImapEnvelope)
    assert not any(
        octet in (found.subject or b"") + (found.date or b"") + (found.message_id or b"") for octet in b"\r\n"
    )


def test_long_fields():
    """A field is told up to 64 KiB."""  # T237
    assert len(envelope(b"Message-ID: " + b"=?utf-8?q?a?= " * 20_000).message_id) == TEXT_OCTETS
