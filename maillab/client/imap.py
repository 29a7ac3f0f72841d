"""Reading mail where it lies, by IMAP: folders, lists of messages, their octets, their flags (RFC 9051, RFC 3501).

Rules for this file: IMAPClient talks, in threads, one call at a time; what is said is checked for line ends before,
because imaplib sends them (and with them a second command). Whoever is cancelled hangs up: half an answer is none.
"""

import asyncio
import imaplib
import re
import selectors
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, TypeVar

from imapclient import IMAPClient

from maillab.client.message_summary import digest
from maillab.client.pop3 import Fetched, FetchError, Taken, told_by
from maillab.client.remote import FolderListing, RemoteFolder, RemoteMessage
from maillab.protocols.imap.names import INBOX

AT_ONCE = 100  # messages that are asked for together
STILL = 1_500.0  # seconds after which IDLE is said anew (RFC 2177 §3: less than 29 minutes)
TAG = b"A"  # commands are A0, A1, …, so that a person can follow them

_UNSAID = re.compile(r"[\r\n\0]")
_PLAIN = re.compile(r"[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|}~-]+")  # a word that needs no quotes
_FLAG = re.compile(r"\\?[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|}~-]+")
_LISTED = (
    "FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODYSTRUCTURE",
    "BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE RETURN-PATH DELIVERED-TO)]",
)  # fmt: skip
_FILES = 999  # that are counted
_SILENT = 5
_DELETED = "\\Deleted"  # RFC 9051 §2.3.2
_APPENDED = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
_SPECIAL = ("\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash")  # RFC 6154 §2

T = TypeVar("T")
Tls = Literal["none", "starttls", "implicit"]


