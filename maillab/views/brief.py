"""The transcript without repetition, for a person at a terminal: each explanation once, a server's list as one row.

Rules for this file: nothing that was said is left out; what is folded is named.
"""

from dataclasses import replace

from maillab.events import Entry, Said
from maillab.protocols.protocol import AnswerLine
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Gloss, Lang
from maillab.views.safe import unaccented
from maillab.views.transcript import Row
from maillab.views.words import Phrases

_WHY = "What the server can do; --full shows and explains each line."


class Brief:
    """Takes the rows of entries in their order, and gives those that are left. One per reader.

    >>> from maillab.events import Side
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
        self._talks = FollowedTalks()
        self._lists: dict[str, list[Row]] = {}  # of a talk, as far as its list has come

    def rows(self, entry: Entry, rows: list[Row], *, shown: bool = True) -> list[Row]:
        """What is left of the rows of an entry; nothing of one that is not shown, which is remembered."""
        heard = self._talks.hear(entry)
        if not isinstance(entry.event, Said):
            broken_off = self._lists.pop(entry.talk, [])
            return [self._once(row) for row in (*broken_off, *rows)] if shown else []
        if isinstance(heard, AnswerLine) and heard.request is not None and heard.request.row.offers:
            if shown:
                self._lists.setdefault(entry.event.talk, []).extend(rows)
            return self._listed(entry.event.talk) if heard.last else []
        return [self._once(row) for row in rows] if shown else []

    def _listed(self, talk: str) -> list[Row]:
        """The first line of a list as it is, all others as one."""
        rows = self._lists.pop(talk, [])
        if len(rows) < 3:
            return [self._once(row) for row in rows]
        first, *others = rows
        text_of = self._talks[talk].protocol.text
        words = [text_of(row.text.encode()).decode() for row in others]
        names = [word for word in words if word != "."]
        text = self._fold + self._phrase("{count} lines: {names}", count=len(names), names=", ".join(names))
        why = Gloss("", "line", "list", "", self._phrase(_WHY)) if first.gloss else None
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
