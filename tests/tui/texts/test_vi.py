"""The words of the window, in Vietnamese."""

import re
import string
import unicodedata

import pytest

from maillab.cli.vietnamese import SENTENCES
from maillab.cli.vietnamese_help import HELP
from maillab.tui.actions.table import ACTIONS, BY_NAME
from maillab.tui.texts.en import TEXTS as EN
from maillab.tui.texts.vi import TEXTS as VI
from maillab.views.errors_vi import ERRORS
from maillab.views.vietnamese import VIETNAMESE as WORDS

SAME = {"field.to.hint", "clock.months"}  # what is no sentence


def places(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_the_same_keys():
    """Both catalogues have the same keys, in the same order, and the same places for values."""
    assert EN.keys() == VI.keys()
    assert [key for key in EN if not key.startswith("help.") and places(EN[key]) != places(VI[key])] == []


def test_composed():
    """Every message is one character with its marks."""
    assert [key for key, text in VI.items() if unicodedata.normalize("NFC", text) != text] == []


def test_translated():
    """Sentences are in Vietnamese: longer ones have its messages."""
    plain = [key for key, text in VI.items() if len(text) > 24 and text.isascii() and key not in SAME]
    assert plain == []


OLD = re.compile(
    r"octet(?!s})|phòng lab|phòng thí nghiệm|đường dây|bám theo|\bô (?:này|kế|trước|khác)\b|cư xử|hỏng", re.IGNORECASE
)


@pytest.mark.parametrize(
    "texts", [VI, WORDS, HELP, SENTENCES, ERRORS], ids=["window", "events", "help", "sentences", "errors"]
)
def test_one_word_for_one_thing(texts):
    """Everything in Vietnamese says byte, lab, khung, giao tiếp, thất bại, and none of the words before them."""
    program = {"A mail laboratory: the whole journey of a message on one computer, every line shown."}
    assert [key for key, text in texts.items() if OLD.search(text) and key not in program] == []


def test_what_was_not_recorded():
    """Whoever quits a lab of which nothing was recorded does not read of recorded lines."""
    assert "đã ghi" not in VI["ask.unrecorded"]


def test_relaying_is_not_forwarding():
    """A server relays (trung chuyển), a reader forwards (chuyển tiếp); no text of the window calls one by the other's name."""
    words = VI | {action.name: " ".join(action.vi) for action in ACTIONS}
    assert (VI["hop.relay"], BY_NAME["mail.forward"].label("vi")) == ("trung chuyển", "Chuyển tiếp")
    assert {key for key, text in words.items() if "chuyển tiếp" in text.lower()} == {
        key for key in words if "mail.forward" in key
    }
