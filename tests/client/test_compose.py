"""A draft becomes a message that strangers read as it was meant."""

import email
import email.policy
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from itertools import count
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.compose import Attachment, ComposeError, Draft, Mailbox, compose, needs_utf8
from maillab.client.read import read
from maillab.mail.address import Address
from maillab.mail.message import Message

ALICE = Mailbox("Alice", Address("alice", "sender.test"))
BOB = Mailbox("Bưởi", Address("bob", "recipient.test"))
CAROL = Mailbox("", Address("carol", "recipient.test"))
SIMPLE = Draft(ALICE, (BOB,), subject="Hi", text="Hello\n")


def numbered() -> Callable[[], str]:
    """Boundaries without dice."""
    numbers = count(1)
    return lambda: f"=_{next(numbers)}"


def written(draft: Draft, *, eight_bit: bool = True, utf8: bool = False) -> Message:
    """The message, and what holds for every message."""
    message = compose(draft, now=0, message_id="<1@x.test>", boundary=numbered(), eight_bit=eight_bit, utf8=utf8)
    octets = message.content.whole()
    assert octets.count(b"\r\n") == octets.count(b"\n") == octets.count(b"\r")
    assert all(len(line) <= 998 for line in octets.split(b"\r\n"))
    assert message.envelope.eight_bit == (not octets.isascii())
    assert b"\nBcc" not in octets.partition(b"\r\n\r\n")[0]
    return message


def opened(message: Message) -> EmailMessage:
    """As the standard library reads it."""
    return cast(EmailMessage, email.message_from_bytes(message.content.whole(), policy=email.policy.default))


def test_a_plain_message() -> None:
    """The simplest message has these lines and no others."""
    assert written(Draft(ALICE, (CAROL,), subject="Hi", text="Hello")).content.whole() == (
        b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
        b"From: Alice <alice@sender.test>\r\n"
        b"To: carol@recipient.test\r\n"
        b"Subject: Hi\r\n"
        b"Message-ID: <1@x.test>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hello\r\n"
    )


def test_envelope() -> None:
    """Everybody is in the envelope once; Bcc is nowhere else."""
    twice = Mailbox("Bob again", Address("BOB", "recipient.test"))
    draft = replace(SIMPLE, cc=(CAROL, twice), bcc=(Mailbox("", Address("dan", "x.test")), CAROL))
    message = written(draft)

    assert [str(recipient.address) for recipient in message.envelope.recipients] == [
        "bob@recipient.test", "carol@recipient.test", "dan@x.test",
    ]  # fmt: skip
    assert b"dan" not in message.content.whole()


def test_only_bcc() -> None:
    """A message to hidden people says so; a message to nobody is not written."""
    assert b"To: undisclosed-recipients:;\r\n" in written(Draft(ALICE, bcc=(BOB,))).content.whole()
    with pytest.raises(ComposeError, match=r"^To: "):
        written(Draft(ALICE))


@pytest.mark.parametrize(
    "draft",
    [
        replace(SIMPLE, subject="a\r\nBcc: x@y.test"),  # T252
        replace(SIMPLE, sender=Mailbox("A\nBcc: x", ALICE.address)),
        replace(SIMPLE, to=(Mailbox("A\0", BOB.address),)),
        replace(SIMPLE, bcc=(Mailbox("A\u2028", BOB.address),)),
        replace(SIMPLE, to=(Mailbox("", Address("a\r\nRCPT TO:<x@y.test>", "z.test")),)),
        replace(SIMPLE, headers=(("X\r\nBcc", "x"),)),
        replace(SIMPLE, headers=(("X-Mood", "x\r\nBcc: y"),)),
        replace(SIMPLE, headers=(("Bcc", "x@y.test"),)),
        replace(SIMPLE, headers=(("Content-Type", "text/html"),)),
        replace(SIMPLE, in_reply_to="<a@b>\r\nBcc: x"),
        replace(SIMPLE, references=("<a@b>", "x")),
        replace(SIMPLE, text="\ud800"),
        replace(SIMPLE, attachments=(Attachment("a\r\nb", "image/png", b""),)),
        replace(SIMPLE, attachments=(Attachment("a", "image/png\r\nX: y", b""),)),
        replace(SIMPLE, attachments=(Attachment("a", "multipart/mixed", b""),)),
    ],
)
def test_what_cannot_be_written(draft: Draft) -> None:
    """No value of a draft can add a line to the header; what tries is refused."""
    with pytest.raises(ComposeError):
        written(draft)


