"""A disk of which we know what it would hold if the power went now.

Of a file, what was written is in memory until it is synced; of a folder, so are the names in it. How much of that a
computer has written by itself when the power goes nobody knows, so each moment has several ends (`ENDS`), from the worst
that POSIX allows to the best.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.durability.calls import Call

ENDS = {
    "nothing": "nothing survives that was not synced, neither octets nor names",
    "names": "all names survive, and no octets that were not synced",
    "lengths": "all names and lengths survive; octets that were not synced are zeros",
    "everything": "everything survives: the process was killed, and the computer goes on",
}
Tree = dict[str, bytes | None]  # what a folder holds, by path; None for a folder

_numbers = count()


@dataclass(eq=False, slots=True)
class File:
    """Octets: as programs see them, and as the disk has them (None: it has not even a length)."""

    now: bytearray = field(default_factory=bytearray)
    kept: bytes | None = None
    number: int = field(default_factory=lambda: next(_numbers))
    changes: int = 0
    kept_changes: int = -1  # how many changes the disk has


@dataclass(eq=False, slots=True)
class Folder:
    """Names: as programs see them, and as the disk has them."""

    now: "dict[str, File | Folder]" = field(default_factory=dict)
    kept: "dict[str, File | Folder]" = field(default_factory=dict)


@dataclass(slots=True)
class _Opened:
    node: File | Folder
    place: int = 0
    at_end: bool = False


class Disk:
    """The folder `root` of a disk. All that is there at the beginning is on the disk."""

    def __init__(self, root: Path, there: Tree | None = None) -> None:
        self._root = Folder()
        self._prefix = str(root)
        self._opened: dict[int, _Opened] = {}
        self._syncing: dict[str, Callable[[], None]] = {}
        for path, octets in sorted((there or {}).items()):
            folder, name = self._parent(os.path.join(self._prefix, path))
            node = Folder() if octets is None else File(bytearray(octets), octets, kept_changes=0)
            folder.now[name] = folder.kept[name] = node

    # ── what is done to it ──

    def restart(self) -> None:
        """The process is gone, and another one begins: nothing is open."""
        self._opened.clear()

    def apply(self, call: Call) -> bool:
        """A call has ended; does that change what is there, or what would be?"""
        action = getattr(self, f"_{call.name}", None)
        return bool(action(call)) if action is not None else False

    def _openat(self, call: Call) -> bool:
        path = self._path(call, 0)
        if path is None:
            return False
        folder, name = self._parent(path) if path != self._prefix else (Folder({"": self._root}), "")
        made = name not in folder.now
        if made:
            if "O_CREAT" not in call.words:
                raise LookupError(f"{path} was opened and is not there")
            folder.now[name] = File()
        node = folder.now[name]
        if isinstance(node, File) and "O_TRUNC" in call.words and node.now:
            self._resize(node, 0)
            made = True
        self._opened[call.gave] = _Opened(node, at_end="O_APPEND" in call.words)
        return made

    def _close(self, call: Call) -> bool:
        self._opened.pop(call.descriptors[0], None)
        return False

    def _dup(self, call: Call) -> bool:
        if (opened := self._opened.get(call.descriptors[0])) is not None:
            self._opened[call.gave] = opened
        return False

    _dup2 = _dup3 = _dup

    def _lseek(self, call: Call) -> bool:
        if (opened := self._opened.get(call.descriptors[0])) is not None:
            opened.place = call.gave
        return False

    def _write(self, call: Call) -> bool:
        opened = self._opened.get(call.descriptors[0])
        if opened is None or not isinstance(opened.node, File):
            return False
        if opened.at_end:
            opened.place = len(opened.node.now)
        self._put(opened.node, opened.place, b"".join(call.texts)[: call.gave])
        opened.place += call.gave
        return True

    _writev = _write

    def _pwrite64(self, call: Call) -> bool:
        opened = self._opened.get(call.descriptors[0])
        if opened is None or not isinstance(opened.node, File):
            return False
        self._put(opened.node, call.numbers[-1], b"".join(call.texts)[: call.gave])
        return True

    def _ftruncate(self, call: Call) -> bool:
        opened = self._opened.get(call.descriptors[0])
        if opened is None or not isinstance(opened.node, File):
            return False
        self._resize(opened.node, call.numbers[-1])
        return True

    def _fsync(self, call: Call) -> bool:
        opened = self._opened.get(call.descriptors[0])
        if opened is None:
            return False
        self._syncing.pop(call.words, _sync(opened.node))()
        return True

    def _fsync_begun(self, call: Call) -> bool:
        """What is written while a sync goes on need not be part of it."""
        if (opened := self._opened.get(call.descriptors[0])) is not None:
            self._syncing[call.words] = _sync(opened.node)
        return False

    _fdatasync, _fdatasync_begun = _fsync, _fsync_begun

    def _rename(self, call: Call) -> bool:
        source, target = (self._parent(path) if path else None for path in (self._path(call, 0), self._path(call, 1)))
        if source is None and target is None:
            return False
        assert source is not None, "something came from elsewhere"
        assert target is not None, "something went elsewhere"
        target[0].now[target[1]] = source[0].now.pop(source[1])
        return True

    _renameat = _renameat2 = _rename

    def _link(self, call: Call) -> bool:
        source, target = self._path(call, 0), self._path(call, 1)
        if target is None:
            return False
        assert source is not None, "something came from elsewhere"
        folder, name = self._parent(source)
        into, new = self._parent(target)
        into.now[new] = folder.now[name]
        return True

    _linkat = _link

    def _unlink(self, call: Call) -> bool:
        path = self._path(call, 0)
        if path is None:
            return False
        folder, name = self._parent(path)
        del folder.now[name]
        return True

    _unlinkat = _rmdir = _unlink

    def _mkdir(self, call: Call) -> bool:
        path = self._path(call, 0)
        if path is None:
            return False
        folder, name = self._parent(path)
        folder.now[name] = Folder()
        return True

    _mkdirat = _mkdir

    def _put(self, file: File, place: int, octets: bytes) -> None:
        if place > len(file.now):
            file.now.extend(bytes(place - len(file.now)))
        file.now[place : place + len(octets)] = octets
        file.changes += 1

    def _resize(self, file: File, length: int) -> None:
        if length < len(file.now):
            del file.now[length:]
        else:
            file.now.extend(bytes(length - len(file.now)))
        file.changes += 1

    # ── names ──

    def _path(self, call: Call, which: int) -> str | None:
        """One of the paths of a call; None where that is not on this disk."""
        text = os.fsdecode(call.texts[which])
        if not text.startswith("/"):
            descriptors = call.descriptors
            base = self._opened.get(descriptors[min(which, len(descriptors) - 1)]) if descriptors else None
            if base is None or not isinstance(base.node, Folder):
                return None
            text = os.path.join(self._path_of(base.node), text)
        text = os.path.normpath(text)
        return text if text == self._prefix or text.startswith(self._prefix + "/") else None

    def _path_of(self, folder: Folder) -> str:
        below = [(self._prefix, self._root)]
        while below:
            path, other = below.pop()
            if other is folder:
                return path
            below += [(os.path.join(path, name), node) for name, node in other.now.items() if isinstance(node, Folder)]
        raise LookupError("a folder that has no name any more")

    def _parent(self, path: str) -> tuple[Folder, str]:
        *parts, name = path.removeprefix(self._prefix).strip("/").split("/")
        folder = self._root
        for part in parts:
            node = folder.now[part]
            assert isinstance(node, Folder)
            folder = node
        return folder, name

    # ── what it holds ──

    def state(self, end: str) -> "frozenset[tuple[str, int, int, int]]":
        """What stands for `tree`, made in no time: two states that are equal are equal trees."""
        return frozenset(
            (path, -1, 0, -1) if isinstance(node, Folder) else (path, node.number, *_version(node, end))
            for path, node in self._nodes(self._root, "", end)
        )

    def tree(self, end: str) -> Tree:
        """What is there after a power cut that ends so."""
        return {
            path: None if isinstance(node, Folder) else _octets(node, end)
            for path, node in self._nodes(self._root, "", end)
        }

    def _nodes(self, folder: Folder, path: str, end: str) -> Iterable[tuple[str, File | Folder]]:
        for name, node in (folder.kept if end == "nothing" else folder.now).items():
            yield path + name, node
            if isinstance(node, Folder):
                yield from self._nodes(node, f"{path}{name}/", end)


def _version(file: File, end: str) -> tuple[int, int]:
    """Which of the file's contents it is; and where octets may be missing, how long it is now."""
    if end == "everything" or file.kept_changes == file.changes:
        return file.changes, -1
    return file.kept_changes, len(file.now) if end == "lengths" else -1


def _sync(node: File | Folder) -> Callable[[], None]:
    """What the disk gets, and when that is so."""
    if isinstance(node, Folder):
        names = dict(node.now)

        def keep() -> None:
            node.kept = names

    else:
        octets, changes = bytes(node.now), node.changes

        def keep() -> None:
            node.kept, node.kept_changes = octets, changes

    return keep


def _octets(file: File, end: str) -> bytes:
    if end == "everything":
        return bytes(file.now)
    kept = file.kept or b""
    return kept[: len(file.now)].ljust(len(file.now), b"\0") if end == "lengths" else kept


def read_tree(root: Path) -> Tree:
    """What a folder holds."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes() for path in sorted(root.rglob("*"))
    }


def write_tree(root: Path, tree: Tree) -> None:
    """Make a folder that holds this."""
    root.mkdir(mode=0o700, parents=True)
    for path, octets in sorted(tree.items()):
        if octets is None:
            (root / path).mkdir(mode=0o700)
        else:
            with open(os.open(root / path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(octets)
