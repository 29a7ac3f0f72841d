"""The mailboxes of the lab as a tree: sites, their people, and below the one that is looked at Sent and Trash.

Rules for this file: no Textual; counts are passed in. What is new in a mailbox is known before anything was fetched:
what lies on the server counts as what lies at home unread does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.mail.address import in_u_labels
from maillab.tui.looks.sink import Line, fit, piece, width
from maillab.tui.texts import Texts

Counts = Mapping[MailFolder, tuple[int, int]]  # messages, and those of them that nobody has read
Place = tuple[str, MailFolder]
NONE = "–"


@dataclass(frozen=True, slots=True)
class MailboxCounts:
    """What a person has at home, folder by folder; `waiting` messages lie on the server and were not fetched yet.

    Whose `is_persons` is false is for mail that is caught, or one with which a server logs in at another.
    """

    address: str
    folders: Counts = field(default_factory=dict)
    waiting: int = 0
    is_persons: bool = True

    @property
    def new(self) -> int:
        """How many messages nobody has read, wherever they lie."""
        return self.folders.get(MailFolder.INBOX, (0, 0))[1] + self.waiting

    @property
    def is_empty(self) -> bool:
        """Is there no message at all?"""
        return not self.waiting and not any(total for total, _ in self.folders.values())


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A line of the tree: a site (no `place`), a mailbox (its inbox), or another folder below it."""

    text: str
    count: str = ""
    place: Place | None = None
    is_new: bool = False
    depth: int = 0


def tree(boxes: Sequence[MailboxCounts], here: Place | None, texts: Texts) -> list[MailboxRow]:
    """Each site with its mailboxes, in the order in which they come; `here` is what is looked at.

    A mailbox that is no person's is there as soon as there is anything in it.
    """
    boxes = [box for box in boxes if box.is_persons or not box.is_empty or (here and here[0] == box.address)]
    rows: list[MailboxRow] = []
    for site in dict.fromkeys(_site(box) for box in boxes):
        rows.append(MailboxRow(in_u_labels(site)))
        for box in boxes:
            if _site(box) == site:
                rows.append(_mailbox(box, texts))
                if here is not None and here[0] == box.address:
                    rows += _below(box, texts)
    return rows


def _site(box: MailboxCounts) -> str:
    return box.address.rpartition("@")[2]


def emptied(boxes: Sequence[MailboxCounts], account: str, texts: Texts) -> str:
    """What is said of an inbox from which everything was thrown away, "" of another."""
    box = next((box for box in boxes if box.address == account and not box.waiting), MailboxCounts(account))
    thrown = box.folders.get(MailFolder.TRASH, (0, 0))[0]
    names = {name: texts(f"folder.{of}") for name, of in (("folder", MailFolder.INBOX), ("trash", MailFolder.TRASH))}
    return texts("messages.emptied", count=thrown, **names) if thrown else ""


def _mailbox(box: MailboxCounts, texts: Texts) -> MailboxRow:
    total = box.folders.get(MailFolder.INBOX, (0, 0))[0]
    count = texts("mailbox.new", count=str(box.new)) if box.new else str(total) if total else NONE
    return MailboxRow(box.address.rpartition("@")[0], count, (box.address, MailFolder.INBOX), box.new > 0, 1)


def _below(box: MailboxCounts, texts: Texts) -> Iterable[MailboxRow]:
    """Where the new ones are, and the other folders."""
    if box.waiting:
        yield MailboxRow(texts("mailbox.waiting"), str(box.waiting), depth=2)
    for folder in (MailFolder.SENT, MailFolder.TRASH):
        total = box.folders.get(folder, (0, 0))[0]
        yield MailboxRow(texts(f"folder.{folder}"), str(total) if total else NONE, (box.address, folder), depth=2)


def drawn(row: MailboxRow, cells: int) -> Line:
    """A line of the tree in so many columns: a name may be cut, a number never."""
    if not row.depth:
        return (piece("dim", row.text),)
    margin = " " * (2 * row.depth)
    count = piece("", row.count)[1]
    room = max(0, cells - len(margin) - width([("", count)]) - 1)
    style = "bold" if row.is_new else "plain" if row.place is not None else "dim"
    return (
        (style, margin + fit(piece("", row.text)[1], room) + " "),
        ("good" if row.is_new else "dim", count),
    )


def something_came(
    items: Sequence[LocalMessage], seen: Sequence[LocalMessage], boxes: Sequence[MailboxCounts], place: Place | None
) -> bool:
    """Is there a new message since somebody saw this folder last, at home or still on the server?"""
    waiting = place is not None and any(box.waiting for box in boxes if box.address == place[0])
    known = {item.id for item in seen}
    return waiting or any(not item.seen and item.id not in known for item in items[:1])


def likely(boxes: Sequence[MailboxCounts], newest: Iterable[str]) -> str:
    """The mailbox that is looked at first, "" for none: where the newest message (`newest`) came to, else where
    something is new, else where anything is; else that of somebody who receives: of another site than the first.

    >>> likely([MailboxCounts("alice@a"), MailboxCounts("caught@b", is_persons=False), MailboxCounts("bob@b")], [])
    'bob@b'
    """
    known = {box.address: box for box in boxes}
    ranks = (
        [known[address] for address in newest if address in known and not known[address].is_empty],
        [box for box in boxes if box.new],
        [box for box in boxes if not box.is_empty],
        [box for box in boxes if _site(box) != _site(boxes[0]) and box.is_persons],
        [box for box in boxes if box.is_persons],
        boxes,
    )
    return next((rank[0].address for rank in ranks if rank), "")
