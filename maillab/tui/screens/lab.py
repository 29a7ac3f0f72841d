"""The Lab mode: write a message, see both machines, watch every line that is said."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from maillab.mail.address import in_u_labels
from maillab.tui.actions import bindings
from maillab.tui.actions.action import Offer
from maillab.tui.commands import by_hand
from maillab.tui.commands import draft as draft_commands
from maillab.tui.commands.draft import FieldToFill
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import whole
from maillab.tui.looks.card import Card
from maillab.tui.looks.sink import Line
from maillab.tui.machines import machine_state
from maillab.tui.machines.hand_card import hand_card
from maillab.tui.machines.machine_state import MachineState, shown_service
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.machines.start_card import start_card
from maillab.tui.playing.recorded_message import recorded_message, story_steps
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.state.conversation import Connected
from maillab.tui.state.life import is_awaited
from maillab.tui.subjects import Machine
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.explain import ExplainPane
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.keybar import KeyBar
from maillab.tui.widgets.machine import MachinePane, NameServerPane
from maillab.tui.widgets.panetabs import PaneTabs
from maillab.tui.widgets.titled import Titled
from maillab.tui.widgets.transcript import TranscriptPane

OF_MACHINES = (  # keys that stand in borders of panes without focus
    "machine.power", "machine.rules", "machine.hold", "machine.bounce", "machine.remove"
)  # fmt: skip
MACHINES = ("sender", "recipient")  # panes of sites: at first of the one that sends and of the one that receives


class LabScreen(ReadingScreen):
    """What is written, the machines, the wire; and the Explain pane where there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            replace(binding, action=f"composing({binding.action!r})")
            if not binding.action.startswith("app.")
            else binding
            for binding in [*bindings.bindings("compose"), *bindings.bindings("byhand")]
            if isinstance(binding, Binding) and binding.id not in ("compose.leave", "compose.write")
        ),
        *(
            replace(binding, action=f"is_of_machine({binding.id!r})")
            for binding in bindings.bindings("machine")
            if isinstance(binding, Binding) and binding.id in OF_MACHINES
        ),
    ]
    MODE: ClassVar[str] = "lab"
    PANES: ClassVar[tuple[str, ...]] = ("compose", *MACHINES, "names", "wire", "explain")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("desk", "desk", "height"),
        "-wide": PaneSplit("explain", "panes", "grid_rows", "1fr #"),
    }

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._sites = {"sender": 0, "recipient": 1}
        self._titles: dict[Titled, Line] = {}  # of the machines
        self._title = ""
        self._form_words = "", "", False
        self._version = -1  # of the message that is in the form
        self._known: Sequence[str] = ()  # addresses that the form offers
        self._is_hinted = False  # the empty fields of the form say what is typed there

    def panes(self) -> Iterable[Widget]:
        """The panes, and the Explain pane at the side where there is room."""
        with Container(id="desk", classes="group"):
            yield ComposePane(self.texts)
            with Container(id="machines", classes="group"):
                with Container(id="sites", classes="group"):
                    for name in MACHINES:
                        yield MachinePane(id=name)
                yield NameServerPane(id="names")
        yield TranscriptPane(self.at.model, self.texts, id="wire", classes="pane")
        yield ExplainPane()

    @property
    def first(self) -> str:
        """Where one reads: single keys mean something there before somebody wants to write."""
        return "wire"

    def on_mount(self) -> None:
        self._fill_form()
        self.at.drafting.is_behind = False

    def visit(self, pane: str, about: object) -> None:
        """To a field of the form, which has the newest message; to where one types by hand."""
        if isinstance(about, by_hand.TypingByHand):
            self.front("compose")
            self.query_one(ComposePane).go_to_tab("byhand")
            return
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
        """How the machines stand; what is written and typed by hand; what one can do first."""
        super().news()
        state = machines_now(self.at)
        self._name_form()
        self._show_machines(state)
        self._show_card(state)
        self._fill_form()
        self._tell_form(state)
        self._show_recorded()
        self._tell_by_hand(state)
        self._make_room()

    def _make_room(self) -> None:
        """The machines make room while one writes, and all of it for what is said by hand."""
        compose, is_behind, before = self.query_one(ComposePane), self.at.drafting.is_behind, self.classes
        is_talk = is_behind and self.at.conversation.count > 0
        self.set_class(is_talk and compose.has_focus_within, "-byhand")
        self.set_class(not is_talk and (compose.is_worked_in or self._is_beside), "-writing")
        if self.classes != before:
            self.call_after_refresh(self._tell_form_again)

    def _tell_form_again(self) -> None:
        """Its border says what has room there now."""
        self._tell_form(machines_now(self.at))

    @property
    def _is_beside(self) -> bool:
        """Did somebody go from the form to a machine? Both stay where they are: a click may be half done."""
        return self.has_class("-writing") and self.here in MACHINES

    def _name_form(self) -> None:
        """What its pane shows: the message that is written, what is typed by hand, the story or message that plays."""
        playback = self.at.playback
        if playback is None:
            title = self.texts("tab.compose.byhand" if self.at.drafting.is_behind else "pane.compose")
        else:
            title = self.texts("compose.story" if playback.is_story else "compose.message")
        if self._title != title:
            self._title = title
            self.query_one(ComposePane).entitle(sink.content(title))

    def _tell_by_hand(self, state: MachineState) -> None:
        """What was typed and answered, where somebody has looked at it once; before that, an example."""
        for byhand in self.query(ByHandPane):
            if byhand.is_made:
                byhand.follow(self.at.conversation)
                byhand.show_example(Card(hand_card, (state, self.at.conversation.last, self.texts, self.key)))

    @on(ByHandPane.Made)
    def _by_hand_is_made(self, message: ByHandPane.Made) -> None:
        message.stop()
        self._tell_by_hand(machines_now(self.at))

    def _show_recorded(self) -> None:
        """In place of the form while a session plays: the steps of its story, else its message."""
        playback, compose = self.at.playback, self.query_one(ComposePane)
        if playback is None:
            compose.show_recorded(None)
        elif playback.is_story:
            compose.show_recorded(*story_steps(playback, self.texts))
        else:
            compose.show_recorded(recorded_message(self.at.model, self.texts))

    def _show_machines(self, state: MachineState) -> None:
        """Each site in a pane, under its own name; the name server in another one."""
        model, texts = self.at.model, self.texts
        sites = machine_state.sites_of(state, model)
        names: dict[str, str] = {}
        for name in MACHINES:
            pane = self.query_one(f"#{name}", MachinePane)
            site = sites[self._sites[name] % len(sites)] if sites else ""
            pane.machine = Machine(site) if site and not state.trouble else None
            pane.show_rows(machine_state.machine(state, model, site, texts, self.at.now))
            names[name] = in_u_labels(site)
            self._entitle(pane, machine_state.title(state, site, names[name] or texts("machine.some"), texts))
        server = self.query_one(NameServerPane)
        server.show_rows(machine_state.name_server(state, model, texts))
        self._entitle(server, machine_state.title(state, "", texts("names.title"), texts))
        sites_by_pane = {name: site or texts("machine.some") for name, site in names.items()}
        self.query_one(PaneTabs).rename({"compose": self._title, **sites_by_pane})

    def _entitle(self, pane: Titled, title: Line) -> None:
        """Another title."""
        if title != self._titles.get(pane):
            self._titles[pane] = title
            self.keys_changed()  # one that runs can be stopped, and the other way round
            pane.entitle(sink.title(title))

    def _show_card(self, state: MachineState) -> None:
        """In the empty wire of the living lab."""
        is_empty = self.at.playback is None and not self.at.model.entries
        words = (state, self.at.drafting.is_behind, self.texts, self.key)
        self.show_card(Card(start_card, words) if is_empty else None)

    def _tell_form(self, state: MachineState) -> None:
        """On the border of the form: where it goes, and while somebody is elsewhere how to get there."""
        compose, bar, is_behind = self.query_one(ComposePane), self.query_one(KeyBar), self.at.drafting.is_behind
        press = self.key("app.send") if self.at.can_send and not is_behind else ""
        button = self.texts("compose.button", press=press) if press else ""
        cells = compose.outer_size.width - (cell_len(button) + 3 if button else 0)
        via = self._via(state, compose)
        words = whole(self._form_ways(via, compose), cells)
        bar.primary = "" if is_behind else "app.send"
        bar.is_button = not (cells and compose.styles.border_bottom[0])
        is_lit = compose.has_focus_within
        if (button, words, is_lit) != self._form_words:
            self._form_words = button, words, is_lit
            said = sink.keyed(words, via) if is_lit else sink.content(words)
            compose.write_below(sink.button(button, "app.send", said))

    def _via(self, state: MachineState, compose: ComposePane) -> Sequence[str]:
        """By which service it goes, with its port and without."""
        texts, service = self.texts, self.at.drafting.service
        port = next((door.port for door in state.doors if (door.site, door.service) == (compose.site, service)), 0)
        name = shown_service(service)
        named = [texts("compose.send", service=f"{name} {port}")] if port else []
        return [*named, texts("compose.send", service=name)]

    def _form_ways(self, via: Sequence[str], compose: ComposePane) -> Sequence[str]:
        """What is said there, from the longest to the shortest."""
        texts = self.texts
        if self.at.playback is not None:
            return ()
        if compose.has_focus:
            return (texts("compose.enter"),)
        if self.at.drafting.is_behind:
            is_connected = isinstance(self.at.conversation.line, Connected)
            enter = "compose.byhand.say" if is_connected else "compose.byhand.connect"
            return [*([texts(enter)] if compose.has_focus_within else []), texts("compose.byhand.short")]
        if compose.has_focus_within:
            is_typed = self.focused is not None and self.focused.check_consume_key("a", "a")
            typing = [texts("compose.typing")] if is_typed else []
            return [*(" · ".join((*typing, way)) for way in via), *typing, via[-1]]
        return (texts("compose.here"),) if self._next_pane() == "compose" else via

    def belongs(self, offer: Offer, pane: str) -> bool:
        """The keys of the wire are said in it alone, wherever else they do something, too."""
        return pane in ("wire", "explain") or offer.action.context != "reading"

    def _next_pane(self) -> str:
        """The pane that Tab leads to."""
        panes = [name for name in self.PANES if self.is_there(name)]
        return panes[(panes.index(self.here) + 1) % len(panes)] if self.here in panes else ""

    def on_descendant_focus(self) -> None:
        if self.app.is_running:
            self._tell_form_again()
            self._make_room()

    def on_resize(self) -> None:
        self.call_after_refresh(self.news)  # what stands in the panes is laid out for their new sizes

    def _fill_form(self) -> None:
        """The form shows the message that somebody else has put there, and offers the addresses of the lab."""
        drafting, lab, compose = self.at.drafting, self.at.host.lab, self.query_one(ComposePane)
        if self._version != drafting.version:
            self._version = drafting.version
            compose.write(drafting.form)
        if not self._is_hinted and not is_awaited(self.at.life):
            self._is_hinted = True
            compose.hint()
        known = [account.address for account in lab.accounts] if lab is not None else []
        if known != self._known:
            self._known = known
            compose.know(known)

    async def action_composing(self, call: str) -> None:
        self.front("compose")
        await self.query_one(ComposePane).run_action(call)

    def action_is_of_machine(self, name: str) -> None:
        """A key that stands in the border of each machine was pressed elsewhere: which is meant is not known."""
        if self.at.playback is None:
            self.at.ui.say(self.texts("say.of_machine", press=self.key(name)))

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
        self.at.drafting.is_behind = message.tab == "byhand"
        self.keys_changed()
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
