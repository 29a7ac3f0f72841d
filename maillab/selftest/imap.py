"""The proofs of IMAP: each word of CAPABILITY, used as the RFC that it stands for says.

Most are a row: what is said, and what must be told. <F> is a new folder with three messages, <G> an empty one.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from maillab.selftest.claim import Claim, Lie, unexpected
from maillab.selftest.sasl import log_in
from maillab.selftest.subject import MailboxPreparing, ProvedDoor, mailbox_situations, token
from maillab.selftest.wire import ProvingWire

_MESSAGES = (
    b"Subject: one\r\nFrom: a@sender.test\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\nHello Bob\r\n",
    b"Subject: two\r\n\r\none\r\ntwo\r\nand three, which is long enough to be larger than the first one is\r\n",
    b"Subject: six\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n"
    b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n",
)


class UsePlace(StrEnum):
    """Where a proof begins: before the login, after it, or in front of a folder."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    LOOKING = "looking"


class Use(NamedTuple):
    """One proof: where it begins, what is said (the tags are a, b, c in this order), and what must be told."""

    place: UsePlace
    said: str
    told: str


class ImapTalk:
    """A conversation with an IMAP service, from its greeting on."""

    def __init__(self, subject: ProvedDoor, wire: ProvingWire) -> None:
        self.subject, self.wire = subject, wire
        self.wire.line()

    def tell(self, said: bytes, last_tag: str) -> bytes:
        """Say these lines; gives all that is told up to the answer of the last."""
        self.wire.say(said + b"\r\n")
        return self.wire.until(re.compile(rf"{last_tag} ".encode()))

    def ask(self, command: str) -> bytes:
        """Say one command; the answer to it must be OK."""
        told = self.tell(f"z {command}".encode(), "z")
        if b"z OK" not in told:
            raise Lie(f"{command}: OK was expected, and the answer is {told[-200:]!r}")
        return told

    def capabilities(self) -> list[str]:
        """What can be done now."""
        told = re.search(rb"\* CAPABILITY (.*)\r\n", self.ask("CAPABILITY"))
        if told is None:
            raise Lie("CAPABILITY is answered by nothing")
        return told[1].decode("ascii", "replace").split()

    def encrypt(self) -> None:
        """STARTTLS."""
        self.ask("STARTTLS")
        self.wire.encrypt()

    def log_in(self) -> None:
        """LOGIN, inside TLS where it is not possible outside."""
        if "LOGINDISABLED" in self.capabilities():
            self.encrypt()
        self.ask(f'LOGIN "{self.subject.user}" "{self.subject.password}"')

    def furnish(self) -> str:
        """Make a folder with a new name, and three messages in it."""
        name = token()
        self.ask(f"CREATE {name}")
        for message in _MESSAGES:
            self.wire.say(b"z APPEND %s {%d}\r\n" % (name.encode(), len(message)))
            if not (line := self.wire.line()).startswith(b"+"):
                raise unexpected("APPEND", line)
            self.wire.say(message + b"\r\n")
            if b"z OK" not in (told := self.wire.until(re.compile(rb"z "))):
                raise unexpected("APPEND", told)
        return name


ImapPreparing = MailboxPreparing[ImapTalk]


def claims(subject: ProvedDoor) -> Iterator[Claim]:
    """Everything that CAPABILITY announces, in each situation in which it is asked."""
    for when, begin, prepare in mailbox_situations(subject, ImapTalk.encrypt, ImapTalk.log_in):
        with subject.wire() as wire:
            talk = ImapTalk(subject, wire)
            prepare(talk)
            told = talk.capabilities()
        for capability in told:
            yield Claim(when, capability, _proof(subject, begin, capability))


def _proof(subject: ProvedDoor, begin: ImapPreparing, capability: str) -> Callable[[], None] | None:
    name, _, parameter = capability.partition("=")
    if (use := USES.get(capability)) is not None:
        return partial(_used, subject, begin, use)
    proof = PROOFS.get(name)
    return None if proof is None else partial(_proved, subject, begin, proof, parameter)


