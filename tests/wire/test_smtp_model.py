"""Any conversation by SMTP, in segments that are cut anywhere: each reply and each message that is kept is what a model says.

The model is written from RFC 5321 and knows nothing of the server. What is said waits until somebody cuts a segment off.
"""

import base64
import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from maillab.protocols.lines import stuff
from tests.chance import play_by_chance
from tests.wire.smtp_stage import Stage

RECIPIENTS = 2  # of one message
LIMITS = ["limit errors 100000", "limit junk 100000", "limit messages 100000", f"limit recipients {RECIPIENTS}"]
SENDERS = st.sampled_from(["a@a.test", "", "alice@local.test"])
CONTENTS = st.lists(
    st.sampled_from([b"\r\n", b".", b"..", b"a", b"QUIT", b"DATA", b"\r\n.", b"\0", b"\xc6\xb0"]), max_size=9
).map(b"".join)
CHUNKS = st.lists(st.sampled_from([b"\r\n", b".\r\n", b"a", b"BDAT 5", b"QUIT\r\n"]), max_size=6).map(b"".join)
WRONG = st.sampled_from([  # what is 501 where the command may be said at all
    "MAIL FROM:<a@a.test", "MAIL TO:<a@a.test>", "MAIL FROM:<a@a..test>", "MAIL FROM:<a@a.test> SIZE=x", "MAIL", "MAIL FROM:<é@a.test>",
])  # fmt: skip


class Smtp(RuleBasedStateMachine):
    """Somebody who talks to the server, and what they must be told."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stage = Stage(Path(self.folder.name), ["weak", "tls", "patient", *LIMITS])
        self.unsaid = b""
        self.expected, self.kept = ["220"], []
        self.hello = self.esmtp = self.user = self.secure = self.over = False
        self.forget()

    def forget(self):
        """There is no message any more."""
        self.mail, self.recipients, self.chunks = None, 0, None

    def say(self, line, code):
        """A command, and what it must be answered."""
        self.unsaid += line.encode() + b"\r\n"
        self.expected.append(code)

    @precondition(lambda self: not self.over)
    @rule(esmtp=st.booleans())
    def hello_there(self, esmtp):
        self.say("EHLO x" if esmtp else "HELO x", "250")
        self.hello, self.esmtp = True, esmtp
        self.forget()

    @precondition(lambda self: not self.over)
    @rule(sender=SENDERS)
    def begin(self, sender):
        good = self.hello and self.mail is None
        self.say(f"MAIL FROM:<{sender}>", "250" if good else "503")
        if good:
            self.mail = sender

    @precondition(lambda self: not self.over)
    @rule()
    def begin_anew(self):
        """As far as a message can be handed over: what is rare else."""
        self.hello_there(True)
        self.begin("a@a.test")
        self.name("local.test")

    @precondition(lambda self: not self.over)
    @rule(line=WRONG)
    def begin_wrongly(self, line):
        self.say(line, ("553" if "é" in line else "501") if self.hello and self.mail is None else "503")

    @precondition(lambda self: not self.over)
    @rule(domain=st.sampled_from(["local.test", "local.test", "local.test", "else.test"]))
    def name(self, domain):
        if self.mail is None:
            code = "503"
        elif self.recipients == RECIPIENTS:
            code = "452"
        else:
            code = "250" if domain == "local.test" else "554"
        self.say(f"RCPT TO:<b@{domain}>", code)
        self.recipients += code == "250"

    @precondition(lambda self: not self.over)
    @rule(content=CONTENTS)
    def hand_over(self, content):
        if self.mail is None or not self.recipients or self.chunks is not None:
            self.say("DATA", "503")
            return
        self.say("DATA", "354")
        content += b"" if content.endswith(b"\r\n") or not content else b"\r\n"
        self.unsaid += stuff(content) + b".\r\n"
        self.keep(content)

    @precondition(lambda self: not self.over)
    @rule(chunk=CHUNKS, last=st.booleans(), mixed=st.booleans())
    def hand_over_in_chunks(self, chunk, last, mixed):
        """One chunk, and perhaps DATA behind it, which RFC 3030 §2 forbids until the last one has come."""
        self.hand_over_a_chunk(chunk, last)
        if mixed:
            self.hand_over(b"a")

    def hand_over_a_chunk(self, chunk, last):
        """BDAT."""
        self.unsaid += f"BDAT {len(chunk)}{' LAST' * last}\r\n".encode() + chunk
        if self.mail is None or not self.recipients:
            self.expected.append("503")
            return
        self.chunks = (self.chunks or b"") + chunk
        if last:
            self.keep(self.chunks)
        else:
            self.expected.append("250")

    def keep(self, content):
        """A message is taken."""
        self.expected.append("250")
        self.kept.append((self.mail, self.recipients, content))
        self.forget()

    @precondition(lambda self: not self.over)
    @rule(
        line=st.sampled_from(
            [
                ("RSET", "250"),
                ("NOOP", "250"),
                ("VRFY x", "252"),
                ("HELP", "214"),
                ("XYZZY", "500"),
                ("RSET x", "501"),
                ("", "500"),
            ]
        )
    )
    def say_something_else(self, line):
        self.say(*line)
        if line[0] == "RSET":
            self.forget()

    @precondition(lambda self: not self.over)
    @rule(right=st.booleans())
    def log_in(self, right):
        words = base64.b64encode(b"\0alice\0" + (b"secret" if right else b"wrong")).decode()
        possible = self.esmtp and self.mail is None and not self.user
        code = ("235" if right else "535") if possible else "503"
        self.say(f"AUTH PLAIN {words}", code)
        self.user = self.user or code == "235"

    @precondition(lambda self: not self.over)
    @rule()
    def encrypt(self):
        self.pause()
        self.say("STARTTLS", "503" if self.secure else "220")
        self.pause()
        if not self.secure:
            self.secure, self.hello, self.esmtp, self.user = True, False, False, False
            self.forget()

    @precondition(lambda self: not self.over and len(self.expected) > 20)
    @rule()
    def leave(self):
        self.say("QUIT", "221")
        self.over = True

    @rule(octets=st.integers(1, 40))
    def cut(self, octets):
        """A segment arrives."""
        segment, self.unsaid = self.unsaid[:octets], self.unsaid[octets:]
        if not self.stage.over:
            self.stage.feed(segment)

    def pause(self):
        """All that was said has arrived, and all that must be answered is."""
        self.cut(len(self.unsaid))
        assert self.told() == self.expected

    def told(self):
        """The codes of all replies so far, each by its last line."""
        return [line[:3].decode() for line in self.stage.told if isinstance(line, bytes) and line[3:4] == b" "]

    @invariant()
    def nothing_else_is_answered(self):
        told = self.told()
        assert told == self.expected[: len(told)]
        assert not [word for word in self.stage.told if isinstance(word, str) and word.startswith("stumbles")]

    def teardown(self):
        try:
            self.pause()
            self.check()
        finally:
            self.folder.cleanup()

    def check(self):
        """The messages that are kept are those that were taken, and nothing is left on the disk."""
        kept = [
            (str(envelope.sender or ""), len(envelope.recipients), content)
            for envelope, content in self.stage.clerk.messages
        ]
        assert kept == self.kept
        assert self.stage.over == self.over
        if not self.over:
            self.stage.play(self.stage.dialogue.lost())
        assert list(Path(self.folder.name).iterdir()) == []


def test_by_chance():
    """Whatever is said in whatever order and however it is cut, the server and the model agree."""
    play_by_chance(Smtp, 50, 50)
