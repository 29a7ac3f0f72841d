"""A machine on the desk."""

from maillab.tui.machine_rows import TextRow
from maillab.tui.widgets.machine import MachinePane, RecipientPane, SenderPane


def asked(seat):
    return [message.what for message in seat.app.told if isinstance(message, MachinePane.Asked)]


def test_what_may_be_done(stage):
    """Each key asks for one thing, and the line under the cursor is what it is about."""
    pane = SenderPane(id="sender")

    async def story(seat):
        pane.show_rows([TextRow(("plain", "up")), *(TextRow(("plain", job), about=job) for job in ("L1.1", "L2.1"))])
        await seat.focus(pane)
        await seat.press("p", "r", "D", "B", "o", "b", "left", "right")
        assert asked(seat) == ["pause", "retry", "remove", "bounce", "power", "rules", "site_back", "site_on"]
        assert pane.about == ""
        await seat.press("j")
        assert pane.about == "L1.1"
        pane.show_rows([TextRow(("plain", "up")), TextRow(("plain", "L2.1 waits"), about="L2.1")])
        await seat.press("k")
        assert pane.about == "L2.1"  # the only one

    stage.alone(pane, story=story)


def test_the_other_machine(stage):
    """It has keys of its own."""
    pane = RecipientPane(id="recipient")

    async def story(seat):
        await seat.focus(pane)
        await seat.press("o", "a", "b", "y", "s")
        assert asked(seat) == ["power", "add", "rules", "greylist", "tls"]

    stage.alone(pane, story=story)


def test_long_reasons(stage):
    """A long reason goes on below, and not without end."""
    pane = SenderPane(id="sender")

    async def story(seat):
        pane.show_rows([TextRow(("dim", "word " * 500), "L1.1", "L1.1"), TextRow(("plain", "after"))])
        await seat.see("L1.1", "after")
        assert sum("word" in line for line in seat.lines) == 4

    stage.alone(pane, story=story, size=(40, 12))