class RemoteMail:
    """One talk with a server, logged in. Its methods raise `FetchError`; `ValueError` for a name with a line end."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._turn = asyncio.Lock()
        self._open: tuple[str, int] | None = None  # the folder that is selected, and its validity

    # ── looking ──

    async def look(
        self, folder: str, before: FolderListing | None = None
    ) -> tuple[tuple[RemoteFolder, ...], FolderListing | None]:
        """All folders, and the messages of one, `None` where that is there no longer.

        Of messages that were listed `before` only the flags are asked for.
        """

        def work() -> tuple[tuple[RemoteFolder, ...], FolderListing | None]:
            found, listing = [], None
            for name, special in self._folders():
                if name == folder:
                    listing = self._listing(folder, before)
                    counts = len(listing.messages), sum(not message.seen for message in listing.messages)
                elif (told := self._counts(name)) is not None:
                    counts = told
                else:
                    continue
                found.append(RemoteFolder(name, special, *counts))
            return tuple(found), listing

        return await self._ask("list", work, folder)

    async def folder_for(self, special: str) -> str:
        """The folder for this, as "\\\\Sent" (RFC 6154); "" where there is none."""

        def work() -> str:
            folders = self._client.list_folders()
            return next((name for words, _, name in folders if special.encode("ascii") in words), "")

        return await self._ask("list", work)

    async def listed(self, folder: str = INBOX) -> FolderListing:
        """The messages of a folder."""
        return await self._ask("list", lambda: self._listing(folder, None), folder)

    async def uids(self, folder: str = INBOX) -> tuple[int, tuple[int, ...]]:
        """Under which number its UIDs are valid, and they, in their order."""

        def work() -> tuple[int, tuple[int, ...]]:
            return self._select(folder, anew=True), tuple(sorted(self._client.search("ALL")))

        return await self._ask("list", work, folder)

    async def octets(self, folder: str, uid: int, *, validity: int = 0) -> bytes:
        """A message as the server holds it; it counts as unseen as before.

        Raises `KeyError` when it is gone, or UIDs are valid no longer under `validity` (0: under any).
        """

        def work() -> bytes:
            self._select_under(folder, validity)
            told = self._client.fetch([uid], ["BODY.PEEK[]"])
            return _bytes(told[uid][b"BODY[]"])

        return await self._ask("retr", work, folder)

    async def watch(self, folder: str, told: Callable[[], None]) -> None:
        """Until it is cancelled: `told` is called at the beginning, and whenever anything may have changed (RFC 2177).

        Nothing else can be said meanwhile: who wants to read at the same time connects twice.
        """
        loop = asyncio.get_running_loop()
        bell, wake = socket.socketpair()

        def work() -> None:
            self._select(folder)
            self._client.idle()
            loop.call_soon_threadsafe(told)
            silent = 0  # times that there was something to read, and nothing was said
            while silent < _SILENT:
                ready = _ready(STILL, self._client.socket(), bell)
                if bell in ready or not ready:
                    self._client.idle_done()
                    if ready:
                        return
                    self._client.idle()
                    loop.call_soon_threadsafe(told)
                elif self._client.idle_check(timeout=0):
                    silent = 0
                    loop.call_soon_threadsafe(told)
                else:
                    silent += 1
            raise FetchError("list", "the server hung up")

        with bell, wake:
            await self._ask("list", work, folder, stop=lambda: wake.send(b"."))

    # ── changing ──

    async def flag(
        self, folder: str, uids: Sequence[int], flags: Iterable[str], *, wanted: bool = True, validity: int = 0
    ) -> None:
        """Put flags on messages, or take them away. Raises `KeyError` as `octets`."""
        words = _flags(flags)

        def work() -> None:
            self._select_under(folder, validity)
            change = self._client.add_flags if wanted else self._client.remove_flags
            for some in _hundreds(uids):
                change(some, words, silent=True)

        await self._ask("change", work, folder)

    async def move(self, folder: str, uids: Sequence[int], target: str, *, validity: int = 0) -> None:
        """Into another folder (RFC 6851); a server that cannot move copies, and removes (RFC 4315).

        Raises `KeyError` as `octets`.
        """

        def work() -> None:
            self._select_under(folder, validity)
            for some in _hundreds(uids):
                if self._client.has_capability("MOVE"):
                    self._client.move(some, target)
                else:
                    self._client.copy(some, target)
                    self._erase(some)

        await self._ask("change", work, folder, target)

    async def erase(self, folder: str, uids: Sequence[int], *, validity: int = 0) -> None:
        """For good. Raises `KeyError` as `octets`."""

        def work() -> None:
            self._select_under(folder, validity)
            for some in _hundreds(uids):
                self._erase(some)

        await self._ask("change", work, folder)

    async def put(
        self, folder: str, octets: bytes, *, flags: Iterable[str] = (), at: float | None = None
    ) -> tuple[int, int] | None:
        """A message into a folder: one that was sent, or is being written.

        Gives the validity and the UID that it got there; `None` of a server that does not tell (RFC 4315 §3).
        """
        words = _flags(flags)
        moment = None if at is None else datetime.fromtimestamp(at, UTC)
        told = await self._ask("change", lambda: self._client.append(folder, octets, words, moment), folder)
        found = _APPENDED.search(told if isinstance(told, bytes) else str(told).encode())
        return (int(found[1]), int(found[2])) if found else None

    async def is_alive(self) -> bool:
        """Does the server still listen? It is asked where it has said something unasked: news, or goodbye."""

        def work() -> bool:
            if _ready(0, self._client.socket()):
                self._client.noop()
            return True

        try:
            return await self._ask("list", work)
        except FetchError:
            return False

    # ── one call at a time ──

    async def _ask(self, stage: str, work: Callable[[], T], *names: str, stop: Callable[[], object] | None = None) -> T:
        """Do this in a thread. Who is cancelled asks it to `stop` and waits, or hangs up."""
        for name in names:
            _check("folder", name)
        async with self._turn:
            working = asyncio.get_running_loop().run_in_executor(None, _told, stage, work)
            try:
                return await asyncio.shield(working)
            except asyncio.CancelledError:
                if stop is None:
                    self.hang_up()
                else:
                    stop()
                with suppress(FetchError, KeyError):
                    await working
                raise

    def hang_up(self) -> None:
        """At once, whatever is being said."""
        with suppress(OSError):
            self._client.socket().shutdown(socket.SHUT_RDWR)

    async def leave(self) -> None:
        """Say goodbye; nothing fails any more. Who is cancelled meanwhile leaves no open socket behind."""
        try:
            with suppress(FetchError):
                await self._ask("quit", self._client.logout)
        finally:
            _closed(self._client)

    def _select(self, folder: str, *, anew: bool = False) -> int:
        """Be in this folder; `anew`: and know what others did there."""
        if self._open is None or self._open[0] != folder:
            self._open = None
            told = self._client.select_folder(folder)
            self._open = folder, int(told.get(b"UIDVALIDITY", 0))
        elif anew:
            self._client.noop()
        return self._open[1]

    def _select_under(self, folder: str, validity: int) -> None:
        """Be in this folder; UIDs of another validity are names of other messages (RFC 9051 §2.3.1.1)."""
        if self._select(folder) != validity and validity:
            raise KeyError(folder)

    def _folders(self) -> list[tuple[str, str]]:
        """The names of all folders that hold messages, and what each is for."""
        found = []
        for attributes, _, name in self._client.list_folders():
            words = [_bytes(word).decode("ascii", "replace") for word in attributes]
            if "\\Noselect" not in words and "\\NonExistent" not in words:
                name = INBOX if name.upper() == INBOX else name
                found.append((name, next((word for word in words if word in _SPECIAL), "")))
        return found

    def _counts(self, folder: str) -> tuple[int, int] | None:
        """How many messages are in it, and how many are unread; `None` where somebody has deleted it meanwhile."""
        try:
            counts = self._client.folder_status(folder, ["MESSAGES", "UNSEEN"])
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return None
        return int(counts.get(b"MESSAGES", 0)), int(counts.get(b"UNSEEN", 0))

    def _listing(self, folder: str, before: FolderListing | None) -> FolderListing:
        """The messages of a folder; of those that were listed `before` only the flags are asked for."""
        validity = self._select(folder, anew=True)
        held = {} if before is None or before.validity != validity else {one.uid: one for one in before.messages}
        uids = sorted(self._client.search("ALL"))
        now: dict[int, RemoteMessage] = {}
        for some in _hundreds([uid for uid in uids if uid in held]):
            told = self._client.fetch(some, ["FLAGS"])
            now |= {uid: replace(held[uid], flags=_flags_of(items)) for uid, items in told.items()}
        for some in _hundreds([uid for uid in uids if uid not in held]):
            now |= {uid: _message(uid, items) for uid, items in self._client.fetch(some, _LISTED).items()}
        return FolderListing(validity, tuple(now[uid] for uid in sorted(now)))

    def _erase(self, uids: Sequence[int]) -> None:
        """These, and no other: where the server has no UIDPLUS, EXPUNGE takes all that are marked (RFC 9051 §6.4.3)."""
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)
            return
        others = sorted({*self._client.search("DELETED")} - {*uids})
        if others:
            self._client.remove_flags(others, [_DELETED], silent=True)
        try:
            self._client.expunge()
        finally:
            if others:
                self._client.add_flags(others, [_DELETED], silent=True)


@asynccontextmanager
async def reading(
    host: str,
    port: int,
    user: str,
    password: str,
    *,
    tls: Tls = "implicit",
    context: ssl.SSLContext | None = None,
    plaintext_auth: bool = False,
    timeout: float = 60,
) -> AsyncIterator[RemoteMail]:
    """Connect and log in; the talk ends with the block. No password is said without TLS, unless `plaintext_auth`.

    `timeout` is in seconds for each answer. Raises `FetchError`; `ValueError` for a user or password with a line end.
    """
    for name, value in (("host", host), ("user", user), ("password", password)):
        _check(name, value)
    if tls == "none" and not plaintext_auth:
        raise FetchError("auth", "no password is sent without TLS")
    client = await _Dialled().client(lambda: _connected(host, port, tls, context, timeout))
    mail = RemoteMail(client)
    try:
        await mail._ask("auth", lambda: _login(client, user, password))
        yield mail
    finally:
        await mail.leave()


async def fetch_by_imap(
    host: str,
    port: int,
    user: str,
    password: str,
    *,
    tls: Tls = "implicit",
    context: ssl.SSLContext | None = None,
    keep: bool = True,
    known: Collection[str] = (),
    remove: Collection[str] = (),
    taken: Taken | None = None,
    plaintext_auth: bool = False,
    timeout: float = 60,
) -> Fetched:
    """The same as `fetch` by POP3: bring what lies in the inbox home. The name of a message is validity.UID.

    Without `keep` what was fetched is deleted on the server; `taken` is called with each before anything is deleted.
    """
    async with reading(
        host, port, user, password, tls=tls, context=context, plaintext_auth=plaintext_auth, timeout=timeout
    ) as mail:
        validity, uids = await mail.uids(INBOX)
        wanted = [uid for uid in uids if f"{validity}.{uid}" not in known]
        messages: list[tuple[str, bytes]] = []
        fetched: set[int] = set()
        for uid in wanted:
            try:
                octets = await mail.octets(INBOX, uid)
            except KeyError:
                continue  # somebody was faster, and removed it
            fetched.add(uid)
            if taken is None:
                messages.append((f"{validity}.{uid}", octets))
            else:
                await mail._ask("retr", partial(taken, f"{validity}.{uid}", octets))
        doomed = [uid for uid in uids if f"{validity}.{uid}" in remove or (not keep and uid in fetched)]
        if doomed:
            await mail.erase(INBOX, doomed)
        removed = tuple(f"{validity}.{uid}" for uid in doomed)
        return Fetched(tuple(messages), removed)


# ── the talk ──


class _Imap(imaplib.IMAP4):
    """imaplib, on TLS from the first octet when a context is given; its commands are numbered plainly."""

    tagpre: bytes  # type: ignore[assignment]  # whatever its stub says
    tagre: re.Pattern[bytes]  # type: ignore[assignment]

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # not in its stub
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _new_tag(self) -> bytes:
        if self.tagpre != TAG:
            self.tagpre = TAG
            self.tagre = re.compile(rb"(?P<tag>" + TAG + rb"\d+) (?P<type>[A-Z]+) (?P<data>.*)", re.ASCII)
        tag: bytes = super()._new_tag()  # type: ignore[misc]  # not in its stub
        return tag


class _Client(IMAPClient):  # type: ignore[misc]  # without types of its own
    """IMAPClient upon that."""

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._seconds = timeout
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=timeout)
        self.normalise_times = False

    def _create_IMAP4(self) -> _Imap:  # noqa: N802 - its name
        return _Imap(self.host, self.port, self._seconds, self.ssl_context if self.ssl else None)


class _Dialled:
    """A connection that a thread makes, and that nobody may want any more when it stands: then it is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: IMAPClient | None = None
        self._unwanted = False

    async def client(self, connect: Callable[[], IMAPClient]) -> IMAPClient:
        """What `connect` makes. A thread cannot be cancelled; whoever waits for it can."""
        try:
            return await asyncio.to_thread(self._make, connect)
        except asyncio.CancelledError:
            with self._lock:
                self._unwanted = True
                if self._made is not None:
                    _closed(self._made)
            raise

    def _make(self, connect: Callable[[], IMAPClient]) -> IMAPClient:
        made = connect()
        with self._lock:
            self._made = made
            if self._unwanted:
                _closed(made)
        return made