def _proved(subject: ProvedDoor, begin: ImapPreparing, proof: Callable[[ImapTalk, str], None], parameter: str) -> None:
    with subject.wire() as wire:
        talk = ImapTalk(subject, wire)
        begin(talk)
        proof(talk, parameter)


def _used(subject: ProvedDoor, begin: ImapPreparing, use: Use) -> None:
    """Say what is to be said, and compare what is told."""
    with subject.wire() as wire:
        talk = ImapTalk(subject, wire)
        begin(talk)
        said, told = use.said, use.told
        if use.place is not UsePlace.OUTSIDE:
            talk.log_in()
        if use.place is UsePlace.LOOKING or "<F>" in said:
            name = talk.furnish()
            said, told = said.replace("<F>", name), told.replace("<F>", name)
            if use.place is UsePlace.LOOKING:
                talk.ask(f"SELECT {name}")
        if "<G>" in said:
            other = token()
            talk.ask(f"CREATE {other}")
            said, told = said.replace("<G>", other), told.replace("<G>", other)
        last = max(re.findall(r"(?m)^([a-y]) ", said))
        answer = talk.tell(said.replace("\n", "\r\n").encode(), last)
        if not re.fullmatch(told.encode(), answer.replace(b"\r\n", b"\n").removesuffix(b"\n"), re.S):
            raise Lie(f"{said.splitlines()[0]}: {answer[-300:]!r} is not as expected")


# ── the proofs that are more than what is said and what is told ──


def _starttls(talk: ImapTalk, _: str) -> None:
    """RFC 9051 §6.2.1: inside TLS it is offered no more."""
    talk.encrypt()
    if "STARTTLS" in talk.capabilities():
        raise Lie("it is offered inside TLS, too")


def _authenticate(talk: ImapTalk, mechanism: str) -> None:
    """RFC 9051 §6.2.2: the mechanism lets somebody in who knows the password."""

    def ask(response: bytes | None) -> bytes | None:
        talk.wire.say((f"a AUTHENTICATE {mechanism}".encode() if response is None else response) + b"\r\n")
        line = talk.wire.line()
        while line.startswith(b"* "):
            line = talk.wire.line()
        if line.startswith(b"a OK"):
            return None
        if not line.startswith(b"+ "):
            raise unexpected(f"AUTHENTICATE {mechanism}", line)
        return line[2:].strip()

    log_in(mechanism, talk.subject.user, talk.subject.password, ask)
    talk.ask("STATUS INBOX (MESSAGES)")


def _initial_response(talk: ImapTalk, _: str) -> None:
    """RFC 4959: the first response in the line that begins."""
    words = f"\0{talk.subject.user}\0{talk.subject.password}".encode()
    talk.ask(f"AUTHENTICATE PLAIN {b64encode(words).decode()}")


def _login_disabled(talk: ImapTalk, _: str) -> None:
    """RFC 9051 §6.2.3: LOGIN is refused, whatever the password."""
    told = talk.tell(f'a LOGIN "{talk.subject.user}" "{talk.subject.password}"'.encode(), "a")
    if not told.startswith(b"a NO"):
        raise unexpected("LOGIN", told)


def _compress(talk: ImapTalk, method: str) -> None:
    """RFC 4978: all is deflated after it, and it is offered no more."""
    talk.log_in()
    talk.ask(f"COMPRESS {method}")
    talk.wire.deflate()
    if "COMPRESS=DEFLATE" in talk.capabilities():
        raise Lie("it is offered again where everything is deflated")


def _idle(talk: ImapTalk, _: str) -> None:
    """RFC 2177: what somebody else does is told while nothing is asked."""
    talk.log_in()
    name = talk.furnish()
    talk.ask(f"SELECT {name}")
    talk.wire.say(b"a IDLE\r\n")
    if not (line := talk.wire.line()).startswith(b"+"):
        raise unexpected("IDLE", line)
    with talk.subject.wire() as wire:
        other = ImapTalk(talk.subject, wire)
        other.log_in()
        other.ask(f"SELECT {name}")
        other.ask("STORE 1 +FLAGS (\\Flagged)")
    if b"\\Flagged" not in (line := talk.wire.line()):
        raise Lie(f"IDLE: {line!r} is told, and not the new flag")
    talk.tell(b"DONE", "a")


