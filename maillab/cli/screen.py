"""Printing a running lab: entries as transcript lines, or as JSON, a line each, as they come."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from maillab.events import Entry, Opened
from maillab.views.safe import safe, speaks_unicode
from maillab.views.transcript import Transcript

if TYPE_CHECKING:
    from maillab.views.gloss import Lang
    from maillab.views.notation import Notation


class Printer:
    """Writes to stdout. Colours only on a terminal without NO_COLOR; piped output holds no escape byte."""

    def __init__(
        self, *, lang: "Lang", glosses: bool, as_json: bool, notation: "Notation" = "rfc", secrets: bool = False
    ) -> None:
        self._as_json = as_json
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        plain = not speaks_unicode(sys.stdout.encoding)
        self._view = Transcript(notation, lang, glosses=glosses, show_secrets=secrets, ascii=plain)
        self._legs: dict[str, str] = {}

    def entry(self, entry: Entry) -> None:
        """One entry, as its rows or as one object."""
        if isinstance(entry.event, Opened):
            self._legs[entry.event.talk] = entry.event.leg
        rows = self._view.rows(entry)
        if self._as_json:
            from maillab.views.record import as_object

            leg = self._legs.get(getattr(entry.event, "talk", ""), "")
            self.object(as_object(entry, leg, " / ".join(row.text for row in rows)))
            return
        for row in rows:
            self._write(self._view.paint(row) if self._colours else self._view.line(row))

    def object(self, value: dict[str, Any]) -> None:
        """One JSON object."""
        self._write(json.dumps(value, ensure_ascii=False))

    def told(self, text: str) -> None:
        """The narrator's words, in their own paragraph."""
        if self._as_json:
            self.object({"kind": "told", "text": text})
        else:
            words = f"\033[1m{safe(text)}\033[0m" if self._colours else safe(text)
            self._write(f"\n{words}\n")

    def _write(self, line: str) -> None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
