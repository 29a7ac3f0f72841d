"""Fetching mail by POP3: one talk, the messages exactly as the server holds them (RFC 1939).

Rules for this file: poplib talks, in a thread of its own; what is said is checked for line ends before, because
poplib sends them (and with them a second command); messages are read by us, because poplib stops at long lines and
gives lines without their ends.
"""

import asyncio
import poplib
import re
import socket
import ssl
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from typing import BinaryIO, Literal

from maillab.wire.reply_reader import why_not

MESSAGE_OCTETS = 268_435_456  # a message longer than this is not read to its end
LIST_OCTETS = 67_108_864  # a list of messages longer than this is not read to its end
MESSAGES = 1_000_000  # that a server may say it has
_PIECE = 65_536
Taken = Callable[[str, bytes], None]

_UNSAID = re.compile(r"[\r\n\0]")


class FetchError(Exception):
    """The mail could not be fetched, or changed where it lies. `stage`: connect, tls, auth, list, retr or change."""

    def __init__(self, stage: str, text: str) -> None:
        super().__init__(f"{stage}: {text}")
        self.stage = stage
        self.text = text


@dataclass(frozen=True, slots=True)
class Fetched:
    """New messages in the order of the mailbox, each with its unique id ("" where the server has none).

    `messages` is empty where each was handed over alone. `removed` are the ids of those that the server deleted at
    QUIT (RFC 1939 §6).
    """

    messages: tuple[tuple[str, bytes], ...]
    removed: tuple[str, ...] = ()


async def fetch(
    host: str,
    port: int,
    user: str,
    password: str,
    *,
    tls: Literal["none", "starttls", "implicit"] = "implicit",
    context: ssl.SSLContext | None = None,
    keep: bool = True,
    known: Collection[str] = (),
    remove: Collection[str] = (),
    taken: Taken | None = None,
    plaintext_auth: bool = False,
    timeout: float = 60,
) -> Fetched:
    """Fetch every message whose unique id is not in `known`; without `keep` what was fetched is deleted on the server.

    Messages with an id in `remove` are deleted, too. `taken` is called in the thread with each and its id before
    anything is deleted: what it raises ends the talk, and the server keeps all. The password is never said without TLS,
    unless `plaintext_auth`. `timeout` is in seconds for each answer. Raises `FetchError`; `ValueError` for a user or
    password with a line end in it.
    """
    for name, value in (("host", host), ("user", user), ("password", password)):
        if _UNSAID.search(value):
            raise ValueError(f"a {name} cannot hold CR, LF or NUL")  # F-27
    if tls == "none" and not plaintext_auth:
        raise FetchError("auth", "no password is sent without TLS")
    talk = _Talk(host, port, tls, context, timeout)
    return await asyncio.to_thread(talk.fetch, user, password, keep, frozenset(known), frozenset(remove), taken)


