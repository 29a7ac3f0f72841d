"""SMTP, the server's side of one connection: every verb, every reply, strict where leniency would be a hole.

What to answer about people, mailboxes and messages is asked of the machine's `Reception`; octets and time are the
business of `wire/chassis.py`. The table of verbs stands at the foot of this file.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from maillab.events import FaultPlayed, Stumbled, Tolerated, Warned
from maillab.mail.message import Message
from maillab.mail.reply import Refused, Reply, refused
from maillab.protocols import smtp
from maillab.wire.auth import TOO_MANY, authenticate
from maillab.wire.chassis import AT_A_TIME, FOREVER, Chassis, Gone
from maillab.wire.door import SmtpServer, Transaction, capabilities
from maillab.wire.intake import DataReader, Intake
from maillab.wire.strings import worded

_FOREIGN = {"GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH"}  # a browser is at the wrong door
_JUNK = {"NOOP", "RSET", "VRFY", "EXPN", "HELP", "EHLO", "HELO"}

_TOLERATED = {  # what a person typed, the rule, what is right
    "space": ("RFC 5321 section 3.3", "no space belongs between the colon and the path: MAIL FROM:<address>"),
    "brackets": ("RFC 5321 section 4.1.2", "a path stands in angle brackets: <address>"),
    "hello": ("RFC 5321 section 4.1.1.1", "HELO is followed by the name of the client's host"),
    "hello-name": (
        "RFC 5321 section 4.1.1.1",
        "a host's name is made of letters, digits and hyphens, joined by dots; or say an address in brackets",
    ),
    "domain": (
        "RFC 5321 section 4.1.2",
        "an address has a domain: local-part@domain; the domain of this site was added to the name alone",
    ),
    "content-lf": (
        "RFC 5321 section 2.3.8",
        "every line of a message ends with CR LF; here LF was made CR LF (curl sends both with --crlf)",
    ),
    "order": ("RFC 5321 section 4.1.4", "a talk begins with EHLO or HELO"),
    "long-line": ("RFC 5321 section 4.5.3.1.6", "a line of a message has at most 998 octets before its CR LF"),
    "nul": ("RFC 2045 section 2.7", "a message holds no NUL; base64 carries such octets"),
    "eight-bit": ("RFC 6152 section 3", "octets above 127 are announced by MAIL FROM:<address> BODY=8BITMIME"),
    "bare-lf": ("RFC 5321 section 2.3.8", "lines end with CR LF; nc sends a bare LF, nc -C sends both"),
}


class LabSmtp(Chassis):
    """One connection at one `Door`."""

    def __init__(self, server: SmtpServer) -> None:
        super().__init__(server)
        self._errors = self._junk = self.auth_failures = 0
        self._mail: Transaction | None = None

    # ── the conversation ──

    async def _converse(self) -> None:
        if not self._admitted:
            self.say(Reply(421, "4.7.0", (f"{self.hostname} Too many connections; come back later",)))
            raise Gone("refused")
        greeting = self._play_fault("CONNECT") or self._worded(
            "greeting", Reply(220, "", (f"{self.hostname} ESMTP maillab",))
        )
        self.say(greeting)
        if greeting.code != 220:
            raise Gone("refused")
        for number in itertools.count(1):
            reply = await self._answer_one()
            if reply is not None:
                self._count(reply)
                self.say(reply)
            if self.dismissed:
                self.say(self._closing)
                raise Gone("closing")
            if not number % AT_A_TIME:
                await asyncio.sleep(0)  # many commands in one block hold up nobody else

    async def _answer_one(self) -> Reply | None:
        """Read one command and obey it; whatever goes wrong with us is 451 and a reference (T101)."""
        try:
            return await self._obey(await self.read_line(smtp.AUTH_OCTETS))
        except Refused as error:
            return error.reply
        except (Gone, ConnectionError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: a fault of ours is never the client's
            return self.stumble(error)

    def _asked(self, ask: Callable[[], Reply | None]) -> Reply | None:
        """What the machine says. An error of its disk, whatever its kind, is none of the socket's."""
        try:
            return ask()
        except OSError as error:
            return self.stumble(error)

    def stumble(self, error: BaseException) -> Reply:
        """A fault of ours: the client learns a reference, the logbook learns the rest."""
        reference = self._door.reference()
        self._door.logbook.append(Stumbled(self.caller.talk, reference, f"{type(error).__name__}: {error}"))
        self._forget()
        return Reply(451, "4.3.0", (f"Something failed here, not with you; reference {reference}",))

    async def _obey(self, raw: bytes) -> Reply | None:
        if raw.startswith(b"\x16\x03"):
            raise self._leave(Reply(500, "5.5.2", ("This is a plain SMTP door; TLS begins with STARTTLS",)))
        try:
            command = self._read_command(raw)
        except Refused as error:
            if smtp.announces_chunk(raw):  # content follows, of which nobody knows how much
                raise self._leave(error.reply) from error
            raise
        if command.verb in _FOREIGN:
            raise self._leave(Reply(500, "5.5.1", ("This is SMTP, not HTTP",)))
        if command.verb != "BDAT" and (fault := self._play_fault(command.verb)):
            return fault
        obey = VERBS.get(command.verb)
        if obey is None or _VERB_OF.get(command.verb) in self._door.without:
            return self._worded("unknown", _UNKNOWN)
        if command.verb in _JUNK:
            self._count_junk()
        return await obey(self, command.rest)

    def _read_command(self, raw: bytes) -> smtp.Command:
        line = self._without_end(raw)
        try:
            command = smtp.read_command(line)
        except Refused:
            if line.strip(b" \t"):  # an empty line is only an error, like every unknown command
                self._count_bad_line()
            raise
        if len(raw) > _LENGTHS.get(command.verb, smtp.COMMAND_OCTETS):
            raise refused(500, "5.5.2", "Line too long for this command")
        return command

    def _without_end(self, raw: bytes) -> bytes:
        """Cut the line end off; a bare LF is borne only from a person who never sent another (RFC 5321 §2.3.8)."""
        if raw.endswith(b"\r\n"):
            return raw[:-2]
        if self._door.classroom and self._style == "lf":
            self.tolerate("bare-lf")
            return raw[:-1]
        self._count_bad_line()
        raise refused(500, "5.5.2", "Lines end with CR LF")

    def _worded(self, moment: str, usual: Reply, value: object = "") -> Reply:
        return worded(self._door.strings, moment, usual, value)

    def _play_fault(self, verb: str) -> Reply | None:
        fault = self._door.faults.play(verb)
        if fault is None:
            return None
        self._door.logbook.append(FaultPlayed(self.caller.talk, f"{fault.code or 'drop'} at {verb}"))
        if not fault.code:
            raise Gone("dropped on purpose")
        return fault.reply

    def tolerate(self, what: str) -> None:
        """Remark once in a talk upon something borne for learners' sake."""
        if what not in self.caller.tolerated:
            self.caller.tolerated.add(what)
            self._door.logbook.append(Tolerated(self.caller.talk, *_TOLERATED[what]))

    def _count(self, reply: Reply) -> None:
        self._errors += reply.code >= 500
        if self._errors > self._limits.errors:
            raise self._leave(Reply(421, "4.7.0", (f"{self.hostname} Too many errors",)))

    def _count_junk(self) -> None:
        self._junk += 1
        if self._junk > self._limits.junk:
            raise self._leave(Reply(421, "4.7.0", (f"{self.hostname} So many commands and no message",)))

    # ── verbs ──

    async def _hello(self, rest: str, *, esmtp: bool) -> None:
        hello = smtp.read_hello(rest, lenient=self._door.classroom)
        for rule in hello.tolerated:
            self.tolerate(rule)
        self._forget()
        self.caller.hello, self.caller.esmtp = hello.name, esmtp

    async def smtp_HELO(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.1."""
        await self._hello(rest, esmtp=False)
        return self._worded("hello", Reply(250, "", (self.hostname,)))

    async def smtp_EHLO(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.1: the name of this host, then what it can do."""
        await self._hello(rest, esmtp=True)
        return self._worded("hello", Reply(250, "", (self.hostname, *capabilities(self._door, self.caller))))

    async def smtp_MAIL(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.2."""
        caller = self.caller
        if not caller.hello:
            if "order" not in self._door.leniency:
                raise refused(503, "5.5.1", "Say EHLO or HELO first")
            self.tolerate("order")
        if self._mail is not None:
            raise refused(503, "5.5.1", "A message is begun already; RSET forgets it")
        if caller.messages >= self._limits.messages:
            raise self._leave(Reply(421, "4.7.0", (f"{self.hostname} Enough messages for one connection",)))
        mail = smtp.read_mail(rest, lenient=self._door.classroom, home=self._door.domain)
        for rule in mail.tolerated:
            self.tolerate(rule)
        self._refuse_missing(mail)
        if mail.size > self._limits.message:
            raise refused(552, "5.3.4", f"Messages here are at most {self._limits.message} octets")  # RFC 1870 §6.1
        if no := self._asked(partial(self._door.reception.mail, caller, mail.sender, mail.size)):
            return no
        self._mail = Transaction(mail)
        return self._worded("sender", Reply(250, "2.1.0", ("Sender ok",)), mail.sender or "")

    def _refuse_missing(self, mail: smtp.MailFrom) -> None:
        """Parameters of extensions that are not offered here (RFC 5321 §4.1.1.11)."""
        for extension, used, why in (
            ("DSN", mail.ret or mail.envid, _NO_DSN),
            ("SMTPUTF8", mail.smtputf8, "SMTPUTF8 is not offered here"),
            ("8BITMIME", mail.eight_bit, "8BITMIME is not offered here"),
            ("SIZE", mail.size, "SIZE is not offered here"),
        ):
            if used and not self._offers(extension):
                raise refused(555, "5.5.4", why)

    def _offers(self, extension: str) -> bool:
        return extension not in self._door.without and (extension != "DSN" or self._door.dsn)

    async def smtp_RCPT(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.3."""
        mail = self._transaction()
        utf8, door = mail.mail.smtputf8, self._door
        to = smtp.read_rcpt(rest, smtputf8=utf8, lenient=door.classroom, home=door.domain)
        for rule in to.tolerated:
            self.tolerate(rule)
        if (to.recipient.notify or to.recipient.orcpt) and not self._offers("DSN"):
            raise refused(555, "5.5.4", _NO_DSN)
        if len(mail.recipients) >= self._limits.recipients:
            raise refused(
                452, "4.5.3", "Too many recipients; send to the others in another message"
            )  # RFC 5321 §4.5.3.1.10
        recipient = to.recipient.at_home(self._door.domain)
        if no := self._asked(partial(self._door.reception.rcpt, self.caller, mail.envelope, recipient)):
            return no
        mail.recipients.append(recipient)
        return self._worded("recipient", Reply(250, "2.1.5", ("Recipient ok",)), recipient.address)

    async def smtp_DATA(self, rest: str) -> Reply | None:
        """RFC 5321 §4.1.1.4."""
        mail = self._transaction()
        if rest:
            raise refused(501, "5.5.4", "DATA stands alone")
        if mail.chunks is not None:
            raise refused(503, "5.5.1", "BDAT was begun; finish with BDAT LAST, or RSET")  # RFC 3030 §2
        if not mail.recipients:
            raise refused(503, "5.5.1", "No valid recipients")
        self.say(self._worded("content", Reply(354, "", ("Send the message; end it with <CR><LF>.<CR><LF>",))))
        await self.flush()
        intake = self._new_intake(bare_lf=self._door.classroom)
        try:
            await self._read_content(DataReader(intake, bare_lf=self._style == "lf"), intake)
        except BaseException:  # the client went away in the middle of its message
            intake.discard()
            raise
        return await self._take(intake)

    async def smtp_BDAT(self, rest: str) -> Reply | None:
        """RFC 3030 §2: exactly so many octets, which are read even when they are refused."""
        try:
            size, last = smtp.read_bdat(rest)
        except Refused as error:
            raise self._leave(error.reply) from error  # how much follows is not known: nothing after it can be trusted
        if size > 2 * self._limits.message:  # nobody sends so much in good faith, and it would have to be read
            raise self._leave(Reply(552, "5.3.4", (f"Messages here are at most {self._limits.message} octets",)))
        mail, intake = self._mail, None
        if mail is not None and mail.recipients:
            intake = mail.chunks = mail.chunks or self._new_intake()
        await self._read_chunk(size, intake)
        if fault := self._play_fault("BDAT"):
            self._forget()
            return fault
        if not self._offers("CHUNKING"):  # its octets were read all the same: content is never taken for commands
            self._forget()
            raise refused(500, "5.5.1", "BDAT is not offered here")
        if intake is None:
            raise refused(503, "5.5.1", "MAIL and RCPT come first")
        if not last:
            return intake.fault or Reply(250, "2.0.0", (f"{size} octets received",))
        return await self._take(intake)

    async def smtp_RSET(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.5."""
        if rest:
            raise refused(501, "5.5.4", "RSET stands alone")
        self._forget()
        return Reply(250, "2.0.0", ("Forgotten",))

    async def smtp_NOOP(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.9."""
        return Reply(250, "2.0.0", ("Here",))

    async def smtp_VRFY(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.6 and §7.3: neither confirmed nor denied; EXPN likewise."""
        if not rest:
            raise refused(501, "5.5.4", "Say whom: VRFY name, EXPN list")
        return Reply(252, "2.5.0", ("I will not say; send a message and see",))

    async def smtp_HELP(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.8."""
        missing = {"BDAT"} if "CHUNKING" in self._door.without else set()
        missing |= {verb for verb, extension in _VERB_OF.items() if extension in self._door.without}
        verbs = [verb for verb in VERBS if verb not in missing]
        return Reply(214, "2.0.0", ("Commands: " + " ".join(verbs), "maillab explain VERB tells more"))

    async def smtp_QUIT(self, rest: str) -> Reply:
        """RFC 5321 §4.1.1.10."""
        self.say(Reply(221, "2.0.0", (f"{self.hostname} Goodbye",)))
        raise Gone("quit")

    async def smtp_STARTTLS(self, rest: str) -> Reply | None:
        """RFC 3207: encryption from the next octet on, and everything said before is forgotten."""
        if self.caller.secure:
            raise refused(503, "5.5.1", "TLS is on already")
        if self._door.tls is None:
            raise refused(502, "5.5.1", "TLS is not available here")
        if rest:
            raise refused(501, "5.5.4", "STARTTLS stands alone")
        if self._pending:  # what was sent behind STARTTLS in clear must not be taken for encrypted (RFC 3207 §4)
            raise self._leave(Reply(503, "5.5.1", ("Nothing may be sent behind STARTTLS before its answer",)))
        await self.begin_tls()
        self._forget()
        caller = self.caller
        caller.secure, caller.hello, caller.esmtp, caller.user = True, "", False, ""
        return None

    async def smtp_AUTH(self, rest: str) -> Reply:
        """RFC 4954."""
        reply = await authenticate(self, self._door, rest, in_message=self._mail is not None)
        if reply is TOO_MANY:
            raise self._leave(reply)
        return reply

    # ── a message ──

    def _transaction(self) -> Transaction:
        if self._mail is None:
            raise refused(503, "5.5.1", "MAIL FROM comes first")
        return self._mail

    def _forget(self) -> None:
        if self._mail is not None and self._mail.chunks is not None:
            self._mail.chunks.discard()
        self._mail = None

    def _new_intake(self, *, bare_lf: bool = False) -> Intake:
        name = f"incoming-{self.caller.talk}-{self.caller.messages}-{self._door.reference()}"
        line = 0 if self._door.classroom else self._limits.line
        return Intake(self._door.spool, name, limit=self._limits.message, line=line, bare_lf=bare_lf)

    async def _read_content(self, reader: DataReader, intake: Intake) -> None:
        """Feed the reader until the message ends; every block has its own time (RFC 5321 §4.5.3.2.5)."""
        warned = False
        while (rest := reader.feed(self._pending)) is None:
            self._ear.content(self._pending, refused=intake.fault is not None)
            self._pending = b""
            if reader.lonely_dot and not warned:
                warned = True
                text = "still inside DATA: a line ended with LF, not CR LF, so this dot does not end the message"
                self._door.logbook.append(Warned(self.caller.talk, text))
            self._arm(self._limits.block)
            await self._block()
        last, self._pending = self._pending[: len(self._pending) - len(rest)], rest
        self._ear.content(last, refused=intake.fault is not None)
        self._ear.content_ended(reader.end_mark)
        self._style = "crlf" if reader.end_mark == b".\r\n" else self._style
        self._arm(FOREVER)

    async def _read_chunk(self, size: int, intake: Intake | None) -> None:
        while size:
            if not self._pending:
                self._arm(self._limits.block)
                await self._block()
            piece, self._pending = self._pending[:size], self._pending[size:]
            size -= len(piece)
            if intake is not None:
                intake.add(piece)
            self._ear.content(piece, refused=intake is None or intake.fault is not None)
            if not size:
                self._ear.content_ended()
        self._arm(FOREVER)

    async def _take(self, intake: Intake) -> Reply:
        """Hand the message to the machine, in a task of its own that outlives the connection (T018)."""
        mail, self._mail = self._transaction(), None
        try:
            if fault := self._play_fault("."):
                intake.discard()
                return fault
        except Gone:
            intake.discard()
            raise
        content = intake.finish()
        if intake.trouble is not None:
            what = f"{type(intake.trouble).__name__}: {intake.trouble}"
            self._door.logbook.append(Stumbled(self.caller.talk, self._door.reference(), what))
        if intake.fault is not None:
            intake.discard()
            return intake.fault
        if intake.bare_lfs:
            self.tolerate("content-lf")
        envelope = mail.envelope
        odd = intake.odd - ({"eight-bit"} if envelope.eight_bit or envelope.smtputf8 else set())
        if odd and not self._door.classroom:
            intake.discard()
            rule, why = _TOLERATED[min(odd)]
            return Reply(550, "5.6.0", (f"{why} ({rule})",))
        for what in sorted(odd):
            self.tolerate(what)
        envelope = replace(envelope, eight_bit=envelope.eight_bit or "eight-bit" in odd)  # so that it is said to others
        storing = self._server.commit(self._store(Message(envelope, content), intake))
        self.storing = True
        try:
            reply: Reply = await asyncio.shield(storing)
        finally:
            self.storing = False
        if reply.ok:
            self.caller.messages += 1
            self._junk = 0
            return self._worded("taken", reply, len(content))
        return reply

    async def _store(self, message: Message, intake: Intake) -> Reply:
        try:
            return await self._door.reception.message(self.caller, message)
        except Refused as error:
            return error.reply
        except Exception as error:  # noqa: BLE001 - see _answer_one
            return self.stumble(error)
        finally:
            intake.discard()


_UNKNOWN = Reply(500, "5.5.1", ("Command not recognised; HELP lists those that are",))
_NO_DSN = "Delivery reports (DSN) are not offered here"
_VERB_OF = {"HELP": "HELP", "AUTH": "AUTH", "STARTTLS": "STARTTLS"}  # verb: the extension that brings it
_LENGTHS = {"MAIL": smtp.MAIL_OCTETS, "RCPT": smtp.RCPT_OCTETS, "AUTH": smtp.AUTH_OCTETS}

VERBS: dict[str, Callable[[LabSmtp, str], Awaitable[Reply | None]]] = {
    "HELO": LabSmtp.smtp_HELO,
    "EHLO": LabSmtp.smtp_EHLO,
    "MAIL": LabSmtp.smtp_MAIL,
    "RCPT": LabSmtp.smtp_RCPT,
    "DATA": LabSmtp.smtp_DATA,
    "BDAT": LabSmtp.smtp_BDAT,
    "RSET": LabSmtp.smtp_RSET,
    "NOOP": LabSmtp.smtp_NOOP,
    "QUIT": LabSmtp.smtp_QUIT,
    "VRFY": LabSmtp.smtp_VRFY,
    "EXPN": LabSmtp.smtp_VRFY,
    "HELP": LabSmtp.smtp_HELP,
    "STARTTLS": LabSmtp.smtp_STARTTLS,
    "AUTH": LabSmtp.smtp_AUTH,
}
