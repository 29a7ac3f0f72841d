"""POP3, the server's side, without a socket (RFC 1939, 2449, 2595, 3206, 5034, 6856).

A `Dialogue`: it is told lines and yields turns (wire/turns.py). The whole protocol on one screen is the table `VERBS`
at the foot: what may be said, in which state, with how many arguments, and which capability it stands for.
"""

import base64
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from maillab import __version__
from maillab.events import Read, Removed, RulePlayed, Tolerated
from maillab.mail.content import Content
from maillab.protocols.pop3 import COMMAND_OCTETS, END, Malformed, Pop3Command, parse_command, parse_number
from maillab.recipient.login import MECHANISMS, MailboxLogin, Pop3Config
from maillab.recipient.maildrop import InUse, Kept, Maildrop, NotRemoved, ReadAhead, top
from maillab.recipient.phrases import LANGUAGES, Junk, No, ok, phrase
from maillab.wire.auth import AuthError, Outcome, Problem, Proof, judged
from maillab.wire.sasl import RESPONSE_OCTETS
from maillab.wire.turns import Answer, Body, Call, Close, Decided, Ending, StartTls, Turns, ask

LISTED = 1000  # lines of LIST and UIDL that are said at a time, so that a huge mailbox holds up nobody

_IDLE = {"NOOP", "RSET", "CAPA", "LANG", "UTF8", "STAT", "LIST", "UIDL"}  # without an argument
_FETCHING = {"RETR", "TOP", "DELE"}
_FOREIGN = re.compile(rb"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH) |\x16\x03")


class Pop3State(StrEnum):
    """Where a talk stands (RFC 1939 §3)."""

    AUTHORIZATION = "AUTHORIZATION"
    TRANSACTION = "TRANSACTION"
    UPDATE = "UPDATE"


