"""The words on the screen: plain ones, the same everywhere, in both languages."""

import csv
import re
from importlib.resources import files

import pytest

from maillab.cli.vietnamese import SENTENCES
from maillab.cli.vietnamese_help import HELP
from maillab.recording.export.vietnamese import VIETNAMESE as PAGE
from maillab.stories.script import NAMES, Words, load
from maillab.tui.actions.table import ACTIONS
from maillab.tui.texts.en import TEXTS as EN
from maillab.tui.texts.vi import TEXTS as VI
from maillab.views.errors_vi import ERRORS
from maillab.views.fields.vietnamese import VIETNAMESE as FIELDS
from maillab.views.vietnamese import VIETNAMESE as EVENTS

PLAIN = re.compile(  # what a reader of today stumbles over, and what is said here with another word
    r"\boctets?\b|\bletters?\b|\bshall\b|\bone of \{|\berrno\b|of that name|\bis meant\b|\bthe living lab\b|\bbehave again\b"
    r"|\bby whose|\bupon\b|\bsays nothing\b|\bstands? (?:still|here|there)\b|\bhand(?:s|ed)? (?:it|the message|a message) over\b"
    r"|\bthrow\w* (?:it|away)\b|\bput off\b|\bgoes on\b|\bbehind the\b",
    re.IGNORECASE,
)
NATURAL = re.compile(
    r"\boctets?\b|phòng lab|phòng thí nghiệm|đường dây|bám theo|\bô (?:này|kế|trước|khác)\b|cư xử|hỏng|đang sống|CỐ Ý YẾU",
    re.IGNORECASE,
)
EXPECTED = {  # where the word is meant: letters of the alphabet; the RFCs' word, explained
    "domain is not made of letters, digits and hyphens",
    "a host name is letters, digits and hyphens, joined by dots, or an address in brackets",
    "jump to a pane by its letter",
}
LETTERS = re.compile(r"{octets}|Phòng thí nghiệm thư điện tử")  # a place for a value; the name of the program


def _table(name: str) -> list[dict[str, str]]:
    with files("maillab.views").joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _told() -> list[tuple[str, str]]:
    """Every text of a story that is there in both languages."""
    stories = map(load, NAMES)
    words = [[story.title, *story.steps, *story.cues] for story in stories]
    return [(text.en, text.vi) for row in words for text in row if isinstance(text, Words)]


ENGLISH = {
    "window": [*EN.values(), *(text for action in ACTIONS for text in action.en)],
    "events": [*EVENTS],
    "fields": [*FIELDS],
    "errors": [*ERRORS],
    "commands": [*SENTENCES],
    "help": [*HELP],
    "page": [*PAGE],
    "glosses": [row["en"] for row in _table("glosses.csv")],
    "stories": [en for en, _ in _told()],
}
VIETNAMESE = {
    "window": [*VI.values(), *(text for action in ACTIONS for text in action.vi)],
    "events": [*EVENTS.values()],
    "fields": [*FIELDS.values()],
    "errors": [*ERRORS.values()],
    "commands": [*SENTENCES.values()],
    "help": [*HELP.values()],
    "page": [*PAGE.values()],
    "glosses": [row["vi"] for row in _table("glosses.csv")],
    "stories": [vi for _, vi in _told()],
}


@pytest.mark.parametrize("catalogue", ENGLISH)
def test_plain_english(catalogue):
    """No text says letter for message, octet for byte, or anything that must be read twice."""
    assert [text for text in ENGLISH[catalogue] if PLAIN.search(LETTERS.sub("", text)) and text not in EXPECTED] == []


@pytest.mark.parametrize("catalogue", VIETNAMESE)
def test_natural_vietnamese(catalogue):
    """The same for the words that read like a translation."""
    texts = VIETNAMESE[catalogue]
    assert [text for text in texts if NATURAL.search(LETTERS.sub("", text))] == []


def test_one_apostrophe():
    """The same one in labels and explanations, for they stand beside each other."""
    terms = [text for row in _table("terms.csv") for text in row.values()]
    texts = [*terms, *(text for catalogue in (*ENGLISH.values(), *VIETNAMESE.values()) for text in catalogue)]
    assert [text for text in texts if "\u2019" in text] == []


def test_the_catalogues_are_found():
    """None of them is empty: a guard that reads nothing guards nothing."""
    assert all(len(texts) > 10 for texts in (*ENGLISH.values(), *VIETNAMESE.values()))
