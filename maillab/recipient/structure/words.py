"""The words of a message, decoded, as a search looks at them (RFC 9051 §6.4.4): its header, and the text in its parts.

Rules for this file: linear in what it reads, and never more than TEXT_OCTETS of text; white space is one space, so that
words which stand on two lines are found. What is searched for without marks is found with and without them; a word with
marks only with them: "chao" finds "chào", and "chào" does not find "chao".
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from maillab.mail.address_list import PEOPLE_OCTETS
from maillab.mail.charsets import known, text_of
from maillab.mail.decode import FIELD_OCTETS, raw
from maillab.mail.decode import words as decoded_words
from maillab.mail.transfer import unpacked
from maillab.recipient.structure.bodystructure import encoding_of
from maillab.recipient.structure.header import Headers, lines, unfolded
from maillab.recipient.structure.parts import TEXT, Entity, entities

TEXT_OCTETS = 4_194_304  # of all texts of a message that are decoded
HEADER_OCTETS = 65_536  # of a header inside a message that are
SHORT = 300  # octets of values that are remembered

_BETWEEN = b"\0"
_SPACES = bytes(ord(" ") if chr(octet).isspace() else octet for octet in range(128)) + bytes(range(128, 256))
_MARKS = re.compile("[\u0300-\u036f]+")
_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
_UNSEEN = {"script", "style", "template"}
_WITHIN_A_WORD = {
    "a",
    "b",
    "big",
    "code",
    "em",
    "font",
    "i",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "wbr",
}


class SearchWords:
    """What is searched for, made ready for being looked for in many messages.

    >>> SearchWords("CHAO").are_in(folded("Chào  em")), SearchWords("chào").are_in("chao em")
    (True, False)
    """

    def __init__(self, text: str) -> None:
        self._wanted = folded(text)
        self._octets = self._wanted.encode("utf-8", "replace")
        self._plain = unmarked(self._wanted) == self._wanted

    def are_in(self, text: str) -> bool:
        """Are they in this text, which is `folded`?"""
        if self._wanted in text:
            return True
        return self._plain and not text.isascii() and self._wanted in unmarked(text)

    def are_in_packed(self, packed: bytes, *, everywhere: bool) -> bool:
        """Are they in the body of a message, or `everywhere` in it, whose words are `packed`?"""
        body = packed.find(_BETWEEN) + 1
        if packed.find(self._octets, body) >= 0 or (everywhere and packed.find(self._octets, 0, body) >= 0):
            return True
        if not self._plain or packed.isascii():
            return False
        return self.are_in(_text(packed[body:])) or (everywhere and self.are_in(_text(packed[:body])))


def packed_words(header: str, body: str) -> bytes:
    """Folded texts as they are kept: those of the header, NUL, those of the body.

    >>> packed_words("from: bob", "hello")
    b'from: bob\\x00hello'
    """
    texts = (text.replace("\0", " ").encode("utf-8", "replace") for text in (header, body))
    return _BETWEEN.join(texts)


def _text(packed: bytes) -> str:
    return packed.decode("utf-8", "replace")


def folded(text: str) -> str:
    """Text as it is compared: without case, white space being one space each."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.lower()
    line = _spaced(text) if text.isascii() else " ".join(text.split())
    if line != text:
        line = f"{' ' * text[:1].isspace()}{line}{' ' * (bool(line) and text[-1:].isspace())}"
    return line.lower() if line.isascii() else unicodedata.normalize("NFC", line).casefold()


def _spaced(text: str) -> str:
    """White space is one space each: of ASCII, in a tenth of the time that words would take."""
    line = text.encode().translate(_SPACES)
    while b"  " in line:
        line = line.replace(b"  ", b" ")
    return line.strip(b" ").decode()


def unmarked(text: str) -> str:
    """Folded text without the marks on its letters.

    >>> unmarked("đường phố việt nam")
    'duong pho viet nam'
    """
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text)).replace("đ", "d")
    return unicodedata.normalize("NFC", bare)


def charset_of(headers: Headers, root: Entity) -> str:
    """The first character set that a part names: that of octets in the header that say no other."""
    for entity in entities(root):
        charset = headers.content_type(entity.start, entity.body).first("charset")
        if charset and known(charset):
            return charset
    return ""


