"""The help of every command exists in Vietnamese."""

import argparse
import re
from collections.abc import Iterator

import pytest

from maillab.cli.commands import COMMANDS
from maillab.cli.main import build
from maillab.cli.vietnamese_help import ARGPARSE, HELP
from tests.test_house import parsers


def texts(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every text of a help: of the commands, the options and the groups."""
    for inner in parsers(parser):
        yield from (text for text in (inner.description, inner.epilog) if text)
        for group in inner._action_groups:
            yield from (text for text in (group.title, group.description) if text)
        for action in inner._actions:
            yield from [action.help] if action.help else []
            if isinstance(action, argparse._SubParsersAction):
                yield from (listed.help for listed in action._choices_actions if listed.help)


def missing(text: str) -> list[str]:
    """What of a help text has no Vietnamese: itself, or lines of it."""
    if " ".join(text.split()) in HELP or text in ARGPARSE:
        return []
    lines = [re.sub(r"\A +\S+ {2,}", "", line) for line in text.strip().split("\n")]
    return [line for line in lines if line not in HELP]


def test_every_help_text_is_translated() -> None:
    """A text of the help that has no Vietnamese is named here; its row goes into maillab/cli/vietnamese_help.py."""
    lacking = {line for text in (*texts(build()), *COMMANDS.values()) for line in missing(text)}
    assert not lacking, "\n".join(map(repr, sorted(lacking)))


def test_no_row_is_left_over() -> None:
    """A text that nobody shows any more leaves the table."""
    shown = {" ".join(text.split()) for text in texts(build())}
    shown |= {re.sub(r"\A +\S+ {2,}", "", line).strip() for text in texts(build()) for line in text.split("\n")}
    shown |= set(COMMANDS.values())
    assert set() == {text for text in HELP if text not in shown}


@pytest.mark.parametrize("text", ARGPARSE)
def test_values_of_argparse_stay_in_place(text: str) -> None:
    """What argparse puts into its sentences is put into ours, under the same names."""
    holes = re.compile(r"%(?:\(\w+\))?[rs]")
    assert sorted(holes.findall(text)) == sorted(holes.findall(ARGPARSE[text]))
