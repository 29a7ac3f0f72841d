"""What a person should hear of at once, wherever they look: a message arrived, waits, came back; a rule was played.

Rules for this file: quiet, and told entries in their order; one notice for one thing that happened, with its cause and
the key that helps. Of a flood only the first is told whole, what follows is counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from maillab.events import (
    Adjusted,
    Attempted,
    Bounced,
    Deferred,
    Delivered,
    Dropped,
    Entry,
    Failed,
    Routed,
    RulePlayed,
    Stumbled,
)
from maillab.tui.looks.sink import piece
from maillab.tui.machines.machine_state import short_reason
from maillab.tui.machines.way import came_back
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.fitting import by_words
from maillab.views.jobs import trim
from maillab.views.journey import Trip
from maillab.views.reasons import ReasonKind, reason_of
from maillab.views.safe import safe
from maillab.views.units import duration, left

CALM = 2.0  # seconds between two notices of one kind
NAMED = 3  # mailboxes that are named when several messages arrived at once
WORDS = 60  # cells of a server's own words


class NoticeKind(StrEnum):
    """What happened; those of one kind are counted together."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    DELAYED = "delayed"
    LOST = "lost"
    RULE = "rule"
    FAULT = "fault"
    SWITCHED = "switched"


TAKEN = range(200, 300)  # codes of an attempt after which a job is done
ON_THE_WAY = (NoticeKind.SWITCHED, NoticeKind.DEFERRED, NoticeKind.DELAYED)  # may have gone on since
LEVELS = {
    NoticeKind.DELIVERED: "good",
    NoticeKind.DEFERRED: "warn",
    NoticeKind.DELAYED: "warn",
    NoticeKind.RULE: "warn",
    NoticeKind.SWITCHED: "good",
}


@dataclass(frozen=True, slots=True)
class LabNotice:
    """One thing to say: `level` is good, warn or bad."""

    kind: NoticeKind
    text: str

    @property
    def level(self) -> str:
        """How it is shown."""
        return LEVELS.get(self.kind, "bad")


@dataclass(slots=True)
class _Waiting:
    """What is to be said of one kind, since somebody was told of it last: where it names a time that is left, as a
    function of the moment at which it is said.
    """

    texts: dict[object, str | Callable[[float], str]] = field(default_factory=dict)  # by what each is about, the newest
    whose: dict[str, None] = field(default_factory=dict)
    told: float = float("-inf")


