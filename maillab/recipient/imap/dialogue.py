"""IMAP, the server's side, without a socket (RFC 9051, RFC 3501): commands are read whole, obeyed, and answered.

A `Dialogue`: it is told lines and yields turns (wire/turns.py). What may be said, and in which state, is the table of
`verbs.py`; a command that is obeyed gives `Done`, or raises why not.
"""

import re
import sqlite3
from collections.abc import Generator
from functools import partial

from maillab.durable import is_disk_full
from maillab.events import Stumbled
from maillab.mail.reply import Refused
from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import ImapCommand
from maillab.protocols.imap.lexer import BadSyntax
from maillab.protocols.imap.parse import parse_command
from maillab.protocols.imap.responses import StatusWord
from maillab.recipient.folders import FolderRefusal
from maillab.recipient.imap.answers import Done, ImapRefusal, Obeying, bad, no
from maillab.recipient.imap.append import admit
from maillab.recipient.imap.config import LINE_BEFORE, LINE_INSIDE, MECHANISMS, ImapConfig
from maillab.recipient.imap.reading import CommandReader, TooMuch, tag_of
from maillab.recipient.imap.session import ImapSession, Inside, LoggedOut, Looking, Outside
from maillab.recipient.imap.telling import tell
from maillab.recipient.imap.verbs import VERBS, ImapVerb, capabilities
from maillab.wire.auth import Auth
from maillab.wire.turns import Answer, Call, Close, Decided, Ending, Turn, Turns

_FOREIGN = re.compile(rb"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH) \S+ HTTP/|\x16\x03")
_SENTENCES = {  # of the codes of a store that refuses (recipient/folders.py)
    "NONEXISTENT": "There is no such folder",
    "TRYCREATE": "There is no such folder; create it first",
    "ALREADYEXISTS": "There is such a folder already",
    "CANNOT": "No folder can have this name, or this one must stay",
    "HASCHILDREN": "There are folders below it",
    "USEATTR": "There is no such use here",
    "LIMIT": "There are too many folders",
}


