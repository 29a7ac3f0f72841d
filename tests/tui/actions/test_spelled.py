"""Keys as people write them."""

from maillab.tui.actions.spelled import shown


def test_shown():
    """Keys as people write them."""
    assert [shown(key) for key in ("space", "f10", "ctrl+left", "apostrophe", "enter")] == [
        "Space",
        "F10",
        "^←",
        "'",
        "Enter",
    ]