class Notices:
    """Hears entries, and gives what is to be said. Does somebody hold the queue of a message (`is_held`), and are the
    machines seen where the person is (`in_lab`)?
    """

    def __init__(self, texts: Texts, is_held: Callable[[str], bool], in_lab: Callable[[], bool]) -> None:
        self.texts = texts
        self._is_held = is_held
        self._in_lab = in_lab
        self._waiting: dict[NoticeKind, _Waiting] = {}
        self._told: dict[object, str] = {}  # of jobs that wait
        self._outdated: set[str] = set()

    def hear(self, entries: Sequence[Entry], model: Model) -> None:
        """Take note of entries, which the model has taken already."""
        for entry in entries:
            match entry.event:
                case Delivered():
                    self._delivered(entry.event, model)
                case Deferred():
                    self._deferred(entry, entry.event, model)
                case Bounced():
                    self._bounced(entry.event, model)
                case Routed(job) | Failed(job):
                    self._is_over(job)
                case Attempted(job, code=code) if code in TAKEN:
                    self._is_over(job)
                case Adjusted(_, "clock"):
                    self._outdated |= {*self._told.values()}
                    self._told.clear()
                case Dropped():
                    self._dropped(entry.event, model)
                case RulePlayed(talk, rule, effect):
                    self._put(NoticeKind.RULE, self.texts("notice.rule", talk=talk, effect=effect), rule or effect)
                case Adjusted(machine, "started", _):
                    self._started(machine, model)
                case Adjusted(machine, "stopped", _):
                    text = self.texts("notice.stopped.here" if self._in_lab() else "notice.stopped", site=machine)
                    self._put(NoticeKind.SWITCHED, text, machine)
                case Stumbled(where, reference, _):
                    self._put(NoticeKind.FAULT, self.texts("notice.fault", where=where, reference=reference))
                case _:
                    pass

    def due(self, moment: float, now: float) -> list[LabNotice]:
        """What is to be said now, each kind at most once in `CALM` seconds; `moment` is on a clock that only goes on,
        `now` on the lab's.

        What became of a message stands last, where it is read: a rule that was played is only why, and a message that
        waits, or is late, may have come to its end since.
        """
        notices = []
        for kind, waiting in sorted(self._waiting.items(), key=lambda item: _turn(item[0])):
            if waiting.texts and moment - waiting.told >= CALM:
                notices.append(LabNotice(kind, text := self._said(kind, waiting, now)))
                for job in waiting.texts if kind is NoticeKind.DEFERRED else ():
                    self._told[job] = text
                    trim(self._told)
                waiting.texts, waiting.whose, waiting.told = {}, {}, moment
        return notices

    def outdated(self) -> set[str]:
        """What was said and holds no longer: how long a message waits, once it is tried or the clock was turned."""
        outdated, self._outdated = self._outdated, set()
        return outdated

    def forget(self) -> None:
        """Nothing of what was heard matters any more."""
        self._waiting.clear()

    def _put(self, kind: NoticeKind, text: str | Callable[[float], str], whose: str = "", *, about: str = "") -> None:
        """Something to say; `about` the same thing only the newest is said."""
        waiting = self._waiting.setdefault(kind, _Waiting())
        waiting.texts[about or object()] = text
        if whose:
            waiting.whose[whose] = None

    def _is_over(self, job: str) -> None:
        """It waits no longer: that it did is no news any more."""
        self._unsay(NoticeKind.DEFERRED, job)
        if job in self._told:
            self._outdated.add(self._told.pop(job))

    def _unsay(self, kind: NoticeKind, about: str) -> None:
        """Nobody needs to hear this of it any more."""
        if (waiting := self._waiting.get(kind)) is not None:
            waiting.texts.pop(about, None)

    def _said(self, kind: NoticeKind, waiting: _Waiting, now: float) -> str:
        """One text as it is; of several how many there were, and for whom."""
        if len(waiting.texts) == 1:
            text = next(iter(waiting.texts.values()))
            return text if isinstance(text, str) else text(now)
        names = list(waiting.whose)
        more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
        whose = piece("", ", ".join(names[:NAMED]) + more)[1]
        return self.texts(f"notice.{kind}.many", count=len(waiting.texts), whose=whose)

    # ── what happened ──

    def _delivered(self, event: Delivered, model: Model) -> None:
        trip = _trip_of_box(model, event)
        if trip is not None and trip.report_of:
            return  # told when it was written
        name = trip.message if trip is not None and trip.message else self.texts("notice.message")
        took = duration(trip.took) if trip is not None and trip.took is not None else ""
        values = {"name": name, "who": _name(event.mailbox)}
        if trip is not None and (domains := _caught_of(trip, event, model)):
            text = self.texts("notice.caught", domains=domains, **values)
        elif took:
            text = self.texts("notice.delivered", took=took, **values)
        else:
            text = self.texts("notice.stored", **values)
        self._put(NoticeKind.DELIVERED, text, values["who"])

    def _deferred(self, entry: Entry, event: Deferred, model: Model) -> None:
        """Why it waits, how long, and what helps."""
        reason, retry = reason_of(event.reason), entry.at + event.seconds
        waiting = next((job for job in model.queues.waiting if job.job == event.job), None)
        host = reason.host or (waiting.domain if waiting is not None else "")
        words, values = "notice.deferred", {"name": _message(event.job), "host": host}
        if waiting is not None and waiting.down:
            words, values["ago"] = "notice.rests", duration(max(1.0, entry.at - waiting.down))
        elif reason.kind in (ReasonKind.REFUSED, ReasonKind.SILENT, ReasonKind.UNREACHABLE):
            words = f"notice.deferred.{reason.kind}"
        else:
            values["why"] = _short(short_reason(event.reason, self.texts))

        def text(now: float) -> str:
            return self.texts(words, wait=left(max(0.0, round(retry - now))), **values)

        self._put(NoticeKind.DEFERRED, text, host, about=event.job)

    def _started(self, machine: str, model: Model) -> None:
        """A machine runs, and what waits for it."""
        if waiting := sum(job.domain == machine for job in model.queues.waiting):
            text = self.texts("notice.started.waited_for", site=machine, count=waiting)
        else:
            text = self.texts("notice.started", site=machine)
        self._put(NoticeKind.SWITCHED, text, machine)

    def _bounced(self, event: Bounced, model: Model) -> None:
        trip = model.journeys.of_job(event.job)
        name = _message(event.job)
        returned = trip.failed - trip.removed if trip is not None else set()
        if trip is not None and len(trip.recipients) > len(returned) > 0:
            name = self.texts("notice.part", name=name, who=", ".join(map(_name, sorted(returned)[:NAMED])))
        values = {"name": name, "to": _name(event.to)}
        if event.kind != "failed":
            if event.kind == "delayed":
                self._put(NoticeKind.DELAYED, self.texts("notice.delayed", **values), values["to"])
            return
        reason = trip.reason if trip is not None else ""
        why, expired = _short(short_reason(reason, self.texts)), reason_of(reason).expired
        if self._is_held(event.message):
            text = self.texts("notice.bounced.held", why=why, **values)
        elif expired:
            text = self.texts("notice.gave_up", why=why, after=expired, **values)
        else:
            text = self.texts("notice.bounced", why=why, **values)
        self._put(NoticeKind.BOUNCED, text, values["to"], about=event.message)

    def _dropped(self, event: Dropped, model: Model) -> None:
        """A report was lost, or none could be written: what became of the message stands in the same notice."""
        failed, lost = model.journeys.of_job(event.job), _short(event.reason)
        if failed is None:
            self._put(NoticeKind.LOST, self.texts("notice.lost", why=lost))
            return
        why = _short(short_reason(failed.reason, self.texts))
        if not failed.report_of:
            self._put(NoticeKind.LOST, self.texts("notice.lost.nobody", name=_message(event.job), why=why, lost=lost))
            return
        self._unsay(NoticeKind.BOUNCED, failed.message)
        about = model.journeys.of_message(failed.report_of)
        values = {"name": failed.report_of, "to": _name(failed.recipients[0]), "lost": why}
        if about is not None and came_back(about):
            text = self.texts("notice.lost.bounced", why=_short(short_reason(about.reason, self.texts)), **values)
        else:
            text = self.texts("notice.lost.report", **values)
        self._put(NoticeKind.LOST, text)


