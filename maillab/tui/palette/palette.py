"""What stands in the palette: all that can be done here and in all other panes, what can be set, opened and read; and
what a word means that is typed.

Rules for this file: no Textual; it makes and orders choices, and does nothing.
"""

from collections.abc import Callable, Iterable, Sequence

from maillab.tui.actions.action import LAST, MOVES, Action, Offer
from maillab.tui.actions.spelled import shown
from maillab.tui.palette.ranking import BEGINS, SAME, STARTS, WORD, Rank, Ranking
from maillab.tui.questions import Choice
from maillab.tui.texts import Texts

FAULT = "fault "  # before a fault and its site, in the same place
DOES = "do "  # before the name of an action, in the value of a choice
TWINS = {  # the same with a key of its own, which holds in one pane
    "app.add_person": "machine.add_mailbox",
}
AREAS = {  # of contexts: the part of the window that their names begin with, in the catalogue
    "transcript": "pane.wire",
    "reading": "pane.wire",
    "compose": "area.compose",
    "byhand": "tab.compose.byhand",
    "machine": "area.machine",
    "names": "pane.names",
    "mail": "mode.mail",
    "sessions": "mode.sessions",
    "replay": "area.replay",
}
# stands there otherwise, or is what one has done already
UNLISTED = {"app.palette", "app.step_back", "reading.mark", "machine.power", "compose.by_hand", *TWINS.values()}
FIRST = ("app.send", "app.story", "app.by_hand", "app.settings", "app.help")  # what people come for
REMEMBERED = 8  # of what was used last


def commands(offers: Iterable[Offer], texts: Texts, idle: Callable[[Action], bool] = lambda _: False) -> list[Choice]:
    """A choice for each action: what people come for, those of the lit pane, then the others, each with its area.

    What is `idle` cannot be done now: it is dim, and comes last.
    """
    by_name = {offer.action.name: offer for offer in offers}
    listed = [offer for name, offer in by_name.items() if name not in UNLISTED and offer.action.context not in MOVES]
    listed.sort(key=lambda offer: (idle(offer.action), *_order(offer)))
    return [
        Choice(
            f"{DOES}{offer.action.name}",
            offer.action.label(texts.lang),
            capitalised(offer.action.sentence(texts.lang)),
            *_held(offer, by_name.get(TWINS.get(offer.action.name, "")), texts),
            also(offer, by_name.get(TWINS.get(offer.action.name, ""))),
            dim=idle(offer.action),
            within=texts(area) if (area := AREAS.get(offer.action.context)) else "",
            abroad=offer.action.label("vi" if texts.lang == "en" else "en"),
        )
        for offer in listed
    ]


def _held(offer: Offer, twin: Offer | None, texts: Texts) -> tuple[str, str]:
    """Its key; where only its twin has one, that, and the pane in which it holds, "" for this one."""
    if twin is not None:
        return shown(twin.keys[0]) if twin.keys else "", texts(f"pane.{twin.pane}") if twin.pane else ""
    return shown(offer.keys[0]) if offer.keys else "", ""


def capitalised(sentence: str) -> str:
    """With a capital at its beginning, and nothing else changed.

    >>> capitalised("strictness, TLS")
    'Strictness, TLS'
    """
    return sentence[:1].upper() + sentence[1:]


def _order(offer: Offer) -> tuple[int | bool, ...]:
    action = offer.action
    place = FIRST.index(action.name) if action.name in FIRST else len(FIRST)
    return place, not offer.is_here, action.context == "app", action.bar or LAST


def also(offer: Offer, twin: Offer | None) -> str:
    """Other words for an action, and those of its twin, which has no line of its own."""
    return " ".join(one.action.aka for one in (offer, twin) if one is not None)


def used(recent: Sequence[str], value: str) -> list[str]:
    """What was used last, after this has been used.

    >>> used(["do app.send", "do app.story"], "do app.story")
    ['do app.story', 'do app.send']
    """
    return [value, *(other for other in recent if other != value)][:REMEMBERED]


def is_fault(choice: Choice) -> bool:
    """Is it one of the many faults of all machines?"""
    return choice.value.startswith(FAULT)


class Palette:
    """`commands` are shown at once, `more` only where something is typed that matches."""

    def __init__(self, commands: Sequence[Choice], texts: Texts, recent: Sequence[str] = ()) -> None:
        self._lang = texts.lang
        self._commands = Ranking(commands, recent)
        self._all = Ranking(commands, recent)
        self._listed, self._recent = commands, recent

    def know(self, more: Sequence[Choice]) -> None:
        """This can be found, too."""
        self._all = Ranking([*self._listed, *more], self._recent)

    def search(self, text: str) -> list[Choice]:
        """What is meant: commands by name and synonym, then what the word means, then what has to do with it.

        A word of a protocol comes before all but those whose name begins with it: who asks what STARTTLS is does not
        want to switch it off, and who types lang wants the language.
        """
        if not text.strip():
            return self._commands.search("")
        from maillab.tui.palette.answers import answers, is_code, is_said  # with all that explains: not for the list

        found = self._all.ranked(text)
        if found and found[0][0][0] <= WORD:  # send is no part of sender.test, where a command has the name itself
            found = [(rank, choice) for rank, choice in found if rank[0] < STARTS or not is_fault(choice)]
        is_meant = _begins if is_said(text, self._lang) else _is_near
        first = [choice for rank, choice in found if is_meant(rank) and not is_code(text)]
        return [*first, *answers(text, self._lang), *(choice for _, choice in found if choice not in first)]


def _begins(rank: Rank) -> bool:
    """Does the name of what was found begin with all that was typed?"""
    return rank[:2] in ((SAME, 0), (BEGINS, 0), (STARTS, 0))


def _is_near(rank: Rank) -> bool:
    """Does all that was typed stand at the beginning of words?"""
    return rank[0] <= STARTS
