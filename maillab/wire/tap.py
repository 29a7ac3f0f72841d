"""The ear on a cable: hears both sides of one talk and writes it into the logbook, line by line.

Quiet: it is told octets, it never touches a socket.
"""

import re
import tempfile
from pathlib import Path

from maillab.events import Carried, Closed, Leg, Opened, Said, Secured, Side, Warned
from maillab.grammar.lines import Lines
from maillab.grammar.secrets import Secrets
from maillab.logbook import Logbook
from maillab.mail.content import Content

IN_MEMORY = 262_144  # octets of one content that the logbook holds itself; a larger one goes to a file of the record
KEPT = 67_108_864  # octets of one letter's content that are written down at all: an endless one must not fill the disk
_LONG_LINE = 65_536  # an unfinished line longer than this is written down in pieces

_BDAT = re.compile(rb"(?i)BDAT[ \t]+([0-9]{1,20})(?:[ \t]+LAST)?[ \t]*\r?\n\Z")


class Ear:
    """Hears one talk. `record` is the folder for content too large to be held in memory, `None` to hold everything."""

    def __init__(
        self, logbook: Logbook, leg: Leg, service: str, server: str, *, secure: bool, record: Path | None = None
    ) -> None:
        self.talk = logbook.name_talk(leg)
        self._logbook = logbook
        self._record = record
        self._secure = secure
        self._secrets = Secrets()
        self._lines = {Side.CLIENT: Lines(), Side.SERVER: Lines()}
        self._closed = False
        logbook.append(Opened(self.talk, leg, service, server, secure))

    def client(self, data: bytes) -> None:
        """The client said these octets."""
        for line in self._lines[Side.CLIENT].feed(data):
            self._say(Side.CLIENT, line)
        self._cut_long_line(Side.CLIENT)

    def server(self, data: bytes) -> None:
        """The server said these octets."""
        for line in self._lines[Side.SERVER].feed(data):
            self._say(Side.SERVER, line)

    def carried(self, side: Side, content: Content) -> None:
        """A body went over the wire, as it stood there."""
        self._logbook.append(Carried(self.talk, side, content, self._secure))

    def secured(self, version: str) -> None:
        """TLS began: what was heard of unfinished lines is written down, then everything starts anew."""
        self._flush()
        self._secure = True
        self._secrets = Secrets()
        self._logbook.append(Secured(self.talk, version))

    def closed(self, why: str) -> None:
        """The talk ended; only the first word counts."""
        if not self._closed:
            self._closed = True
            self._flush()
            self._logbook.append(Closed(self.talk, why))

    def _say(self, side: Side, line: bytes) -> None:
        secret = self._secrets.client(line) if side is Side.CLIENT else self._secrets.server(line)
        self._logbook.append(Said(self.talk, side, line, self._secure, secret))

    def _cut_long_line(self, side: Side) -> None:
        if len(rest := self._lines[side].rest) > _LONG_LINE:
            self._lines[side] = Lines()
            self._say(side, rest)

    def _flush(self) -> None:
        for side, lines in self._lines.items():
            if lines.rest:
                self._say(side, lines.rest)
            self._lines[side] = Lines()


