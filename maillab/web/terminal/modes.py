"""Which modes a program has switched on in its terminal, so that another terminal can take its place (DECSET, DECRST).

Quiet.
"""

import re

_MODES = re.compile(rb"\x1b\[\?([0-9;]{1,40})([hl])")
_BEGUN = re.compile(rb"\x1b(?:\[(?:\?[0-9;]{0,40})?)?\Z")  # a sequence that the next octets may end
_PASSING = b"2026"  # on and off with every frame


class ModeMemory:
    """Hears all that the program writes, in pieces of any size.

    >>> memory = ModeMemory()
    >>> memory.hear(b"x\\x1b[?1049h\\x1b[?25l\\x1b[?10"), memory.hear(b"00;1006h\\x1b[?1000l")
    (None, None)
    >>> memory.again
    b'\\x1b[?1049h\\x1b[?25l\\x1b[?1006h'
    """

    def __init__(self) -> None:
        self._set: dict[bytes, bytes] = {}  # mode: h or l, the last one last
        self._begun = b""

    def hear(self, octets: bytes) -> None:
        """Go on."""
        octets = self._begun + octets
        for modes, how in _MODES.findall(octets):
            for mode in modes.split(b";"):
                self._set.pop(mode, None)
                if mode and mode != _PASSING and (how == b"h" or mode == b"25"):  # the cursor is shown unless hidden
                    self._set[mode] = how
        begun = _BEGUN.search(octets)
        self._begun = begun[0] if begun else b""

    @property
    def again(self) -> bytes:
        """What a terminal that knows nothing yet must be told."""
        return b"".join(b"\x1b[?%s%s" % (mode, how) for mode, how in self._set.items())
