"""Standard input, output and error of every command: what happens when one is closed, full, or has no reader.

Rules for this file: trouble with an output is no `OSError`, so that nobody takes it for trouble with a file or with the
network; it is told once, on stderr; trouble with stderr is told to nobody. As cat does it: nobody reads any more
(`| head`) ends a command that only prints, and is no failure; a disk that is full is one (exit 1).
"""

import codecs
import errno
import os
import select
import sys
from collections.abc import Callable, Iterable
from typing import Any

CLOSED = 9  # EBADF, also where Python says ValueError for it


ESCAPED = "maillab.escaped"  # a way to write what an encoding lacks, for `str.encode`


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON writes it, so that --json stays JSON on a terminal without Unicode."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), error.end


codecs.register_error(ESCAPED, _escaped)


class OutputError(Exception):
    """Standard output takes nothing; `gone` says that nobody reads it any more. It was told of already."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.gone = error.errno == errno.EPIPE


def put(line: str) -> None:
    """Write a line that is safe already, at once. Raises `OutputError`."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def unread() -> bool:
    """Has the reader of our pipe gone? The system knows it before anything more is written, as `tail -f` does."""
    if not hasattr(select, "poll"):
        return False
    try:
        pipe = select.poll()
        pipe.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in pipe.poll(0))
    except (OSError, ValueError):  # no file at all
        return False


def colours() -> bool:
    """Only on a terminal, and not where NO_COLOR or TERM=dumb says no: piped output holds no escape byte."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


class Out:
    """Standard output while a command runs. What its encoding lacks becomes an escape of JSON. Raises `OutputError`.

    Who catches that can go on: what is written after the trouble is tried again.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._down = self._waiting = False  # it failed, and that was told; something was written since
        self.incomplete = False  # something is missing that somebody would have read
        self.failed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def buffer(self) -> "_Octets":
        """The octets below the text."""
        return _Octets(self._stream.buffer, self._try)

    def write(self, text: str) -> int:
        """Write text, which may wait in a buffer."""
        encoding = self._stream.encoding or "utf-8"
        self._try(self._stream.write, text.encode(encoding, ESCAPED).decode(encoding))
        self._waiting = True
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write what waits."""
        self._try(self._stream.flush)
        if self._down and self._waiting:
            self._down = False
            _tell("standard output works again; the lines in between are missing")

    def _try(self, work: Callable[..., object], *given: object) -> None:
        try:
            work(*given)
        except OSError as error:
            self._fail(error)
        except ValueError as error:
            if "closed file" not in str(error):
                raise
            self._fail(OSError(CLOSED, os.strerror(CLOSED)))

    def _fail(self, error: OSError) -> None:
        trouble = OutputError(error)
        self.failed, self._waiting = True, False
        if not trouble.gone:
            self.incomplete = True
            if not self._down:
                self._down = True
                _tell(f"cannot write to standard output: {trouble}")
        raise trouble from error


def _tell(text: str) -> None:
    from maillab.cli.options import fail

    fail(1, text)


class _Octets:
    """Standard output for octets."""

    def __init__(self, stream: Any, tried: Callable[..., None]) -> None:
        self._stream = stream
        self._try = tried

    def write(self, octets: bytes) -> int:
        """Write octets, which may wait in a buffer. Raises `OutputError`."""
        self._try(self._stream.write, octets)
        return len(octets)

    def flush(self) -> None:
        """Write what waits. Raises `OutputError`."""
        self._try(self._stream.flush)


class Err:
    """Standard error while a command runs: where it cannot be written there is nobody left to tell."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.failed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text, if that can be."""
        self._try(self._stream.write, text)
        return len(text)

    def flush(self) -> None:
        """Write what waits, if that can be."""
        self._try(self._stream.flush)

    def _try(self, work: Callable[..., object], *given: object) -> None:
        try:
            work(*given)
        except (OSError, ValueError):
            self.failed = True


def settled(work: Callable[[], int]) -> int:
    """Do the work of a command with guarded streams; gives its exit code, or 1 where its output is incomplete.

    Raises `SystemExit` as argparse does.
    """
    before: Any = sys.stdout, sys.stderr
    out, err = Out(sys.stdout), Err(sys.stderr)
    streams: Any = out, err
    sys.stdout, sys.stderr = streams
    try:
        try:
            code = _done(work)
        except SystemExit as end:
            if _flushed(out) or end.code:
                raise
            raise SystemExit(1) from None
        return code if _flushed(out) else code or 1
    finally:
        err.flush()
        for guarded, stream, real in ((out, before[0], sys.__stdout__), (err, before[1], sys.__stderr__)):
            if guarded.failed and stream is real:
                _turn_away(stream)
        sys.stdout, sys.stderr = before


def _done(work: Callable[[], int]) -> int:
    """The exit code, also where the output ended the work."""
    try:
        return work()
    except OutputError:
        return 0
    except BaseExceptionGroup as group:  # of a task beside others
        if group.split(OutputError)[1] is not None:
            raise
        return 0


def _flushed(out: Out) -> bool:
    """Write what waits; has all been written that somebody reads?"""
    try:
        out.flush()
    except OutputError:
        pass
    return not out.incomplete


def _turn_away(stream: Any) -> None:
    """What waits in a stream that failed goes nowhere, instead of being complained of when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def repair() -> None:
    """Streams that were closed before we began are opened, on nothing: their numbers must not go to a socket or a file.

    Reading from such a stdin and writing to such a stdout fails as if it were closed; stderr swallows everything.
    """
    for number, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # gets the lowest number that is free: this one
    standard: Any = sys
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            stream = os.fdopen(number, mode, encoding="utf-8", closefd=False)
            setattr(standard, name, stream)
            setattr(standard, f"__{name}__", stream)
