"""Leaving the window by will: what would be lost is asked about, and everything is closed in its order."""

import asyncio
import os
from datetime import datetime
from pathlib import Path

from maillab import durable
from maillab.folder import path_of
from maillab.recording.saved_sessions import ENDING
from maillab.tui.commands.asking import ask_file, choose
from maillab.tui.commands.draft import keep_draft
from maillab.tui.commands.record import drop_record, finish_record, record
from maillab.tui.context import WindowContext
from maillab.tui.state.record import OnRecord

STOPPED_WITHIN = 5.0  # seconds for the lab to end; it is waited for once more when the window has closed


async def quit_window(at: WindowContext) -> None:
    """Leave; what would be lost with a temporary lab, or a record that is being made, is asked about."""
    if at.is_temporary and _in_danger(at):
        if not await _rescued(at):
            return
    elif at.is_temporary and _taken(at) and at.records.is_nothing_kept:
        if not await _let_go(at):
            return
    elif isinstance(at.records.state, OnRecord):
        saved, state = len(at.records.saved), at.records.state
        question = at.texts("ask.record", path=_whole(at, state))
        choice = await choose(at, "title.quit", question, k="ask.keep_record", d="ask.drop_record", s="ask.stay")
        if choice in (None, "ask.stay"):
            return
        if choice == "ask.drop_record":
            # a file that somebody has named on the command line is wanted: one key does not delete it
            if not state.ours and not await at.ui.confirm("drop", at.texts("ask.drop", path=state.path)):
                return
            await drop_record(at)
        elif not await finish_record(at, silent=True):
            return  # it is not what the person wanted to leave behind
        else:
            at.records.rescued.extend(at.records.saved[saved:])
    if await _zones_kept(at):
        await leave(at, 0)


# ── a temporary lab ──


def _in_danger(at: WindowContext) -> int:
    """How many sessions of this run would be deleted with the lab: those that were saved, and the one that grows."""
    folder = at.sessions_folder
    growing = at.records.state.path if isinstance(at.records.state, OnRecord) else None
    return sum(path.parent == folder for path in (*at.records.kept, growing) if path is not None)


def _taken(at: WindowContext) -> int:
    """How many messages a server has taken: one that was refused is nowhere."""
    return sum(bool(trip.message or trip.boxes) for trip in at.live.model.journeys.trips)


async def _let_go(at: WindowContext) -> bool:
    """Nothing was recorded: say what goes with the lab, and offer to save it all; False where they stay."""
    question = at.texts("ask.unrecorded", count=_taken(at))
    match await choose(at, "title.quit", question, q="ask.just_quit", s="ask.save_first"):
        case "ask.just_quit":
            return True
        case "ask.save_first":
            await record(at)
            return await _rescued(at)
        case _:
            return False


def _name(at: WindowContext) -> str:
    """What the only session of this run is called, or will be when it is whole."""
    folder = at.sessions_folder
    kept = [path for path in at.records.kept if path.parent == folder]
    state = at.records.state
    if kept or not isinstance(state, OnRecord):
        return kept[0].name if kept else f"{_today():%Y-%m-%d}{ENDING}"
    return _whole(at, state).name


def _whole(at: WindowContext, record: OnRecord) -> Path:
    """Where the session will be that grows now: one of ours gets another name when it is whole."""
    from maillab.tui.playing.session_names import name_of

    is_ours, path = record.ours, record.path
    return path.with_name(name_of(path, _today(), record.of(at.live.model.entries))) if is_ours else path


def _today() -> datetime:
    return datetime.now().astimezone()


async def _rescued(at: WindowContext) -> bool:
    """Save the sessions where the person likes, or not at all; False where they stay."""
    count = _in_danger(at)
    place = _name(at) if count == 1 else f"{_today():%Y-%m-%d}"
    question = at.texts("ask.temporary_lab", count=count, path=f".{os.sep}{place}")
    match await choose(at, "title.quit", question, s="ask.save_there", e="ask.save_elsewhere", d="ask.drop_sessions"):
        case "ask.drop_sessions":
            if isinstance(at.records.state, OnRecord):
                await drop_record(at)
            return True
        case "ask.save_there":
            return await _saved(at, str(Path.cwd() / place)) is not None
        case "ask.save_elsewhere":
            title, proposed = at.texts("save.where"), str(Path.cwd() / place)
            return await ask_file(at, title, proposed, lambda where: _moved_out(at, where)) is not None
        case _:
            return False


async def _saved(at: WindowContext, where: str) -> list[Path] | None:
    """The same for a place that nobody has typed: what is wrong is said."""
    try:
        return await _moved_out(at, where)
    except OSError as error:
        at.complain(error)
        return None


async def _moved_out(at: WindowContext, where: str) -> list[Path]:
    """Copy every session of this run there: one into a file, several into a folder. Raises `OSError`.

    Never over a file that is there.
    """
    if isinstance(at.records.state, OnRecord) and not await finish_record(at, silent=True):
        raise OSError(at.host.record_trouble)
    files = [path for path in at.records.kept if path.parent == at.sessions_folder]
    if len(files) > 1:
        await asyncio.to_thread(durable.make_folder, path_of(where))
    for path in files:
        target = str(path_of(where) / path.name) if len(files) > 1 else where
        at.records.rescued.append(await asyncio.to_thread(_copied, path, target))
    return at.records.rescued


def _copied(path: Path, where: str) -> Path:
    from maillab.tui.mail.saving import save

    return save(where, path.read_bytes())


# ── zones ──


async def _zones_kept(at: WindowContext) -> bool:
    """What was edited is served as long as the lab runs, temporary or not: save it, or not; False where they stay."""
    lab = at.host.lab
    edited = [(f"{zone.origin.rstrip('.')}.zone", zone.text) for zone in lab.zones if zone.edited] if lab else []
    if not edited:
        return True
    zones = ", ".join(name.removesuffix(".zone") for name, _ in edited)
    question = at.texts("ask.zones", zones=zones, paths=", ".join(f".{os.sep}{name}" for name, _ in edited))
    match await choose(at, "title.quit", question, s="ask.save_zones", q="ask.just_quit"):
        case "ask.save_zones":
            return await _zones_saved(at, edited)
        case "ask.just_quit":
            return True
        case _:
            return False


async def _zones_saved(at: WindowContext, texts: list[tuple[str, str]]) -> bool:
    from maillab.tui.mail.saving import save

    try:
        for name, text in texts:
            at.records.rescued.append(await asyncio.to_thread(save, str(Path.cwd() / name), text.encode()))
    except OSError as error:
        at.complain(error)
        return False
    return True


# ── the end ──


async def leave(at: WindowContext, code: int) -> None:
    """Close everything in its order: the message that is being written, the lab, the window."""
    at.shown = at.live  # a session that is still read is read no further
    at.ui.say(at.texts("say.closing"))
    try:
        await keep_draft(at)
    except OSError as error:
        at.complain(error)
    try:
        async with asyncio.timeout(STOPPED_WITHIN):
            await at.host.stop()
    except TimeoutError:
        pass  # what was promised is on the disk
    if at.home.shelf is not None:
        await asyncio.to_thread(at.home.shelf.close)
    at.ui.close(code)