def _append_limit(talk: ImapTalk, most: str) -> None:
    """RFC 7889: what is larger is refused before it travels, and what is not larger is not."""
    talk.log_in()
    told = talk.tell(f"a APPEND INBOX {{{int(most) + 1}}}".encode(), "a")
    if b"[TOOBIG]" not in told:
        raise unexpected(f"APPEND of {int(most) + 1} octets", told)
    talk.wire.say(f"a APPEND INBOX {{{most}}}\r\n".encode())
    if not (line := talk.wire.line()).startswith(b"+"):
        raise unexpected(f"APPEND of {most} octets", line)


PROOFS: dict[str, Callable[[ImapTalk, str], None]] = {  # by what stands before "="
    "STARTTLS": _starttls,
    "AUTH": _authenticate,
    "SASL-IR": _initial_response,
    "LOGINDISABLED": _login_disabled,
    "COMPRESS": _compress,
    "IDLE": _idle,
    "APPENDLIMIT": _append_limit,
}

_IN, _AT = UsePlace.INSIDE, UsePlace.LOOKING
USES = {  # capability: where it is used, what is said, and what must be told
    "IMAP4rev1": Use(_AT, "a SEARCH 1", r"\* SEARCH 1\na OK .*"),
    "IMAP4rev2": Use(
        _IN, "a ENABLE IMAP4rev2\nb SELECT <F>\nc SEARCH 1", r'.*\* ESEARCH \(TAG "c"\) ALL 1\nc OK .*'
    ),
    "LITERAL+": Use(_IN, "a STATUS {5+}\nINBOX (MESSAGES)", r"\* STATUS INBOX \(MESSAGES [0-9]+\)\na OK .*"),
    "ID": Use(UsePlace.OUTSIDE, "a ID NIL", r'\* ID \("name" .*\)\na OK .*'),
    "ENABLE": Use(_IN, "a ENABLE CONDSTORE", r"\* ENABLED CONDSTORE\na OK .*"),
    "UTF8=ACCEPT": Use(
        _IN, 'a ENABLE UTF8=ACCEPT\nb CREATE "<G>th\u01b0"\nc LIST "" <G>*', '.*"/" "<G>th\u01b0"\nc OK .*'
    ),
    "CONDSTORE": Use(_AT, "a STORE 1 (UNCHANGEDSINCE 0) FLAGS ()", r".*a (?:OK|NO) \[MODIFIED 1\] .*"),
    "QRESYNC": Use(
        _IN, "a ENABLE QRESYNC\nb SELECT <F> (QRESYNC (1 1))", r".*\* OK \[HIGHESTMODSEQ [0-9]+\].*b OK .*"
    ),
    "CREATE-SPECIAL-USE": Use(
        _IN, 'a CREATE <G>s (USE (\\Junk))\nb LIST "" <G>s', r'a NO \[USEATTR\].*|.*\\Junk.* "/" <G>s\nb OK .*'
    ),
    "CHILDREN": Use(_IN, 'a LIST "" <F>', r'\* LIST \(.*\\HasNoChildren.*\) "/" <F>\na OK .*'),
    "LIST-EXTENDED": Use(
        _IN, 'a SUBSCRIBE <F>\nb LIST (SUBSCRIBED) "" (<F>* <G>*)',
        r'a OK .*\* LIST \(.*\\Subscribed.*\) "/" <F>\nb OK .*',
    ),
    "LIST-STATUS": Use(
        _IN, 'a LIST "" <F> RETURN (STATUS (MESSAGES))', r".*\* STATUS <F> \(MESSAGES 3\)\na OK .*"
    ),
    "SPECIAL-USE": Use(_IN, 'a LIST (SPECIAL-USE) "" *', r"\* LIST \(.*\\Sent.*a OK .*"),
    "NAMESPACE": Use(_IN, "a NAMESPACE", r'\* NAMESPACE \(\("" "/"\)\) NIL NIL\na OK .*'),
    "STATUS=SIZE": Use(_IN, "a STATUS <F> (SIZE)", r"\* STATUS <F> \(SIZE [1-9][0-9]*\)\na OK .*"),
    "MULTIAPPEND": Use(
        _IN, "a APPEND <G> {3+}\na:b {3+}\nc:d\nb STATUS <G> (MESSAGES)",
        r"a OK \[APPENDUID [0-9]+ 1:2\] .*\* STATUS <G> \(MESSAGES 2\)\nb OK .*",
    ),
    "QUOTA": Use(_IN, 'a GETQUOTA ""', r'\* QUOTA "" .*\na OK .*'),
    "QUOTA=RES-STORAGE": Use(_IN, "a GETQUOTAROOT INBOX", r'.*\* QUOTA "" \(STORAGE [0-9]+ [0-9]+\)\na OK .*'),
    "UNSELECT": Use(
        _AT, "a STORE 1 +FLAGS.SILENT \\Deleted\nb UNSELECT\nc STATUS <F> (MESSAGES)",
        r".*b OK .*\* STATUS <F> \(MESSAGES 3\)\nc OK .*",
    ),
    "UIDPLUS": Use(
        _AT, "a COPY 1 <G>\nb STORE 1:2 +FLAGS.SILENT \\Deleted\nc UID EXPUNGE 1",
        r"a OK \[COPYUID [0-9]+ 1 1\] .*\* 1 EXPUNGE\nc OK .*",
    ),
    "ESEARCH": Use(_AT, "a SEARCH RETURN (COUNT) ALL", r'\* ESEARCH \(TAG "a"\) COUNT 3\na OK .*'),
    "SEARCHRES": Use(_AT, "a SEARCH RETURN (SAVE) 2\nb FETCH $ UID", r"a OK .*\* 2 FETCH \(UID 2\)\nb OK .*"),
    "WITHIN": Use(_AT, "a SEARCH YOUNGER 100000", r"\* SEARCH 1 2 3\na OK .*"),
    "SORT": Use(_AT, "a SORT (REVERSE SUBJECT) UTF-8 ALL", r"\* SORT 2 3 1\na OK .*"),
    "ESORT": Use(
        _AT, "a SORT RETURN (COUNT) (REVERSE SIZE) UTF-8 ALL", r'\* ESEARCH \(TAG "a"\) COUNT 3\na OK .*'
    ),
    "THREAD=ORDEREDSUBJECT": Use(_AT, "a THREAD ORDEREDSUBJECT UTF-8 1", r"\* THREAD \(1\)\na OK .*"),
    "THREAD=REFERENCES": Use(_AT, "a THREAD REFERENCES UTF-8 1", r"\* THREAD \(1\)\na OK .*"),
    "BINARY": Use(
        _AT, "a FETCH 3 BINARY.PEEK[2]", "\\* 3 FETCH \\(BINARY\\[2\\] ~\\{3\\}\n\x00\x01\x02\\)\na OK .*"
    ),
    "OBJECTID": Use(_IN, "a STATUS <F> (MAILBOXID)", r"\* STATUS <F> \(MAILBOXID \(\S+\)\)\na OK .*"),
    "PREVIEW": Use(_AT, "a FETCH 1 (PREVIEW)", r'\* 1 FETCH \(PREVIEW "Hello Bob"\)\na OK .*'),
    "SAVEDATE": Use(_AT, "a FETCH 1 (SAVEDATE)", r'\* 1 FETCH \(SAVEDATE ".*"\)\na OK .*'),
    "MOVE": Use(_AT, "a MOVE 1 <G>", r"\* OK \[COPYUID .*\* 1 EXPUNGE\na OK .*"),
}  # fmt: skip
