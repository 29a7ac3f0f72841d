"""Conditions of a search."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.lexer import BadSyntax, Cursor
from maillab.protocols.imap.search import (
    TEXTS,
    AgeKey,
    AndKey,
    DayKey,
    DayRelation,
    EveryKey,
    FlagKey,
    HeaderKey,
    IdKey,
    ModSeqKey,
    NotKey,
    NumbersKey,
    OrKey,
    SizeKey,
    TextKey,
    WhichDay,
    WhichId,
    parse_keys,
)
from maillab.protocols.imap.sequence import parse_sequence_set
from maillab.protocols.imap.spoken import SpokenCommand

SEEN = FlagKey("\\Seen")


def key(text, *literals):
    """The condition that these octets are."""
    cursor = Cursor(SpokenCommand(text, literals))
    found = parse_keys(cursor)
    cursor.expect_end()
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"ALL", EveryKey()),
        (b"all ", EveryKey()),
        (b"SEEN", SEEN),
        (b"UNSEEN", NotKey(SEEN)),
        (b"NEW", AndKey((FlagKey("\\Recent"), NotKey(SEEN)))),
        (b"KEYWORD $junk", FlagKey("$Junk")),
        (b"UNKEYWORD Work", NotKey(FlagKey("Work"))),
        (b'FROM "bob"', HeaderKey("FROM", "bob")),
        (b'HEADER List-Id ""', HeaderKey("LIST-ID", "")),
        (b'BODY "x" TEXT y', AndKey((TextKey("x", everywhere=False), TextKey("y", everywhere=True)))),
        (b"LARGER 10", SizeKey(10, larger=True)),
        (b"BEFORE 1-Feb-1994", DayKey(WhichDay.INTERNAL, DayRelation.BEFORE, date(1994, 2, 1))),
        (b'SENTSINCE "1-Feb-1994"', DayKey(WhichDay.SENT, DayRelation.SINCE, date(1994, 2, 1))),
        (b"SAVEDON 1-Feb-1994", DayKey(WhichDay.SAVED, DayRelation.ON, date(1994, 2, 1))),
        (b"YOUNGER 3600", AgeKey(3600, older=False)),
        (b"2:4,*", NumbersKey(parse_sequence_set(b"2:4,*"), by_uid=False)),
        (b"$", NumbersKey(parse_sequence_set(b"$"), by_uid=False)),
        (b"UID 5", NumbersKey(parse_sequence_set(b"5"), by_uid=True)),
        (b"MODSEQ 620162338", ModSeqKey(620162338)),
        (b'MODSEQ "/flags/\\\\draft" all 620', ModSeqKey(620)),
        (b"EMAILID M1", IdKey(WhichId.EMAIL, "M1")),
        (b"NOT SEEN", NotKey(SEEN)),
        (b"OR SEEN NOT SEEN", OrKey(SEEN, NotKey(SEEN))),
        (b"(SEEN)", SEEN),
        (b"NOT (SEEN 1)", NotKey(AndKey((SEEN, NumbersKey(parse_sequence_set(b"1"), by_uid=False))))),
    ],
)
def test_keys(text, found):
    """Each key of the RFCs is a value."""
    assert key(text) == found


def test_text_is_utf8():
    """It may come as a literal."""
    assert key(b"SUBJECT {4}\r\n", "thư".encode()) == HeaderKey("SUBJECT", "thư")
    with pytest.raises(BadSyntax):
        key(b"SUBJECT {1}\r\n", b"\xff")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NONSENSE",
        b"NOT",
        b"OR SEEN",
        b"(SEEN",
        b"SEEN)",
        b"()",
        b"SEEN  SEEN",
        b"FROM",
        b"KEYWORD \\Seen2",
        b"BEFORE yesterday",
        b"LARGER -1",
        b"YOUNGER 0",
        b"UID x",
        b'MODSEQ "/flags/x" none 5',
        b"SEEN,SEEN",
    ],
)
def test_no_keys(text):
    """Whatever else comes is bad syntax."""
    with pytest.raises(BadSyntax):
        key(text)


@pytest.mark.parametrize(
    "text", [b"(" * 3_000, b"NOT " * 3_000 + b"SEEN", b"OR " * 3_000, b"OR SEEN " * 3_000 + b"SEEN"]
)
def test_nesting(text):
    """It has a depth at which it is too deep."""  # T197
    with pytest.raises(BadSyntax, match="nested"):
        key(text)


def test_as_deep_as_may_be():
    """Fifty is deep enough for every client."""
    assert isinstance(key(b"NOT " * 49 + b"SEEN"), NotKey)
    assert key(b"(" * 49 + b"SEEN" + b")" * 49) == SEEN


WORDS = [
    b"SEEN",
    b"NOT",
    b"OR",
    b"(",
    b")",
    b" ",
    b"1:*",
    b"FROM",
    b'"x"',
    b"UID",
    b"BEFORE",
    b"1-Feb-1994",
    b"{1}\r\n",
]


@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=3), max_size=12))
def test_whatever_comes(words):
    """A condition, or bad syntax."""
    try:
        key(b"".join(words), b"x")
    except BadSyntax:
        pass


@pytest.mark.parametrize(("count", "is_borne"), [(TEXTS, True), (TEXTS + 1, False)])
def test_so_many_texts(count, is_borne):
    """A search that looks for so many texts is read, one with one more is not, wherever they stand."""
    line = b"(TEXT a NOT BODY b) " + b"SUBJECT c " * (count - 3) + b"OR ALL TO d"
    with contextlib.nullcontext() if is_borne else pytest.raises(BadSyntax, match="So many"):
        parse_keys(Cursor(SpokenCommand(line, ())))
