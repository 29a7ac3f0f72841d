"""How a row of the wire is laid out."""

import re

import pytest

from maillab.events import Entry, Opened, Said, Side
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.search import Search, marks_of
from maillab.tui.reading.wire_layout import GAP, GLOSS, LEAST, WIDEST, UnfoldedLine, WireLayout, client_of
from maillab.tui.reading.wire_lines import WireLines
from maillab.tui.reading.wire_rows import WireRows
from maillab.tui.texts import Texts
from maillab.views.filter import parse
from maillab.views.safe import cells as width
from tests.recording.told import record, told

EN, VI = Texts("en"), Texts("vi")
LONG = "354 Send the message; end it with <CR><LF>.<CR><LF>"


def laid_out(entries, texts=EN, filter=None):
    """The layout of all that happened, or of what a filter keeps of it."""
    model = Model()
    model.take(entries)
    while model.learn():
        pass
    view = FilteredView(model, filter)
    view.advance()
    rows = WireRows(view)
    rows.grow()
    layout = WireLayout(rows, WireLines(model, texts), texts)
    layout.new_times()
    return layout


def text(layout, row, cells, **how):
    """A row as it is read."""
    return "".join(piece for _, piece in layout.lines(row, cells, **how)[0])


def rows_of(layout):
    """The rows that are no headings."""
    return [row for row in range(len(layout.rows)) if not layout.is_heading(row)]


def test_one_column_behind_names_of_talks():
    """Where a filter keeps lines of several talks, all of them begin in one column, behind the longest name."""
    kept = [Entry(n, 0.0, Said(name, Side.CLIENT, b"NOOP\r\n")) for n, name in enumerate(("submit-1", "retrieve-1"), 1)]
    layout = laid_out(kept, filter=parse("NOOP"))
    starts = [text(layout, row, 80).index("NOOP") for row in rows_of(layout)]
    assert len(starts) == 2
    assert len(set(starts)) == 1


def marked(layout, look):
    """What stands out so, in all rows."""
    return {text for row in rows_of(layout) for line in layout.lines(row, 160) for style, text in line if style == look}


def test_for_what_lines_are_seen():
    """The words of a filter stand out, and its patterns; not what it leaves out, nor what its terms ask of a line. What
    is looked for stands out more, also in one of them.
    """
    filter = parse('side:client (Alice or /FR.M:/) -"rset" -(-mail)')
    layout = laid_out(told("seven-steps"), filter=filter)
    assert not marked(layout, "typed")
    layout.marks = marks_of(filter)
    assert marked(layout, "typed") == {"alice", "FROM:", "MAIL"}
    layout.search = Search(layout.said.model, "lic", str)
    assert (marked(layout, "typed"), marked(layout, "found")) == ({"a", "e", "FROM:", "MAIL"}, {"lic"})


@pytest.fixture(scope="module")
def story():
    return laid_out(told("seven-steps"))


@pytest.mark.parametrize("texts", [EN, VI])
@pytest.mark.parametrize("cells", [74, 78, 92, 97, 116])
def test_what_lines_mean_stands_in_one_column(cells, texts):
    """A line that is too long is cut; its explanation is where all are, and ends where the line does."""
    layout = laid_out(told("seven-steps"), texts)
    column = layout.column(cells)
    for row in rows_of(layout):
        line = text(layout, row, cells)
        assert width(line) <= cells
        assert line[column - 2 : column] == "  "
        assert line[column] != " "


def test_the_column_of_explanations(story):
    """It is as wide as the longest short one; where there is little room there is none."""
    margin = story.time_cells + 5
    assert story.column(margin + LEAST + GLOSS) == margin + LEAST
    assert story.column(margin + LEAST + GLOSS - 1) == 0
    assert story.column(500) == margin + WIDEST


def test_a_long_line_that_is_read(story):
    """It has all cells where that helps, and ends with … where it does not; its explanation stays if it has room."""
    line = next(row for row in rows_of(story) if LONG[:20] in text(story, row, 200))
    assert LONG in text(story, line, 92)
    assert LONG not in text(story, line, 74)
    assert text(story, line, 74, whole=True).endswith(LONG)
    assert LONG in text(story, line, 30, aside=True)
    assert text(story, line, 50, whole=True).endswith("…")
    assert width(text(story, line, 50, whole=True)) == 50
    gloss = text(story, line, 200)[story.column(200) :]
    least = story.time_cells + 5 + len(LONG) + GAP + len(gloss)
    assert text(story, line, least, whole=True).endswith(f"{LONG}{' ' * GAP}{gloss}")
    assert gloss not in text(story, line, least - 1, whole=True)
    short = next(row for row in rows_of(story) if "the server is ready" in text(story, row, 92))
    assert text(story, short, 92, whole=True) == text(story, short, 92)  # what has room behind it stays there


def test_a_long_line_where_there_is_room():
    """It pushes its explanation aside rather than being cut beside free cells."""
    long = "250 " + "x" * WIDEST
    layout = laid_out(record(f"S: 220 hi\nC: EHLO me\nS: {long}"))
    row = rows_of(layout)[-1]
    wide = text(layout, row, 200)
    assert f"{long}  " in wide
    assert not wide.endswith("x")


def test_without_explanations(story):
    """Where nobody wants them, or there is no room, a line has all of it."""
    story.explains = False
    assert all(story.column(cells) == 0 for cells in (60, 120))
    story.explains = True


