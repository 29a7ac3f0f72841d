"""What stands in the empty wire."""

import pytest

from maillab.tui.looks.sink import width
from maillab.tui.machines.machine_state import MachineState, ServiceState
from maillab.tui.machines.start_card import start_card
from maillab.tui.texts import Texts

DOORS = (
    ServiceState("a.test", "smtp", 40123, "none", open=True, programs=True),
    ServiceState("a.test", "submission", 40587, "starttls", open=True),
)
LAB = MachineState(("a.test", "b.test"), DOORS, names_port=40053)
KEYS = {"app.send": "^S", "app.story": "L", "compose.by_hand": "F4"}


def card(state=LAB, cells=116, lang="en", keys=KEYS):
    lines = start_card(state, Texts(lang), lambda name: keys.get(name, ""), cells)
    return ["".join(text for _, text in line.pieces).rstrip() for line in lines]


def test_what_to_do_first():
    """What runs; each first step with its key; and the port for programs, as it is."""
    lines = card()
    assert lines[1].strip() == "2 mail servers and a name server are running on this computer. Nothing leaves it."
    assert [line.split()[0] for line in lines[3:6]] == ["^S", "L", "F4"]
    assert "127.0.0.1:40123 (no login)" in lines[7]


def test_keys_that_a_person_has_changed():
    """They are shown as they are; a step without a key is left out."""
    lines = card(keys={"app.send": "F5"})
    assert lines[3].split()[0] == "F5"
    assert len(lines) == 6


def test_without_a_port_for_programs():
    """Where there is none, or it is closed, nobody is sent there."""
    closed = MachineState(("a.test",), (ServiceState("a.test", "smtp", 1, "none", open=False, programs=True),))
    assert not any("127.0.0.1" in line for line in card(closed))


def test_before_there_is_a_lab():
    """While it starts that is said; where it cannot, what is wrong stands elsewhere."""
    assert card(MachineState())[1].strip() == Texts("en")("machine.starting")
    assert card(MachineState(trouble="port 1")) == []


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [38, 58, 78, 116])
def test_it_fits(cells, lang):
    """At every size."""
    lines = start_card(LAB, Texts(lang), KEYS.get, cells)
    assert all(width(line.pieces) <= cells for line in lines)
    assert len(lines) <= (17 if cells < 50 else 13)


def test_what_a_click_does():
    """A row with a key does what the key does."""
    lines = start_card(LAB, Texts("en"), lambda name: KEYS.get(name, ""), 116)
    assert [line.press for line in lines if line.press] == ["app.send", "app.story", "compose.by_hand"]
