"""What a reader is told about a message."""

import string

import pytest

from maillab.client.notes import _SENTENCES, VALUE, Note


@pytest.mark.parametrize("kind", _SENTENCES)
def test_both_languages(kind: str) -> None:
    """Every note is a sentence in both languages, which name the same value."""
    english, vietnamese = _SENTENCES[kind]
    named = [[name for _, name, _, _ in string.Formatter().parse(one) if name] for one in (english, vietnamese)]

    assert english != vietnamese
    assert named[0] == named[1]


def test_a_note() -> None:
    """A note is its English sentence, and knows the other; what a message brings into it is cut and harmless."""
    note = Note("stray", "\x1b[2J" + "x" * 1_000)

    assert note == f"a line in the header that is no field: {note._value}"
    assert "\x1b" not in note + note.said("vi")
    assert note.said("vi").startswith("một dòng trong đầu thư")
    assert len(note) < VALUE + 60
    assert Note("mbox") == str(Note("mbox"))
