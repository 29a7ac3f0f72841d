"""The sentences of the screen, in both languages: what each event says when it is not itself a line of a protocol.

Rules for this file: templates are ours, values are not, so a value passes `show` (see `safe`) before it enters one.
Vietnamese keeps the protocol's words as they are.
"""

import re
from collections.abc import Callable
from functools import cache

from maillab.events import (
    Adjusted,
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    DecidedEvent,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    Opened,
    Queued,
    Read,
    Removed,
    Routed,
    RulePlayed,
    Secured,
    Stumbled,
    Submitted,
    Tolerated,
    Transport,
    Warned,
)
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.vietnamese import VIETNAMESE

NAMED = 5  # recipients, hosts or numbers that are listed; the others are counted

Show = Callable[[str], str]

_CLOSED = {  # by the reason
    "quit": "ended",
    "lost": "connection lost",
    "timeout": "closed: idle for too long",
    "answered": "closed after the answer",
    "refused": "closed by the server",
    "closing": "closed: the server was stopped",
    "untrusted": "the client refused the server's certificate",
    "no TLS": "the TLS handshake failed",
}
_BOUNCED = {  # by the kind of report
    "failed": "failure report (bounce) sent to {to} as message {message}",
    "delayed": "delay report sent to {to} as message {message}",
    "delivered": "delivery report sent to {to} as message {message}",
}
_SENTENCES: dict[type, str] = {  # where nothing else has to be looked at
    Opened: "connected to {server} ({service})",
    Secured: "TLS began ({version})",
    Authenticated: "logged in as {user} ({mechanism})",
    Submitted: "accepted message {message} from <{sender}> for {recipients} ({octets} bytes)",
    Queued: "message {message} queued for {domain} ({recipients})",
    Routed: "hosts to try, in order: {hosts}",
    Attempted: "tried {host}: {code}",
    Deferred: "deferred for {recipients}, retry in {wait}: {reason}",
    Failed: "failed for {recipients}, will not be retried: {reason}",
    Dropped: "report dropped: {reason}",
    Delivered: "stored for {mailbox} as {uid} ({octets} bytes)",
    Read: "message {uid} read by {mailbox}",
    Removed: "messages removed from {mailbox}: {uids}",
    Tolerated: "tolerated: {why} ({rule})",
    RulePlayed: "rule applied, {effect}: {rule}",
    Warned: "warning: {text}",
    Adjusted: "changed by hand: {value}",
    Stumbled: "internal error of the lab, reference {reference}: {what}",
}
_ADJUSTED = {  # by what a person did
    "started": "started: {value}",
    "stopped": "stopped: {value}",
    "held": "queue on hold",
    "resumed": "queue resumed",
    "clock": "clock moved forward by {value}",
    "mailbox": "new mailbox {value}",
    "login": "logs in at {value}",
    "no login": "logs in at {value} no more",
    "zone": "zone {value} edited and reloaded",
    "setting": "setting: {value}",
}
_UNITS = ("{count} d", "{count} h", "{count} min", "{count} s")


class Phrases:
    """Events as sentences in one language; `show` makes values harmless, `own` adapts our own words to the terminal."""

    def __init__(self, lang: Lang, show: Show, own: Show = str) -> None:
        self._say = Say(lang, VIETNAMESE)
        self._templates: dict[str, str] = {}  # that were said before
        self._show = show
        self._own = own

    def __call__(self, text: str, /, **values: str | int) -> str:
        """A sentence, given in English, with its values in place."""
        template = self._templates.get(text)
        if template is None:
            template = self._templates[text] = self._own(self._say(text))
        shown = {name: self._show(value) if isinstance(value, str) else value for name, value in values.items()}
        return template.format(**shown)

    def of(self, event: Opened | Secured | Closed | DecidedEvent) -> str:
        """The sentence of an event that is no line of a protocol: its fields are the values."""
        text = _sentence(event)
        return self(text, **{name: self._value(event, name) for name in _gaps(text)})

    def _value(self, event: Opened | Secured | Closed | DecidedEvent, name: str) -> str | int:
        """What goes into a gap of the event's sentence."""
        if name == "wait" and isinstance(event, Deferred):
            return self.span(event.seconds)
        value: str | int | tuple[str | int, ...] = getattr(event, name)
        if isinstance(value, tuple):
            return self.some([*map(str, value)])
        if isinstance(event, Adjusted) and event.what == "clock" and event.value.isdigit():
            return self.span(int(event.value))
        ours = isinstance(event, Tolerated | Warned) or (name == "why") or getattr(event, "what", "") == "setting"
        remark = ours and isinstance(event, Tolerated | Warned | Attempted | Adjusted)
        return self._remark(str(value)) if remark else value

    def _remark(self, text: str) -> str:
        """A remark of a machine, or the rule behind it, in the reader's language."""
        remark = self._say(text)
        if self._say.lang == "vi" and remark.startswith("RFC "):
            remark = remark.replace(" section ", " mục ")
        return remark if remark == text else self._own(remark)

    def some(self, names: tuple[str, ...] | list[str]) -> str:
        """The first few names, and how many more there are."""
        shown = ", ".join(names[:NAMED])
        return self("{names} and {count} more", names=shown, count=len(names) - NAMED) if len(names) > NAMED else shown

    def span(self, seconds: int) -> str:
        """A length of time in its two largest units: 45 s, 2 h 30 min."""
        minutes, second = divmod(max(0, seconds), 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        counts = zip(_UNITS, (days, hour, minute, second), strict=True)
        parts = [self(unit, count=count) for unit, count in counts if count]
        return " ".join(parts[:2]) or self(_UNITS[-1], count=0)


def _sentence(event: Opened | Secured | Closed | DecidedEvent) -> str:
    match event:
        case Opened(transport=Transport.UDP):
            return "to {server} over UDP ({service})"
        case Opened(secure=True):
            return "connected to {server} ({service}, TLS from the first byte)"
        case Closed(why=why):
            return _CLOSED.get(why, "ended: {why}")
        case RulePlayed(rule=""):
            return "injected fault: {effect}"
        case Routed(hosts=()):
            return "no host accepts mail for this domain"
        case Attempted(code=0, why=""):
            return "tried {host}: no answer"
        case Attempted(code=0):
            return "tried {host}: {why}"
        case Attempted(why=why) if why:
            return "{host} was not asked: {why}"
        case Attempted(code=code) if 200 <= code < 300:
            return "{host} accepted it: {code}"
        case Failed() if event.removed:
            return "removed by hand for {recipients}; the sender gets no report"
        case Adjusted(what=what):
            return _ADJUSTED.get(what, _SENTENCES[Adjusted])
        case Bounced(kind=kind):
            return _BOUNCED.get(kind, "report {kind} sent to {to} as message {message}")
        case _:
            return _SENTENCES[type(event)]


@cache
def _gaps(text: str) -> list[str]:
    return re.findall(r"{(\w+)}", text)
