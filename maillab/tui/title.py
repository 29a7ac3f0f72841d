"""The words at the right edge of the title: living lab or session, the lab's clock, recording, insecure on purpose."""

from maillab.tui.clock_words import lab_clock
from maillab.tui.context import WindowContext
from maillab.tui.replay_words import in_title
from maillab.tui.state.life import LabDown, On
from maillab.tui.state.record import OnRecord
from maillab.tui.title_words import TitleWord


def state_words(at: WindowContext) -> tuple[TitleWord, ...]:
    """Each with its style, and with shorter ways to say it."""
    texts, playback = at.texts, at.playback
    if playback is not None:
        return (TitleWord("warn", (in_title(playback, texts),), 3),)
    said = [*_insecure(at), _life(at)]
    if isinstance(at.life, On):
        if at.is_temporary:
            said.append(TitleWord("warn", (texts("state.temporary"),), 2))
        if isinstance(at.records.state, OnRecord):
            name = texts("state.recording")
            said.append(TitleWord("bad", (f"{name} {at.records.state.lasted(at.now)}", name), 2))
        said.append(TitleWord("dim", (*lab_clock(at.now, at.live.model.turned, texts), ""), 1))
    return tuple(said)


def _life(at: WindowContext) -> TitleWord:
    match at.life:
        case LabDown():
            return TitleWord("bad", (f"○ {at.texts('state.down')}",), 3)
        case On():
            return TitleWord("good", (f"● {at.texts('state.live')}",), 3)
        case _:
            return TitleWord("dim", (at.texts("state.starting"),), 3)


def _insecure(at: WindowContext) -> list[TitleWord]:
    """It is said first where the lab is weak on purpose."""
    if at.config is None or not at.config.weaknesses:
        return []
    return [TitleWord("warn", (at.texts("state.weak"), at.texts("state.weak_short")), 2)]
