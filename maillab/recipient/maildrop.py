"""What POP3 needs of a mailbox, and nothing more: a snapshot of its messages, their content, and their removal.

Quiet: the store (mailbox.py) is one maildrop, a list in a test is another. All methods here may block.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from maillab.mail.content import Content


class InUse(Exception):  # noqa: N818 - what the second reader is told
    """Somebody else is reading this mailbox (RFC 1939 §4: one at a time)."""


class NotRemoved(OSError):  # noqa: N818 - what the reader is told
    """The disk refused to remove messages; `gone` are the UIDs of those that are gone all the same."""

    def __init__(self, gone: tuple[int, ...], why: str) -> None:
        super().__init__(why)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Kept:
    """One message of a snapshot: its number for ever, its size as a reader will have it, its name for UIDL."""

    uid: int
    octets: int
    uidl: str  # 1 to 70 characters of 0x21 to 0x7E (RFC 1939 §7)


class Maildrop(Protocol):
    """One mailbox, locked, as it was when it was opened. Messages are counted from 0 here."""

    @property
    def messages(self) -> Sequence[Kept]:
        """What lies in it."""
        ...

    def content(self, index: int) -> Content:
        """The message. Raises `FileNotFoundError` when it is gone or not what it was, `OSError` for other trouble."""
        ...

    def close(self, remove: Sequence[int] = ()) -> tuple[int, ...]:
        """Remove these messages, then unlock, come what may; gives their UIDs. Raises `NotRemoved`."""
        ...


class Maildrops(Protocol):
    """Everybody's mailboxes."""

    def open(self, user: str) -> Maildrop:
        """Lock and list the mailbox of `user` (in canonical form). Raises `InUse`."""
        ...


def top(content: Content, lines: int) -> Content:
    """The header section, its empty line, and so many lines of the body (RFC 1939 §7); a file stays a file.

    >>> top(Content(b"Subject: hi\\r\\n\\r\\none\\r\\ntwo\\r\\n"), 1).whole()
    b'Subject: hi\\r\\n\\r\\none\\r\\n'
    """
    octets, in_body = 0, False
    for length, is_empty in _lines(content):
        if in_body and lines == 0:
            start = content.start[:octets]
            return Content(start, content.path, content.offset, octets - len(start))
        octets += length
        if in_body:
            lines -= 1
        in_body = in_body or is_empty
    return content


def _lines(content: Content) -> Iterator[tuple[int, bool]]:
    """Of every line: how long it is with its ending, and whether it is empty. Holds no more than a block."""
    length, first = 0, b""  # of the line that has not ended yet
    for block in content.blocks():
        *ended, rest = block.split(b"\n")
        for line in ended:
            yield length + len(line) + 1, (first + line[:2]) in (b"", b"\r")
            length, first = 0, b""
        length += len(rest)
        first = (first + rest[:2])[:2]
    if length:
        yield length, False
