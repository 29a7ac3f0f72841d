"""The order in which SORT tells messages."""

import pytest

from maillab.protocols.imap.commands import SortCriterion, SortField
from maillab.recipient.structure.sorting import in_order
from tests.recipient.structure.listed import ListedFolder, message


@pytest.fixture
def folder():
    """Four messages."""
    made = ListedFolder()
    made.add(message("Re: beta", From="Zoe <zoe@a>", To="x@y", Date="Mon, 30 Nov 2026 10:00:00 +0000"), internal=4.0)
    made.add(message("Alpha", From="Adam <bob@a>", Cc="q@r", Date="Mon, 30 Nov 2026 11:30:00 +0200"), internal=3.0)
    made.add(message("Beta (fwd)", From="Ánh <anh@a>", To="team: b@c;"), internal=2_000_000_000.0)
    made.add(message("ALPHA", From="bob@a", Date="never"), internal=1.0)
    return made


@pytest.mark.parametrize(
    ("criteria", "numbers"),
    [
        ("ARRIVAL", [4, 2, 1, 3]), ("REVERSE ARRIVAL", [3, 1, 2, 4]), ("SIZE", [4, 3, 2, 1]), ("DATE", [4, 2, 1, 3]), ("SUBJECT", [2, 4, 1, 3]),
        ("REVERSE SUBJECT", [1, 3, 2, 4]), ("FROM", [3, 2, 4, 1]), ("FROM REVERSE DATE", [3, 2, 4, 1]), ("SUBJECT DATE", [4, 2, 1, 3]),
        ("SUBJECT REVERSE DATE", [2, 4, 3, 1]), ("CC", [1, 3, 4, 2]), ("TO", [2, 4, 3, 1]), ("REVERSE TO ARRIVAL", [1, 3, 4, 2]),
    ],
)  # fmt: skip
def test_criteria(folder, criteria, numbers):
    """One criterion after the other, each for itself from its largest if it is reversed; equals by their numbers."""
    wanted = [
        SortCriterion(SortField(word), criteria.split()[max(at - 1, 0)] == "REVERSE" and at > 0)
        for at, word in enumerate(criteria.split())
        if word != "REVERSE"
    ]
    assert [at + 1 for at in in_order(folder.searched(), range(4), wanted)] == numbers
    assert in_order(folder.searched(), [], wanted) == []


def test_signs_among_letters():
    """Subjects are compared in capitals, so that a sign between them and small letters comes last (RFC 5051)."""
    made = ListedFolder()
    for subject in ("_", "C", "a", "[x]", "1"):
        made.add(message(subject))
    assert [at + 1 for at in in_order(made.searched(), range(5), [SortCriterion(SortField.SUBJECT)])] == [5, 3, 2, 4, 1]


def test_what_is_not_looked_at(folder):
    """For what the index has in its rows no summary is asked for; a message that is gone does no harm."""
    in_order(folder.searched(), range(4), [SortCriterion(SortField.SIZE)])
    assert folder.asked == []
    folder.contents.clear()
    assert in_order(folder.searched(), [2, 0], [SortCriterion(SortField.SUBJECT)]) == [0, 2]
