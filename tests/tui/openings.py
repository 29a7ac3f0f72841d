"""How windows begin that several tests look at, and what puts each of them back for the next test."""

from msgspec.structs import replace

from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.events import Delivered
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.explain import ExplainPane
from tests.tui.windows import Seat


def with_port(port: int) -> LoadedConfig:
    """A lab whose first server is to have this port for SMTP."""
    config = default()
    sites = (replace(config.sites[0], ports={"smtp": port}), *config.sites[1:])
    return LoadedConfig(replace(config, sites=sites, dns_port=0), "")


async def a_lab(seat: Seat) -> None:
    """The Lab mode of a lab that runs."""
    await seat.ready()


async def a_lab_again(seat: Seat) -> None:
    """Where one begins in it: no pane has all the room, nothing is filtered, the message is seen as a form."""
    await back_to(seat, "lab")
    lab = seat.app.ui.screen
    lab.query_one(ComposePane).show_tab("form")
    for _ in range(3):  # a zoom, a filter, a field
        await seat.press("escape")
    lab.front(lab.first)
    await seat.pilot.pause()


async def crossed(seat: Seat) -> None:
    """A message has crossed, and the wire is looked at."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered)
    await seat.press("3")
    await seat.until(lambda: seat.app.current_mode == "wire")
    await seat.see("221 2.0.0 mx.recipient.test Goodbye")


async def crossed_again(seat: Seat) -> None:
    """Every line of it is seen again, the newest one last, and nothing is looked for."""
    await back_to(seat, "wire")
    wire = seat.app.ui.screen
    wire.query_one(ExplainPane).hexed = False
    await seat.focus(wire.transcript)
    while wire.transcript.search is not None or not wire.transcript.view.shows_all:
        await seat.press("escape")
    wire.transcript.follow = True
    await seat.see("221 2.0.0 mx.recipient.test Goodbye")


async def back_to(seat: Seat, mode: str) -> None:
    """To the lab that lives, and to a mode."""
    if seat.app.context.playback is not None:
        await seat.press("escape", "Q")
        await seat.until(lambda: seat.app.context.playback is None, "the end of the session")
    seat.app.ui.go(mode)
    await seat.until(lambda: seat.app.current_mode == mode, mode)
    # the screen learns of it at its next look, and gives the focus to its first pane then
    await seat.until(lambda: not seat.app.screen.has_class("-replay"), "a screen that is live")
