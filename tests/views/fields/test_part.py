"""The shape of an explanation."""

from maillab.views.fields.part import Across, Down, Part, parts_of


def test_columns_one_below_the_other():
    """Of the first row every part with its meaning, of the others the row."""
    block = Across((("10", "a.test."), ("20", "b.test.")), ("preference", "host"))
    assert parts_of(block) == (Part("10", "preference"), Part("a.test.", "host"), Part("20  b.test.", ""))
    assert parts_of(Down((Part("x", "y"),))) == (Part("x", "y"),)
    assert parts_of(Across((), ())) == ()
