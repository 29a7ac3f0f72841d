"""The right side of the title: living lab or session, the lab's clock, a record; as much of it as there is room for.

Rules for this file: no Textual; whatever has no room is said shorter, or left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from maillab.tui.context import WindowContext
from maillab.tui.looks.sink import Piece, width
from maillab.tui.machines.machines_now import browser_address
from maillab.tui.playing.replay_words import in_title
from maillab.tui.state.life import LabDown, On
from maillab.tui.state.record import OnRecord
from maillab.tui.texts import Texts

GAP = "  "
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class TitleWord:
    """One thing to say: its ways, from the longest to the shortest; the last may be "" where it can be left out.

    Those that `matter` more are shortened later.
    """

    style: str
    ways: tuple[str, ...]
    matters: int = 0


# ── what is said ──


def state_words(at: WindowContext) -> tuple[TitleWord, ...]:
    """Each with its style, and with shorter ways to say it."""
    texts, playback = at.texts, at.playback
    if playback is not None:
        return (*_record(at), TitleWord("warn", (in_title(playback, texts),), 3))
    said = [*_insecure(at), _life(at)]
    if isinstance(at.life, On):
        if at.host.lab is not None and (web := browser_address(at.host.lab)):
            said.append(TitleWord("dim", (web, web.rpartition("/")[2], "")))
        said += _rules(at)
        if at.is_temporary:
            said.append(TitleWord("warn", (texts("state.temporary"), ""), 2))
        said += _record(at)
        said.append(TitleWord("dim", (*lab_clock(at.now, at.live.model.turned, texts), ""), 1))
    return tuple(said)


def _life(at: WindowContext) -> TitleWord:
    match at.life:
        case LabDown():
            return TitleWord("bad", (f"○ {at.texts('state.down')}",), 3)
        case On():
            return TitleWord("good", (f"● {at.texts('state.live')}",), 3)
        case _:
            return TitleWord("dim", (at.texts("state.starting"),), 3)


def _record(at: WindowContext) -> list[TitleWord]:
    """It goes on while a session is looked at: in the lab's time, whatever the moment of that."""
    if not isinstance(at.records.state, OnRecord):
        return []
    name, lab = at.texts("state.recording"), at.host.lab
    length = at.records.state.length(lab.clock.now() if lab is not None else at.now)
    return [TitleWord("bad", (f"{name} {length}", name), 2)]


def _insecure(at: WindowContext) -> list[TitleWord]:
    """It is said first where the lab is weak on purpose."""
    if at.config is None or not at.config.weaknesses:
        return []
    return [TitleWord("warn", (at.texts("state.weak"), at.texts("state.weak_short")), 2)]


def _rules(at: WindowContext) -> list[TitleWord]:
    """Something goes wrong on purpose: that must not be taken for a fault, wherever one looks."""
    count = len(at.host.lab.rules.on) if at.host.lab is not None else 0
    return [TitleWord("warn", (at.texts("state.rules", count=count),), 3)] if count else []


def lab_clock(now: float, turned: float, texts: Texts) -> tuple[str, ...]:
    """The moment, from the longest way to say it to the shortest.

    >>> [len(words) for words in lab_clock(1_700_000_000.0, 432_000.0, Texts("en"))]
    [22, 15, 10, 5]
    """
    moment = datetime.fromtimestamp(now).astimezone()
    day = texts("clock.days").split()[moment.weekday()]
    time, on = f"{moment:%H:%M}", turned_words(turned)
    gap = "  " if on else ""
    date = texts("clock.date", day=day, date=moment.day, month=texts("clock.months").split()[moment.month - 1])
    return f"{date} {time}{gap}{on}", f"{day} {time}{gap}{on}", f"{time}{gap[1:]}{on}", time


def turned_words(seconds: float) -> str:
    """How far the clock was turned, in its largest unit; "" where it was not.

    >>> turned_words(432_000), turned_words(5_400), turned_words(60), turned_words(0)
    ('+5 d', '+1.5 h', '+1 min', '')
    """
    for size, unit in _UNITS:
        if seconds >= size:
            return f"+{f'{seconds / size:.1f}'.removesuffix('.0')} {unit}"
    return ""


# ── in the room there is ──


def fitted(words: Sequence[TitleWord], cells: int) -> list[Piece]:
    """The words in so many cells: the least important ones are shortened first, then the others.

    >>> fitted([TitleWord("good", ("● LIVE", "●"), 1), TitleWord("dim", ("Fri 08:05", "08:05", ""))], 14)
    [('good', '● LIVE'), ('plain', '  '), ('dim', '08:05'), ('plain', ' ')]
    """
    levels = [0] * len(words)
    order = sorted(range(len(words)), key=lambda place: words[place].matters)
    steps = [place for place in order for _ in words[place].ways[1:]]
    pieces = _said(words, levels)
    for place in steps:
        if width(pieces) <= cells:
            break
        levels[place] += 1
        pieces = _said(words, levels)
    return pieces


def _said(words: Sequence[TitleWord], levels: Sequence[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for word, level in zip(words, levels, strict=True):
        text = word.ways[level]
        if text:
            pieces += [("plain", GAP)] if pieces else []
            pieces.append((word.style, text))
    return [*pieces, ("plain", " ")] if pieces else []
