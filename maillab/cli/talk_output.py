"""What a typist sees: both sides of the talk, each line explained, and what the lab decides meanwhile."""

import json
import sys
from dataclasses import replace

from maillab.cli.journey import Journey
from maillab.cli.streams import OutputError, colours, put
from maillab.cli.typed_lines import PROMPT, Keyboard
from maillab.cli.wrapping import columns, wrapped
from maillab.events import Carried, Closed, Entry, Opened, Said, Secured, Side
from maillab.views.gloss import Lang
from maillab.views.safe import safe, speaks_unicode, unaccented
from maillab.views.transcript import Row, Transcript


class TalkOutput:
    """Prints a talk. On a terminal the typist's own lines stand there already, and are not printed again."""

    def __init__(self, *, lang: Lang, glosses: bool, as_json: bool) -> None:
        self.journey = Journey()
        self.keyboard: Keyboard | None = None
        self.typed = b""  # stands on the terminal already; what is sent instead of it is shown
        self._own = ""  # what the lab calls the typist's talk
        self._as_json = as_json
        terminal = sys.stdout.isatty()
        self._colours = colours()
        self._plain = not speaks_unicode(sys.stdout.encoding)
        self._echo = as_json or not (terminal and sys.stdin.isatty())
        self._view = Transcript(
            "rfc", lang, glosses=glosses, show_secrets=not self._echo, content=None, ascii=self._plain
        )

    def said(self, entry: Entry) -> None:
        """Something of this talk."""
        rows = self._view.rows(entry)
        event = entry.event
        mine = isinstance(event, Said | Carried) and event.side is Side.CLIENT
        as_typed = not isinstance(event, Said) or event.line.rstrip(b"\r\n") == self.typed
        if mine and as_typed and not self._echo:
            return
        for row in rows:
            self._row(row, talk="")

    def fact(self, entry: Entry) -> None:
        """Something that the lab has in its logbook: what it decides is shown, what others say is not."""
        self.journey.hear(entry.event)
        if isinstance(entry.event, Opened):
            self._own = self._own or entry.event.talk  # the first is the typist's
        if isinstance(entry.event, Opened | Said | Carried | Secured | Closed):
            return
        for row in self._view.rows(entry):
            self._row(row, talk="" if row.talk == self._own else row.talk)

    def tell(self, text: str) -> None:
        """Words for the typist, of our own."""
        for line in text.split("\n"):
            line = unaccented(safe(line)) if self._plain else safe(line)
            if self._as_json:
                self._object("console", line, "")
            else:
                self._put(f"== {line}", 3)

    def _row(self, row: Row, talk: str) -> None:
        if self._as_json:
            side = str(row.side) if row.side else "console" if row.mark == "==" else "lab"
            self._object(side, row.text, row.gloss.text if row.gloss else "")
            return
        shown = replace(row, talk=talk)
        self._put(self._view.paint(shown) if self._colours else self._view.line(shown), self._view.margin(shown))

    def _object(self, side: str, line: str, gloss: str) -> None:
        self._put(json.dumps({"side": side, "line": safe(line), "gloss": gloss}, ensure_ascii=self._plain))

    def _put(self, line: str, margin: int = 0) -> None:
        """A line; where the prompt stands already it is written over and put below again."""
        if not self._as_json:
            line = wrapped(line, columns(sys.stdout), margin)
        waiting = self.keyboard is not None and self.keyboard.is_person and self.keyboard.prompting
        try:
            put(f"\r{line}" if waiting else line)
            if waiting:
                sys.stdout.write(PROMPT)
                sys.stdout.flush()
        except OutputError:  # what is typed is said all the same: half a message helps nobody
            pass
