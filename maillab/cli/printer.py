"""Printing a running lab: entries as transcript lines, or as JSON, a line each, as they come."""

import json
import sys
from typing import TYPE_CHECKING, Any

from maillab.cli.streams import colours, put
from maillab.cli.wrapping import columns, wrapped
from maillab.events import Entry, Opened
from maillab.views.brief import Brief
from maillab.views.safe import safe, speaks_unicode
from maillab.views.transcript import Transcript

if TYPE_CHECKING:
    from maillab.views.gloss import Lang
    from maillab.views.notation import Notation


class Printer:
    """Writes to stdout."""

    def __init__(
        self,
        *,
        lang: "Lang",
        glosses: bool,
        as_json: bool,
        notation: "Notation" = "rfc",
        secrets: bool = False,
        content: int = 0,
        brief: bool = False,
        entries: bool = True,
    ) -> None:
        """`content` is how many lines of a message are shown; `brief` explains once and folds the lists of servers.

        Where no `entries` will come, nothing is loaded for them.
        """
        self.lines = 1  # that the last entry took
        self._as_json = as_json
        self._colours = colours()
        self._terminal = sys.stdout.isatty()
        plain = not speaks_unicode(sys.stdout.encoding)
        lines = 0 if as_json else content
        self._view = Transcript(notation, lang, glosses=glosses, show_secrets=secrets, content=lines, ascii=plain)
        self._brief = Brief(lang, ascii=plain) if brief and not as_json else None
        self._legs: dict[str, str] = {}
        if as_json and entries:  # now, not at the first entry: by then there may be no descriptor left to import with
            from maillab.cli.headers import MessageHeaders
            from maillab.views.record import as_object

            self._as_object = as_object
            self._message_headers = MessageHeaders()
        if glosses:
            from maillab.views.gloss import stock

            stock(lang)

    def entry(self, entry: Entry, *, shown: bool = True) -> None:
        """One entry, as its rows or as one object; one that is not shown is remembered, to explain what follows."""
        if isinstance(entry.event, Opened):
            self._legs[entry.event.talk] = entry.event.leg
        rows = self._view.rows(entry)
        if self._brief is not None:
            rows = self._brief.rows(entry, rows, shown=shown)
        fields = self._message_headers.fields(entry) if self._as_json else None
        if not shown:
            return
        if self._as_json:
            leg = self._legs.get(entry.talk, "")
            shown_entry = self._as_object(entry, leg, " / ".join(row.text for row in rows))
            self.object(shown_entry if fields is None else shown_entry | {"fields": fields})
            return
        self.lines = len(rows)
        for row in rows:
            line = self._view.paint(row) if self._colours else self._view.line(row)
            put(wrapped(line, columns(sys.stdout), self._view.margin(row)) if self._terminal else line)

    def object(self, value: dict[str, Any]) -> None:
        """One JSON object."""
        put(json.dumps(value, ensure_ascii=False))

    def told(self, text: str) -> None:
        """The narrator's words, in their own paragraph."""
        if self._as_json:
            self.object({"kind": "told", "text": text})
        else:
            words = wrapped(safe(text), columns(sys.stdout))
            words = f"\033[1m{words}\033[0m" if self._colours else words
            put(f"\n{words}\n")
