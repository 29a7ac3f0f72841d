"""What stands in the empty wire."""

from dataclasses import replace

import pytest

from maillab.tui.looks.card import Card
from maillab.tui.looks.sink import width
from maillab.tui.machines.machine_state import MachineState, ServiceState
from maillab.tui.machines.start_card import start_card, wire_card
from maillab.tui.state.life import DownBy
from maillab.tui.texts import Texts

DOORS = (
    ServiceState("a.test", "smtp", 40123, "none", open=True, programs=True),
    ServiceState("a.test", "submission", 40587, "starttls", open=True),
)
LAB = MachineState(("a.test", "b.test"), DOORS, names_port=40053)
KEYS = {"app.send": "^S", "app.story": "L", "compose.by_hand": "F4"}


def card(state=LAB, cells=116, lines=16, lang="en", keys=KEYS, by_hand=False):
    words = (state, by_hand, Texts(lang), lambda name: keys.get(name, ""))
    found = Card(start_card, words).lines(cells, lines)
    return ["".join(text for _, text in line.pieces).rstrip() for line in found]


def said(**given):
    return [line.strip() for line in card(**given) if line]


def test_what_to_do_first():
    """What runs; each first step with its key; and the port for programs, as it is."""
    lines = said()
    assert lines[0] == "2 mail servers and a name server are running on this computer. Nothing leaves it."
    assert [line.split()[0] for line in lines[1:4]] == ["^S", "L", "F4"]
    assert "127.0.0.1:40123 (no login)" in lines[4]


def test_in_a_browser():
    """Where the HTTP door is open its address is said."""
    assert said(state=replace(LAB, web="http://127.0.0.1:8025"))[-1] == "or look at http://127.0.0.1:8025 in a browser"
    assert "browser" not in said()[-1]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(("cells", "lines"), [(58, 10), (38, 12), (78, 19)])
def test_in_a_small_window_all_of_it_is_seen(lang, cells, lines):
    """Air goes first; nothing ends in the middle of a sentence."""
    found = card(cells=cells, lines=lines, lang=lang)
    assert len(found) <= lines
    assert said(cells=cells, lines=lines, lang=lang)[-1].split()[-1] == said(lang=lang)[-1].split()[-1]


def test_keys_that_a_person_has_changed():
    """They are shown as they are; a step without a key is left out."""
    lines = said(keys={"app.send": "F5"})
    assert lines[1].split()[0] == "F5"
    assert len(lines) == 3


def test_while_somebody_types_by_hand():
    """The key that led there leads back."""
    assert "F4  Back to the message" in said(by_hand=True)


def test_without_a_port_for_programs():
    """Where there is none, or it is closed, nobody is sent there."""
    closed = MachineState(("a.test",), (ServiceState("a.test", "smtp", 1, "none", open=False, programs=True),))
    assert not any("127.0.0.1" in line for line in card(closed))


def test_before_there_is_a_lab():
    """While it starts that is said, in both modes."""
    assert said(state=MachineState()) == [Texts("en")("machine.starting")]
    [line] = wire_card(MachineState(), Texts("en"), KEYS.get, 80)
    assert line.pieces == (("dim", "starting…"),)


WAYS_OUT = {"app.free_ports": "F7", "app.start_lab": "^L", "app.sessions": "4"}


def test_a_lab_that_could_not_start():
    """Why, once, as far as there is room for it, and each way out with its key: they can be clicked."""
    state = MachineState(trouble="port 1\nport 2\nport 3\nport 4")
    lines = said(state=state, keys=WAYS_OUT)
    assert lines[:4] == ["No lab is running.", "Port 1.", "Port 2.", "Port 3."]
    assert [line.split()[0] for line in lines[4:]] == ["F7", "^L", "4"]
    wire = wire_card(state, Texts("en"), lambda name: WAYS_OUT.get(name, ""), 116)
    assert [line.press for line in wire if line.press] == list(WAYS_OUT)


@pytest.mark.parametrize(
    ("by", "way"),
    [
        (DownBy.PORTS, "Use free ports"),
        (DownBy.FAULT, "Use free ports"),
        (DownBy.FOLDER, "Use a temporary folder"),
        (DownBy.CONFIGURATION, "Use the default lab"),
    ],
)
def test_a_way_out_of_the_trouble_at_hand(by, way):
    """Free ports do not help where another process has the folder, or the configuration is wrong."""
    assert f"F7  {way}" in said(state=MachineState(trouble="why", down_by=by), keys=WAYS_OUT)


def test_the_wire():
    """What will stand there, how it comes, and what one does with it."""
    lines = wire_card(LAB, Texts("en"), lambda name: KEYS.get(name, ""), 116)
    assert [line.press for line in lines if line.press] == ["app.send", "app.story"]
    words = ["".join(text for _, text in line.pieces).strip() for line in lines if line.pieces]
    assert words[0] == "Every line of every conversation appears here."
    assert words[-1] == Texts("en")("card.wire.keys")


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [38, 58, 78, 116])
def test_it_fits(cells, lang):
    """At every size."""
    lines = start_card(LAB, False, Texts(lang), KEYS.get, cells)
    assert all(width(line.pieces) <= cells for line in lines)
    assert len(lines) <= (17 if cells < 50 else 13)


def test_what_a_click_does():
    """A row with a key does what the key does."""
    lines = start_card(LAB, False, Texts("en"), lambda name: KEYS.get(name, ""), 116)
    assert [line.press for line in lines if line.press] == ["app.send", "app.story", "compose.by_hand"]
