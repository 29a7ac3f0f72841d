"""Taking lines of the conversation along: into the clipboard, or as a file."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.recording.saved_sessions import stem
from maillab.recording.session import Session
from maillab.tui.commands import asking
from maillab.tui.commands.everywhere import to_clipboard
from maillab.tui.context import WindowContext
from maillab.tui.questions import Choice
from maillab.tui.reading import copying
from maillab.tui.subjects import SeenLines, SelectedLine

if TYPE_CHECKING:
    from maillab.recording.session import Header, Session

CLIPBOARD = 1_000_000  # characters that are given to a terminal for its clipboard


async def copy_as(at: WindowContext, line: SelectedLine) -> None:
    """The line, the exchange, the talk, or a command that says it again."""
    choices = [Choice(form, at.texts(f"copy.{form}")) for form in copying.FORMS]
    if (form := await asking.pick(at, at.texts("copy.title"), choices)) is not None:
        copy(at, line, form)


def copy(at: WindowContext, line: SelectedLine, form: str = "line") -> None:
    """Copy it in this form."""
    try:
        text = copying.copied(at.model, line.entry, form, at.texts.lang, header(at))
    except (LookupError, OSError) as error:
        at.ui.say(at.texts.trouble(str(error)), bad=True)
        return
    if len(text) > CLIPBOARD:
        at.ui.say(at.texts("say.too_much_to_copy"), bad=True)
        return
    to_clipboard(at, text)


async def export(at: WindowContext, seen: SeenLines) -> None:
    """What is seen, as a file."""

    async def session() -> "Session":
        notes = at.playback.recording.notes if at.playback is not None else ()
        return Session(header(at), seen.entries(), tuple(notes))

    await asking.export(at, session)


def header(at: WindowContext) -> "Header":
    """What the session that plays says of itself, or what the lab would say in one."""
    from maillab.tui.reading.exporting import header_of

    if at.playback is None:
        return header_of(at.host.lab)
    recording = at.playback.recording
    return header_of(at.host.lab, replace(recording.header, title=recording.header.title or stem(Path(recording.name))))