class Pop3:
    """One talk."""

    line_octets = RESPONSE_OCTETS
    thrown_octets = 0

    def __init__(self, config: Pop3Config, talk: str, *, secure: bool = False) -> None:
        self._config = config
        self._talk = talk
        self._secure = secure
        self._login = MailboxLogin(config)
        self.state = Pop3State.AUTHORIZATION
        self._language = "en"
        self._user = ""  # who it is, after the login
        self._drop: Maildrop | None = None
        self._ahead: ReadAhead | None = None
        self._messages: Sequence[Kept] = ()
        self._deleted: set[int] = set()
        self._removed = 0  # of those, when the disk refused the others
        self._errors = self._junk = 0
        self._remarked = False

    @property
    def answering(self) -> bool:
        """The client's next line is a response within AUTH."""
        return self._login.sasl.under_way

    # ── what happens ──

    def greet(self) -> Turns:
        """+OK, and the stamp that APOP digests."""
        stamp = f" {self._login.stamp}" if self._may_log_in else ""
        greeting = self._config.greeting or f"+OK {self._config.hostname} maillab POP3 ready{stamp}"
        yield Answer(f"{greeting}\r\n".encode())

    def turn_away(self) -> Turns:
        """No room."""
        yield self._err(No("too many connections, come back later", code="SYS/TEMP"))
        yield Close("refused")

    def hear(self, line: bytes) -> Turns:
        """One command, or one response within AUTH."""
        if not self._login.sasl.under_way and _FOREIGN.match(line):
            yield self._err(No("this is POP3, not HTTP"))
            yield Close("refused")
        if not line.endswith(b"\r\n") and not self._remarked:
            self._remarked = True
            yield Decided(Tolerated(self._talk, "RFC 1939 section 3", "lines end with CR LF; nc -C sends both"))
        try:
            if self._login.sasl.under_way:
                yield from self._enter(self._prove(lambda: self._login.sasl.respond(line)))
            else:
                yield from self._obey(_read(line))
        except No as no:
            yield self._err(no)
            self._errors += isinstance(no, Junk)
            if self._errors >= self._config.errors:
                yield self._err(No("too many errors"))
                yield Close("refused")

    def refuse(self, line: bytes, answer: bytes) -> Turns:
        """Nothing follows a command of POP3."""
        yield Answer(answer)

    def dressed(self, answer: bytes) -> bytes:
        """A line needs nothing more."""
        return answer

    def known(self, name: str) -> tuple[str, ...]:
        """A mailbox has no envelope."""
        return ()

    def overlong(self, line: bytes) -> Turns:
        """A line that is too long ends the talk."""
        yield self._err(No("line too long"))
        yield Close("refused")

    def stumbled(self, reference: str) -> Turns:
        """RFC 3206 §4: our fault, and it may pass."""
        if self.state is Pop3State.UPDATE:
            numbers = self._removed, len(self._deleted)
            no = No("{} of {} deleted messages were removed; reference {}", *numbers, reference, code="SYS/TEMP")
            yield self._err(no)  # RFC 1939 §6
            yield Close("quit")
        yield self._err(No("something failed here, not with you; reference {}", reference, code="SYS/TEMP"))

    def farewell(self, ending: Ending) -> bytes:
        """Nothing: a client that asked for nothing expects no answer (RFC 1939 §3)."""
        return b""

    def lost(self) -> Turns:
        """Without QUIT nothing is deleted (RFC 1939 §6); the mailbox is free again."""
        drop, self._drop = self._drop, None
        if drop is not None:
            yield Call(drop.close)

    # ── reading commands ──

    def _obey(self, command: Pop3Command) -> Turns:
        verb = VERBS.get(command.verb)
        if verb is None or _name(verb.capability) in self._config.without:
            raise Junk("unknown command")
        if self.state not in verb.states:
            first = Pop3State.TRANSACTION in verb.states
            raise Junk("log in first" if first else "too late, you are logged in")
        if not verb.least <= len(command.args) <= verb.most:
            raise Junk("wrong number of arguments")
        if verb.logs_in and not self._may_log_in:
            raise No("encrypt first: STLS")
        return self._counted(command, verb)

    def _counted(self, command: Pop3Command, verb: "Pop3Verb") -> Turns:
        """Obey it, unless too many commands have come since the last message."""
        self._junk = 0 if command.verb in _FETCHING else self._junk + (command.verb in _IDLE and not command.args)
        if self._junk > self._config.junk:
            yield self._err(No("so many commands and no message"))
            yield Close("refused")
        yield from verb.obey(self, *command.args)

    @property
    def _may_log_in(self) -> bool:
        return self._secure or self._config.plaintext

    def _ok(self, text: str, *values: object) -> Answer:
        return Answer(ok(self._language, text, *values))

    def _err(self, no: No) -> Answer:
        return Answer(no.wire(self._language))

    # ── AUTHORIZATION ──

    def _say_user(self, name: bytes) -> Turns:
        self._login.user(name)
        yield self._ok("and your password?")  # the same for everybody: who lives here is not told

    def _say_pass(self, password: bytes = b"") -> Turns:
        yield from self._enter(self._login.password(password))

    def _say_apop(self, name: bytes, digest: bytes) -> Turns:
        yield from self._enter(self._login.apop(name, digest))

    def _say_auth(self, mechanism: bytes, initial: bytes | None = None) -> Turns:
        name = mechanism.decode("ascii", "replace")
        yield from self._enter(self._prove(lambda: self._login.sasl.begin(name, initial)))

    def _prove(self, step: Callable[[], bytes | Proof]) -> bytes | Proof:
        """The next step of an exchange. Raises `No` for what is said wrongly."""
        try:
            return step()
        except AuthError as error:
            raise _wrong(error.problem) from None

    def _enter(self, step: bytes | Proof) -> Turns:
        """A challenge, or the end of the login: in, or one try less."""
        if isinstance(step, bytes):
            yield Answer(b"+ " + base64.b64encode(step) + b"\r\n")  # RFC 5034 §4
            return
        outcome = yield from judged(self._talk, step)
        if outcome is Outcome.TOO_MANY:
            yield self._err(No("too many wrong passwords", code="AUTH"))
            yield Close("refused")
        if outcome is Outcome.AGAIN or step.user is None:
            raise No("wrong name or password", code="AUTH")  # RFC 3206 §5
        user = step.user
        try:
            self._drop = drop = yield from ask(lambda: self._config.maildrops.open(user))
        except InUse:
            raise No("the mailbox is in use", code="IN-USE") from None  # RFC 2449 §8.1.2
        self._user, self._messages, self.state = user, drop.messages, Pop3State.TRANSACTION
        self._ahead = ReadAhead(drop)
        yield self._hold()

    def _say_stls(self) -> Turns:
        if self._secure:
            raise No("TLS is on already")
        if not self._config.tls:
            raise No("TLS is not possible here")
        refusal = self._err(No("nothing may be sent behind STLS before its answer"))
        yield StartTls(self._ok("begin TLS").octets, refusal.octets)
        self._secure = True
        self._login.forget()  # RFC 2595 §4: what was said before

    def _say_utf8(self) -> Turns:
        yield self._ok("UTF-8 is understood")  # RFC 6856 §2: messages go out as they are, in UTF-8 where they hold it

    # ── TRANSACTION ──

    def _say_stat(self) -> Turns:
        yield Answer(f"+OK {len(self._messages) - len(self._deleted)} {self._octets()}\r\n".encode())

    def _say_list(self, number: bytes | None = None) -> Turns:
        if number is not None and "list-in-lines" in self._config.quirks:
            yield from self._play_quirk("list-in-lines")
            index = self._find(number)
            yield Answer(f"+OK\r\n{index + 1} {self._messages[index].octets}\r\n".encode() + END)
            return
        yield from self._enumerate(number, lambda message: str(message.octets))

    def _say_uidl(self, number: bytes | None = None) -> Turns:
        deleted = self._deleted
        if deleted and "deleted-in-uidl" in self._config.quirks:
            yield from self._play_quirk("deleted-in-uidl")
            deleted = set()
        yield from self._enumerate(number, lambda message: message.uidl, deleted)

    def _play_quirk(self, name: str) -> Turns:
        """A bug of another program, reproduced because the configuration says so: it is told each time."""
        yield Decided(RulePlayed(self._talk, "", f"quirk {name}"))

    def _enumerate(
        self, number: bytes | None, tell: Callable[[Kept], str], deleted: Collection[int] | None = None
    ) -> Turns:
        left_out = self._deleted if deleted is None else deleted
        if number is not None:
            index = self._find(number)
            yield Answer(f"+OK {index + 1} {tell(self._messages[index])}\r\n".encode())
            return
        if (count := len(self._messages) - len(self._deleted)) == 1:
            yield self._ok("{} message ({} octets)", count, self._octets())
        else:
            yield self._ok("{} messages ({} octets)", count, self._octets())
        for start in range(0, len(self._messages), LISTED):
            some = enumerate(self._messages[start : start + LISTED], start)
            lines = [f"{index + 1} {tell(message)}\r\n" for index, message in some if index not in left_out]
            yield Answer("".join(lines).encode())
        yield Answer(END)

    def _say_retr(self, number: bytes) -> Turns:
        index, ahead = self._find(number), self._ahead
        assert ahead is not None
        message = self._messages[index]
        status = ok(self._language, "{} octets", message.octets)
        yield from self._carry(index, lambda: ahead.read(index), status, ahead.known(index))
        yield Decided(Read(self._talk, self._user, message.uid))

    def _say_top(self, number: bytes, lines: bytes) -> Turns:
        index, count, drop = self._find(number), parse_number(lines), self._opened()
        if count is None:
            raise No("not a number")
        status = ok(self._language, "top of message {} follows", index + 1)
        yield from self._carry(index, lambda: top(drop.content(index), count), status)

    def _carry(self, index: int, read: Callable[[], Content], status: bytes, content: Content | None = None) -> Turns:
        """Say a message, or what was read of it."""
        try:
            yield Body(status, content if content is not None else (yield from ask(read)))
        except FileNotFoundError:
            raise No("message {} is no longer there", index + 1) from None

    def _say_dele(self, number: bytes) -> Turns:
        index = self._find(number)
        self._deleted.add(index)
        yield self._ok("message {} deleted", index + 1)

    def _say_rset(self) -> Turns:
        self._deleted.clear()
        yield self._hold()

    def _hold(self) -> Answer:
        """How much the maildrop has."""
        if (count := len(self._messages)) == 1:
            return self._ok("maildrop has {} message ({} octets)", count, self._octets())
        return self._ok("maildrop has {} messages ({} octets)", count, self._octets())

    def _say_noop(self) -> Turns:
        yield self._ok("still here")

    def _find(self, word: bytes) -> int:
        """The index of the message with this number, which counts from 1 and never changes within a talk."""
        number = parse_number(word)
        if number is None:
            raise No("not a number")
        if not 1 <= number <= len(self._messages):
            raise No("no such message")
        if number - 1 in self._deleted:
            raise No("message {} is deleted", number)
        return number - 1

    def _opened(self) -> Maildrop:
        assert self._drop is not None
        return self._drop

    def _octets(self) -> int:
        return sum(message.octets for index, message in enumerate(self._messages) if index not in self._deleted)

    # ── any state ──

    def _say_capa(self) -> Turns:
        lines = "".join(f"{capability}\r\n" for capability in self._capabilities())
        yield Answer(ok(self._language, "capabilities follow") + lines.encode() + END)

    def _capabilities(self) -> Iterator[str]:
        """What this talk can do now (RFC 2449 §6), but for what is switched off here."""
        return (capability for capability in self._possible() if _name(capability) not in self._config.without)

    def _possible(self) -> Iterator[str]:
        """Of the verbs those that are possible now, and what is always so."""
        for word, verb in VERBS.items():
            if word == "STLS" and (self._secure or not self._config.tls or self.state is not Pop3State.AUTHORIZATION):
                continue  # RFC 2595 §4
            if verb.capability and (self._may_log_in or not verb.logs_in):
                yield verb.capability
        yield from ("PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER")
        yield f"IMPLEMENTATION maillab-{__version__}"

    def _say_lang(self, language: bytes | None = None) -> Turns:
        if language is None:
            lines = "".join(f"{tag} {name}\r\n" for tag, name in LANGUAGES.items())
            yield Answer(ok(self._language, "languages follow") + lines.encode() + END)
            return
        tag = language.decode("ascii", "replace").lower()
        tag = next(iter(LANGUAGES)) if tag == "*" else tag
        if tag not in LANGUAGES:
            raise No("no such language")
        self._language = tag
        yield Answer(f"+OK {tag} {phrase(tag, 'language changed')}\r\n".encode())  # RFC 6856 §3.1

    def _say_quit(self) -> Turns:
        if self.state is Pop3State.AUTHORIZATION:
            yield self._ok("goodbye")
            yield Close("quit")
        self.state = Pop3State.UPDATE
        drop, self._drop = self._opened(), None
        wanted = sorted(self._deleted)
        try:
            gone = yield from ask(lambda: drop.close(wanted))
        except NotRemoved as error:
            self._removed = len(error.gone)
            if error.gone:
                yield Decided(Removed(self._talk, self._user, error.gone))
            raise
        if gone:
            yield Decided(Removed(self._talk, self._user, gone))
        yield self._ok("goodbye, {} deleted", len(gone))
        yield Close("quit")


