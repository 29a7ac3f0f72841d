"""Every way of content to the screen: widgets and dialogs, one after the other, with strings of a stranger in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Label

from maillab import events
from maillab.client.compose import Attachment
from maillab.client.local_store import LocalMessage, MailFolder
from maillab.events import Closed, Entry, Leg, Opened, Said, Secured, Side
from maillab.mail.message import initial_of
from maillab.protocols.smtp import SMTP
from maillab.recording.saved_sessions import SavedSession
from maillab.recording.session import Header, Mark
from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import BY_NAME
from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.help import Help
from maillab.tui.dialogs.jump import Jump
from maillab.tui.dialogs.listing import ListDialog
from maillab.tui.dialogs.picker import PickDialog
from maillab.tui.dialogs.prompt import PromptDialog
from maillab.tui.looks import sink
from maillab.tui.looks.card import Card
from maillab.tui.machines import machine_state
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.machines.machine_state import MachineState, ServiceState, ZoneState
from maillab.tui.machines.start_card import start_card
from maillab.tui.machines.title import TitleWord
from maillab.tui.mail import messageview
from maillab.tui.mail.mailboxes import MailboxCounts, tree
from maillab.tui.playing import session_preview
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.questions import (
    AskByKey,
    Choice,
    HelpText,
    JumpPlace,
    JumpTo,
    KeyAnswer,
    Listing,
    ListItem,
    Pick,
    Prompt,
)
from maillab.tui.reading.explanation import explain
from maillab.tui.reading.model import Model
from maillab.tui.state.said import SaidWord
from maillab.tui.texts import Texts
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.explain import ExplainPane
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.keybar import KeyBar
from maillab.tui.widgets.machine import MachinePane
from maillab.tui.widgets.message import MessagePane
from maillab.tui.widgets.messages import Folders, Messages
from maillab.tui.widgets.panetabs import PaneTabs
from maillab.tui.widgets.scrubber import Scrubber
from maillab.tui.widgets.sessionlist import SessionList
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.talks import TalkTree
from maillab.tui.widgets.text import TextRows
from maillab.tui.widgets.titlebar import TitleBar
from maillab.tui.widgets.transcript import TranscriptPane
from maillab.views.journey import Trip
from tests.tui.hostile.corpus import M1, M2, M3, MONSTERS, strings
from tests.tui.hostile.sessions import NOW, Words, octets_of, session
from tests.tui.hostile.sessions import message as hostile_message

SIZE = (110, 42)  # of the terminal on which widgets are fed
EN = Texts("en")
LAYERS = ("both", "guard", "safe")  # of the two: both, the second without the first, the first without the second


@dataclass(frozen=True)
class Show:
    """What is to be seen: widgets or a screen, and what is done to them when they stand."""

    widgets: Sequence[Widget] = ()
    screen: Screen[Any] | None = None
    then: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Specimen:
    """A way of content to the screen. `room` strings are shown at once.

    `ours`: its words are those of our own catalogues, or stand where somebody typed them: only the guard looks at them.
    `shown` of a hundred strings can be seen, at least, with their numbers; the others stand beyond an edge.
    """

    show: Callable[[list[str]], Show]
    room: int
    ours: bool = False
    shown: int = 95


SPECIMENS: dict[str, Specimen] = {}


def specimen(room: int, *, ours: bool = False, shown: int = 95) -> Callable[[Callable[[list[str]], Show]], Any]:
    """Enter it into the table, by the name of its function."""

    def enter(show: Callable[[list[str]], Show]) -> Callable[[list[str]], Show]:
        SPECIMENS[show.__name__] = Specimen(show, room, ours, shown)
        return show

    return enter


class Hostile(Texts):
    """A catalogue that is not to be trusted."""

    def __init__(self, given: Sequence[str]) -> None:
        super().__init__("en")
        self._words = Words(given)

    def __call__(self, key: str, **values: object) -> str:
        return self._words()


def _each(widgets: Sequence[Widget], classes: str = "one") -> Show:
    return Show([Vertical(widget, classes=classes) for widget in widgets])


def _entry(seq: int, event: events.Event) -> Entry:
    return Entry(seq, NOW + seq, event)


def _pairs(given: list[str]) -> Iterator[tuple[str, str]]:
    words = chain(given, repeat(""))
    return ((next(words), next(words)) for _ in range((len(given) + 1) // 2))


@specimen(36)
def titlebar(given: list[str]) -> Show:
    """The state at the right edge."""
    bars = [TitleBar(EN) for _ in given]
    for bar, text in zip(bars, given, strict=True):
        bar.state = (TitleWord("warn", (sink.piece("warn", text)[1],)),)
    return _each(bars)


@specimen(36, ours=True)
def tabbar(given: list[str]) -> Show:
    """Names of tabs."""
    return _each([TabBar(Hostile([text]), "message", ("a",)) for text in given])


@specimen(36, ours=True)
def panetabs(given: list[str]) -> Show:
    """Names of panes."""
    return _each([PaneTabs(Hostile([text]), ("a",)) for text in given])


@specimen(36, shown=90)
def keybar(given: list[str]) -> Show:
    """Keys, as a configuration names them; those that do not fit fall away."""
    action = BY_NAME["app.help"]
    return _each([KeyBar(EN, lambda text=text: [Offer(action, (text,))]) for text in given])


@specimen(72)
def statusbar(given: list[str]) -> Show:
    """What is filtered, what a line means, what is said for a moment."""
    bars: list[Widget] = []
    for number, (one, other) in enumerate(_pairs(given)):
        bar = StatusBar()
        bar.facts, bar.meaning = (one[:30], other) if number % 3 else ("", "")
        bar.words = () if number % 3 else (SaidWord("bad", f"{one[:50]} {other}", 1.0),)
        bars.append(bar)
    return _each(bars)


@specimen(36, shown=0)
def scrubber(given: list[str]) -> Show:
    """Marks; their names are not shown here."""
    entries = [_entry(seq, Closed("x", text)) for seq, text in enumerate(given, 1)]
    bar = Scrubber(EN)
    playback = Playback(Recording(Header(given[0]), entries, [Mark(text, 1, NOW) for text in given], whole=True))
    return Show([bar], then=lambda: bar.show(playback))


@specimen(72)
def hopstrip(given: list[str]) -> Show:
    """From whom, to whom."""
    bars = [HopStrip(EN) for _ in _pairs(given)]

    def then() -> None:
        for bar, (one, other) in zip(bars, _pairs(given), strict=True):
            bar.show(Trip(one, one, (other,), 1), (1, 1))

    show = _each(bars)
    return Show(show.widgets, then=then)


@specimen(20, ours=True, shown=90)
def filterbar(given: list[str]) -> Show:
    """What was typed, what is wrong with it."""
    bars = [FilterBar("wire") for _ in _pairs(given)]

    def then() -> None:
        for bar, (one, other) in zip(bars, _pairs(given), strict=True):
            bar.ask("filter", "Filter", one, other, lambda: None)

    return Show(_each(bars).widgets, then=then)


@specimen(30)
def transcript(given: list[str]) -> Show:
    """Lines of every kind of thing that can happen."""
    kinds: Sequence[Callable[[str], events.Event]] = (
        lambda text: Said("relay-1", Side.SERVER, b"220 " + octets_of(text)),
        lambda text: Said("relay-1", Side.CLIENT, octets_of(text)),
        lambda text: Opened(text, Leg.RELAY, "smtp", text),  # stands in the heading of a talk of its own
        lambda text: Closed("relay-1", text),
        lambda text: Secured("relay-1", text, text, events.Certificate(text, text, (text,), text)),
        lambda text: events.Authenticated("relay-1", text, "PLAIN"),
        lambda text: events.Deferred("L1", ("b@x.test",), text, 9),
        lambda text: events.Routed("L1", (text,)),
        lambda text: events.Warned("x", text),
        lambda text: events.Tolerated("relay-1", text, "x"),
        lambda text: events.RulePlayed("relay-1", text, text),
        lambda text: events.Stumbled("x", "x", text),
    )
    model = Model()
    model.take([_entry(seq, kinds[seq % len(kinds)](text)) for seq, text in enumerate(given, 1)])
    return Show([TranscriptPane(model, EN)])


@specimen(24)
def explained_entry(given: list[str]) -> Show:
    """One line explained: who said it where, what it was."""
    model, panes, seq = Model(), [], 0
    lines: list[Entry] = []
    for one, other in _pairs(given):
        lines += [
            _entry(seq + 1, Opened(one, Leg.RELAY, "smtp", "x")),
            _entry(seq + 2, Said(one, Side.CLIENT, octets_of(other))),
        ]
        seq += 2
    model.take(lines)
    for entry in lines[1::2]:
        pane = ExplainPane(classes="")
        pane.show_lines([line for line in explain(model, entry, EN, 100, headed=True) if line][:3])
        panes.append(pane)
    return _each(panes, "three")


@specimen(36)
def talks(given: list[str]) -> Show:
    """Talks of no message, and messages, by their names, their people and their servers."""
    model, lines = Model(), []
    for number, (one, other) in enumerate(_pairs(given)):
        seq = 3 * number + 1
        lines += [_entry(seq, Opened(one, Leg.RELAY, "smtp", other)), _entry(seq + 1, Closed(one, other))]
        lines.append(_entry(seq + 2, events.Submitted(f"t{seq}", other, f"{one}@x", (other,), 1)))
    model.take(lines)
    tree = TalkTree(EN)
    return Show([tree], then=lambda: tree.show_model(model))


@specimen(36)
def folders(given: list[str]) -> Show:
    """Accounts and sites."""
    pane = Folders()
    boxes = [MailboxCounts(f"{one}@{other}", waiting=1) for one, other in _pairs(given)]
    return Show([pane], then=lambda: pane.show_tree(tree(boxes, None, EN), None))


@specimen(72, shown=90)
def messages(given: list[str]) -> Show:
    """From whom, about what; and why there is nothing. What is before a `<` is not, where there is no room for both."""
    items = [
        LocalMessage(
            n,
            "b@x",
            MailFolder.SENT if n % 2 else MailFolder.INBOX,
            "",
            True,
            False,
            9,
            NOW,
            one,
            one,
            other,
            None,
            0,
        )
        for n, (one, other) in enumerate(_pairs(given))
    ]
    full, empty = Messages(EN), Messages(EN)
    full.styles.height = len(items) + 1

    def then() -> None:
        full.show_items(items, "", NOW)
        empty.show_items([], given[0], NOW)

    return Show([full, Vertical(empty, classes="one")], then=then)


@specimen(9, shown=85)
def machines(given: list[str]) -> Show:
    """Sites, doors, people, queues, what is unusual, zones, why there is no lab."""
    word = Words(given)
    site, job = word(), f"{initial_of(0)}{word()}"
    model = Model()
    model.take([
        _entry(1, Opened("submit-1", Leg.SUBMIT, "submission", f"mail.{site}")),
        _entry(2, events.Queued(job, "L1", "x", (whom := word(),))),
        _entry(3, events.Deferred(job, (whom,), word(), 60)),
    ])  # fmt: skip
    door = ServiceState(site, "submission", 25, "none", True)
    people, notes = {site: (f"{word()}@x", word())}, {site: (word(),)}
    zones = (ZoneState(word(), 1, ()),)
    known = MachineState((site,), (door,), people, notes=notes, names_port=53, zones=zones)
    broken = MachineState(trouble=word())
    panes = [MachinePane(id=name) for name in ("sender", "recipient", "other", "last")]
    for pane in panes:
        pane.remove_class("pane")
    rows = [
        machine_state.machine(known, model, site, EN, NOW),
        machine_state.name_server(known, model, EN),
        machine_state.machine(broken, model, site, EN, NOW),
        machine_state.machine(machine_state.of_session(session(given).header), model, word(), EN, NOW),
    ]

    card = TextRows()
    card.styles.height = 12

    def then() -> None:
        for pane, shown in zip(panes, rows, strict=True):
            pane.show_rows(shown)
        card.card = Card(start_card, (broken, False, EN, str))
        card.refresh()

    return Show([*panes, card], then=then)


@specimen(8, shown=90)
def message(given: list[str]) -> Show:
    """A message in each of the ways to look at it."""
    panes = [MessagePane(EN) for _ in messageview.TABS]
    for pane in panes:
        pane.remove_class("pane")
        pane.styles.height = 8
    octets = [hostile_message(Words(given), html=bool(number % 2)) for number in range(len(panes))]

    def then() -> None:
        for pane, tab, whole in zip(panes, messageview.TABS, octets, strict=True):
            pane.show(messageview.tab(messageview.opened(whole), tab, EN))

    return Show([Vertical(pane, classes="eight") for pane in panes], then=then)


@specimen(36)
def sessionlist(given: list[str]) -> Show:
    """Names of files."""
    pane = SessionList(EN)
    files = [SavedSession(Path(Words([text]).name()), 1, NOW) for text in given]
    return Show([pane], then=lambda: pane.show_sessions(files, NOW))


@specimen(9, shown=85)
def preview(given: list[str]) -> Show:
    """A session at a glance: its title, its marks, its first lines; or why it cannot be read."""
    entries = tuple(_entry(seq, Said("x", Side.SERVER, octets_of(text))) for seq, text in enumerate(given[3:], 1))
    good = SessionSummary(given[0], len(entries), marks=tuple(given[1:2]), first=entries)
    shown = (SessionSummary(trouble=given[-1]), good)
    panes = [TextRows(session_preview.preview("x", one, NOW, EN, 80)) for one in shown]
    return Show(panes)


@specimen(8, ours=True, shown=85)
def compose(given: list[str]) -> Show:
    """Every field of a message that is written, files, complaints."""
    pane, word = ComposePane(EN), Words(given)
    draft = DraftForm(word(), word(), word(), word(), word(), word(), word(), (Attachment(word(), word(), b"x"),))

    def then() -> None:
        pane.know(given)
        pane.write(draft)
        pane.say(given[0], bad=True)

    return Show([Vertical(pane, classes="half")], then=then)


@specimen(8, ours=True, shown=90)
def compose_source(given: list[str]) -> Show:
    """Its header and its octets."""
    pane, word = ComposePane(EN), Words(given)

    async def then() -> None:
        pane.write(DraftForm(headers=f"{word()}\n{word()}"))
        pane.show_tab("headers")
        while not any(rows.size.area for rows in pane.query("#headers")):
            await pane.app.drawn()
        pane.show_source((), [[sink.piece("plain", text)] for text in given])

    return Show([pane], then=then)


@specimen(8, shown=90)
def byhand(given: list[str]) -> Show:
    """A conversation that is typed."""
    pane = ByHandPane(EN)
    pane.add_class("-on")

    def then() -> None:
        pane.begin(given[0], SMTP)
        pane.heard(_entry(0, Opened("by-hand", Leg.SUBMIT, "smtp", "mx.recipient.test")))
        pane.note("\n".join(given[1:3]))
        for seq, text in enumerate(given[3:], 1):
            pane.heard(_entry(seq, Said("by-hand", Side.SERVER if seq % 2 else Side.CLIENT, b"250 " + octets_of(text))))

    return Show([pane], then=then)


@specimen(6)
def textrows(given: list[str]) -> Show:
    """A text to read."""
    return Show([TextRows([[sink.piece("plain", text)] for text in given])])


@specimen(24)
def titles(given: list[str]) -> Show:
    """Titles of panes, above and below."""
    boxes = []
    for one, other in _pairs(given):
        box = Vertical(classes="boxed")
        box.border_title, box.border_subtitle = sink.content(one), sink.content(other)
        boxes.append(box)
    return Show(boxes)


@specimen(36)
def labels(given: list[str]) -> Show:
    """Labels."""
    return Show([Label(sink.content(text), classes="one") for text in given])


@specimen(6, shown=90)
def ask(given: list[str]) -> Show:
    """A question and its answers."""
    return Show(
        screen=AskDialog(AskByKey("\n".join(given[:3]), [KeyAnswer(text, text[:3], text) for text in given[3:]]), EN)
    )


@specimen(24, ours=True, shown=80)
def picker(given: list[str]) -> Show:
    """A list to choose from."""
    choices = [Choice(one, one, other, "k") for one, other in _pairs(given[1:])]
    return Show(screen=PickDialog(Pick(given[0], choices, given[0]), EN))


@specimen(24, shown=80)
def listing(given: list[str]) -> Show:
    """A list to work in."""
    items = [ListItem(one, one, True, other, other) for one, other in _pairs(given[1:])]
    return Show(screen=ListDialog(Listing(given[0], lambda: items, []), EN))


@specimen(3, ours=True)
def prompt(given: list[str]) -> Show:
    """A field to fill in."""
    title, value, hint = (*given, "", "")[:3]
    return Show(screen=PromptDialog(Prompt(title, value=value, hint=hint, suggestions=given), EN))


@specimen(6, shown=90)
def help_(given: list[str]) -> Show:
    """A text of help."""
    return Show(screen=Help(HelpText(given[0], [[sink.piece("plain", text)] for text in given]), EN))


@specimen(36, shown=0)
def jump(given: list[str]) -> Show:
    """Messages to jump by; nothing of anybody's is in them."""
    return Show(
        screen=Jump(JumpTo([JumpPlace(1, number) for number in range(len(given))]), banner=given[0] if given else "")
    )


