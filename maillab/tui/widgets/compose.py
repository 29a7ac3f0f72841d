"""Writing a message: its fields, further header fields, every octet of it as it will go, and SMTP typed by hand.

Rules for this file: what is typed is kept as it was typed; what is wrong is said at the field and stops nothing but
sending.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Vertical
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Label, TextArea

from maillab.client.compose import Attachment
from maillab.tui.actions import bindings
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.machines.drafts import ADDRESSES, CONTROLS, MOST_TEXT, DraftForm, begins_one, cleaned, nfc
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.linefield import LineField
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.text import TextRows
from maillab.tui.widgets.titled import Titled
from maillab.views import units

FIELDS = (*ADDRESSES, "subject")
NEEDED = ("sender", "to", "subject")  # what a person has to write before the text
TABS = ("form", "headers", "source", "byhand")


class Field(LineField):
    """One line that is typed: letters and marks become one character, and what a terminal would obey stays out."""

    def __init__(self, name: str) -> None:
        super().__init__(compact=True, id=f"field-{name}", select_on_focus=False)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """NFC, and no controls: those of a pasted text become blanks."""
        return nfc(CONTROLS.sub(" ", value))


class Area(TextArea):
    """Several lines that are typed."""

    def __init__(self, text: str = "", *, id: str) -> None:
        super().__init__(text, id=id, compact=True, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        self.cursor_blink = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """F6 and F7 are the window's, here as everywhere."""
        return action not in ("select_line", "select_all")


class BodyField(Area):
    """The text of the message. More than can be typed in comfort is better attached."""

    class TooMuch(Message):
        """What was pasted does not fit."""

    def __init__(self) -> None:
        super().__init__(id="field-text")

    async def _on_paste(self, event: events.Paste) -> None:
        """Text only, and not without end."""
        event.prevent_default()
        event.stop()
        text = cleaned(event.text)
        if len(self.text) + len(text) > MOST_TEXT:
            self.post_message(self.TooMuch())
        elif result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)


