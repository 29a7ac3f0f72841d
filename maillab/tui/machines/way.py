"""One message's way as facts: which service took it, which hosts were tried with what, how long it took, who has it.

Rules for this file: no Textual; what is said is as long as there is room for it. Where there is little, the stations
that went well say less first, and the one that matters last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from maillab.protocols.services import SERVICES
from maillab.tui.looks import sink
from maillab.tui.machines.machine_state import short_reason
from maillab.tui.texts import Texts
from maillab.views.journey import Hop, HopState, HostTry, Trip
from maillab.views.reasons import reason_of
from maillab.views.safe import clip, safe
from maillab.views.units import duration, left

SIGNS = {
    HopState.AHEAD: ("dim", ""),
    HopState.NOW: ("accent", "●"),
    HopState.DONE: ("good", "✓"),
    HopState.WAITING: ("warn", "…"),
    HopState.FAILED: ("bad", "✗"),
    HopState.SKIPPED: ("dim", ""),
}
ARROWS = ((" ━▶ ", " ─▷ "), (" ▶ ", " ▷ "), ("▶", "▷"))  # to a station that was reached, and to one that was not
WORDS = 28  # cells of a server's own words that stay while there is any other way to save room
MOST_WORDS = 72  # cells of them, where there is all the room
SHORTER = 3  # cells, from one way to say them to the next
SPARED = (Hop.SUBMIT, Hop.FETCH, Hop.STORE, None, Hop.RELAY, Hop.LOOKUP)  # stations: those that say less first


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
        hop
        for hop in Hop
        if trip.hops[hop] is not HopState.SKIPPED
        and (hop is not Hop.FETCH or _is_near(trip))
        and (hop is not Hop.LOOKUP or not _is_passed_by(trip))
    )


def result(trip: Trip, texts: Texts) -> sink.Piece | None:
    """What has become of it, in a word on a ground of its own; `None` while it is on its way."""
    states = trip.hops
    if states[Hop.SUBMIT] is HopState.FAILED:
        return ("badge-refused", texts("way.result.refused"))
    if HopState.WAITING in states.values():
        return ("badge-later", texts("way.result.queued"))
    if trip.partly_delivered:
        done, everybody = len(trip.recipients) - len(trip.failed), len(trip.recipients)
        return ("badge-later", texts("way.result.partly", done=done, all=everybody))
    if came_back(trip):
        if trip.thrown_away:
            return ("badge-later", texts("way.result.removed"))
        # what has no sender comes back to nobody (RFC 5321 §4.5.5)
        return ("badge-refused", texts("way.result.bounced" if trip.sender else "way.result.failed"))
    return ("badge-ok", texts("way.result.delivered")) if states[Hop.STORE] is HopState.DONE else None


def hop_name(hop: Hop, trip: Trip | None, texts: Texts) -> str:
    """How a station is called. What came in where servers come was not submitted: its port is named."""
    if hop is Hop.SUBMIT and trip is not None and _came_in_at_a_server(trip):
        return texts("way.port", port=SERVICES[trip.service].port)
    return texts(f"hop.{hop}")


def on_hold(trip: Trip) -> Trip:
    """The same message while its queue is held: one that a queue has and nobody carries waits for whoever holds it."""
    states = trip.hops
    is_in_queue = bool(trip.message) and states[Hop.LOOKUP] is not HopState.NOW and not trip.settled
    if not is_in_queue or states[Hop.RELAY] not in (HopState.AHEAD, HopState.WAITING):
        return trip
    return replace(trip, held=True, hops=states | {Hop.RELAY: HopState.WAITING})


def came_back(trip: Trip) -> bool:
    """Has a queue given it up, at least for one of its recipients?"""
    return bool(trip.failed) or HopState.FAILED in (trip.hops[Hop.LOOKUP], trip.hops[Hop.RELAY], trip.hops[Hop.STORE])


def way(
    trip: Trip, texts: Texts, now: float, cells: int, chosen: Hop | None = None, report: Trip | None = None
) -> list[WayPiece]:
    """The line, in so many cells where that can be; of a message that came back it ends with the `report` about it."""
    stations = [*_stations(trip, texts, now, report)]
    levels = [0] * len(stations)
    pieces, density = _drawn(stations, levels, 0, chosen), 0
    for density, place in _steps(stations):
        if _cells(pieces) <= cells:
            break
        levels[place] += 1
        pieces = _drawn(stations, levels, density, chosen)
    while density and _cells(airy := _drawn(stations, levels, density - 1, chosen)) <= cells:
        density, pieces = density - 1, airy
    for _, place in [*_steps(stations)][::-1]:  # what was spared in vain is said again, the most important first
        if levels[place]:
            levels[place] -= 1
            longer = _drawn(stations, levels, density, chosen)
            if _cells(longer) <= cells:
                pieces = longer
            else:
                levels[place] += 1
    return pieces


def way_ahead(sender: str, recipients: str, texts: Texts, cells: int) -> list[WayPiece]:
    """The way of a message that nobody has sent yet, as far as it is written: grey, and without a sign."""
    known = tuple(filter(None, map(_address, recipients.split(","))))
    trip = Trip("", _address(sender) or texts("way.somebody"), known, 0)
    return [replace(piece, style="dim", hop=None) for piece in way(trip, texts, 0.0, cells)]


def _address(typed: str) -> str:
    """What may be an address, of somebody whose name may stand before it."""
    return typed.rpartition("<")[2].strip("> ")


def _steps(stations: Sequence[Station]) -> Iterator[tuple[int, int]]:
    """Which station says less next, and how dense the line is then; the one that matters keeps its words for long."""
    reached = (place for place, station in enumerate(stations) if station.reached)
    matters = max(
        reached, key=lambda place: (len(stations[place].ways) > 3, place)
    )  # where there is a reason, else last
    order = sorted(range(len(stations)), key=lambda place: SPARED.index(stations[place].hop))
    others = [place for place in order if place != matters]
    yield from ((0, place) for place in others)
    has_arrived = stations[matters].hop is Hop.STORE
    words = len(stations[matters].ways) - 3  # of a reason; of one that arrived how long that took
    yield from ((0, matters) for _ in range(1 if has_arrived else words))
    yield from ((1, place) for place in others)
    yield from ((1, matters) for _ in range(has_arrived))  # whose mailbox it is can be read without the word
    yield from ((2, place) for place in others)
    yield from ((2, matters) for _ in range(3))


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


def _stations(trip: Trip, texts: Texts, now: float, report: Trip | None) -> Iterator[Station]:
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
                if report is None or trip.boxes or HopState.WAITING in trip.hops.values():
                    yield _stored(trip, texts)
            case Hop.FETCH:
                yield _fetched(trip, texts)
    if report is not None:
        yield _reported(report, texts)


def _station(trip: Trip, hop: Hop, *ways: str, reason: str = "") -> Station:
    """A station by its names; its sign and what went wrong stand behind them."""
    state = trip.hops[hop]
    style, sign = SIGNS[state]
    reached = state is not HopState.AHEAD
    said = [((("plain" if reached else "dim"), name), *(((style, f" {sign}"),) if sign else ())) for name in ways]
    if reason:
        code = [(*said[-1], (style, f" {reason[:3]}"))] if reason[:3].isdigit() else []
        said = [*((*way, (style, f" {words}")) for way in said for words in _shorter(reason)), *code, said[-1]]
    return Station(hop, reached, tuple(said))


def _shorter(words: str) -> list[str]:
    """Words, shorter and shorter.

    >>> _shorter("550 No mailbox here by that name"), _shorter("refused")
    (['550 No mailbox here by that name', '550 No mailbox here by that…'], ['refused'])
    """
    return [words, *(clip(words, room) for room in range(cell_len(words) - SHORTER - 1, WORDS - SHORTER, -SHORTER))]


def _submitted(trip: Trip, texts: Texts) -> Station:
    name = hop_name(Hop.SUBMIT, trip, texts)
    shorter = [] if _came_in_at_a_server(trip) else [texts("hop.submit.short")]
    return _station(trip, Hop.SUBMIT, name, *shorter, reason=_failed_words(trip, Hop.SUBMIT, texts))


def _looked_up(trip: Trip, texts: Texts) -> Station:
    """The hosts that answer for the domain. Those that were tried in vain are told, where another one answered."""
    heard = next((tried for tried in reversed(trip.tries) if tried.code), None)
    vain = [tried for tried in trip.tries if tried is not heard]
    short = _station(trip, Hop.LOOKUP, texts("way.mx"), reason=_failed_words(trip, Hop.LOOKUP, texts))
    if not trip.hosts or trip.hops[Hop.LOOKUP] is not HopState.DONE:
        return short
    if not vain or (heard is None and len(trip.hosts) == 1):
        mx = texts("way.mx")  # a name that is cut says no more than this
        station = _station(trip, Hop.LOOKUP, f"{mx} {sink.piece('', trip.hosts[0])[1]}", mx)
        return replace(station, ways=tuple(way[:1] for way in station.ways)) if vain else station
    long: list[sink.Piece] = [("plain", texts("way.mx"))]
    for tried in vain:
        long += [sink.piece("plain", f" {_host(tried.host)}"), ("bad", f" ✗ {_why(tried, texts)}"), ("dim", ",")]
    if heard is None:
        return Station(Hop.LOOKUP, True, (tuple(long[:-1]), (long[0], ("bad", f" {len(vain)} ✗")), (long[0],)))
    sign = _sign_of(heard)
    long += [sink.piece("plain", f" {_host(heard.host)}"), sign]
    middle = (
        sink.piece("plain", f"{texts('way.mx')} {_host(heard.host)}"),
        sign,
        ("warn", f" ({len(vain)} ✗)"),
    )
    return Station(Hop.LOOKUP, True, (tuple(long), middle, short.at(9)))


def _sign_of(answered: HostTry) -> sink.Piece:
    """Did the host take it, put it off, or refuse it? No number where it was not asked: nobody said one."""
    if answered.why:
        return "bad", " ✗"
    if answered.took:
        return "good", " ✓"
    return "warn" if answered.code < 500 else "bad", f" {answered.code}"


def _relayed(trip: Trip, texts: Texts, now: float) -> Station:
    name = texts("hop.relay")
    state = trip.hops[Hop.RELAY]
    if state is HopState.WAITING and (trip.retry or trip.reason or trip.rests or trip.held):
        is_timed = trip.retry and not trip.held
        wait = texts("machine.retry", wait=left(max(0.0, trip.retry - now))) if is_timed else ""
        why = clip(safe(_why_it_waits(trip, texts)), MOST_WORDS)
        style, sign = SIGNS[state]
        ways = [", ".join(filter(None, (words, wait))) for words in _shorter(why)]
        words = [*ways, wait or why, wait.rpartition(" ")[2] or sign]
        return Station(Hop.RELAY, True, tuple((("plain", name), (style, f" {sign} {said}")) for said in words))
    return _station(trip, Hop.RELAY, name, reason=_failed_words(trip, Hop.RELAY, texts))


def _why_it_waits(trip: Trip, texts: Texts) -> str:
    if trip.held or trip.rests:
        return texts("way.held" if trip.held else "reason.rests")
    return short_reason(trip.reason, texts) if trip.reason else ""


def _stored(trip: Trip, texts: Texts) -> Station:
    """Whose mailbox has it, and how long that took since a queue accepted it."""
    boxes = [mailbox for mailbox, _ in trip.boxes] or list(trip.recipients)
    if (all_of_them := max(len(trip.recipients), len(boxes))) > 1:
        words = texts("way.mailboxes", done=len(trip.boxes), all=all_of_them)
        return _timed(trip, _station(trip, Hop.STORE, words, texts("hop.store")))
    if not boxes:  # no server has taken a recipient yet
        return _station(trip, Hop.STORE, texts("hop.store"))
    from maillab.config import CAUGHT

    who = _name(boxes[0])
    return _timed(
        trip, _station(trip, Hop.STORE, texts("way.caught" if who == CAUGHT else "way.mailbox", who=who), who)
    )


def _timed(trip: Trip, station: Station) -> Station:
    """The same, and at first with how long it took."""
    if trip.took is None:
        return station
    return replace(station, ways=((*station.ways[0], ("dim", f" {duration(trip.took)}")), *station.ways))


def _reported(report: Trip, texts: Texts) -> Station:
    """A message that came back: where the report about it is. One that failed is dropped (RFC 5321 §4.5.5)."""
    is_lost = came_back(report)
    words = texts("way.report_lost" if is_lost else "way.report", to=_name(report.recipients[0]))
    state = HopState.FAILED if is_lost else report.hops[Hop.STORE]
    there = replace(report, hops=report.hops | {Hop.STORE: state})
    station = _station(there, Hop.STORE, words, words, texts("way.report_short"))  # shorter only where all is dense
    return replace(station, reached=not is_lost)


def _fetched(trip: Trip, texts: Texts) -> Station:
    if trip.hops[Hop.FETCH] is HopState.DONE:
        return _station(trip, Hop.FETCH, texts("way.fetched"), texts("hop.fetch"))
    return _station(trip, Hop.FETCH, texts("way.not_fetched"), texts("hop.fetch"))


# ── words ──


def _came_in_at_a_server(trip: Trip) -> bool:
    """Was it handed in where servers come, and programs nearby, not where people submit messages?"""
    service = SERVICES.get(trip.service)
    return service is not None and not service.for_people


def _is_passed_by(trip: Trip) -> bool:
    """Was it put off, or handed on, without anybody asking for hosts?"""
    return trip.hops[Hop.LOOKUP] is HopState.AHEAD and trip.hops[Hop.RELAY] is not HopState.AHEAD


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
    return clip(safe(words), MOST_WORDS)


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
