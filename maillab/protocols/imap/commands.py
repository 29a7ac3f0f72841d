"""What a client wants: one value a command, of RFC 9051 §6, RFC 3501 §6 and the extensions named at each.

Rules for this file: values only, without the tag. A mailbox is a `str` in Unicode with / between levels; `by_uid` says
that the numbers of the command are UIDs. `parse.py` reads them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from maillab.mail.content import Content
from maillab.protocols.imap.fetch import FetchItem
from maillab.protocols.imap.search import SearchKey
from maillab.protocols.imap.sequence import SequenceSet
from maillab.protocols.imap.values import StatusItem

# ── in any state ──


@dataclass(frozen=True, slots=True)
class CapabilityCommand:
    """What can this server do?"""


@dataclass(frozen=True, slots=True)
class NoopCommand:
    """Nothing; but is there news?"""


@dataclass(frozen=True, slots=True)
class LogoutCommand:
    """Goodbye."""


@dataclass(frozen=True, slots=True)
class IdCommand:
    """Who the client's program is (RFC 2971); field names in lower case."""

    fields: tuple[tuple[str, bytes | None], ...] = ()


# ── not authenticated ──


@dataclass(frozen=True, slots=True)
class StartTlsCommand:
    """TLS, please."""


@dataclass(frozen=True, slots=True)
class AuthenticateCommand:
    """A login by a mechanism of SASL. `initial` is its first response in base64; "=" for an empty one (RFC 4959 §3)."""

    mechanism: str
    initial: bytes | None = None


@dataclass(frozen=True, slots=True)
class LoginCommand:
    """A login by name and password."""

    user: bytes
    password: bytes


# ── authenticated ──


@dataclass(frozen=True, slots=True)
class EnableCommand:
    """What of the server shall be used from now on (RFC 5161); in capitals."""

    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resynchronise:
    """What a client knows of a mailbox already (RFC 7162 §3.2.5).

    `known` are the UIDs that it knows, as spans, None for all.
    """

    validity: int
    modseq: int
    known: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class SelectCommand:
    """Look into a mailbox: SELECT, or EXAMINE, which changes nothing."""

    mailbox: str
    read_only: bool = False
    condstore: bool = False
    resynchronise: Resynchronise | None = None


@dataclass(frozen=True, slots=True)
class CreateCommand:
    """Make a mailbox; `special` is what for (RFC 6154 §3)."""

    mailbox: str
    special: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteCommand:
    """Remove a mailbox."""

    mailbox: str


