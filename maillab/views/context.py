"""Who talks with whom about what: a follower of entries that knows, at each, what a filter may ask about its talk.

Rules for this file: entries come in their order; it forgets old talks; nothing of a secret is kept.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from maillab.events import (
    Authenticated,
    Bounced,
    Carried,
    Delivered,
    Entry,
    Event,
    Leg,
    Opened,
    Said,
    Secured,
    Side,
    Submitted,
)
from maillab.mail.content import Content
from maillab.views.jobs import Jobs, trim
from maillab.views.legs import leg_of, protocol_of
from maillab.views.searched import opened

WAITING = 1_000  # pipelined commands whose replies are still awaited

_PATH = re.compile(rb"(?i)[ \t]*(MAIL[ \t]+FROM|RCPT[ \t]+TO)[ \t]*:[ \t]*(<[^>]{0,1000}>?|[^ \t\r\n]{0,1000})")
_QUESTION = re.compile(rb"(\S{1,255}?)\.? IN (\S{1,20})")
_EXCHANGE = re.compile(r" MX [0-9]{1,5} (\S{1,255}?)\.(?= |\Z)")
_AFRESH = {"EHLO", "HELO", "RSET", "QUIT"}


class Marked(Protocol):
    """A named moment: it comes after the entry of number `after`."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def after(self) -> int:
        """Number of the entry before it, 0 for the very beginning."""
        ...


@dataclass(slots=True)
class Talk:
    """What is known of a talk at the entry just heard. `sender` and `recipients` stand in <>, as on the wire."""

    leg: Leg | None
    protocol: str
    server: str = ""
    tls: str = ""  # "" for none, "tls" where the version was not told
    user: str = ""
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    content: Content | None = None  # the message that it is about, where it was carried already
    verb: str = ""  # of the entry just heard: the command, or the one that it answers
    greeted: bool = True
    asked: str = ""  # the last command of the client
    challenged: str = ""  # the command to which the next line of the client belongs
    waiting: list[str] = field(default_factory=list)

    def afresh(self) -> None:
        """A transaction begins or ends: nothing of the last one counts."""
        self.sender, self.recipients, self.content = "", [], None


