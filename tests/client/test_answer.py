"""Replies and forwards."""

import email
import email.policy
from itertools import count
from typing import Any

import pytest
from hypothesis import given

from maillab.client.answer import REFERENCES, forward_attached, forward_inline, left_out, reply
from maillab.client.compose import Attachment, ComposeError, Draft, Mailbox, compose
from maillab.mail.address import Address
from tests.client.test_read import PIECES

ME = Mailbox("Bob", Address("bob", "recipient.test"))
ALICE = Mailbox("Alice", Address("alice", "sender.test"))
CAROL = Mailbox("", Address("carol", "recipient.test"))
ORIGINAL = (
    b"From: Alice <alice@sender.test>\r\nTo: Bob <bob@recipient.test>, carol@recipient.test\r\n"
    b"Cc: dan@x.test, BOB@recipient.test, Alice <alice@sender.test>\r\nBcc: secret@x.test\r\n"
    b"Subject: Lunch\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\nMessage-ID: <2@sender.test>\r\nReferences: <1@sender.test>\r\n\r\n"
    b"At noon?\r\n\r\n> earlier\r\n-- \r\nAlice\r\n"
)


def addresses(people: tuple[Mailbox, ...]) -> list[str]:
    """Their addresses."""
    return [str(person.address) for person in people]


def sent(draft: Draft, eight_bit: bool = True) -> bytes:
    """The message that becomes of it."""
    numbers = count()
    message = compose(
        draft, now=0, message_id="<9@x.test>", boundary=lambda: f"b{next(numbers)}", eight_bit=eight_bit, utf8=True
    )
    return message.content.whole()


def test_reply() -> None:
    """A reply goes to the writer, in the thread, with the text quoted and the signature left out."""
    draft = reply(ORIGINAL, ME, "Yes!\n")

    assert (draft.sender, draft.to, draft.cc, draft.subject) == (ME, (ALICE,), (), "Re: Lunch")
    assert (draft.in_reply_to, draft.references) == ("<2@sender.test>", ("<1@sender.test>", "<2@sender.test>"))
    assert draft.text == ("Yes!\n\nOn Thu, 01 Jan 1970 00:00:00 +0000, Alice wrote:\n> At noon?\n>\n> > earlier\n")


def test_reply_to_everyone() -> None:
    """Everyone who was named is answered once; not I, and nobody of Bcc."""
    draft = reply(ORIGINAL, ME, "Yes!", everyone=True)

    assert addresses(draft.to) == ["alice@sender.test", "carol@recipient.test"]
    assert addresses(draft.cc) == ["dan@x.test"]
    assert b"secret" not in sent(draft)


def test_reply_with_further_addresses_of_mine() -> None:
    """All addresses that are mine are left out."""
    draft = reply(ORIGINAL, ME, "", everyone=True, mine=[Address("dan", "X.test".lower()), CAROL.address])

    assert addresses(draft.to + draft.cc) == ["alice@sender.test"]


def test_reply_to_is_honoured() -> None:
    """Reply-To stands for From; one that names only me does not."""
    assert addresses(reply(b"Reply-To: list@x.test\r\n" + ORIGINAL, ME, "").to) == ["list@x.test"]
    assert addresses(reply(b"Reply-To: bob@recipient.test\r\n" + ORIGINAL, ME, "").to) == ["alice@sender.test"]


def test_reply_to_my_own_message() -> None:
    """An answer to what I wrote goes to those whom I wrote to; a message from me to me is answered to me."""
    mine = ORIGINAL.replace(b"From: Alice <alice@sender.test>", b"From: bob@recipient.test")

    assert addresses(reply(mine, ME, "").to) == ["carol@recipient.test"]
    assert addresses(reply(b"From: bob@recipient.test\r\nTo: bob@recipient.test\r\n\r\n", ME, "").to) == [
        "bob@recipient.test"
    ]


def test_whom_a_reply_does_not_reach() -> None:
    """Old forms of addresses are answered; who has no address at all is named, not dropped."""
    original = (
        b"From: Alice <@relay.test:alice@sender.test>\r\nTo: the class, carl@my_host.test, bob@[IPv6:2001:db8::1]\r\n"
        b"Cc: dan . d@x.test, =?utf-8?q?L=E1=BB=9Bp?= <>\r\n\r\n"
    )
    draft = reply(original, ME, "", everyone=True)

    assert addresses(draft.to + draft.cc) == [
        "alice@sender.test", "carl@my_host.test", "bob@[IPv6:2001:db8::1]", "dan.d@x.test",
    ]  # fmt: skip
    assert left_out(original, everyone=True) == ("the class", "Lớp <>")
    assert left_out(original) == ()
    with pytest.raises(ComposeError, match="nobody to answer to: all of you is no address"):
        reply(b"Reply-To: all of you\r\n\r\n", ME, "")


@pytest.mark.parametrize("original", [b"", b"From: nobody\r\n\r\nhi", b"From: <>\r\n\r\n"])
def test_nobody_to_answer(original: bytes) -> None:
    """A message without a usable address cannot be answered, and that is said."""
    with pytest.raises(ComposeError, match="nobody"):
        reply(original, ME, "")


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Lunch", "Re: Lunch"),
        ("Re: Lunch", "Re: Lunch"),
        ("RE: Fwd: re[2]: Lunch", "Re: Lunch"),
        ("Regards", "Re: Regards"),
        ("Trả lời: Ăn trưa", "Re: Ăn trưa"),
        ("", "Re: "),
        ("Re:", "Re: "),
    ],
)
def test_prefixes_are_not_doubled(subject: str, answer: str) -> None:
    """However often a message went to and fro, there is one prefix."""
    original = b"From: alice@sender.test\r\nSubject: " + subject.encode() + b"\r\n\r\n"

    assert reply(original, ME, "").subject == answer
    assert forward_inline(original, ME, [CAROL], "").subject == answer.replace("Re: ", "Fwd: ", 1)


