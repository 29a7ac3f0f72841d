"""Saved sessions and stories: opening one, moving about in it, leaving it for the living lab."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from maillab.recording.session import SessionError
from maillab.tui.commands.lab import live_on
from maillab.tui.commands.leaving import leave as leave_window
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.playing.playback import Pace, Playback, Recording
from maillab.tui.questions import Choice, Pick, Prompt
from maillab.tui.reading.model import Model
from maillab.tui.state.life import Off
from maillab.tui.state.shown import Replay
from maillab.views.gloss import Lang

# ── opening ──


async def open_session(at: WindowContext, path: Path) -> None:
    """Show a saved session; nothing of it is done again."""
    from maillab.tui.playing import loading

    try:
        header = await asyncio.to_thread(loading.first_look, path)
    except (SessionError, OSError) as error:
        why = complaint(error).removeprefix(f"{path}: ")
        at.ui.say(at.texts("say.no_session", path=path.name, why=why), bad=True)
        return
    recording = Recording(header, name=path.name)
    playback = _show(at, recording, None, path)
    playback.opening = True

    def given_up() -> bool:
        return at.playback is not playback

    await asyncio.to_thread(loading.read, path, recording, at.ui.refresh, given_up)
    if at.playback is playback:
        if recording.told and not playback.moves:  # who has gone somewhere meanwhile stays there
            playback.play()
        if recording.trouble:
            at.ui.say(at.texts("say.session_cut", why=recording.trouble), bad=True)
        elif not recording.told and not playback.moves:
            at.ui.say(at.texts("replay.opened"))
    at.ui.refresh()


async def choose_story(at: WindowContext) -> None:
    """Choose one, and have it told."""
    lang = at.texts.lang
    told = await asyncio.to_thread(stories, lang)
    choices = [Choice(name, title, about, aka=known_as(name)) for name, title, about in told]
    picked = await at.ui.ask(Pick(at.texts("story.title"), choices, enter="play"))
    if picked is not None:
        await tell_story(at, picked)


def stories(lang: Lang) -> list[tuple[str, str, str]]:
    """Every story: its name, its title, and a sentence about it."""
    from maillab.stories.script import NAMES, load

    loaded = [(name, load(name)) for name in NAMES]
    return [(name, one.title.said(lang), one.about.said(lang)) for name, one in loaded]


def known_as(name: str) -> str:
    """The name of a story, and each of its words: whoever knows mx-failover may type failover."""
    return f"{name} {name.replace('-', ' ')}"


async def tell_story(at: WindowContext, name: str) -> None:
    """It happens at once, in a lab of its own; then it is shown at reading speed."""
    from maillab.tui.playing import loading

    at.ui.say(at.texts("say.story_begins"))
    recording = await asyncio.to_thread(loading.tell, name, at.texts.lang)
    _show(at, recording, "reading", None).play()
    at.ui.say("")  # it runs no longer: it plays
    at.ui.refresh()


def _show(at: WindowContext, recording: Recording, pace: Pace | None, path: Path | None) -> Playback:
    """From now on the session is shown; without a pace, the one that it asks for itself."""
    playback = Playback(recording, pace, at.texts.lang)
    at.shown = Replay(Model(), playback, path)
    # The wire is what there is to see; the space bar plays, and must not be typed anywhere.
    at.ui.go("lab" if pace == "reading" else "wire", "wire")
    at.ui.refresh()
    return playback


async def leave(at: WindowContext) -> None:
    """Back to the living lab, which is tried again if it could not start; to the shell, where none was asked for."""
    if isinstance(at.shown, Replay) and isinstance(at.life, Off):
        await leave_window(at, 0)
    elif isinstance(at.shown, Replay):
        at.shown = at.live
        at.ui.hush()
        at.ui.refresh()
        if not at.host.begun:
            await live_on(at)


# ── moving about ──


def _moved(at: WindowContext, move: Callable[[Playback], object]) -> None:
    if (playback := at.playback) is not None:
        playback.pause()
        move(playback)
        at.ui.say("")  # what was said of the line before is true no longer
        at.ui.refresh()


def _tell_edge(at: WindowContext, by: int) -> None:
    """Why nothing moves: nothing is before the first line, and nothing behind the last."""
    playback = at.playback
    if playback is not None and by > 0 and playback.at_end:
        at.ui.say(at.texts("replay.at_end"))
    elif playback is not None and by < 0 and not playback.position:
        at.ui.say(at.texts("replay.at_start"))


def play(at: WindowContext) -> None:
    """Play, or pause."""
    if (playback := at.playback) is not None:
        if playback.playing:
            playback.pause()
        else:
            playback.play()
        at.ui.say("")
        at.ui.refresh()


def move(at: WindowContext, by: int) -> None:
    """So many lines on, or back."""
    _moved(at, lambda playback: playback.to(playback.position + by))
    _tell_edge(at, by)


def begin(at: WindowContext) -> None:
    """Before the first line."""
    _moved(at, lambda playback: playback.to(0))


def end(at: WindowContext) -> None:
    """After the last line."""
    _moved(at, lambda playback: playback.to_end())


def pair(at: WindowContext, step: int) -> None:
    """To the end of the next reply, or of the one before."""
    _moved(at, lambda playback: playback.pair(step))
    _tell_edge(at, step)


def faster(at: WindowContext, step: int) -> None:
    """Twice as fast, or half."""
    if (playback := at.playback) is not None:
        playback.faster(step)
        at.ui.refresh()


def step(at: WindowContext, by: int) -> None:
    """On to the next step of a story or the next named moment, or back to the one before; which, is said."""
    if (playback := at.playback) is None:
        return
    playback.pause()
    point, kind = playback.step(by), playback.kind_of_points
    if point is not None:
        step = at.texts(f"replay.point.{kind}", step=point.number, steps=len(playback.points))
        at.ui.say(f"{step}: {title}" if (title := playback.title(point)) else step)
    elif not playback.points:
        at.ui.say(at.texts("say.no_steps"))
    else:
        at.ui.say(at.texts(f"replay.last.{kind}" if by > 0 else f"replay.first.{kind}"))
    at.ui.refresh()


def scrub(at: WindowContext, position: int) -> None:
    """To where so many events have happened."""
    _moved(at, lambda playback: playback.to(position))


async def seek(at: WindowContext) -> None:
    """To a line, a moment, a step or a mark that somebody types."""
    playback = at.playback
    if playback is None:
        return
    names = [name for point in playback.points for name in point.names if name]

    def check(text: str) -> str:
        try:
            playback.place(text)
        except ValueError as error:
            return str(error)
        return ""

    hint = at.texts("seek.hint", marks=", ".join(names[:6])) if names else at.texts("seek.plain")
    if playback.points and not names:
        hint = at.texts("seek.steps", count=len(playback.points))
    text = await at.ui.ask(Prompt(at.texts("seek.title"), hint=hint, check=check, suggestions=names))
    if text is not None:
        _moved(at, lambda playback: playback.to(playback.place(text)))