class Imap:
    """One talk."""

    thrown_octets = 0
    answering = False  # a command reads all that belongs to it, responses of a login too

    def __init__(self, config: ImapConfig, talk: str, *, secure: bool = False) -> None:
        self._config = config
        auth = Auth(config.people, MECHANISMS, config.nonce)
        self.session = ImapSession(config, talk, capabilities, auth, secure)
        self._reader = CommandReader(config, talk, partial(admit, self.session))
        self._tag = b"*"  # of the command that is answered now
        self._row: ImapVerb | None = None  # of the command that was obeyed last
        self._expunges = False  # what is gone may be told in its answer
        self._about_messages = False  # is what is obeyed now a command about messages of the folder that is open?
        self._errors = 0
        self._greeted = False
        self._over = False  # a rule has said BYE

    @property
    def line_octets(self) -> int:
        """Who has logged in may say more."""
        return LINE_INSIDE if self._reader.inside else LINE_BEFORE

    # ── what happens ──

    def greet(self) -> Turns:
        """OK, and what can be done (RFC 9051 §7.1.1)."""
        self._greeted = True
        code = f"CAPABILITY {' '.join(capabilities(self.session))}"
        yield Answer(responses.status(StatusWord.OK, f"{self._config.hostname} maillab IMAP ready", code))

    def turn_away(self) -> Turns:
        """No room."""
        yield from self._hang_up("Too many connections, come back later", "UNAVAILABLE")

    def hear(self, line: bytes) -> Turns:
        """One command, and all that belongs to it."""
        if isinstance(self.session.state, Outside) and _FOREIGN.match(line):
            yield from self._hang_up("This is IMAP, not HTTP")
        self._tag = tag_of(line)
        try:
            yield from self._answered(line)
        except TooMuch:
            yield from self._hang_up("So much is not read here", "TOOBIG")
        finally:
            self._reader.discard()
        if isinstance(self.session.state, LoggedOut):
            yield Close("quit")
        if self._over:
            yield Close("refused")

    def refuse(self, line: bytes, answer: bytes) -> Turns:
        """What belongs to the command is read, as far as it comes unasked."""
        self._tag = tag_of(line)
        try:
            yield from self._reader.skip(line)
        except TooMuch:
            yield from self._hang_up("So much is not read here", "TOOBIG")
        if answer:
            yield Answer(self.dressed(answer))
        if self._over:
            yield Close("refused")

    def dressed(self, answer: bytes) -> bytes:
        """With the tag before it; but BYE answers nothing, and is the last word. A greeting says BYE, or welcomes."""
        if not self._greeted and answer:
            answer = b"BYE" + answer[answer.index(b" ") :]
        self._over = answer.startswith(b"BYE")
        return (b"*" if self._over else self._tag) + b" " + answer if answer else b""

    def known(self, name: str) -> tuple[str, ...]:
        """A mailbox has no envelope."""
        return ()

    def overlong(self, line: bytes) -> Turns:
        """A line that is too long ends the talk (T196)."""
        yield from self._hang_up("The line is too long", "TOOBIG")

    def stumbled(self, reference: str) -> Turns:
        """Our fault."""
        sentence = f"Something failed here, not with you; reference {reference}"
        yield Answer(responses.status(StatusWord.NO, sentence, "SERVERBUG", self._tag))

    def farewell(self, ending: Ending) -> bytes:
        """RFC 9051 §7.1.5."""
        match ending:
            case Ending.IDLE:
                return responses.status(StatusWord.BYE, "You have said nothing for too long")
            case Ending.SESSION:
                return responses.status(StatusWord.BYE, "No connection lasts longer")
            case Ending.CLOSING:
                return responses.status(StatusWord.BYE, "This server is being stopped", "UNAVAILABLE")

    def lost(self) -> Turns:
        """The folder is looked at no longer."""
        state, self.session.state = self.session.state, LoggedOut()
        if isinstance(state, Looking):
            yield Call(state.view.close)

    def _hang_up(self, sentence: str, code: str = "") -> Turns:
        yield Answer(responses.status(StatusWord.BYE, sentence, code))
        yield Close("refused")

    # ── commands ──

    def _answered(self, line: bytes) -> Turns:
        """Obey it, tell what is new, and say how it ended."""
        self._row, self._expunges, self._about_messages = None, False, False
        try:
            ended: Done | ImapRefusal = yield from self._obeyed(line)
        except (BadSyntax, ImapRefusal, FolderRefusal, Refused) as error:
            ended = self._refusal(error)
        except (OSError, sqlite3.Error) as error:
            ended = yield from self._trouble(error)
        self._reader.inside = isinstance(self.session.state, Inside)
        if self._row is not None and self._row.silent:
            return  # it has said all
        if isinstance(self.session.state, Looking):
            look = self._row is not None and self._row.looks
            yield from tell(self.session, self.session.state, expunges=self._expunges, look=look)
        yield from self._said(ended)

    def _obeyed(self, line: bytes) -> Obeying:
        """Read all of it, and do what it says. Raises what `_refusal` reads, and `TooMuch`."""
        spoken = yield from self._reader.read(line)
        self._tag, command = parse_command(spoken, utf8=self.session.utf8)
        verb = self._verb(command)
        self._expunges, self._about_messages = verb.tells_expunges(command), verb.states == (Looking,)
        done = yield from verb.obey(self.session, command, self._tag)
        self._row = verb
        return done

    def _trouble(self, error: Exception) -> Generator[Turn, object, ImapRefusal]:
        """The disk cannot do it now: the client learns a reference, the logbook learns the rest (RFC 5530 §3)."""
        if isinstance(error, FileNotFoundError) and self._about_messages:
            return no("Some of these messages are gone", "EXPUNGEISSUED")
        reference = self._config.nonce()
        yield Decided(Stumbled(self.session.talk, reference, f"{type(error).__name__}: {error}"))
        if is_disk_full(error):
            return no(f"There is no room for it; reference {reference}", "OVERQUOTA")
        return no(f"The disk cannot do it now; reference {reference}", "UNAVAILABLE")

    def _refusal(self, error: Exception) -> ImapRefusal:
        """What is told of an error. Raises the error, where it is a fault of ours."""
        match error:
            case ImapRefusal():
                return error
            case BadSyntax():
                self._tag = error.tag if error.tag != b"*" else self._tag
                return bad(error.sentence)
            case FolderRefusal():
                return no(_SENTENCES.get(error.code, "That is not possible"), error.code)
            case Refused():  # there are too many guests
                return no(error.reply.lines[0], "LIMIT")
        raise error

    def _verb(self, command: ImapCommand) -> ImapVerb:
        verb = VERBS.get(type(command))
        if verb is None:
            raise bad("There is no such command here")
        if verb.needs in self._config.without:
            raise bad("This command is switched off here")
        if not isinstance(self.session.state, verb.states):
            raise bad(verb.why_not(self.session.state))
        return verb

    def _said(self, ended: Done | ImapRefusal) -> Turns:
        if isinstance(ended, Done):
            yield Answer(responses.status(StatusWord.OK, ended.sentence, ended.code, self._tag))
            return
        if ended.word is StatusWord.BYE:
            yield from self._hang_up(ended.sentence, ended.code)
        yield Answer(responses.status(ended.word, ended.sentence, ended.code, self._tag))
        self._errors += ended.word is StatusWord.BAD
        if self._errors >= self._config.errors:
            yield from self._hang_up("Too many errors")  # T212
