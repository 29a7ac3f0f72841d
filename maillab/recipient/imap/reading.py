"""A whole command is read: its line, and as long as a line announces a literal, that literal and the next line (§4.3).

What a client announces is refused before it is sent, where the client waits for our word (RFC 9051 §4.3, RFC 7888 §3):
it is too long, or a message for a folder that is not there. What it sends unasked is read, or the talk is over. The
message of an APPEND goes into an intake, everything else is short.
"""

import re
from collections.abc import Callable, Generator

from maillab.mail.content import Content
from maillab.protocols.imap.responses import go_ahead
from maillab.protocols.imap.spoken import SpokenCommand, literal_of
from maillab.protocols.protocol import Announced
from maillab.recipient.imap.answers import bad, no
from maillab.recipient.imap.config import (
    AT_ONCE,
    COMMAND_INSIDE,
    LITERAL_BEFORE,
    LITERAL_INSIDE,
    LITERALS,
    THROWN,
    ImapConfig,
)
from maillab.wire.intake import Intake
from maillab.wire.turns import Answer, Take, Turn, Turns, read_on

_TAG = re.compile(rb"[!#$&',\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]{1,100}(?= )")
_LOGIN = re.compile(rb"(?i)\S+ (?:LOGIN|AUTHENTICATE) ")
_APPEND = re.compile(  # with the name of a folder: the literal that follows is a message
    rb'(?i)\S+ APPEND (?:"(?:[^"\\\r\n]++|\\["\\])*+"|~?\{[0-9]+\+?\}\r?\n|[^ "{(\r\n]+) '
)


class NotWritten(OSError):  # noqa: N818 - named for what happened
    """The disk did not take a message that came."""


class TooMuch(Exception):  # noqa: N818 - named for what happened
    """More comes than anybody reads: the talk is over."""


def tag_of(line: bytes) -> bytes:
    """The tag that an answer to this command begins with, * where it has none.

    >>> tag_of(b"a1 NOOP\\r\\n"), tag_of(b"{5}\\r\\n")
    (b'a1', b'*')
    """
    match = _TAG.match(line)
    return match[0] if match else b"*"


class CommandReader:
    """Reads the commands of one talk. `inside`: the client has logged in, and may say more.

    `admit` is asked once in an APPEND, before its first message comes: given what was said so far, it raises why not.
    """

    def __init__(self, config: ImapConfig, talk: str, admit: Callable[[SpokenCommand], Turns]) -> None:
        self._config = config
        self._talk = talk
        self._admit = admit
        self._intakes: list[Intake] = []
        self._held = 0  # octets of them
        self._number = 0  # of intakes, for their names
        self.inside = False

    def read(self, line: bytes) -> Generator[Turn, object, SpokenCommand]:
        """All of the command that begins with this line. Raises `ImapRefusal`, `TooMuch`, and what `admit` raises."""
        lines, literals, said = [line], list[bytes | Content](), 0
        octets_of_text = len(line)
        while (literal := literal_of(line)) is not None:
            beginning = b"".join(lines[:2])  # a folder may be named in the first literal
            if self._is_message(beginning):
                begun = SpokenCommand(beginning, tuple(literals[:1]))
                octets: bytes | Content = yield from self._message(line, literal, begun)
                line = yield from read_on(0)
            else:
                said += literal.octets
                self._refuse(literal, said + octets_of_text)
                if literal.waits:
                    yield Answer(go_ahead(b"OK"))
                whole = yield from read_on(literal.octets, secret=bool(_LOGIN.match(beginning)))
                octets, line = whole[: literal.octets], whole[literal.octets :]
            literals.append(octets)
            lines.append(line)
            octets_of_text += len(line)
            if octets_of_text > COMMAND_INSIDE or len(literals) > LITERALS:
                raise TooMuch
        return SpokenCommand(b"".join(lines), tuple(literals))

    def skip(self, line: bytes) -> Turns:
        """Read what belongs to a command that is not obeyed, as far as it comes unasked. Raises `TooMuch`."""
        said = 0
        while (literal := literal_of(line)) is not None and not literal.waits:
            said += literal.octets
            if said > THROWN:
                raise TooMuch
            yield Take(literal.octets, None)
            line = yield from read_on(0)

    def discard(self) -> None:
        """The command is over: of its messages nothing is left on the disk but what was stored."""
        for intake in self._intakes:
            intake.discard()
        self._intakes, self._held = [], 0

    def _is_message(self, text: bytes) -> bool:
        return self.inside and bool(_APPEND.match(text))

    def _refuse(self, literal: Announced, said: int) -> None:
        """What is too long for what it can be (T194, T195)."""
        most = LITERAL_INSIDE if self.inside else LITERAL_BEFORE
        if literal.octets <= most and said <= (COMMAND_INSIDE if self.inside else LITERAL_BEFORE + LITERAL_BEFORE):
            return
        if not literal.waits:
            raise TooMuch
        raise bad("A literal is too long")

    def _message(self, line: bytes, literal: Announced, begun: SpokenCommand) -> Generator[Turn, object, Content]:
        """The message of an APPEND, which this line announces."""
        try:
            if not self._intakes:
                yield from self._admit(begun)
            self._refuse_message(literal)
        except Exception:  # whatever it is, the octets that come unasked are no commands
            yield from self.skip(line)
            raise
        if literal.waits:
            yield Answer(go_ahead(b"OK"))
        self._number += 1
        intake = Intake(self._config.spool, f"{self._talk}-{self._number}", limit=self._config.limit, as_is=True)
        self._intakes.append(intake)
        yield Take(literal.octets, intake)
        content = intake.finish()
        self._held += intake.octets
        if intake.fault is not None:
            yield from self.skip((yield from read_on(0)))
            if intake.trouble is not None:
                raise NotWritten(*intake.trouble.args) from intake.trouble
            raise no("The message cannot be written down here now", "LIMIT")
        return content

    def _refuse_message(self, literal: Announced) -> None:
        """One that is too large, alone or with those before it."""
        if literal.octets > min(self._config.limit, AT_ONCE * self._config.limit - self._held):
            raise no("That is more than this server takes", "TOOBIG")  # RFC 7889 §4
