"""Writing header fields: what a person typed becomes lines that every server carries (RFC 5322, RFC 2047, RFC 2231).

Rules for this file: octets out, lines ended by CRLF, none longer than 998 octets. What would end a line early is
refused with the name of its field, never repaired: a message says what its writer saw, or is not written.
"""

import base64
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from maillab.mail.address import Address
from maillab.mail.normal import normal

LINE = 78  # characters a line should have (RFC 5322 §2.1.1)
LINE_LIMIT = 998  # octets a line must not exceed, without CRLF (RFC 5322 §2.1.1)
_WORD_LIMIT = 75  # an encoded word (RFC 2047 §2)
_UNFOLDED = 800  # octets of one word that may stand as it is; with a name before it the line stays below the limit

_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FIELD_NAME = re.compile(r"[!-9;-~]{1,76}\Z")
_PLAIN_ASCII = re.compile(r"[!-~]+(?: [!-~]+)*\Z")
_PLAIN_UTF8 = re.compile(r"[^\s]+(?: [^\s]+)*\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,300}@[!-;=?-~]{1,300}>\Z")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 §5 (3)
_PARAMETER_SAFE = (_Q_SAFE | frozenset(b"#$&.^_`{|}~")) - frozenset(b"*/")  # RFC 2231 §7, attribute-char


class ComposeError(ValueError):
    """The message cannot be written; `field` is where: Subject, To, an attachment, the text."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person as a header names them: display name (may be empty) and address.

    >>> Mailbox.parse('"Nguyễn Văn A" <a@sender.test>')
    Mailbox(name='Nguyễn Văn A', address=Address(local='a', domain='sender.test'))
    """

    name: str
    address: Address

    @staticmethod
    def parse(text: str) -> "Mailbox":
        """Read what a person types: an address, or a name and an address in <>. Raises `AddressError`."""
        text = text.strip()
        if not text.endswith(">") or "<" not in text:
            return Mailbox("", Address.parse(text))
        name, _, path = text[:-1].rpartition("<")
        name = name.strip()
        if len(name) > 1 and name.startswith('"') and name.endswith('"'):
            name = re.sub(r"\\(.)", r"\1", name[1:-1])
        return Mailbox(name, Address.parse(path))


def each_once(people: Iterable[Mailbox], without: Set[tuple[str, str]] = frozenset()) -> tuple[Mailbox, ...]:
    """Each mailbox once, in order, and none whose address has its key in `without`."""
    kept: dict[tuple[str, str], Mailbox] = {}
    for person in people:
        if person.address.key not in without:
            kept.setdefault(person.address.key, person)
    return tuple(kept.values())


def typed_list(text: str) -> list[str]:
    """What a person types where several people may stand: the pieces between commas, but not those of a quoted name.

    >>> typed_list('"Doe, John" <j@a.test>, bob@a.test,')
    ['"Doe, John" <j@a.test>', 'bob@a.test']
    """
    pieces = re.findall(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,])+', text)
    return [piece.strip() for piece in pieces if piece.strip()]


def clean(field: str, value: str) -> str:
    """The value in NFC. Raises `ComposeError` for what would end or hide a line: CR, LF, NUL, U+2028 and their kind.

    >>> clean("Subject", "a\\r\\nBcc: evil@x.test")
    Traceback (most recent call last):
    maillab.client.fields.ComposeError: Subject: holds the character U+000D, which a header cannot carry
    """
    forbidden = _FORBIDDEN.search(value)
    if forbidden:
        raise ComposeError(field, f"holds the character U+{ord(forbidden[0]):04X}, which a header cannot carry")
    return normal("NFC", value)


def unstructured(name: str, value: str, *, utf8: bool) -> bytes:
    """A field of free text: Subject, Comments, X-anything.

    >>> unstructured("Subject", "Chào bạn", utf8=False)
    b'Subject: =?utf-8?b?Q2jDoG8gYuG6oW4=?=\\r\\n'
    """
    if not _FIELD_NAME.match(name):
        raise ComposeError("header name", f"{name[:40]!r} is not a field name (RFC 5322 §2.2)")
    text = clean(name, value)
    plain = _PLAIN_UTF8 if utf8 else _PLAIN_ASCII
    if not text or (plain.match(text) and "=?" not in text and max(map(_octets, text.split(" "))) <= _UNFOLDED):
        return _fold(f"{name}:", text.split(" ") if text else [])
    return _lines(f"{name}: " + "\r\n ".join(encoded_words(text, len(name) + 2)))


