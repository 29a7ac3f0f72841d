"""The Lab mode: write a message, see both machines, watch every line that is said."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from maillab.mail.address import in_u_labels
from maillab.tui import machine_state, sink
from maillab.tui.actions import bindings
from maillab.tui.commands import by_hand
from maillab.tui.commands import draft as draft_commands
from maillab.tui.commands.draft import FieldToFill
from maillab.tui.context import WindowContext
from maillab.tui.machines_now import machines_now
from maillab.tui.recorded_message import recorded_message
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.subjects import Machine
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.inspector import Inspector
from maillab.tui.widgets.machine import MachinePane
from maillab.tui.widgets.transcript import TranscriptPane


class LabScreen(ReadingScreen):
    """Compose, sender, recipient, wire, inspector."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"composing({binding.action!r})") if not binding.action.startswith("app.") else binding
        for binding in bindings.bindings("compose")
        if isinstance(binding, Binding) and binding.id != "compose.leave"
    ]
    MODE: ClassVar[str] = "lab"
    PANES: ClassVar[tuple[str, ...]] = ("compose", "sender", "recipient", "wire", "inspector")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("desk", "desk", "height"),
        "-wide": PaneSplit("inspector", "inspector", "width"),
    }

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._sites = {"sender": 0, "recipient": 1}
        self._service = ""
        self._version = -1  # of the message that is in the form
        self._known: Sequence[str] = ()  # addresses that the form offers

    def panes(self) -> Iterable[Widget]:
        """The panes, and the inspector at the side where there is room."""
        with Container(id="desk", classes="group"):
            yield ComposePane(self.texts)
            yield MachinePane(id="sender")
            yield MachinePane(id="recipient")
        yield TranscriptPane(self.at.model, self.texts, id="wire", classes="pane")
        yield Inspector()

    @property
    def first(self) -> str:
        """Where one writes; in a session, in which nothing can be sent, where one reads."""
        return "wire" if self.at.playback is not None else self.PANES[0]

    def on_mount(self) -> None:
        self._fill_form()
        self.at.drafting.is_behind = False
        super().on_mount()
        self.tell_seen()
        self.call_after_refresh(self.leave_field)  # single keys mean something before somebody wants to write

    def visit(self, pane: str, about: object) -> None:
        """To a field of the form, which has the newest message."""
        if not isinstance(about, FieldToFill):
            super().visit(pane, about)
            return
        self._fill_form()
        self.front("compose", focus=False)
        compose = self.query_one(ComposePane)
        if about.why:
            compose.point_at(about.field, about.why)
        else:
            compose.show_tab("form")
            compose.begin_at(about.field)

    def news(self) -> None:
        """How both machines stand; what is written and typed by hand."""
        super().news()
        model, texts = self.at.model, self.texts
        machines = machines_now(self.at)
        sites = machine_state.sites_of(machines, model)
        now = self.at.now
        for name in ("sender", "recipient"):
            pane = self.query_one(f"#{name}", MachinePane)
            site = sites[self._sites[name] % len(sites)] if sites else ""
            pane.machine = Machine(site) if site else None
            pane.show_rows(machine_state.machine(machines, model, site, texts, now))
            pane.border_title = sink.content(machine_state.title(machines, site, in_u_labels(site), texts))
        if self._service != self.at.drafting.service and not self.at.drafting.is_behind:
            self._service = self.at.drafting.service
            self.query_one(ComposePane).border_subtitle = sink.content(texts("compose.send", service=self._service))
        self._fill_form()
        recorded = recorded_message(model, texts) if self.at.playback is not None else None
        self.query_one(ComposePane).show_recorded(recorded)
        for byhand in self.query(ByHandPane):
            byhand.follow(self.at.conversation)

    def _fill_form(self) -> None:
        """The form shows the message that somebody else has put there, and offers the addresses of the lab."""
        drafting, lab, compose = self.at.drafting, self.at.host.lab, self.query_one(ComposePane)
        if self._version != drafting.version:
            self._version = drafting.version
            compose.write(drafting.form)
        known = [account.address for account in lab.accounts] if lab is not None else []
        if known != self._known:
            self._known = known
            compose.know(known)

    async def action_composing(self, call: str) -> None:
        self.front("compose")
        await self.query_one(ComposePane).run_action(call)

    # ── what the panes ask for ──

    @on(ComposePane.Changed)
    def _written(self, message: ComposePane.Changed) -> None:
        message.stop()
        compose = self.query_one(ComposePane)
        if compose.draft != self.at.drafting.form:
            draft_commands.typed(self.at, compose.draft)
        if compose.tab in ("source", "headers"):
            self.at.ui.attempt(self._show_source(), group="source", alone=True)

    @on(ComposePane.TabChanged)
    def _tab_changed(self, message: ComposePane.TabChanged) -> None:
        message.stop()
        if message.tab in ("source", "headers"):
            self.at.ui.attempt(self._show_source(), group="source", alone=True)
        is_behind = message.tab == "byhand"
        self.at.drafting.is_behind = is_behind
        self._service = "" if is_behind else self._service  # the border says what Enter does, and ^S again later
        if is_behind:
            self.query_one(ComposePane).border_subtitle = sink.content(self.texts("compose.byhand"))
        self.at.ui.refresh()

    async def _show_source(self) -> None:
        lines, head = await draft_commands.source(self.at)
        self.query_one(ComposePane).show_source(lines, head)

    @on(ByHandPane.Typed)
    def _hand_typed(self, message: ByHandPane.Typed) -> None:
        message.stop()
        self.at.ui.attempt(by_hand.say_by_hand(self.at, message.line), group="typing")

    @on(MachinePane.SiteStepped)
    def _site_stepped(self, message: MachinePane.SiteStepped) -> None:
        message.stop()
        self._sites[str(message.pane.id)] += message.by
        self.news()

    def message_gone(self) -> None:
        """All that is said of it is seen, the newest line of it first."""
        self.at.model.chosen = None
        self.query_one(HopStrip).hop = None
        self.transcript.follow = True
        self.front("wire")

    def put_away(self) -> None:
        """What was being written is kept."""
        self.at.drafting.form = self.query_one(ComposePane).draft
