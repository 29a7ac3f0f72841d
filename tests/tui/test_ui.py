"""The port of commands."""

import inspect

from maillab.tui.ui import Ui
from maillab.tui.window_ui import WindowUi
from tests.tui.fake_ui import FakeUi


def test_the_window_and_the_fake_have_all_of_it():
    """Each method, with the same arguments."""
    for name, method in inspect.getmembers(Ui, inspect.isfunction):
        if not name.startswith("_"):
            for implementation in (WindowUi, FakeUi):
                assert list(inspect.signature(getattr(implementation, name)).parameters) == list(
                    inspect.signature(method).parameters
                ), name
