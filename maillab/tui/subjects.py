"""What a pane can hand to a command: the thing under the cursor, or the pane's own, as frozen values.

Rules for this file: no Textual. A pane gives its nearest thing (`subject()`); what that is part of is `within`, so that
a command for the machine is found also where the cursor stands on one of its jobs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.client.local_store import LocalMessage
    from maillab.events import Entry
    from maillab.tui.state.server_mail import ServerFolder, ServerMessage


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that something can be done to."""

    @property
    def within(self) -> "Subject | None":
        """What it is a part of; nothing, unless it says so."""
        return None


@dataclass(frozen=True, slots=True)
class MessageTab:
    """One of the ways to look at a message (tab.message.…), to be gone to."""

    name: str


@dataclass(frozen=True, slots=True)
class Machine(Subject):
    """The machine of a site."""

    site: str


@dataclass(frozen=True, slots=True)
class MachineJob(Subject):
    """A job that waits in the queue of a machine."""

    machine: Machine
    job: str

    @property
    def within(self) -> Subject | None:
        """The machine."""
        return self.machine


@dataclass(frozen=True, slots=True)
class MachineMailbox(Subject):
    """A mailbox of a machine, by its address."""

    machine: Machine
    address: str

    @property
    def within(self) -> Subject | None:
        """The machine."""
        return self.machine


@dataclass(frozen=True, slots=True)
class ZoneText(Subject):
    """A zone of the name server, by its origin."""

    origin: str


@dataclass(frozen=True, slots=True)
class SeenLines(Subject):
    """All lines that are seen of the conversation, with whatever filters it; made when they are asked for."""

    entries: "Callable[[], tuple[Entry, ...]]"


@dataclass(frozen=True, slots=True)
class SelectedLine(Subject):
    """The line under the cursor, of those that are seen."""

    entry: "Entry"
    seen: SeenLines

    @property
    def within(self) -> Subject | None:
        """All lines that are seen."""
        return self.seen


@dataclass(frozen=True, slots=True)
class HeldMessage(Subject):
    """A message that somebody has, at home or on the server: the open one, or the one under the cursor."""

    item: "LocalMessage | ServerMessage"

    @property
    def within(self) -> Subject | None:
        """The mail of its account."""
        return PersonsMail(self.item.account)


@dataclass(frozen=True, slots=True)
class ServerHeld(HeldMessage):
    """One that lies on the server, and is read there."""

    item: "ServerMessage"

    @property
    def within(self) -> Subject | None:
        """The folder in which it lies."""
        return PersonsMail(self.item.account, self.item.folder)


@dataclass(frozen=True, slots=True)
class MessagePart(Subject):
    """A part of a message, by its number: the one that is opened, or under the cursor in the tree of parts."""

    message: HeldMessage
    number: int

    @property
    def within(self) -> Subject | None:
        """The message."""
        return self.message


@dataclass(frozen=True, slots=True)
class MessagePage(Subject):
    """The HTML of a message that is open and has some."""

    message: HeldMessage

    @property
    def within(self) -> Subject | None:
        """The message."""
        return self.message


@dataclass(frozen=True, slots=True)
class PersonsMail(Subject):
    """The mail of an account, whichever message the cursor is on; on the server, that of one `folder` of it."""

    account: str
    folder: "ServerFolder | None" = None


@dataclass(frozen=True, slots=True)
class SavedRun(Subject):
    """The file of a saved session."""

    path: Path


def and_around(subject: Subject | None) -> Iterator[Subject]:
    """A thing and all that it is a part of, the nearest first."""
    while subject is not None:
        yield subject
        subject = subject.within
