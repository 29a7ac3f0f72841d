"""What came from outside, made harmless and readable: every byte that reaches a terminal passes here first.

Rules for this file: nothing is hidden and nothing acts. A control becomes a picture, an invisible mark becomes its
number in ⟨⟩, an octet that is no text becomes \\xNN; what is left is what the eye would have seen anyway.
"""

import json
import re
import unicodedata
from functools import cache

from maillab.mail.normal import normal

MARKS = 4  # combining marks kept on one character; Vietnamese needs two, an attack on the screen uses thousands

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: what terminals obey
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible, or steering the direction
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"  # zero width, separators, bidi overrides and isolates
    "\ufff0-\ufffb\ufffe\uffff"  # interlinear marks, reserved invisible ones, non-characters
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # invisible format marks of rare scripts
    "\U000e0000-\U000e0fff"  # tags and variation selectors that smuggle hidden text
    "\ud800-\udfff]"  # lone surrogates: no encoder takes them
)
_ASCII_PICTURES = {"…": "...", "▸": ">", "┆": "|", "✗": "x", "⋯": "~", "‹": "<", "›": ">", "⟨": "<", "⟩": ">"}
_ASCII_PICTURES |= {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "→": "->", "\u2421": "^?"}
_ASCII_PICTURES |= {chr(0x2400 + code): f"^{chr(0x40 + code)}" for code in range(0x20)}
_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "§": "s."})  # what no decomposition knows


def safe(data: bytes | str, *, ends: bool = False) -> str:
    """Text for a terminal: no control, no bidi or zero-width mark, no surrogate, and always encodable.

    CR LF at the very end is left out, or shown as ␍␊ with `ends`; CR or LF anywhere else is always shown.

    >>> safe(b"250 \\x1b[31mred\\xff\\r\\n")
    '250 ␛[31mred\\\\xff'
    """
    text = data.decode("utf-8", "backslashreplace") if isinstance(data, bytes) else data
    if text.endswith("\r\n") and not ends:
        text = text[:-2]
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda found: _picture(found[0]), text)


def secret_slice(line: bytes, secret: tuple[int, int]) -> tuple[int, int]:
    """The slice that is secret, within the line; (0, 0) where none is."""
    start, end = max(0, secret[0]), min(len(line), secret[1])
    return (start, end) if start < end else (0, 0)


def safe_line(line: bytes, secret: tuple[int, int], *, ends: bool = False) -> str:
    """A line made safe, its secret replaced by its length (never by its first letters).

    >>> safe_line(b"PASS hunter2\\r\\n", (5, 12))
    'PASS ‹redacted 7›'
    """
    start, end = secret_slice(line, secret)
    if start == end:
        return safe(line, ends=ends)
    return f"{safe(line[:start], ends=True)}‹redacted {end - start}›{safe(line[end:], ends=ends)}"


def safe_json(text: str) -> str:
    r"""JSON for a terminal: the same value, with an escape of JSON for whatever `safe` would not let through.

    >>> safe_json('["a\u202eb"]')
    '["a\\u202eb"]'
    """
    return _UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


@cache
def _picture(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:  # an octet that Python smuggled into a str (PEP 383), as in file names
        return f"\\x{code - 0xDC00:02x}"
    return f"⟨{code:02X}⟩"


def cells(text: str) -> int:
    """How many columns safe text takes on a terminal.

    >>> cells("việt"), cells("日本")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def clip(text: str, width: int) -> str:
    """Safe text cut to at most `width` columns, with … for what is missing; never more than a few marks on a letter.

    >>> clip("recipient.test", 10)
    'recipient…'
    """
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + "…" if width > 0 else ""
    kept: list[str] = []
    ends: list[int] = []  # the column after each kept character
    column = marks = 0
    for char in text[: (MARKS + 1) * max(width, 0) + MARKS]:  # whatever its length, only this much can be shown
        step = _width(char)
        marks = 0 if step else marks + 1
        if marks > MARKS:
            continue
        column += step
        if column > width:
            break
        kept.append(char)
        ends.append(column)
    else:
        if len(text) <= (MARKS + 1) * max(width, 0) + MARKS:
            return "".join(kept)
    while kept and (ends[-1] > width - 1 or (not _width(kept[-1]) and ends[-1] == width)):
        kept.pop()
        ends.pop()
    return "".join(kept) + "…" if width > 0 else ""


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me") or char == "\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def ascii_only(text: str) -> str:
    """Safe text for a terminal that knows ASCII alone: pictures as ^[ and <202E>, other characters as \\N escapes.

    >>> ascii_only("␛[31m ⟨202E⟩ nguyễn")
    '^[[31m <202E> nguy\\\\u1ec5n'
    """
    if text.isascii():
        return text
    text = "".join(_ASCII_PICTURES.get(char, char) for char in text)
    return text.encode("ascii", "backslashreplace").decode("ascii")


def unaccented(text: str) -> str:
    """Words of our own, without accents, as Vietnamese is typed where only ASCII goes.

    >>> unaccented("Lời chào của máy khách: đã xong…")
    'Loi chao cua may khach: da xong...'
    """
    if text.isascii():
        return text
    parts = normal("NFKD", text.translate(_LETTERS))
    return ascii_only("".join(char for char in parts if not unicodedata.combining(char)))


def speaks_unicode(encoding: str | None) -> bool:
    """Can a stream of this encoding show all that `safe` gives?"""
    return (encoding or "").lower().replace("_", "-").startswith(("utf-8", "utf8", "utf-16", "utf-32", "cp65001"))
