"""Writing so that no crash takes it back: the file is synced, then the folder that has its name, then it is promised.

Files: 0600, never through a symbolic link; folders 0700, whatever the umask. Errors: `OSError`; nothing half-written is
left under the name.
"""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maillab.system import HERE

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # T031, T034
_NO_DESCRIPTORS = {errno.EMFILE, errno.ENFILE}  # T036

_counting = threading.Lock()
_labs = {True: 0, False: 0}  # that live in this process: those that keep their promises, and those that need not


@contextmanager
def promising(keep: bool) -> Iterator[None]:
    """While a lab lives: does it keep what it promises? A lab of a test need not, so that no test waits for the disk.

    One that keeps its promises makes everything in this process wait.
    """
    with _counting:
        _labs[keep] += 1
    try:
        yield
    finally:
        with _counting:
            _labs[keep] -= 1


def waits_for_disk() -> bool:
    """Yes, unless all labs of this process are those of tests."""
    return _labs[True] > 0 or _labs[False] == 0


def sync(descriptor: int) -> None:
    """The octets of an open file are on the disk after this. Raises `OSError`."""
    if waits_for_disk():
        os.fsync(descriptor)


def create_new(path: Path) -> int:
    """A descriptor of a new, empty file; what is there already is never touched (`FileExistsError`)."""
    return HERE.create_new(path)


def write_all(descriptor: int, octets: bytes) -> None:
    """The kernel may take less than it is given (T008)."""
    view = memoryview(octets)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. A file system that cannot (EINVAL) need not, and is let be (T046)."""
    if not waits_for_disk():
        return
    try:
        HERE.sync_folder(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def is_full(error: BaseException) -> bool:
    """Does it say that the disk, or the table of open files, has no room? Then trying again later may help (452).

    >>> is_full(OSError(errno.ENOSPC, "No space left on device")), is_full(OSError(errno.EIO, "Input/output error"))
    (True, False)
    """
    return is_disk_full(error) or getattr(error, "errno", 0) in _NO_DESCRIPTORS


def is_disk_full(error: BaseException) -> bool:
    """Does it say that the disk has no room?

    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device")), is_disk_full(OSError(errno.EMFILE, "Too many"))
    (True, False)
    """
    return getattr(error, "errno", 0) in _NO_ROOM or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def write_new(path: Path, octets: bytes) -> None:
    """A new file with these octets, durable but for its name: `sync_folder` makes that so. It is gone if this fails."""
    descriptor = create_new(path)
    try:
        try:
            write_all(descriptor, octets)
            sync(descriptor)
        finally:
            os.close(descriptor)  # may be the first to say that the disk is full (T007)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def replace(path: Path, octets: bytes) -> None:
    """The file has these octets, or what it had before: in one moment, and durably."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    part.unlink(missing_ok=True)
    write_new(part, octets)
    try:
        os.replace(part, path)  # noqa: PTH105 - so that the order of the two names is plain
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and the parents that it lacks, their names durable. Raises `FileExistsError` for a file there."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:  # else somebody else has made it just now
        folder.chmod(0o700)  # the umask may have taken rights away that we need
    sync_folder(folder.parent)


def free_name(path: Path, ending: str = "bad") -> Path:
    """Where `path` can be set aside over nothing: `NAME.bad`, `NAME.bad-2`..."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.{ending}" + (f"-{number}" if number > 1 else ""))):
        number += 1
    return aside


def set_aside(path: Path, ending: str = "bad") -> Path:
    """Move what cannot be used out of the way, durably, and never over anything; gives its new place."""
    aside = path.rename(free_name(path, ending))
    sync_folder(path.parent)
    return aside


def own_folder(folder: Path) -> Path | None:
    """As `make_folder`, but what stands where a folder belongs and is none is set aside; gives its new place.

    The name is synced even if the folder is there: a run that was killed may have made it and not come to that.
    """
    if folder.is_dir():
        sync_folder(folder.parent)
        return None
    in_the_way = [part for part in (*reversed(folder.parents), folder) if os.path.lexists(part) and not part.is_dir()]
    aside = set_aside(in_the_way[0]) if in_the_way else None
    make_folder(folder)
    return aside
