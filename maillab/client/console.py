"""A talk typed by hand: what a typed line means just now, and when the server's answer to it is whole.

Quiet, and no judge: whatever was typed is sent as it stands, so that the server can say what is wrong with it.
Only lines that begin with a dot and a word, outside a message's content, are for the console itself.
"""

import base64
import re
from dataclasses import dataclass

from maillab.protocols.follower import Follower
from maillab.protocols.protocol import AnswerKind, Protocol, RequestKind

_LOCAL = re.compile(rb"\.([A-Za-z0-9]+)(?:[ \t]+(.*))?\Z", re.DOTALL)

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
    "endless-reply": (
        "the server sends a reply of more than {octets} bytes: hung up",
        "máy chủ gửi câu trả lời dài hơn {octets} byte: đã ngắt kết nối",
    ),
    "dot": (
        "{line}: the server takes the first dot of this line away; type two to keep one",
        "{line}: máy chủ bỏ dấu chấm đầu của dòng này; gõ hai dấu chấm để giữ một",
    ),
}


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
    """One talk. It begins by waiting for the greeting.

    >>> from maillab.protocols.smtp import SMTP
    >>> console = Console(SMTP)
    >>> console.heard(b"220 mx.recipient.test ready\\r\\n")
    True
    >>> console.typed(b"NOOP")
    Step(send=b'NOOP\\r\\n', wait=True, tell='', mark='', leave=False)
    """

    def __init__(self, protocol: Protocol, lang: str = "en") -> None:
        self.tls_due = False  # the server has said go ahead: the handshake is next
        self.over = False  # the server has answered QUIT
        self.lang = lang
        self._follower = Follower(protocol)

    @property
    def expects(self) -> RequestKind:
        """What the next typed line is, where no octets of a chunk are due; `END` is content up to a lone dot."""
        return self._follower.expects

    def typed(self, line: bytes) -> Step:
        """A line was typed; it comes without its end."""
        octets = line + b"\r\n"
        if self._follower.counted:  # the answer comes after the last octet; what is typed beyond it is a command
            self._follower.client_content(len(octets))
            return Step(octets, wait=not self._follower.counted)
        if self.expects is RequestKind.END and line != b".":
            lone = line.startswith(b".") and line[1:2] != b"."  # RFC 5321 §4.5.2
            tell = self._say("dot", line=line[:40].decode("utf-8", "backslashreplace")) if lone else ""
            return Step(octets, tell=tell)
        if self.expects is not RequestKind.END and (local := _LOCAL.match(line)):
            return self._local(local[1].lower(), local[2] or b"")
        return self._asked(octets)

    def heard(self, line: bytes) -> bool:
        """The server said a line, with its end; is its answer whole now?"""
        answer = self._follower.server(line)
        row = answer.request.row if answer.request is not None else None
        done = answer.last and row is not None and answer.kind is AnswerKind.GOOD
        self.tls_due = done and row is not None and row.tls
        self.over = done and row is not None and row.ends
        return answer.last

    def secured(self) -> None:
        """TLS began: what was said before is forgotten (RFC 3207 §4.2)."""
        self.tls_due = False
        self._follower.secured()

    def complaint(self, key: str, octets: int) -> str:
        """What is said when there is no end of a line ("endless-line") or of a reply ("endless-reply")."""
        return self._say(key, octets=f"{octets:,}")

    def _asked(self, octets: bytes) -> Step:
        self._follower.client(octets)
        return Step(octets, wait=not self._follower.counted)

    def _local(self, word: bytes, rest: bytes) -> Step:
        """A line for the console itself."""
        if word == b"quit":
            return Step(leave=True)
        if word == b"help":
            return Step(tell=HELP[self.lang])
        if word == b"mark":
            name = rest.decode("utf-8", "replace").strip()
            return Step(mark=name) if name else Step(tell=self._say("mark"))
        if word == b"b64":
            return self._asked(base64.b64encode(rest) + b"\r\n") if rest else Step(tell=self._say("b64"))
        if word == b"auth":
            user, _, password = rest.partition(b" ")
            if not user or not password.strip():
                return Step(tell=self._say("auth"))
            response = base64.b64encode(b"\0" + user + b"\0" + password.strip())  # RFC 4616 §2
            answering = self.expects is RequestKind.RESPONSE
            return self._asked((b"" if answering else b"AUTH PLAIN ") + response + b"\r\n")
        return Step(tell=self._say("unknown", word=word.decode("ascii")))

    def _say(self, key: str, **values: str) -> str:
        return _SAYINGS[key][self.lang == "vi"].format(**values)
