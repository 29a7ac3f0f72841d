"""What is typed while another screen is on its way."""

from textual.events import Key, MouseDown, Paste, Resize
from textual.geometry import Size

from maillab.tui.terminal.typeahead import PATIENCE, TypedAhead


def test_it_is_kept_in_its_order():
    """What the old screen could not use comes first: it was typed first. Nothing else waits."""
    now = [5.0]
    ahead = TypedAhead(lambda: now[0])
    assert not ahead.keep(Key("a", "a"))
    ahead.expect()
    used, pasted = Key("b", "b"), Paste("e")
    used._set_forwarded()
    pasted._set_forwarded()
    assert all(map(ahead.keep, (Key("c", "c"), used, pasted, Paste("d"))))
    assert not ahead.keep(Resize(Size(1, 1), Size(1, 1)))
    kept = ahead.arrived()
    assert [event.key if isinstance(event, Key) else event.text for event in kept] == ["b", "e", "c", "d"]
    assert not any(event.is_forwarded for event in kept)
    assert ahead.arrived() == []
    assert not ahead.waiting


def test_a_click_does_not_wait():
    """It was made at what was seen, which may be gone when the other screen is there."""
    ahead = TypedAhead(lambda: 5.0)
    ahead.expect()
    click = MouseDown(None, 1, 1, 0, 0, 1, shift=False, meta=False, ctrl=False)
    assert not ahead.keep(click)
    assert ahead.arrived() == []


def test_not_for_ever():
    """A screen that does not come is given up; what waited is not lost."""
    now = [5.0]
    ahead = TypedAhead(lambda: now[0])
    ahead.expect()
    assert ahead.keep(Key("a", "a"))
    assert not ahead.in_vain
    now[0] += PATIENCE
    assert ahead.in_vain
    assert ahead.keep(Key("b", "b"))  # it must not overtake the first
    assert [event.key for event in ahead.arrived()] == ["a", "b"]
    assert not ahead.keep(Key("c", "c"))
