"""What a pane can hand to a command: the thing under the cursor, or the pane's own, as frozen values.

Rules for this file: no Textual. A pane gives its nearest thing (`subject()`); what that is part of is `within`, so that
a command for the machine is found also where the cursor stands on one of its jobs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from maillab.client.local_store import LocalMessage
    from maillab.events import Entry
    from maillab.tui.state.server_mail import ServerFolder, ServerMessage


class Subject(Struct, frozen=True):
    """A thing that something can be done to."""

    @property
    def within(self) -> "Subject | None":
        """What it is a part of; nothing, unless it says so."""
        return None


class MessageTab(Struct, frozen=True):
    """One of the ways to look at a message (tab.message.…), to be gone to."""

    name: str


class Machine(Subject, frozen=True):
    """The machine of a site."""

    site: str


class MachineJob(Subject, frozen=True):
    """A job that waits in the queue of a machine."""

    machine: Machine
    job: str

    @property
    def within(self) -> Subject | None:
        """The machine."""
        return self.machine


class MachineMailbox(Subject, frozen=True):
    """A mailbox of a machine, by its address."""

    machine: Machine
    address: str

    @property
    def within(self) -> Subject | None:
        """The machine."""
        return self.machine


class ZoneText(Subject, frozen=True):
    """A zone of the name server, by its origin."""

    origin: str


class SeenLines(Subject, frozen=True):
    """All lines that are seen of the conversation, with whatever filters it; made when they are asked for."""

    entries: "Callable[[], tuple[Entry, ...]]"


class SelectedLine(Subject, frozen=True):
    """The line under the cursor, of those that are seen."""

    entry: "Entry"
    seen: SeenLines

    @property
    def within(self) -> Subject | None:
        """All lines that are seen."""
        return self.seen


class HeldMessage(Subject, frozen=True):
    """A message that somebody has, at home or on the server: the open one, or the one under the cursor."""

    item: "LocalMessage | ServerMessage"

    @property
    def within(self) -> Subject | None:
        """The mail of its account."""
        return PersonsMail(self.item.account)


class ServerHeld(HeldMessage, frozen=True):
    """One that lies on the server, and is read there."""

    item: "ServerMessage"

    @property
    def within(self) -> Subject | None:
        """The folder in which it lies."""
        return PersonsMail(self.item.account, self.item.folder)


class MessagePart(Subject, frozen=True):
    """A part of a message, by its number: the one that is opened, or under the cursor in the tree of parts."""

    message: HeldMessage
    number: int

    @property
    def within(self) -> Subject | None:
        """The message."""
        return self.message


class MessagePage(Subject, frozen=True):
    """The HTML of a message that is open and has some."""

    message: HeldMessage

    @property
    def within(self) -> Subject | None:
        """The message."""
        return self.message


class PersonsMail(Subject, frozen=True):
    """The mail of an account, whichever message the cursor is on; on the server, that of one `folder` of it."""

    account: str
    folder: "ServerFolder | None" = None


class SavedRun(Subject, frozen=True):
    """The file of a saved session."""

    path: Path


def and_around(subject: Subject | None) -> Iterator[Subject]:
    """A thing and all that it is a part of, the nearest first."""
    while subject is not None:
        yield subject
        subject = subject.within
