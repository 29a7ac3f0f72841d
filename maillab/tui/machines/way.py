"""One message's way as facts: which service took it, which hosts were tried with what, how long it took, who has it.

Rules for this file: no Textual; what is said is as long as there is room for it. Where there is little, the stations
that went well say less first, and the one that matters last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from maillab.protocols.services import SERVICES
from maillab.tui.looks import sink
from maillab.tui.machines.machine_state import short_reason
from maillab.tui.texts import Texts
from maillab.views.journey import Hop, HopState, HostTry, Trip
from maillab.views.reasons import reason_of
from maillab.views.safe import clip, safe
from maillab.views.units import lasted, left

SIGNS = {
    HopState.AHEAD: ("dim", ""),
    HopState.NOW: ("accent", "●"),
    HopState.DONE: ("good", "✓"),
    HopState.WAITING: ("warn", "…"),
    HopState.FAILED: ("bad", "✗"),
    HopState.SKIPPED: ("dim", ""),
}
ARROWS = ((" ━▶ ", " ─▷ "), ("━▶ ", "─▷ "), ("▶", "▷"))  # to a station that was reached, and to one that was not
WORDS = 28  # cells of a server's own words


@dataclass(frozen=True, slots=True)
class WayPiece:
    """A piece of the line; `hop` is the station that it belongs to, `None` for the writer and the arrows."""

    style: str
    text: str
    hop: Hop | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """A station with the ways to say it, from the longest to the shortest. `reached`: the message has come so far."""

    hop: Hop | None
    reached: bool
    ways: tuple[tuple[sink.Piece, ...], ...]

    def at(self, level: int) -> tuple[sink.Piece, ...]:
        """The way to say it at a level of brevity; the shortest where it knows none that is shorter."""
        return self.ways[min(level, len(self.ways) - 1)]


def hops_seen(trip: Trip) -> tuple[Hop, ...]:
    """The stations that stand in the line: not those that the message does not pass, nor the last before it is near."""
    return tuple(
        hop for hop in Hop if trip.hops[hop] is not HopState.SKIPPED and (hop is not Hop.FETCH or _is_near(trip))
    )


def result(trip: Trip, texts: Texts) -> sink.Piece | None:
    """What has become of it, in a word on a ground of its own; `None` while it is on its way."""
    states = trip.hops
    if states[Hop.SUBMIT] is HopState.FAILED:
        return ("badge-refused", texts("way.result.refused"))
    if HopState.FAILED in (states[Hop.LOOKUP], states[Hop.RELAY], states[Hop.STORE]):
        return ("badge-refused", texts("way.result.bounced"))
    if HopState.WAITING in states.values():
        return ("badge-later", texts("way.result.queued"))
    return ("badge-ok", texts("way.result.delivered")) if states[Hop.STORE] is HopState.DONE else None


def way(trip: Trip, texts: Texts, now: float, cells: int, chosen: Hop | None = None) -> list[WayPiece]:
    """The line, in so many cells where that can be."""
    stations = [*_stations(trip, texts, now)]
    matters = max((place for place, station in enumerate(stations) if station.reached), default=0)
    others = [place for place in range(len(stations)) if place != matters]
    densities = range(len(ARROWS))
    steps = [(density, place) for density in densities for place in others] + [(2, matters) for _ in densities]
    levels = [0] * len(stations)
    pieces = _drawn(stations, levels, 0, chosen)
    for density, place in steps:
        if _cells(pieces) <= cells:
            break
        levels[place] += 1
        pieces = _drawn(stations, levels, density, chosen)
    return pieces


def _drawn(stations: Sequence[Station], levels: Sequence[int], density: int, chosen: Hop | None) -> list[WayPiece]:
    pieces: list[WayPiece] = []
    for place, station in enumerate(stations):
        if place:
            arrow = ARROWS[density][0 if station.reached else 1]
            pieces.append(WayPiece("good" if station.reached else "dim", arrow))
        for style, text in station.at(levels[place]):
            is_name = style in ("plain", "dim", "bold") and station.hop is chosen is not None
            pieces.append(WayPiece("on" if is_name else style, text, station.hop))
    return pieces


def _cells(pieces: Sequence[WayPiece]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)


# ── the stations ──


def _stations(trip: Trip, texts: Texts, now: float) -> Iterator[Station]:
    writer = _name(trip.sender) or texts("way.no_sender")
    yield Station(
        None, True, ((("bold", writer),), (("bold", sink.fit(writer, 7).rstrip() if len(writer) > 7 else writer),))
    )
    for hop in hops_seen(trip):
        match hop:
            case Hop.SUBMIT:
                yield _submitted(trip, texts)
            case Hop.LOOKUP:
                yield _looked_up(trip, texts)
            case Hop.RELAY:
                yield _relayed(trip, texts, now)
            case Hop.STORE:
                yield _stored(trip, texts)
            case Hop.FETCH:
                yield _fetched(trip, texts)


def _station(trip: Trip, hop: Hop, *ways: str, reason: str = "") -> Station:
    """A station by its names; its sign and what went wrong stand behind them."""
    state = trip.hops[hop]
    style, sign = SIGNS[state]
    reached = state is not HopState.AHEAD
    said = [((("plain" if reached else "dim"), name), *(((style, f" {sign}"),) if sign else ())) for name in ways]
    if reason:
        code = [(*said[-1], (style, f" {reason[:3]}"))] if reason[:3].isdigit() else []
        said = [*((*way, (style, f" {reason}")) for way in said), *code, said[-1]]
    return Station(hop, reached, tuple(said))


def _submitted(trip: Trip, texts: Texts) -> Station:
    service = SERVICES.get(trip.service)
    name = texts("way.port", port=service.port) if service and not service.for_people else trip.service
    short = texts("hop.submit.short")
    return _station(trip, Hop.SUBMIT, name or short, short, reason=_failed_words(trip, Hop.SUBMIT, texts))


def _looked_up(trip: Trip, texts: Texts) -> Station:
    """The hosts that answer for the domain. Those that were tried in vain are told, where another one took it."""
    vain = [tried for tried in trip.tries if not tried.took]
    taker = next((tried for tried in trip.tries if tried.took), None)
    short = _station(trip, Hop.LOOKUP, texts("way.mx"), reason=_failed_words(trip, Hop.LOOKUP, texts))
    if not trip.hosts or trip.hops[Hop.LOOKUP] is not HopState.DONE:
        return short
    if not vain or taker is None:
        hosts = [trip.hosts[0], _host(trip.hosts[0])]
        names = [f"{texts('way.mx')} {sink.piece('', host)[1]}" for host in hosts]
        return _station(trip, Hop.LOOKUP, *names, texts("way.mx"))
    long: list[sink.Piece] = [("plain", texts("way.mx"))]
    for tried in vain:
        long += [sink.piece("plain", f" {_host(tried.host)}"), ("bad", f" ✗ {_why(tried, texts)}"), ("dim", ",")]
    long += [sink.piece("plain", f" {_host(taker.host)}"), ("good", " ✓")]
    middle = (
        sink.piece("plain", f"{texts('way.mx')} {_host(taker.host)}"),
        ("good", " ✓"),
        ("warn", f" ({len(vain)} ✗)"),
    )
    return Station(Hop.LOOKUP, True, (tuple(long), middle, short.at(9)))


def _relayed(trip: Trip, texts: Texts, now: float) -> Station:
    name = texts("hop.relay")
    state = trip.hops[Hop.RELAY]
    if state is HopState.WAITING and (trip.retry or trip.reason or trip.rests):
        wait = texts("machine.retry", wait=left(max(0.0, trip.retry - now))) if trip.retry else ""
        why = texts("way.rests") if trip.rests else short_reason(trip.reason, texts) if trip.reason else ""
        why = clip(safe(why), WORDS)
        style, sign = SIGNS[state]
        words = [", ".join(filter(None, (why, wait))), wait or why, wait.rpartition(" ")[2] or sign]
        return Station(Hop.RELAY, True, tuple((("plain", name), (style, f" {sign} {said}")) for said in words))
    if state is HopState.DONE and trip.relayed and trip.accepted:
        took = lasted(max(0.0, trip.relayed - trip.accepted))
        return Station(
            Hop.RELAY, True, ((("plain", name), ("good", " ✓"), ("dim", f" {took}")), (("plain", name), ("good", " ✓")))
        )
    return _station(trip, Hop.RELAY, name, reason=_failed_words(trip, Hop.RELAY, texts))


def _stored(trip: Trip, texts: Texts) -> Station:
    boxes = [mailbox for mailbox, _ in trip.boxes] or list(trip.recipients)
    if len(boxes) > 1:
        done = len({mailbox for mailbox, _ in trip.boxes})
        words = texts("way.mailboxes", done=done, all=max(len(trip.recipients), done))
        return _station(trip, Hop.STORE, words, texts("hop.store"))
    if not boxes:  # no server has taken a recipient yet
        return _station(trip, Hop.STORE, texts("hop.store"))
    who = _name(boxes[0])
    return _station(trip, Hop.STORE, texts("way.mailbox", who=who), who)


def _fetched(trip: Trip, texts: Texts) -> Station:
    if trip.hops[Hop.FETCH] is HopState.DONE:
        return _station(trip, Hop.FETCH, texts("way.fetched"), texts("hop.fetch"))
    return _station(trip, Hop.FETCH, texts("way.not_fetched"), texts("way.not_fetched_short"), texts("hop.fetch"))


# ── words ──


def _is_near(trip: Trip) -> bool:
    """Does the message lie in a mailbox?"""
    return trip.hops[Hop.STORE] is HopState.DONE or trip.hops[Hop.FETCH] is not HopState.AHEAD


def _failed_words(trip: Trip, hop: Hop, texts: Texts) -> str:
    """What went wrong at a station for good."""
    if trip.hops[hop] is not HopState.FAILED:
        return ""
    if not trip.reason:
        return texts("way.broken_off") if hop is Hop.SUBMIT else ""
    expired = reason_of(trip.reason).expired
    words = texts("way.gave_up", after=expired) if expired else short_reason(trip.reason, texts)
    return clip(safe(words), WORDS)


def _why(tried: HostTry, texts: Texts) -> str:
    """What went wrong with a host."""
    if tried.code:
        return str(tried.code)
    kind = reason_of(tried.why).kind
    return texts("way.refused") if kind == "refused" else texts("way.no_answer")


def _host(host: str) -> str:
    return host.partition(".")[0]


def _name(address: str) -> str:
    return sink.piece("", address.partition("@")[0] or address)[1]
