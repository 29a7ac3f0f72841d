"""Events are values without a clock."""

import dataclasses
import typing

import pytest

from maillab import events

ALL = [*typing.get_args(events.SaidEvent), *typing.get_args(events.DecidedEvent)]


@pytest.mark.parametrize("kind", ALL)
def test_every_event_is_frozen_slotted_and_clockless(kind):
    """An event cannot change, and no field of it is a moment or a number of an entry."""
    assert kind.__dataclass_params__.frozen
    assert hasattr(kind, "__slots__")
    assert not {"at", "seq", "time", "when"} & {field.name for field in dataclasses.fields(kind)}


def test_every_event_of_the_module_is_in_the_union():
    """No event is left out of `Event`: views that match on it are exhaustive."""
    made = {
        value
        for value in vars(events).values()
        if dataclasses.is_dataclass(value)
        and value.__module__ == events.__name__
        and value not in (events.Entry, events.Certificate)
    }
    assert made == set(ALL)


def test_an_entry_knows_its_talk():
    """What was said, and most of what was decided, is of a talk; the rest of none."""
    assert events.Entry(1, 0.0, events.Closed("submit-1", "quit")).talk == "submit-1"
    assert events.Entry(2, 0.0, events.Adjusted("", "clock", "60")).talk == ""
