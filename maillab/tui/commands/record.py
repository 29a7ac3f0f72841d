"""The record of the living lab: begun and finished, and its named moments."""

import asyncio
from datetime import datetime
from pathlib import Path

from maillab import durable
from maillab.recording.saved_sessions import stem
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.questions import Prompt
from maillab.tui.state.record import NoRecord, OnRecord, TurningRecord


async def record(at: WindowContext) -> None:
    """Begin a record of the lab, from its beginning; or finish it. A key that is held down does it once."""
    match at.records.state:
        case OnRecord():
            await finish_record(at)
        case NoRecord() if at.living():
            await _record_in(at, _new_record(at), ours=True)


async def record_from_now(at: WindowContext) -> None:
    """Begin a record of what happens from now on, so that two of one lab have nothing in common."""
    if not isinstance(at.records.state, NoRecord):
        at.ui.say(at.texts("say.is_recording"))
    elif at.living():
        await _record_in(at, _new_record(at), ours=True, past=False)


async def record_from_start(at: WindowContext) -> None:
    """The record that was asked for before the window opened; a later lab has another file."""
    if at.settings.record is None:
        return
    first = not at.records.begun_once
    at.records.begun_once = True
    path = at.settings.record if first else _new_record(at)  # never over what is whole
    try:
        await _record_in(at, path, replace=first and at.settings.replace_record)
    except OSError as error:
        at.ui.say(at.texts("say.record_stopped", why=complaint(error)), bad=True)


async def _record_in(
    at: WindowContext, path: Path, *, replace: bool = False, ours: bool = False, past: bool = True
) -> None:
    at.records.state = TurningRecord()
    try:
        await asyncio.to_thread(durable.make_folder, path.parent)
        title = "" if ours else stem(path)  # a file of ours gets its name when it is whole
        since = await at.host.record(path, title, replace=replace, past=past)
    except BaseException:
        at.records.state = NoRecord()
        raise
    at.records.state = OnRecord(path, since, ours)
    if ours:  # its file gets another name when it is whole
        at.ui.say(_begun(at, past=past), good=True)
    else:
        at.ui.say(at.texts("say.recording", path=path), good=True)
    at.ui.refresh()


def _begun(at: WindowContext, *, past: bool) -> str:
    """From when on it is recorded: from the start of the lab a second time is seldom what somebody wants."""
    if not past:
        return at.texts("say.recording_now")
    if kept := at.records.kept:
        return at.texts("say.recording_again", name=stem(kept[-1]))
    return at.texts("say.recording_start")


async def finish_record(at: WindowContext, *, silent: bool = False) -> bool:
    """Write what is left; did that succeed? `silent` says only what went wrong. A name of ours gets the subject."""
    from maillab.tui.playing import session_names

    if not isinstance(kept := at.records.state, OnRecord):
        return True
    at.records.state, path = TurningRecord(), None
    try:
        if await at.host.finish_record():
            path = kept.path
    finally:
        at.records.state = NoRecord()
    if path is not None and kept.ours:
        path = await asyncio.to_thread(session_names.with_subject, path, _today(), kept.of(at.live.model.entries))
    if path is not None:
        at.records.finished(path)
    if trouble := at.host.record_trouble:
        at.ui.say(trouble, bad=True)
    elif not silent:
        at.ui.say(_saved(at, path), good=path is not None)
    at.ui.refresh()
    return not trouble


def _saved(at: WindowContext, path: Path | None) -> str:
    """Where it is: by its name where the mode of the sessions shows it."""
    if path is None:
        return at.texts("say.recorded_nothing")
    if path.parent == at.sessions_folder:
        return at.texts("say.recorded_here", name=path.stem)
    return at.texts("say.saved", path=path)


async def drop_record(at: WindowContext) -> None:
    """Throw the record away."""
    at.records.state = TurningRecord()
    try:
        await at.host.drop_record()
    finally:
        at.records.state = NoRecord()


async def record_stopped(at: WindowContext) -> None:
    """The disk takes no more of the record; the mail goes on."""
    why = at.host.record_trouble
    at.records.state = TurningRecord()
    await at.host.finish_record()
    at.records.state = NoRecord()
    at.ui.say(at.texts("say.record_stopped", why=why), bad=True)
    at.ui.refresh()


def _new_record(at: WindowContext) -> Path:
    """A name that nothing has."""
    from maillab.tui.playing import session_names

    return session_names.new_path(at.sessions_folder, _today())


def _today() -> datetime:
    """The real date, whatever the clock of the lab says: it is a person who looks for the file."""
    return datetime.now().astimezone()


async def mark(at: WindowContext) -> None:
    """Give this moment of the record a name; where nothing is recorded, a record begins with it."""
    if not at.living():
        return
    name = await at.ui.ask(Prompt(at.texts("mark.name")))
    if not name:
        return
    begins = isinstance(at.records.state, NoRecord)
    if begins:
        await record(at)
    at.host.mark(name)
    at.ui.say(at.texts("say.marked_first" if begins else "say.marked", name=name), good=True)