def test_bad_message_id_and_boundary() -> None:
    """Names that the caller makes are checked as well."""
    with pytest.raises(ComposeError, match="Message-ID"):
        compose(SIMPLE, now=0, message_id="1", boundary=numbered(), eight_bit=True, utf8=True)
    both = replace(SIMPLE, html="<p>x")
    for mark in ("", 'a"b', "a b ", "x" * 71, "a\r\nb"):
        with pytest.raises(ComposeError, match="boundary"):
            compose(both, now=0, message_id="<1@x>", boundary=lambda mark=mark: mark, eight_bit=True, utf8=True)


def test_a_boundary_in_the_text() -> None:
    """A boundary that stands in a part is not used; when none is left the message is refused."""
    draft = replace(SIMPLE, text="--=_1\r\n", html="x")

    assert b'boundary="=_2"' in written(draft).content.whole()
    with pytest.raises(ComposeError, match="every boundary"):
        compose(draft, now=0, message_id="<1@x>", boundary=lambda: "=_1", eight_bit=True, utf8=False)


# ── what the next server can carry ────────────────────────────────────────────────────────────

UTF8 = replace(SIMPLE, to=(Mailbox("Thầy", Address("thầy", "bücher.test")),), subject="Chào thầy")


def test_smtputf8() -> None:
    """A UTF-8 local part goes raw by SMTPUTF8, header and envelope alike, and not at all without."""
    assert needs_utf8(UTF8)
    message = written(UTF8, utf8=True)

    assert message.envelope.smtputf8
    assert str(message.envelope.recipients[0].address) == "thầy@bücher.test"
    assert 'To: "Thầy" <thầy@bücher.test>\r\nSubject: Chào thầy\r\n'.encode() in message.content.whole()
    with pytest.raises(ComposeError, match=r"thầy@bücher\.test can only be reached"):
        written(UTF8, utf8=False)


def test_a_labels() -> None:
    """A UTF-8 domain alone needs no SMTPUTF8: it is written as DNS knows it, in header and envelope."""
    draft = replace(SIMPLE, to=(Mailbox("", Address("bob", "bücher.test")),))
    for utf8 in (False, True):
        message = written(draft, utf8=utf8)
        assert not needs_utf8(draft)
        assert not message.envelope.smtputf8
        assert message.envelope.recipients[0].address.domain == "xn--bcher-kva.test"
        assert b"To: bob@xn--bcher-kva.test\r\n" in message.content.whole()


@pytest.mark.parametrize(
    ("text", "eight_bit", "encoding"),
    [
        ("Hello", False, "7bit"),
        ("Chào bạn", True, "8bit"),
        ("One café in a long line of ASCII words", False, "quoted-printable"),
        ("Tiếng Việt đầy đủ dấu ở mọi chữ ấy ạ ệ ộ ợ", False, "base64"),
        ("x" * 998, True, "7bit"),
        ("x" * 999, True, "quoted-printable"),
        ("ạ" * 400, True, "base64"),
        ("a\0b", True, "quoted-printable"),
    ],
)
def test_transfer_encodings(text: str, eight_bit: bool, encoding: str) -> None:
    """Text travels as it is where it may, else in the shorter encoding; no line is over 998 octets."""  # T170
    message = written(replace(SIMPLE, text=text), eight_bit=eight_bit)

    assert opened(message)["content-transfer-encoding"] == encoding
    assert opened(message).get_content() == text + "\r\n"


def test_line_ends_of_a_text() -> None:
    """CR, LF and CRLF in typed text all become CRLF, once."""  # T171
    assert written(replace(SIMPLE, text="a\rb\nc\r\n\n")).content.whole().endswith(b"\r\n\r\na\r\nb\r\nc\r\n\r\n")


def test_parts() -> None:
    """HTML is an alternative to the text, attachments stand behind both."""
    draft = replace(SIMPLE, html="<p>Hello", attachments=(Attachment("a.png", "image/png", b"\x89PNG"),))
    message = opened(written(draft))

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    assert opened(written(replace(draft, text="", attachments=()))).get_content_type() == "text/html"


def test_text_files_name_their_character_set() -> None:
    """A UTF-8 text file says that it is; one that is not UTF-8 says nothing."""
    files = (Attachment("a.txt", "text/plain", "ạ".encode()), Attachment("b.txt", "text/plain", b"\xff"))
    message = opened(written(replace(SIMPLE, attachments=files)))

    assert [part.get_content_charset() for part in message.iter_attachments()] == ["utf-8", None]


# ── a message inside a message ──────────────────────────────────────────────────────────────────

