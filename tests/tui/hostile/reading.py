"""A strict reader of what a program wrote to its terminal: every octet that is not ours is a fault."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

HIDDEN = [
    code
    for code in chain(range(0x3000), range(0xD800, 0xE000), range(0xF000, 0x20000), range(0xE0000, 0xE1000))
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    and code not in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)  # messages, to the eye
]  # fmt: skip
UNSEEN = re.compile("[" + "".join(map(chr, HIDDEN)).replace("\\", "").replace("]", "") + "]")

_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_STYLE = r"(?:[1-479]|[34]8;2;\d{1,3};\d{1,3};\d{1,3})"
TOKEN = re.compile(
    r"(?P<run>\x1b\["
    + _STYLE
    + "(?:;"
    + _STYLE
    + r")*m(?P<text>[^\x00-\x1f\x7f-\x9f]*)\x1b\[0m)"  # one style, one text
    r"|(?P<move>\x1b\[\d+;\d+H)"
    r"|(?P<line>\r\n(?=\x1b\[\d+;\d+H))"  # between two lines of a picture
    rf"|(?P<mode>\x1b\[\?(?:{_MODES})[hl])"
    r"|(?P<query>\x1b\[\?(?:2026|2048)\$p)"
    r"|(?P<keyboard>\x1b\[>25u|\x1b\[<u)"
    r"|(?P<pointer>\x1b\]22;(?:default|pointer|text|grab|grabbing|ns-resize|ew-resize)\x07)"
    r"|(?P<clipboard>\x1b\]52;c;(?P<copied>[A-Za-z0-9+/]*={0,2})\x07)"
)
_OUTSIDE = re.compile(r"(?:[^\x00-\x1f\x7f-\x9f]|\r\n)+")


@dataclass(frozen=True)
class Reading:
    """What was found in all that a program wrote. `text` is what it drew, `copied` what it put into the clipboard."""

    octets: int
    faults: tuple[str, ...]
    text: str
    copied: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Nothing but what Textual itself writes, and text."""
        return not self.faults


def reading(stream: bytes) -> Reading:
    """Read a stream strictly: every token of it is one of those that Textual writes in this program, whole and in its form.

    Every text stands in a style of its own that is ended behind it, so that a sequence within a text cannot pass for one
    of Textual's. Plain text without a style is only written before the window opens and after it has closed.
    """
    try:
        text = stream.decode()
    except UnicodeDecodeError as error:
        around = stream[max(0, error.start - 40) : error.start + 40]
        return Reading(len(stream), (f"octets that are no UTF-8: {around!r}",), "", ())
    faults: list[str] = []
    drawn: list[str] = []
    copied: list[str] = []
    place, inside = 0, False
    while place < len(text):
        token = TOKEN.match(text, place) or (None if inside else _OUTSIDE.match(text, place))
        if token is None:
            faults.append(f"at {place}: {text[max(0, place - 60) : place + 60]!r}")
            place += 1
            continue
        if token.re is TOKEN:
            match token.lastgroup:
                case "run":
                    drawn.append(token["text"])
                case "mode" if "1049" in token[0]:
                    inside = token[0].endswith("h")
                case "clipboard":
                    copied.append(token["copied"])
        place = token.end()
    faults += [f"hidden U+{ord(one[0]):04X}: {_around(text, one.start())!r}" for one in _hidden(text)]
    return Reading(len(stream), tuple(faults), "\n".join(drawn), tuple(copied))


def _hidden(text: str) -> Iterator[re.Match[str]]:
    """Characters that nobody sees, or that turn writing round; those of ASCII are judged with the tokens."""
    return (found for found in UNSEEN.finditer(text) if found[0] > "\x7f")


def _around(text: str, place: int) -> str:
    return text[max(0, place - 40) : place + 40]


def unpacked(copied: str) -> str:
    """What was put into the clipboard."""
    return base64.b64decode(copied, validate=True).decode()
