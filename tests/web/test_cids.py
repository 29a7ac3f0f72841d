"""The names by which a page shows parts that come with it."""

import time

import pytest

from maillab.web.cids import named, put_in


@pytest.mark.parametrize(
    "html",
    ['<img src="cid:a@x">', "<img src='CID:a%40x'>", "<img src=cid:a@x>", "url(cid:a@x)", '<img src=" cid:a@x">'],
)
def test_how_a_part_is_named(html):
    """In quotes or without, percent-encoded or not, in a sheet of styles."""
    assert named(html) == {"a@x"}
    assert "data:,x" in put_in(html, {"a@x": "data:,x"}, 100)


@pytest.mark.parametrize("html", ["cid:a", '<p>see "mycid:a"</p>', f'"cid:{"a" * 300}"'])
def test_what_is_no_name(html):
    """Words of the text stay as they are."""
    assert put_in(html, {"a": "data:,x"}, 100) == html


def test_a_picture_that_is_named_everywhere():
    """A page grows by no more than its room: one of 5 MB that was named 1,000 times has killed the lab."""
    page, picture = '<img src="cid:a">' * 100_000, "x" * 1_000_000

    assert len(put_in(page, {"a": picture}, 10_000_000)) < len(page) + 10_000_000


def test_a_hundred_thousand_names():
    """They are read once."""
    before = time.process_time()

    assert len(named("".join(f'<img src="cid:{number}">' for number in range(100_000)))) == 100_000
    assert len(named("cid:" * 1_000_000)) == 0
    assert time.process_time() - before < 3
