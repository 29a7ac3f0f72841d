"""Events are values without a clock."""

import typing

import pytest
from msgspec import structs

from maillab import events

ALL = [*typing.get_args(events.SaidEvent), *typing.get_args(events.DecidedEvent)]


@pytest.mark.parametrize("kind", ALL)
def test_every_event_is_frozen_slotted_and_clockless(kind):
    """An event cannot change, and no field of it is a moment or a number of an entry."""
    assert kind.__struct_config__.frozen
    assert not kind.__struct_config__.gc
    assert not kind.__dictoffset__
    assert not {"at", "seq", "time", "when"} & {field.name for field in structs.fields(kind)}


def test_every_event_of_the_module_is_in_the_union():
    """No event is left out of `Event`: views that match on it are exhaustive."""
    made = {
        value
        for value in vars(events).values()
        if isinstance(value, type)
        and issubclass(value, events.LoggedValue)
        and value.__module__ == events.__name__
        and value not in (events.LoggedValue, events.Entry, events.Certificate)
    }
    assert made == set(ALL)


def test_an_entry_knows_its_talk():
    """What was said, and most of what was decided, is of a talk; the rest of none."""
    assert events.Entry(1, 0.0, events.Closed("submit-1", "quit")).talk == "submit-1"
    assert events.Entry(2, 0.0, events.Adjusted("", "clock", "60")).talk == ""
