"""Three ways in which people mark who speaks: as in RFCs, as in swaks, as in curl.

A very old text (RFC 821) has `S:` for the sender and `R:` for the receiver; no notation here does.
"""

from dataclasses import dataclass
from typing import Literal

from maillab.events import Side
from maillab.views.verdict import Verdict

Notation = Literal["rfc", "swaks", "curl"]


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs of one notation, so that mark, space and text stand as its readers know them."""

    client: str
    server: str
    client_tls: str
    server_tls: str
    trouble: str  # the server says no
    trouble_tls: str
    state: str  # a talk begins, turns to TLS, ends
    fact: str  # a machine decided
    bad_fact: str

    def speaker(self, side: Side, secure: bool, verdict: Verdict) -> str:
        """The mark of a line that was said.

        >>> MARKS["swaks"].speaker(Side.SERVER, True, Verdict.ERROR)
        '<~*'
        """
        if side is Side.CLIENT:
            return self.client_tls if secure else self.client
        if verdict is not Verdict.OK:
            return self.trouble_tls if secure else self.trouble
        return self.server_tls if secure else self.server


MARKS: dict[Notation, Marks] = {
    "rfc": Marks("C:", "S:", "C:", "S:", "S:", "S:", "==", "**", "**"),  # RFC 5321 appendix D
    "swaks": Marks(" ->", "<- ", " ~>", "<~ ", "<**", "<~*", "===", "===", "***"),
    "curl": Marks(">", "<", ">", "<", "<", "<", "*", "*", "*"),
}
GLYPHS = {Verdict.OK: "", Verdict.WARN: "! ", Verdict.ERROR: "✗ "}
ASCII_GLYPHS = {Verdict.OK: "", Verdict.WARN: "! ", Verdict.ERROR: "!! "}