def _wrong(problem: Problem) -> No:
    """What is answered to an AUTH that was said wrongly."""
    match problem:
        case Problem.MECHANISM:
            return No("mechanisms: {}", " ".join(MECHANISMS))
        case Problem.GIVEN_UP:  # RFC 5034 §4
            return No("login given up")
        case Problem.BASE64 | Problem.SERVER_FIRST:  # no mechanism of ours begins with the server
            return No("not base64")


def _name(capability: str) -> str:
    """The name of a capability, without its parameters."""
    return capability.partition(" ")[0]


def _read(line: bytes) -> Pop3Command:
    try:
        command = parse_command(line)
    except Malformed as error:
        raise Junk(str(error)) from None
    if len(line) > COMMAND_OCTETS and command.verb != "AUTH":
        raise Junk("line too long")
    return command


@dataclass(frozen=True, slots=True)
class Pop3Verb:
    """One row of the table.

    `leads`: from one state to another when it succeeds (None: to the end); elsewhere the state stays. `logs_in`: part
    of a login, so perhaps only possible inside TLS.
    """

    states: frozenset[Pop3State]
    least: int
    most: int
    obey: Callable[..., Turns]
    capability: str = ""
    logs_in: bool = False
    leads: Mapping[Pop3State, Pop3State | None] = field(default_factory=dict)


