"""Reading header fields that strangers wrote: words, parameters, people, file names (RFC 2047, RFC 2231, RFC 5322).

Rules for this file: nothing raises, every step is linear in what it reads, and structure is read before anything is
decoded: an encoded word can hold a comma, a bracket or a line end, and none of them may come alive.
"""

import binascii
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from maillab.client.fields import Mailbox
from maillab.mail.address import Address

FIELD_OCTETS = 4_096  # of one field that are decoded; the rest is cut
PEOPLE_OCTETS = 65_536  # of one field of addresses that are read
PARAMETERS = 100
NAME_LENGTH = 120  # characters of a file name that is proposed
NAME_OCTETS = 250  # of it: file systems take 255, and "-999" may be added

_WORD = re.compile(r"=\?([A-Za-z0-9_.:-]{1,40})(?:\*[A-Za-z0-9-]{1,20})?\?([bBqQ])\?([^?\s]{0,1000})\?=")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,100})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_SEGMENT = re.compile(r"(.+?)\*(?:([0-9]{1,3})(\*)?)?\Z")
_RESERVED = re.compile(r"(?i)(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|\Z)")
_CHARSET = re.compile(
    r"(?i)(?:utf-?8|us-ascii|ascii|iso-?8859-?(?:[1-9]|1[013-6])|latin-?[1-9]|windows-?125[0-8]|cp-?125[0-8]|cp-?(?:437|850|852|866)"
    r"|koi8-[rut]|gb2312|gbk|gb18030|big5(?:-?hkscs)?|shift[_-]?jis|sjis|cp932|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|cp949|tis-620"
    r"|macintosh|mac-roman)\Z"
)


def text_of(octets: bytes, charset: str = "utf-8") -> tuple[str, bool]:
    """Octets as text, and were they understood. Only character sets of mail are tried; else Latin-1, which never fails.

    >>> text_of(b"caf\\xe9", "iso-8859-1"), text_of(b"\\xff", "unicode_escape")
    (('café', True), ('ÿ', False))
    """
    if _CHARSET.match(charset):
        try:
            return octets.decode(charset), True
        except (UnicodeError, LookupError):
            if charset.lower().replace("-", "") == "utf8":
                return octets.decode("utf-8", "replace"), False
    return octets.decode("latin-1"), False


def one_line(text: str) -> str:
    """Text for a header or a list: controls, line ends and half characters become a space each, NFC."""
    clean = "".join(c if c.isprintable() or unicodedata.category(c) in ("Zs", "Cf", "Co", "Cn") else " " for c in text)
    return unicodedata.normalize("NFC", clean)


def words(value: str) -> str:
    """A field value with its encoded words decoded, as one line (RFC 2047 §6.2).

    >>> words("=?utf-8?q?=0d=0aBcc:_evil@x?="), words("=?utf-8?b?Q2g=?= =?utf-8?q?=C3=A0o?= em")
    ('  Bcc: evil@x', 'Chào em')
    """
    value = value[:FIELD_OCTETS]
    pieces: list[str] = []
    run: list[bytes] = []  # adjacent words of one character set are decoded together: some writers cut characters
    run_charset, end = "", 0
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        charset = found[1].lower()
        if run and (between.strip(" \t") or charset != run_charset):
            pieces.append(text_of(b"".join(run), run_charset)[0])
            run = []
        if between.strip(" \t") or not end:
            pieces.append(between)
        run.append(_word_octets(found[2], found[3]))
        run_charset, end = charset, found.end()
    if run:
        pieces.append(text_of(b"".join(run), run_charset)[0])
    return one_line("".join(pieces) + value[end:])


def parameters(value: str) -> tuple[str, dict[str, list[str]]]:
    """The value of Content-Type or Content-Disposition: its first word in lower case, and all parameters by name.

    Extended and split ones (RFC 2231) come first among those of their name.

    >>> parameters("text/plain; charset=utf-8; name*0*=utf-8''%C4%91; name*1=a; name=x")
    ('text/plain', {'charset': ['utf-8'], 'name': ['đa', 'x']})
    """
    value = value[:FIELD_OCTETS]
    main = value.partition(";")[0].strip().lower()
    simple: dict[str, list[str]] = {}
    split: dict[str, dict[int, tuple[bool, str]]] = {}
    for found in list(_PARAMETER.finditer(value))[:PARAMETERS]:
        name, text = found[1].lower(), found[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'), flags=re.DOTALL)
        segment = _SEGMENT.match(name)
        if segment:
            extended = segment[2] is None or bool(segment[3])
            split.setdefault(segment[1], {}).setdefault(int(segment[2] or 0), (extended, text))
        else:
            simple.setdefault(name, []).append(text)
    joined = {name: [_joined(pieces)] for name, pieces in split.items()}
    return main, {name: joined.get(name, []) + simple.get(name, []) for name in simple | joined}


def people(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes of From, To, Cc, Reply-To; what is no address is left out. Groups are read as their members.

    >>> people('"B, Bob" <bob@x.test>, team: a@x.test, =?utf-8?q?C_=3Cevil=40y=3E?= <c@x.test>;')[2]
    Mailbox(name='C <evil@y>', address=Address(local='c', domain='x.test'))
    """
    found = []
    for name, path in _split_people(value[:PEOPLE_OCTETS]):
        try:
            address = Address.parse(path.strip())
        except ValueError:
            continue
        found.append(Mailbox(words(name).strip(), address))
    return tuple(found)


def safe_name(name: str) -> str:
    """A file name to propose for an attachment: the last part of a path, nothing hidden, nothing special anywhere.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\x\\\\con.txt"), safe_name(".bashrc"), safe_name("")
    ('passwd', '_con.txt', 'bashrc', 'attachment')
    """
    name = unicodedata.normalize("NFC", name[:FIELD_OCTETS].encode("utf-8", "replace").decode())
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
        return binascii.a2b_qp(coded.encode("utf-8", "replace"), header=True)
    return unbase64(coded.encode("ascii", "ignore"))


def unbase64(octets: bytes) -> bytes:
    """Base64 up to its first "=", with or without it; what is no base64 is passed over (RFC 2045 §6.8)."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", octets.partition(b"=")[0])
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """RFC 2231 §3-4: pieces in the order of their numbers, up to the first gap; the first names the character set."""
    charset, octets = "utf-8", b""
    for at in range(len(pieces)):
        if at not in pieces:
            break
        extended, text = pieces[at]
        if at == 0 and extended and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        octets += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return text_of(octets, charset or "utf-8")[0]


def _split_people(value: str) -> list[tuple[str, str]]:
    """Name and path of each mailbox in a list, with quotes, comments and groups understood, in one pass."""
    found: list[tuple[str, str]] = []
    name: list[str] = []
    path: list[str] = []
    quoted = escaped = angle = closed = False
    comment = 0
    for char in value + ",":
        into = path if angle else name
        if escaped or quoted:
            into += char if not comment else ""
            quoted = quoted and (escaped or char != '"')
            escaped = not escaped and char == "\\"
        elif comment:
            comment += (char == "(") - (char == ")")
            escaped = char == "\\"
        elif char == "(":
            comment = 1
        elif char in "<>":
            angle, closed = char == "<", closed or char == ">"
        elif char in ",;" and not angle:
            found.append((_unquoted("".join(name)), "".join(path)) if closed else ("", "".join(name)))
            name, path, closed = [], [], False
        elif char == ":" and not angle:
            name = []  # the name of a group
        else:
            into.append(char)
            quoted = char == '"'
    return found


def _unquoted(name: str) -> str:
    return re.sub(r'\\(.)|"', r"\1", name)
