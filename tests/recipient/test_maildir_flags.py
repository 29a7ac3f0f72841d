"""Flags in file names: understood by every other program, and nothing of theirs is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.maildir_flags import LETTERS, base_of, flags_of, has_letters, joined, parted, with_flags


@given(st.frozensets(st.sampled_from([*LETTERS, "work", "$Junk"])), st.text("abz", max_size=3), st.booleans())
def test_flags_come_back(flags, others, bare):
    """Whatever flags are written are read again, in the order of their letters; the base name stays."""
    name = with_flags("17.M1.mx" if bare else f"17.M1.mx:2,{''.join(sorted(set('FS' + others)))}", flags)

    assert base_of(name) == "17.M1.mx"
    assert flags_of(name) == flags & LETTERS.keys()
    letters = name.partition(":2,")[2]
    assert letters == "".join(sorted(set(letters)))
    assert bare or set(others) <= set(letters)


@pytest.mark.parametrize(
    "name", ["17.M1.mx", "17.M1.mx:", "17.M1.mx:2", "17.M1.mx:1,S", "17.M1.mx:2,", "17.M1.mx:2,ab", "a,S=5"]
)
def test_names_without_flags(name):
    """What is no flag of ours is none."""
    assert flags_of(name) == frozenset()


def test_keywords_have_no_letter():
    """Only what a letter stands for shows in a name."""
    assert has_letters(["work", "$Forwarded"])
    assert not has_letters(["work"])


@given(st.frozensets(st.text("abc$\\", min_size=1, max_size=4)))
def test_flags_of_the_index(flags):
    """Flags are kept as one text, and come back."""
    assert parted(joined(flags)) == flags
