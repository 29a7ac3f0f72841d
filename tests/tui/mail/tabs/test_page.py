"""The HTML of a message, as a page and as it was written."""

import time

import pytest

from maillab.tui.mail.tabs.opened import LINES
from tests.tui.mail.tabs.samples import BOTH, EN, lines_of, pieces_of


def test_the_page_beside_the_text():
    """Of a message in both forms the text is one tab, the page another, with headings, bold words, numbered links."""
    assert "plain words" in lines_of(BOTH)
    assert lines_of(BOTH, "html") == [
        "Title", "", "Hi Bob, see[1]", "", EN("message.links"), "[1] http://x.test/  (host: x.test)",
    ]  # fmt: skip
    assert {("heading", "Title"), ("bold", "Bob"), ("server", "see"), ("dim", "[1]")} <= set(pieces_of(BOTH, "html"))


def test_a_message_without_a_page():
    """It says so."""
    assert lines_of(b"\r\nhi", "html") == lines_of(b"\r\nhi", "html_source") == [EN("message.no_html")]


def test_links_of_several_pages():
    """They are counted through."""
    page = b'Content-Type: text/html\r\n\r\n<a href="http://%s.test">x</a>\r\n'
    octets = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + page % b"a" + b"--b\r\n" + page % b"b" + b"--b--"
    )
    assert [line for line in lines_of(octets, "html") if line.startswith("x")] == ["x[1]", "x[2]"]


def test_the_source_of_the_page():
    """It is decoded and coloured: tags, their attributes, comments, words."""
    assert lines_of(BOTH, "html_source")[0].startswith('<h1 class="x">Title</h1><p>Hi')
    found = set(pieces_of(b"Content-Type: text/html\r\n\r\n<p\nid=x>a</p><!-- <b> -->caf\xe9 <br/>", "html_source"))
    assert {("client", "<p"), ("client", "</p>"), ("plain", "a"), ("dim", "<!-- <b> -->"), ("client", "<br/>")} <= found
    assert ("server", ' class="x"') in pieces_of(BOTH, "html_source")


def test_the_source_of_a_page_without_line_ends():
    """It is broken before its blocks, and nothing of it is lost; one that somebody wrote in lines stays as it is."""
    markup = "<html><body><h1>Order</h1><p>Dear <b>Bob</b></p><table><tr><td>1</td></tr></table></body></html>" * 2
    lines = lines_of(b"Content-Type: text/html\r\n\r\n" + markup.encode(), "html_source")
    assert lines[:5] == ["<html>", "<body>", "<h1>Order</h1>", "<p>Dear <b>Bob</b></p>", "<table>"]
    assert "".join(lines) == markup
    short = "<p>one</p><p>two</p>\r\n<p>three</p>"
    assert lines_of(b"Content-Type: text/html\r\n\r\n" + short.encode(), "html_source")[0] == "<p>one</p><p>two</p>"


@pytest.mark.parametrize(
    "markup", [b"<" * 500_000, b"<!--" * 200_000, b"<a b=" * 200_000, b"\n" * 2_000_000, b"<p>x\n" * 30_000]
)
def test_hostile_pages_take_no_time(markup):
    """Whatever the page is, its source is coloured in one pass, and there is an end to it."""
    began = time.process_time()
    assert len(lines_of(b"Content-Type: text/html\r\n\r\n" + markup, "html_source")) <= LINES
    assert time.process_time() - began < 5.0  # a bound on disaster, not a measurement
