"""The last line."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from maillab.tui.actions.action import Offer
from maillab.tui.actions.replay import PLAYS
from maillab.tui.actions.spelled import shown
from maillab.tui.actions.table import ACTIONS, of
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.tui.widgets.keybar import KeyBar
from maillab.views.gloss import LANGS


def offers_of(actions):
    return [Offer(action, action.keys) for action in actions]


def test_the_most_useful_keys(stage):
    """As many as fit whole, the palette always at the right edge."""
    bar = KeyBar(Texts("en"), lambda: offers_of(of("app")))

    async def story(seat):
        assert seat.lines[0].startswith(" ^S Send  F6 Next pane ")
        assert seat.lines[0].rstrip().endswith("F1 Help  ^Q Quit  ^P Commands")
        await seat.click("^S")
        assert [m.says for m in seat.app.told if isinstance(m, Bar.Pressed)] == ["app.send"]

    stage.alone(bar, story=story)


def test_keys_of_the_place_come_first():
    """At 80 columns at least five of them stand before those that hold everywhere (mail has the most)."""
    for context in ("mail", "transcript", "machine", "sessions"):
        places = offers_of([*of("app"), *of(context), *of("reading")])
        bar = KeyBar(Texts("en"), lambda places=places: places)
        bar.ask()
        room = 80 - sum(len(part.text) for part in bar.right(80))
        names = [part.says for part in bar.left(room)][::2]
        local = [name for name in names if not name.startswith("app.")]
        assert names[: len(local)] == local
        assert len(local) >= 5


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("state", ["paused", *PLAYS])
@pytest.mark.parametrize("cells", [40, 60, 80])
def test_the_way_out_of_a_replay(lang, state, cells):
    """It stands right behind the key that plays it, also in a small terminal."""
    en, vi = PLAYS.get(state, (None, None))
    replay = [replace(a, en=en, vi=vi) if en and vi and a.name == "replay.play" else a for a in of("replay")]
    bar = KeyBar(Texts(lang), lambda: offers_of([*replay, *of("app")]))
    bar.ask()
    room = cells - sum(cell_len(part.text) for part in bar.right(cells))
    assert [part.says for part in bar.left(room)][::2][:2] == ["replay.play", "replay.leave"]


def test_no_key_is_clipped(stage):
    """At any width a key stands with its whole label, or not at all."""
    texts = Texts("vi")
    bar = KeyBar(texts, lambda: offers_of(ACTIONS))
    whole = {f"{shown(action.keys[0])} {action.label('vi')}" for action in ACTIONS if action.bar and action.keys}

    async def story(seat):
        for cells in range(30, 130, 7):
            await seat.pilot.resize_terminal(cells, 2)
            seen = [part.text for part in bar._parts if part.says]
            pairs = {f"{key.strip()} {label.strip()}" for key, label in zip(seen[::2], seen[1::2], strict=True)}
            assert pairs <= whole
            assert sum(len(part.text) for part in bar._parts) >= cells - 1

    stage.alone(bar, story=story)


def test_the_one_thing_to_press():
    """It comes first, as a button."""
    bar = KeyBar(Texts("en"), lambda: offers_of(ACTIONS))
    bar.primary = "app.send"
    bar.ask()
    assert bar.left(80)[0] == BarPiece("badge-press", " ^S Send ", "app.send")


def test_another_thing_is_filled(stage):
    """It is drawn anew, where the room of the window changes whether its one thing is a button."""
    bar = KeyBar(Texts("en"), lambda: offers_of(ACTIONS))

    async def story(seat):
        bar.primary = "app.send"
        assert seat.lines[0].startswith(" ^S Send ")
        assert bar._parts[0].style == "badge-press"
        bar.is_button = False
        assert seat.lines[0].startswith(" ^S Send ")
        assert bar._parts[0].style == "key"

    stage.alone(bar, story=story)
