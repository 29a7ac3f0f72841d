"""The proofs of POP3: each capability of CAPA, used as the RFC that it stands for says, and APOP."""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial

from maillab import __version__
from maillab.selftest.claim import LOGGED_IN, Claim, Lie, unexpected
from maillab.selftest.sasl import log_in
from maillab.selftest.subject import MailboxPreparing, ProvedDoor, mailbox_situations, token
from maillab.selftest.wire import ProvingWire

_END = re.compile(rb"\.\r\n")
_STAMP = re.compile(rb"<[^<>]+@[^<>]+>")


class Pop3Talk:
    """A conversation with a POP3 service, as it begins."""

    def __init__(self, subject: ProvedDoor, wire: ProvingWire) -> None:
        self.subject, self.wire = subject, wire
        stamp = _STAMP.search(wire.line())
        self.stamp = stamp[0] if stamp else b""

    def ask(self, said: str, *, lines: bool = False) -> bytes:
        """Say a command, and hear +OK, with all `lines` where they follow. Raises `Lie` for anything else."""
        status = self.status(said)
        if not status.startswith(b"+OK"):
            raise Lie(f"{said}: +OK was expected, and the answer is {status!r}")
        return self.wire.until(_END).removesuffix(b".\r\n") if lines else status

    def refused(self, said: str, code: str) -> None:
        """Say a command, and hear -ERR with this code in brackets."""
        status = self.status(said)
        if not status.startswith(f"-ERR [{code}]".encode()):
            raise Lie(f"{said}: -ERR [{code}] was expected, and the answer is {status!r}")

    def status(self, said: str) -> bytes:
        """Say a command, and hear the line that answers it."""
        self.wire.say(f"{said}\r\n".encode())
        return self.wire.line()

    def capabilities(self) -> list[str]:
        """What can be done now; APOP is announced by the greeting."""
        told = self.ask("CAPA", lines=True).decode("utf-8", "replace").splitlines()
        return [*told, *(["APOP"] if self.stamp else [])]

    def encrypt(self) -> None:
        """STLS."""
        self.ask("STLS")
        self.wire.encrypt()

    def log_in(self) -> None:
        """USER and PASS, inside TLS where they are not possible outside."""
        if not any(word in self.capabilities() for word in ("USER", "APOP")):
            self.encrypt()
        self.ask(f"USER {self.subject.user}")
        self.ask(f"PASS {self.subject.password}")


Pop3Preparing = MailboxPreparing[Pop3Talk]


def claims(subject: ProvedDoor) -> Iterator[Claim]:
    """Everything that CAPA and the greeting announce, in each situation in which it is asked.

    What is announced after the login, but is said before it, is said before it.
    """
    subject.deposit(token())
    for when, begin, prepare in mailbox_situations(subject, Pop3Talk.encrypt, Pop3Talk.log_in):
        with subject.wire() as wire:
            talk = Pop3Talk(subject, wire)
            prepare(talk)
            told = talk.capabilities()
        if when == LOGGED_IN:
            told = [word for word in told if word != "APOP"]
        for capability in told:
            name, _, parameters = capability.partition(" ")
            proof = PROOFS.get(name)
            prove = None if proof is None else partial(_proved, subject, begin, proof, parameters)
            yield Claim(when, name, prove)


def _proved(subject: ProvedDoor, begin: Pop3Preparing, proof: Callable[[Pop3Talk, str], None], parameters: str) -> None:
    with subject.wire() as wire:
        talk = Pop3Talk(subject, wire)
        begin(talk)
        proof(talk, parameters)
        talk.status("QUIT")


# ── the proofs: each begins before the login ──


def _stls(talk: Pop3Talk, _: str) -> None:
    """RFC 2595 §4: inside TLS it is offered no more."""
    talk.encrypt()
    if "STLS" in talk.capabilities():
        raise Lie("it is offered inside TLS, too")


def _user(talk: Pop3Talk, _: str) -> None:
    """RFC 1939 §7: a name and its password, and no other."""
    talk.ask(f"USER {talk.subject.user}")
    talk.ask(f"PASS {talk.subject.password}")
    talk.ask("STAT")


def _apop(talk: Pop3Talk, _: str) -> None:
    """RFC 1939 §7: the digest of the stamp and the password."""
    digest = hashlib.md5(talk.stamp + talk.subject.password.encode(), usedforsecurity=False).hexdigest()
    talk.ask(f"APOP {talk.subject.user} {digest}")
    talk.ask("STAT")


def _sasl(talk: Pop3Talk, mechanisms: str) -> None:
    """RFC 5034: each mechanism lets somebody in who knows the password."""
    encrypted = "STLS" not in talk.capabilities() and talk.subject.door.tls == "starttls"
    for mechanism in mechanisms.split():
        with talk.subject.wire() as wire:
            other = Pop3Talk(talk.subject, wire)
            if encrypted:
                other.encrypt()
            _authenticate(other, mechanism)
            other.ask("STAT")
            other.ask("QUIT")