def mailbox_list(name: str, people: Sequence[Mailbox], *, utf8: bool) -> bytes:
    """A field of addresses, one to a line: From, To, Cc, Reply-To."""
    written, column = [], len(name) + 2
    for person in people:
        written.append(_mailbox(name, person, column, utf8))
        column = 1
    return _lines(f"{name}: " + ",\r\n ".join(written))


def message_ids(name: str, ids: Sequence[str]) -> bytes:
    """A field of message ids: Message-ID, In-Reply-To, References (RFC 5322 §3.6.4)."""
    for ident in ids:
        if not is_message_id(ident):
            raise ComposeError(name, f"{ident[:40]!r} is not a message id: <something@host>")
    return _fold(f"{name}:", list(ids))


def is_message_id(text: str) -> bool:
    """May this stand in Message-ID, In-Reply-To, References?"""
    return bool(_MESSAGE_ID.match(text))


def parameter(name: str, value: str) -> str:
    """A MIME parameter with the separator before it, on lines of its own (RFC 2045 §5.1, RFC 2231 §3-4).

    >>> parameter("filename", "đơn.pdf")
    ";\\r\\n filename*=utf-8''%C4%91%C6%A1n.pdf"
    """
    if value.isascii() and value.isprintable() and "=?" not in value and len(value) <= LINE - len(name) - 5:
        escaped = re.sub(r'(["\\])', r"\\\1", value)
        return f';\r\n {name}="{escaped}"'
    pieces, piece = [], "utf-8''"
    for char in value:
        coded = "".join(chr(o) if o in _PARAMETER_SAFE else f"%{o:02X}" for o in char.encode())
        if len(name) + len(piece) + len(coded) > LINE - 8:
            pieces.append(piece)
            piece = ""
        piece += coded
    pieces.append(piece)
    if len(pieces) == 1:
        return f";\r\n {name}*={piece}"
    return "".join(f";\r\n {name}*{at}*={piece}" for at, piece in enumerate(pieces))


def encoded_words(text: str, column: int) -> list[str]:
    """RFC 2047 words, in Q or B, the shorter: the first begins at `column`, the others on lines of their own."""
    octets = text.encode()
    in_q = sum(1 if o in _Q_SAFE or o == 32 else 3 for o in octets) <= (len(octets) + 2) // 3 * 4
    words: list[str] = []
    room, held = LINE - 2 - column, ""
    for char in text:
        if held and len(_encoded_word(held + char, in_q)) > min(room, _WORD_LIMIT):  # never inside a character
            words.append(_encoded_word(held, in_q))
            room, held = LINE - 3, ""
        held += char
    words.append(_encoded_word(held, in_q))
    return words


def _encoded_word(text: str, in_q: bool) -> str:
    octets = text.encode()
    if in_q:
        coded = "".join("_" if o == 32 else chr(o) if o in _Q_SAFE else f"={o:02X}" for o in octets)
        return f"=?utf-8?q?{coded}?="
    return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="


def _mailbox(field: str, person: Mailbox, column: int, utf8: bool) -> str:
    address = str(person.address)
    if _FORBIDDEN.search(address):
        raise ComposeError(field, "control character in an address")
    name = clean(field, person.name).strip()
    if not name:
        return address
    if "=?" not in name and _octets(name) <= LINE and (utf8 or name.isascii()):
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f"{name} <{address}>" if _ATOMS.match(name) else f'"{quoted}" <{address}>'
    words = encoded_words(name, column)
    fits = len(words[-1]) + len(address) + 5 + (column if len(words) == 1 else 1) <= LINE
    return "\r\n ".join(words) + (" " if fits else "\r\n ") + f"<{address}>"


def _fold(start: str, words: Sequence[str]) -> bytes:
    """Words after a field name, a new line wherever the next one would pass column 78."""
    lines = [start]
    for at, word in enumerate(words):
        if at and _octets(lines[-1]) + 1 + _octets(word) > LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return _lines("\r\n".join(lines))


def _lines(text: str) -> bytes:
    return text.encode() + b"\r\n"


def _octets(text: str) -> int:
    return len(text.encode())
