"""What stands in the list of a folder, as FETCH tells it (RFC 9051 §7.5.2): flags, UIDs, sizes, dates.

Quiet. Lines are made column by column, since they may be many thousands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter

from maillab.protocols.imap import responses
from maillab.protocols.imap.dates import moment
from maillab.protocols.imap.fetch import FetchAttribute, FetchItem
from maillab.recipient.folders import MessageRow

Numbered = Sequence[tuple[int, MessageRow]]
"""Messages, each with its number."""


def lines(items: Iterable[FetchItem], some: Numbered) -> bytes:
    """A line for each of these messages; all `items` stand in LISTED."""
    told = [LISTED[item] for item in items]
    line = b"* %%d FETCH (%b)\r\n" % b" ".join(form for form, _ in told)
    rows = [row for _, row in some]
    columns = [map(value, rows) for _, value in told]
    return line * len(rows) % (*chain.from_iterable(zip([number for number, _ in some], *columns, strict=True)),)


@lru_cache(4096)
def _flags(flags: frozenset[str]) -> bytes:
    """Thousands of messages have the same."""
    return responses.flag_list(flags)


LISTED: Mapping[FetchItem, tuple[bytes, Callable[[MessageRow], bytes | int]]] = {
    FetchAttribute.UID: (b"UID %d", attrgetter("uid")),
    FetchAttribute.FLAGS: (b"FLAGS %b", lambda row: _flags(row.flags)),
    FetchAttribute.INTERNALDATE: (b"INTERNALDATE %b", lambda row: moment(row.internal)),
    FetchAttribute.SIZE: (b"RFC822.SIZE %d", attrgetter("octets")),
    FetchAttribute.MODSEQ: (b"MODSEQ (%d)", attrgetter("modseq")),
    FetchAttribute.EMAILID: (b"EMAILID (%b)", lambda row: row.email_id.encode("ascii")),
    FetchAttribute.SAVEDATE: (b"SAVEDATE %b", lambda row: moment(row.saved)),
}
"""What stands in the list of the folder, how it is told, and what fills the form."""
