"""One Maildir: how a message gets into it so that no crash can halve it, and out of it again.

Files: each step is a small method of its own. A message is written to tmp/ and synced,
then linked into new/, and the folder is synced: only then may anybody say 250. No name comes from the network.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from maillab.durable import create_new, own_folder, sync, sync_folder, write_all
from maillab.mail.content import BLOCK, Content
from maillab.protocols.pop3 import Measure
from maillab.recipient.maildir_flags import NONE, base_of, with_flags
from maillab.system import HERE

STALE = 36 * 3600.0  # seconds: what lies longer in tmp/ was left behind by a crash (maildir(5))
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}  # what a file system without links says
_PLAIN = re.compile(r"[\x21-\x7e]{1,70}\Z")


def base_name(moment: float, process: int, number: int, chance: str) -> str:
    """The name of a message's file: no other has it, as maildir(5) asks. `moment` in seconds since 1970.

    `number` counts the files of this process, `chance` is a random word.

    >>> base_name(1_790_000_000.5, 42, 7, "f00d")
    '1790000000.500000.42_7_f00d.maillab'
    """
    return f"{moment:.6f}.{process}_{number}_{chance}.maillab"


def by_age(name: str) -> tuple[int, str]:
    """The key that sorts base names by age: they begin with the second of delivery, also those of other programs.

    >>> sorted(["1790000001.9_1.mx", "odd", "200.1_1.mx"], key=by_age)
    ['odd', '200.1_1.mx', '1790000001.9_1.mx']
    """
    second = name.partition(".")[0]
    return (int(second) if second.isascii() and second.isdigit() and len(second) < 16 else 0, name)


@dataclass(frozen=True, slots=True)
class Measured:
    """A message: `octets` as POP3 has it, every line ended; `size` as IMAP has it; `stored` as it is in the file.

    `email` is a name for what is in it: the same for every copy (RFC 8474 §5.1).
    """

    octets: int
    size: int
    stored: int
    email: str


@dataclass(frozen=True, slots=True)
class TmpFile:
    """A message in tmp/, open until it is sealed."""

    path: Path
    descriptor: int
    measured: Measured


class Maildir:
    """A folder with tmp/, new/ and cur/. `names` gives a new `base_name` each time."""

    def __init__(self, folder: Path, names: Callable[[], str]) -> None:
        self.folder = folder
        self._root = str(folder)
        self._names = names
        self._tmp, self._new, self._cur = (folder / name for name in ("tmp", "new", "cur"))

    # ── the folder ──

    def prepare(self, now: float) -> tuple[str, ...]:
        """Make what is missing, also after a crash between two mkdirs (T004), and sweep what a crash left in tmp/.

        Gives what was wrong, in sentences for a person: something else stood where a folder belongs.
        """
        problems = []
        for path in (self.folder, self._tmp, self._new, self._cur):
            if (aside := own_folder(path)) is not None:
                problems.append(f"{path} was no folder; it is now {aside}")
        for entry in os.scandir(self._tmp):
            if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < now - STALE:
                Path(entry).unlink(missing_ok=True)
        return tuple(problems)

    def sync(self, *, new: bool = True, cur: bool = False) -> None:
        """After this, what was published survives a crash: in new/, or in cur/, with flags. Raises `OSError`.

        What went from new/ to cur/ has its new name on the disk before it loses the old one: it may have both, never
        neither.
        """
        if cur:
            sync_folder(self._cur)
        if new:
            sync_folder(self._new)

    def lock(self) -> int:
        """Lock the folder against other readers; gives the descriptor that holds the lock. Raises `BlockingIOError`.

        The lock is the descriptor's: it ends with `os.close`, or with the process.
        """
        return HERE.lock_folder(self.folder)

    # ── in ──

    def write(self, content: Content, moment: float | None = None) -> TmpFile:
        """Write the message to tmp/; it is not safe before `seal`. Raises `OSError`; nothing is left behind then.

        The file is dated to `moment`, in seconds since 1970: so its INTERNALDATE survives a lost index.
        """
        path, descriptor = self._create()
        measuring = _Measuring()
        try:
            for block in content.blocks():
                measuring.feed(block)
                write_all(descriptor, block)
            if moment is not None:
                os.utime(path, (moment, moment))
        except BaseException:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            raise
        return TmpFile(path, descriptor, measuring.end())

    def seal(self, draft: TmpFile) -> TmpFile:
        """Sync what was written. Of many messages written before, the first to be sealed pays most of the disk's time.

        Raises `OSError`, and the draft is gone then: a second fsync would say yes to lost octets (T006).
        """
        try:
            try:
                sync(draft.descriptor)
            finally:
                os.close(draft.descriptor)  # may be the first to say that the disk is full (T007)
        except BaseException:
            self.discard(draft)
            raise
        return draft

    def publish(self, draft: TmpFile, flags: frozenset[str] = NONE) -> str:
        """Give the message its final name; nothing that is there is ever overwritten (T027). Gives its base name."""
        name = draft.path.name
        while not self._move(draft.path, self.folder / place_of(name, flags)):
            name = self._names()
        return name

    def link(self, place: str, target: "Maildir", flags: frozenset[str] = NONE) -> str:
        """One more name, in another folder, for a message of this one: a copy that costs no room. Gives its base name.

        It keeps its date. Where the file system has no links, the copy is written. Raises `OSError`.
        """
        while True:
            name = target._names()
            try:
                os.link(f"{self._root}/{place}", f"{target._root}/{place_of(name, flags)}")
            except FileExistsError:
                continue
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                status = (self.folder / place).stat()
                content = Content(b"", self.folder / place, 0, status.st_size)
                return target.publish(target.seal(target.write(content, status.st_mtime)), flags)
            return name

    def discard(self, draft: TmpFile) -> None:
        """Throw a draft away."""
        draft.path.unlink(missing_ok=True)

    def _create(self) -> tuple[Path, int]:
        while True:
            path = self._tmp / self._names()
            try:
                return path, create_new(path)
            except FileExistsError:
                continue

    def _move(self, source: Path, target: Path) -> bool:
        """False when the name is taken."""
        try:
            os.link(source, target)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if target.exists():
                return False
            source.rename(target)
            return True
        try:
            source.unlink()
        except OSError:
            pass  # the message is in; its second name is swept some day
        return True

    # ── out ──

    def scan(self) -> dict[str, Path]:
        """Every message by its base name, which no flag changes. new/ first: what moves to cur/ meanwhile is seen."""
        paths: dict[str, Path] = {}
        for folder in (self._new, self._cur):
            for entry in os.scandir(folder):
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                    paths[base_of(entry.name)] = Path(entry.path)
        return paths

    def places(self) -> dict[str, str]:
        """As `scan`, as text: `new/NAME`, or `cur/NAME:2,FLAGS`."""
        found: dict[str, str] = {}
        for part in ("new", "cur"):
            with os.scandir(f"{self._root}/{part}") as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                        name = base_of(entry.name)
                        if name in found:
                            self._drop_old_name(found[name], entry.path)
                        found[name] = f"{part}/{entry.name}"
        return found

    def _drop_old_name(self, old: str, path: str) -> None:
        """A crash between the two syncs of `sync` leaves a message both names; removed by one, it would come back by
        the other.
        """
        with suppress(OSError):  # it went to cur/ while we looked: it has one name
            if Path(path).samefile(self.path(old)):
                self.unlink(old)

    def stamp(self) -> tuple[int, int]:
        """Changes when names come, go or change; twice within a moment it may not. Raises `OSError`."""
        return self._new.stat().st_mtime_ns, self._cur.stat().st_mtime_ns

    def flag(self, place: str, flags: Iterable[str]) -> str:
        """Give a message these flags; gives its new place. Raises `FileNotFoundError` when it is not there."""
        there = "cur/" + with_flags(place[4:], flags)
        if there != place:  # as text: of ten thousand, Paths would cost more than the calls
            os.rename(f"{self._root}/{place}", f"{self._root}/{there}")  # noqa: PTH104
        return there

    def unlink(self, place: str) -> None:
        """Remove what lies there. Raises `FileNotFoundError`, `OSError`."""
        os.unlink(f"{self._root}/{place}")  # noqa: PTH108

    def path(self, place: str) -> str:
        """Where that is, as text."""
        return f"{self._root}/{place}"

    def read(self, place: str, most: int) -> bytes:
        """What lies there, if it has no more octets than so many. Raises `FileNotFoundError`, `OSError`."""
        descriptor = HERE.open_to_read(f"{self._root}/{place}", links=False)
        try:
            octets = os.read(descriptor, most + 1)
            while 0 < len(octets) < most and (more := os.read(descriptor, most + 1 - len(octets))):
                octets += more  # so many as were asked for, without one more: that is all
            return octets
        finally:
            os.close(descriptor)

    def stat(self, place: str) -> os.stat_result:
        """What the system knows of what lies there. Raises `FileNotFoundError`, `OSError`."""
        return os.stat(f"{self._root}/{place}")  # noqa: PTH116

    def find(self, name: str, last: Path) -> Path:
        """Where the message with this base name is now; `last` is where it was. Raises `FileNotFoundError`."""
        if last.is_file():
            return last
        try:
            return self.scan()[name]
        except KeyError:
            raise FileNotFoundError(name) from None

    def remove(self, name: str, last: Path) -> None:
        """Remove a message; it is no fault that somebody else was faster (T183). Raises `OSError`."""
        with suppress(FileNotFoundError):
            self.find(name, last).unlink()

    def sync_removed(self) -> None:
        """After this, what was removed, renamed or linked stays so. Raises `OSError`."""
        self.sync(new=True, cur=True)


def uidl(name: str) -> str:
    """A name for ever, made of the base name alone, so that it survives a lost index (RFC 1939 §7).

    >>> uidl("1700000000.M1P2Q3.mx"), uidl("caf\\u00e9")
    ('1700000000.M1P2Q3.mx', 'h-850f7dc43910ff890f8879c0ed26fe69')
    """
    if _PLAIN.match(name):
        return name
    return "h-" + hashlib.sha256(os.fsencode(name)).hexdigest()[:32]


def place_of(name: str, flags: frozenset[str] = NONE) -> str:
    """Where a message comes to lie under a new base name: with flags it is not new.

    >>> place_of("17.M1.mx"), place_of("17.M1.mx", frozenset({"\\\\Seen"}))
    ('new/17.M1.mx', 'cur/17.M1.mx:2,S')
    """
    return "cur/" + with_flags(name, flags) if flags else "new/" + name


class _Measuring:
    """Counts and names what goes by."""

    def __init__(self) -> None:
        self._counted, self._hashed, self._stored = Measure(), hashlib.blake2b(digest_size=16), 0

    def feed(self, block: bytes) -> None:
        self._counted.feed(block)
        self._hashed.update(block)
        self._stored += len(block)

    def end(self) -> Measured:
        return Measured(self._counted.octets, self._counted.unended, self._stored, "M" + self._hashed.hexdigest())


def measure(path: str | Path) -> tuple[Measured, float]:
    """Read a whole file; gives its date, too, in seconds since 1970. Raises `OSError`."""
    descriptor, measuring = HERE.open_to_read(path, links=False), _Measuring()
    try:
        while block := os.read(descriptor, BLOCK):
            measuring.feed(block)
        return measuring.end(), float(int(os.fstat(descriptor).st_mtime))
    finally:
        os.close(descriptor)
