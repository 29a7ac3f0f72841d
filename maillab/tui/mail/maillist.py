"""The list of messages: a line for each, and what stands in the border of the list.

Rules for this file: no Textual; the moment and the room are passed in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.cells import cell_len

from maillab.client.local_store import MailFolder
from maillab.tui.dates import WIDE, date
from maillab.tui.looks.sink import Line, Piece, fit, piece, width
from maillab.tui.state.server_mail import AnyMessage, ServerFolder, ServerMessage, folder_name
from maillab.tui.texts import Texts
from maillab.views import units

SEARCH = "search"  # what the sign behind a search says when it is clicked
REPORT = "◀ "  # stands before the subject of a report about a message that did not arrive
IMPORTANT, ANSWERED = "!", "←"
_SENDERS = ("mailer-daemon@", "postmaster@")  # who writes them (RFC 5321 §4.5.5, by custom)
_ROOMY = 70  # columns from which on a list need not save any
LONGEST = 60  # cells that a column may want
MEASURED = 500  # messages, by which columns are as wide as they are
GAP = 2  # cells between columns
_DATE = WIDE + 1  # columns of the date and the blank behind it


@dataclass(frozen=True, slots=True)
class ListColumns:
    """What the columns of a list would take: who, or only the address of that, for whom where that is another name of
    the mailbox, the subject, the size; and has it one for the number of files, and one for the marks of what is
    important and what was answered?
    """

    who: int = 0
    address: int = 0
    for_whom: int = 0
    subject: int = 0
    size: int = 0
    files: bool = False
    marks: bool = False


def columns_of(items: Sequence[AnyMessage]) -> ListColumns:
    """Those that these messages have something for."""
    return ListColumns(
        _column(map(_who, items)),
        _column(_address(_who(item)) for item in items),
        _column(map(other_name, items)),
        _longest(_report(item) + item.subject for item in items),
        _column(units.size(item.octets) for item in items),
        any(item.files for item in items),
        any(map(_marks, items)),
    )


def _column(texts: Iterable[str]) -> int:
    """The cells of a column for these, and of the gap beside it; 0 where there is nothing in it."""
    longest = _longest(texts)
    return longest + GAP if longest else 0


def _longest(texts: Iterable[str]) -> int:
    """Of the first ones that say something: a list of ten thousand is as quick as a short one."""
    looked_at = islice(filter(None, texts), MEASURED)
    return min(LONGEST, max((cell_len(text[:LONGEST]) for text in looked_at), default=0))


def shares(wants: Sequence[int], room: int) -> list[int]:
    """So many cells for each that wants some: what one leaves is for the others.

    >>> shares((17, 0, 25), 60), shares((17, 40, 25), 60)
    ([17, 0, 25], [17, 22, 21])
    """
    given = [0] * len(wants)
    for left, place in zip(range(len(wants), 0, -1), sorted(range(len(wants)), key=wants.__getitem__), strict=True):
        given[place] = min(wants[place], room // left)
        room -= given[place]
    return given


def title(
    account: str, folder: MailFolder | ServerFolder, counts: tuple[int, int], search: str, texts: Texts
) -> list[tuple[str, str]]:
    """What stands in the border of the list, as `sink.chips`: whose it is, the search, how many were found of how many.

    >>> title("bob@x.test", MailFolder.INBOX, (1, 502), "from:ann", Texts("en"))
    [('bob · Inbox', ''), ('from:ann', 'search'), ('1 of 502', '')]
    """
    found, total = counts
    place = f"{account.rpartition('@')[0] or account} · {folder_name(folder, texts)}"
    if not search:
        return [(place, ""), (str(total), "")]
    seen = [(texts("messages.found", found=str(found), total=str(total)), "")] if total else []
    return [(place, ""), (search, SEARCH), *seen]


def is_report(message: AnyMessage) -> bool:
    """Is it a server's report about a message? Those have no sender to answer to, and come from a name of custom."""
    address = message.sender.rpartition("<")[2].lower()
    return address.startswith(_SENDERS) or not message.sender


def row(message: AnyMessage, cells: int, now: float, texts: Texts, columns: ListColumns) -> Line:
    """A line: marks, the message's own date, who, for whom if not for the mailbox itself, subject, size, files."""
    mark: Piece = ("bad", "✗ ") if message.doomed else ("dim", "  ") if message.seen else ("good", "● ")
    style = "plain" if message.seen else "bold"
    marks = _marks(message) or [("dim", "   ")] if columns.marks else []
    begin = 2 + width(marks)
    size = f"{units.size(message.octets):>{columns.size}}{_files(message, cells) if columns.files else ''}"
    report = _report(message)
    room = cells - begin - _DATE - len(size) - 1
    others = (columns.for_whom, columns.subject)
    who = columns.who if columns.who + sum(others) <= room else columns.address  # better than the half of a name
    wide, named, _ = shares((who, *others), room)
    room = max(4, room - wide - named - len(report))
    subject = piece("", message.subject or texts("messages.no_subject"))[1]
    return [
        mark,
        *marks,
        ("dim", f"{when(message, now, texts):<{_DATE}}"),
        (style, fit(_fitting(piece("", _who(message))[1], wide - 1), wide - 1) + " "),
        ("accent", fit(piece("", other_name(message))[1], named - 1) + " " if named else ""),
        ("bad", report),
        (style, fit(subject, room)),
        ("dim", size),
    ]


def _report(message: AnyMessage) -> str:
    return REPORT if is_report(message) else ""


def _who(message: AnyMessage) -> str:
    return message.recipient if message.is_sent else message.sender


def _marks(message: AnyMessage) -> Line:
    """What somebody has said of a message on the server, in three columns: important, answered."""
    if not isinstance(message, ServerMessage) or not (message.is_important or message.is_answered):
        return []
    return [
        ("warn", IMPORTANT if message.is_important else " "),
        ("dim", ANSWERED if message.is_answered else " "),
        ("dim", " "),
    ]


def _files(message: AnyMessage, cells: int) -> str:
    """How many files are attached, in a column of its own."""
    files, room = (f"+ {message.files}", 6) if cells >= _ROOMY else (f"+{message.files}", 4)
    return f"{files if message.files else '':>{room}}"


def _fitting(person: str, cells: int) -> str:
    """A name with its address, or, where there is not room for both, the address: a name is whatever its writer says.

    >>> _fitting("Alice <alice@sender.test>", 20)
    'alice@sender.test'
    """
    return person if cell_len(person) <= cells else _address(person)


def _address(person: str) -> str:
    name, sign, address = person.rpartition("<")
    return address.rstrip(">") if name and sign else person


def other_name(message: AnyMessage) -> str:
    """The recipient in the envelope, where it is not the address of the mailbox: of mail that was caught, mostly."""
    return message.delivered_to if message.delivered_to.lower() != message.account else ""


def when(message: AnyMessage, now: float, texts: Texts) -> str:
    """The date of the message, in local time, or that it has none. The year if it is another."""
    return date(message.at, now, texts) or texts("messages.no_date")
