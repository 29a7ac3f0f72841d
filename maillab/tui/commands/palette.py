"""The palette: one list in which everything is found, and where a word of mail is explained.

Rules for this file: the first picture of the window is drawn without all that is found here, and that finds it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from maillab.tui.commands import everywhere, lab, replay, rules, settings
from maillab.tui.context import WindowContext
from maillab.tui.questions import Choice, HelpText, Pick
from maillab.tui.sink import Line, piece
from maillab.tui.state.shown import Live

Work = Coroutine[Any, Any, object]


async def palette(at: WindowContext) -> None:
    """Ask for a command and run it; what else can be found is gathered meanwhile."""
    from maillab.tui.palette import Palette, commands, used

    listed = commands(at.ui.offers(), at.texts)
    found = Palette(listed, at.texts, at.recent)

    async def gather() -> None:
        stories = await asyncio.to_thread(_stories, at)
        found.know([*stories, *await asyncio.to_thread(_sessions, at), *_pages(at), *_themes(at), *_of_the_lab(at)])
        await asyncio.to_thread(found.search, "a")  # the tables of words are read before somebody types

    at.ui.attempt(gather(), group="palette", alone=True)
    picked = await at.ui.ask(Pick(at.texts("palette.title"), listed, at.texts("palette.nothing"), found.search))
    if picked is not None:
        at.recent = used(at.recent, picked)
        await run(at, picked)


async def run(at: WindowContext, value: str) -> None:
    """Do what a choice of the palette stands for."""
    from maillab.tui.palette import DOES

    kind, _, what = value.partition(" ")
    if value.startswith(DOES):
        at.ui.do(what)
    elif work := KINDS.get(kind):
        await work(at, what)


# ── what can be found ──


def _stories(at: WindowContext) -> list[Choice]:
    from maillab.stories.script import NAMES, load

    texts = at.texts
    return [
        Choice(f"story {name}", texts("palette.story", name=name), load(name).title.said(texts.lang), aka="demo lesson")
        for name in NAMES
    ]


def _sessions(at: WindowContext) -> list[Choice]:
    from maillab.tui.archive import saved, stem

    texts = at.texts
    return [
        Choice(f"session {each.path}", texts("palette.session", name=stem(each.path)), aka="open replay recording")
        for each in saved(at.sessions_folder)
    ]


def _pages(at: WindowContext) -> list[Choice]:
    from maillab.manual.pages import TOPICS, title

    texts = at.texts
    return [
        Choice(f"page {topic}", texts("palette.page", topic=topic), title(topic, texts.lang), aka="help manual")
        for topic in TOPICS
    ]


def _themes(at: WindowContext) -> list[Choice]:
    return [
        Choice(f"theme {name}", at.texts("palette.theme", name=label), aka="colours looks dark light")
        for name, label in everywhere.themes(at)
    ]


def _of_the_lab(at: WindowContext) -> list[Choice]:
    """Settings, faults and time, where the lab runs."""
    texts, config = at.texts, at.config
    choices = []
    if config is None or not at.host.alive or not isinstance(at.shown, Live):
        return []
    for item in settings.switches(at, config):
        state = item.state or texts("on" if item.on else "off")
        choices.append(Choice(f"setting {item.value}", texts("palette.setting", label=item.label, state=state),
                              item.note, aka="setting switch on off"))  # fmt: skip
    for site in [site.domain for site in config.sites]:
        for name in rules.PRESETS:
            label = texts("palette.fault", site=site, what=texts(f"rule.new.{name}"))
            choices.append(Choice(f"fault {name} {site}", label, rules.preset(name, site), aka="break error rule"))
    for seconds, moment in lab.MOMENTS:
        label = texts("palette.time", moment=texts(f"clock.{moment}"))
        choices.append(Choice(f"time {seconds}", label, aka="clock travel later"))
    return choices


# ── what is done ──


async def _story(at: WindowContext, name: str) -> None:
    await replay.tell_story(at, name)


async def _session(at: WindowContext, path: str) -> None:
    await replay.open_session(at, Path(path))


async def _theme(at: WindowContext, name: str) -> None:
    at.ui.wear(name)


async def _page(at: WindowContext, topic: str) -> None:
    from maillab.manual.pages import read, title
    from maillab.tui.manual import styled

    lines = styled(read(topic, at.texts.lang), at.ui.width())
    await at.ui.ask(HelpText(title(topic, at.texts.lang), lines))


async def _setting(at: WindowContext, name: str) -> None:
    if at.living():
        await settings.change(at, name)


async def _fault(at: WindowContext, what: str) -> None:
    name, _, site = what.partition(" ")
    if at.living():
        text = rules.preset(name, site)
        if added := await (rules.write(at, f"{text} ") if name == rules.OWN else rules.inject(at, text)):
            at.ui.say(added)


async def _time(at: WindowContext, seconds: str) -> None:
    if at.living():
        await lab.let_time_pass(at, float(seconds))


async def explain(at: WindowContext, word: str) -> None:
    """Everything that a word means, and the page of the manual with the words of mail."""
    from maillab.manual.pages import read
    from maillab.tui.answers import meanings
    from maillab.tui.manual import styled

    lines: list[Line] = []
    for gloss in meanings(word, at.texts.lang):
        lines += [
            (piece("heading", gloss.key), ("plain", "  "), piece("dim", gloss.source)),
            (piece("plain", gloss.text),),
            (),
        ]
    below = styled(read("glossary", at.texts.lang), at.ui.width())
    await at.ui.ask(HelpText(at.texts("palette.explained", word=word), lines, below, "glossary"))


KINDS: dict[str, Callable[[WindowContext, str], Work]] = {
    "story": _story,
    "session": _session,
    "page": _page,
    "theme": _theme,
    "setting": _setting,
    "fault": _fault,
    "time": _time,
    "explain": explain,  # as `answers` says it
}
