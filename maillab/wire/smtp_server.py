"""SMTP, the server's side, without a socket: every verb, every reply, strict where leniency would be a hole.

A `Dialogue` (wire/turns.py) for both machines, which say through their `Reception` what to answer about people,
mailboxes and messages. The whole protocol on one screen is the table `VERBS` at the foot: in which states a verb is
refused, and why; where it leads from the others (RFC 5321 §4.1.4). A new verb needs a row there, one in
`protocols/smtp.py` for those who follow a talk, and its explanation in `views/glosses.csv`.
"""

import base64
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from maillab.events import DecidedEvent, Stumbled, Tolerated
from maillab.mail.envelope import Envelope
from maillab.mail.message import Message
from maillab.mail.reply import Refused, Reply, refused
from maillab.protocols import smtp
from maillab.wire.auth import Auth, AuthError, Outcome, Problem, Proof, judged
from maillab.wire.intake import DataReader, Intake
from maillab.wire.limits import THROWN_OCTETS
from maillab.wire.reception import Caller
from maillab.wire.sasl import mechanisms
from maillab.wire.smtp_capabilities import capabilities, may_authenticate
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.smtp_lines import LINE_OCTETS, CommandLines, Leave, last_word
from maillab.wire.tolerated import ONCE, TOLERATED
from maillab.wire.transaction import Transaction
from maillab.wire.turns import Answer, Close, Decided, Ending, StartTls, Take, Turn, Turns, UntilDot, commit

_UNKNOWN = Reply(500, "5.5.1", ("Command not recognised; HELP lists the commands",))
_NO_DSN = "Delivery reports (DSN) are not offered here"


class SmtpState(StrEnum):
    """Where a connection stands (RFC 5321 §4.1.4)."""

    GREETED = "GREETED"  # the server has spoken
    HELLO = "HELLO"  # the client has said who it is, and no transaction has begun
    MAIL = "MAIL"  # a transaction has a sender
    RCPT = "RCPT"  # and a recipient
    BDAT = "BDAT"  # and a part of its content


Replying = Generator[Turn, object, Reply | None]


