"""How commands ask: a list, a few answers, something that is typed until it can be done."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from maillab.folder import path_of
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.paths import completions
from maillab.tui.questions import AskByKey, Choice, KeyAnswer, Pick, Prompt

if TYPE_CHECKING:
    from maillab.recording.session import Session

T = TypeVar("T")


async def pick(at: WindowContext, title: str, choices: Sequence[Choice]) -> str | None:
    """The value that somebody chooses; `None` for nothing."""
    return await at.ui.ask(Pick(title, choices))


async def choose(at: WindowContext, title: str, question: str, *, unasked: bool = False, **answers: str) -> str | None:
    """One of the answers, by the name of its text; `None` where the question is left. Each is given by its key.

    The title is the name of a text, too.
    """
    listed = [KeyAnswer(name, key, at.texts(name)) for key, name in answers.items()]
    return await at.ui.ask(AskByKey(question, listed, unasked, at.texts(title)))


async def ask_file(at: WindowContext, title: str, value: str, work: Callable[[str], Awaitable[T]]) -> T | None:
    """The same for the name of a file, which Tab completes."""
    return await ask_until(at, title, value, work, completions)


async def ask_until(
    at: WindowContext,
    title: str,
    value: str,
    work: Callable[[str], Awaitable[T]],
    complete: Callable[[str], Sequence[str]] | None = None,
) -> T | None:
    """Do something with what somebody types, `None` when they give up. Where it cannot be done it is asked again:
    what was typed stays, and why stands below it, with the name of a file alone: its folder stands above.
    """
    why = ""
    while text := await at.ui.ask(Prompt(title, value, complaint=why, complete=complete)):
        try:
            return await work(text)
        except (OSError, ValueError) as error:
            path = path_of(text)
            value, why = text, at.texts.trouble(complaint(error).replace(f"{path}: ", f"{path.name}: ", 1))
    return None


async def export(at: WindowContext, session: "Callable[[], Awaitable[Session]]", stem: str = "maillab") -> None:
    """Write a session in the format and to the place that somebody chooses."""
    from maillab.tui.reading.exporting import export_to, file_name, formats

    choices = [Choice(name, name, what) for name, what in formats(at.texts.lang)]
    kind = await at.ui.ask(Pick(at.texts("export.title"), choices, enter="save"))
    if kind is None:
        return
    entries, place = await session(), str(Path.cwd() / file_name(kind, stem))
    path = await ask_file(
        at, at.texts("save.where"), place, lambda where: export_to(where, kind, entries, at.texts.lang)
    )
    if path is not None:
        at.ui.say(at.texts("say.saved", path=path), good=True)
