"""The words of a message, decoded, as a search looks at them (RFC 9051 §6.4.4): its header, and the text in its parts.

Rules for this file: linear in what it reads, and never more than TEXT_OCTETS of text; white space is one space, so that
words which stand on two lines are found. What is searched for without marks is found with and without them; a word with
marks only with them: "chao" finds "chào", and "chào" does not find "chao".
"""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from maillab.mail.address_list import PEOPLE_OCTETS
from maillab.mail.charsets import known, text_of
from maillab.mail.decode import FIELD_OCTETS, raw
from maillab.mail.decode import words as decoded_words
from maillab.mail.normal import normal
from maillab.mail.transfer import unpacked
from maillab.recipient.structure.bodystructure import encoding_of
from maillab.recipient.structure.header import Headers, end_of_header, lines, unfolded
from maillab.recipient.structure.parts import TEXT, Entity, entities

TEXT_OCTETS = 4_194_304  # of all texts of a message that are decoded
HEADER_OCTETS = 65_536  # of a header inside a message that are
SHORT = 300  # octets of values that are remembered

_BETWEEN = b"\0"
_FOLDED = bytes(ord(" ") if chr(octet).isspace() else octet for octet in range(256)).lower()
_NO_CONTROLS = bytes(octet if 32 <= octet < 127 else ord(" ") for octet in range(256))
_SAYS_WHAT_IT_IS = (b"content-type", b"content-transfer-encoding")
_ASCII_AND_MORE = {"", "us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"}
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
        self.octets = self._wanted.encode("utf-8", "replace")
        self._plain = unmarked(self._wanted) == self._wanted
        self._apart = self.octets.split(b" ")

    def are_in(self, text: str) -> bool:
        """Are they in this text, which is `folded`?"""
        if self._wanted in text:
            return True
        return self._plain and not text.isascii() and self._wanted in unmarked(text)

    def are_in_packed(self, packed: bytes, *, everywhere: bool) -> bool:
        """Are they in the body of a message, or `everywhere` in it, whose words are `packed`?"""
        body = packed.find(_BETWEEN) + 1
        if packed.find(self.octets, body) >= 0 or (everywhere and packed.find(self.octets, 0, body) >= 0):
            return True
        if not self._plain or packed.isascii():
            return False
        return self.are_in(_text(packed[body:])) or (everywhere and self.are_in(_text(packed[:body])))

    def are_in_plain(self, header: bytes, octets: bytes, *, everywhere: bool) -> bool:
        """The same of a message that is one plain text, of which only the words of its `header` are kept."""
        if everywhere and self.octets in header:
            text, _, unmarked_text = header.partition(b"\n")
            if self.octets in text or (self._plain and self.octets in unmarked_text):
                return True
        body = octets[end_of_header(octets, 0, len(octets)) :]
        lowered = body.lower()  # costs a sixth of `folded_ascii`, and mostly one of the words does not stand in it
        return all(word in lowered for word in self._apart) and self.octets in folded_ascii(body)


def is_whole(packed: bytes) -> bool:
    """Is all that is searched kept here?"""
    return _BETWEEN in packed


def packed_fields(texts: Iterable[str]) -> bytes:
    """Texts of fields as they are kept: where the octets of `SearchWords` do not stand, the words are in none of them.

    >>> packed_fields(["report 1", "Chào"])
    b'report 1\\nch\\xc3\\xa0o\\nchao'
    """
    return b"\n".join(_packed(text) if len(text) > SHORT else _packed_before(text) for text in texts)


def _packed(text: str) -> bytes:
    line = folded(text)
    return line.encode() if line.isascii() else f"{line}\n{unmarked(line)}".encode("utf-8", "replace")


_packed_before = lru_cache(2_000)(_packed)  # most people write more than once


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
    if text.isascii():
        return text.lower() if text.isprintable() and "  " not in text else folded_ascii(text.encode()).decode()
    line = " ".join(text.split())
    if line != text:
        line = f"{' ' * text[:1].isspace()}{line}{' ' * (bool(line) and text[-1:].isspace())}"
    return line.lower() if line.isascii() else normal("NFC", line).casefold()


def folded_ascii(octets: bytes) -> bytes:
    """The same of ASCII: in a tenth of the time that its words would take.

    >>> folded_ascii(b"The quick\\r\\n\\tFox ")
    b'the quick fox '
    """
    line = b" ".join(octets.split(b"\r\n")).translate(_FOLDED)  # `replace` takes three times as long
    while b"  " in line:
        line = line.replace(b"  ", b" ")
    return line


def unmarked(text: str) -> str:
    """Folded text without the marks on its letters.

    >>> unmarked("đường phố việt nam")
    'duong pho viet nam'
    """
    if text.isascii():
        return text
    bare = _MARKS.sub("", normal("NFD", text)).replace("đ", "d")
    return normal("NFC", bare)


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


def words_of_plain(octets: bytes) -> bytes | None:
    """What is kept of a message that is one plain text in ASCII: the words of its header. None for other messages.

    >>> words_of_plain(b"Subject: hi\\r\\n\\r\\nHello\\r\\n")
    b'subject: hi'
    """
    body = end_of_header(octets, 0, len(octets))
    if not octets.isascii() or b"\0" in octets or body > HEADER_OCTETS:
        return None
    fields = lines(octets, 0, body)
    said = tuple((low, value) for name, value in fields if (low := name.lower()) in _SAYS_WHAT_IT_IS)
    is_short = sum(len(value) for _, value in said) <= SHORT
    return _packed(_of_fields(fields)) if is_short and _is_plain_text(said) else None


@lru_cache(500)  # most messages say the same
def _is_plain_text(said: tuple[tuple[bytes, bytes], ...]) -> bool:
    """Is this, of a message in ASCII, said of a text that stands there as it is read?"""
    octets = b"".join(b"%b:%b" % field for field in said)
    headers = Headers(octets)
    kind, encoding = headers.content_type(0, len(octets)), encoding_of(headers.fields(0, len(octets)))
    return (
        kind.named.lower() in ("", "text/plain")
        and kind.first("charset").strip().lower() in _ASCII_AND_MORE
        and encoding.lower() in (b"7bit", b"8bit", b"binary")
    )


def header_text(octets: bytes, start: int, body: int, charset: str = "") -> str:
    """A header, decoded, a field a line."""
    return _of_fields(lines(octets, start, min(body, start + HEADER_OCTETS)), charset)


def _of_fields(fields: Iterable[tuple[bytes, bytes]], charset: str = "") -> str:
    told = []
    for name, value in fields:
        if b"=?" not in value and value.isascii() and len(value) <= FIELD_OCTETS:  # there is nothing to decode
            text = value.translate(_NO_CONTROLS).decode().strip()
        else:
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
