"""Base subjects (RFC 5256 2.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.structure.topic import base_subject


@pytest.mark.parametrize(
    ("subject", "topic", "is_answer"),
    [
        ("news", "news", False), ("", "", False), ("Re: news", "news", True), ("RE : news", "news", True), ("fw: fwd: re: news", "news", True),
        ("Re[2]: news", "news", True), ("[list] news", "news", False), ("[list] Re: [other] news", "news", True),
        ("[list]", "[list]", False), ("Re: [list]", "[list]", True), ("news (fwd) (FWD)  ", "news", True), ("[Fwd: Re: news]", "news", True),
        ("[fwd:]", "", True), ("Re:", "", True), ("re news", "re news", False), ("Regarding: news", "Regarding: news", False),
        ("a \t b", "a b", False), ("Re: Tiếng Việt", "Tiếng Việt", True), ("[a][b][c] news", "news", False), ("Trả lời: news", "Trả lời: news", False),
    ],
)  # fmt: skip
def test_base_subjects(subject, topic, is_answer):
    """What programs and lists put around a subject is taken off, as often as it is there."""
    assert base_subject(subject) == (topic, is_answer)


@given(st.text(alphabet="re:fwd[]( )\t.", max_size=60))
def test_it_comes_to_an_end(subject):
    """A base subject has itself as base subject, unless nothing but marks is left."""
    topic, _ = base_subject(subject)
    assert base_subject(topic)[0] == topic


def test_bombs():
    """Thousands of marks are gone through once."""
    assert base_subject("Re: " * 10_000)[1]
    assert base_subject("[" * 10_000)[0] == "[" * 1_000
    assert base_subject("[x]" * 10_000 + "news")[0] != ""
    assert base_subject("[fwd:" * 10_000 + "]" * 10_000)[0]
