"""An entry as it is told over HTTP: as `serve --json` prints it, with who speaks, how it went, and what it means.

No secret is in it (views/record.py).
"""

from typing import Any

from maillab.events import Entry, Opened
from maillab.views.gloss import Lang
from maillab.views.legs import leg_of
from maillab.views.record import as_object
from maillab.views.transcript import Row, Transcript


class EntryTeller:
    """Hears entries in their order: what is told is explained by what came before."""

    def __init__(self, lang: Lang) -> None:
        self._transcript = Transcript(lang=lang, glosses=True)
        self._legs: dict[str, str] = {}

    def hear(self, entry: Entry) -> list[Row]:
        """Its rows. Every entry is heard, also one that is told to nobody."""
        if isinstance(entry.event, Opened):
            self._legs[entry.event.talk] = entry.event.leg
        return self._transcript.rows(entry)

    def told(self, entry: Entry, rows: list[Row]) -> dict[str, Any]:
        """An entry that was just heard, and how its rows are read."""
        leg = self._legs.get(entry.talk) or leg_of(entry.talk) or ""
        told = as_object(entry, leg, " / ".join(row.text for row in rows))
        first = rows[0] if rows else None
        if first is not None:
            told |= {"side": first.side, "secure": first.secure, "verdict": first.verdict.name.lower()}
        glosses = [row.gloss for row in rows if row.gloss is not None]
        if glosses:
            told |= {"gloss": glosses[0].text, "source": glosses[0].source}
        return told
