"""A message from the words of a command line: options and files to what `client.submit` takes.

Rules for this file: it reads the files that were named and writes none. Clock and dice are passed in.
"""

import argparse
import mimetypes
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from maillab.cli.vietnamese import SENTENCES
from maillab.client.compose import Attachment, Draft, compose
from maillab.client.fields import ComposeError, Mailbox, typed_list
from maillab.client.saved import SavedError, SavedMessage, messages_in, messages_of
from maillab.client.submit import Writing
from maillab.folder import path_of
from maillab.mail.address import Address, AddressError
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.line_ends import all_crlf
from maillab.mail.message import Message
from maillab.protocols.smtp import xtext
from maillab.views.gloss import Lang
from maillab.views.language import Say

_REPORTS = ("SUCCESS", "FAILURE", "DELAY")


class MessageError(ValueError):
    """The message cannot be made of these options; the text says which."""


@dataclass(frozen=True, slots=True)
class DsnOptions:
    """What DSN is asked for (RFC 3461 §4): about each recipient, and about the message; `null` for a sender of <>."""

    notify: tuple[str, ...] = ()
    ret: str = ""
    envid: str = ""
    null: bool = False

    def on(self, message: Message) -> Message:
        """The same message with these wishes on its envelope."""
        envelope = message.envelope
        recipients = tuple(replace(who, notify=self.notify) for who in envelope.recipients)
        sender = None if self.null else envelope.sender
        envelope = replace(envelope, sender=sender, recipients=recipients, ret=self.ret, envid=self.envid)
        return replace(message, envelope=envelope)


def dsn_options(args: argparse.Namespace) -> DsnOptions:
    """Read `--notify`, `--ret`, `--envid`. Raises `MessageError`.

    >>> dsn_options(argparse.Namespace(notify="success,DELAY", ret="hdrs", envid="a+b"))
    DsnOptions(notify=('SUCCESS', 'DELAY'), ret='HDRS', envid='a+2Bb', null=False)
    """
    notify = tuple(word.strip().upper() for word in (args.notify or "").split(",") if word.strip())
    if notify != ("NEVER",) and not set(notify) <= set(_REPORTS):
        raise MessageError("--notify is never, or some of success,failure,delay")  # RFC 3461 §4.1
    null = getattr(args, "sender", None) is not None and is_null(args.sender)
    return DsnOptions(notify, (args.ret or "").upper(), xtext(args.envid or ""), null)


def is_null(text: str) -> bool:
    """Is this the sender of a report, to whom nothing is reported (RFC 5321 §4.5.5)?"""
    return text.strip() == "<>"


def sender_of(text: str, domain: str) -> Mailbox:
    """Who stands in From: for a sender of <> the mail system of a domain. Raises `MessageError`."""
    if is_null(text):
        return Mailbox("Mail Delivery System", Address("mailer-daemon", domain))
    return person("--from", text)


def person(option: str, text: str) -> Mailbox:
    """Read an address, or a name with an address in <>. Raises `MessageError`."""
    try:
        return Mailbox.parse(text)
    except AddressError as error:
        example = 'bob@recipient.test or "Bob <bob@recipient.test>"'
        raise MessageError(f"{option} {text}: {error.reply.lines[0]}\n  write it as {example}") from error


def people(option: str, texts: list[str] | None) -> tuple[Mailbox, ...]:
    """Each of these, in order, also where one text names several. Raises `MessageError`."""
    return tuple(person(option, piece) for text in texts or () for piece in typed_list(text) or [text])


