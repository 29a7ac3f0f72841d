"""Reading header fields that strangers wrote: words, parameters, file names (RFC 2047, RFC 2231, RFC 5322).

Rules for this file: nothing raises, every step is linear in what it reads, and structure is read before anything is
decoded: an encoded word can hold a comma, a bracket or a line end, and none of them may come alive. A value is text in
which octets that are no UTF-8 stand as half characters (`raw`), so that they can still be read in another set.
"""

import binascii
import re
import string
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from maillab.mail.charsets import text_of
from maillab.mail.normal import normal

FIELD_OCTETS = 4_096  # of one field that are decoded; the rest is cut
PARAMETERS = 100
NAME_LENGTH = 120  # characters of a file name that is proposed
NAME_OCTETS = 250  # of it: file systems take 255, and "-999" may be added

WORD = re.compile(  # an encoded word; spaces and question marks inside are wrong, and common
    r"=\?([A-Za-z0-9_.:-]{1,40})(?:\*[A-Za-z0-9-]{1,20})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,1000})\?="
)
_MAIN = re.compile(r"\s*((?>[^\s;()\"=]*(?:\s*/\s*[^\s;()\"=]+)?))(?!\s*=)")
_NAME = re.compile(r"[\s;]*([^\s=;\"()]{1,100})\s*=\s*")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"?", re.DOTALL)
_NEXT = re.compile(r"\s[A-Za-z][A-Za-z0-9*-]{0,30}\s?=")  # another parameter, where somebody forgot the semicolon
SEGMENT = re.compile(r"(.+?)\*(?:([0-9]{1,3})(\*)?)?\Z")  # RFC 2231: name, number, is it encoded
_RESERVED = re.compile(r"(?i)(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|\Z)")
_NO_BASE64 = bytes(octet for octet in range(256) if chr(octet) not in string.ascii_letters + string.digits + "+/=")
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def raw(octets: bytes) -> str:
    """A field value before anything in it is decoded: UTF-8 (RFC 6532), what is none of it as half characters."""
    return octets.decode("utf-8", "surrogateescape")


def octets_of(text: str) -> bytes:
    """The way back from `raw`.

    >>> octets_of(raw(b"caf\\xe9"))
    b'caf\\xe9'
    """
    if text.isascii():
        return text.encode()
    return _HALVES.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def one_line(text: str) -> str:
    """Text for a header or a list: controls, line ends and half characters become a space each, NFC."""
    if text.isascii() and text.isprintable():
        return text
    clean = "".join(c if c.isprintable() or unicodedata.category(c) in ("Zs", "Cf", "Co", "Cn") else " " for c in text)
    return normal("NFC", clean)


def words(value: str, charset: str = "") -> str:
    """A field value with its encoded words decoded, as one line (RFC 2047 §6.2).

    `charset` is that of the message, for octets that stand in no encoded word and are no UTF-8.

    >>> words("=?utf-8?q?=0d=0aBcc:_evil@x?="), words("=?utf-8?b?Q2g=?= =?utf-8?q?=C3=A0o?= em")
    ('  Bcc: evil@x', 'Chào em')
    """
    value = value[:FIELD_OCTETS]
    if "=?" not in value:
        return one_line(_bare(value, charset))
    pieces: list[str] = []
    run: list[bytes] = []  # adjacent words of one character set are decoded together: some writers cut characters
    run_charset, end = "", 0
    for word in WORD.finditer(value):
        between = value[end : word.start()]
        named = word[1].lower()
        if run and (between.strip(" \t") or named != run_charset):
            pieces.append(text_of(b"".join(run), run_charset)[0])
            run = []
        if between.strip(" \t") or not end:
            pieces.append(_bare(between, charset))
        run.append(_word_octets(word[2], word[3]))
        run_charset, end = named, word.end()
    if run:
        pieces.append(text_of(b"".join(run), run_charset)[0])
    return one_line("".join(pieces) + _bare(value[end:], charset))


def _bare(text: str, charset: str) -> str:
    """What stands in no encoded word."""
    if text.isascii():
        return text
    octets = octets_of(text)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return text_of(octets, charset)[0]


def parameters(value: str) -> tuple[str, dict[str, list[str]]]:
    """The value of Content-Type or Content-Disposition: its first word in lower case, and all parameters by name.

    Extended and split ones (RFC 2231) come first among those of their name. Comments are no part of a value.

    >>> parameters("text/plain (note); charset=utf-8; name*0*=utf-8''%C4%91; name*1=a; name=x")
    ('text/plain', {'charset': ['utf-8'], 'name': ['đa', 'x']})
    """
    kind, pairs = written_parameters(value)
    return kind.lower(), named_parameters(pairs)


