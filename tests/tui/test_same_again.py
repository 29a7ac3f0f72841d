"""A session that plays looks like the life that it was: the same panes, cell for cell, and no socket (T304)."""

import socket

import pytest

from maillab.events import Delivered
from maillab.tui.commands import replay as replay_commands
from tests.house import ROOT
from tests.tui.fake_ui import BY_POP3

SESSIONS = sorted((ROOT / "examples" / "sessions").glob("*.maillab"))
SEEN = 8  # lines of a pane, for one that plays is lower by the line of its time, and one of air


def pane(seat, name):
    """What stands in a pane, without its frame."""
    region = seat.app.screen.query_one(f"#{name}").scrollable_content_region
    strips = seat.app.screen._compositor.render_strips()
    lines = [strips[y].crop(region.x, region.right).text.rstrip() for y in range(region.y, region.bottom)]
    if name == "wire":
        return lines[-SEEN:]
    return "\n".join(lines[:SEEN]).rstrip().split("\n")


async def everything(seat):
    """All panes in which a message leaves traces, after it has arrived and was read."""
    seen = {}
    await seat.press("2")
    await seat.see("Hello from the laboratory")
    await seat.press("enter")
    await seat.see("this message crosses two servers")
    seen |= {name: pane(seat, name) for name in ("messages", "message")}
    seen["messages"] = [line.replace("●", " ") for line in seen["messages"]]  # in a record nobody reads anything
    await seat.press("3", "G")
    await seat.see("goodbye, 0 deleted")
    seen |= {name: pane(seat, name) for name in ("wire", "talks")}
    return seen


def test_live_and_again(stage):
    """A message is sent and read while it is recorded; the record, played to its end, shows the same."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered, mailbox="bob@recipient.test")
        live = await everything(seat)
        await seat.press("escape", "ctrl+r")
        await seat.until(lambda: seat.app.context.host.recording, "a record")
        await seat.press("ctrl+r")
        await seat.until(lambda: not seat.app.context.host.recording, "its end")
        [path] = (seat.app.context.settings.lab / "sessions").glob("*.maillab*")
        await replay_commands.open_session(seat.app.context, path)
        await seat.until(
            lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole, "the session"
        )
        await seat.press("space", "ctrl+end")
        await seat.until(lambda: seat.app.context.playback.at_end, "its last line")
        again = await everything(seat)
        assert again == live

    stage(story, size=(120, 40), config=BY_POP3)


async def played(seat):
    """The session of the window has been read, to its end."""
    await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)


@pytest.fixture(scope="module")
def theatre(opened):
    """A window that one session after the other is opened in."""
    return opened(played, played, replay=SESSIONS[0])


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_no_socket(theatre, monkeypatch, path):
    """Every example is played in the window, from the first line to the last, and read in all modes, without a socket."""
    sockets = []
    monkeypatch.setattr(socket.socket, "bind", lambda *_: sockets.append("bind"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: sockets.append("connect"))

    async def story(seat):
        before = seat.app.context.playback
        await replay_commands.open_session(seat.app.context, path)
        await seat.until(lambda: seat.app.context.playback is not before, path.stem)
        await played(seat)
        count = len(seat.app.context.playback.recording.entries)
        await seat.press("space", "ctrl+end")
        await seat.until(lambda: len(seat.app.context.model.entries) == count, "its last line")
        for mode in ("2", "4", "1", "3"):
            await seat.press(mode)
        await seat.press("ctrl+s")
        assert sockets == []
        assert seat.app.context.host.lab is None

    theatre(story)
