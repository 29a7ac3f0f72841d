"""What POP3 needs of a mailbox, and nothing more: a snapshot of its messages, their content, and their removal.

Quiet: the store (mailbox.py) is one maildrop, a list in a test is another. All methods here may block.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from maillab.mail.content import Content

AHEAD = 65_536  # octets of messages that are read before anybody asks for them


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


class ReadAhead:
    """Reads with a message those behind it, for a client that fetches one after the other, as most do: a small file is
    read faster than a thread is woken for it. What was read is given out as it was then.
    """

    def __init__(self, drop: Maildrop) -> None:
        self._drop = drop
        self._read: dict[int, Content] = {}  # and nobody has asked for it
        self._last = -2  # that was asked for: nobody knows yet whether the second message will follow the first
        self._in_order = False

    def known(self, index: int) -> Content | None:
        """The message that a client asks for, if it has been read. Does not block."""
        self._in_order, self._last = index == self._last + 1, index
        return self._read.pop(index, None)

    def read(self, index: int) -> Content:
        """The same if it has not, as `Maildrop.content`."""
        content = self._drop.content(index)
        self._read = dict(self._following(index)) if self._in_order else {}
        return content

    def _following(self, index: int) -> Iterator[tuple[int, Content]]:
        octets = 0
        for number in range(index + 1, len(self._drop.messages)):
            octets += self._drop.messages[number].octets
            if octets > AHEAD:
                return
            try:
                yield number, self._drop.content(number)
            except OSError:
                return  # it is told to whoever asks for it


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
