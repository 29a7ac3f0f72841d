"""What the command line says exists in Vietnamese."""

import pytest

from maillab.cli.sending import _HINTS, _WHERE
from maillab.cli.vietnamese import SENTENCES
from maillab.endpoints import HOST, BusyPort
from tests.cli.sentences import sentences

BY_NAME = [  # said from tables, or put together
    *(text.replace("{where}", "{}") + ": {}" for text in _WHERE.values() if text),
    *(text.replace("{code}", "{}") for text in _HINTS.values()),
    *str(BusyPort("smtp", 1025, OSError(98, "taken"))).replace(HOST, "{}").replace("1025", "{}").split("\n"),
]


def test_every_sentence_is_translated() -> None:
    """A sentence of a command that has no Vietnamese is named here; its row goes into maillab/cli/vietnamese.py."""
    lacking = {f"{where}: {text!r}" for where, text in sentences() if text not in SENTENCES}
    assert not lacking, "\n".join(sorted(lacking))


def test_sentences_of_tables_are_translated() -> None:
    """So are those that a command takes from a table."""
    texts = {text.strip().replace("smtp: taken", "{}: {}") for text in BY_NAME}
    assert texts - SENTENCES.keys() == set()


@pytest.mark.parametrize("text", SENTENCES)
def test_values_stay_in_place(text: str) -> None:
    """Both languages name the same number of values, and no row is empty."""
    assert text.count("{}") == SENTENCES[text].count("{}")
    assert SENTENCES[text].strip()
