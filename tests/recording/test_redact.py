"""Secrets struck out of entries."""

import pytest

from maillab.events import Closed, Entry, Said, Side
from maillab.recording.redact import redacted
from maillab.views.transcript import Transcript


def said(line, secret):
    """An entry of the client's."""
    return Entry(1, 0.0, Said("submit-1", Side.CLIENT, line, secret=secret))


@pytest.mark.parametrize(
    ("line", "secret", "struck", "left"),
    [
        (b"PASS hunter2\r\n", (5, 12), b"PASS *******\r\n", (5, 12)),
        (b"hunter2", (0, 7), b"*******", (0, 7)),
        (b"hunter2", (-3, 99), b"*******", (0, 7)),
        (b"NOOP\r\n", (0, 0), b"NOOP\r\n", (0, 0)),
        (b"NOOP\r\n", (4, 2), b"NOOP\r\n", (0, 0)),
        (b"NOOP\r\n", (9, 12), b"NOOP\r\n", (0, 0)),
    ],
)
def test_struck_out(line, secret, struck, left):
    """A secret becomes as many *, and its place stays known; nothing else changes (T309)."""
    entry = redacted(said(line, secret))
    assert (entry.event.line, entry.event.secret) == (struck, left)
    assert redacted(entry) == entry


def test_the_screen_sees_no_difference():
    """A transcript shows the same for the entry and for what was kept of it."""
    entry = said(b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", (11, 27))
    views = Transcript(glosses=True), Transcript(glosses=True)
    live, again = (
        [view.line(row) for row in view.rows(one)] for view, one in zip(views, (entry, redacted(entry)), strict=True)
    )
    assert live == again
    assert "‹redacted 16›" in live[0]


def test_other_entries():
    """What is not said on a wire stays as it is."""
    entry = Entry(1, 0.0, Closed("submit-1", "quit"))
    assert redacted(entry) is entry
