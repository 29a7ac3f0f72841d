"""Lengths of time in words."""

from maillab.views.fields.times import kept, later, span
from tests.views.fields.words import EN, VI


def test_in_both_languages():
    """The two largest units; how long to keep; how much later."""
    assert (span(93_784, EN), span(93_784, VI)) == ("1 d 2 h", "1 ngày 2 giờ")
    assert (kept(300, EN), kept(0, VI)) == ("keep 5 min", "không được giữ")
    assert (later(0.2, EN), later(7_200, EN), later(-1, EN)) == ("+0.2 s", "+2 h", "-1 s")
