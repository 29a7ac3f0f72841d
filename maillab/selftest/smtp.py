"""The proofs of SMTP: each keyword of EHLO, used as the RFC that it stands for says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from maillab.selftest.claim import CLEAR, LOGGED_IN, TLS, Claim, Lie, unexpected
from maillab.selftest.sasl import log_in
from maillab.selftest.subject import REPLY, ProvedDoor, as_it_is, token
from maillab.selftest.wire import ProvingWire


@dataclass(frozen=True, slots=True)
class ProvedReply:
    """What was answered to what was said."""

    said: str
    code: int
    text: str

    def must_be(self, *codes: int) -> Self:
        """The reply itself, where it has one of these codes. Raises `Lie`."""
        if self.code not in codes:
            raise Lie(f"{self.said}: {' or '.join(map(str, codes))} was expected, and the answer is {self.text!r}")
        return self


class SmtpTalk:
    """A conversation with an SMTP service; `offered` is what EHLO tells at this moment: keyword and parameters."""

    def __init__(self, subject: ProvedDoor, wire: ProvingWire) -> None:
        self.subject, self.wire = subject, wire
        self._hear("(greeting)").must_be(220)
        self.hello()

    def ask(self, said: str) -> ProvedReply:
        """Say a command, and hear the reply."""
        self.wire.say(f"{said}\r\n".encode())
        return self._hear(said)

    def ask_together(self, *commands: str) -> list[ProvedReply]:
        """Say all commands at once; then hear every reply."""
        self.wire.say("".join(f"{said}\r\n" for said in commands).encode())
        return [self._hear(said) for said in commands]

    def send(self, content: bytes) -> ProvedReply:
        """DATA, and a message in which no line begins with a dot."""
        self.ask("DATA").must_be(354)
        self.wire.say(content + b".\r\n")
        return self._hear("(message)").must_be(250)

    def hello(self) -> None:
        """What can be done now."""
        reply = self.ask("EHLO self-test.test").must_be(250)
        rows = [line[4:].partition(" ") for line in reply.text.splitlines()[1:]]
        self.offered = {keyword.upper(): parameters for keyword, _, parameters in rows}

    def encrypt(self) -> None:
        """STARTTLS, and what is offered inside it."""
        self.ask("STARTTLS").must_be(220)
        self.wire.encrypt()
        self.hello()

    def log_in(self, mechanism: str) -> None:
        """AUTH by this mechanism, with the right password."""

        def ask(response: bytes | None) -> bytes | None:
            self.wire.say((f"AUTH {mechanism}".encode() if response is None else response) + b"\r\n")
            reply = self._hear(f"AUTH {mechanism}").must_be(334, 235)
            return reply.text[4:].strip().encode() if reply.code == 334 else None

        log_in(mechanism, self.subject.user, self.subject.password, ask)
        self.hello()

    def come_in(self) -> Self:
        """Do whatever a door may ask for before it takes messages."""
        if "STARTTLS" in self.offered:
            self.encrypt()
        if "AUTH" in self.offered:
            self.log_in("PLAIN")
        return self

    def begin(self, parameters: str = "", of_recipient: str = "") -> None:
        """A message from the person to the person."""
        self.come_in()
        self.ask(f"MAIL FROM:<{self.subject.user}>{parameters}").must_be(250)
        self.ask(f"RCPT TO:<{self.subject.user}>{of_recipient}").must_be(250)

    def _hear(self, said: str) -> ProvedReply:
        text = self.wire.until(REPLY).decode("utf-8", "replace")
        return ProvedReply(said, int(text[:3]), text)


def claims(subject: ProvedDoor) -> Iterator[Claim]:
    """Everything that EHLO announces, in each situation in which it is asked."""
    for when, prepare in _situations(subject):
        with subject.wire() as wire:
            talk = SmtpTalk(subject, wire)
            prepare(talk)
            offered = talk.offered
        for keyword, parameters in offered.items():
            proof = PROOFS.get(keyword)
            prove = None if proof is None else partial(_proved, subject, prepare, proof, parameters)
            yield Claim(when, keyword, prove)


SmtpProof = Callable[[SmtpTalk, str], None]
SmtpPreparing = Callable[[SmtpTalk], None]


def _situations(subject: ProvedDoor) -> Iterator[tuple[str, SmtpPreparing]]:
    inside: SmtpPreparing = SmtpTalk.encrypt
    if subject.door.tls == "implicit":
        inside = as_it_is
    else:
        yield CLEAR, as_it_is
    with subject.wire() as wire:
        talk = SmtpTalk(subject, wire)
        if subject.door.tls == "implicit" or "STARTTLS" in talk.offered:
            yield TLS, inside
        talk.come_in()
    if subject.door.login != "off":
        yield LOGGED_IN, _inside


def _inside(talk: SmtpTalk) -> None:
    talk.come_in()


def _proved(subject: ProvedDoor, prepare: SmtpPreparing, proof: SmtpProof, parameters: str) -> None:
    with subject.wire() as wire:
        talk = SmtpTalk(subject, wire)
        prepare(talk)
        proof(talk, parameters)


# ── the proofs: each begins where its keyword was announced ──


def _pipelining(talk: SmtpTalk, _: str) -> None:
    """RFC 2920: replies come in the order of the commands, all of which were said at once."""
    talk.come_in()
    user = talk.subject.user
    replies = talk.ask_together("RSET", f"MAIL FROM:<{user}>", f"RCPT TO:<{user}>", "NOOP", "RSET", "DATA")
    for reply, code in zip(replies[:-1], (250, 250, 250, 250, 250), strict=True):
        reply.must_be(code)
    replies[-1].must_be(503, 554)


def _size(talk: SmtpTalk, most: str) -> None:
    """RFC 1870: what is too large is refused before it travels."""
    talk.come_in()
    user = talk.subject.user
    talk.ask(f"MAIL FROM:<{user}> SIZE={int(most) + 1}").must_be(552)
    talk.ask(f"MAIL FROM:<{user}> SIZE={most}").must_be(250)


def _starttls(talk: SmtpTalk, _: str) -> None:
    """RFC 3207: inside TLS it is offered no more."""
    talk.encrypt()
    if "STARTTLS" in talk.offered:
        raise Lie("it is offered inside TLS, too")


def _auth(talk: SmtpTalk, mechanisms: str) -> None:
    """RFC 4954: each mechanism lets somebody in who knows the password; after it there is no second time."""
    for mechanism in mechanisms.split():
        with talk.subject.wire() as wire:
            other = SmtpTalk(talk.subject, wire)
            if "AUTH" not in other.offered:
                other.encrypt()
            other.log_in(mechanism)
            other.ask("AUTH PLAIN").must_be(503)


def _enhanced_codes(talk: SmtpTalk, _: str) -> None:
    """RFC 2034: replies of classes 2, 4 and 5 begin with such a code."""
    for said in ("RSET", "RCPT TO:<nobody@invalid>", "NONSENSE"):
        reply = talk.ask(said)
        if not re.match(rf"{reply.code}[ -]{str(reply.code)[0]}\.\d+\.\d+ ", reply.text):
            raise Lie(f"{said}: there is no enhanced code in {reply.text!r}")


def _eight_bit(talk: SmtpTalk, _: str) -> None:
    """RFC 6152: octets above 127 arrive as they were."""
    _arrives(talk, " BODY=8BITMIME", "", b"th\xc6\xb0\r\n")


def _utf8(talk: SmtpTalk, _: str) -> None:
    """RFC 6531: UTF-8 in a header arrives as it was."""
    _arrives(talk, " SMTPUTF8", "Comments: th\u01b0\r\n", b"hello\r\n")


def _arrives(talk: SmtpTalk, parameters: str, field: str, body: bytes) -> None:
    word = token()
    talk.begin(parameters)
    content = f"Subject: {word}\r\n{field}\r\n".encode() + body
    talk.send(content)
    if content not in talk.subject.arrived(word):
        raise Lie("the message has arrived with other bytes")


def _chunking(talk: SmtpTalk, _: str) -> None:
    """RFC 3030: a message in two chunks arrives as one; a dot in it means nothing."""
    word = token()
    talk.begin()
    first, last = f"Subject: {word}\r\n\r\n".encode(), b".\r\n"
    for chunk, mark in ((first, ""), (last, " LAST")):
        talk.wire.say(f"BDAT {len(chunk)}{mark}\r\n".encode() + chunk)
        reply = talk.wire.until(REPLY)
        if not reply.startswith(b"250"):
            raise unexpected("BDAT", reply)
    if first + last not in talk.subject.arrived(word):
        raise Lie("the message has arrived with other bytes")


def _dsn(talk: SmtpTalk, _: str) -> None:
    """RFC 3461: whoever asks for a report of success gets one, with the name that they gave the message."""
    word = token()
    talk.begin(f" RET=HDRS ENVID={word}", f" NOTIFY=SUCCESS ORCPT=rfc822;{talk.subject.user}")
    talk.send(b"Subject: dsn\r\n\r\nhello\r\n")
    if b"Content-Type: message/delivery-status" not in talk.subject.arrived(f"Original-Envelope-Id: {word}"):
        raise Lie("no report has come")


def _limits(talk: SmtpTalk, parameters: str) -> None:
    """RFC 9422: as many recipients as are announced, and as many messages; and not one more."""
    most = dict(word.split("=") for word in parameters.split())
    recipients, messages = int(most["RCPTMAX"]), int(most["MAILMAX"])
    talk.come_in()
    user = talk.subject.user
    talk.ask(f"MAIL FROM:<{user}>").must_be(250)
    *good, one_more = talk.ask_together(*[f"RCPT TO:<{user}>"] * (recipients + 1))
    for reply in good:
        reply.must_be(250)
    one_more.must_be(452)
    talk.ask("RSET").must_be(250)
    for _ in range(messages):
        talk.ask_together(f"MAIL FROM:<{user}>", f"RCPT TO:<{user}>")
        talk.send(b"\r\n")
    talk.ask(f"MAIL FROM:<{user}>").must_be(421, 451, 452)


def _help(talk: SmtpTalk, _: str) -> None:
    """RFC 5321 §4.1.1.8."""
    talk.ask("HELP").must_be(211, 214)


PROOFS: dict[str, SmtpProof] = {
    "PIPELINING": _pipelining,
    "SIZE": _size,
    "STARTTLS": _starttls,
    "AUTH": _auth,
    "ENHANCEDSTATUSCODES": _enhanced_codes,
    "8BITMIME": _eight_bit,
    "SMTPUTF8": _utf8,
    "CHUNKING": _chunking,
    "DSN": _dsn,
    "LIMITS": _limits,
    "HELP": _help,
}
