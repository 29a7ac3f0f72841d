"""What a server tells of the mail that lies on it, by IMAP: folders, lists of messages.

Rules for this file: values; who talks with the server stands in imap.py.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.client.message_summary import Digest


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder on the server. `special` is what it is for, as "\\\\Sent" (RFC 6154), "" for nothing in particular."""

    name: str
    special: str
    messages: int
    unseen: int


@dataclass(frozen=True, slots=True)
class RemoteMessage:
    """A message on the server, as a list shows it. `stored` is when it came, in seconds since 1970."""

    uid: int
    flags: frozenset[str]
    octets: int
    stored: float
    digest: "Digest"

    @property
    def seen(self) -> bool:
        """Has somebody read it?"""
        return "\\Seen" in self.flags


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The messages of a folder in the order of their UIDs, which are valid under `validity`."""

    validity: int
    messages: tuple[RemoteMessage, ...]
