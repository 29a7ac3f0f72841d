"""What is done with saved sessions: opened, renamed, thrown away, compared, exported, done again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.recording.saved_sessions import SavedSession, saved, stem
from maillab.recording.session import load
from maillab.tui.commands import asking
from maillab.tui.commands.replay import open_session
from maillab.tui.context import WindowContext
from maillab.tui.questions import Choice
from maillab.tui.state.record import OnRecord
from maillab.tui.subjects import SavedRun

if TYPE_CHECKING:
    from maillab.recording.compare import ComparedRow


@dataclass(frozen=True, slots=True)
class SessionDifference:
    """What differs between two sessions, in place of the preview; `first` and `second` are what they are called."""

    title: str
    first: str
    second: str
    rows: "Sequence[ComparedRow]"


def known(at: WindowContext) -> list[SavedSession]:
    """The sessions of the lab, and those elsewhere that this window was opened with or has written (--record)."""
    opened = [at.settings.replay] if at.settings.replay is not None else []
    return saved(at.sessions_folder, [*opened, *at.records.kept])


async def open_saved(at: WindowContext, run: SavedRun) -> None:
    """Open it, to be played."""
    await open_session(at, run.path)


async def rename(at: WindowContext, run: SavedRun) -> None:
    """Give it another name."""
    from maillab.tui.playing import archive

    path = run.path
    renamed = await asking.ask_until(
        at, at.texts("session.name"), stem(path), lambda name: asyncio.to_thread(archive.rename, path, name)
    )
    if renamed is not None:
        at.records.renamed(path, renamed)
        refresh_list(at)


async def delete(at: WindowContext, run: SavedRun) -> None:
    """Into the trash folder, after a question."""
    from maillab.tui.playing import archive

    if await at.ui.confirm("delete", at.texts("ask.delete", name=run.path.name)):
        where = await asyncio.to_thread(archive.throw_away, run.path)
        at.ui.say(at.texts("say.thrown", path=where), good=True)
        refresh_list(at)


async def compare(at: WindowContext, run: SavedRun) -> None:
    """What differs between it and another one."""
    from maillab.recording.compare import compare
    from maillab.tui.playing.session_names import untimed

    sessions = await asyncio.to_thread(known, at)
    names = {one.path: untimed(stem(one.path), one.changed) for one in sessions}  # as the list says them
    choices = [Choice(str(path), name) for path, name in names.items() if path != run.path]
    if not choices:
        at.ui.say(at.texts("compare.alone"))
        return
    picked = await asking.pick(at, at.texts("compare.title", name=names.get(run.path, stem(run.path))), choices)
    if picked is not None:
        rows = await asyncio.to_thread(lambda: compare(load(run.path).entries, load(Path(picked)).entries))
        two = names.get(run.path, stem(run.path)), names[Path(picked)]
        at.ui.go("sessions", "preview", SessionDifference(at.texts("compare.done"), *two, rows))


async def export(at: WindowContext, run: SavedRun) -> None:
    """In another format."""
    from maillab.recording.export.turns import named

    name = stem(run.path)
    await asking.export(at, lambda: asyncio.to_thread(lambda: named(load(run.path), name)), name)


async def reenact(at: WindowContext, run: SavedRun) -> None:
    """Say one of its talks again to the running lab, and show what differs."""
    from maillab.tui.playing.replay_differences import playable, said_again

    talks = await asyncio.to_thread(playable, run.path)
    choices = [Choice(talk.name, talk.name, f"{talk.service} {talk.server}") for talk in talks]
    if not choices:
        at.ui.say(at.texts("again.none"))
        return
    picked = await asking.pick(at, at.texts("again.title"), choices)
    if picked is None:
        return
    talk = next(talk for talk in talks if talk.name == picked)
    rows, notes = await at.host.ask(lambda lab: said_again(lab, talk))
    title = at.texts("again.done", name=talk.name)
    names = stem(run.path), at.texts("again.now")
    at.ui.go("sessions", "preview", SessionDifference(title, *names, rows))
    for note in notes:
        at.ui.say(note)


def refresh_list(at: WindowContext) -> None:
    """Read the folder again."""
    at.records.changed()
    at.ui.refresh()


def why_none(at: WindowContext) -> str:
    """What to say where no session is saved: one may be on its way."""
    record = at.records.state
    if isinstance(record, OnRecord):
        return at.texts("sessions.recording", time=f"{datetime.fromtimestamp(record.since).astimezone():%H:%M}")
    return at.texts("sessions.empty")