@pytest.mark.parametrize(
    "hidden",
    [
        b"=?utf-8?q?=0d=0aBcc:_evil@x?=",
        b"=?utf-8?b?DQpCY2M6IGV2aWxAeA==?=",
        b"=?utf-8?q?=0aBcc:_evil@x?=",
        b"=?utf-8?q?=E2=80=A8Bcc:_evil@x?=",
        b"=?utf-8?q?=0d=0aBcc:?= =?utf-8?q?_evil@x?=",
        b"=?utf-8?q?=C2=85Bcc:_evil@x?=",
    ],
)
def test_hidden_line_ends_give_one_line(hidden: bytes) -> None:
    """A Subject, name or date that hides a line end becomes a single clean line of the answer."""  # T251
    original = (
        b"From: " + hidden + b" <alice@sender.test>\r\nDate: " + hidden + b"\r\nSubject: " + hidden + b"\r\n\r\nhi\r\n"
    )
    for draft in (
        reply(original, ME, "x"),
        forward_inline(original, ME, [CAROL], "x"),
        forward_attached(original, ME, [CAROL], "x"),
    ):
        message = email.message_from_bytes(sent(draft), policy=email.policy.default)
        assert draft.subject in ("Re: Bcc: evil@x", "Fwd: Bcc: evil@x")
        assert message["subject"] == draft.subject
        assert message["bcc"] is None
        assert addresses(draft.to) in (["alice@sender.test"], ["carol@recipient.test"])


def test_long_threads_are_shortened() -> None:
    """The first and the newest ids of a long thread are kept, each once; nonsense is left out."""
    ids = b"\r\n ".join(b"<%d@x.test>" % n for n in range(50))
    original = b"From: a@x.test\r\nMessage-ID: <49@x.test>\r\nReferences: <(> junk " + ids + b"\r\n\r\n"
    references = reply(original, ME, "").references

    assert len(references) == REFERENCES
    assert (references[0], references[1], references[-1]) == ("<0@x.test>", "<31@x.test>", "<49@x.test>")


def test_thread_without_references() -> None:
    """In-Reply-To stands in for References; a message without id is answered without thread."""
    original = b"From: a@x.test\r\nIn-Reply-To: <1@x.test>\r\nMessage-ID: <2@x.test>\r\n\r\n"

    assert reply(original, ME, "").references == ("<1@x.test>", "<2@x.test>")
    assert (reply(b"From: a@x.test\r\n\r\n", ME, "").in_reply_to) == ""
    assert reply(b"From: a@x.test\r\nReferences: <1@x.test>\r\n\r\n", ME, "").in_reply_to == ""


WITH_FILE = (
    b"From: Alice <alice@sender.test>\r\nSubject: Lunch\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    b"--B\r\n\r\nMenu below\r\n--B\r\nContent-Type: application/pdf; name=menu.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"AAEC\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: \xff\r\n\r\n--B--\r\n"
)


def test_forward_inline() -> None:
    """The text follows under a line that says whose it is, and the files go along."""
    draft = forward_inline(WITH_FILE, ME, [CAROL], "FYI")

    assert (draft.to, draft.subject, draft.in_reply_to) == ((CAROL,), "Fwd: Lunch", "")
    assert draft.text == (
        "FYI\n\n---------- Forwarded message ----------\nFrom: Alice <alice@sender.test>\nSubject: Lunch\n\nMenu below"
    )
    assert draft.attachments == (
        Attachment("menu.pdf", "application/pdf", b"\0\1\2"),
        Attachment("message.eml", "application/octet-stream", b"Subject: \xff\r\n"),
    )
    sent(draft, eight_bit=False)


def test_long_texts() -> None:
    """An answer says how much it does not quote; what is sent on is whole, or refused with what to do."""
    long = b"From: a@x.test\r\n\r\n" + b"x" * 70 + b"\r\n" + b"0123456789\r\n" * 20_000

    assert reply(long, ME, "").text.endswith("\n> 01234\n> [… 120070 characters more]\n")
    with pytest.raises(ComposeError, match="forward the message as an attachment"):
        forward_inline(long, ME, [CAROL], "")
    assert forward_attached(long, ME, [CAROL], "").attachments[0].octets == long


def test_forward_attached() -> None:
    """The original travels as it is; where 8-bit octets cannot, that is said."""
    draft = forward_attached(WITH_FILE, ME, [CAROL], "FYI")

    assert draft.attachments == (Attachment("Lunch.eml", "message/rfc822", WITH_FILE),)
    assert b"\r\n\r\n" + WITH_FILE + b"\r\n--b0--\r\n" in sent(draft)
    with pytest.raises(ComposeError, match="8BITMIME"):
        sent(draft, eight_bit=False)


@given(PIECES)
def test_anything_can_be_answered_and_forwarded(octets: bytes) -> None:
    """Whatever came, the answer to it can be written; only a message inside a message may be refused."""
    original = b"From: a@x.test\r\nX: " + octets
    drafts: list[Any] = [forward_inline(original, ME, [CAROL], "x")]
    drafts.append(reply(original, ME, "x", everyone=True))
    for draft in drafts:
        sent(draft, eight_bit=False)
