"""What stands in the list of a folder: a line a message, however many items, in the order in which they were asked for."""

from maillab.protocols.imap.fetch import FetchAttribute
from maillab.recipient.folders import MessageRow
from maillab.recipient.imap.listed import LISTED, lines

ROW = MessageRow(7, frozenset({"\\Seen", "Work"}), 12, 1_790_000_000.0, 345, 1_790_000_060.0, "Mabc")


def test_each_item_alone():
    """Every item that stands in the list, as RFC 9051 §7.5.2, RFC 7162 §3.1.4, RFC 8474 and RFC 8514 write it."""
    assert {item: lines([item], [(3, ROW)]) for item in LISTED} == {
        FetchAttribute.UID: b"* 3 FETCH (UID 7)\r\n",
        FetchAttribute.FLAGS: b"* 3 FETCH (FLAGS (\\Seen Work))\r\n",
        FetchAttribute.INTERNALDATE: b'* 3 FETCH (INTERNALDATE "21-Sep-2026 14:13:20 +0000")\r\n',
        FetchAttribute.SIZE: b"* 3 FETCH (RFC822.SIZE 345)\r\n",
        FetchAttribute.MODSEQ: b"* 3 FETCH (MODSEQ (12))\r\n",
        FetchAttribute.EMAILID: b"* 3 FETCH (EMAILID (Mabc))\r\n",
        FetchAttribute.SAVEDATE: b'* 3 FETCH (SAVEDATE "21-Sep-2026 14:14:20 +0000")\r\n',
    }


def test_many_items_of_many_messages():
    """The columns do not get mixed up."""
    other = MessageRow(9, frozenset(), 13, 0.0, 1, 0.0, "M")
    items = (FetchAttribute.SIZE, FetchAttribute.UID, FetchAttribute.FLAGS)
    assert lines(items, [(3, ROW), (4, other)]) == (
        b"* 3 FETCH (RFC822.SIZE 345 UID 7 FLAGS (\\Seen Work))\r\n* 4 FETCH (RFC822.SIZE 1 UID 9 FLAGS ())\r\n"
    )


def test_no_message():
    """Nothing is said."""
    assert lines([FetchAttribute.UID], []) == b""
