"""The port through which commands reach the person: say, ask, go, copy. The window implements it; tests fake it.

Rules for this file: a protocol and nothing else; no Textual.
"""

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from maillab.tui.actions.action import ActionPlace, Offer
from maillab.tui.questions import Question
from maillab.tui.texts import Texts

T = TypeVar("T")


class Ui(Protocol):
    """What a command may ask of the window."""

    def say(self, text: str, *, bad: bool = False, good: bool = False) -> None:
        """Tell the person something for some seconds; `good`: what they wanted is done."""

    def hush(self) -> None:
        """Nothing is said any more: it was about what is left now."""

    def tell(self, text: str, level: str) -> None:
        """Tell the person something: `level` is plain, good, warn or bad."""

    async def ask(self, question: Question[T]) -> T | None:
        """The answer to a question, `None` where it is left."""

    async def confirm(self, act: str, text: str) -> bool:
        """Is this to be done? `act` names its title and its answers among the texts (title.…, yes.…, no.…)."""

    def expect(self) -> None:
        """A field is on its way: what is typed from now on is for it."""

    def attempt(
        self, work: Coroutine[Any, Any, object], *, group: str = "errands", alone: bool = False, asks: bool = False
    ) -> None:
        """Do something that takes time; what goes wrong is said. `alone` cancels the others of its group. `asks`: what
        is typed from now on is for its question, or if there is none, for whatever is seen when it is done.
        """

    def go(self, mode: str, pane: str = "", about: object = None) -> None:
        """Go to a pane of a mode; `about` is a value that its screen knows what to do with (`ModeScreen.visit`)."""

    def refresh(self) -> None:
        """Something has changed: the screens are brought up to date soon. From any thread."""

    def news(self) -> None:
        """The same at once, where the next key must find it: another message to write in."""

    def copy(self, text: str) -> None:
        """Put a text into the clipboard, made harmless."""

    def marked(self) -> str:
        """The text that is marked with the mouse, "" for none."""

    def suspended(self) -> AbstractContextManager[None]:
        """The terminal is somebody else's meanwhile."""

    # ── where one is, and what can be done ──

    def where(self) -> tuple[str, str]:
        """The mode and the pane that one is in."""

    def width(self) -> int:
        """How many columns the window has."""

    def offers(self) -> Sequence[Offer]:
        """What can be done here, the nearest first; then what can be done in all other panes."""

    def pressable(self) -> Iterable[Offer]:
        """What keys do here, each key once."""

    def pressable_at(self, places: Sequence[ActionPlace]) -> Iterable[Offer]:
        """What keys do in these places, the nearest first, each key once."""

    def do(self, name: str) -> None:
        """Do an action by its name; where its pane is another one, go there first."""

    # ── looks ──

    def wear(self, theme: str) -> None:
        """The theme of this name, or where no colours are wanted the one that comes nearest."""

    def explains(self) -> bool | None:
        """Are lines explained beside the wire that is seen? `None` where none is."""

    def colours(self) -> str:
        """The name of the theme that is worn."""

    def use_keys(self, own: Mapping[str, str]) -> None:
        """Keys as a person has chosen them, by action. Raises `ValueError` where two clash, or one is not known."""

    def speak(self, texts: Texts) -> bool:
        """Make all screens anew in these words, beginning at once; False where that is going on already."""

    # ── the end ──

    def close(self, code: int) -> None:
        """The window closes; nothing is shown any more."""
