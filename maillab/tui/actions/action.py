"""What an action is, and an action that is offered in a place.

Rules for this file: values; the rows themselves stand in the files beside this one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from maillab.tui.state.record import OnRecord, RecordKeeping
from maillab.views.gloss import Lang

MOVES = {"rows", "hops"}  # contexts whose actions only move about in a widget: nobody looks for them elsewhere
LAST = 90  # places in the key bar beyond it are at the right edge, and never fall away


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done. `keys` as Textual names them; `en` and `vi`: a label and a sentence.

    It is done by a function, `does(at)`, or where it `needs` a kind of subject `does(at, subject)`; or, where it only
    moves about in a widget, by the method `call` of that widget. `bar` is its place in the key bar, 0 for none; `aka`
    are other words by which somebody may look for it. `live`: it needs the lab that runs; `asks`: a dialog comes.
    `like`: the context whose keys it is listed with, where that is another than its own.
    """

    name: str
    keys: tuple[str, ...]
    en: tuple[str, str]
    vi: tuple[str, str]
    does: Callable[..., Any] | None = None
    call: str = ""
    needs: tuple[type, ...] = ()
    bar: int = 0
    aka: str = ""
    live: bool = False
    asks: bool = False
    like: str = ""

    @property
    def group(self) -> str:
        """The context with whose keys it is listed."""
        return self.like or self.context

    @property
    def context(self) -> str:
        """The kind of place in which its keys hold."""
        return self.name.partition(".")[0]

    @property
    def pressed(self) -> str:
        """What its keys do, as Textual calls it."""
        return f"app.run({self.name!r})" if self.does is not None else self.call

    @property
    def method(self) -> str:
        """The method of its place that does it, without action_; "" where a function does it."""
        return self.call.partition("(")[0]

    def label(self, lang: Lang) -> str:
        """A word or two, for the key bar."""
        return self.words(lang)[0]

    def sentence(self, lang: Lang) -> str:
        """What it does."""
        return self.words(lang)[1]

    def words(self, lang: Lang) -> tuple[str, str]:
        """Label and sentence."""
        return self.en if lang == "en" else self.vi


def row(
    name: str,
    keys: str,
    en: tuple[str, str],
    vi: tuple[str, str],
    *,
    does: Callable[..., Any] | None = None,
    call: str = "",
    needs: type | tuple[type, ...] = (),
    bar: int = 0,
    aka: str = "",
    live: bool = False,
    asks: bool = False,
    like: str = "",
) -> Action:
    """A row: keys with blanks between them; without a function and a call the verb of its name is called."""
    verb = "" if does is not None else call or name.partition(".")[2]
    kinds = needs if isinstance(needs, tuple) else (needs,)
    return Action(name, tuple(keys.split()), en, vi, does, verb, kinds, bar, aka, live, asks, like)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that can be done, with its keys as they are now; `mode` and `pane` where one has to go first."""

    action: Action
    keys: tuple[str, ...] = ()
    mode: str = ""
    pane: str = ""

    @property
    def is_here(self) -> bool:
        """Can it be done where one is?"""
        return not self.mode


class ActionPlace(Protocol):
    """A widget, a screen, the window itself."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Can it be done now?"""


def needs_lab(action: Action, records: RecordKeeping) -> bool:
    """Can it be done only where a lab runs? A record is begun there, and finished wherever one is."""
    return action.live or (action.name == "app.record" and not isinstance(records.state, OnRecord))
