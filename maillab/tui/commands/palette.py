"""The palette: one list in which everything is found, and where a word of mail is explained.

Rules for this file: the first picture of the window is drawn without all that is found here, and that finds it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from maillab.recording.saved_sessions import stem
from maillab.tui.actions.action import Action, needs_lab
from maillab.tui.actions.spelled import shown
from maillab.tui.commands import everywhere, lab, machines, names, replay, rules, sessions, settings
from maillab.tui.context import WindowContext
from maillab.tui.looks.sink import Line, piece, wrapped
from maillab.tui.looks.theme import is_dark
from maillab.tui.machines.machines_now import runs
from maillab.tui.questions import Choice, HelpText, Pick
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Live
from maillab.tui.subjects import Machine, MessageTab

Work = Coroutine[Any, Any, object]

UNKNOWN = "zzz"  # no word: it is looked for everywhere
TABS = ("text", "html", "html_source", "headers", "raw", "parts", "route")  # as in mail.messageview, unread here
TABS_LIKE = {"html_source": "html"}  # explained by the same words
TABS_AKA = {"route": "received hops path", "parts": "mime attachments", "raw": "bytes source", "html_source": "tags"}


async def palette(at: WindowContext) -> None:
    """Ask for a command and run it; what else can be found is gathered meanwhile."""
    from maillab.tui.palette.palette import Palette, commands, used

    offered = at.ui.offers()
    power = next((offer for offer in offered if offer.action.name == "machine.power"), None)
    listed = commands(offered, at.texts, lambda action: is_idle(at, action))
    listed += [*_machines(at, shown(power.keys[0]) if power is not None and power.keys else ""), *_tabs(at)]
    found = Palette(listed, at.texts, at.recent)

    async def gather() -> None:
        stories = await asyncio.to_thread(_stories, at)
        found.know([*stories, *await asyncio.to_thread(_sessions, at), *_pages(at), *_themes(at), *_of_the_lab(at)])
        await asyncio.to_thread(found.search, UNKNOWN)  # the tables of words are read before somebody types

    at.ui.attempt(gather(), group="palette", alone=True)
    question = Pick(at.texts("palette.title"), listed, at.texts("palette.nothing"), found.search, enter="run")
    picked = await at.ui.ask(question)
    if picked is not None:
        at.recent = used(at.recent, picked)
        await run(at, picked)


async def run(at: WindowContext, value: str) -> None:
    """Do what a choice of the palette stands for."""
    from maillab.tui.palette.palette import DOES

    kind, _, what = value.partition(" ")
    if what == "names.edit" and at.ui.where()[1] != "names":
        await names.edit_one(at)
    elif value.startswith(DOES):
        at.ui.do(what)
    elif work := KINDS.get(kind):
        await work(at, what)


def is_idle(at: WindowContext, action: Action) -> bool:
    """Can it not be done now, wherever one is?"""
    if action.name == "app.send":
        return not at.can_send
    if action.name == "app.mark":
        return not isinstance(at.records.state, OnRecord)
    if action.context in ("transcript", "reading"):
        return not at.model.entries
    return needs_lab(action, at.records) and not _is_living(at)


def _is_living(at: WindowContext) -> bool:
    return at.host.alive and isinstance(at.shown, Live)


# ── what can be found ──


def _machines(at: WindowContext, key: str) -> list[Choice]:
    """The name server, to go to; each mail server by its name: stop what runs, start what is stopped, by this key."""
    config, lab, texts = at.config, at.host.lab, at.texts
    listed = [Choice("go names", texts("names.title"), texts("palette.names"), aka="dns ns zone mx", enter="go")]
    if config is None or lab is None or not _is_living(at):
        return listed
    for domain in [site.domain for site in config.sites]:
        is_on = runs(lab, domain)
        label = texts("palette.stop" if is_on else "palette.start", site=domain)
        does = texts("palette.stops" if is_on else "palette.starts")
        aka = "stop start power switch on off up down dừng chạy"
        listed.append(Choice(f"power {domain}", label, does, key, texts("pane.recipient"), aka))
    return listed


def _tabs(at: WindowContext) -> list[Choice]:
    """The ways to look at a message."""
    texts = at.texts
    return [
        Choice(f"tab {name}", texts(f"tab.message.{name}"),
               texts("palette.tab", what=texts(f"card.message.{TABS_LIKE.get(name, name)}")),
               aka=TABS_AKA.get(name, ""), enter="go", within=texts("mode.mail"))
        for name in TABS
    ]  # fmt: skip


def _stories(at: WindowContext) -> list[Choice]:
    texts = at.texts
    return [
        Choice(f"story {name}", texts("palette.story", title=title), about,
               aka=f"demo lesson {replay.known_as(name)}", enter="play")
        for name, title, about in replay.stories(texts.lang)
    ]  # fmt: skip


def _sessions(at: WindowContext) -> list[Choice]:
    texts = at.texts
    return [
        Choice(f"session {each.path}", texts("palette.session", name=stem(each.path)), texts("palette.replays"),
               aka="open replay recording", enter="open")
        for each in sessions.known(at)
    ]  # fmt: skip


def _pages(at: WindowContext) -> list[Choice]:
    from maillab.manual.pages import TOPICS, title

    texts = at.texts
    return [
        Choice(f"page {topic}", texts("palette.page", topic=topic), title(topic, texts.lang), aka="help manual",
               enter="read")
        for topic in TOPICS
    ]  # fmt: skip


def _themes(at: WindowContext) -> list[Choice]:
    return [
        Choice(
            f"theme {name}",
            at.texts("palette.theme", name=label),
            aka=f"colours colors looks màu {at.texts('palette.dark' if is_dark(name) else 'palette.light')}",
            enter="keep",
        )
        for name, label in everywhere.themes(at)
    ]


def _of_the_lab(at: WindowContext) -> list[Choice]:
    """Settings, faults and time, where the lab runs."""
    texts, config = at.texts, at.config
    choices = []
    if config is None or not _is_living(at):
        return []
    for item in settings.switches(at, config):
        state = item.state or texts("on" if item.on else "off")
        choices.append(Choice(f"setting {item.value}", texts("palette.setting", label=item.label, state=state),
                              item.note, aka="setting switch on off", enter="switch"))  # fmt: skip
    for site in [site.domain for site in config.sites]:
        for name in rules.NEW:
            label = texts("palette.fault", site=site, what=texts(f"rule.new.{name}"))
            choices.append(Choice(f"fault {name} {site}", label, rules.note(at, name, site),
                                  aka=f"break error rule {rules.ALSO.get(name, '')}",
                                  enter="write" if name == rules.OWN else "inject"))  # fmt: skip
    for seconds, moment in lab.MOMENTS:
        label = texts("palette.time", moment=texts(f"clock.{moment}"))
        choices.append(Choice(f"time {seconds}", label, aka="clock travel later"))
    return choices


# ── what is done ──


async def _story(at: WindowContext, name: str) -> None:
    await replay.tell_story(at, name)


async def _session(at: WindowContext, path: str) -> None:
    await replay.open_session(at, Path(path))


async def _power(at: WindowContext, site: str) -> None:
    if at.living():
        await machines.power(at, Machine(site))


async def _go(at: WindowContext, pane: str) -> None:
    at.ui.go("lab", pane)


async def _tab(at: WindowContext, name: str) -> None:
    at.ui.go("mail", "message", MessageTab(name))


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
            at.ui.say(added, good=True)


async def _time(at: WindowContext, seconds: str) -> None:
    if at.living():
        await lab.let_time_pass(at, float(seconds))


async def explain(at: WindowContext, word: str) -> None:
    """Everything that a word means; of a code each digit."""
    from maillab.tui.palette.answers import digits, meanings

    lines: list[Line] = digits(word, at.texts.lang, at.ui.width())
    above: Line = ()
    for gloss in meanings(word, at.texts.lang):
        heading: Line = (piece("heading", gloss.key), ("plain", "  "), piece("dim", gloss.source))
        if heading != above:
            lines.append(above := heading)
        lines += [*[(piece("plain", line),) for line in wrapped(gloss.text, at.ui.width())], ()]
    await at.ui.ask(HelpText(at.texts("palette.explained", word=word), lines[:-1]))


KINDS: dict[str, Callable[[WindowContext, str], Work]] = {
    "story": _story,
    "session": _session,
    "page": _page,
    "theme": _theme,
    "setting": _setting,
    "fault": _fault,
    "time": _time,
    "power": _power,
    "go": _go,
    "tab": _tab,
    "explain": explain,  # as `answers` says it
}
