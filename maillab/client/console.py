"""A talk typed by hand: what a typed line means just now, and when the server's answer to it is whole.

Quiet, and no judge: whatever was typed is sent as it stands, so that the server can say what is wrong with it.
Only lines that begin with a dot and a word, outside a message's content, are for the console itself.
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum

_BDAT = re.compile(rb"(?i)BDAT[ \t]+([0-9]{1,18})(?:[ \t]+LAST)?[ \t]*\Z")
_LOCAL = re.compile(rb"\.([A-Za-z0-9]+)(?:[ \t]+(.*))?\Z", re.DOTALL)
_LISTS = {b"CAPA", b"RETR", b"TOP"}  # POP3: answered by many lines (RFC 1939 §3, RFC 2449 §5)
_LISTS_ALONE = {b"LIST", b"UIDL", b"AUTH", b"LANG"}  # these only without an argument

HELP = {
    "en": """\
What you type is sent, with CR LF at its end; the answer is explained beside it. In a message's content (after DATA)
every line is content, until a line that holds only a dot; type two dots where a line should begin with one.
  .auth USER PASSWORD   log in: sends AUTH PLAIN with both in base64
  .b64 TEXT             sends TEXT in base64, as AUTH LOGIN asks for it
  .mark NAME            gives this moment a name in the session that is recorded
  .help                 this text
  .quit                 hang up at once; QUIT is the polite way""",
    "vi": """\
Dòng bạn gõ được gửi đi, thêm CR LF ở cuối; lời giải thích đứng cạnh câu trả lời. Trong nội dung thư (sau DATA) mọi
dòng đều là nội dung, cho đến dòng chỉ có một dấu chấm; gõ hai dấu chấm nếu dòng phải bắt đầu bằng dấu chấm.
  .auth USER PASSWORD   đăng nhập: gửi AUTH PLAIN với cả hai ở dạng base64
  .b64 TEXT             gửi TEXT ở dạng base64, như AUTH LOGIN yêu cầu
  .mark NAME            đặt tên cho lúc này trong phiên đang được ghi
  .help                 chữ này
  .quit                 ngắt ngay; QUIT là cách lịch sự""",
}
_SAYINGS = {
    "unknown": (
        "there is no .{word} here; these are: .auth .b64 .mark .help .quit",
        "không có .{word}; chỉ có: .auth .b64 .mark .help .quit",
    ),
    "auth": ("write it .auth USER PASSWORD", "hãy viết .auth USER PASSWORD"),
    "mark": ("write it .mark NAME", "hãy viết .mark NAME"),
    "b64": ("write it .b64 TEXT", "hãy viết .b64 TEXT"),
    "endless-line": (
        "the server sends a line of more than {octets} bytes: hung up",
        "máy chủ gửi một dòng dài hơn {octets} byte: đã ngắt kết nối",
    ),
    "endless-answer": (
        "the server sends an answer of more than {octets} bytes: hung up",
        "máy chủ gửi câu trả lời dài hơn {octets} byte: đã ngắt kết nối",
    ),
    "dot": (
        "{line}: the server takes the first dot of this line away; type two to keep one",
        "{line}: máy chủ bỏ dấu chấm đầu của dòng này; gõ hai dấu chấm để giữ một",
    ),
}


class Mode(StrEnum):
    """What the next typed line is."""

    COMMAND = "command"
    CONTENT = "content"  # after 354: lines up to a lone dot
    CHUNK = "chunk"  # after BDAT: so many octets
    ANSWER = "answer"  # after a challenge of AUTH


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with a typed line: octets to send, whether an answer follows, words for the typist, a name for this
    moment, hang up.
    """

    send: bytes = b""
    wait: bool = False
    tell: str = ""
    mark: str = ""
    leave: bool = False


