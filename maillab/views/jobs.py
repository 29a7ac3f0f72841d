"""Which talk serves which job: the one that brought the message, those that look its names up, those that carry it.

Rules for this file: the events do not say it all, so it is put together from names, recipients and hosts, in the order
in which things happened. It forgets the oldest.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from maillab.events import Attempted, Bounced, Deferred, Event, Failed, Queued, Routed, Submitted

KEPT = 10_000  # jobs, messages and talks that are remembered, each

# What the sending machine wrote on the message when it took it: the id in the first Received field (RFC 5321 §4.4)
_ID = re.compile(rb"Received:[^\r\n]{0,998}(?:\r\n[ \t][^\r\n]{0,998}){0,5}?[ \t]id ([A-Za-z0-9]{1,40})[ \t;\r]")


@dataclass(slots=True)
class SeenJob:
    """One message on its way to one domain. `sender` stands in <>, "" where it is not known."""

    message: str
    sender: str
    recipients: tuple[str, ...]
    names: set[str]  # that are looked up for it
    carrier: str = ""  # the talk that carries it now


class Jobs:
    """Follows events; `carried`, `asked`, `answered` and `opened` are told of talks.

    >>> jobs = Jobs()
    >>> jobs.hear(Submitted("submit-1", "L1", "a@sender.test", ("b@recipient.test",), 9))
    >>> jobs.hear(Queued("L1.1", "L1", "recipient.test", ("b@recipient.test",)))
    >>> jobs.carried("relay-1", "", "<a@sender.test>", "b@recipient.test")
    >>> jobs.of
    {'submit-1': {'L1.1'}, 'relay-1': {'L1.1'}}
    """

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}  # talk: its jobs
        self.known: dict[str, SeenJob] = {}
        self.carrying: dict[str, str] = {}  # relay: the job whose message it carries now, or carried last
        self._guesses: dict[str, str] = {}  # relay: the job that its envelope fits, before the message is seen
        self._messages: dict[str, tuple[str, str]] = {}  # message: sender, talk that brought it
        self._relays: dict[str, str] = {}  # server: the talk that went there last
        self._waiting: dict[str, dict[str, None]] = {}  # recipient or name that is looked up: jobs that wait for it

    def hear(self, event: Event) -> None:
        """Something was decided."""
        match event:
            case Submitted(name, message, sender, _, _):
                self._messages[message] = (f"<{sender}>", name)
                trim(self._messages)
            case Bounced(_, _, _, message):
                self._messages.setdefault(message, ("<>", ""))  # RFC 5321 §4.5.5
            case Queued(name, message, domain, recipients):
                sender, brought_by = self._messages.get(message, ("", ""))
                if len(self.known) >= KEPT:
                    self._rest(next(iter(self.known)))
                self.known[name] = SeenJob(message, sender, recipients, {domain})
                trim(self.known)
                self._wait(name, recipients)
                if brought_by:
                    self._link(brought_by, name)
            case Routed(name, hosts):
                self._name(name, hosts)
            case Deferred(name, recipients, _, _):
                self._wait(name, recipients)
            case Attempted(name, host, code):
                talk = self._relays.get(host, "")
                if talk and talk not in self.of:  # it ended before a recipient was named
                    self._link(talk, name)
                if code:
                    self._rest(name)
            case Failed(name, _, _):
                self._rest(name)
            case _:
                pass

    def opened(self, talk: str, server: str) -> None:
        """A relay went to this server."""
        self._relays[server] = talk
        trim(self._relays)

    def carried(self, talk: str, server: str, sender: str, recipient: str) -> None:
        """A relay named a recipient: of the job that it carries already, else of the oldest that nobody carries."""
        waiting = [(name, self.known[name]) for name in self._waiting.get(recipient, ()) if name in self.known]
        fitting = [  # a host may be known by another name than the one that was looked up
            ((job.carrier != talk, bool(server) and server not in job.names), name)
            for name, job in waiting
            if job.carrier in ("", talk) and job.sender in ("", sender)
        ]
        if fitting:
            _, name = min(fitting, key=lambda one: one[0])
            if name != self.carrying.get(talk):
                self._guesses[talk] = name
                trim(self._guesses)
            self._carry(talk, name)

    def begun(self, talk: str) -> None:
        """A relay names a sender: another message comes, and what was guessed about the last one stands."""
        self._guesses.pop(talk, None)

    def shown(self, talk: str, content: bytes, recipients: Iterable[str]) -> None:
        """The beginning of the message that a relay carries: it says itself which one it is, where the envelope fits
        several. `recipients` as they were named.
        """
        trace = _ID.match(content)
        if trace is None:
            return
        message, guess = trace[1].decode("ascii"), self._guesses.pop(talk, "")
        waiting = (name for recipient in recipients for name in self._waiting.get(recipient, ()))
        name = next((name for name in waiting if name in self.known and self.known[name].message == message), "")
        if name and name != self.carrying.get(talk):
            if guess:  # it was of another message
                self.of.get(talk, set()).discard(guess)
                if guess in self.known and self.known[guess].carrier == talk:
                    self.known[guess].carrier = ""
            self._carry(talk, name)

    def _carry(self, talk: str, name: str) -> None:
        self.known[name].carrier = talk
        self.carrying[talk] = name
        trim(self.carrying)
        self._link(talk, name)

    def asked(self, talk: str, name: str) -> None:
        """A name is looked up."""
        for job in self._waiting.get(name, ()):
            self._link(talk, job)

    def answered(self, talk: str, hosts: Iterable[str]) -> None:
        """A look-up gave the names of hosts: these are looked up next."""
        for job in self.of.get(talk, ()):
            self._name(job, hosts)

    def _name(self, name: str, names: Iterable[str]) -> None:
        if name in self.known:
            self.known[name].names.update(names)
            self._wait(name, ())

    def _wait(self, name: str, recipients: Iterable[str]) -> None:
        """The job waits for these recipients to be named and for its names to be looked up."""
        if name in self.known:
            for awaited in (*self.known[name].names, *recipients):
                self._waiting.setdefault(awaited, {})[name] = None

    def _rest(self, name: str) -> None:
        """Nobody looks up or carries anything for the job now."""
        if (job := self.known.get(name)) is None:
            return
        job.carrier = ""
        for awaited in (*job.names, *job.recipients):
            jobs = self._waiting.get(awaited, {})
            jobs.pop(name, None)
            if not jobs:
                self._waiting.pop(awaited, None)

    def _link(self, talk: str, job: str) -> None:
        self.of.setdefault(talk, set()).add(job)
        trim(self.of)


def trim(known: dict[Any, Any]) -> None:
    """Forget the oldest, where there are more than `KEPT`."""
    if len(known) > KEPT:
        del known[next(iter(known))]
