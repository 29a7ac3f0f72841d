"""Dates in lists."""

from maillab.tui.dates import WIDE, date, local
from maillab.tui.texts import Texts

NOW = 1_790_000_000.0
EN, VI = Texts("en"), Texts("vi")


def test_a_date():
    """Day, month and time; of another year the year; nothing for no date, and for one that no calendar has."""
    assert date(NOW, NOW, EN).endswith(f"{local(NOW):%H:%M}")
    assert date(NOW - 400 * 86_400, NOW, EN).endswith(" 2025")
    assert date(None, NOW, EN) == date(1e18, NOW, EN) == ""
    assert all(len(date(NOW - day * 86_400, NOW, texts)) <= WIDE for day in range(400) for texts in (EN, VI))
