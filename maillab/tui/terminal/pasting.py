"""What is pasted is text: an escape in it, which some terminals leave there, never becomes a key.

Textual takes an escape within a paste for the beginning of a key, and sends what follows it as keys: a text from a
stranger could press ^Q or ^S (T279). Here escapes are taken out of a paste before Textual looks at it.

And Esc is a key of its own, however fast another one follows it: Textual would take Esc and 1 for Alt-1, which types ¡.
"""

import re
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.message import Message

from maillab.system import HERE

ESCAPE = "\x1b"
BEGIN, END = "\x1b[200~", "\x1b[201~"
SEQUENCES = "[OPX]^_\\bf\t\x7f\x1b"  # what an escape makes another thing of: keys, reports, moving by words
_PLAIN = re.compile(f"(?<={ESCAPE})(?=[^{re.escape(SEQUENCES)}])")


class Pasted:
    """Follows what a terminal sends, in whatever pieces it comes.

    >>> Pasted().calm("a\\x1b[200~b\\x1bc\\x1b[201~\\x1b[A")
    'a\\x1b[200~bc\\x1b[201~\\x1b[A'
    """

    def __init__(self) -> None:
        self._inside = False
        self._before = ""  # outside: the last that was passed on, which may be the beginning of BEGIN
        self._held = ""  # inside: what may be the beginning of END

    def calm(self, data: str) -> str:
        """The same without escapes in what is pasted."""
        passed = []
        data, self._held = self._held + data, ""
        while data:
            piece, data = self._within(data) if self._inside else self._outside(data)
            passed.append(piece)
        return "".join(passed)

    def _outside(self, data: str) -> tuple[str, str]:
        """Everything up to the beginning of a paste, and the rest."""
        place = (self._before + data).find(BEGIN)
        if place < 0:
            self._before = (self._before + data)[-len(BEGIN) + 1 :]
            return data, ""
        end = place + len(BEGIN) - len(self._before)
        self._inside, self._before = True, ""
        return data[:end], data[end:]

    def _within(self, data: str) -> tuple[str, str]:
        """The text up to its end, and the rest."""
        text, end, rest = data.partition(END)
        if end:
            self._inside = False
        else:
            size = next((n for n in range(len(END) - 1, 0, -1) if text.endswith(END[:n])), 0)
            text, self._held = text[: len(text) - size], text[len(text) - size :]
        return text.replace("\x1b", "") + end, rest


class Parser(XTermParser):
    """Textual's own, which is told of no escape in a paste, and that none before a plain key begins a sequence."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted = Pasted()
        self._escaped = False  # the last that came is an escape, of which nobody knows yet what it begins

    def feed(self, data: str) -> Iterable[Message]:
        """Something came from the terminal; "" is the end of it."""
        if not data:
            yield from super().feed(data)
            return
        for piece in _PLAIN.split(self._pasted.calm(data)):
            if piece and self._escaped and piece[0] not in SEQUENCES and self._timeout_time is not None:
                self._timeout_time = 0.0  # as if it had been waited for long enough: it was the key
                yield from self.tick()
            yield from super().feed(piece) if piece else ()
            self._escaped = piece.endswith(ESCAPE) if piece else self._escaped


def install() -> None:
    """From now on the driver of this process reads with it. Private to Textual: a test notices when it moves."""
    if HERE.is_posix:
        from textual.drivers import linux_driver

        vars(linux_driver)["XTermParser"] = Parser