def field_text(value: bytes, charset: str = "") -> str:
    """The value of a field as one line, decoded.

    >>> field_text(b"=?utf-8?q?Ch=C3=A0o?= em")
    'Chào em'
    """
    return _remembered(value, charset) if len(value) <= SHORT else _decoded(value, charset)


def _decoded(value: bytes, charset: str) -> str:
    text = raw(value[:PEOPLE_OCTETS])
    if len(text) <= FIELD_OCTETS:
        return decoded_words(text, charset).strip()
    return "".join(decoded_words(piece, charset) for piece in _pieces(text)).strip()


_remembered = lru_cache(2_000)(_decoded)  # most values stand in many messages, and in one they are asked for twice


def _pieces(text: str) -> Iterator[str]:
    """A long list is decoded piece by piece, and none of its addresses is cut in two."""
    at = 0
    while at < len(text):
        end = at + FIELD_OCTETS
        if end < len(text):
            comma = text.rfind(",", at, end)
            end = comma + 1 if comma > at else end
        yield text[at:end]
        at = end


def header_text(octets: bytes, start: int, body: int, charset: str = "") -> str:
    """A header, decoded, a field a line."""
    told = []
    for name, value in lines(octets, start, min(body, start + HEADER_OCTETS)):
        text = field_text(unfolded(value), charset)
        told.append(f"{name.lower().decode('ascii')}: {text}" if name else text)
    return "\n".join(told)


def headers_text(headers: Headers, root: Entity, charset: str = "") -> str:
    """All header fields, those of parts and of messages inside among them: TEXT looks there, BODY does not."""
    found: list[str] = []
    room = TEXT_OCTETS
    for entity in entities(root):
        if (room := room - min(entity.body - entity.start, HEADER_OCTETS)) < 0:
            break
        found.append(header_text(headers.octets, entity.start, entity.body, charset))
    return "\n".join(found)


def body_text(headers: Headers, root: Entity) -> str:
    """All texts in the parts of a message, decoded."""
    found: list[str] = []
    room = TEXT_OCTETS
    for entity in entities(root):
        if entity.kind == TEXT and room > 0:
            found.append(part_text(headers, entity, room))
            room -= entity.octets
    return "\n".join(found)


def part_text(headers: Headers, entity: Entity, room: int = TEXT_OCTETS) -> str:
    """The text of one part, decoded; of a page, what its reader sees."""
    said = headers.content_type(entity.start, entity.body)
    encoding = encoding_of(headers.fields(entity.start, entity.body)).decode("ascii", "replace").lower()
    body = headers.octets[entity.body : min(entity.end, entity.body + room)]
    charset = said.first("charset").strip()
    if charset.lower() == "us-ascii":
        charset = ""  # what so calls itself and has 8-bit octets has no name for them
    text = text_of(unpacked(body, encoding).octets, charset)[0]
    return page_text(text) if said.named.lower() == "text/html" else text


def page_text(markup: str) -> str:
    """The words of a page of HTML; what it hides or runs is left out.

    >>> page_text("<p>Hel<b>lo</b><br>you &amp; me<style>p {}</style>")
    ' Hello you & me '
    """
    kept: list[str] = []
    at = 0
    while (opened := markup.find("<", at)) >= 0:
        kept.append(markup[at:opened])
        if markup.startswith("<!--", opened):
            at = _behind(markup, "-->", opened + 4)
            continue
        tag = _TAG.match(markup, opened + 1)
        if tag is None:
            kept.append("<")
            at = opened + 1
            continue
        name = tag[1].lower()
        at = _behind(markup, ">", tag.end())
        if name in _UNSEEN and markup[opened + 1] != "/":
            close = _close(markup, name, at)
            at = len(markup) if close < 0 else close
        elif name not in _WITHIN_A_WORD:
            kept.append(" ")
    kept.append(markup[at:])
    return html.unescape(_NO_CHARACTER.sub("\ufffd", "".join(kept)))


def _behind(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _close(markup: str, name: str, at: int) -> int:
    """Where the closing tag begins; -1 for nowhere."""
    pattern = re.compile(rf"</{name}", re.IGNORECASE)
    found = pattern.search(markup, at)
    return found.start() if found else -1