class ComposePane(Vertical, Titled, can_focus=True):
    """The message that is being written. `Changed` tells every change of it.

    It can have the focus itself, so that whoever comes by F6 types nothing before they mean to; Tab passes it by.
    """

    passed_by = True

    CONTEXTS: ClassVar[tuple[str, ...]] = ("compose", "byhand")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("compose")

    class Changed(Message):
        """Something of the message is different now."""

    class TabChanged(Message):
        """Another tab is shown."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="compose", classes="pane")
        self._texts = texts
        self.files: tuple[Attachment, ...] = ()
        self._thread: tuple[str, tuple[str, ...]] = ("", ())
        self._headers = ""
        self._head = TextRows(id="headers")
        self._known: Sequence[str] = ()  # addresses of the lab
        self._pointed: dict[str, str] = {}  # what somebody else says that is wrong with a field, until it is changed
        self._filling = False
        self._recorded: Sequence[Line] | None = None

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Its border has another colour; Textual would look at all that is in it, and that stays as it was."""
        self.app.stylesheet.update_nodes([self])

    def compose(self) -> ComposeResult:
        """The form; the other tabs are made when they are looked at first."""
        yield TabBar(self._texts, "compose", TABS)
        with Vertical(id="tab-form", classes="tab -on"):
            with Grid(id="fields"):
                for name in FIELDS:
                    yield Label(sink.content(self._texts(f"field.{name}")), classes="fieldname")
                    yield Field(name)
            yield BodyField()
            yield Label("", id="files")
            yield Label("", id="composeword")
        yield TextRows(id="recorded")

    def show_recorded(self, lines: Sequence[Line] | None, lit: int = 0) -> None:
        """In place of the message that is being written, one of a session that plays; `None`: back to one's own.

        The line `lit` is always seen.
        """
        self.set_class(lines is not None, "-recorded")
        if lines is not None and lines != self._recorded:
            self.query_one("#recorded", TextRows).show_from_top(lines, seen=lit)
        self._recorded = lines

    # ── what is written ──

    @property
    def site(self) -> str:
        """The domain of whoever writes, as it is typed."""
        return self._field("sender").value.rpartition("@")[2].strip("> ").lower()

    @property
    def draft(self) -> DraftForm:
        """The message as it stands."""
        typed = {name: self._field(name).value for name in FIELDS}
        headers = self.query("#field-headers").results(TextArea)
        self._headers = next((area.text for area in headers), self._headers)
        in_reply_to, references = self._thread
        return DraftForm(
            **typed,
            text=self.query_one(BodyField).text,
            headers=self._headers,
            files=self.files,
            in_reply_to=in_reply_to,
            references=references,
        )

    def write(self, draft: DraftForm) -> None:
        """Another message to go on with."""
        self._filling, self._pointed = True, {}
        for name in FIELDS:
            with self.prevent(Input.Changed):
                self._field(name).value = getattr(draft, name)
        with self.prevent(TextArea.Changed):
            self.query_one(BodyField).load_text(draft.text)
        self.files, self._thread, self._headers = draft.files, (draft.in_reply_to, draft.references), draft.headers
        for area in self.query("#field-headers").results(TextArea):
            area.load_text(draft.headers)
        self._filling = False
        self._show_files()
        self._complain()
        self.post_message(self.Changed())

    def hint(self) -> None:
        """Say in the empty fields what is typed there; not before it is known what will be offered."""
        for name in FIELDS:
            self._field(name).placeholder = self._texts(f"field.{name}.hint")

    def know(self, addresses: Sequence[str]) -> None:
        """People whose addresses are offered while one is typed."""
        self._known = addresses
        for name in ADDRESSES:
            self._field(name).suggester = SuggestFromList(addresses, case_sensitive=False)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#field-{name}", Field)

    # ── what is said about it ──

    def say(self, text: str, *, bad: bool = False) -> None:
        """A word below the fields."""
        label = self.query_one("#composeword", Label)
        label.update(sink.content(text))
        label.display = bool(text)
        label.set_class(bad, "-bad")

    def point_at(self, field: str, why: str) -> None:
        """Something is wrong with a field: the cursor goes there."""
        self.show_tab("headers" if field == "headers" else "form")
        if field in ADDRESSES:
            self._pointed = {field: why}
            self._complain()
        else:
            self.say(f"{self._name_of(field)}: {why}", bad=True)
        target = next(iter(self.query(f"#field-{field.lower()}").results(Widget)), None)
        if target is not None:
            self.screen.set_focus(target)

    def _name_of(self, field: str) -> str:
        return self._texts(f"field.{field}") if field in FIELDS else field

    def _complain(self) -> None:
        """Mark the addresses that are none, and say below each what is wrong; not of one that is being typed yet."""
        draft = self.draft
        for name in ADDRESSES:
            field = self._field(name)
            is_begun = field.has_focus and begins_one(field.value, self._known)
            why = self._pointed.get(name) or ("" if is_begun else self._texts.trouble(draft.complaint(name)))
            field.set_class(bool(why), "-bad")
            self._say_below(field, why)
        self.say("")

    def _say_below(self, field: Field, why: str) -> None:
        """What is wrong with it, in a line of its own, which is made when there is something to say."""
        name = f"wrong-{field.id}"
        if why and not self.query(f"#{name}"):
            beside = Label("", classes=f"wrong {name}")
            self.query_one("#fields").mount(beside, Label("", id=name, classes=f"wrong {name}"), after=field)
        for label in self.query(f".{name}").results(Label):
            label.display = bool(why)
            if label.id == name:
                label.update(sink.content(why))

    def _show_files(self) -> None:
        label = self.query_one("#files", Label)
        words = [f"{file.name} ({file.type}, {units.size(len(file.octets))})" for file in self.files]
        label.update(sink.content(self._texts("compose.files", files=", ".join(words)) if words else ""))
        label.display = bool(words)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        if isinstance(message.input, Field):
            message.stop()
            self._pointed = {}
            self._complain()
            self.post_message(self.Changed())

    @on(Input.Blurred)
    def _left(self, message: Input.Blurred) -> None:
        """What was being typed is as it will be."""
        if isinstance(message.input, Field):
            message.stop()
            self._complain()

    @on(TextArea.Changed)
    def _written(self, message: TextArea.Changed) -> None:
        message.stop()
        if not self._filling:
            self.post_message(self.Changed())

    @on(BodyField.TooMuch)
    def _too_much(self, message: BodyField.TooMuch) -> None:
        message.stop()
        self.say(self._texts("compose.too_much"), bad=True)

    @on(Input.Submitted)
    def _next_field(self, message: Input.Submitted) -> None:
        """Enter goes to the next field."""
        if isinstance(message.input, Field):
            message.stop()
            self.screen.focus_next()

    # ── tabs ──

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return self.query_one(TabBar).current

    def show_tab(self, name: str) -> None:
        """Another tab; it is made when it is needed first."""
        self.query_one(TabBar).current = name
        if not self.query(f"#tab-{name}"):
            self.mount(self._made(name))
        for tab in self.query(".tab").results(Widget):
            tab.set_class(tab.id == f"tab-{name}", "-on")
        self.post_message(self.TabChanged(name))

    def _made(self, name: str) -> Widget:
        if name == "headers":
            area = Area(self._headers, id="field-headers")
            hint = Label(sink.content(self._texts("compose.headers_hint")), classes="hint")
            return Vertical(hint, area, self._head, id="tab-headers", classes="tab")
        if name == "byhand":
            return ByHandPane(self._texts)
        return TextRows(id="tab-source", classes="tab")

    def show_source(self, lines: Sequence[Line], head: Sequence[Line]) -> None:
        """The message, octet for octet; and its header alone."""
        for source in self.query("#tab-source").results(TextRows):
            source.show_lines(lines)
        self._head.show_lines(head)  # it may not stand in its tab yet

    @on(Bar.Pressed)
    def _pressed(self, message: Bar.Pressed) -> None:
        if isinstance(message.bar, TabBar):
            message.stop()
            self.go_to_tab(message.says)

    def action_step_tab(self, by: int) -> None:
        self.go_to_tab(self.query_one(TabBar).step(by))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a field Enter means something else; only a field is left."""
        if action == "leave_field":
            return self._is_typed_in
        return action != "write" or self.has_focus

    @property
    def is_worked_in(self) -> bool:
        """Is the focus in something of it, and not on the pane as such?"""
        return self.has_focus_within and not self.has_focus

    @property
    def _is_typed_in(self) -> bool:
        """Does a letter that is pressed now go into a field of it?"""
        typed = self.screen.focused if self.has_focus_within else None
        return typed is not None and typed.check_consume_key("a", "a")

    def action_write(self) -> None:
        self.focus_tab()

    def action_by_hand(self) -> None:
        """To what is typed by hand, and back to the message: into none of its fields where none is missing, so that no
        key is typed there.
        """
        is_back = self.tab == "byhand"
        if is_back and not self._missing:
            self.show_tab("form")
            self.screen.set_focus(self)
        else:
            self.go_to_tab("form" if is_back else "byhand")

    def go_to_tab(self, name: str) -> None:
        """Another tab, with the focus in it: one that is new has nothing in it that could have it yet."""
        self.show_tab(name)
        self.query_one(f"#tab-{name}").call_later(self.focus_tab)

    def begin_at(self, field: str) -> None:
        """The focus goes into a field, to its beginning."""
        self.screen.set_focus(self.query_one(f"#field-{field}"))

    @property
    def _missing(self) -> str:
        """The first field that is empty and has to be filled in, "" for none."""
        return next((name for name in NEEDED if not self._field(name).value), "")

    def focus_tab(self) -> None:
        """The focus goes into the tab that is shown; of the message, to what is not written yet and has to be."""
        if self.tab == "form" and self._missing:
            self.begin_at(self._missing)
            return
        tab = self.query_one(f"#tab-{self.tab}")
        inner = [tab, *tab.query("*").results(Widget)]
        target = next((widget for widget in inner if widget.focusable), None)
        if target is not None:
            self.screen.set_focus(target)
