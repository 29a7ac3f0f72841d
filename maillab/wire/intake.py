"""Taking in the content of a message: up to CRLF.CRLF after DATA, or by counted chunks after BDAT.

Quiet but for one file: what exceeds `IN_MEMORY` goes to a spool file, so that a message never costs its size in memory.
Rules for this file: content ends at CRLF.CRLF and nowhere else (anything looser lets a second message be smuggled in,
RFC 5321 §2.3.8); a fault, even of the disk, never stops the reading, so that the rest of a refused message is not taken
for commands.
"""

import errno
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from maillab.durable import create_new, is_full, write_all
from maillab.mail.content import Content
from maillab.mail.line_ends import all_crlf
from maillab.mail.reply import Reply
from maillab.wire.limits import FLOOR
from maillab.wire.storage import NO_ROOM

IN_MEMORY = 131_072  # octets; a thousand clients in DATA hold 128 MiB at most

LINE_OCTETS = 998  # of a line of text, without CRLF (RFC 5321 §4.5.3.1.6)

TOO_BIG = Reply(552, "5.3.4", ("Message is larger than this server takes",))
BARE_LINE_END = Reply(
    550,
    "5.6.11",
    ("Line ended by a bare CR or LF; every line of a message ends with CR LF (RFC 5321 section 2.3.8; curl --crlf)",),
)
NO_DISK = Reply(451, "4.3.0", ("The message cannot be written down here now; come again",))
LONG_LINE = Reply(550, "5.6.0", ("Line longer than 998 octets (RFC 5322 section 2.1.1)",))

_BARE_LF = re.compile(rb"(?<!\r)\n")
_LONELY = "still inside DATA: a line ended with LF, not CR LF, so this dot does not end the message"
_CLOSED = -1  # in the place of a descriptor: there is a file, and it is closed
_HOLD = 4  # octets kept back at the end of a block: the longest beginning of an end mark that is not yet one


class Nobody:
    """Takes in content for nobody: whoever reads only wants to know where it ends."""

    fault: Reply | None = None

    def add(self, piece: bytes) -> None:
        """More content."""

    @property
    def mixed(self) -> bool:
        """Were some lines ended by a bare LF and others by CRLF?"""
        return False


class Intake(Nobody):
    """The content of one message on its way in. `limit` octets at most; lines over `line` are a fault (0: never).

    A bare LF is a fault, or, with `bare_lf`, the end of a line, and is stored as CRLF. A bare CR is always a fault.
    `as_is`: no octet is looked at. `odd` names what not every server takes: "long-line", "nul", "eight-bit".
    """

    def __init__(
        self, spool: Path, name: str, *, limit: int, line: int = 0, bare_lf: bool = False, as_is: bool = False
    ) -> None:
        self._path = spool / name
        self._limit = limit
        self._line = line
        self._bare_lf = bare_lf
        self._as_is = as_is
        self._pieces: list[bytes] = []
        self._held = 0
        self._file: int | None = None  # the descriptor of what is written down
        self._in_line = 0  # octets of the line that the last piece left unfinished
        self._carry = b""  # a CR at the end of a piece, which may be half of a line end
        self._pairs = 0  # CRLF, as far as it matters: none, one, or more
        self.bare_lfs = 0
        self.octets = 0
        self.odd: set[str] = set()
        self.trouble: OSError | None = None  # of the disk, when that is the fault

    def add(self, piece: bytes) -> None:
        """More content, as it is to be stored. A disk that cannot take it is a fault like others: 452, or 451."""
        piece = piece if self._as_is else self._checked(piece)
        self.octets += len(piece)
        if self.octets > self._limit:
            self.fault = self.fault or TOO_BIG
        if self.fault:
            self.discard()
            return
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held > IN_MEMORY:
            self._try(self._spill)

    @property
    def mixed(self) -> bool:
        """Were some lines ended by a bare LF and others by CRLF? The CRLF before the end mark does not count."""
        return self.bare_lfs > 0 and self._pairs > 1

    def _checked(self, piece: bytes) -> bytes:
        before, octets = self._carry, self._carry + piece
        self._carry = b"\r" if octets.endswith(b"\r") else b""
        if self._pairs < 2:
            self._pairs += octets.count(b"\r\n")
        if not all_crlf(octets.removesuffix(self._carry)):
            piece = self._mended(octets)[len(before) :]
        self._look(piece)
        return piece

    def _mended(self, octets: bytes) -> bytes:
        """Some CR or LF stands alone: that is a fault, or borne."""
        pairs = octets.count(b"\r\n")
        bare = octets.count(b"\n") - pairs
        self.bare_lfs += bare
        if (bare and not self._bare_lf) or octets.count(b"\r") - len(self._carry) != pairs:
            self.fault = self.fault or BARE_LINE_END
        return _BARE_LF.sub(b"\r\n", octets)

    def _look(self, piece: bytes) -> None:
        """Lines longer than one may be, NUL (RFC 2045 §2.7), octets that are not ASCII."""
        if "long-line" not in self.odd and self._is_long(piece):
            self.odd.add("long-line")
            if self._line:
                self.fault = self.fault or LONG_LINE
        if b"\0" in piece:
            self.odd.add("nul")
        if not piece.isascii():
            self.odd.add("eight-bit")

    def _is_long(self, piece: bytes) -> bool:
        """Does a line of this piece go on for too long? Looks from line end to line end a thousand octets ahead."""
        most, start = (self._line or LINE_OCTETS) + 2, 0
        room = most - self._in_line
        while (end := piece.rfind(b"\n", start, start + room)) >= 0:
            start, room = end + 1, most
        self._in_line = most - room + len(piece) - start
        return self._in_line >= most

    def _spill(self) -> None:
        if shutil.disk_usage(self._path.parent).free < FLOOR + self._held:
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        if self._file is None:
            self._file = create_new(self._path)
        write_all(self._file, b"".join(self._pieces))
        self._pieces, self._held = [], 0

    def _try(self, write: Callable[[], None]) -> None:
        """Write; when the disk says no, the message is refused and what there is of it thrown away (T031)."""
        try:
            write()
        except OSError as error:
            self.trouble = error
            self.fault = self.fault or (NO_ROOM if is_full(error) else NO_DISK)
            self.discard()

    def finish(self) -> Content:
        """All of it. A content in a file is the caller's to `discard` when it is done with."""
        if self._carry:
            self.fault = self.fault or BARE_LINE_END
        if self._file is None:
            return Content(b"".join(self._pieces))
        self._try(self._spill)
        self._try(self._close)
        return Content(b"", self._path, 0, self.octets)

    def _close(self) -> None:
        if self._file is not None and self._file >= 0:
            descriptor, self._file = self._file, _CLOSED  # once, even if that is the first to say that the disk is full
            os.close(descriptor)

    def discard(self) -> None:
        """Forget everything, the file too."""
        self._pieces, self._held = [], 0
        if self._file is not None:
            with suppress(OSError):
                self._close()
            self._file = None
            with suppress(OSError):
                self._path.unlink(missing_ok=True)  # gone already when the machine renamed it into its own spool


