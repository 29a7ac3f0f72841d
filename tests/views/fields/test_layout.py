"""Fields as lines of so many cells."""

from maillab.views.fields.layout import lines, wrapped
from maillab.views.fields.part import Across, Down, Part, Table
from maillab.views.safe import cells

MX = Across(
    (("recipient.test.", "3600", "IN", "MX", "10", "mx.recipient.test."),),
    ("the domain", "keep 1 h", "Internet", "mail exchanger", "preference", "the host that receives its mail"),
)


def text(made):
    return ["".join(text for _, text in line) for line in made]


def test_columns():
    """Where there is room the meanings stand below what they are of."""
    first, second = text(lines([MX], 110))
    assert [first.index(word) for word in ("3600", "MX", "10")] == [
        second.index(word) for word in ("keep", "mail exchanger", "preference")
    ]


def test_the_last_meaning_goes_on_below():
    """Rather than give up the columns, the last of them is broken."""
    made = text(lines([MX], 84))
    assert made[1].endswith("the host that")
    assert made[2].strip() == "receives its mail"
    assert made[2].index("receives") == made[1].index("the host")


def test_one_below_the_other():
    """Where there is no room for columns; and never wider than it is."""
    for width in (20, 40, 60, 80):
        made = text(lines([MX, Down((Part("AUTH", "log in " * 20, now=True),), "Title")], width))
        assert all(cells(line) <= width for line in made), width
    assert text(lines([MX], 60))[:2] == ["recipient.test.     the domain", "3600                keep 1 h"]


def test_the_greeting_of_a_server_stands_beside_its_meaning():
    """As everything does that a server of the lab says first: no step in the column of meanings."""
    said = Down((Part("220", "done"), Part("mx.recipient.test ESMTP maillab", "words for people")), "")
    first, second = text(lines([said], 116))
    assert first.index("done") == second.index("words") == len("mx.recipient.test ESMTP maillab") + 2


def test_long_words_leave_the_column_narrow():
    """What has no room beside its meaning does not push that of the others to the right."""
    said = Down((Part("550", "no"), Part("No mailbox here by the name of nobody@b.test", "words for people")))
    assert text(lines([said], 80)) == [
        "550  no",
        "No mailbox here by the name of nobody@b.test",
        "     words for people",
    ]


TABLE = Table((("mx.b.test", "L1", "10:00"), ("mail.a.test", "", "09:59")), ("written by", "id", "when"), "Hops", (1,))


def test_a_table():
    """Its headings stand first, and each row is a row; where there is no room a column is left out."""
    made = lines([TABLE], 60)
    assert text(made)[:2] == ["Hops", "written by     id    when"]
    assert [line.split() for line in text(made)[2:]] == [["mx.b.test", "L1", "10:00"], ["mail.a.test", "09:59"]]
    assert [line[0][0] for line in made] == ["title", "meaning", "text", "text"]
    assert text(lines([TABLE], 18)) == ["Hops", "written by   when", "mx.b.test    10:00", "mail.a.test  09:59"]


def test_a_table_without_room():
    """Row by row, each value with its heading; a single row has all its columns so."""
    assert "".join(text(lines([TABLE], 15))[-2:]) == "09:59  when"
    assert [] in lines([TABLE], 15)
    one = TABLE._replace(rows=TABLE.rows[:1])
    assert text(lines([one], 20))[-2:] == ["10:00", "  when"]


def test_what_came_from_outside_is_safe():
    """Nothing in it moves a cursor."""
    assert "\x1b" not in str(lines([Down((Part("\x1b[2J", "x\x1b"),))], 40))


def test_roles():
    """The one that is looked at stands out; blocks have an empty line between them."""
    made = lines([Down((Part("a", "b", now=True),), "Title"), Down((Part("c", ""),))], 80)
    assert made == [[("title", "Title")], [("now", "a  "), ("meaning", "b")], [], [("text", "c")]]


def test_words_that_are_too_long():
    """They are broken where the room ends."""
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrapped("", 10) == [""]
