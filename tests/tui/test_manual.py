"""The help of a place."""

import pytest
from rich.cells import cell_len

from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import BY_NAME, of
from maillab.tui.manual import PAGE_OF, manual, page
from maillab.tui.screens.lab import LabScreen
from maillab.tui.screens.mail import MailScreen
from maillab.tui.screens.sessions import SessionsScreen
from maillab.tui.screens.wire import WireScreen
from maillab.tui.texts import Texts

SHOWN = {"lab": ("byhand", "recorded")}  # in place of the message that is written


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("screen", [LabScreen, MailScreen, WireScreen, SessionsScreen])
def test_every_pane_has_its_help(screen, lang):
    """Each pane of each mode has prose, and its keys, in both languages."""
    offers = [Offer(action, action.keys) for context in ("app", "rows") for action in of(context)]
    for pane in (*screen.PANES, *SHOWN.get(screen.MODE, ())):
        lines = text(manual(Texts(lang), screen.MODE, pane, offers))
        assert len(lines[0]) > 20
        assert any(line.startswith(" F1 ?") for line in lines)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("screen", [LabScreen, MailScreen, WireScreen, SessionsScreen])
def test_every_pane_has_its_page(screen, lang):
    """Below the help of each pane stands a page of the manual, whose headings have a style instead of a line."""
    for pane in ("", *screen.PANES, *SHOWN.get(screen.MODE, ())):
        lines = list(page(Texts(lang), screen.MODE, pane, 60))
        said = text(lines)
        assert "maillab help" in said[0]
        assert lines[2][0][0] == "heading"
        assert "====" not in "".join(said)
        assert all(len(line) <= 60 or line.startswith("    ") for line in said[1:])


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_key_has_one_meaning(lang):
    """In a replay the keys that go from command to command move the replay: only that is said."""
    texts = Texts(lang)
    live = [Offer(action, action.keys) for action in of("transcript")]
    replayed = [*live, *(Offer(action, action.keys) for action in of("replay"))]
    said, said_in_replay = (" ".join(text(manual(texts, "wire", "wire", offers))) for offers in (live, replayed))
    assert texts("help.live") in said
    assert texts("help.live") not in said_in_replay
    assert texts("help.replay").split("\n")[0] in said_in_replay


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_key_is_listed_once(lang):
    """At the nearest place, the first one: r on a machine retries there. Other keys of the further action stay."""
    near, far, other = BY_NAME["machine.retry"], BY_NAME["reading.retry"], BY_NAME["rows.up"]
    offers = [Offer(near, ("r",)), Offer(far, ("r",)), Offer(other, ("r", "k"))]
    lines = text(manual(Texts(lang), "lab", "sender", offers))
    assert [line.split()[0] for line in lines if line.startswith((" r ", " k "))] == ["r", "k"]
    assert not [line for line in lines if far.sentence(lang) in line]


def test_places_of_pages_exist():
    """Every place that has a page of its own is one."""
    screens = (LabScreen, MailScreen, WireScreen, SessionsScreen)
    shown = [(screen.MODE, ("", *screen.PANES, *SHOWN.get(screen.MODE, ()))) for screen in screens]
    places = {f"{mode}.{pane}" for mode, panes in shown for pane in panes}
    assert set(PAGE_OF) <= places


def test_the_nearest_keys_come_first():
    """The keys of the pane stand before those that hold everywhere, and an action without keys is left out."""
    offers = [Offer(action, action.keys) for context in ("app", "rows", "mail") for action in of(context)]
    lines = text(manual(Texts("en"), "mail", "messages", offers))
    texts = Texts("en")
    places = [lines.index(texts(f"keys.{context}")) for context in ("mail", "app", "rows")]
    assert places == sorted(places)
    assert not any(BY_NAME["app.clock"].sentence("en") in line for line in lines)


def test_a_key_stands_with_those_of_its_kind():
    """What waits in the machines is tried by a key of the wire, too: it is one of the machines."""
    lines = text(manual(Texts("en"), "wire", "wire", [Offer(action, action.keys) for action in of("reading")]))
    machines = lines.index(Texts("en")("keys.machine"))
    assert [line.split()[:3] for line in lines[machines + 1 :] if line] == [["r", "Retry", "all"]]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_recording_is_explained(lang):
    """Where one is shown, its help says so, and lists its keys."""
    texts = Texts(lang)
    replay = [Offer(action, action.keys) for action in of("replay")]
    first = texts("help.replay").split("\n")[0]
    lines = text(manual(texts, "wire", "wire", replay))
    assert first in lines
    assert texts("keys.replay") in lines
    assert first not in text(manual(texts, "wire", "wire", []))


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("width", [50, 60, 91])
def test_keys_stand_in_columns(lang, width):
    """In the same ones in every group; where there is no room for three, what is done stands below."""
    offers = [
        Offer(action, action.keys) for context in ("transcript", "reading", "app", "rows") for action in of(context)
    ]
    lines = [line for line in manual(Texts(lang), "lab", "wire", offers, width) if len(line) > 1]
    assert len({sum(cell_len(text) for _, text in line[:-1]) for line in lines if line[-1][0] == "dim"}) == 1
    assert all(sum(cell_len(text) for _, text in line) <= width for line in lines if line[-1][0] == "dim")
    if width < 68:
        assert all(line[0][1].strip() == "" for line in lines if line[-1][0] == "dim")
