"""What a reader is told about a message."""

from maillab.client.notes import VALUE, ReadingNote


def test_a_note() -> None:
    """A note is its English sentence, and knows the other; what a message brings into it is cut and harmless."""
    note = ReadingNote("a header line that is not a field: {}", "\x1b[2J" + "x" * 1_000)

    assert note == f"a header line that is not a field: {note._value}"
    assert "\x1b" not in note + note.said("vi")
    assert note.said("vi").startswith("một dòng trong đầu thư")
    assert len(note) < VALUE + 60
    assert ReadingNote("a multipart without its end") == str(ReadingNote("a multipart without its end"))