@cache
def widget_classes() -> dict[str, type]:
    """Every widget and dialog of the window, by its name."""
    import importlib
    import pkgutil

    found: dict[str, type] = {}
    for room in ("maillab.tui.widgets", "maillab.tui.dialogs"):
        for module in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}."):
            for name, kind in vars(importlib.import_module(module.name)).items():
                if isinstance(kind, type) and issubclass(kind, Widget) and kind.__module__ == module.name:
                    found[name] = kind
    return found


def batches(names: Sequence[str], seed: int, count: str) -> Iterator[tuple[Specimen, list[str]]]:
    """What is shown at once, one after the other: so many strings of each specimen, or as COUNT says otherwise.

    "frame": as many as it has room for; "monsters": each alone; "markup": what would act if it were markup.
    """
    for name in names:
        one = SPECIMENS[name]
        if count == "monsters":
            yield from ((one, [monster]) for monster in MONSTERS)
        elif count == "markup":
            yield one, [M1, M2, M3]
        else:
            given = strings(seed, one.room, first_of(name)) if count == "frame" else strings(seed, int(count))
            yield from ((one, given[begin : begin + one.room]) for begin in range(0, len(given), one.room))


def first_of(name: str) -> int:
    """The number of the first string of a specimen, where each has one frame."""
    return 0x100 * list(SPECIMENS).index(name)
