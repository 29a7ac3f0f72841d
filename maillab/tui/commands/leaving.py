"""Leaving the window by will: what would be lost is asked about, and everything is closed in its order."""

import asyncio

from maillab.tui.commands.asking import choose
from maillab.tui.commands.draft import keep_draft
from maillab.tui.commands.record import drop_record, finish_record
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.state.record import OnRecord

STOPPED_WITHIN = 5.0  # seconds for the lab to end; it is waited for once more when the window has closed


async def quit_window(at: WindowContext) -> None:
    """Leave; a record that is being made is asked about."""
    if isinstance(at.records.state, OnRecord):
        question = at.texts("ask.record", path=at.records.state.path)
        choice = await choose(at, question, k="ask.keep_record", d="ask.drop_record", s="ask.stay")
        if choice in (None, "ask.stay"):
            return
        if choice == "ask.drop_record":
            await drop_record(at)
        elif not await finish_record(at, silent=True):
            return  # it is not what the person wanted to leave behind
    await leave(at, 0)


async def leave(at: WindowContext, code: int) -> None:
    """Close everything in its order: the message that is being written, the lab, the window."""
    at.shown = at.live  # a session that is still read is read no further
    try:
        await keep_draft(at)
    except OSError as error:
        at.ui.say(complaint(error), bad=True)
    try:
        async with asyncio.timeout(STOPPED_WITHIN):
            await at.host.stop()
    except TimeoutError:
        pass  # what was promised is on the disk
    if at.home.shelf is not None:
        await asyncio.to_thread(at.home.shelf.close)
    at.ui.close(code)
