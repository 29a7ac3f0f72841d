"""The help of a place: a few sentences, its keys, and the page of the manual that belongs there.

Sentences and keys are made from the table of actions and the catalogue.
"""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from maillab.manual.pages import read
from maillab.manual.plain import plain
from maillab.tui.actions.action import Action, Offer
from maillab.tui.actions.spelled import shown
from maillab.tui.looks.sink import Line, wrapped
from maillab.tui.texts import Texts

ROOMY = 68  # columns from which on a key, its name and what it does stand beside one another
_ORDER = ("app", "rows")  # groups that come last, in this order
PAGE_OF = {  # a place, "mode.pane", or what is shown in it: the page of the manual; for all others of a mode that of ""
    "lab.": "window",
    "lab.compose": "lab",
    "lab.byhand": "states",
    "lab.recorded": "sessions",
    "lab.sender": "configuration",
    "lab.recipient": "configuration",
    "lab.wire": "filters",
    "lab.explain": "standards",
    "mail.": "window",
    "wire.": "filters",
    "wire.talks": "glossary",
    "wire.explain": "standards",
    "sessions.": "sessions",
    "sessions.preview": "exports",
}


def manual(texts: Texts, mode: str, pane: str, offers: Sequence[Offer], width: int = ROOMY) -> list[Line]:
    """Lines to read, in so many columns: what goes on below stands under its own column."""
    lines: list[Line] = [
        *((("plain", line),) for line in texts(f"help.{mode}.{pane}" if pane else f"help.{mode}").split("\n")),
        *_of_the_living_wire(texts, mode, pane, offers),
        (),
        *_of_a_replay(texts, offers),
    ]
    pressed = dict(_pressed(offers))
    groups = list(dict.fromkeys(action.group for action in pressed))
    groups.sort(key=lambda group: _ORDER.index(group) + 1 if group in _ORDER else 0)
    keys = max(map(cell_len, pressed.values()), default=0)
    labels = max((cell_len(action.label(texts.lang)) for action in pressed), default=0)
    for group in groups:
        lines.append((("heading", texts(f"keys.{group}")),))
        for action in (action for action in pressed if action.group == group):
            label, tip = action.words(texts.lang)
            head = ("key", f" {set_cell_size(pressed[action], keys)}  ")
            column = keys + 3 + (labels + 2 if width >= ROOMY else 0)  # there may be no room for three columns
            first, *others = wrapped(tip, width - column)
            if width < ROOMY:
                lines += [(head, ("plain", label)), (("plain", " " * column), ("dim", first))]
            else:
                lines.append((head, ("plain", set_cell_size(label, labels) + "  "), ("dim", first)))
            lines += [(("plain", " " * column), ("dim", other)) for other in others]
        lines.append(())
    return lines[:-1]


def _pressed(offers: Sequence[Offer]) -> Iterator[tuple[Action, str]]:
    """Each action with its keys. A key is listed once, where it does what it says: at the nearest place."""
    taken: set[str] = set()
    for offer in offers:
        if keys := [key for key in offer.keys[:3] if key not in taken]:
            taken |= {*keys}
            yield offer.action, " ".join(map(shown, keys))


def _of_the_living_wire(texts: Texts, mode: str, pane: str, offers: Sequence[Offer]) -> list[Line]:
    """What keys do there that move a replay where one is shown."""
    return [(("plain", texts("help.live")),)] if (mode, pane) == ("wire", "wire") and not _is_replay(offers) else []


def _is_replay(offers: Sequence[Offer]) -> bool:
    return any(offer.action.context == "replay" for offer in offers)


def _of_a_replay(texts: Texts, offers: Sequence[Offer]) -> list[Line]:
    """What a recording is, where one is shown: nothing can be sent or changed in it."""
    if not _is_replay(offers):
        return []
    return [*((("plain", line),) for line in texts("help.replay").split("\n")), ()]


def topic_of(mode: str, pane: str) -> str:
    """Which page of the manual belongs to a place."""
    return PAGE_OF.get(f"{mode}.{pane}") or PAGE_OF[f"{mode}."]


def page(texts: Texts, mode: str, pane: str, width: int) -> list[Line]:
    """The page of the manual for a place, as lines of at most `width` columns, after a line that says so."""
    topic = topic_of(mode, pane)
    return [(("dim", texts("help.page", topic=topic)),), (), *styled(read(topic, texts.lang), width)]


_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")  # signs for a browser: here they would stand there as they are


def styled(markdown: str, width: int) -> list[Line]:
    """A page as lines of at most `width` columns: headings have a style instead of a line below them."""
    lines = plain(_CODE.sub(r"\1", markdown), width)
    return [
        (("heading" if is_underline(below) and len(below) == len(line) else "plain", line),)
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if not is_underline(line)
    ]


def is_underline(line: str) -> bool:
    """Is this the line below a heading? Headings of the window have a style instead."""
    return line != "" and set(line) in ({"="}, {"-"})