class _Talk:
    """One POP3 session, and how far it has come."""

    def __init__(self, host: str, port: int, tls: str, context: ssl.SSLContext | None, timeout: float) -> None:
        self._where = (host, port, timeout)
        self._tls = tls
        self._context = context
        self._stage = "connect"

    def fetch(
        self, user: str, password: str, keep: bool, known: Set[str], remove: Set[str], taken: Taken | None
    ) -> Fetched:
        """The whole session. The server deletes nothing before QUIT (RFC 1939 §6), which is said when all is here."""
        pop: Pop | None = None
        try:
            pop = self._connected()
            self._stage = "auth"
            pop.user(user)
            pop.pass_(password)
            self._stage = "list"
            numbers = pop.numbers()
            self._stage = "retr"
            wanted = [(number, uid) for number, uid in numbers if not uid or uid not in known]
            messages = self._taken(pop, wanted, taken)
            doomed = [(number, uid) for number, uid in numbers if uid in remove]
            doomed += [row for row in wanted if not keep and row not in doomed]
            for number, _ in doomed:
                pop.dele(number)
            try:
                pop.quit()
            except (poplib.error_proto, OSError):
                doomed = []  # the messages are here; at worst the server offers them again
            removed = tuple(uid for _, uid in doomed)
            return Fetched(messages, removed)
        except (poplib.error_proto, OSError, ValueError, IndexError) as error:
            raise FetchError(self._stage, told_by(error)) from error
        finally:
            if pop is not None:
                pop.close()

    def _taken(
        self, pop: "Pop", wanted: Sequence[tuple[int, str]], taken: Taken | None
    ) -> tuple[tuple[str, bytes], ...]:
        """The messages, or none where somebody takes them one by one."""
        if taken is None:
            return tuple((uid, pop.message(number)) for number, uid in wanted)
        for number, uid in wanted:
            taken(uid, pop.message(number))
        return ()

    def _connected(self) -> "Pop":
        host, port, timeout = self._where
        context = self._context
        if self._tls != "none" and context is None:
            context = ssl.create_default_context()
        if self._tls != "starttls":
            return Pop(host, port, timeout, context if self._tls == "implicit" else None)
        pop = Pop(host, port, timeout, None)
        self._stage = "tls"
        try:
            pop.stls(context)
        except BaseException:
            pop.close()
            raise
        return pop


class Pop(poplib.POP3):
    """poplib, on TLS from the first octet when a context is given, with a reader for messages of any line length."""

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._context = context
        try:
            super().__init__(host, port, timeout)
        except BaseException:
            if hasattr(self, "file"):
                self.close()
            raise

    def _create_socket(self, timeout: float) -> socket.socket:
        plain: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # not in its stub
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def numbers(self) -> list[tuple[int, str]]:
        """Every message's number and unique id, "" when the server does not know UIDL (RFC 1939 §7)."""
        try:
            self._shortcmd("UIDL")  # type: ignore[attr-defined]  # not in its stub
        except poplib.error_proto:
            if (count := self.stat()[0]) > MESSAGES:
                raise poplib.error_proto(f"a mailbox of more than {MESSAGES} messages") from None
            return [(number, "") for number in range(1, count + 1)]
        lines = read_to_dot(self.file, LIST_OCTETS, "list").split(b"\n")[:-1]
        pairs = [line.decode("ascii", "backslashreplace").split() for line in lines]
        return [(int(pair[0]), pair[1]) for pair in pairs]

    def message(self, number: int) -> bytes:
        """The octets of one message: unstuffed, every line end as it came (RFC 1939 §3)."""
        self._shortcmd(f"RETR {number}")  # type: ignore[attr-defined]  # not in its stub
        return read_to_dot(self.file, MESSAGE_OCTETS)


def read_to_dot(file: BinaryIO, limit: int, what: str = "message") -> bytes:
    """Read up to the line that is a lone dot, and take away the dots that were put before others.

    Raises `poplib.error_proto` for an end that comes too early, and for more than `limit` octets.

    >>> from io import BytesIO
    >>> read_to_dot(BytesIO(b"..a\\r\\n.b\\r\\n.\\r\\n"), limit=99)
    b'.a\\r\\nb\\r\\n'
    """
    pieces: list[bytes] = []
    octets, before = 0, b"\r\n"
    while (piece := file.readline(_PIECE)) != b".\r\n" or before != b"\r\n":
        if not piece:
            raise poplib.error_proto(f"the connection ended inside a {what}")
        octets += len(piece)
        if octets > limit:
            raise poplib.error_proto(f"a {what} of more than {limit} bytes")
        pieces.append(piece[1:] if before == b"\r\n" and piece.startswith(b".") else piece)
        before = (before + piece)[-2:]
    return b"".join(pieces)


def told_by(error: Exception) -> str:
    """What an error of a connection, or of a library, says in words."""
    if isinstance(error, OSError) and error.strerror and not isinstance(error, ssl.SSLError):
        return why_not(error)
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "backslashreplace") if isinstance(first, bytes) else str(error)