class DataReader:
    """Feeds an `Intake` with what follows 354: finds the end, takes away the dots that stuffing added.

    With `bare_lf` the client is a person at a keyboard whose lines so far all ended in LF alone: LF.LF ends the message
    and LF becomes CRLF, until the first CR is seen; from there on only CRLF.CRLF ends it, and the message is refused.

    An intake that bears bare LFs still refuses a message whose line ends are mixed around a lonely dot: so a second
    message is smuggled past a server that ends the first one there.
    """

    def __init__(self, intake: Nobody, *, bare_lf: bool = False) -> None:
        self._intake = intake
        self.end_mark = b""  # the line that ended the message, once it has come
        self._bare_lf = bare_lf
        self._buffer = b""
        self._at_start = True  # the buffer begins at the start of a line
        self.lonely_dot = False  # LF.LF or the like was seen where only CRLF.CRLF ends: someone waits for an answer

    @property
    def refused(self) -> bool:
        """Is it known that the message will not be taken?"""
        return self._intake.fault is not None

    @property
    def warning(self) -> str:
        """Why the client may be waiting in vain, in a sentence for a person; "" while it need not."""
        return _LONELY if self.lonely_dot else ""

    def feed(self, data: bytes) -> bytes | None:
        """Take a block; gives what follows the end of the message, or None while the end has not come."""
        self._buffer += data
        if self._bare_lf:
            if b"\r" not in self._buffer:
                return self._cut(b"\n")
            self._bare_lf = self._at_start = False
            self._intake.fault = self._intake.fault or BARE_LINE_END
        rest = self._cut(b"\r\n")
        if rest is not None and self.lonely_dot and self._intake.mixed:
            self._intake.fault = self._intake.fault or BARE_LINE_END
        return rest

    def _cut(self, end: bytes) -> bytes | None:
        """Hand over what is certain: everything before the end mark, or all lines but the last octets."""
        buffer, mark = self._buffer, end + b"." + end
        if self._at_start and buffer.startswith(mark[len(end) :]):
            self._buffer, self.end_mark = b"", mark[len(end) :]
            return buffer[len(mark) - len(end) :]
        dots = buffer.rfind(b"\n.") >= 0  # starts a line with a dot? Else nothing ends here, and nothing was stuffed
        place = buffer.find(mark) if dots else -1
        message = buffer if place < 0 else buffer[: place + len(end)]
        self.lonely_dot = self.lonely_dot or (dots and _has_lonely_dot(message))
        if place >= 0:
            self._take(message, end)
            self._buffer, self.end_mark = b"", mark[len(end) :]
            return buffer[place + len(mark) :]
        cut = buffer.rfind(b"\n", 0, max(0, len(buffer) - _HOLD)) + 1
        if not cut and len(buffer) > 65_536:  # one endless line: keep its end back, and never half a line end
            cut = len(buffer) - _HOLD - buffer[:-_HOLD].endswith(b"\r")
        if cut:
            self._take(buffer[:cut], end, dots=dots)
            self._at_start = buffer.endswith(
                end, 0, cut
            )  # a bare LF begins no line: "\n.\r\n" must not end the message
            self._buffer = buffer[cut:]
        return None

    def _take(self, piece: bytes, end: bytes, *, dots: bool = True) -> None:
        if self._at_start and piece.startswith(b"."):
            piece = piece[1:]  # RFC 5321 §4.5.2
        if dots:
            piece = piece.replace(end + b".", end)
        self._intake.add(piece.replace(b"\n", b"\r\n") if end == b"\n" else piece)


def _has_lonely_dot(message: bytes) -> bool:
    """To one who takes LF for a line end, does the message end before its end mark, which is not in it?"""
    return b"\n.\n" in message or b"\n.\r\n" in message
