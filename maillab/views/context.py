"""Who talks with whom about what: a follower of entries that knows, at each, what a filter may ask about its talk.

Rules for this file: entries come in their order; it forgets old talks; nothing of a secret is kept.
"""

import typing
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maillab.events import (
    Authenticated,
    Bounced,
    Carried,
    Closed,
    Delivered,
    Entry,
    Event,
    Leg,
    Opened,
    Packet,
    Said,
    Secured,
    Side,
    Submitted,
)
from maillab.mail.content import Content
from maillab.protocols.dns.message import read
from maillab.protocols.protocol import AnswerLine, Named, Request, RequestKind
from maillab.views.followed import Followed, FollowedTalk
from maillab.views.jobs import Jobs
from maillab.views.searched import opened
from maillab.views.shown import Shows, shows

RECIPIENTS = 1_000  # of one message that are remembered
ENDED = 500  # talks that have ended and are remembered


class Marked(typing.Protocol):
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
class TalkContext(FollowedTalk):
    """What is known of a talk at the entry just heard. `sender` and `recipients` stand in <>, as on the wire."""

    tls: str = ""  # "" for none, "tls" where the version was not told
    user: str = ""
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    content: Content | None = None  # the message that it is about, where it was carried already
    fetched: bool = False  # the server carried it
    heard: Request | AnswerLine | None = None  # what the entry just heard is, or the request that it belongs to

    @property
    def request(self) -> Request | None:
        """Of the entry just heard: itself, or the one that it answers or belongs to."""
        return self.heard.request if isinstance(self.heard, AnswerLine) else self.heard

    @property
    def verb(self) -> str:
        """Of the entry just heard: the command, or the one that it answers."""
        return self.request.verb if self.request is not None else ""

    def values(self, *names: str) -> list[str]:
        """Of the message that it is about: the values of its fields of these names."""
        return opened(self.content).values(*names) if self.content is not None else []

    def afresh(self) -> None:
        """A transaction begins or ends: nothing of the last one counts."""
        self.sender, self.recipients, self.content = "", [], None


class Talks(Followed[TalkContext]):
    """Talks by their names."""

    make = TalkContext


