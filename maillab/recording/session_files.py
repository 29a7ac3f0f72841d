"""The files that sessions are written to and read from: plain, or packed by gzip if their names say so.

Rules for this file: what is written appears under its name whole or not at all, readable by its owner only, and
replaces nothing unless that was asked for; what is read is bounded, whatever it unpacks to. Errors: `OSError` from the
disk, `SessionError` for what is no session.
"""

import itertools
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from maillab.durable import create_new, sync_folder
from maillab.recording.session_lines import SessionError
from maillab.system import HERE

BLOCK = 65_536
TAKEN = "the file is there already"
LONGEST_LINE = 1_048_576
PACKED_RATIO = 100  # of unpacked to packed octets, looked at from `FREE` unpacked octets on
FREE = 33_554_432

_PACKED = re.compile(r"\.gz(\.part\d*)?\Z")


def is_packed(path: Path) -> bool:
    """Does the name say that the file is packed by gzip?

    >>> is_packed(Path("friday.maillab.gz")), is_packed(Path("friday.maillab"))
    (True, False)
    """
    return _PACKED.search(path.name) is not None


class SessionWriter:
    """A file that is being written: FILE.part, then FILE once it is whole; after a crash FILE.part is left.

    Raises `OSError`: `FileExistsError` for a name that is taken, unless what has it is to be replaced; a link is taken
    for what it is, never followed. What is no plain file is never replaced.
    """

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        self.path = path
        self._replace = replace
        self.octets = 0  # written so far, before packing
        if path.exists() and not path.is_file():
            raise FileExistsError(17, "not a plain file", str(path))
        if not replace and os.path.lexists(path):
            raise FileExistsError(17, TAKEN, str(path))
        self._machine = zlib.compressobj(6, wbits=31) if is_packed(path) else None
        self.part, handle = _create(path)
        self._file = os.fdopen(handle, "wb", BLOCK)

    def __enter__(self) -> "SessionWriter":
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            self.abandon()
            return
        try:
            self.finish()
        except FileExistsError:
            raise  # what was written is left under its other name
        except BaseException:
            self.part.unlink(missing_ok=True)
            raise

    def write(self, octets: bytes) -> None:
        """Add octets."""
        self.octets += len(octets)
        self._file.write(self._machine.compress(octets) if self._machine else octets)

    def restart(self) -> None:
        """Begin anew: what was written is not in the file any more."""
        self._file.seek(0)
        self._file.truncate()
        self._machine = zlib.compressobj(6, wbits=31) if self._machine else None
        self.octets = 0

    def flush(self) -> None:
        """Hand over to the system what was written: it is there when this process dies."""
        if self._machine:
            self._file.write(self._machine.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def finish(self) -> None:
        """All is written: give it its name. What stood there before is replaced in one moment, if it may be.

        Raises `FileExistsError` when the name was taken meanwhile and may not be replaced; then FILE.part is left.
        """
        try:
            if self._machine:
                self._file.write(self._machine.flush())
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
        if self._replace:
            os.replace(self.part, self.path)  # noqa: PTH105 - so that the order of the two names is plain
        else:
            _name(self.part, self.path)
        sync_folder(self.path.parent)

    def leave(self) -> None:
        """The disk fails: let go of the file, and of its name only if nothing is in it."""
        try:
            self._file.close()
        except OSError:
            pass  # said already
        if self.part.stat().st_size == 0:
            self.part.unlink()

    def abandon(self) -> None:
        """Take it all back."""
        try:
            self._file.close()
        finally:
            self.part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless something has that name by now."""
    taken = FileExistsError(17, f"{path.name} was made by somebody else meanwhile; {part.name} is left", str(path))
    try:
        os.link(part, path)
    except FileExistsError:
        raise taken from None
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise taken from None
        os.replace(part, path)  # noqa: PTH105 - as above
    else:
        with suppress(OSError):  # it has its name; the other is one too many
            part.unlink()


def _create(path: Path) -> tuple[Path, int]:
    """A new file beside `path`: never one that was there, never through a link."""
    for number in itertools.count(1):
        part = path.with_name(f"{path.name}.part{number if number > 1 else ''}")
        try:
            return part, create_new(part)
        except FileExistsError:  # a crash left it, or somebody else is writing
            if number >= 100:
                raise
    raise AssertionError


def blocks(path: Path) -> Iterator[bytes]:
    """What a file holds, unpacked if its name ends with .gz. Raises `SessionError`, `OSError`."""
    handle = HERE.open_to_read(path)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SessionError(f"{path} is not a plain file")
        plain = iter(lambda: file.read(BLOCK), b"")
        yield from _unpacked(plain) if is_packed(path) else plain


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks as lines with their ends; one that is longer than allowed comes cut, and is refused by who reads it."""
    rest = b""
    for block in pieces:
        *ended, rest = (rest + block).split(b"\n")
        for line in ended:
            yield line + b"\n"
        if len(rest) > LONGEST_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip packed, while it stays within reason. What was cut short gives what there is."""
    machine = zlib.decompressobj(wbits=31)
    packed = unpacked = 0
    for block in pieces:
        packed += len(block)
        while block:
            try:
                piece = machine.decompress(block, BLOCK)
            except zlib.error as error:
                raise SessionError("not packed by gzip, or damaged") from error
            unpacked += len(piece)
            if unpacked > FREE and unpacked > PACKED_RATIO * packed:
                raise SessionError("compressed more than a hundredfold: decompress it with gunzip and check it first")
            if piece:
                yield piece
            block = machine.unconsumed_tail
            if machine.eof:
                block, machine = machine.unused_data, zlib.decompressobj(wbits=31)