def text_of(octets: bytes, what: str) -> str:
    """A body as text. Raises `MessageError` when it is not UTF-8."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MessageError(
            f"{what} is not UTF-8 text (byte {error.start})\n"
            "  send it as a file with --attach, or a whole message with --raw"
        ) from error


def with_crlf(octets: bytes) -> bytes:
    r"""Octets of a file with the line ends of the wire, when all of its own are those of Unix; else as they are.

    >>> with_crlf(b"a\nb\n"), with_crlf(b"a\r\nb\n")
    (b'a\r\nb\r\n', b'a\r\nb\n')
    """
    return octets if b"\r" in octets else octets.replace(b"\n", b"\r\n")


def attachment(name: str) -> Attachment:
    """A file to go along; its media type is guessed from its name. Raises `OSError`."""
    path = path_of(name)
    octets = path.read_bytes()
    kind, encoding = mimetypes.guess_type(path.name)
    if kind is None or encoding is not None:  # a .tar.gz is not what its inside is
        kind = "application/octet-stream"
    return Attachment(path.name, kind, with_crlf(octets) if kind.startswith("message/") else octets)


def header(text: str) -> tuple[str, str]:
    """Read `Name: value`. Raises `MessageError`.

    >>> header("X-Class: 5A")
    ('X-Class', '5A')
    """
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise MessageError(f'--header {text!r}: expected "Name: value"')
    return name.strip(), value.strip()


def written(
    args: argparse.Namespace, sender: Mailbox, text: str | None, lang: Lang, *, now: float, word: Callable[[], str]
) -> Writing:
    """The message of these options, to be written when the server is known. `word` gives a new word at each call.

    Without a text it is a greeting.
    Raises `MessageError`, and `OSError` for a file that cannot be read.
    """
    draft = Draft(
        sender=sender,
        to=people("--to", args.to),
        cc=people("--cc", args.cc),
        bcc=people("--bcc", args.bcc),
        subject=Say(lang, SENTENCES)("A test message") if args.subject is None else args.subject,
        text=Say(lang, SENTENCES)("Hello, this message was sent by maillab.") + "\n" if text is None else text,
        html=args.html or "",
        attachments=tuple(attachment(name) for name in args.attach or ()),
        headers=tuple(header(line) for line in args.header or ()),
    )
    ident = f"<{word()}@{sender.address.ascii_domain.strip('[]') or 'localhost'}>"
    writing = partial(compose, draft, now=now, message_id=ident, boundary=lambda: f"=_{word()}")
    asked = dsn_options(args)
    light = replace(draft, attachments=tuple(map(_light, draft.attachments)))
    try:  # what is wrong with it is better known before a word is said
        partial(writing.func, light, **writing.keywords)(eight_bit=True, utf8=True)
    except ComposeError as error:
        raise MessageError(f"the message cannot be written: {error}") from error
    return Written(writing, asked, sum(len(file.octets) for file in draft.attachments) * 4 // 3)


def _light(attachment: Attachment) -> Attachment:
    """The same without its octets, where they can be whatever they are."""
    return attachment if attachment.type.startswith("message/") else replace(attachment, octets=b"")


@dataclass(frozen=True, slots=True)
class Written:
    """A message that is written when the server is known; it has at least `least` octets."""

    writing: Callable[..., Message]
    dsn_options: DsnOptions
    least: int

    def __call__(self, *, eight_bit: bool, utf8: bool) -> Message:
        """The message for such a server. Raises `ComposeError`."""
        return self.dsn_options.on(self.writing(eight_bit=eight_bit, utf8=utf8))


def saved(names: Iterable[str]) -> Iterator[SavedMessage]:
    """The messages of all files and folders that are named, one after the other; - is stdin.

    Raises `MessageError`, and `OSError` for what cannot be read.
    """
    try:
        for name in names:
            yield from messages_of(sys.stdin.buffer, "stdin") if name == "-" else messages_in(path_of(name))
    except SavedError as error:
        raise MessageError(str(error)) from error


def without_mbox_line(octets: bytes) -> bytes:
    """A message that was cut out of an mbox, without the line that began it there: no part of a header.

    >>> without_mbox_line(b"From a Thu Jan  1 00:00:00 2026\\nSubject: x\\n")
    b'Subject: x\\n'
    """
    return octets.partition(b"\n")[2] if octets.startswith(b"From ") else octets


def imported(args: argparse.Namespace, sender: Mailbox, octets: bytes) -> Message:
    """A saved message as it is, but for its line ends, which are those of the wire. Raises `MessageError`."""
    return raw(args, sender, re.sub(rb"\r\n|\r|\n", b"\r\n", octets))


def raw(args: argparse.Namespace, sender: Mailbox, octets: bytes) -> Message:
    """A whole message as it is, in an envelope of the options. Raises `MessageError`."""
    everybody = [*people("--to", args.to), *people("--cc", args.cc), *people("--bcc", args.bcc)]
    addresses = dict.fromkeys(person.address for person in everybody)
    utf8 = not all(address.is_ascii for address in (sender.address, *addresses))
    envelope = Envelope(sender.address, tuple(map(Recipient, addresses)), eight_bit=not octets.isascii(), smtputf8=utf8)
    content = with_crlf(octets)
    if not all_crlf(content):
        raise MessageError(
            "--raw: some lines end in CR LF and some do not; SMTP carries CR LF only (RFC 5321 section 2.3.8)\n"
            "  make them alike: unix2dos FILE"
        )
    return dsn_options(args).on(Message(envelope, Content(content)))
