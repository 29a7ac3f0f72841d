"""The names of the colours."""

from argparse import ArgumentParser

from maillab.cli.window import add_looks
from maillab.theme_names import THEME_NAMES
from maillab.tui.looks.theme import NAMES


def test_one_list():
    """The configuration, the command line and the window know the same themes."""
    parser = ArgumentParser()
    add_looks(parser)
    [option] = [action for action in parser._actions if "--theme" in action.option_strings]
    assert tuple(option.choices or ()) == THEME_NAMES == NAMES
