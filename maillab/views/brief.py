"""The transcript without repetition, for a person at a terminal: each explanation once, a server's list as one row.

Rules for this file: nothing that was said is left out; what is folded is named.
"""

from dataclasses import replace

from maillab.events import Entry, Said, Side
from maillab.views.gloss import Gloss, Lang
from maillab.views.safe import unaccented
from maillab.views.transcript import Row
from maillab.views.words import Phrases

_LISTS = ("EHLO", "LHLO", "CAPA")  # what is answered by a list of abilities, line by line


class Brief:
    """Takes the rows of entries in their order, and gives those that are left. One per reader.

    >>> from maillab.views.transcript import Transcript
    >>> lines = [b"EHLO a", b"250-mx", b"250-DSN", b"250 HELP"]
    >>> said = [Said("relay-1", Side.SERVER if line[:3] == b"250" else Side.CLIENT, line) for line in lines]
    >>> view, brief = Transcript(), Brief("en")
    >>> entries = [Entry(seq, 0.0, one) for seq, one in enumerate(said)]
    >>> [row.text for entry in entries for row in brief.rows(entry, view.rows(entry))]
    ['EHLO a', '250-mx', '▸ 2 lines: DSN, HELP']
    """

    def __init__(self, lang: Lang, *, ascii: bool = False) -> None:
        self._phrase = Phrases(lang, str, unaccented if ascii else str)
        self._fold = "> " if ascii else "▸ "
        self._explained: set[tuple[str, str, str]] = set()
        self._asked: dict[str, str] = {}  # the last command of a talk, where a list answers it
        self._lists: dict[str, list[Row]] = {}  # of a talk, as far as its list has come

    def rows(self, entry: Entry, rows: list[Row], *, shown: bool = True) -> list[Row]:
        """What is left of the rows of an entry; nothing of one that is not shown, which is remembered."""
        if not isinstance(entry.event, Said):
            broken_off = self._lists.pop(getattr(entry.event, "talk", ""), [])
            return [self._once(row) for row in (*broken_off, *rows)] if shown else []
        said = entry.event
        if said.side is Side.CLIENT:
            self._asked[said.talk] = said.line[:5].strip().decode("ascii", "replace").upper()
        elif self._asked.get(said.talk) in _LISTS:
            if shown:
                self._lists.setdefault(said.talk, []).extend(rows)
            return self._listed(said) if self._is_last(said) else []
        return [self._once(row) for row in rows] if shown else []

    def _is_last(self, said: Said) -> bool:
        """Does the list end with this line (RFC 5321 §4.2.1, RFC 2449 §5)?"""
        if self._asked[said.talk] == "CAPA":
            return said.line.rstrip(b"\r\n") == b"." or said.line[:4].upper() == b"-ERR"
        return said.line[3:4] != b"-"

    def _listed(self, said: Said) -> list[Row]:
        """The first line of a list as it is, all others as one."""
        self._asked.pop(said.talk)
        rows = self._lists.pop(said.talk, [])
        if len(rows) < 3:
            return [self._once(row) for row in rows]
        first, *others = rows
        words = [row.text[4:] if row.text[3:4] in ("-", " ") and row.text[:3].isdigit() else row.text for row in others]
        names = [word for word in words if word != "."]
        text = self._fold + self._phrase("listed", count=len(names), names=", ".join(names))
        why = Gloss("", "line", "list", "", self._phrase("listed.why")) if first.gloss else None
        return [self._once(first), self._once(replace(others[-1], text=text, gloss=why))]

    def _once(self, row: Row) -> Row:
        """Without its explanation, if that was given before."""
        if row.gloss is None:
            return row
        key = (row.gloss.protocol, row.gloss.kind, row.gloss.key)
        if key in self._explained:
            return replace(row, gloss=None)
        self._explained.add(key)
        return row
