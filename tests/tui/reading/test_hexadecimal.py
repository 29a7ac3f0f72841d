"""Bytes in hexadecimal."""

from maillab.tui.reading.hexadecimal import MOST, hexadecimal


def test_sixteen_a_line():
    """With their place, and the characters that can be read."""
    first, second = (["".join(text for _, text in line)] for line in hexadecimal(b"EHLO me.test\r\n\x00\xff!"))
    assert first[0].startswith("000000  45 48 4c 4f 20 6d 65")
    assert first[0].endswith("EHLO me.test····")
    assert second[0].split() == ["000010", "21", "!"]


def test_not_for_ever():
    """Of many as many as somebody may look at."""
    assert len([*hexadecimal(b"x" * (MOST + 100))]) == MOST // 16


def test_fewer_where_there_is_less_room():
    """No line is broken: eight a line, or four."""
    for cells, count in ((46, 8), (36, 4)):
        lines = ["".join(text for _, text in line) for line in hexadecimal(bytes(range(64, 80)), cells)]
        assert len(lines) == 16 // count
        assert max(map(len, lines)) <= cells
