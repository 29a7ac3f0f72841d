"""Address fields, piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.address_list import GroupMark, ListEntry, entries, tight, unquoted


def shapes(value):
    """Entries by what is written in them, groups by their marks."""
    return [
        entry.name if isinstance(entry, GroupMark) else (entry.name.strip(), entry.path)
        for entry in entries(value)
        if isinstance(entry, GroupMark) or (entry.name + entry.path).strip()
    ]


def test_groups_have_a_beginning_and_an_end():
    """A group that is never closed ends with the field, or where the next one begins."""
    assert shapes("a@b, team: c@d, E <e@f>; g@h") == [("a@b", ""), "team", ("c@d", ""), ("E", "e@f"), None, ("g@h", "")]
    assert shapes("a: b@c, d: e@f") == ["a", ("b@c", ""), None, "d", ("e@f", ""), None]


def test_what_is_quoted_separates_nothing():
    """Commas, brackets and colons in quotes, comments, encoded words and literals are none."""
    assert shapes('"a, b: <c>" <d@e>, f (g, h) <i@[IPv6:::1]>, =?utf-8?q?x,_<y>?= <z@z>') == [
        ('"a, b: <c>"', "d@e"), ("f", "i@[IPv6:::1]"), ("=?utf-8?q?x,_<y>?=", "z@z"),
    ]  # fmt: skip


def test_spaces_and_quotes():
    """Space around dots and at signs means nothing, unless it is quoted."""
    assert tight(' a . b @ c . d "x . y"@z') == ' a.b@c.d "x . y"@z'
    assert unquoted('"a \\"b\\"" c') == 'a "b" c'


@given(st.text(alphabet='a@<>,;:()[]"\\ .=?\n', max_size=80))
def test_nothing_is_lost(value):
    """Every character that is no separator stands in some entry or in the name of a group."""
    found = list(entries(value))
    kept = "".join(entry.raw for entry in found if isinstance(entry, ListEntry))
    assert kept.count("a") <= value.count("a")
    assert sum(isinstance(entry, GroupMark) and entry.name is None for entry in found) == sum(
        isinstance(entry, GroupMark) and entry.name is not None for entry in found
    )


def test_brackets_that_never_end():
    """They mean nothing, are gone through once, and what is bracketed well behind them is."""  # T238, T243
    assert len(list(entries("(" * 60_000))) == 1
    assert len(list(entries('"' * 60_001))) == 1
    [entry] = entries("((((a) b <c@d> (e\\))")
    assert (entry.path, entry.comments) == ("c@d", ["a", "e\\)"])
