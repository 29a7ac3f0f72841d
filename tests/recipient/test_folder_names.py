"""Names of folders: every one that is taken comes back as it was, and none leaves the Maildir."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.folder_names import (
    LEVELS,
    NAME_OCTETS,
    checked,
    is_below,
    name_of,
    place,
    read_subscriptions,
    write_subscriptions,
)
from maillab.recipient.folders import BadName


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", "a..b", "~root", "a\x00b", "../../etc", "a\r\nb", "a//b", "a/", "/a", "", "a/../b", "a\ud800", " a", "a ",
     "x" * 300, "/".join("a" * (LEVELS + 1)), "a%", "a*", "&AC4ALgAv-x", "#shared", "\x7f", "a\\b", "ư" * 150],
)  # fmt: skip
def test_names_that_are_refused(name):
    """What could leave the Maildir, cannot be a file, or is no name for a client, is refused as a name."""  # T199
    with pytest.raises(BadName):
        checked(name)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Sent", ".Sent"),
        ("Lists/linux", ".Lists.linux"),
        ("INBOX/x", ".INBOX.x"),
        ("a & b", ".a &- b"),
        ("Thư rác", ".Th&AbA- r&AOE-c"),
        ("😀", ".&2D3eAA-"),
    ],
)
def test_names_on_disk(name, folder):
    """A folder is called as other programs that know Maildir++ call it."""
    assert place(checked(name)) == folder
    assert name_of(folder) == name


@pytest.mark.parametrize(
    "folder",
    [".", "..", "..gone-1", ".a..b", ".a.", "cur", "new", "tmp", ".&", ".&AGE-", ".ư", ".INBOX", ".inbox.x", ""],
)
def test_folders_that_are_none(folder):
    """What is no Maildir++ name, or not the only way to write it, is no folder."""
    assert name_of(folder) is None


@given(st.text(max_size=60))
def test_any_name(name):
    """Any text is refused, or is a single entry in the folder that comes back as the same name."""
    try:
        name = checked(name)
    except BadName:
        return
    folder = place(name)
    assert checked(name) == name
    assert "/" not in folder
    assert len(folder) <= NAME_OCTETS
    assert folder == "" or (folder[0] == "." and folder not in (".", "..") and folder[1] != ".")
    assert name_of(folder) == (None if name == "INBOX" else name)
    assert read_subscriptions(write_subscriptions([name])) == [name]


def test_below():
    """What begins with the same letters is not below."""
    assert is_below("a/b", "a")
    assert not is_below("ab", "a")
    assert not is_below("a", "a")


def test_names_are_read_once():
    """Whoever makes folders looks at the names of all that there are, each time: that costs no more than a look."""
    name_of.cache_clear()
    for count in range(1, 101):
        assert len({name_of(place(f"Work/{number}")) for number in range(count)}) == count
    assert name_of.cache_info().misses == 100
