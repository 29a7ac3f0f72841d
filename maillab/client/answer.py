"""Answering a message, and sending it on: the received octets become a draft (RFC 5322 §3.6.4, §3.6.5).

Rules for this file: no clock, no network. What was decoded from a stranger's header is one clean line before it
becomes a field of ours; addresses are read before anything is decoded.
"""

import re
from collections.abc import Iterable, Sequence

from maillab.client.compose import Attachment, Draft
from maillab.client.fields import ComposeError, Mailbox, each_once, is_message_id
from maillab.client.read import Readable, read
from maillab.mail.address import Address
from maillab.mail.decode import safe_name

REFERENCES = 20  # ids kept of a long thread: the first, and the newest
SUBJECT = 500  # characters of a subject that are taken over
QUOTED = 100_000  # characters of a text that are quoted in another

_PREFIX = re.compile(
    r"(?i)(?:(?:re|aw|sv|antw|tl|fwd?|wg|tr|chuyển tiếp|trả lời)\s{0,5}(?:\[[0-9]{1,3}\])?\s{0,5}:\s*)+"
)
_ID = re.compile(r"<[^<>\s]{1,620}>")


def reply(original: bytes, me: Mailbox, text: str, *, everyone: bool = False, mine: Iterable[Address] = ()) -> Draft:
    """A reply from `me` with the original quoted below `text`; to all who were written to with `everyone`.

    It goes to Reply-To where there is one (RFC 5322 §3.6.2), else to From; my own message is answered to those whom I
    wrote to. Never to me (`mine` are further addresses of mine), to nobody twice, to nobody who was in Bcc. Raises
    `ComposeError` when the message names nobody to answer to.
    """
    message = read(original)
    my = {address.key for address in (me.address, *mine)}
    wrote = message.people("From")
    to = message.people("Reply-To") or wrote
    if wrote and all(person.address.key in my for person in wrote):
        to = message.people("To")
    to = each_once(to, my) or each_once(wrote)
    if not to:
        nobody = ", ".join(left_out(original))
        hint = f": {nobody} is no address" if nobody else ""
        raise ComposeError("To", f"the message names nobody to answer to{hint}")
    cc: tuple[Mailbox, ...] = ()
    if everyone:
        named = my | {person.address.key for person in to}
        more = each_once(message.people("To"), named)
        cc = each_once(message.people("Cc"), named | {person.address.key for person in more})
        to += more
    thread = _thread(message)
    return Draft(
        me, to, cc, subject=f"Re: {_subject(message)}", text=f"{text.rstrip()}\n\n{_quoted(message)}",
        in_reply_to=thread[-1] if thread and _own_id(message) else "", references=thread,
    )  # fmt: skip


def left_out(original: bytes, *, everyone: bool = False) -> tuple[str, ...]:
    """Whom a reply does not reach though the message names them: what it says of them is no address that can be read.

    >>> left_out(b"From: a@x.test\\r\\nTo: b@x.test, the whole class\\r\\n\\r\\n", everyone=True)
    ('the whole class',)
    """
    message = read(original)
    whom = ("Reply-To",) if message.header("Reply-To") else ("From",)
    return message.no_people(*whom, *(("To", "Cc") if everyone else ()))


def forward_inline(original: bytes, me: Mailbox, to: Sequence[Mailbox], text: str) -> Draft:
    """The original's text below `text`, with who wrote it and when; its attachments go along.

    Raises `ComposeError` for a text that is too long to stand in another: nothing of it is left out without a word.
    """
    message = read(original)
    if len(message.text) > QUOTED:
        raise ComposeError("text", f"more than {QUOTED} characters; forward the message as an attachment")
    names = ("From", "Date", "Subject", "To", "Cc")
    lines = [f"{name}: {message.header(name)}" for name in names if message.header(name)]
    body = "\n".join(["---------- Forwarded message ----------", *lines, "", message.text])
    files = tuple(_attachment(part.name, part.type, part.octets) for part in message.attachments)
    return _forward(message, me, to, f"{text.rstrip()}\n\n{body}", files)


def forward_attached(original: bytes, me: Mailbox, to: Sequence[Mailbox], text: str) -> Draft:
    """The original as it is, byte for byte, as an attachment of type message/rfc822 (RFC 2046 §5.2.1)."""
    message = read(original)
    name = safe_name(f"{_subject(message)[:60]}.eml")
    return _forward(message, me, to, text, (Attachment(name, "message/rfc822", original),))


def _forward(message: Readable, me: Mailbox, to: Sequence[Mailbox], text: str, files: tuple[Attachment, ...]) -> Draft:
    return Draft(
        me, tuple(to), subject=f"Fwd: {_subject(message)}", text=text, attachments=files, references=_thread(message)
    )


def _attachment(name: str, kind: str, octets: bytes) -> Attachment:
    """A file of the original, as one that can be written: a message travels inside it as plain octets only."""
    usable = re.fullmatch(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}", kind) and kind.split("/")[0] not in (
        "multipart", "message",
    )  # fmt: skip
    return Attachment(name, kind if usable else "application/octet-stream", octets)


def _subject(message: Readable) -> str:
    """The subject without the Re: and Fwd: before it, as one clean line (T251).

    >>> _subject(read(b"Subject: Re: RE[2]: Fwd: =?utf-8?q?=0d=0aBcc:_evil@x?=\\r\\n\\r\\n"))
    'Bcc: evil@x'
    """
    subject = " ".join(message.header("Subject").split())[:SUBJECT]
    return _PREFIX.sub("", subject, count=1) if _PREFIX.match(subject) else subject


def _own_id(message: Readable) -> str:
    ids = _ids(message.header("Message-ID"))
    return ids[0] if ids else ""


def _thread(message: Readable) -> tuple[str, ...]:
    """References of an answer (RFC 5322 §3.6.4): those of the original, or else its In-Reply-To, and its own id."""
    references = next((value.decode("latin-1") for name, value in message.fields if name.lower() == "references"), "")
    before = _ids(references)
    parent = _ids(message.header("In-Reply-To"))
    if not before and len(parent) == 1:
        before = parent
    own = _own_id(message)
    ids = list(dict.fromkeys([ident for ident in before if ident != own] + ([own] if own else [])))
    return tuple(ids if len(ids) <= REFERENCES else ids[:1] + ids[1 - REFERENCES :])


def _ids(value: str) -> list[str]:
    return list(filter(is_message_id, _ID.findall(value)))


def _quoted(message: Readable) -> str:
    """The original's text behind "> ", without its signature, below the line that says whose it is."""
    people = message.people("From")
    who = (people[0].name or str(people[0].address)) if people else "Somebody"
    when = message.header("Date")
    text = message.text.rstrip("\n").split("\n-- \n")[0].rstrip()
    if len(text) > QUOTED:
        text = f"{text[:QUOTED]}\n[… {len(text) - QUOTED} characters more]"
    lines = "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
    return f"{f'On {when}, ' if when else ''}{who} wrote:\n{lines}\n"
