"""SMTP, POP3 or IMAP typed by hand: what was said, each reply explained beside it, and a line to type in."""

import re
from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from maillab.events import Carried, Closed, Entry, Opened, Said, Secured, Side
from maillab.protocols.protocol import Protocol
from maillab.protocols.services import SMTP
from maillab.tui.looks import sink
from maillab.tui.looks.card import Card
from maillab.tui.looks.sides import as_in_the_wire
from maillab.tui.looks.sink import Line
from maillab.tui.state.conversation import Conversation, HandBegun, HandNote
from maillab.tui.texts import Texts
from maillab.tui.widgets.text import TextRows
from maillab.views.next_line import LineWanted, NextLines
from maillab.views.transcript import CONTENT, Transcript
from maillab.views.verdict import Verdict

LOCAL = (".auth ", ".b64 ", ".help", ".quit")
COLUMN = re.compile(r"\S.*?\s{2,}(?=\S)")  # the first column of a table
KEPT = 2_000  # lines of the conversation
HISTORY = 500


class ByHandPane(Vertical):
    """Tells what was typed (`Typed`); follows a conversation once there is a place for it (`Made`)."""

    class Typed(Message):
        """A line was typed."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    class Made(Message):
        """What is in it is there now."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="tab-byhand", classes="tab")
        self._texts = texts
        self._said: list[Line] = []
        self._view = _view(texts)
        self._where = ""  # what is said once the connection stands
        self._protocol = SMTP.protocol
        self._next = NextLines(self._protocol)
        self._history: list[str] = []
        self._place = 0
        self._explained: set[str] = set()  # what was explained in this conversation: once is enough
        self._followed = 0  # so many things that have happened are shown

    def compose(self) -> ComposeResult:
        log = TextRows(id="byhandlog")
        log.can_focus = False  # it is scrolled from the line below
        yield log
        yield _Typing(placeholder=self._wanted)

    def on_mount(self) -> None:
        self.post_message(self.Made())

    @property
    def is_made(self) -> bool:
        """Is there a place for what is said? There is none between the moment of its making and the next one."""
        return bool(self.children)

    def show_example(self, card: Card) -> None:
        """Before the first line."""
        self.query_one("#byhandlog", TextRows).card = card

    def follow(self, conversation: Conversation) -> None:
        """Show what has happened in it since it was followed last."""
        news = list(conversation.since(self._followed))
        self._followed = conversation.count
        for one in news:
            match one:
                case HandBegun(where, protocol):
                    self.begin(where, protocol)
                case HandNote(text):
                    self.note(text)
                case _:
                    self.heard(one)

    def begin(self, where: str, protocol: Protocol) -> None:
        """A new conversation."""
        self._explained.clear()
        self._view = _view(self._texts)
        field = self.query_one(_Typing)
        verbs = [words for row in protocol.verbs.values() for words in row.typed]
        field.suggester = _Verbs((*verbs, *LOCAL))
        self._protocol, self._next = protocol, NextLines(protocol)
        field.placeholder = self._wanted
        self._where = where

    def heard(self, entry: Entry) -> None:
        """Something was said."""
        for row in self._view.rows(entry):
            if isinstance(entry.event, Opened):
                self.note(self._where)
                continue
            if isinstance(entry.event, Secured | Closed):
                self._said.append((("dim", f"═ {row.text}"),))
                continue
            style = _STYLES.get(row.verdict) or _style(entry)
            self._said.append((("dim", f"{as_in_the_wire(row.mark)} "), (style, row.text)))
            if row.gloss is not None and row.gloss.text not in self._explained:
                self._explained.add(row.gloss.text)
                self._said.append((("plain", "   "), sink.piece("dim", row.gloss.text)))
        self._next.hear(entry)
        self.query_one(_Typing).placeholder = self._wanted
        self._show()

    @property
    def _wanted(self) -> str:
        """What the empty line says: which commands fit now, the message, a step of a login; or that it is closed."""
        line, texts = self._next.now, self._texts
        if line.wanted is not LineWanted.COMMAND:
            return texts(f"byhand.wanted.{line.wanted}", count=line.octets)
        commands = texts("byhand.or").join(filter(None, (", ".join(line.commands[:-1]), *line.commands[-1:])))
        return texts("byhand.hint", protocol=self._protocol.name.upper(), commands=commands)

    def note(self, text: str) -> None:
        """A word of the console itself."""
        for line in text.split("\n"):
            word = COLUMN.match(line)  # of a table: what goes on below stands in the same column
            end = word.end() if word is not None else 0
            self._said.append((sink.piece("accent", line[:end]), sink.piece("accent", line[end:])))
        self._show()

    def _show(self) -> None:
        del self._said[:-KEPT]
        log = self.query_one("#byhandlog", TextRows)
        log.show_lines(list(self._said))
        log.scroll_end(animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        log = self.query_one("#byhandlog", TextRows)
        self.call_after_refresh(log.scroll_end, animate=False, immediate=True, force=True)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        line = message.value
        if line and (not self._history or self._history[-1] != line):
            self._history = [*self._history[-HISTORY:], line]
        self._place = len(self._history)
        message.input.clear()
        self.post_message(self.Typed(line))

    def on_key(self, event: events.Key) -> None:
        """Up and down are what was typed before; whole pages are what was said before."""
        log = self.query_one("#byhandlog", TextRows)
        if event.key in ("pageup", "pagedown"):
            event.stop()
            log.action_move_page(-1 if event.key == "pageup" else 1)
        if event.key not in ("up", "down") or not self._history:
            return
        event.stop()
        event.prevent_default()
        self._place = max(0, min(len(self._history), self._place + (-1 if event.key == "up" else 1)))
        field = self.query_one(_Typing)
        field.value = self._history[self._place] if self._place < len(self._history) else ""
        field.cursor_position = len(field.value)


class _Typing(Input):
    """The line that is typed: sent as it stands."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(compact=True, id="byhandfield", placeholder=placeholder)
        self.cursor_blink = False


class _Verbs(Suggester):
    """Completes a verb, in whatever case it is typed."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = words

    async def get_suggestion(self, value: str) -> str | None:
        """The first verb that begins so."""
        for word in self._words:
            if len(value) < len(word) and word.upper().startswith(value.upper()):
                return value + word[len(value) :]
        return None


def _view(texts: Texts) -> Transcript:
    return Transcript("rfc", texts.lang, glosses=True, content=CONTENT)


_STYLES = {Verdict.WARN: "warn", Verdict.ERROR: "bad"}  # of what is not fine, as in the wire


def _style(entry: Entry) -> str:
    event = entry.event
    if isinstance(event, Said | Carried):
        return "client" if event.side is Side.CLIENT else "server"
    return "plain"
