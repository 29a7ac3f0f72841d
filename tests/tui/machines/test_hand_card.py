"""What stands where SMTP is typed by hand, before the first line."""

import pytest

from maillab.tui.looks.card import Card
from maillab.tui.looks.sink import width
from maillab.tui.machines.hand_card import hand_card
from maillab.tui.machines.machine_state import MachineState, ServiceState
from maillab.tui.texts import Texts

LAB = MachineState(
    ("a.test", "b.test"),
    (
        ServiceState("a.test", "smtp", 40123, "none", open=True, programs=True),
        ServiceState("b.test", "smtp", 40125, "none", open=True, programs=True),
    ),
    {"a.test": ("alice@a.test",), "b.test": ("bob@b.test",)},
)
KEYS = {"byhand.service": "F10", "compose.by_hand": "F4"}
COMMANDS = ["EHLO me", "MAIL FROM:<alice@a.test>", "RCPT TO:<bob@b.test>", "DATA", "Subject: hi", ".", "QUIT"]


def card(state=LAB, last=("smtp", ""), cells=42, lines=14, lang="en", keys=KEYS):
    shown = Card(hand_card, (state, last, Texts(lang), lambda name: keys.get(name, ""))).lines(cells, lines)
    assert all(width(line.pieces) <= cells for line in shown)
    return [text for line in shown if (text := "".join(text for _, text in line.pieces).strip())]


def test_where_it_goes_an_example_and_the_way_back():
    """Host and port, seven lines of a dialogue, each with what it means, and the keys that help."""
    lines = card(cells=76)
    assert "a.test, SMTP at 127.0.0.1:40123" in lines[0]
    example = [line for line in lines if line.startswith(tuple(COMMANDS))]
    assert [line.partition("   ")[0] for line in example] == COMMANDS
    assert example[3].endswith("the message follows")
    assert lines[-2:] == ["F10  another server", "F4  back to the message"]


def test_where_one_was_connected_last():
    """The site that a line would go to, and a message from there."""
    lines = card(last=("smtp", "b.test"), cells=76)
    assert "127.0.0.1:40125" in lines[0]
    assert any("MAIL FROM:<bob@b.test>" in line for line in lines)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(("cells", "lines"), [(42, 14), (58, 10), (78, 18), (100, 30)])
def test_all_of_it_is_seen(cells, lines, lang):
    """At every usual size."""
    found = card(cells=cells, lines=lines, lang=lang)
    assert len(found) <= lines
    assert all(any(line.startswith(command) for line in found) for command in COMMANDS)
    assert any("F4" in line for line in found)
    assert any("F10" in line for line in found)


def test_before_there_is_a_lab():
    """Nothing: no server listens yet. Keys that a person has taken away are not named."""
    assert card(MachineState()) == []
    assert not any("F4" in line for line in card(keys={}))