class Context:
    """Hears entries in their order.

    `start` is the moment from which seconds count (default: the first entry heard), `marks` the named moments,
    `known` what an earlier reading of the same entries found out about talks and their jobs (`Jobs.of`).

    >>> from maillab.events import Said, Side
    >>> context = Context()
    >>> context.hear(Entry(1, 0.0, Said("relay-1", Side.CLIENT, b"MAIL FROM:<a@sender.test>\\r\\n")))
    >>> context.talks["relay-1"].sender
    '<a@sender.test>'
    """

    def __init__(
        self,
        *,
        start: float | None = None,
        marks: Iterable[Marked] = (),
        known: dict[str, set[str]] | None = None,
    ) -> None:
        self.start = start
        self.mark = ""
        self.last: Entry | None = None
        self.talks = Talks()
        self.jobs = Jobs()
        self._marks = deque(sorted(marks, key=lambda mark: mark.after))
        self._known = known or {}

    def hear(self, entry: Entry) -> None:
        """Take note of the next entry. The same entry twice is heard once."""
        if entry is self.last:
            return
        self.last = entry
        if self.start is None:
            self.start = entry.at
        while self._marks and self._marks[0].after < entry.seq:
            self.mark = self._marks.popleft().name
        event = entry.event
        match event:
            case Said():
                self._said(event, self.talks[event.talk])
            case Opened(name, leg, service, server, secure):
                self.talks.open(name, leg, service, server, secure)
                if leg is Leg.RELAY:
                    self.jobs.opened(name, server)
            case Carried(name, side, content):
                talk = self.talks[name]
                talk.content = content
                if side is Side.CLIENT:
                    talk.verb = "BDAT" if talk.asked == "BDAT" else "DATA"
                    if talk.leg is Leg.RELAY:
                        self.jobs.shown(name, content.start, [one.strip("<>") for one in talk.recipients])
            case Secured(name, version):
                talk = self.talks[name]
                talk.tls, talk.user, talk.challenged = version or "tls", "", ""
                talk.waiting.clear()
                talk.afresh()  # RFC 3207 §4.2
            case Authenticated(name, user):
                self.talks[name].user = user
            case _:
                self.jobs.hear(event)

    def jobs_of(self, name: str) -> set[str]:
        """The jobs that a talk belongs to: those it brought, looks up for, or carries."""
        return self.jobs.of.get(name, set()) | self._known.get(name, set())

    def senders(self, event: Event) -> Iterator[str]:
        """Whom the message of this entry is from: by its envelope, by the event, by its own From."""
        if isinstance(event, Submitted):
            yield f"<{event.sender}>"
        elif (job := self.jobs.known.get(getattr(event, "job", ""))) is not None:
            yield job.sender
        talk = self.talks.get(getattr(event, "talk", ""))
        if talk is not None:
            yield talk.sender
            if talk.content is not None:
                yield from opened(talk.content).values("from")

    def recipients(self, event: Event) -> Iterator[str]:
        """Whom the message of this entry is for: by its envelope, by the event, by its own To, Cc and Bcc."""
        named = getattr(event, "recipients", None)
        if named is not None:
            yield from (f"<{one}>" for one in named)
        elif isinstance(event, Bounced):
            yield f"<{event.to}>"
        elif isinstance(event, Delivered):
            yield f"<{event.mailbox}>"
        elif (job := self.jobs.known.get(getattr(event, "job", ""))) is not None:
            yield from (f"<{one}>" for one in job.recipients)
        talk = self.talks.get(getattr(event, "talk", ""))
        if talk is not None:
            yield from talk.recipients
            if talk.content is not None:
                yield from opened(talk.content).values("to", "cc", "bcc")

    def _said(self, said: Said, talk: Talk) -> None:
        if talk.protocol == "dns":
            self._looked_up(said, talk)
        elif said.side is Side.CLIENT:
            self._asked(said, talk)
        else:
            _answered(said.line, talk)

    def _asked(self, said: Said, talk: Talk) -> None:
        """A line of a client of SMTP or POP3."""
        words = said.line[:1000].split(None, 1)
        verb = words[0][:16].upper().decode("ascii", "replace") if words else ""
        if talk.challenged:
            verb, talk.challenged = talk.challenged, ""
        elif said.secret[0] < said.secret[1] and not said.line[: said.secret[0]].strip():
            verb = ""  # a password typed where a command belongs
        elif talk.protocol == "pop3":
            talk.content = None
            if verb == "USER" and len(words) > 1:
                talk.user = words[1].strip().decode("utf-8", "replace")
        elif verb == ".":
            verb = "DATA"
        elif verb in ("MAIL", "RCPT"):
            self._envelope(said, talk)
        elif verb in _AFRESH:
            talk.afresh()
        talk.verb = talk.asked = verb
        if len(talk.waiting) < WAITING:
            talk.waiting.append(verb)

    def _envelope(self, said: Said, talk: Talk) -> None:
        found = _PATH.match(said.line[:2000])
        if not found:
            return
        path = found[2].decode("utf-8", "replace").strip("<>")
        if found[1][:1] in b"mM":
            talk.afresh()
            talk.sender = f"<{path}>"
            self.jobs.begun(said.talk)
        elif len(talk.recipients) < WAITING:
            talk.recipients.append(f"<{path}>")
        if found[1][:1] in b"rR" and talk.leg is Leg.RELAY:
            self.jobs.carried(said.talk, talk.server, talk.sender, path)

    def _looked_up(self, said: Said, talk: Talk) -> None:
        """A question or an answer of DNS: `recipient.test. IN MX ?`"""
        if said.side is Side.CLIENT:
            question = _QUESTION.match(said.line[:400])
            talk.asked = question[2].decode("ascii", "replace").upper() if question else ""
            name = question[1].decode("utf-8", "replace").lower() if question else ""
            self.jobs.asked(said.talk, name)
        else:
            hosts = _EXCHANGE.findall(said.line[:4096].decode("utf-8", "replace").strip())
            self.jobs.answered(said.talk, [host.lower() for host in hosts])
        talk.verb = talk.asked


class Talks(dict[str, Talk]):
    """Talks by name; of one whose beginning was not heard, what its name tells."""

    def __missing__(self, name: str) -> Talk:
        leg = leg_of(name)
        talk = self[name] = Talk(leg, protocol_of("", leg))
        trim(self)
        return talk

    def open(self, name: str, leg: Leg, service: str, server: str, secure: bool) -> None:
        """A talk began."""
        tls = "tls" if secure else ""
        self[name] = Talk(leg, protocol_of(service, leg), server, tls, greeted=False)
        trim(self)


def _answered(line: bytes, talk: Talk) -> None:
    """A line of a server of SMTP or POP3: which command does it answer?"""
    if talk.protocol == "pop3":
        first, goes_on, challenge = line[:1] in (b"+", b"-"), False, line[:2] in (b"+ ", b"+\r")
        if not first:  # a line of a listing
            return
    else:
        goes_on, challenge = line[3:4] == b"-", line[:3] == b"334"
    if not talk.greeted:  # the first reply answers nobody
        talk.greeted, talk.verb = not goes_on, ""
    elif talk.waiting:
        talk.verb = talk.waiting[0] if goes_on else talk.waiting.pop(0)
        talk.challenged = talk.verb if challenge else ""
    else:
        talk.verb = ""