class SmtpDialogue:
    """One connection from the address `peer`."""

    line_octets = LINE_OCTETS
    thrown_octets = THROWN_OCTETS

    def __init__(self, config: SmtpConfig, talk: str, peer: str, *, secure: bool = False) -> None:
        self._config = config
        self._limits = config.limits
        self.caller = Caller(talk, peer, secure=secure)
        self.state = SmtpState.GREETED
        people = config.people
        self._auth = None if people is None else Auth(people, mechanisms(people), config.reference)
        self._mail: Transaction | None = None
        self._lines = CommandLines(config, _octets)
        self._errors = self._junk = 0
        self._handed_over: Envelope | None = None  # of the message that the machine is given
        self._remarks: list[DecidedEvent] = []  # which the logbook hears before the client hears the answer

    @property
    def answering(self) -> bool:
        """The client's next line is a response within AUTH."""
        return self._auth is not None and self._auth.under_way

    # ── what happens ──

    def greet(self) -> Turns:
        """220, and who is here (RFC 5321 §4.3.1)."""
        usual = _reply(220, "", f"{self._config.hostname} ESMTP maillab")
        yield self._answer(self._config.worded("greeting", usual))

    def turn_away(self) -> Turns:
        """No room."""
        yield self._answer(self._last_word("4.7.0", "Too many connections; come back later"))
        yield Close("refused")

    def hear(self, line: bytes) -> Turns:
        """One command, or one response within AUTH."""
        self._lines.note_end(line)
        return self._answered(self._respond if self.answering else self._obey, line)

    def refuse(self, line: bytes, answer: bytes) -> Turns:
        """The octets of a chunk are read all the same, and its transaction is over: a part of it is missing."""
        self._lines.note_end(line)
        if smtp.announces_chunk(line):
            yield from self._answered(self._skip_chunk, line)
        yield Answer(answer)

    def dressed(self, answer: bytes) -> bytes:
        """A line needs nothing more."""
        return answer

    def known(self, name: str) -> tuple[str, ...]:
        """What MAIL, RCPT and EHLO have said: of the transaction, or of the one that is being handed over."""
        envelope = self._mail.envelope if self._mail is not None else self._handed_over
        match name:
            case "hello":
                return (self.caller.hello,)
            case "from":
                return (str(envelope.sender or ""),) if envelope is not None else ()
            case "to":
                return tuple(str(each.address) for each in envelope.recipients) if envelope is not None else ()
            case _:
                return ()

    def overlong(self, line: bytes) -> Turns:
        """A line that nobody has read, and where nothing is known of what follows, the end."""
        self._lines.note_end(line)
        return self._answered(self._refuse_line, line)

    def stumbled(self, reference: str) -> Turns:
        """A fault of ours: the client learns a reference, the logbook learns the rest."""
        self._forget()
        yield self._answer(Reply(451, "4.3.0", (f"Something failed here, not with you; reference {reference}",)))

    def farewell(self, ending: Ending) -> bytes:
        """421, and why (RFC 5321 §3.8)."""
        enhanced, text = _FAREWELLS[ending]
        return self._answer(self._last_word(enhanced, text)).octets

    def lost(self) -> Turns:
        """Nothing of an unfinished message is kept."""
        self._forget()
        yield from ()

    # ── answering ──

    def _answered(self, reply_to: Callable[..., Reply | Replying], *line: bytes) -> Turns:
        """The turns of a method that gives a reply or refuses one."""
        try:
            answer = reply_to(*line)
            reply = answer if isinstance(answer, Reply) else (yield from answer)
        except Refused as error:
            reply = error.reply
        except Leave as leave:
            yield from self._last(leave)
            return
        if reply is not None:
            self._errors += reply.code >= 500
            if self._errors > self._limits.errors:
                yield from self._last(Leave(self._last_word("4.7.0", "Too many errors")))
                return
            if self._remarks:
                yield from self._remarked()
            yield self._answer(reply)

    def _remarked(self) -> Iterator[Turn]:
        """What the logbook hears before the client hears the answer."""
        yield from map(Decided, self._remarks)
        self._remarks.clear()

    def _last(self, leave: Leave) -> Iterator[Turn]:
        yield from self._remarked()
        if leave.reply is not None:
            yield self._answer(leave.reply)
        yield Close(leave.why)

    def _answer(self, reply: Reply) -> Answer:
        if reply.enhanced and "ENHANCEDSTATUSCODES" in self._config.without:
            reply = replace(reply, enhanced="")
        return _wire(reply)

    def _last_word(self, enhanced: str, text: str) -> Reply:
        return last_word(self._config.hostname, enhanced, text)

    def _tolerate(self, what: str) -> None:
        """Remark upon something borne for learners' sake, each time that it is."""
        if what in self.caller.tolerated:
            return
        if what in ONCE:
            self.caller.tolerated.add(what)
        self._remarks.append(Tolerated(self.caller.talk, *TOLERATED[what]))

    # ── reading commands ──

    def _obey(self, line: bytes) -> Reply | Replying:
        command = self._lines.read(line, self._tolerate)
        verb = VERBS.get(command.verb)
        if verb is None or (verb.extension in self._config.without and not verb.content):
            return self._config.worded("unknown", _UNKNOWN)
        if not verb.content:
            self._check(command.verb, verb)
        if verb.junk:
            self._count_junk()
        reply = verb.obey(self, command.rest)
        if not isinstance(reply, Reply):
            return self._finished(verb, reply)
        self._move(verb, reply)
        return reply

    def _finished(self, verb: "SmtpVerb", replying: Replying) -> Replying:
        reply = yield from replying
        self._move(verb, reply)
        return reply

    def _move(self, verb: "SmtpVerb", reply: Reply | None) -> None:
        if reply is None or reply.ok or verb.content:
            self.state = verb.leads.get(self.state) or self.state

    def _check(self, name: str, verb: "SmtpVerb") -> None:
        """May it be said now (RFC 5321 §4.1.4)?"""
        why = verb.refused.get(self.state)
        if why is None:
            return
        if name == "MAIL" and self.state is SmtpState.GREETED and "order" in self._config.leniency:
            self._tolerate("order")
            return
        raise refused(503, "5.5.1", why)

    def _refuse_line(self, line: bytes) -> Reply:
        if self._auth is not None:
            self._auth.forget()
        return self._lines.refuse(line)

    def _count_junk(self) -> None:
        self._junk += 1
        if self._junk > self._limits.junk:
            raise Leave(self._last_word("4.7.0", "So many commands and no message"))

    # ── a talk ──

    def _say_hello(self, rest: str, *, esmtp: bool) -> None:
        hello = smtp.read_hello(rest, lenient=self._config.classroom)
        for rule in hello.tolerated:
            self._tolerate(rule)
        self._forget()
        self.caller.hello, self.caller.esmtp = hello.name, esmtp

    def _say_helo(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.1."""
        self._say_hello(rest, esmtp=False)
        return self._config.worded("hello", _reply(250, "", self._config.hostname))

    def _say_ehlo(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.1: the name of this host, then what it can do."""
        self._say_hello(rest, esmtp=True)
        can = capabilities(self._config, self.caller)
        return self._config.worded("hello", _reply(250, "", self._config.hostname, *can))

    def _say_rset(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.5."""
        if rest:
            raise refused(501, "5.5.4", "RSET stands alone")
        self._forget()
        return _reply(250, "2.0.0", "Forgotten")

    def _say_noop(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.9."""
        return _reply(250, "2.0.0", "Here")

    def _say_vrfy(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.6 and §7.3: neither confirmed nor denied; EXPN likewise."""
        if not rest:
            raise refused(501, "5.5.4", "Say whom: VRFY name, EXPN list")
        return Reply(252, "2.5.0", ("I will not say; send a message and see",))

    def _say_help(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.8."""
        verbs = [name for name, verb in VERBS.items() if verb.extension not in self._config.without]
        return Reply(214, "2.0.0", ("Commands: " + " ".join(verbs), "maillab explain VERB tells more"))

    def _say_quit(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.10."""
        raise Leave(_reply(221, "2.0.0", f"{self._config.hostname} Goodbye"), "quit")

    def _say_starttls(self, rest: str) -> Replying:
        """RFC 3207: encryption from the next octet on, and everything said before is forgotten."""
        if self.caller.secure:
            raise refused(503, "5.5.1", "TLS is on already")
        if not self._config.tls:
            raise refused(502, "5.5.1", "TLS is not available here")
        if rest:
            raise refused(501, "5.5.4", "STARTTLS stands alone")
        early = Reply(503, "5.5.1", ("Nothing may be sent behind STARTTLS before its answer",))
        yield StartTls(Reply(220, "", ("Ready to start TLS",)).wire(), self._answer(early).octets)
        self._forget()
        caller = self.caller
        caller.secure, caller.hello, caller.esmtp, caller.user = True, "", False, ""
        return None

    # ── AUTH ──

    def _say_auth(self, rest: str) -> Replying:
        """RFC 4954 §4."""
        caller, config = self.caller, self._config
        if caller.user:
            raise refused(503, "5.5.1", _AUTH_ONCE)
        if self._auth is None:
            raise refused(502, "5.5.1", "Nobody logs in here")
        if not caller.esmtp:
            raise refused(503, "5.5.1", "Say EHLO first")
        if not may_authenticate(config, caller):
            raise refused(538, "5.7.11", "Encrypt first: STARTTLS, then EHLO, then AUTH")
        mechanism, _, initial = rest.partition(" ")
        try:
            step = self._auth.begin(mechanism, initial.encode() if initial else None)
        except AuthError as error:
            raise self._wrong(error, mechanism) from error
        return (yield from self._judge(step))

    def _respond(self, line: bytes) -> Replying:
        """A response to a challenge."""
        assert self._auth is not None
        try:
            step = self._auth.respond(line)
        except AuthError as error:
            raise self._wrong(error) from error
        return (yield from self._judge(step))

    def _judge(self, step: bytes | Proof) -> Replying:
        """A challenge, or the end of the login: in, or one try less."""
        if isinstance(step, bytes):
            return Reply(334, "", (base64.b64encode(step).decode("ascii"),))
        outcome = yield from judged(self.caller.talk, step)
        if outcome is Outcome.TOO_MANY:
            raise Leave(Reply(421, "4.7.0", ("Too many wrong passwords",)))
        if outcome is Outcome.AGAIN or step.user is None:
            return Reply(535, "5.7.8", ("Wrong name or password",))  # the same for every reason
        self.caller.user = step.user
        if self._config.people is not None and self._config.people.takes_anything:
            self._tolerate("any-login")
        return Reply(235, "2.7.0", (f"Welcome, {step.user}",))

    def _wrong(self, error: AuthError, mechanism: str = "") -> Refused:
        match error.problem:
            case Problem.MECHANISM:
                assert self._config.people is not None
                return refused(504, "5.5.4", "Mechanisms here: " + " ".join(mechanisms(self._config.people)))
            case Problem.SERVER_FIRST:  # RFC 4954 §4
                return refused(501, "5.7.0", f"{mechanism.upper()} begins with a challenge of the server")
            case Problem.BASE64:
                return refused(501, "5.5.2", "That is not base64")
            case Problem.GIVEN_UP:
                return refused(501, "5.7.0", "Login given up")

    # ── a transaction ──

    def _say_mail(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.2."""
        caller, config = self.caller, self._config
        if caller.messages >= self._limits.messages:
            raise Leave(self._last_word("4.7.0", "Enough messages for one connection"))
        mail = smtp.read_mail(rest, lenient=config.classroom, home=config.domain)
        for rule in mail.tolerated:
            self._tolerate(rule)
        self._refuse_missing(mail)
        if mail.size > self._limits.message:
            raise refused(552, "5.3.4", f"Messages here are at most {self._limits.message} octets")  # RFC 1870 §6.1
        try:
            no = config.reception.mail(caller, mail.sender, mail.size)
        except Refused as error:
            return self._with_cause(error)
        if no:
            return no
        self._mail = Transaction(mail)
        return config.worded("sender", _reply(250, "2.1.0", "Sender ok"), mail.sender or "")

    def _refuse_missing(self, mail: smtp.MailFrom) -> None:
        """Parameters of extensions that are not offered here (RFC 5321 §4.1.1.11)."""
        for extension, used, why in (
            ("DSN", mail.ret or mail.envid, _NO_DSN),
            ("SMTPUTF8", mail.smtputf8, "SMTPUTF8 is not offered here"),
            ("8BITMIME", mail.eight_bit, "8BITMIME is not offered here"),
            ("SIZE", mail.size, "SIZE is not offered here"),
        ):
            if used and not self._config.offers(extension):
                raise refused(555, "5.5.4", why)

    def _say_rcpt(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.3."""
        mail, config = self._transaction, self._config
        utf8 = mail.mail.smtputf8
        to = smtp.read_rcpt(rest, smtputf8=utf8, lenient=config.classroom, home=config.domain)
        for rule in to.tolerated:
            self._tolerate("space-to" if rule == "space" else rule)
        if (to.recipient.notify or to.recipient.orcpt) and not config.offers("DSN"):
            raise refused(555, "5.5.4", _NO_DSN)
        if len(mail.recipients) >= self._limits.recipients:  # RFC 5321 §4.5.3.1.10
            raise refused(452, "4.5.3", "Too many recipients; send to the others in another message")
        recipient = to.recipient.at_home(config.domain)
        if no := config.reception.rcpt(self.caller, mail.envelope, recipient):
            return no
        mail.recipients.append(recipient)
        return config.worded("recipient", _reply(250, "2.1.5", "Recipient ok"), recipient.address)

    @property
    def _transaction(self) -> Transaction:
        assert self._mail is not None, "the table lets nobody come here without MAIL"
        return self._mail

    def _forget(self) -> None:
        """The transaction is over."""
        if self._mail is not None and self._mail.chunks is not None:
            self._mail.chunks.discard()
        self._mail = None
        self.state = OVER.get(self.state, self.state)

    # ── content ──

    def _say_data(self, rest: str) -> Replying:
        """RFC 5321 §4.1.1.4."""
        if rest:
            raise refused(501, "5.5.4", "DATA stands alone")
        go_on = _reply(354, "", "Send the message; end it with <CR><LF>.<CR><LF>")
        yield from self._remarked()
        yield self._answer(self._config.worded("content", go_on))
        intake = self._new_intake(bare_lf=self._config.classroom)
        receiver = DataReader(intake, bare_lf=not self._lines.crlf)
        try:
            yield UntilDot(receiver)
        except BaseException:  # the client went away in the middle of its message
            intake.discard()
            raise
        self._lines.note_end(receiver.end_mark)
        return (yield from self._take(intake))

    def _skip_chunk(self, line: bytes) -> Replying:
        size, _ = self._chunk_size(self._lines.read(line, self._tolerate).rest)
        self._forget()
        yield Take(size, None)
        return None

    def _chunk_size(self, rest: str) -> tuple[int, bool]:
        """How many octets follow, and are they the last?"""
        try:
            size, last = smtp.read_bdat(rest)
        except Refused as error:
            raise Leave(error.reply) from error  # how much follows is not known: nothing after it can be trusted
        if size > 2 * self._limits.message:  # nobody sends so much in good faith, and it would have to be read
            raise Leave(Reply(552, "5.3.4", (f"Messages here are at most {self._limits.message} octets",)))
        return size, last

    def _say_bdat(self, rest: str) -> Replying:
        """RFC 3030 §2: exactly so many octets, which are read even when they are refused."""
        size, last = self._chunk_size(rest)
        why, intake = VERBS["BDAT"].refused.get(self.state), None
        if why is None:
            intake = self._transaction.chunks = self._transaction.chunks or self._new_intake()
        yield Take(size, intake)
        if not self._config.offers("CHUNKING"):  # its octets were read all the same
            self._forget()
            raise refused(500, "5.5.1", "BDAT is not offered here")
        if intake is None:
            raise refused(503, "5.5.1", why or "")
        if not last:
            return intake.fault or Reply(250, "2.0.0", (f"{size} octets received",))
        return (yield from self._take(intake))

    def _new_intake(self, *, bare_lf: bool = False) -> Intake:
        config = self._config
        name = f"incoming-{self.caller.talk}-{self.caller.messages}-{config.reference()}"
        line = 0 if config.classroom else self._limits.line
        return Intake(config.spool, name, limit=self._limits.message, line=line, bare_lf=bare_lf)

    def _take(self, intake: Intake) -> Generator[Turn, object, Reply]:
        """Hand the message to the machine; the transaction is over, whatever it answers."""
        self._handed_over = envelope = self._transaction.envelope
        self._transaction.chunks = None
        self._forget()
        try:
            content = intake.finish()
            self._check_content(intake, envelope)
            eight_bit = envelope.eight_bit or "eight-bit" in intake.odd - _announced(
                envelope
            )  # so that others are told
            if eight_bit != envelope.eight_bit:
                envelope = replace(envelope, eight_bit=eight_bit)
            message = Message(envelope, content)
            yield from self._remarked()
            reply = yield from commit(lambda: self._config.reception.message(self.caller, message))
        except Refused as error:
            return self._with_cause(error)
        finally:
            intake.discard()
        if not reply.ok:
            return reply
        self.caller.messages += 1
        self._junk = 0
        return self._config.worded("taken", reply, len(content))

    def _with_cause(self, error: Refused) -> Reply:
        """What the machine refuses because of its disk has a reference, under which the logbook knows the cause."""
        if (cause := error.__cause__) is None:
            return error.reply
        reference, [text] = self._config.reference(), error.reply.lines
        self._remarks.append(Stumbled(self.caller.talk, reference, f"{type(cause).__name__}: {cause}"))
        return replace(error.reply, lines=(f"{text}; reference {reference}",))

    def _check_content(self, intake: Intake, envelope: Envelope) -> None:
        """Is it a message, as far as this can be seen from here? Raises `Refused`."""
        if intake.fault is not None:
            raise Refused(intake.fault) from intake.trouble
        if intake.bare_lfs:
            self._tolerate("content-lf")
        odd = intake.odd - _announced(envelope)
        if odd and not self._config.classroom:
            rule, why = TOLERATED[min(odd)]
            raise refused(550, "5.6.0", f"{why} ({rule})")
        for what in sorted(odd):
            self._tolerate(what)


def _announced(envelope: Envelope) -> set[str]:
    """What is odd about a content only where MAIL has not said so."""
    return {"eight-bit"} if envelope.eight_bit or envelope.smtputf8 else set()


@lru_cache(256)  # most replies are said a thousand times
def _reply(code: int, enhanced: str, *lines: str) -> Reply:
    return Reply(code, enhanced, lines)


@lru_cache(256)
def _wire(reply: Reply) -> Answer:
    return Answer(reply.wire())


_FAREWELLS = {
    Ending.IDLE: ("4.4.2", "Waited too long for you"),
    Ending.SESSION: ("4.4.2", "This connection has lasted long enough"),
    Ending.CLOSING: ("4.3.2", "This server is being stopped"),
}


@dataclass(frozen=True, slots=True)
class SmtpVerb:
    """One row of the table.

    `refused`: the states in which it is out of order, and why (503). `leads`: from one state to another when it
    succeeds (None: to the end); elsewhere the state stays. `octets` is the length of its line at most, `extension`
    what brings it.
    """

    obey: Callable[[SmtpDialogue, str], Reply | Replying]
    refused: Mapping[SmtpState, str] = field(default_factory=dict)
    leads: Mapping[SmtpState, SmtpState | None] = field(default_factory=dict)
    octets: int = smtp.COMMAND_OCTETS
    extension: str = ""
    junk: bool = False  # a talk bears only so many of them without a message
    content: bool = False  # octets follow, which are read before it is refused; it counts even when they are


_AUTH_ONCE = "AUTH comes once, and not inside a message"
_NO_MAIL = dict.fromkeys((SmtpState.GREETED, SmtpState.HELLO), "MAIL FROM comes first")
_NO_RCPT = dict.fromkeys((SmtpState.GREETED, SmtpState.HELLO, SmtpState.MAIL), "MAIL and RCPT come first")
_BEGUN = (SmtpState.MAIL, SmtpState.RCPT, SmtpState.BDAT)
OVER = dict.fromkeys(_BEGUN, SmtpState.HELLO)  # where the end of a transaction leads

VERBS = {
    "HELO": SmtpVerb(SmtpDialogue._say_helo, leads=dict.fromkeys(SmtpState, SmtpState.HELLO), junk=True),
    "EHLO": SmtpVerb(SmtpDialogue._say_ehlo, leads=dict.fromkeys(SmtpState, SmtpState.HELLO), junk=True),
    "MAIL": SmtpVerb(
        SmtpDialogue._say_mail,
        {SmtpState.GREETED: "Say EHLO or HELO first"}
        | dict.fromkeys(_BEGUN, "A message is begun already; RSET forgets it"),
        {SmtpState.GREETED: SmtpState.MAIL, SmtpState.HELLO: SmtpState.MAIL},
        smtp.MAIL_OCTETS,
    ),
    "RCPT": SmtpVerb(SmtpDialogue._say_rcpt, _NO_MAIL, {SmtpState.MAIL: SmtpState.RCPT}, smtp.RCPT_OCTETS),
    "DATA": SmtpVerb(
        SmtpDialogue._say_data,
        _NO_MAIL
        | {SmtpState.MAIL: "No valid recipients", SmtpState.BDAT: "BDAT was begun; finish with BDAT LAST, or RSET"},
        {SmtpState.RCPT: SmtpState.HELLO},
    ),
    "BDAT": SmtpVerb(
        SmtpDialogue._say_bdat, _NO_RCPT, {SmtpState.RCPT: SmtpState.BDAT}, extension="CHUNKING", content=True
    ),
    "RSET": SmtpVerb(SmtpDialogue._say_rset, leads=OVER, junk=True),
    "NOOP": SmtpVerb(SmtpDialogue._say_noop, junk=True),
    "QUIT": SmtpVerb(SmtpDialogue._say_quit, leads=dict.fromkeys(SmtpState, None)),
    "VRFY": SmtpVerb(SmtpDialogue._say_vrfy, junk=True),
    "EXPN": SmtpVerb(SmtpDialogue._say_vrfy, junk=True),
    "HELP": SmtpVerb(SmtpDialogue._say_help, extension="HELP", junk=True),
    "STARTTLS": SmtpVerb(
        SmtpDialogue._say_starttls, leads=dict.fromkeys(SmtpState, SmtpState.GREETED), extension="STARTTLS"
    ),
    "AUTH": SmtpVerb(
        SmtpDialogue._say_auth,
        {SmtpState.GREETED: "Say EHLO first"} | dict.fromkeys(_BEGUN, _AUTH_ONCE),
        octets=smtp.AUTH_OCTETS,
        extension="AUTH",
    ),
}


def _octets(verb: str) -> int:
    """How long the line of a command may be, with its ending (RFC 5321 §4.5.3.1.4)."""
    return VERBS[verb].octets if verb in VERBS else smtp.COMMAND_OCTETS
