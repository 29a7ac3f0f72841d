"""The Lab mode: write a message, see both machines, watch every line that is said."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from maillab.mail.address import in_u_labels
from maillab.protocols.services import of_a_site
from maillab.tui import bindings, machine_state, sink
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.inspector import Inspector
from maillab.tui.widgets.machine import MachinePane, RecipientPane, SenderPane
from maillab.tui.widgets.transcript import TranscriptPane


class LabScreen(ReadingScreen):
    """Compose, sender, recipient, wire, inspector."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"composing({binding.action!r})")
        for binding in bindings.bindings("compose")
        if isinstance(binding, Binding) and binding.id != "compose.leave"
    ]
    MODE: ClassVar[str] = "lab"
    PANES: ClassVar[tuple[str, ...]] = ("compose", "sender", "recipient", "wire", "inspector")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("desk", "desk", "height"),
        "-wide": PaneSplit("inspector", "inspector", "width"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._sites = {"sender": 0, "recipient": 1}
        self._service = ""

    def panes(self) -> Iterable[Widget]:
        """The panes, and the inspector at the side where there is room."""
        with Container(id="desk", classes="group"):
            yield ComposePane(self.texts)
            yield SenderPane(id="sender")
            yield RecipientPane(id="recipient")
        yield TranscriptPane(self.window.model, self.texts, id="wire", classes="pane")
        yield Inspector()

    @property
    def first(self) -> str:
        """Where one writes; in a session, in which nothing can be sent, where one reads."""
        return "wire" if self.window.playback is not None else self.PANES[0]

    def on_mount(self) -> None:
        self.query_one(ComposePane).write(self.window.draft)
        super().on_mount()
        self.tell_seen()
        self.call_after_refresh(self.leave_field)  # single keys mean something before somebody wants to write

    def arrived(self) -> None:
        """The message is there that will be sent, whatever happened to it elsewhere."""
        compose = self.query_one(ComposePane)
        if compose.draft != self.window.draft:
            compose.write(self.window.draft)
        super().arrived()

    def news(self) -> None:
        """How both machines stand."""
        super().news()
        model, window, texts = self.window.model, self.window, self.texts
        machines = window.machines()
        sites = machine_state.sites_of(machines, model)
        now = window.now()
        for name in ("sender", "recipient"):
            pane = self.query_one(f"#{name}", MachinePane)
            site = sites[self._sites[name] % len(sites)] if sites else ""
            pane.show_rows(machine_state.machine(machines, model, site, texts, now))
            pane.border_title = sink.content(machine_state.title(machines, site, in_u_labels(site), texts))
        if self._service != window.service:
            self._service = window.service
            self.query_one(ComposePane).border_subtitle = sink.content(texts("compose.send", service=window.service))

    async def action_composing(self, call: str) -> None:
        self.front("compose")
        await self.query_one(ComposePane).run_action(call)

    # ── what the panes ask for ──

    @on(ComposePane.Changed)
    def _written(self, message: ComposePane.Changed) -> None:
        message.stop()
        compose = self.query_one(ComposePane)
        self.window.draft_changed(compose.draft)
        if compose.tab in ("source", "headers"):
            self.window.attempt(self._show_source(), group="source", alone=True)

    @on(ComposePane.TabChanged)
    def _tab_changed(self, message: ComposePane.TabChanged) -> None:
        message.stop()
        if message.tab in ("source", "headers"):
            self.window.attempt(self._show_source(), group="source", alone=True)
        for pane in self.query(ByHandPane):
            self.call_after_refresh(self.window.hand_again, pane)

    async def _show_source(self) -> None:
        lines, head = await self.window.source()
        self.query_one(ComposePane).show_source(lines, head)

    @on(ComposePane.Asked)
    def _compose_asked(self, message: ComposePane.Asked) -> None:
        message.stop()
        if message.what == "leave":
            self.leave_field()
        else:
            self.window.attempt(self.window.compose_asks(message.what, self.query_one(ComposePane)))

    @on(ByHandPane.Typed)
    def _hand_typed(self, message: ByHandPane.Typed) -> None:
        message.stop()
        self.window.attempt(self.window.hand_typed(message.line), group="typing")

    @on(ByHandPane.Asked)
    def _hand_asked(self, message: ByHandPane.Asked) -> None:
        message.stop()
        window = self.window
        window.attempt(window.choose_hand() if message.what == "byhand_service" else window.hang_up())

    @on(MachinePane.Asked)
    def _machine_asked(self, message: MachinePane.Asked) -> None:
        message.stop()
        name = "sender" if isinstance(message.pane, SenderPane) else "recipient"
        if message.what in ("site_on", "site_back"):
            self._sites[name] += 1 if message.what == "site_on" else -1
            self.news()
            return
        sites = machine_state.sites_of(self.window.machines(), self.window.model)
        if sites and self.window.living():
            site = sites[self._sites[name] % len(sites)]
            services = tuple(service.name for service in of_a_site())
            self.window.attempt(self.window.machine_asks(message.what, site, services, message.pane.about))

    def message_gone(self) -> None:
        """All that is said of it is seen, the newest line of it first."""
        self.window.model.chosen = None
        self.query_one(HopStrip).hop = None
        self.transcript.follow = True
        self.front("wire")

    def put_away(self) -> None:
        """What was being written is kept."""
        self.window.draft = self.query_one(ComposePane).draft