@dataclass(frozen=True, slots=True)
class RenameCommand:
    """Call a mailbox otherwise."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SubscribeCommand:
    """Remember a mailbox, or, UNSUBSCRIBE, forget it."""

    mailbox: str
    wanted: bool = True


class ListSelection(StrEnum):
    """Which mailboxes LIST shall choose (RFC 9051 §6.3.9.1, RFC 6154 §5.2)."""

    SUBSCRIBED = "SUBSCRIBED"
    REMOTE = "REMOTE"
    RECURSIVEMATCH = "RECURSIVEMATCH"
    SPECIAL_USE = "SPECIAL-USE"


class ListReturn(StrEnum):
    """What LIST shall tell of each (RFC 9051 §6.3.9.2, RFC 6154 §5.2); STATUS stands with its items elsewhere."""

    SUBSCRIBED = "SUBSCRIBED"
    CHILDREN = "CHILDREN"
    SPECIAL_USE = "SPECIAL-USE"


@dataclass(frozen=True, slots=True)
class ListCommand:
    """Which mailboxes are there? `extended`: it was asked as RFC 5258 has it. `status`: what STATUS tells of each, too.

    One pattern "" asks for the separator only.
    """

    reference: str
    patterns: tuple[str, ...]
    select: frozenset[ListSelection] = frozenset()
    returns: frozenset[ListReturn] = frozenset()
    status: tuple[StatusItem, ...] = ()
    extended: bool = False


@dataclass(frozen=True, slots=True)
class LsubCommand:
    """Which mailboxes are subscribed to (RFC 3501 §6.3.9)?"""

    reference: str
    pattern: str


@dataclass(frozen=True, slots=True)
class NamespaceCommand:
    """Where mailboxes of whom are (RFC 2342)."""


@dataclass(frozen=True, slots=True)
class StatusCommand:
    """How does a mailbox stand?"""

    mailbox: str
    items: tuple[StatusItem, ...]


@dataclass(frozen=True, slots=True)
class AppendedMessage:
    """A message to be stored, as it came. Without `internal`, now."""

    content: bytes | Content
    flags: tuple[str, ...] = ()
    internal: float | None = None


@dataclass(frozen=True, slots=True)
class AppendCommand:
    """Store messages: one, or several at once (RFC 3502)."""

    mailbox: str
    messages: tuple[AppendedMessage, ...]


@dataclass(frozen=True, slots=True)
class IdleCommand:
    """Tell news when they happen, until DONE (RFC 2177)."""


@dataclass(frozen=True, slots=True)
class QuotaCommand:
    """How much room is there under this root (RFC 9208 §4.1.1)?"""

    root: str


@dataclass(frozen=True, slots=True)
class QuotaRootCommand:
    """The same for a mailbox (RFC 9208 §4.1.2)."""

    mailbox: str


@dataclass(frozen=True, slots=True)
class CompressCommand:
    """Squeeze all that follows (RFC 4978)."""

    algorithm: str


# ── selected ──


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """Keep what is to be kept (RFC 3501 §6.4.1)."""


@dataclass(frozen=True, slots=True)
class CloseCommand:
    """Leave the mailbox; what is deleted goes, and nobody is told."""


@dataclass(frozen=True, slots=True)
class UnselectCommand:
    """Leave the mailbox as it is (RFC 3691)."""


@dataclass(frozen=True, slots=True)
class ExpungeCommand:
    """Remove what is deleted; of `uids` only, where they are given (RFC 4315 §2.1)."""

    uids: SequenceSet | None = None


class SearchReturn(StrEnum):
    """What a search shall tell (RFC 9051 §6.4.4): its results, or what of them; SAVE keeps them for $."""

    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"
    ALL = "ALL"
    SAVE = "SAVE"


@dataclass(frozen=True, slots=True)
class SearchCommand:
    """Which messages are so? `returns` is None where no RETURN was said. `charset` is "" where none was said."""

    key: SearchKey
    by_uid: bool = False
    returns: frozenset[SearchReturn] | None = None
    charset: str = ""


class SortField(StrEnum):
    """By what messages are sorted (RFC 5256 §3)."""

    ARRIVAL = "ARRIVAL"
    CC = "CC"
    DATE = "DATE"
    FROM = "FROM"
    SIZE = "SIZE"
    SUBJECT = "SUBJECT"
    TO = "TO"


@dataclass(frozen=True, slots=True)
class SortCriterion:
    """One field, and whether the largest comes first."""

    field: SortField
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class SortCommand:
    """Which messages are so, and in which order (RFC 5256)? `returns` as for a search."""

    criteria: tuple[SortCriterion, ...]
    charset: str
    key: SearchKey
    by_uid: bool = False
    returns: frozenset[SearchReturn] | None = None


class ThreadAlgorithm(StrEnum):
    """How messages are tied together (RFC 5256 §3)."""

    ORDEREDSUBJECT = "ORDEREDSUBJECT"
    REFERENCES = "REFERENCES"


@dataclass(frozen=True, slots=True)
class ThreadCommand:
    """Which messages are so, and which answer which (RFC 5256)?"""

    algorithm: ThreadAlgorithm
    charset: str
    key: SearchKey
    by_uid: bool = False


@dataclass(frozen=True, slots=True)
class FetchCommand:
    """Tell these items of these messages. `changed_since` and `vanished`: RFC 7162 §3.1.4, §3.2.6."""

    sequence: SequenceSet
    items: tuple[FetchItem, ...]
    by_uid: bool = False
    changed_since: int | None = None
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class StoreCommand:
    """Change flags: `sign` is + (add), - (take away) or "" (these and no others). `silent`: it need not be told."""

    sequence: SequenceSet
    sign: str
    flags: tuple[str, ...]
    by_uid: bool = False
    silent: bool = False
    unchanged_since: int | None = None


@dataclass(frozen=True, slots=True)
class CopyCommand:
    """Put copies into another mailbox."""

    sequence: SequenceSet
    mailbox: str
    by_uid: bool = False


@dataclass(frozen=True, slots=True)
class MoveCommand:
    """Put messages into another mailbox (RFC 6851)."""

    sequence: SequenceSet
    mailbox: str
    by_uid: bool = False


AnyStateCommand: TypeAlias = CapabilityCommand | NoopCommand | LogoutCommand | IdCommand
LoginStateCommand: TypeAlias = StartTlsCommand | AuthenticateCommand | LoginCommand
MailboxCommand: TypeAlias = (
    EnableCommand | SelectCommand | CreateCommand | DeleteCommand | RenameCommand | SubscribeCommand | ListCommand
    | LsubCommand | NamespaceCommand | StatusCommand | AppendCommand | IdleCommand | QuotaCommand | QuotaRootCommand
    | CompressCommand
)  # fmt: skip
SelectedCommand: TypeAlias = (
    CheckCommand | CloseCommand | UnselectCommand | ExpungeCommand | SearchCommand | SortCommand | ThreadCommand
    | FetchCommand | StoreCommand | CopyCommand | MoveCommand
)  # fmt: skip
ImapCommand: TypeAlias = AnyStateCommand | LoginStateCommand | MailboxCommand | SelectedCommand