INNER = "Subject: x\r\n\r\nChào\r\n".encode()


def forwarded(octets: bytes) -> Draft:
    """A draft that carries a message."""
    return replace(SIMPLE, attachments=(Attachment("x.eml", "message/rfc822", octets),))


def test_a_message_travels_byte_for_byte() -> None:
    """A message inside a message is never encoded (RFC 2046 §5.2.1)."""
    for octets in (INNER, b"Subject: y\r\n\r\n.\r\n", b"Subject: no end"):
        assert b"\r\n\r\n" + octets + b"\r\n--=_1--\r\n" in written(forwarded(octets)).content.whole()


@pytest.mark.parametrize(
    ("octets", "eight_bit", "why"),
    [
        (INNER, False, "8BITMIME"),
        (b"a: b\n\nc\n", True, "cannot travel"),
        (b"a: b\r\n\r\n" + b"x" * 999, True, "cannot travel"),
        (b"a: \0\r\n", True, "cannot travel"),
    ],
)
def test_a_message_that_cannot_travel_inside(octets: bytes, eight_bit: bool, why: str) -> None:
    """A message that would need an encoding is refused with the reason."""
    with pytest.raises(ComposeError, match=why):
        written(forwarded(octets), eight_bit=eight_bit)


# ── the round trip ────────────────────────────────────────────────────────────────────────────

WORD = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60).map(
    lambda t: " ".join(t.split())
)
BODY = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
)
FILES = st.lists(
    st.tuples(WORD, st.sampled_from(["image/png", "application/pdf"]), st.binary(max_size=200)), max_size=3
)


@given(WORD, WORD, BODY, BODY, FILES, st.booleans(), st.booleans())
def test_a_stranger_reads_what_was_written(
    subject: str, name: str, text: str, html: str, files: list[Any], eight_bit: bool, raw: bool
) -> None:
    """What compose writes, the standard library reads back: subject, name, texts, file names and octets."""
    nfc = [unicodedata.normalize("NFC", value) for value in (subject, name, text, html)]
    sender = Address("thầy" if raw else "alice", "sender.test")
    draft = Draft(
        Mailbox(name, sender), (BOB,), subject=subject, text=text, html=html,
        attachments=tuple(Attachment(*file) for file in files),
    )  # fmt: skip
    message = written(draft, eight_bit=eight_bit, utf8=True)
    parsed, mine = opened(message), read(message.content.whole())

    assert parsed["subject"] == nfc[0].strip()
    assert mine.header("Subject") == nfc[0].strip()
    assert mine.people("From")[0].name == nfc[1]
    texts = [part.get_content() for part in parsed.walk() if part.get_content_maintype() == "text"]
    expected = [nfc[2]] if text or not html else []
    expected += [nfc[3]] if html else []
    assert [text.replace("\r\n", "\n") for text in texts] == [
        text if text.endswith("\n") or not text else text + "\n" for text in expected
    ]
    assert [part.get_content() for part in parsed.iter_attachments()] == [file[2] for file in files]
    assert [part.octets for part in mine.attachments] == [file[2] for file in files]
    names = [part.get_filename() or "" for part in parsed.iter_attachments()]
    assert names == [unicodedata.normalize("NFC", file[0]) for file in files]


def test_a_picture_that_the_page_shows() -> None:
    """It travels beside the page, inside the alternatives (RFC 2387); without a page it is a file like any other."""
    logo = Attachment("logo.png", "image/png", b"\x89PNG", "logo@x")
    table = Attachment("a.csv", "text/csv", b"1,2")
    draft = replace(SIMPLE, html="<img src=cid:logo@x>", attachments=(logo, table))

    kinds = [part.get_content_type() for part in opened(written(draft)).walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "text/csv",
    ]  # fmt: skip
    shown = read(written(draft).content.whole()).attachments
    assert [(part.name, part.cid, part.is_inline) for part in shown] == [
        ("logo.png", "logo@x", True),
        ("a.csv", "", False),
    ]
    bare = [part.get_content_type() for part in opened(written(replace(draft, html=""))).walk()]
    assert bare == ["multipart/mixed", "text/plain", "image/png", "text/csv"]


@pytest.mark.parametrize("cid", ["a b", "a>\r\nX: y", "<a>", "é", "a" * 201, '"'])
def test_a_content_id_that_is_none(cid: str) -> None:
    """It is refused, and names the file."""
    with pytest.raises(ComposeError, match=r"attachment logo\.png"):
        written(replace(SIMPLE, html="x", attachments=(Attachment("logo.png", "image/png", b"", cid),)))
