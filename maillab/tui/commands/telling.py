"""Telling what happens by itself: a message arrived, waits, came back."""

from collections.abc import Sequence

from maillab.events import Entry
from maillab.tui.context import WindowContext
from maillab.tui.machines.machines_now import is_held
from maillab.tui.machines.notices import Notices
from maillab.tui.state.shown import Live


def tell_news(at: WindowContext, news: Sequence[Entry], moment: float) -> None:
    """Say what a person should know of these entries, which the model has taken; `moment` on a clock that only goes on.

    While a session plays nothing is said, and nothing is kept for later: whoever comes back sees how things stand.
    """
    if at.said.pass_time(moment):
        at.ui.refresh()
    notices = at.notices
    if notices is None:
        notices = at.notices = Notices(
            at.texts, lambda message: is_held(at, message), lambda: at.ui.where()[0] == "lab"
        )
    if not isinstance(at.shown, Live):
        notices.forget()
        return
    notices.texts = at.texts  # which may be another language now: what waits to be told is kept
    notices.hear(news, at.live.model)
    if outdated := notices.outdated():
        at.said.take_back(outdated)
        at.ui.refresh()
    for notice in notices.due(moment, at.now):
        at.ui.tell(notice.text, notice.level)