class Context:
    """Hears entries in their order.

    `start` is the moment from which seconds count (default: the first entry heard), `marks` the named moments,
    `known` what an earlier reading of the same entries found out about talks and their jobs (`Jobs.of`), `says` gives
    the words of an entry's row.

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
        says: Shows | None = None,
    ) -> None:
        self.start = start
        self.says = says or shows()
        self.mark = ""
        self.last: Entry | None = None
        self.talks = Talks()
        self.jobs = Jobs()
        self._ended: deque[str] = deque()
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
        heard = self.talks.hear(entry)
        match event:
            case Said():
                self._said(event, self.talks[event.talk], heard)
            case Packet():
                self.talks[event.talk].heard = heard
                self._looked_up(event)
            case Opened(name, leg, _, server, secure):
                self.talks[name].tls = "tls" if secure else ""
                if leg is Leg.RELAY:
                    self.jobs.opened(name, server)
            case Carried(name, side, content):
                talk = self.talks[name]
                talk.content, talk.fetched = content, side is Side.SERVER
                talk.heard = heard
                if side is Side.CLIENT and talk.leg is Leg.RELAY:
                    self.jobs.shown(name, content.start, [one.strip("<>") for one in talk.recipients])
            case Secured(name, version):
                talk = self.talks[name]
                talk.tls, talk.user = version or "tls", ""
                talk.afresh()  # RFC 3207 §4.2
            case Authenticated(name, user):
                self.talks[name].user = user
            case _:
                self.jobs.hear(event)
        if isinstance(event, Closed):
            self._forget_after(event.talk)

    def _forget_after(self, name: str) -> None:
        """A talk has ended: what came of it is told soon, and then nothing is asked of it any more."""
        self._ended.append(name)
        if len(self._ended) > ENDED:
            self.talks.pop(self._ended.popleft(), None)

    def jobs_of(self, name: str) -> set[str]:
        """The jobs that a talk belongs to: those it brought, looks up for, or carries."""
        return self.jobs.of.get(name, set()) | self._known.get(name, set())

    def senders(self, event: Event) -> Iterator[str]:
        """Whom the message of this entry is from: by its envelope, by the event, by its own From."""
        if isinstance(event, Submitted):
            yield f"<{event.sender}>"
        elif (job := self.jobs.known.get(getattr(event, "job", ""))) is not None:
            yield job.sender
        if (talk := self.talks.get(getattr(event, "talk", ""))) is not None:
            yield talk.sender
            yield from talk.values("from")

    def recipients(self, event: Event) -> Iterator[str]:
        """Whom the message of this entry is for: by its envelope, by the event, by its own To, Cc and Bcc."""
        recipients = getattr(event, "recipients", None)
        if recipients is not None:
            yield from (f"<{recipient}>" for recipient in recipients)
        elif isinstance(event, Bounced):
            yield f"<{event.to}>"
        elif isinstance(event, Delivered):
            yield f"<{event.mailbox}>"
        elif (job := self.jobs.known.get(getattr(event, "job", ""))) is not None:
            yield from (f"<{recipient}>" for recipient in job.recipients)
        if (talk := self.talks.get(getattr(event, "talk", ""))) is not None:
            yield from talk.recipients
            yield from talk.values("to", "cc", "bcc")

    def _said(self, said: Said, talk: TalkContext, heard: Request | AnswerLine | None) -> None:
        talk.heard = heard
        if talk.leg is Leg.LOOKUP:
            self._looked_up_in_words(said)
        elif isinstance(heard, Request) and heard.kind is RequestKind.COMMAND:
            self._asked(said, talk, heard)

    def _asked(self, said: Said, talk: TalkContext, command: Request) -> None:
        """A command of a client."""
        if talk.fetched:
            talk.content, talk.fetched = None, False
        if command.row.afresh:
            talk.afresh()
        match command.row.names:
            case Named.USER:
                talk.user = command.argument.decode("utf-8", "replace")
            case Named.SENDER | Named.RECIPIENT:
                self._envelope(said.talk, talk, command)
            case _:
                pass

    def _envelope(self, name: str, talk: TalkContext, command: Request) -> None:
        octets = talk.protocol.path(command.argument)
        if octets is None:
            return
        path = octets.decode("utf-8", "replace")
        if command.row.names is Named.SENDER:
            talk.sender = f"<{path}>"
            self.jobs.begun(name)
            return
        if len(talk.recipients) < RECIPIENTS:
            talk.recipients.append(f"<{path}>")
        if talk.leg is Leg.RELAY:
            self.jobs.carried(name, talk.server, talk.sender, path)

    def _looked_up(self, packet: Packet) -> None:
        """A query of DNS, or the response to it."""
        message = read(packet.octets)
        question = message.question.name if message and message.question else ""
        records = message.records if message else ()
        self._follow(packet, question, [record.target for record in records if record.rdtype == "MX"])

    def _looked_up_in_words(self, said: Said) -> None:
        """The same in a record of version 1, which holds what was said in words: `recipient.test. IN MX ?`"""
        words = said.line[:4096].decode("utf-8", "replace").split()
        hosts = [words[place + 2] for place, word in enumerate(words[:-2]) if word == "MX"]
        self._follow(said, words[0] if words else "", hosts)

    def _follow(self, event: Said | Packet, name: str, hosts: list[str]) -> None:
        """A name is looked up for jobs, which look up next the hosts that are found."""
        if event.side is Side.CLIENT:
            self.jobs.asked(event.talk, name.lower().removesuffix("."))
        else:
            self.jobs.answered(event.talk, [host.lower().removesuffix(".") for host in hosts if host != "."])
