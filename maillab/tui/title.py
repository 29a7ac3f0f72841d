"""The words at the right edge of the title: living lab or session, recording, insecure on purpose."""

from maillab.tui.context import WindowContext
from maillab.tui.replay_words import in_title
from maillab.tui.state.life import LabDown, On
from maillab.tui.state.record import OnRecord


def state_words(at: WindowContext) -> tuple[tuple[str, str], ...]:
    """Each with its style."""
    texts, playback = at.texts, at.playback
    if playback is not None:
        return (("warn", f"{in_title(playback, texts)} "),)
    parts = []
    if at.config is not None and at.config.weaknesses:
        parts.append(("warn", f"{texts('state.weak')} "))
    match at.life:
        case LabDown():
            parts.append(("bad", f"○ {texts('state.down')} "))
        case On():
            parts.append(("good", f"● {texts('state.live')} "))
            if at.is_temporary:
                parts.append(("warn", f"{texts('state.temporary')} "))
        case _:
            parts.append(("dim", f"{texts('state.starting')} "))
    if isinstance(at.records.state, OnRecord):
        parts.append(("bad", f"{texts('state.recording')} {at.records.state.lasted(at.now)} "))
    return tuple(parts)
