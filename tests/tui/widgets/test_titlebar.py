"""The first line."""

import pytest

from maillab.tui.machines.title import TitleWord
from maillab.tui.texts import Texts
from maillab.tui.widgets.titlebar import MODES, TitleBar


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [40, 60, 80, 120])
def test_modes_and_state(stage, lang, cells):
    """Every mode with its key, and the state at the right edge; nothing is cut at any size."""
    bar, texts = TitleBar(Texts(lang)), Texts(lang)

    async def story(seat):
        bar.mode = "mail"
        bar.state = (TitleWord("good", ("● LIVE", "●", ""), 1), TitleWord("dim", ("Fri 4 Dec 08:05", "08:05", "")))
        await seat.pilot.pause()
        for number, mode in enumerate(MODES, 1):
            name = texts(f"mode.{mode}")
            assert f" {number} {name} " in seat.lines[0] or cells == 40
        assert ("● LIVE" in seat.lines[0]) is (cells > 50)
        assert ("Fri 4 Dec 08:05" in seat.lines[0]) is (cells >= 80)

    stage.alone(bar, story=story, size=(cells, 1))
