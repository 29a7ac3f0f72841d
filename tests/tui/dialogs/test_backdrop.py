"""The screen behind a dialog."""

import pytest
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

from maillab.tui.dialogs.backdrop import Backdrop


@pytest.mark.parametrize("alpha", [0.0, 0.6])
def test_as_textual_dims_it(stage, alpha):
    """Every cell looks as Textual would have it look, and none can be clicked."""

    async def story(seat):
        screen, ground = seat.app.screen, Color(20, 30, 40, alpha)

        lines = Backdrop(screen, ground).render_strips(*screen.size, screen.visual_style, None)

        assert len(lines) == screen.size.height
        for ours, line in zip(lines, screen._compositor.render_strips(), strict=True):
            theirs = [*BackgroundScreen.process_segments(line, ground)]
            assert [(text, style) for text, style, _ in ours] == [(text, style) for text, style, _ in theirs]
            assert not any(style.meta for _, style, _ in ours)

    stage(story)
