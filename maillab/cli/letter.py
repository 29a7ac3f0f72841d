"""A letter from the words of a command line: options and files to what `client.submit` takes.

Rules for this file: it reads the files that were named and writes none. Clock and dice are passed in.
"""

import argparse
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from maillab.client.compose import Attachment, Draft, compose
from maillab.client.fields import ComposeError, Mailbox
from maillab.client.submit import Writing
from maillab.folder import path_of
from maillab.grammar.smtp import xtext
from maillab.mail.address import AddressError
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.letter import Letter

SUBJECT = {"en": "A test letter", "vi": "Thư thử"}
TEXT = {"en": "Hello, this letter was sent by maillab.\n", "vi": "Xin chào, đây là thư gửi bằng maillab.\n"}

_REPORTS = ("SUCCESS", "FAILURE", "DELAY")


class LetterError(ValueError):
    """The letter cannot be made of these options; the text says which."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What DSN is asked for (RFC 3461 §4): about each recipient, and about the letter."""

    notify: tuple[str, ...] = ()
    ret: str = ""
    envid: str = ""

    def on(self, letter: Letter) -> Letter:
        """The same letter with these wishes on its envelope."""
        envelope = letter.envelope
        recipients = tuple(replace(one, notify=self.notify) for one in envelope.recipients)
        return replace(letter, envelope=replace(envelope, recipients=recipients, ret=self.ret, envid=self.envid))


def wish(args: argparse.Namespace) -> Wish:
    """Read `--notify`, `--ret`, `--envid`. Raises `LetterError`.

    >>> wish(argparse.Namespace(notify="success,DELAY", ret="hdrs", envid="a+b"))
    Wish(notify=('SUCCESS', 'DELAY'), ret='HDRS', envid='a+2Bb')
    """
    notify = tuple(word.strip().upper() for word in (args.notify or "").split(",") if word.strip())
    if notify != ("NEVER",) and not set(notify) <= set(_REPORTS):
        raise LetterError("--notify is never, or some of success,failure,delay")  # RFC 3461 §4.1
    return Wish(notify, (args.ret or "").upper(), xtext(args.envid or ""))


def person(option: str, text: str) -> Mailbox:
    """Read an address, or a name with an address in <>. Raises `LetterError`."""
    try:
        return Mailbox.parse(text)
    except AddressError as error:
        example = 'bob@recipient.test or "Bob <bob@recipient.test>"'
        raise LetterError(f"{option} {text}: {error.reply.lines[0]}\n  write it as {example}") from error


def people(option: str, texts: list[str] | None) -> tuple[Mailbox, ...]:
    """Each of these, in order. Raises `LetterError`."""
    return tuple(person(option, text) for text in texts or ())


def text_of(octets: bytes, what: str) -> str:
    """A body as text. Raises `LetterError` when it is not UTF-8."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LetterError(
            f"{what} is not UTF-8 text (octet {error.start})\n"
            "  send it as a file with --attach, or a whole letter with --raw"
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
    """Read `Name: value`. Raises `LetterError`.

    >>> header("X-Class: 5A")
    ('X-Class', '5A')
    """
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise LetterError(f'--header {text!r}: expected "Name: value"')
    return name.strip(), value.strip()


def written(
    args: argparse.Namespace, sender: Mailbox, text: str, lang: str, *, now: float, word: Callable[[], str]
) -> Writing:
    """The letter of these options, to be written when the server is known. `word` gives a new word at each call.

    Raises `LetterError`, and `OSError` for a file that cannot be read.
    """
    draft = Draft(
        sender=sender,
        to=people("--to", args.to),
        cc=people("--cc", args.cc),
        bcc=people("--bcc", args.bcc),
        subject=SUBJECT[lang] if args.subject is None else args.subject,
        text=text,
        html=args.html or "",
        attachments=tuple(attachment(name) for name in args.attach or ()),
        headers=tuple(header(line) for line in args.header or ()),
    )
    ident = f"<{word()}@{sender.address.ascii_domain.strip('[]') or 'localhost'}>"
    writing = partial(compose, draft, now=now, message_id=ident, boundary=lambda: f"=_{word()}")
    asked = wish(args)
    try:
        writing(eight_bit=True, utf8=True)  # what is wrong with it is better known before a word is said
    except ComposeError as error:
        raise LetterError(f"the letter cannot be written: {error}") from error

    def write(*, eight_bit: bool, utf8: bool) -> Letter:
        return asked.on(writing(eight_bit=eight_bit, utf8=utf8))

    return write


def raw(args: argparse.Namespace, sender: Mailbox, octets: bytes) -> Letter:
    """A whole letter as it is, in an envelope of the options. Raises `LetterError`."""
    everybody = [*people("--to", args.to), *people("--cc", args.cc), *people("--bcc", args.bcc)]
    addresses = dict.fromkeys(one.address for one in everybody)
    utf8 = not all(address.is_ascii for address in (sender.address, *addresses))
    envelope = Envelope(sender.address, tuple(map(Recipient, addresses)), eight_bit=not octets.isascii(), smtputf8=utf8)
    content = with_crlf(octets)
    if content.count(b"\r\n") != content.count(b"\n") or content.count(b"\r\n") != content.count(b"\r"):
        raise LetterError(
            "--raw: some lines end in CR LF and some do not; SMTP carries CR LF only (RFC 5321 section 2.3.8)\n"
            "  make them alike: unix2dos FILE"
        )
    return wish(args).on(Letter(envelope, Content(content)))
