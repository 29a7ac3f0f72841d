"""What every mode has in common: the title, the message's way or the session's time, a status line, the keys."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Label

from maillab.tui.actions.action import Offer
from maillab.tui.actions.keymap import first_key
from maillab.tui.actions.offers import contexts_of, leads_somewhere, subjects_of, what_words_depend_on
from maillab.tui.commands import everywhere
from maillab.tui.commands import replay as replay_commands
from maillab.tui.commands.send import MessageGone
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.machines import title
from maillab.tui.machines.machines_now import is_held
from maillab.tui.machines.way import came_back, on_hold
from maillab.tui.playing.narration import narration
from maillab.tui.playing.replay_words import name_of
from maillab.tui.questions import JUMP_LETTERS, JumpPlace, JumpTo
from maillab.tui.reading.cause import decided
from maillab.tui.screens.panekeys import PaneKeys
from maillab.tui.screens.split import LAYOUTS, Splits
from maillab.tui.terminal.sizes import is_another
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.keybar import KeyBar
from maillab.tui.widgets.panetabs import PaneTabs
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.scrubber import Scrubber
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.text import TextRows
from maillab.tui.widgets.titlebar import MODES, TitleBar
from maillab.tui.widgets.titled import Titled
from maillab.views.journey import Hop

LEAST = (40, 10)  # cells and lines, below which there is only a sentence
LETTERED = (TitleBar, PaneTabs, TabBar, HopStrip)  # bars that have letters to jump by
MODE = "mode {}"  # among the names of what can be jumped to: a pane may be called as a mode is
JumpTarget = tuple[str, Offset, Callable[[], object]]  # its name where its letter is always the same, where, what


class ModeScreen(Screen[None]):
    """A mode. `PANES` are the ids of its panes in the order in which F6 goes through them.

    Textual calls `on_…` of every class of a screen, its own first: a subclass that called super() would do it twice.
    """

    MODE: ClassVar[str] = ""
    PANES: ClassVar[tuple[str, ...]] = ()
    SPLITS: ClassVar[Splits] = {}
    AUTO_FOCUS = ""
    _told: tuple[str, tuple[str, ...]] = ("", ())  # by a narrator: now, and in all

    def __init__(self, at: WindowContext) -> None:
        super().__init__()
        self.at = at
        self._widths: list[int] = []  # of the panes, when their borders were written
        self._sizes: dict[str, int] = {}  # by layout, where a person has chosen one
        self._left = ""  # the pane that had the focus last
        self._of_lab = ""  # the pane in front while the living lab was shown
        self._under = ""  # the key in a border on which a button of the mouse went down
        self._kinds: list[object] = []  # of the things that keys do something to, and what their words depend on
        self._borders = PaneKeys(at, self.belongs)
        self._resizing = False

    @property
    def texts(self) -> Texts:
        """The words of the window."""
        return self.at.texts

    def key(self, action: str) -> str:
        """The key of an action, as it is now."""
        return first_key(action, self.at.own_keys)

    def compose(self) -> ComposeResult:
        yield Label(sink.content(self.texts("small.text", width=LEAST[0], height=LEAST[1])), id="small")
        yield TitleBar(self.texts)
        yield HopStrip(self.texts)
        yield Scrubber(self.texts)
        yield TextRows(id="narration")
        yield PaneTabs(self.texts, self.PANES)
        with Container(id="panes"):
            yield from self.panes()
        yield from self.below()
        yield KeyBar(self.texts, self._keys_below)

    def panes(self) -> Iterable[Widget]:
        """The panes of the mode."""
        return ()

    def below(self) -> Iterable[Widget]:
        """What stands between the panes and the keys: the status."""
        yield StatusBar()

    def on_mount(self) -> None:
        """Name the panes, show what is known, and put the focus where one begins."""
        for name in self.PANES:
            if not (pane := self.pane(name)).border_title:  # what is seen in it may have been said there already
                pane.border_title = sink.content(self.texts(f"pane.{name}"))
        self.query_one(TitleBar).mode = self.MODE
        self.screen_layout_refresh_signal.subscribe(self, self._laid_out)
        self.front(self.first)
        self.news()

    def arrived(self) -> None:
        """The mode was gone to: before it is drawn it has to know what happened meanwhile."""
        self.news()

    def visit(self, pane: str, about: object) -> None:
        """Somebody was sent here: to a pane, "" for wherever one is, because of a value that the mode knows."""
        if pane:
            self.front(pane)
        if isinstance(about, MessageGone):
            self.message_gone()

    # ── what is new ──

    def news(self) -> None:
        """The model knows more, or another moment is shown."""
        model = self.at.model
        self.query_one(TitleBar).state = title.state_words(self.at)
        playback, number = self.at.playback, (model.trip_number, len(model.journeys.trips))
        report = model.journeys.report_about(trip) if (trip := model.trip) is not None and came_back(trip) else None
        name = name_of(playback) if playback is not None else ""
        form = self.at.drafting.form
        if trip is not None and is_held(self.at, trip.message):
            trip = on_hold(trip)
        self.query_one(HopStrip).show(trip, number, self.at.now, report, of=name, written=(form.sender, form.to))
        if self.has_class("-replay") is (playback is None):
            self.set_class(playback is not None, "-replay")
            self.front(self.first if playback is not None else self._of_lab or self.first)
            self.keys_changed()
        if playback is not None:
            self.query_one(Scrubber).show(playback)
        self.tell()
        self.tell_words()
        self._tell_keys()

    @property
    def explains(self) -> bool:
        """Is there a pane beside the others in which a narrator is heard?"""
        return False

    def tell(self) -> None:
        """What a narrator says, where no pane does; its place is as high as it will ever have to be."""
        playback, place = self.at.playback, self.query_one("#narration", TextRows)
        told = playback.captions if playback is not None and not self.explains else ()
        now = (playback.words if playback is not None else "", told)
        place.set_class(bool(told), "-on")
        if now != self._told:
            self._told = now
            place.show_made(lambda cells: narration(*now, cells))

    @on(Rows.Moved)
    def _tell_keys(self) -> None:
        """Another kind of thing is under the cursor: other keys do something."""
        nodes = self.focused.ancestors_with_self if self.focused is not None else (self,)
        places = [*nodes, *map(self.pane, self.PANES)]
        kinds = [what_words_depend_on(self.at), *(type(subject) for place in places for subject in subjects_of(place))]
        if kinds != self._kinds:
            self._kinds = kinds
            self.keys_changed()

    def on_descendant_focus(self) -> None:
        if not self.app.is_running:
            return  # a window that closes takes one pane after the other away, and the focus goes from one to the next
        pane = self.pane_of(self.focused)
        self._left = pane or self._left
        if pane and pane != self.fronted and self.layout_now:
            self.front(pane, focus=False)  # so that it is still seen where there is room for one only
        self.keys_changed()

    def _laid_out(self, _: object) -> None:
        """Panes may be wider or narrower now: there is room for other keys in their borders."""
        if not self.app.is_running:
            return  # its panes go one after the other, and each time the others are laid out
        widths = [self.pane(name).outer_size.width for name in self.PANES]
        if widths != self._widths:
            self._widths = widths
            self.keys_changed()

    def keys_changed(self) -> None:
        """Other keys do something, or the same do something else: in the borders of the panes, and in the last line."""
        self._borders.write(map(self.pane, self.PANES), self.focused)
        self.query_one(KeyBar).changed()

    def fit_keys(self, pane: Titled) -> None:
        """There is room for more or fewer keys in the border of a pane; what has none stands in the last line."""
        if self._borders.fit(pane):
            self.query_one(KeyBar).changed()

    def on_screen_suspend(self) -> None:
        """A dialog stands before it: none of its keys does anything."""
        self.query_one(KeyBar).changed()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Its styles are as they were: `switch_mode` has looked whether a style sheet has changed meanwhile."""
        event.refresh_styles = False
        self.query_one(KeyBar).changed()

    def _keys_below(self) -> Iterator[Offer]:
        """What keys do here, but for those that stand in a border already."""
        pane = self.pane_of(self.focused)
        for offer in self.at.ui.pressable():
            is_said_above = offer.action.name in self._borders.of_lit
            if not is_said_above and self.belongs(offer, pane) and leads_somewhere(offer.action, self.at):
                yield offer

    def belongs(self, offer: Offer, pane: str) -> bool:
        """Is it said where this pane is lit? In a bar (pane "") only what is the bar's, and what holds everywhere."""
        return bool(pane) or offer.action.context not in contexts_of(self)

    def _forward_event(self, event: events.Event) -> None:
        """What stands under a button that goes down: by the time of the click the pane may be lit, with other keys."""
        if isinstance(event, events.MouseDown):
            self._under = self.get_style_at(event.screen_x, event.screen_y).meta.get("press", "")
        super()._forward_event(event)

    def on_click(self, event: events.Click) -> None:
        """A key in a border was clicked: it is pressed in its pane."""
        name, self._under = self._under, ""
        if name:
            event.stop()
            widget, _ = self.get_widget_at(event.screen_x, event.screen_y)
            if (pane := self.pane_of(widget)) and pane != self.pane_of(self.focused):
                self.front(pane)
            self.at.ui.do(name)

    @property
    def here(self) -> str:
        """The pane where somebody is, or was before they went to a bar."""
        return self.pane_of(self.focused) or self._left or self.fronted

    # ── panes ──

    @property
    def first(self) -> str:
        """The pane in which one begins."""
        return self.PANES[0]

    def pane(self, name: str) -> Widget:
        """A pane by its id."""
        return self.query_one(f"#{name}")

    @property
    def fronted(self) -> str:
        """The pane that is in front, where only one can be seen."""
        return next((name for name in self.PANES if self.query(f"#{name}.-front")), self.PANES[0])

    def front(self, name: str, *, focus: bool = True) -> None:
        """Bring a pane to the front, with the focus in it."""
        pane = self.pane(name)
        if self.at.playback is None and not self.has_class("-replay"):
            self._of_lab = name
        places = [*map(self.pane, self.PANES), *self.query(".group")]
        others = [one for one in places if (one in pane.ancestors_with_self) is not one.has_class("-front")]
        for place in others:
            place.set_class(not place.has_class("-front"), "-front", update=False)
        self.app.stylesheet.update_nodes(others)  # without what is in them: no rule asks whether that is in front
        self.query_one(PaneTabs).current = name
        if focus:
            self.focus_pane(name)

    def focus_pane(self, name: str) -> None:
        """The focus goes into a pane: on itself where it can have it, else on the first thing in it that can."""
        if target := self._entered(name):
            self.set_focus(target)

    def _entered(self, name: str) -> Widget | None:
        """The pane itself where it can have the focus, else the first thing in it that can."""
        pane = self.pane(name)
        inner = [pane, *pane.query("*").results(Widget)]
        return next((widget for widget in inner if widget.focusable and widget.display), None)

    def leave_field(self) -> None:
        """The focus goes where nothing is typed, if it is not there, so that single keys mean what the key bar says."""
        if self.focused is not None and not self.focused.check_consume_key("a", "a"):
            return
        places = [self.pane(self.pane_of(self.focused) or self.first), *self.focus_chain]
        target = next((one for one in places if one.focusable and not one.check_consume_key("a", "a")), None)
        if target is not None:
            self.set_focus(target)

    def pane_of(self, widget: Widget | None) -> str:
        """The pane that a widget is in, "" for none."""
        while widget is not None and widget is not self:
            if widget.id in self.PANES:
                return str(widget.id)
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        return ""

    def step_pane(self, by: int) -> None:
        """The next pane, or the one before."""
        now = self.pane_of(self.focused)
        if not now:
            self.front(self.fronted)
            return
        panes = [name for name in self.PANES if self.is_there(name)]
        place = panes.index(now) if now in panes else 0
        self.front(panes[(place + by) % len(panes)])

    # ── what keys do in every mode ──

    def action_step_pane(self, by: int) -> None:
        self.step_pane(by)

    def action_step_back(self) -> None:
        """One level back: a zoomed pane, a filter, a field."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif not self.back():
            if self.at.playback is not None:
                self.at.ui.say(self.texts("say.how_to_leave"))
            self.focus_pane(self.fronted)
            self.leave_field()

    def action_leave_field(self) -> None:
        self.leave_field()

    def action_zoom(self) -> None:
        """The pane with the focus takes all the room, or gives it back."""
        self.front(self.here, focus=False)
        self.toggle_class("-zoomed")

    def action_resize_split(self, by: int) -> None:
        self.resize_split(by)

    def action_jump(self) -> None:
        """A letter on everything that can have the focus, and on every part of the bars."""
        self.at.ui.attempt(self._jump(), asks=True)

    async def _jump(self) -> None:
        targets = [*self._targets([bar for bar in self.query(Bar) if isinstance(bar, LETTERED) and bar.region.area])]
        fixed = dict(zip([*map(MODE.format, MODES), *self.PANES], JUMP_LETTERS, strict=False))
        places = [JumpPlace(place.x, place.y, fixed.get(name, "")) for name, place, _ in targets]
        number = await self.at.ui.ask(JumpTo(places, "".join(fixed.values())))
        if number is not None:
            targets[number][2]()

    def _targets(self, bars: Sequence[Bar]) -> Iterator[JumpTarget]:
        """Everything that can be gone to. A pane that a bar names has its letter there, another one on its border.

        A letter stands before what it is for, with a blank on either side where there are any, and covers no word.
        """
        named: set[str] = set()
        for bar in bars:
            if bar.can_focus:
                yield "", bar.region.offset, partial(self.set_focus, bar)
                continue
            for says, column in bar.places():
                name = says if isinstance(bar, PaneTabs) else MODE.format(says) if isinstance(bar, TitleBar) else ""
                named.add(name)
                place = bar.region.offset + Offset(bar.letter_column(column), 0)
                yield name, place, partial(bar.post_message, Bar.Pressed(bar, says))
        for name in self.PANES:
            if name not in named and (pane := self.pane(name)).region.area:
                beside_corner = 1 if pane.styles.border_left[0] else 0
                yield name, pane.region.offset + Offset(beside_corner, 0), partial(self.front, name)
        entered = [self._entered(name) for name in self.PANES]
        for widget in self.focus_chain:
            if widget not in entered and widget.region.area and not isinstance(widget, Bar):
                before = Offset(max(0, widget.region.x - 1), widget.region.y)
                yield "", before, partial(self.set_focus, widget)

    def tell_words(self) -> None:
        """What is said now, in the status line, if that is made."""
        for bar in self.query(StatusBar):
            bar.words = self.at.said.words

    def back(self) -> bool:
        """One level back within the mode; False when there is none."""
        return False

    def message_gone(self) -> None:
        """A message was handed over here."""

    def put_away(self) -> None:
        """The mode is taken down: what was being written is kept."""

    # ── room ──

    @property
    def layout_now(self) -> str:
        """The layout of the screen, "" where its panes do not stand beside one another."""
        return next((name for name in LAYOUTS if self.has_class(name)), "") if not self.has_class("-zoomed") else ""

    def resize_split(self, by: int) -> None:
        """So many steps more room for the pane that matters most; remembered for this layout."""
        split = self.SPLITS.get(self.layout_now)
        if split is not None:
            size, total = self.pane(split.measured).outer_size, self.query_one("#panes").size
            now, most = (size.height, total.height) if split.is_vertical else (size.width, total.width)
            self._sizes[self.layout_now] = split.moved(now, most, by)
            self._apply_splits()

    def _apply_splits(self) -> None:
        """The chosen size where one was chosen in this layout; the style sheet's everywhere else."""
        for layout, split in self.SPLITS.items():
            chosen = layout == self.layout_now and layout in self._sizes
            styles = self.query_one(f"#{split.target}").styles
            if chosen or layout in self._sizes:
                setattr(styles, split.rule, split.value(self._sizes[layout]) if chosen else None)

    def call_after_refresh(self, callback: Callable[..., object], *args: object, **options: object) -> bool:
        """As Textual's; but a window that closes has no panes any more for whatever was to be done in them."""

        def in_time() -> object:
            return callback(*args, **options) if self.app.is_running else None

        return super().call_after_refresh(in_time)

    def _screen_resized(self, size: Size) -> None:
        if is_another(size, self):
            self._resizing = True
            super()._screen_resized(size)
            self._resizing = False

    def _compositor_refresh(self) -> None:
        """The first layout of a size is not drawn: what learns of its size by it asks for the next one at once."""
        if not self._resizing:
            super()._compositor_refresh()

    def on_resize(self) -> None:
        if self._sizes:
            self.call_after_refresh(self._apply_splits)
        self.call_after_refresh(self._keep_focus, self._left)

    def _keep_focus(self, pane: str) -> None:
        """After another layout the pane that had the focus has it again; where it has no place, the first one."""
        if pane and self.pane_of(self.focused) != pane and not isinstance(self.focused, HopStrip):
            self.front(pane if self.is_there(pane) else self.first)

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Tab: the next place in the order of the screen; what is passed by is reached in another way."""
        target = super().focus_next(selector)
        while getattr(target, "passed_by", False):
            target = super().focus_next(selector)
        return target

    def is_there(self, name: str) -> bool:
        """Can this pane be brought to the front? Where panes stand beside one another some may have no place."""
        return not self.layout_now or bool(self.pane(name).display)

    @on(Bar.Pressed)
    def _pressed(self, message: Bar.Pressed) -> None:
        """A part of a bar was clicked."""
        message.stop()
        bar, says = message.bar, message.says
        match bar:
            case TitleBar():
                everywhere.go(self.at, says)
            case PaneTabs():
                self.front(says)
            case HopStrip():
                bar.press(says)
            case KeyBar() | StatusBar():
                self.at.ui.do(says)
            case Scrubber():
                replay_commands.scrub(self.at, int(says))

    @on(HopStrip.Chosen)
    def _hop_chosen(self, message: HopStrip.Chosen) -> None:
        message.stop()
        self.hop_chosen(message.hop)

    def hop_chosen(self, hop: Hop | None) -> None:
        """A station of the message was chosen: what was said there is read in the wire."""
        if hop is not None:
            strip = self.query_one(HopStrip)
            strip.hop = None
            self.at.ui.go("wire", "" if strip.has_focus else "wire", hop)

    @on(HopStrip.ResultChosen)
    def _result_chosen(self, message: HopStrip.ResultChosen) -> None:
        message.stop()
        model = self.at.model
        if (trip := model.trip) is not None and (seq := decided(model, trip)):
            self.show_line(seq)

    def show_line(self, seq: int) -> None:
        """The line of this number is read in the wire."""
        self.at.ui.go("wire", "wire", seq)

    @on(HopStrip.Stepped)
    def _hop_stepped(self, message: HopStrip.Stepped) -> None:
        message.stop()
        self.at.model.step_trip(message.step)
        self.news()
        self.hop_chosen(self.query_one(HopStrip).hop)