class Console:
    """One talk in `smtp` or `pop3`. It begins by waiting for the greeting.

    >>> console = Console("smtp")
    >>> console.heard(b"220 mx.recipient.test ready\\r\\n")
    True
    >>> console.typed(b"NOOP")
    Step(send=b'NOOP\\r\\n', wait=True, tell='', mark='', leave=False)
    """

    def __init__(self, protocol: str, lang: str = "en") -> None:
        self.mode = Mode.COMMAND
        self.tls_due = False  # the server has said go ahead: the handshake is next
        self.over = False  # the server has answered QUIT
        self._pop3 = protocol == "pop3"
        self.lang = lang
        self._words: list[bytes] = []  # of the command that is being answered; none for the greeting
        self._left = 0  # octets of a chunk that are still to be typed
        self._listing = False

    def typed(self, line: bytes) -> Step:
        """A line was typed; it comes without its end."""
        if self.mode is Mode.CONTENT:
            lone = line.startswith(b".") and line != b"." and line[1:2] != b"."  # RFC 5321 §4.5.2
            tell = self._say("dot", line=line[:40].decode("utf-8", "backslashreplace")) if lone else ""
            return Step(line + b"\r\n", wait=line == b".", tell=tell)
        if self.mode is Mode.CHUNK:
            return self._chunk(line)
        if local := _LOCAL.match(line):
            return self._local(local[1].lower(), local[2] or b"")
        if self.mode is Mode.COMMAND:
            self._words = line.upper().split()
            if not self._pop3 and (chunk := _BDAT.match(line)) and int(chunk[1]):
                self.mode, self._left = Mode.CHUNK, int(chunk[1])
                return Step(line + b"\r\n")
        return Step(line + b"\r\n", wait=True)

    def heard(self, line: bytes) -> bool:
        """The server said a line, with its end; is its answer whole now?"""
        return self._pop3_heard(line.rstrip(b"\r\n")) if self._pop3 else self._smtp_heard(line)

    def secured(self) -> None:
        """TLS began: what was said before is forgotten (RFC 3207 §4.2)."""
        self.tls_due = False
        self._words = []

    def complaint(self, key: str, octets: int) -> str:
        """What is said when there is no end of a line ("endless-line") or of an answer ("endless-answer")."""
        return self._say(key, octets=f"{octets:,}")

    @property
    def _verb(self) -> bytes:
        return self._words[0] if self._words else b""

    def _smtp_heard(self, line: bytes) -> bool:
        if re.match(rb"[0-9]{3}-", line):
            return False
        code = line[:3]
        self.mode = Mode.COMMAND
        if code == b"354" and self._verb in (b"DATA", b"."):
            self.mode = Mode.CONTENT
        elif code == b"334":
            self.mode = Mode.ANSWER
        self.tls_due = code == b"220" and self._verb == b"STARTTLS"
        self.over = code == b"221" and self._verb == b"QUIT"
        return True

    def _pop3_heard(self, line: bytes) -> bool:
        if self._listing:
            self._listing = line != b"."
            return not self._listing
        self.mode = Mode.COMMAND
        if line == b"+" or line.startswith(b"+ "):  # a challenge (RFC 5034 §4)
            self.mode = Mode.ANSWER
            return True
        good = line[:3].upper() == b"+OK"
        alone = len(self._words) == 1
        self._listing = good and (self._verb in _LISTS or (alone and self._verb in _LISTS_ALONE))
        self.tls_due = good and self._verb == b"STLS"
        self.over = good and self._verb == b"QUIT"
        return not self._listing

    def _chunk(self, line: bytes) -> Step:
        """Octets of BDAT (RFC 3030 §2): the answer comes after the last; what is typed beyond it is a command."""
        octets = line + b"\r\n"
        self._left -= len(octets)
        if self._left <= 0:
            self.mode = Mode.COMMAND
        return Step(octets, wait=self._left <= 0)

    def _local(self, word: bytes, rest: bytes) -> Step:
        """A line for the console itself."""
        answering = self.mode is Mode.ANSWER
        if word == b"quit":
            return Step(leave=True)
        if word == b"help":
            return Step(tell=HELP[self.lang])
        if word == b"mark":
            name = rest.decode("utf-8", "replace").strip()
            return Step(mark=name) if name else Step(tell=self._say("mark"))
        if word == b"b64":
            return Step(base64.b64encode(rest) + b"\r\n", wait=True) if rest else Step(tell=self._say("b64"))
        if word == b"auth":
            user, _, password = rest.partition(b" ")
            if not user or not password.strip():
                return Step(tell=self._say("auth"))
            response = base64.b64encode(b"\0" + user + b"\0" + password.strip())  # RFC 4616 §2
            if answering:
                return Step(response + b"\r\n", wait=True)
            self._words = [b"AUTH", b"PLAIN", response]
            return Step(b"AUTH PLAIN " + response + b"\r\n", wait=True)
        return Step(tell=self._say("unknown", word=word.decode("ascii")))

    def _say(self, key: str, **values: str) -> str:
        return _SAYINGS[key][self.lang == "vi"].format(**values)
