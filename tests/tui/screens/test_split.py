"""How much room panes have."""

import pytest

from maillab.tui.screens.split import LEAST, PaneSplit


@pytest.mark.parametrize(("rule", "step"), [("height", 2), ("grid_rows", 2), ("width", 4), ("grid_columns", 4)])
def test_steps(rule, step):
    """Two lines, or four cells, a key; never less than a little, never more than half."""
    split = PaneSplit("desk", "desk", rule)
    assert split.moved(20, 100, 1) == 20 - step
    assert split.moved(20, 100, -1) == 20 + step
    assert split.moved(5, 100, 1) == LEAST
    assert split.moved(49, 100, -1) == 50


def test_values():
    """The number in the form of its rule."""
    assert PaneSplit("messages", "panes", "grid_rows", "# 1fr").value(9) == "9 1fr"
    assert PaneSplit("desk", "desk", "height").value(9) == "9"
