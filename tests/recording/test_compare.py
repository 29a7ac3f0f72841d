"""What differs between two records, and what does not count."""

import pytest

from maillab.recording.compare import compare
from tests.recording.told import only, record, told

HELLO = "S: 220 mx\nC: EHLO a.test\nS: 250-mx\nS: 250-SIZE 100\nS: 250 AUTH PLAIN LOGIN\n"


def shown(one, other, **options):
    return [str(row) for row in compare(record(one), record(other), **options)]


@pytest.mark.parametrize("name", ["seven-steps", "bounce", "tls"])
def test_two_runs_of_a_story(name):
    """Two runs of a story do not differ: ids, dates and nonces do not count."""
    first = told(name)
    told.cache_clear()
    assert compare(first, told(name)) == ()


@pytest.mark.parametrize(
    "other",
    [
        HELLO.replace("mx", "elsewhere.test"),
        HELLO.replace("EHLO a.test", "ehlo b.test"),
        "S: 220 mx\nC: EHLO a.test\nS: 250-mx hello\nS: 250-auth LOGIN PLAIN\nS: 250 SIZE 100\n",
    ],
)
def test_names_cases_and_order_do_not_count(other):
    """Host names, the case of words and the order of an offer make no difference."""
    assert shown(HELLO, other) == []


def test_code_and_enhanced_code_count():
    """Another code or enhanced code is a difference; the wording is one when it is asked for."""
    one, other = "S: 220 mx\nC: MAIL FROM:<a@b.test>\nS: 250 2.1.0 Ok", "S: 220 mx\nC: MAIL FROM:<a@b.test>\nS: 250 Ok"
    assert shown(one, other) == [
        "@@ relay-1 (smtp) @@", "  connected", "  S: 220", "  C: MAIL FROM:<a@b.test>", "- S: 250 2.1.0", "+ S: 250",
    ]  # fmt: skip
    assert shown(one, one.replace("Ok", "Fine")) == []
    assert "+ S: 250 2.1.0 Fine" in shown(one, one.replace("Ok", "Fine"), text=True)


def test_capabilities_count():
    """Each capability that only one side offers is a row of its own."""
    rows = shown(HELLO, HELLO.replace("S: 250-SIZE 100", "S: 250-STARTTLS"))
    assert rows[-4:] == ["  S: 250", "  S:   AUTH LOGIN PLAIN", "- S:   SIZE 100", "+ S:   STARTTLS"]


def test_exchanges_are_aligned():
    """A question that only one side asked does not shift those after it."""
    rows = shown(HELLO + "C: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye", HELLO + "C: QUIT\nS: 221 bye")
    assert [row for row in rows if row[0] in "+-"] == ["- C: RSET", "- S: 250"]


def test_sizes_and_secrets_do_not_count():
    """SIZE of MAIL, the steps of a login and its responses make no difference; the mechanism does."""
    one = HELLO + "C: AUTH PLAIN AGE=\nS: 235 in\nC: MAIL FROM:<a@b.test> SIZE=10\nS: 250 ok"
    assert shown(one, one.replace("AGE=", "AGI=").replace("SIZE=10", "SIZE=11")) == []
    assert shown(one, one.replace("C: AUTH PLAIN AGE=", "C: AUTH PLAIN\nS: 334 \nC? AGE=")) == []
    assert "+ C: AUTH LOGIN" in shown(one, one.replace("PLAIN AGE=", "LOGIN AGE="))


def test_a_typed_secret_is_not_shown():
    """A password typed as a command never stands in a row (T308)."""
    rows = shown("S: 220 mx\nC? hunter2\nS: 500 what?", "S: 220 mx")
    assert rows[-2:] == ["- C: (a secret)", "- S: 500"]


def test_talks_of_one_side():
    """A talk that only one record has is shown whole."""
    rows = compare(told("seven-steps"), only(told("seven-steps"), "submit-1"))
    assert {row.mark for row in rows} == {"@", "-"}
    assert "relay-1 (smtp)" in [row.text for row in rows if row.mark == "@"]


def test_lookups_pair_by_their_question():
    """Two look-ups that changed places are the same look-ups."""
    entries = list(told("seven-steps"))
    renamed = []
    for entry in entries:
        swap = {"lookup-1": "lookup-2", "lookup-2": "lookup-1"}
        talk = getattr(entry.event, "talk", "")
        if talk in swap:
            entry = type(entry)(entry.seq, entry.at, type(entry.event)(**{**fields(entry.event), "talk": swap[talk]}))
        renamed.append(entry)
    assert compare(entries, renamed) == ()


def test_two_records_of_one_lab():
    """The second has later numbers: where no name of a kind is in both, the order counts."""
    entries = told("seven-steps")
    later = []
    for entry in entries:
        talk = getattr(entry.event, "talk", "")
        if talk:
            kind, _, number = talk.rpartition("-")
            event = type(entry.event)(**{**fields(entry.event), "talk": f"{kind}-{int(number) + 7}"})
            entry = type(entry)(entry.seq, entry.at, event)
        later.append(entry)
    assert compare(entries, later) == ()
    assert next(str(row) for row in compare(later, only(entries, "submit-1"))) == "@@ lookup-8 (dns) @@"


def fields(event):
    return {name: getattr(event, name) for name in event.__struct_fields__}


def test_hostile_words_are_harmless():
    """What a stranger said is shown, never obeyed."""
    rows = shown("S: 220 mx\nC: \x1b[31mX\nS: 500 \x1b]0;x", "S: 220 mx")
    assert not any("\x1b" in row for row in rows)


def test_a_long_talk_takes_no_long_time():
    """Ten thousand exchanges that are all alike are compared in seconds."""
    one = "S: 220 mx\n" + "C: NOOP\nS: 250 ok\n" * 10_000
    rows = compare(record(one), record(one + "C: RSET\nS: 250 ok"))
    assert str(rows[-2]) == "+ C: RSET"