def _turn(kind: NoticeKind) -> int:
    """When it is said, among others of the same moment."""
    return 0 if kind is NoticeKind.RULE else 1 if kind in ON_THE_WAY else 2


def _trip_of_box(model: Model, event: Delivered) -> Trip | None:
    """The message that was put into a mailbox there: one of the newest."""
    box = (event.mailbox, event.uid)
    return next((trip for trip in reversed(model.journeys.trips[-200:]) if box in trip.boxes), None)


def _caught_of(trip: Trip, event: Delivered, model: Model) -> str:
    """The domains for which nobody here has a mailbox, where the message was caught; somebody may have mistyped one."""
    from maillab.config import CAUGHT

    who, _, site = event.mailbox.partition("@")
    if who != CAUGHT:
        return ""
    known = {site, *(address.partition("@")[2] for address in (trip.sender, *model.boxes))}
    domains = dict.fromkeys(address.partition("@")[2] for address in trip.recipients)
    return _short(", ".join(domain for domain in domains if domain and domain not in known))


def _message(job: str) -> str:
    return job.partition(".")[0]


def _name(address: str) -> str:
    return piece("", address.partition("@")[0] or address)[1]


def _short(text: str) -> str:
    """A server's own words, as many as have room.

    >>> _short("no connection to nohost.recipient.test [127.0.0.9]: it is unreachable from here")
    'no connection to nohost.recipient.test [127.0.0.9]: it is…'
    """
    return by_words(safe(text), WORDS)