def test_days_stand_in_every_time_after_the_first_day():
    """No line says hours of a day that it does not name; all times are in a column of one width."""
    entries = record("S: 220 hi\nC: NOOP\nS: 250 yes\nC: NOOP\nS: 250 yes")
    layout = laid_out([Entry(one.seq, one.at + 432_000 * (one.seq > 3), one.event) for one in entries])
    times = [layout.lines(row, 60)[0][0][1] for row in rows_of(layout)]
    assert len({len(one) for one in times}) == 1
    assert [one.strip() for one in times[-3:]] == ["5d 00:00:03", "5d 00:00:04", "5d 00:00:05"]


@pytest.mark.parametrize("cells", [40, 58, 60, 79, 119])
def test_a_heading_keeps_how_the_talk_ended(cells, story):
    """In a narrow column the client falls away first, then the end of the server's name."""
    heads = [text(story, row, cells) for row in range(9) if story.is_heading(row)]
    assert heads
    assert all(len(head) <= cells and head.endswith(" ✓ ──") for head in heads)
    assert all(re.search(r" \S+ ▶ \S|-[0-9] ▶ \S|-[0-9] ─", head) for head in heads)  # no blanks stand for nobody


def test_who_asks_the_name_server(story):
    """Nobody introduces himself there: it is the server that has the message, or sends the report about it."""
    model = story.said.model
    asking = [client_of(model, talk) for talk in model.talks.values() if talk.service == "dns"]
    assert set(asking) == {"mail.sender.test"}
    heads = [text(story, row, 119) for row in range(len(story.rows)) if story.is_heading(row)]
    assert any(head.startswith("── lookup-1   mail.sender.test ▶ ns.sender.test:53 ──") for head in heads)
    report = laid_out(told("bounce")).said.model
    assert all(client_of(report, talk) == "mail.sender.test" for talk in report.talks.values() if talk.leg == "lookup")
    assert any(head.startswith("── retrieve-1   bob@recipient.test ▶ mail.recipient.test:110 ") for head in heads)
    alone = Model()
    alone.take([Entry(1, 0.0, Opened("lookup-1", "lookup", "dns", "ns.a.test"))])
    assert client_of(alone, alone.talks["lookup-1"]) == ""


def test_times(story):
    """Since the beginning, since the line before, or by the clock."""
    rows = rows_of(story)[:3]
    story.time = "delta"
    assert story.lines(rows[0], 60)[0][0][1].strip() == "0.000"
    story.time = "absolute"
    assert all(story.lines(row, 60)[0][0][1].count(":") == 2 for row in rows)
    story.time = "relative"


def test_heights():
    """As many lines as are drawn: broken ones, and those of a content that is unfolded."""
    layout = laid_out(record(f"S: 220 hi\nC: NOOP {'x' * 90}\nS: 250 yes"))
    rows = rows_of(layout)
    assert [layout.height(row, 40) for row in rows] == [1, 1, 1]
    layout.wrap = True
    assert [layout.height(row, 40) == len(layout.lines(row, 40)) for row in rows] == [True] * 3
    assert layout.height(rows[1], 40) > 2
    entry = layout.said.model.at(layout.rows.at(rows[0])[1])
    layout.unfolded[entry.seq] = [UnfoldedLine("one"), UnfoldedLine("two")]
    assert layout.height(rows[0], 40) == 3
    assert layout.content(entry) == [UnfoldedLine("220 hi")]


def test_the_height_of_an_answer_that_is_folded():
    """It names all that is offered: as many lines as that takes where lines are broken, not as its first line."""
    layout = laid_out(record("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250 SMTPUTF8"))
    layout.wrap = True
    row = rows_of(layout)[-1]
    assert layout.rows.folds(layout.rows.at(row)[1])
    assert layout.height(row, 30) == len(layout.lines(row, 30)) > 1


@pytest.mark.parametrize("texts", [EN, VI])
def test_a_run_says_how_many_such_commands_it_holds(texts):
    """Where it holds no other, how many lines its answer has."""
    asked = "C: a{0} STATUS f{0} (MESSAGES)\nS: * STATUS f{0} (MESSAGES 1)\nS: a{0} OK\n"

    def last_row(count):
        layout = laid_out(record("S: * OK hi\n" + "".join(map(asked.format, range(count))), service="imap"), texts)
        return text(layout, rows_of(layout)[-1], 116)

    assert "a1 STATUS f1 (MESSAGES)" in last_row(4)
    assert texts("wire.run", text="", count=2) in last_row(4)
    assert texts("wire.more", text="", count=2) in last_row(2)


def test_a_content_that_is_unfolded(story):
    """Names of its header stand out, its body does not; its first row is as it was, but for its sign."""
    row = next(row for row in rows_of(story) if "▸" in text(story, row, 120) and "message" in text(story, row, 120))
    entry = story.said.model.at(story.rows.at(row)[1])
    story.unfolded[entry.seq] = story.content(entry)
    first, *others = story.lines(row, 120)
    assert story.below(row) == len(others)
    assert "▾" in "".join(piece for _, piece in first)
    styles = {style for line in others for style, piece in line[1:] if piece}
    assert styles == {"client", "plain"}
    assert ("client", "Subject:") in [line[1] for line in others]
    blank = next(at for at, line in enumerate(story.unfolded[entry.seq]) if not line.text)
    assert not any(style == "client" for line in others[blank:] for style, _ in line)
    del story.unfolded[entry.seq]
