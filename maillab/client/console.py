"""A talk typed by hand: what a typed line means just now, and when the server's answer to it is whole.

Quiet, and no judge: whatever was typed is sent as it stands, so that the server can say what is wrong with it. Only a
tag is made, where commands have one and none was typed. Lines that begin with a dot and a word, outside a message's
content, are for the console itself.
"""

import base64
import re
from dataclasses import dataclass, replace

from maillab.client.vietnamese import VIETNAMESE
from maillab.protocols.follower import Follower
from maillab.protocols.protocol import AnswerKind, ContentForm, Protocol, RequestKind
from maillab.views.gloss import Lang
from maillab.views.language import Say

_LOCAL = re.compile(rb"\.([A-Za-z0-9]+)(?:[ \t]+(.*))?\Z", re.DOTALL)

_LONE_DOT = "{}: the server removes the first dot of this line; type two to keep one"
HELP = """\
Each line is sent exactly as you type it, plus CR LF.
After DATA type the message; a line with only a
dot ends it. Type two dots to begin a line with one.
.auth USER PASS  log in (AUTH PLAIN)
.b64 TEXT        send TEXT in base64
.mark NAME       name this moment
.help            this text
.quit            hang up without QUIT"""

HELP_WITH_TAGS = """\
Each line is sent as you type it, plus CR LF. A
command needs a tag: a1, a2... is put before it
if you type none. {5} at the end announces 5
bytes: type them after the +. DONE ends IDLE.
.auth USER PASS  log in (AUTHENTICATE PLAIN)
.b64 TEXT        send TEXT in base64
.mark NAME       name this moment
.help            this text
.quit            hang up without LOGOUT"""


@dataclass(frozen=True, slots=True)
class ConsoleStep:
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
    ConsoleStep(send=b'NOOP\\r\\n', wait=True, tell='', mark='', leave=False)
    """

    def __init__(self, protocol: Protocol, lang: Lang = "en") -> None:
        self.tls_due = False  # the server has said go ahead: the handshake is next
        self.deflate_due = False  # the server has said that both sides deflate from here on
        self.over = False  # the server has answered QUIT
        self.lang = lang
        self._follower = Follower(protocol)
        self._greeted = False
        self._tags = 0  # that were made

    @property
    def help(self) -> str:
        """What can be typed."""
        return self._say(HELP if self.protocol.tag_of is None else HELP_WITH_TAGS)

    @property
    def protocol(self) -> Protocol:
        """What is spoken."""
        return self._follower.protocol

    @property
    def expects(self) -> RequestKind:
        """What the next typed line is, where no octets of a chunk are due; `END` is content up to a lone dot."""
        return self._follower.expects

    def typed(self, line: bytes) -> ConsoleStep:
        """A line was typed; it comes without its end."""
        octets = line + b"\r\n"
        if self._follower.counted and self.protocol.tag_of is not None:
            return self._literal(octets)
        if self._follower.counted:  # the answer comes after the last octet; what is typed beyond it is a command
            self._follower.client_content(len(octets))
            return ConsoleStep(octets, wait=not self._follower.counted)
        if self.expects is RequestKind.END and line != b".":
            lone = line.startswith(b".") and line[1:2] != b"."  # RFC 5321 §4.5.2
            tell = self._say(_LONE_DOT, line[:40].decode("utf-8", "backslashreplace")) if lone else ""
            return ConsoleStep(octets, tell=tell)
        if self.expects is not RequestKind.END and (local := _LOCAL.match(line)):
            return self._local(local[1].lower(), local[2] or b"")
        return self._asked(self._tag(octets))

    def _tag(self, octets: bytes) -> bytes:
        """A command with a tag of ours, where it needs one and begins with its verb."""
        first = octets.split(None, 1)[0].decode("ascii", "replace").upper() if octets.strip() else ""
        is_bare = first == "UID" or first in self.protocol.verbs
        if self.protocol.tag_of is None or self.expects is not RequestKind.COMMAND or not is_bare:
            return octets
        self._tags += 1
        return b"a%d " % self._tags + octets

    def _literal(self, octets: bytes) -> ConsoleStep:
        """Octets of a message, as many as were announced; what is typed beyond them is the rest of the command."""
        content, rest = octets[: self._follower.counted], octets[self._follower.counted :]
        self._follower.client_content(len(content))
        return replace(self._asked(rest), send=octets) if rest else ConsoleStep(octets)

    def heard(self, line: bytes) -> bool:
        """The server said a line, with its end; is its answer whole now?"""
        answer = self._follower.server(line)
        row = answer.request.row if answer.request is not None else None
        done = answer.last and row is not None and answer.kind is AnswerKind.GOOD
        self.tls_due = done and row is not None and row.tls
        self.deflate_due = done and row is not None and row.deflates
        self.over = done and row is not None and row.ends
        is_news = self.protocol.tag_of is not None and answer.request is None and self._greeted
        self._greeted = True
        return answer.last and not is_news

    def secured(self) -> None:
        """TLS began: what was said before is forgotten (RFC 3207 §4.2)."""
        self.tls_due = False
        self._follower.secured()

    def complaint(self, kind: str, octets: int) -> str:
        """What is said when a line, or a reply, has more octets and no end."""
        if kind == "line":
            return self._say("the server sends a line of more than {} bytes: hung up", f"{octets:,}")
        return self._say("the server sends a reply of more than {} bytes: hung up", f"{octets:,}")

    def _asked(self, octets: bytes) -> ConsoleStep:
        request = self._follower.client(octets)
        is_chunk = request.row.content is ContentForm.COUNTED and self._follower.counted
        return ConsoleStep(octets, wait=not request.goes_on and not is_chunk)

    def _local(self, word: bytes, rest: bytes) -> ConsoleStep:
        """A line for the console itself."""
        if word == b"quit":
            return ConsoleStep(leave=True)
        if word == b"help":
            return ConsoleStep(tell=self.help)
        if word == b"mark":
            name = rest.decode("utf-8", "replace").strip()
            return ConsoleStep(mark=name) if name else ConsoleStep(tell=self._say("usage: .mark NAME"))
        if word == b"b64":
            usage = ConsoleStep(tell=self._say("usage: .b64 TEXT"))
            return self._asked(base64.b64encode(rest) + b"\r\n") if rest else usage
        if word == b"auth":
            user, _, password = rest.partition(b" ")
            if not user or not password.strip():
                return ConsoleStep(tell=self._say("usage: .auth USER PASSWORD"))
            response = base64.b64encode(b"\0" + user + b"\0" + password.strip())  # RFC 4616 §2
            answering = self.expects is RequestKind.RESPONSE
            verb = b"AUTH PLAIN " if "AUTH" in self.protocol.verbs else b"AUTHENTICATE PLAIN "
            return self._asked(self._tag((b"" if answering else verb) + response + b"\r\n"))
        unknown = self._say("there is no .{} here; these are: .auth .b64 .mark .help .quit", word.decode("ascii"))
        return ConsoleStep(tell=unknown)

    def _say(self, text: str, *values: str) -> str:
        return Say(self.lang, VIETNAMESE)(text, *values)