_BEFORE = frozenset({Pop3State.AUTHORIZATION})
_INSIDE = frozenset({Pop3State.TRANSACTION})
_ALWAYS = _BEFORE | _INSIDE
_IN = {Pop3State.AUTHORIZATION: Pop3State.TRANSACTION}
_OUT = {Pop3State.AUTHORIZATION: None, Pop3State.TRANSACTION: Pop3State.UPDATE}

VERBS = {  # verb: states, least and most arguments, method, capability, where it leads
    "CAPA": Pop3Verb(_ALWAYS, 0, 0, Pop3._say_capa),
    "STLS": Pop3Verb(_BEFORE, 0, 0, Pop3._say_stls, "STLS"),
    "USER": Pop3Verb(_BEFORE, 1, 1, Pop3._say_user, "USER", logs_in=True),
    "PASS": Pop3Verb(_BEFORE, 0, 1, Pop3._say_pass, logs_in=True, leads=_IN),
    "APOP": Pop3Verb(_BEFORE, 2, 2, Pop3._say_apop, logs_in=True, leads=_IN),
    "AUTH": Pop3Verb(_BEFORE, 1, 2, Pop3._say_auth, "SASL " + " ".join(MECHANISMS), logs_in=True, leads=_IN),
    "UTF8": Pop3Verb(_BEFORE, 0, 0, Pop3._say_utf8, "UTF8 USER"),
    "LANG": Pop3Verb(_ALWAYS, 0, 1, Pop3._say_lang, "LANG"),
    "STAT": Pop3Verb(_INSIDE, 0, 0, Pop3._say_stat),
    "LIST": Pop3Verb(_INSIDE, 0, 1, Pop3._say_list),
    "UIDL": Pop3Verb(_INSIDE, 0, 1, Pop3._say_uidl, "UIDL"),
    "RETR": Pop3Verb(_INSIDE, 1, 1, Pop3._say_retr),
    "TOP": Pop3Verb(_INSIDE, 2, 2, Pop3._say_top, "TOP"),
    "DELE": Pop3Verb(_INSIDE, 1, 1, Pop3._say_dele),
    "RSET": Pop3Verb(_INSIDE, 0, 0, Pop3._say_rset),
    "NOOP": Pop3Verb(_INSIDE, 0, 0, Pop3._say_noop),
    "QUIT": Pop3Verb(_ALWAYS, 0, 0, Pop3._say_quit, leads=_OUT),
}
