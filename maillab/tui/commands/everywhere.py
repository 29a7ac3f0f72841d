"""What holds everywhere: help, the palette, modes, copying, themes, languages."""

from dataclasses import dataclass

from maillab.tui.context import WindowContext
from maillab.tui.looks.theme import NAMES, THEMES
from maillab.tui.questions import Choice, HelpText, Pick
from maillab.tui.state.conversation import Connected
from maillab.tui.state.shown import Replay
from maillab.views.safe import clip, safe

TOLD = 40  # cells of what was copied


@dataclass(frozen=True, slots=True)
class OnceMore:
    """Somebody goes to the mode where they are: to what is new in it."""


def go(at: WindowContext, mode: str) -> None:
    """To another mode; what was said about the one that is left is said no longer."""
    at.ui.hush()
    at.ui.go(mode, about=OnceMore() if at.ui.where()[0] == mode else None)


async def help_here(at: WindowContext) -> None:
    """What this place is for, its keys, and the page of the manual that belongs there."""
    from maillab.tui.manual import manual, page, topic_of

    mode, pane = at.ui.where()
    reads = pane in ("wire", "explain")  # its keys are named before there is anything to read
    keys = [offer for offer in at.ui.offers() if offer.is_here or (reads and offer.action.context == "reading")]
    shows, title = _shown_in(at, mode, pane)
    lines = manual(at.texts, mode, shows, keys, at.ui.width())
    below = list(page(at.texts, mode, shows, at.ui.width()))
    await at.ui.ask(HelpText(at.texts("help.title", pane=at.texts(title)), [*lines, ()], below, topic_of(mode, shows)))


def _shown_in(at: WindowContext, mode: str, pane: str) -> tuple[str, str]:
    """What a pane shows now, as its help is called, and the name of the text in its title."""
    if pane == "compose" and at.playback is not None:
        return "recorded", "compose.story" if at.playback.is_story else "compose.message"
    if pane == "compose" and at.drafting.is_behind:
        return "byhand", "tab.compose.byhand"
    return pane, f"pane.{pane}" if pane else f"mode.{mode}"


async def help_with_filters(at: WindowContext) -> None:
    """What can be typed where a filter is: its page of the manual."""
    from maillab.manual.pages import read
    from maillab.tui.manual import styled

    await at.ui.ask(
        HelpText(at.texts("palette.page", topic="filters"), styled(read("filters", at.texts.lang), at.ui.width()))
    )


def copy(at: WindowContext) -> None:
    """What is marked with the mouse."""
    if text := at.ui.marked():
        to_clipboard(at, text)
    else:
        at.ui.say(at.texts("say.how_to_quit"))


def to_clipboard(at: WindowContext, text: str) -> None:
    """Copy it, and say what: its beginning, and how many lines there are."""
    at.ui.copy(text)
    lines = text.removesuffix("\n").split("\n")
    words, more = ("say.copied", "") if len(lines) == 1 else ("say.copied_lines", " …")
    what = clip(safe(lines[0].strip()) + more, TOLD)
    at.ui.say(at.texts(words, count=len(lines), what=what), good=True)


def themes(at: WindowContext) -> list[tuple[str, str]]:
    """Their names, and how they are called."""
    own = {name: at.texts(f"theme.{name}") for name in THEMES}
    return [(name, own.get(name) or name.replace("-", " ").title()) for name in NAMES]


async def theme(at: WindowContext) -> None:
    """Other colours, while the window is open: those under the cursor are worn at once, and taken off again by Esc."""
    before = at.ui.colours()
    choices = [Choice(name, label) for name, label in themes(at)]
    picked = await at.ui.ask(Pick(at.texts("theme.title"), choices, preview=at.ui.wear, chosen=before, enter="keep"))
    at.ui.wear(picked or before)


def language(at: WindowContext) -> None:
    """The other language: every screen is made anew."""
    texts = at.texts.translated("vi" if at.texts.lang == "en" else "en")
    if at.ui.speak(texts):
        if isinstance(at.shown, Replay):
            at.shown.playback.lang = texts.lang
        if isinstance(at.conversation.line, Connected):
            at.conversation.line.hand.console.lang = texts.lang