def _connected(host: str, port: int, tls: Tls, context: ssl.SSLContext | None, timeout: float) -> IMAPClient:
    if tls != "none" and context is None:
        context = ssl.create_default_context()
    client = _told("connect", lambda: _Client(host, port, timeout, context if tls == "implicit" else None))
    if tls == "starttls":
        try:
            _told("tls", lambda: client.starttls(context))
        except BaseException:
            _closed(client)
            raise
    return client


def _login(client: IMAPClient, user: str, password: str) -> None:
    """LOGIN where its words can be said so; else SASL, which takes every character (RFC 4616)."""
    if _PLAIN.fullmatch(user) and password.isascii() and password.isprintable():
        client.login(user, password)
    else:
        client.plain_login(user, password)


def _closed(client: IMAPClient) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _ready(seconds: float, *sockets: socket.socket) -> list[object]:
    """Those from which something can be read, within so many seconds, however many files the program has open."""
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            selector.register(one, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(seconds)]


def _told(stage: str, work: Callable[[], T]) -> T:
    """What imaplib and the system raise, as one error."""
    try:
        return work()
    except OSError as error:
        raise FetchError(stage, told_by(error)) from error
    except (imaplib.IMAP4.error, ValueError, AttributeError) as error:  # the last: a connection that was shut down
        raise FetchError(stage, told_by(error)) from error
    except (TypeError, IndexError, AssertionError, ArithmeticError, RecursionError, MemoryError) as error:  # it parses
        raise FetchError(stage, "the server's answer cannot be read") from error


