"""Text on lines."""

import pytest

from maillab.client.layout import Layout


def test_paragraphs_and_lines() -> None:
    """Paragraphs have a blank line between them, never two; white space is folded."""
    page = Layout()
    page.end_paragraph()
    page.words("  one \n two")
    page.end_line()
    page.words("three ")
    for _ in range(3):
        page.end_paragraph()
    page.end_line(always=True)
    page.words("four")

    assert page.text() == "one two\nthree\n\nfour\n"
    assert Layout().text() == ""


def test_kept_lines() -> None:
    """White space of preformatted text is kept, blank lines too."""
    page = Layout()
    page.lines("a  b\n\n\n  c")

    assert page.text() == "a  b\n\n\n  c\n"


def test_quotations() -> None:
    """Every line of a quotation begins with its depth; a blank line between two depths belongs to the shallower."""
    page = Layout()
    page.words("I")
    page.end_paragraph()
    page.quote(1)
    page.words("you")
    page.end_paragraph()
    page.words("too")
    page.end_paragraph()
    page.quote(1)
    page.words("she")
    page.end_paragraph()
    page.quote(-1)
    page.quote(-1)
    page.quote(-1)
    page.words("end")

    assert page.text() == "I\n\n> you\n>\n> too\n>\n>> she\n\nend\n"


@pytest.mark.parametrize(
    ("start", "kind", "lines"),
    [
        (None, "1", ["• x", "• x", "• x"]),
        (1, "1", ["1. x", "2. x", "3. x"]),
        (9, "1", ["9. x", "10. x", "11. x"]),
        (25, "a", ["y. x", "z. x", "aa. x"]),
        (3, "I", ["III. x", "IV. x", "V. x"]),
        (0, "i", ["0. x", "i. x", "ii. x"]),
        (1, "nonsense", ["1. x", "2. x", "3. x"]),
    ],
)
def test_lists(start: int | None, kind: str, lines: list[str]) -> None:
    """Items are counted as their list says."""
    page = Layout()
    page.begin_list(start, kind)
    for _ in range(3):
        page.item()
        page.words("x")
    page.end_list()

    assert page.text().splitlines() == lines


def test_lists_in_lists() -> None:
    """An inner list is indented, and the outer one goes on counting; an item can say its number itself."""
    page = Layout()
    page.begin_list(1)
    page.item()
    page.words("a")
    page.begin_list(None)
    page.item()
    page.words("b")
    page.end_list()
    page.item(7)
    page.words("c")
    page.item()
    page.words("d")

    assert page.text() == "1. a\n  • b\n7. c\n8. d\n"


def test_marks() -> None:
    """The number of a footnote stands behind its word and can be left out; brackets of the writer cannot."""
    page = Layout()
    page.words("see [1] this ")
    page.mark(1)
    page.words(", and\0[2]\0")

    assert page.text() == "see [1] this[1], and\ufffd[2]\ufffd\n"
    assert page.unmarked() == "see [1] this, and\ufffd[2]\ufffd\n"


def test_padding() -> None:
    """A row of invisible characters, as newsmessages pad their first words with, is one blank; one in a word stays."""
    page = Layout()
    page.words("Hi" + "\u034f\u200c\xa0" * 90 + "there \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")

    assert page.text() == "Hi there \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n"


def test_tables() -> None:
    """Cells stand below one another; an empty cell keeps its place, and a row of none has no line."""
    page = Layout()
    page.begin_table()
    for row in (("Monday", "rain", "1"), ("", "sun", ""), ("", "", ""), ("Sunday", "việt", "10")):
        page.row()
        for cell in row:
            page.cell()
            page.words(cell)
        page.end_line()
    page.end_table()

    assert page.text() == "Monday  rain  1\n        sun\nSunday  việt  10\n"


def test_tables_that_hold_more_than_words() -> None:
    """A cell of several lines, a table in a table, and a table that is too wide stay as they come."""
    for inner in ("lines", "table", "wide"):
        page = Layout()
        page.begin_table()
        for _ in range(2):
            page.row()
            page.cell()
            page.words("long one")
            page.cell()
            match inner:
                case "lines":
                    page.end_line()
                case "table":
                    page.begin_table()
                    page.end_table()
                case _:
                    page.words("x" * 120)
            page.cell()
            page.words("end")
            page.end_line()
        page.row()
        for text in ("a", "b", "c"):
            page.cell()
            page.words(text)
        page.end_table()

        assert page.text().endswith("\na  b  c\n")


def test_looks() -> None:
    """Each piece of a line has the look that its words had."""
    page = Layout(look="heading")
    page.words("Hi")
    page.end_line()
    page.look = ""
    page.quote(1)
    page.words("see")
    page.look = "link"
    page.words(" there")
    page.mark(1)

    assert page.drawn() == [
        (("heading", "Hi"),),
        (("quote", "> "), ("", "see"), ("link", " there"), ("mark", "[1]")),
    ]
