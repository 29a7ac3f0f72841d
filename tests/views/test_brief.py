"""The transcript without repetition."""

from maillab.events import Closed, Entry, Event, Leg, Opened, Said, Side
from maillab.views.brief import Brief
from maillab.views.transcript import Row, Transcript

C, S = Side.CLIENT, Side.SERVER


def told(*events: Event, lang="en", shown=lambda event: True, **options) -> list[Row]:
    view, brief = Transcript(lang=lang, glosses=True, **options), Brief(lang, **options)
    entries = [Entry(seq, 0.0, event) for seq, event in enumerate(events, 1)]
    return [row for one in entries for row in brief.rows(one, view.rows(one), shown=shown(one.event))]


def talk(name: str, *lines: str) -> list[Event]:
    return [Said(name, C if line[0] == "C" else S, line[3:].encode() + b"\r\n") for line in lines]


HELLO = ("C: EHLO a.test", "S: 250-mx.test", "S: 250-SIZE 99", "S: 250 HELP")


def test_each_explanation_once():
    """A word that was explained is not explained again, in whatever talk it comes."""
    rows = told(*talk("relay-1", "C: RSET", "S: 250 ok"), *talk("relay-2", "C: RSET", "S: 250 ok"))
    assert [row.gloss is not None for row in rows] == [True, True, False, False]


def test_a_list_is_one_row():
    """What a server offers after EHLO is one row, in the language asked for, explained once; nothing of it is lost."""
    rows = told(*talk("relay-1", *HELLO, *HELLO), lang="vi")
    assert [row.text for row in rows] == ["EHLO a.test", "250-mx.test", "▸ 2 dòng: SIZE 99, HELP"] * 2
    assert [row.gloss is not None for row in rows] == [True] * 3 + [False] * 3
    ascii = told(*talk("relay-1", *HELLO), ascii=True)
    assert ascii[2].text == "> 2 lines: SIZE 99, HELP"


def test_a_list_of_pop3():
    """The answer to CAPA is folded, too; its dot ends it."""
    opened = Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mail.test")
    said = talk("retrieve-1", "S: +OK hi", "C: CAPA", "S: +OK", "S: TOP", "S: UIDL", "S: .", "C: CAPA", "S: -ERR no")
    assert [row.text for row in told(opened, *said)][2:] == ["CAPA", "+OK", "▸ 2 lines: TOP, UIDL", "CAPA", "-ERR no"]


def test_a_short_list():
    """One offer is not worth folding; a refusal is no list."""
    said = talk("relay-1", "C: EHLO a", "S: 250-mx", "S: 250 HELP", "C: EHLO", "S: 501 no")
    assert [row.text for row in told(*said)] == ["EHLO a", "250-mx", "250 HELP", "EHLO", "501 no"]


def test_two_talks_at_once():
    """A list belongs to its talk, whoever speaks between its lines."""
    one, other = talk("relay-1", *HELLO), talk("relay-2", *HELLO)
    rows = told(*(event for pair in zip(one, other, strict=True) for event in pair))
    assert [row.text for row in rows if row.talk == "relay-2"] == [
        "EHLO a.test",
        "250-mx.test",
        "▸ 2 lines: SIZE 99, HELP",
    ]


def test_a_list_that_breaks_off():
    """Where the connection is lost inside a list, what came of it is shown."""
    rows = told(*talk("relay-1", *HELLO[:3]), Closed("relay-1", "lost"))
    assert [row.text for row in rows] == ["EHLO a.test", "250-mx.test", "250-SIZE 99", "connection lost"]


def test_what_is_not_shown():
    """What a filter passes over is not shown, explains nothing away, and tells what a list answers."""
    rows = told(*talk("relay-1", *HELLO), shown=lambda event: event.side is S)
    assert [row.text for row in rows] == ["250-mx.test", "▸ 2 lines: SIZE 99, HELP"]
    hidden = told(
        *talk("relay-1", "C: RSET", "S: 250 ok"), *talk("relay-2", "C: RSET"), shown=lambda e: e.talk == "relay-2"
    )
    assert [row.gloss is not None for row in hidden] == [True]
