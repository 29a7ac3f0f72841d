"""The links of a message."""

import pytest

from maillab.stored.links import links_of


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ("<A HREF='https://x.test/?a=1&amp;b=2'>go</A>", "", ["https://x.test/?a=1&b=2"]),
        ('<a href="#top">up</a><a name="x">no</a><a href>no</a>', "", []),
        (
            "",
            "Follow http://127.0.0.1:8000/confirm?token=a-b_c.\nThanks",
            ["http://127.0.0.1:8000/confirm?token=a-b_c"],
        ),
        ("", "<https://x.test/a> (https://x.test/b_(c)), HTTPS://x.test/d!", None),
        ('<a href="https://x.test/a">x</a>', "https://x.test/a", ["https://x.test/a"]),
        ('<a href="mailto:bob@x.test">x</a>', "ftp://x.test", ["mailto:bob@x.test"]),
        ("<a href=https://x.test/unclosed", "", []),
    ],
)
def test_found(html, text, links):
    """Links stand as a browser would follow them, once each, without the punctuation around them."""
    assert links_of(html, text) == (
        links or (["https://x.test/a", "https://x.test/b_(c)", "HTTPS://x.test/d"] if links is None else [])
    )
