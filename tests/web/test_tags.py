"""Tags are keywords of IMAP, whatever stands in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.web.tags import BadTag, keyword_of, known_keywords, tag_of, tags_of


@given(st.text(min_size=1, max_size=60))
def test_a_tag_comes_back(text):
    """What can be a tag is an atom as a keyword, and read again as it was, with single spaces."""
    try:
        keyword = keyword_of(text)
    except BadTag:
        return
    assert re.fullmatch(r'[^\x00- \x7f-\U0010ffff(){%*"\\\]]+', keyword)
    assert tag_of(keyword).split() == tag_of(keyword_of(tag_of(keyword))).split()


@pytest.mark.parametrize("tag", ["a", "to do", "Đã gửi", "R&D", "100%", 'say "hi"', "[x]", "a,b"])
def test_usual_tags(tag):
    """Spaces, letters of every language and signs of IMAP's own grammar are kept."""
    assert tag_of(keyword_of(tag)) == tag


@pytest.mark.parametrize("tag", ["", "  ", "$Forwarded", "\\Seen", "a" * 101])
def test_what_is_no_tag(tag):
    """Nothing, flags of the protocol, and what is too long are refused."""
    with pytest.raises(BadTag):
        keyword_of(tag)
    assert known_keywords([tag, "ok"]) == ["ok"]


def test_keywords_of_other_programs():
    """A keyword that only looks shifted stays as it is, and those with $ are no tags."""
    assert tags_of(["NonJunk", "&%%-x", "&2D3-", "$Label1"]) == ["&%%-x", "&2D3-", "NonJunk"]
