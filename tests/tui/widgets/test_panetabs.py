"""The names of the panes."""

from maillab.tui.screens.lab import LabScreen
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.panetabs import PaneTabs


def texts(lang):
    """With the key that leads to the next pane."""
    return Texts(lang, lambda _: "F6")


def test_panes(stage):
    """Each pane of the mode, the one in front state out; a click asks for another."""
    bar = PaneTabs(texts("en"), LabScreen.PANES)

    async def story(seat):
        bar.current = "wire"
        await seat.pilot.pause()
        assert [part.says for part in bar._parts if part.style == "on"] == ["wire"]
        assert "  New message   Mail server   Mail server   DNS   Wire   Explain " in seat.lines[0]
        bar.rename({"sender": "sender.test", "recipient": "recipient.test"})
        await seat.see(" New message  sender.test  recipient.test  DNS  Wire  Explain ")
        await seat.click("sender.test")
        assert [m.says for m in seat.app.told if isinstance(m, Bar.Pressed)] == ["sender"]

    stage.alone(bar, layout="-narrow", story=story)


def test_at_sixty_columns(stage):
    """Every name fits at the smallest useful size, in both languages."""
    for lang in ("en", "vi"):
        bar = PaneTabs(texts(lang), LabScreen.PANES)

        async def story(seat, bar=bar, lang=lang):
            bar.rename({"sender": "sender.test", "recipient": "recipient.test"})
            await seat.see(" sender ", " recipient ")
            others = set(LabScreen.PANES) - {"sender", "recipient"}
            assert all(Texts(lang)(f"pane.{name}") in seat.lines[0] for name in others)

        stage.alone(bar, layout="-narrow", story=story, size=(60, 1))