# ── what is said, and what is heard ──


def _check(name: str, value: str) -> None:
    if _UNSAID.search(value):
        raise ValueError(f"a {name} cannot hold CR, LF or NUL")  # F-27


def _flags(flags: Iterable[str]) -> list[str]:
    """Raises `ValueError` for what is no flag."""
    words = list(flags)
    for word in words:
        if not _FLAG.fullmatch(word):
            raise ValueError(f"{word!r} is no flag: a word, or one of IMAP's own with a backslash")
    return words


def _hundreds(uids: Sequence[int]) -> list[Sequence[int]]:
    return [uids[at : at + AT_ONCE] for at in range(0, len(uids), AT_ONCE)]


def _message(uid: int, told: dict[bytes, Any]) -> RemoteMessage:
    header = next((value for name, value in told.items() if name.startswith(b"BODY[HEADER")), b"") or b""
    stored = told.get(b"INTERNALDATE")
    return RemoteMessage(
        uid,
        _flags_of(told),
        int(told.get(b"RFC822.SIZE", 0)),
        stored.timestamp() if isinstance(stored, datetime) else 0.0,
        replace(digest(_bytes(header)), files=_files(told.get(b"BODYSTRUCTURE"))),
    )


def _flags_of(told: dict[bytes, Any]) -> frozenset[str]:
    return frozenset(_bytes(flag).decode("ascii", "replace") for flag in told.get(b"FLAGS", ()))


def _bytes(told: object) -> bytes:
    """What is told where octets are due. Python would make as many zeros of a number as it says."""
    if not isinstance(told, bytes):
        raise TypeError(told)
    return told


def _files(structure: object) -> int:
    """How many parts of a BODYSTRUCTURE are attachments (RFC 2183 §2.2)."""
    waiting, files = [structure], 0
    while waiting and files < _FILES:
        part = waiting.pop()
        if isinstance(part, tuple | list):
            if part and isinstance(part[0], bytes) and part[0].lower() == b"attachment":
                files += 1
            waiting.extend(part)
    return files