def named_parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The same of parameters that were read before."""
    simple: dict[str, list[str]] = {}
    split: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, text in pairs:
        segment = SEGMENT.match(name.lower()) if "*" in name else None
        if segment:
            extended = segment[2] is None or bool(segment[3])
            split.setdefault(segment[1], {}).setdefault(int(segment[2] or 0), (extended, text))
        else:
            simple.setdefault(name.lower(), []).append(text)
    joined = {name: [_joined(pieces)] for name, pieces in split.items()}
    return {name: joined.get(name, []) + simple.get(name, []) for name in simple | joined}


def written_parameters(value: str) -> tuple[str, list[tuple[str, str]]]:
    """The same as it was written: the first word, and names and values in their order, without quotes and comments.

    >>> written_parameters("Text/Plain; Name*0*=utf-8''%C4%91; NAME*1=\\"a\\"")
    ('Text/Plain', [('Name*0*', "utf-8''%C4%91"), ('NAME*1', 'a')])
    """
    value = value[:FIELD_OCTETS]
    at = _after_comments(value, 0)
    main = _MAIN.match(value, at)
    at = main.end() if main else at
    pairs: list[tuple[str, str]] = []
    for _ in range(PARAMETERS):
        at = _after_comments(value, at)
        name = _NAME.match(value, at)
        if name is None:
            at = value.find(";", at + 1)
            if at < 0:
                break
            continue
        text, at = _value(value, name.end(), keep_brackets="name" in name[1].lower())
        pairs.append((name[1], text))
    return re.sub(r"\s", "", main[1]) if main else "", pairs


def without_comments(value: str) -> str:
    """A value of tokens without its comments (RFC 5322 §3.2.2).

    >>> without_comments("quoted-printable (as (always))").strip()
    'quoted-printable'
    """
    if "(" not in value:
        return value
    kept, at = [], 0
    while (opened := value.find("(", at)) >= 0:
        kept.append(value[at:opened])
        at = end_of_comment(value, opened)
    return "".join([*kept, value[at:]])


def end_of_comment(value: str, at: int) -> int:
    """Behind the comment that opens at `at`; one that never ends goes to the end."""
    depth = 0
    while at < len(value):
        char = value[at]
        at += 2 if char == "\\" else 1
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    return len(value)


def _after_comments(value: str, at: int) -> int:
    while at < len(value) and (value[at].isspace() or value[at] in ";("):
        at = end_of_comment(value, at) if value[at] == "(" else at + 1
    return at


def _value(value: str, at: int, *, keep_brackets: bool) -> tuple[str, int]:
    """One value of a parameter, and where it ends. File names keep their brackets, quoted or not."""
    if quoted := _QUOTED.match(value, at):
        text = quoted[0][1:].removesuffix('"')
        return re.sub(r'\\(["\\])', r"\1", text), quoted.end()  # a path of Windows keeps its backslashes
    end = value.find(";", at)
    end = len(value) if end < 0 else end
    if another := _NEXT.search(value, at, end):
        end = another.start()
    text = value[at:end]
    return (text if keep_brackets else without_comments(text)).strip(), end


def safe_name(name: str) -> str:
    """A file name to propose for an attachment: the last part of a path, nothing hidden, nothing special anywhere.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\x\\\\con.txt"), safe_name(".bashrc"), safe_name("")
    ('passwd', '_con.txt', 'bashrc', 'attachment')
    """
    name = normal("NFC", name[:FIELD_OCTETS].encode("utf-8", "replace").decode())
    name = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .").lstrip("-. ~")
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_LENGTH or len(name.encode()) > NAME_OCTETS:
        ending = f".{ending[:20]}" if dot else ""
        kept = (stem if dot else name)[: NAME_LENGTH - len(ending)]
        name = _cut(kept, NAME_OCTETS - len(ending.encode())).rstrip(" .") + ending
    name = f"_{name}" if _RESERVED.match(name) else name
    return name.strip(" .") or "attachment"


def _cut(text: str, octets: int) -> str:
    """At most so many octets of UTF-8, no character halved."""
    return text.encode()[:octets].decode("utf-8", "ignore")


def _word_octets(encoding: str, coded: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(octets_of(coded), header=True)
    return unbase64(coded.encode("ascii", "ignore"))


def unbase64(octets: bytes) -> bytes:
    """Base64, padded or not; what is none is passed over. It goes on after a "=" (RFC 2045 §6.8 leaves that open)."""
    return b"".join(_quanta(run) for run in octets.translate(None, _NO_BASE64).split(b"=") if run)


def _quanta(kept: bytes) -> bytes:
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """RFC 2231 §3-4: pieces in the order of their numbers, up to the first gap; the first names the character set."""
    charset, octets = "", b""
    for at in range(len(pieces)):
        if at not in pieces:
            break
        extended, text = pieces[at]
        if at == 0 and extended and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        octets += unquote_to_bytes(octets_of(text)) if extended else octets_of(text)
    return raw(octets) if not charset else text_of(octets, charset)[0]
