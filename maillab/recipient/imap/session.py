"""One talk, as commands see it: who it is, which folder they look into, what they have asked for. The state is a type.

Quiet: it holds values and asks nobody anything.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter

from maillab.protocols.imap.sequence import SequenceSet
from maillab.recipient.folders import FolderAccount, FolderView, MessageRow
from maillab.recipient.imap.answers import bad
from maillab.recipient.imap.config import ImapConfig
from maillab.recipient.imap.tracker import NamedMessage, Tracker
from maillab.wire.auth import Auth
from maillab.wire.turns import Bell

_uid = attrgetter("uid")
CONDSTORE, QRESYNC, UTF8, REV2 = "CONDSTORE", "QRESYNC", "UTF8=ACCEPT", "IMAP4REV2"


@dataclass(slots=True)
class Outside:
    """Not authenticated (RFC 9051 §3.1)."""


@dataclass(slots=True)
class Inside:
    """Authenticated: it is known who it is, and no folder is selected (RFC 9051 §3.2)."""

    user: str
    account: FolderAccount


@dataclass(slots=True)
class Looking(Inside):
    """Selected: one folder is looked into (RFC 9051 §3.3). `saved` are the UIDs of a search with SAVE (RFC 5182)."""

    name: str
    view: FolderView
    tracker: Tracker
    bell: Bell
    read_only: bool = False
    keywords: frozenset[str] = frozenset()  # that the client was told of
    saved: tuple[int, ...] = ()

    def row(self, uid: int) -> MessageRow | None:
        """What is known of a message, None for one that is gone."""
        return self.view.row(uid)

    def rows(self, said: SequenceSet, *, by_uid: bool) -> tuple[list[tuple[int, MessageRow]], int]:
        """What is known of the messages that a client has named, each with its number; and how many of them are gone.

        Raises `ImapRefusal` for a number that no message has.
        """
        if said.saved:
            named = self.tracker.those(self.saved)
            found = self._known(named)
            return found, len(named) - len(found)
        found, count = list[tuple[int, MessageRow]](), 0
        with _known_numbers():
            spans = self.tracker.places(said, by_uid=by_uid)
        for span in spans:
            rows, uids = self.view.rows[span.start : span.stop], self.tracker.uids[span.start : span.stop]
            numbers = range(span.start + 1, span.stop + 1)
            if [*map(_uid, rows)] == uids:  # mostly each stands at its number
                found += zip(numbers, rows, strict=True)
            else:
                found += self._known([*zip(numbers, uids, strict=True)])
            count += len(span)
        return found, count - len(found)

    def _known(self, messages: Sequence[NamedMessage]) -> list[tuple[int, MessageRow]]:
        rows = ((number, self.view.row(uid)) for number, uid in messages)
        return [(number, row) for number, row in rows if row is not None]

    def named(self, said: SequenceSet, *, by_uid: bool) -> list[NamedMessage]:
        """The messages that a client has named. Raises `ImapRefusal` for a number that no message has."""
        if said.saved:
            return self.tracker.those(self.saved)
        with _known_numbers():
            return self.tracker.named(said, by_uid=by_uid)


@contextmanager
def _known_numbers() -> Iterator[None]:
    try:
        yield
    except LookupError:
        raise bad("No message has that number") from None


@dataclass(slots=True)
class LoggedOut:
    """Logout: the talk is over (RFC 9051 §3.4)."""


ImapState = Outside | Inside | Looking | LoggedOut


@dataclass(slots=True)
class ImapSession:
    """`capabilities` gives what can be done now, in the order in which it is announced."""

    config: ImapConfig
    talk: str
    capabilities: Callable[["ImapSession"], list[str]]
    auth: Auth
    secure: bool = False
    state: ImapState = field(default_factory=Outside)
    enabled: set[str] = field(default_factory=set)
    deflated: bool = False

    @property
    def inside(self) -> Inside:
        """Who it is, where it is known that somebody has logged in."""
        assert isinstance(self.state, Inside)
        return self.state

    @property
    def looking(self) -> Looking:
        """Which folder is looked into, where it is known that one is."""
        assert isinstance(self.state, Looking)
        return self.state

    @property
    def may_log_in(self) -> bool:
        """Would a password be safe now, or is that not asked for?"""
        return self.secure or self.config.plaintext

    @property
    def utf8(self) -> bool:
        """May UTF-8 stand in quotes (RFC 6855 §3, RFC 9051 §4.3)?"""
        return bool(self.enabled & {UTF8, REV2})

    @property
    def tells_modseq(self) -> bool:
        """Does the client want to hear of MODSEQ (RFC 7162 §3.1)?"""
        return bool(self.enabled & {CONDSTORE, QRESYNC})

    def enable(self, names: Collection[str]) -> None:
        """From now on."""
        self.enabled.update(names)
        if QRESYNC in names:
            self.enabled.add(CONDSTORE)  # RFC 7162 §3.2.3