def _authenticate(talk: Pop3Talk, mechanism: str) -> None:
    def ask(response: bytes | None) -> bytes | None:
        talk.wire.say((f"AUTH {mechanism}".encode() if response is None else response) + b"\r\n")
        status = talk.wire.line()
        if status.startswith(b"+OK"):
            return None
        if not status.startswith(b"+ "):
            raise unexpected(f"AUTH {mechanism}", status)
        return status[2:].strip()

    log_in(mechanism, talk.subject.user, talk.subject.password, ask)


def _utf8(talk: Pop3Talk, parameters: str) -> None:
    """RFC 6856 §2: after it names and passwords may be in UTF-8, where USER is announced; a stranger stays out."""
    talk.ask("UTF8")
    if "USER" in parameters.split():
        talk.ask("USER th\u01b0")
    talk.log_in()


def _lang(talk: Pop3Talk, _: str) -> None:
    """RFC 6856 §3: each language that is listed is spoken."""
    for line in talk.ask("LANG", lines=True).decode("utf-8", "replace").splitlines():
        tag = line.split()[0]
        answer = talk.ask(f"LANG {tag}")
        if not answer.startswith(f"+OK {tag} ".encode()):
            raise unexpected(f"LANG {tag}", answer)


def _uidl(talk: Pop3Talk, _: str) -> None:
    """RFC 1939 §7: every message has a name, which no other has, and which stays."""
    talk.log_in()
    names = dict(line.split() for line in talk.ask("UIDL", lines=True).splitlines())
    if not names or len({*names.values()}) < len(names):
        raise Lie(f"UIDL: {names} are no names")
    number, name = next(iter(names.items()))
    if talk.ask(f"UIDL {number.decode()}") != b"+OK %s %s\r\n" % (number, name):
        raise Lie(f"UIDL {number.decode()}: another name than in the list")


def _top(talk: Pop3Talk, _: str) -> None:
    """RFC 1939 §7: the header and so many lines."""
    talk.log_in()
    head = talk.ask("TOP 1 0", lines=True)
    whole = talk.ask("RETR 1", lines=True)
    if head != whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n":
        raise Lie(f"TOP 1 0: {head[-40:]!r} is not the end of the header")


def _pipelining(talk: Pop3Talk, _: str) -> None:
    """RFC 2449 §6.6: all commands at once, and the answers in their order."""
    talk.log_in()
    talk.wire.say(b"STAT\r\nLIST 1\r\nUIDL 1\r\nNOOP\r\n")
    for said in ("STAT", "LIST 1", "UIDL 1", "NOOP"):
        if not (line := talk.wire.line()).startswith(b"+OK"):
            raise unexpected(f"{said}, said with others", line)


def _resp_codes(talk: Pop3Talk, _: str) -> None:
    """RFC 2449 §8: a mailbox that somebody else has open is told as such."""
    talk.log_in()
    with talk.subject.wire() as wire:
        other = Pop3Talk(talk.subject, wire)
        if "USER" not in other.capabilities():
            other.encrypt()
        other.ask(f"USER {talk.subject.user}")
        other.refused(f"PASS {talk.subject.password}", "IN-USE")


def _auth_resp_code(talk: Pop3Talk, _: str) -> None:
    """RFC 3206 §5: a wrong password is told as such; where any name is taken, one without any letter is wrong."""
    if "USER" not in talk.capabilities():
        talk.encrypt()
    talk.ask(f"USER {talk.subject.user}")
    if talk.subject.door.login != "anybody":
        talk.refused("PASS wrong", "AUTH")


def _expire(talk: Pop3Talk, parameters: str) -> None:
    """RFC 2449 §6.7: NEVER: what was read and not deleted is there the next time."""
    if parameters != "NEVER":
        raise Lie(f"nothing here proves EXPIRE {parameters}")
    with talk.subject.wire() as wire:
        before = Pop3Talk(talk.subject, wire)
        before.log_in()
        names = before.ask("UIDL", lines=True)
        before.ask("RETR 1", lines=True)
        before.ask("QUIT")
    talk.log_in()
    if talk.ask("UIDL", lines=True) != names:
        raise Lie("a message that was read is gone, or has another name")


def _implementation(talk: Pop3Talk, parameters: str) -> None:
    """RFC 2449 §6.9."""
    if parameters != f"maillab-{__version__}":
        raise Lie(f"this is maillab {__version__}, not {parameters}")


PROOFS: dict[str, Callable[[Pop3Talk, str], None]] = {
    "STLS": _stls,
    "USER": _user,
    "APOP": _apop,
    "SASL": _sasl,
    "UTF8": _utf8,
    "LANG": _lang,
    "UIDL": _uidl,
    "TOP": _top,
    "PIPELINING": _pipelining,
    "RESP-CODES": _resp_codes,
    "AUTH-RESP-CODE": _auth_resp_code,
    "EXPIRE": _expire,
    "IMPLEMENTATION": _implementation,
}