class SmtpEar(Ear):
    """An ear that knows when an SMTP client's octets are a letter's content, not commands."""

    def __init__(
        self, logbook: Logbook, leg: Leg, service: str, server: str, *, secure: bool, record: Path | None = None
    ) -> None:
        super().__init__(logbook, leg, service, server, secure=secure, record=record)
        self._body: _Body | None = None
        self._after_data = False
        self._lf_only = True  # no line of the client ended with CRLF: a person types (see wire/intake.py)
        self._end = b""  # how its last line ended

    def client(self, data: bytes) -> None:
        """As every ear, but content goes to `Carried`, up to its end mark or its announced length."""
        if self._body is None and data.find(b"\n") == len(data) - 1 and not self._lines[Side.CLIENT].rest:
            self._say(Side.CLIENT, data)  # one whole line: so most commands come
            return
        while data:
            if self._body is not None:
                data = self._content(data)
                continue
            cut = data.find(b"\n") + 1 or len(data)
            super().client(data[:cut])
            data = data[cut:]

    def _say(self, side: Side, line: bytes) -> None:
        super()._say(side, line)
        if side is Side.SERVER:
            if self._after_data and line.startswith(b"354"):  # content follows (RFC 5321 §4.1.1.4)
                self._after_data, self._body = False, _Body(self._record, after=self._end, bare_lf=self._lf_only)
                early, self._lines[Side.CLIENT] = self._lines[Side.CLIENT].rest, Lines()
                self._body.feed(early)  # the beginning of a line that came before the 354
            return
        self._end = line[-2:]
        self._lf_only = self._lf_only and not line.endswith(b"\r\n")
        if chunk := _BDAT.match(line):
            self._body = _Body(self._record, int(chunk[1]))
        elif line.strip().upper() == b"DATA":
            self._after_data = True
        elif line == b".\r\n":  # a client that waited for no 354 has ended its letter already
            self._after_data = False

    def secured(self, version: str) -> None:
        """As every ear; nothing of a transaction survives TLS (RFC 3207 §4.2)."""
        self._body, self._after_data = None, False
        super().secured(version)

    def _content(self, data: bytes) -> bytes:
        body = self._body
        assert body is not None
        rest = body.feed(data)
        if rest is None:
            return b""
        self._body = None
        self._write_body(body)
        if body.end_mark:
            super()._say(Side.CLIENT, body.end_mark)
        return rest

    def _write_body(self, body: "_Body") -> None:
        if len(content := body.content()):
            self.carried(Side.CLIENT, content)
        if body.trouble:
            text = f"the record has only the first {len(content)} octets of this content: {body.trouble}"
            self._logbook.append(Warned(self.talk, text))

    def _flush(self) -> None:
        if self._body is not None:  # the talk broke off inside a letter: what came is written down
            self._write_body(self._body)
            self._body = None
        super()._flush()


class _Body:
    """Content on its way: up to CRLF.CRLF, or exactly `expected` octets after BDAT.

    `after` is the end of the line before it: a first line "." ends it. With `bare_lf` LF.LF ends it, until a CR comes.
    A record that cannot be written stops, and `trouble` says why: mail goes on (T048).
    """

    def __init__(
        self, record: Path | None, expected: int | None = None, *, after: bytes = b"\r\n", bare_lf: bool = False
    ) -> None:
        self._record = record
        self._left = expected
        self._held: list[bytes] = []
        self._octets = 0
        self._tail = after  # the last octets seen
        self._bare_lf = bare_lf
        self._file: Path | None = None
        self._filed = 0
        self.end_mark = b""
        self.trouble = ""

    def feed(self, data: bytes) -> bytes | None:
        """Take octets; gives those after the end, or None while the end has not come."""
        if self._left is not None:
            take, rest = data[: self._left], data[self._left :]
            self._left -= len(take)
            self._hold(take)
            return rest if not self._left else None
        self._bare_lf = self._bare_lf and b"\r" not in data
        line_end = b"\n" if self._bare_lf else b"\r\n"
        window = self._tail + data
        end = window.find(line_end + b"." + line_end)
        if end < 0:
            self._hold(data)
            self._tail = window[-4:]
            return None
        before = end + len(line_end) - len(self._tail)  # octets of `data` that belong to the content
        if before >= 0:
            self._hold(data[:before])
        else:
            self._drop(-before)
        self.end_mark = b"." + line_end
        return window[end + 2 * len(line_end) + 1 :]

    def content(self) -> Content:
        """What was held, in memory or in the file of the record."""
        start = b"".join(self._held)
        if self._file is not None and self._write(start):
            start = b""
        return Content(start) if self._file is None else Content(b"", self._file, 0, self._filed)

    def _hold(self, data: bytes) -> None:
        if data and not self.trouble:
            self._held.append(data)
            self._octets += len(data)
        if self._record is not None and self._octets > IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        """Move what is held into the file, but for the last octets, which may turn out to be the end mark."""
        whole = b"".join(self._held)
        if self._write(whole[:-4]):
            self._held, self._octets = [whole[-4:]], 4

    def _write(self, octets: bytes) -> bool:
        """Did the record take them? If not, it ends with what it took before."""
        assert self._record is not None
        try:
            if self._filed > KEPT:
                raise OSError(0, f"it is longer than {KEPT} octets")
            if self._file is None:
                handle, name = tempfile.mkstemp(prefix="body-", dir=self._record)
                self._file = Path(name)
                open(handle, "wb").close()  # noqa: PTH123 - only closes the descriptor of mkstemp
            with self._file.open("ab") as file:
                file.write(octets)
        except OSError as error:
            self.trouble = str(error.strerror or error)
            self._held, self._octets = [], 0
            return False
        self._filed += len(octets)
        return True

    def _drop(self, count: int) -> None:
        """Take back octets that were held and now prove to be the beginning of the end mark."""
        whole = b"".join(self._held)
        self._held = [whole[: len(whole) - count]]
