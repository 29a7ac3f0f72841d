"""What SEARCH finds."""

import pytest

from maillab.protocols.imap.lexer import Cursor
from maillab.protocols.imap.search import parse_keys
from maillab.protocols.imap.spoken import SpokenCommand
from tests.recipient.structure.listed import ListedFolder, message

DAY = 86_400.0
NOON = 1_796_000_000.0  # 30 November 2026, 00:53 UTC


@pytest.fixture
def folder():
    """Five messages, UIDs 10 to 50."""
    made = ListedFolder()
    made.add(
        message(
            "Lunch",
            From="Ann <ann@x.test>",
            To="bob@y.test",
            Date="Mon, 30 Nov 2026 23:59:00 -1100",
            text="soup, 12 o'clock",
        ),
        "\\Seen",
        internal=NOON,
    )
    made.add(
        message("Re: Lunch", From="bob@y.test", Cc="carol@z.test", Message_ID="<2@x>", text="No\r\nsoup"),
        "\\Answered",
        "Work",
        internal=NOON - DAY,
        saved=NOON,
    )
    made.add(
        message("=?utf-8?q?Ti=E1=BA=BFng_Vi=E1=BB=87t?=", Date="1 Dec 2026 00:00 +0000", X_Own="yes", text="Đất nước"),
        "\\Deleted",
        "\\Flagged",
        internal=NOON + DAY,
    )
    made.add(message("x" * 3_000, Bcc="dan@w.test", X_Own="", Date="never"), "$Junk", "\\Draft")
    made.add(b"", internal=NOON)
    return made


def found(folder, keys, **known):
    """The numbers of the messages that a search finds, counted from 1."""
    key = parse_keys(Cursor(SpokenCommand(keys.encode(), ())))
    return [at + 1 for at in folder.searched(now=NOON, **known).search(key)]


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ("ALL", [1, 2, 3, 4, 5]), ("SEEN", [1]), ("UNSEEN", [2, 3, 4, 5]), ("ANSWERED", [2]), ("DRAFT", [4]), ("FLAGGED DELETED", [3]), ("KEYWORD work", [2]),
        ("UNKEYWORD $JUNK", [1, 2, 3, 5]), ("2:3,5", [2, 3, 5]), ("*", [5]), ("9:*", [5]), ("7", []), ("UID 20:30", [2, 3]), ("UID *", [5]), ("UID 15", []),
        ("NOT 1", [2, 3, 4, 5]), ("OR 1 OR 3 5", [1, 3, 5]), ("OR FROM ann SEEN", [1]), ("NOT (OR SEEN 2 FLAGGED)", [1, 2, 3, 4, 5]), ("(2 3) ALL", []),
        ("LARGER 3000", [4]), ("SMALLER 1", [5]), ("SMALLER 0", []), ("FROM ann", [1]), ("FROM BOB@Y.TEST", [2]), ("CC carol", [2]), ("BCC dan", [4]), ("TO bob", [1]),
        ("SUBJECT lunch", [1, 2]), ('SUBJECT "tieng viet"', [3]), ('SUBJECT "tiếng"', [3]), ('SUBJECT "tièng"', []), ('SUBJECT ""', [1, 2, 3, 4]), ('FROM ""', [1, 2]),
        ("HEADER Message-ID <2@x>", [2]), ("HEADER X-Own yes", [3]), ('HEADER x-own ""', [3, 4]), ("HEADER X-Other y", []), ('HEADER "" ""', []),
        ("BODY soup", [1, 2]), ('BODY "no soup"', [2]), ("BODY lunch", []), ("TEXT lunch", [1, 2]), ("TEXT nuoc", [3]), ('TEXT "đất"', [3]), ('BODY "dât"', []), ('TEXT ""', [1, 2, 3, 4, 5]),
        ("ON 30-Nov-2026", [1, 5]), ("BEFORE 30-Nov-2026", [2, 4]), ("SINCE 30-Nov-2026", [1, 3, 5]), ("SENTON 30-Nov-2026", [1]), ("SENTSINCE 1-Dec-2026", [3]),
        ("SENTBEFORE 1-Dec-2026", [1]), ("NOT SENTBEFORE 1-Dec-2026", [2, 3, 4, 5]), ("SAVEDSINCE 1-Jan-2026", [2]), ("YOUNGER 3600", [1, 3, 5]), ("OLDER 86400", [2, 4]),
        ("MODSEQ 40", [4, 5]), ("EMAILID E20", [2]), ("THREADID E20", []), ("RECENT", []), ("OLD", [1, 2, 3, 4, 5]), ("NEW", []), ("$", [2, 5]), ("UID $", [2, 5]), ("NOT $", [1, 3, 4]),
    ],
)  # fmt: skip
def test_keys(folder, keys, numbers):
    """Every key finds what RFC 9051 says it does, and nothing else."""
    assert found(folder, keys, saved={20, 50, 60}) == numbers


def test_the_cheap_is_asked_first(folder):
    """Words are looked at only of messages for which all else holds; of a few flags nothing is read at all."""
    assert found(folder, "TEXT soup FROM bob UNSEEN") == [2]
    assert folder.asked == ["mentioning", "summaries", "words 20", "content 20"]
    folder.asked.clear()
    found(folder, "OR (BODY x) UNSEEN NOT DELETED")
    assert folder.asked == ["words 10", "content 10"]
    folder.asked.clear()
    found(folder, "UNSEEN 1:3 LARGER 3 ON 30-Nov-2026")
    assert folder.asked == []


def test_fields_of_many_are_looked_through_at_once(folder):
    """Only messages in some field of which the words stand are looked at; of a few among many, each is."""
    assert found(folder, "SUBJECT nowhere") == []
    assert folder.asked == ["mentioning"]
    for number in range(40):
        folder.add(message(f"number {number}", From="lunch@x.test"))
    folder.asked.clear()
    assert found(folder, "SUBJECT lunch") == [1, 2]
    assert found(folder, "1:2 SUBJECT lunch") == [1, 2]
    assert folder.asked == ["mentioning", "summaries", "summaries"]


def test_messages_that_are_gone(folder):
    """A message that somebody removed meanwhile is not found, and nothing fails."""
    del folder.contents[20]
    assert found(folder, "TEXT soup") == [1]
    assert found(folder, "SUBJECT lunch") == [1]
    assert found(folder, 'HEADER X-Own ""') == [3, 4]
    assert found(folder, "SENTON 30-Nov-2026") == [1]


def test_summaries_that_cannot_be_read(folder):
    """What the index has lost is worked out of the message."""
    folder.damaged = True
    assert found(folder, "SUBJECT lunch") == [1, 2]
    assert found(folder, "TEXT lunch") == found(folder, "BODY soup") == [1, 2]
    del folder.contents[20]
    assert found(folder, "SUBJECT lunch") == found(folder, "BODY soup") == [1]


def test_deep_conditions(folder):
    """Fifty conditions inside one another are asked."""  # T197
    assert found(folder, "NOT " * 48 + "SEEN") == [1]
    assert found(folder, "(" * 48 + "SEEN" + ")" * 48) == [1]
