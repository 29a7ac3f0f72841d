"""HTML of strangers, as text."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.markup import ELEMENTS, LINKS, describe, drawn, render


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain\n"),
        ("", ""),
        ("a<br>b<br/>c", "a\nb\nc\n"),
        ("<p>one</p><p>two</p>", "one\n\ntwo\n"),
        ("<div>one</div><div>two</div>", "one\ntwo\n"),
        ("<ul><li>one<li>two</ul>after", "• one\n• two\n\nafter\n"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
        ("<table><tr><td>a<td>b</tr><tr><td>c</table>", "a  b\nc\n"),
        ("a   \n\t b&nbsp;c", "a b c\n"),
        ("&lt;b&gt; &amp;amp; &#x1F600;", "<b> &amp; 😀\n"),
        ("1 < 2 and <3", "1 < 2 and <3\n"),
        ("<h1>Title</h1>text<hr>end", "Title\n\ntext\n\n----\nend\n"),
        ('<img alt="a cat" src=http://x.test/t.png>', "[a cat]\n"),
        ("<img src='http://tracker.test/1.gif'>", ""),
        ("a<!-- <b>no</b> -->b", "ab\n"),
        ("a<!DOCTYPE html>b<?xml x?>c", "abc\n"),
        ('<a title="x > y" href=/z>in</a>', "in[1]\n"),
        ("<table><tr><td style=font-size:0><div style=font-size:9px>code</div></table>", "code\n"),
        ("<head><meta charset=utf-8>in", "in\n"),
        ("<html><head><title>no</title><body>in", "in\n"),
        ("<p style=display:none>no<p>in", "in\n"),
        ("<ul><li style=display:none>no<li>in</ul>", "• in\n"),
        ("<div hidden>no<div>no</div></div>in", "in\n"),
        ("<svg><path d=M0/></svg>in", "in\n"),
        ("<svg/>in", "in\n"),
        ("<svg><g><p>in", "in\n"),
        ("<object data=x><p>in</object>", "in\n"),
        ("<video><source src=x>in</video>", "in\n"),
        ("<!--[if mso]>no<![endif]-->in<![if !mso]>side<![endif]>", "inside\n"),
        ("<a href='x' href='y' title=\"<b>\">in</a>", "in[1]\n"),
        ("<ol start=3 type=a><li>x<li>y<ul><li>z</ul></ol>", "c. x\nd. y\n\n  • z\n"),
        ("a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\n> b\n>\n>> c\n\nd\n"),
        ("<div style='white-space:pre-wrap'>a\n  b</div>c", "a\n  b\nc\n"),
        ("see [1] and <a href=x>that</a>", "see [1] and that[1]\n"),
        ("Hi&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;Bob", "Hi Bob\n"),
        ("<textarea>a\nb</textarea>", "a\nb\n"),
    ],
)
def test_form(markup, text):
    """Paragraphs, lines, lists and tables keep their form as far as text has one."""
    assert render(markup).text == text


@pytest.mark.parametrize(
    "markup",
    [
        "<script>no</script>", "<SCRIPT>if (a < b) no</SCRIPT >", "<style>no</style>", "<title>no</title>",
        "<head><meta http-equiv=refresh content='0;url=http://no.test'></head>", "<div hidden>no</div>",
        '<span style="display:none">no</span>', "<p style='visibility : hidden'>no</p>", "<i style=font-size:0>no</i>",
        '<div style="display:none"><div>no</div>no</div>', "<template>no</template>", "<iframe src=http://x>no</iframe>",
        "<svg><text>no</text></svg>", "<script>no", "<noscript>no</noscript>", "<!-- no", "<style>@import url(no)",
    ],
)  # fmt: skip
def test_what_no_reader_sees(markup):
    """Scripts, styles and hidden elements are left out, however they are nested, and what follows them is there."""  # T259
    assert "no" not in render(markup).text
    if "</" in markup:
        assert render(markup + "<p>after").text.strip() == "after"


def test_links_show_where_they_lead():
    """Each link has a number, and its whole address with the host that it really means."""  # T259 T271
    page = render(
        '<a href="https://bank.test@evil.test/">bank</a> <a href="javascript:x()">js</a> <a href="#top">top</a>'
        '<a href=" https://xn--pypal-4ve.test/&amp;x ">p</a> <a href="file:///etc/passwd">f</a> <a>none</a>'
        '<a href="mailto:bob%40x.test">write</a> <a href="ssh://-oProxyCommand=x">s</a> <a href="https://[">broken</a>'
    )
    assert page.text == "bank[1] js[2] topp[3] f[4] nonewrite[5] s[6] broken[7]\n"
    assert page.links == (
        "https://bank.test@evil.test/  (host: evil.test)",
        "javascript:x()  (not a web address)",
        "https://xn--pypal-4ve.test/&x  (host: xn--pypal-4ve.test)",
        "file:///etc/passwd  (not a web address)",
        "mailto:bob@x.test",
        "ssh://-oProxyCommand=x  (not a web address)",
        "https://[  (not a web address)",
    )
    assert describe("HTTPS://Evil.TEST:8/x y") == "HTTPS://Evil.TEST:8/x y  (host: evil.test)"


def test_words_alone():
    """A quotation has no numbers of links in it, but those that the writer wrote."""
    assert render('<p>see [1] <a href="http://x.test">this</a></p>').words == "see [1] this\n"


def test_hidden_words_on_request():
    """What a reader would not see can be asked for; scripts and styles are never words."""
    page = "<title>a</title><style>no</style><script>no</script><p hidden>b<p style=font-size:0>c <svg>d</svg>"
    assert render(page).text == ""
    assert render(page, hidden=True).text.split() == ["a", "b", "c", "d"]


def test_targets():
    """Links are kept as they stand in the page, entities read as attributes have them; footnotes begin where asked."""
    page = render("<a href=' https://x.test/?a=1&copy=2&amp;b '>x</a>", first=7)
    assert (page.text, page.targets) == ("x[7]\n", ("https://x.test/?a=1&copy=2&b",))


def test_too_deep():
    """A page that is nested too deep keeps its words, and it is known."""
    page = render("<div>" * 5_000 + "<p>in</p>" + "</div>" * 5_000 + "after")
    assert page.deep
    assert page.text.split() == ["in", "after"]
    assert not render("<div>" * 500 + "in").deep


def test_too_long():
    """Of a page with too many elements the beginning is laid out, and it is known; text has no such bound."""
    page = render("<p>x" * 2 * ELEMENTS)
    assert page.cut
    assert ELEMENTS <= page.elements < 1.1 * ELEMENTS
    assert page.text.count("x") < 1.1 * ELEMENTS
    assert not render("<p>" + "x " * 2 * ELEMENTS).cut
    assert render("<p>x", most=0) == replace(render(""), cut=True)


@pytest.mark.parametrize("cut", [16_383, 16_384, 16_385])
def test_a_page_in_pieces(cut):
    """Where a page is cut to be read in pieces, nothing is lost and nothing is made of it."""
    page = "<p>" + "x" * (cut - 8) + "&amp;<b title='ế>'>ế</b></p>"
    assert render(page).text == "x" * (cut - 8) + "&ế\n"


def test_the_same_link_has_one_number():
    """A link that comes again keeps its number; there is an end to them."""
    assert render('<a href="http://a.test">x</a> <a href="http://a.test">y</a>').text == "x[1] y[1]\n"
    many = "".join(f'<a href="http://{n}.test">x</a>' for n in range(LINKS + 50))
    assert len(render(many).links) == LINKS


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000, "<div hidden>" * 50_000, '<a b="' + "x" * 1_000_000, "<" * 500_000, "<a " * 200_000, '<a="' * 200_000,
        "<!--" * 200_000, "<script>" * 100_000, "&" * 500_000, "<li>" * 100_000, "<blockquote>" * 100_000, "</a>" * 100_000,
        "<a href=x>" * 100_000 + "</a>" * 100_000, "<b a='" * 100_000, "<p style=" + "x;" * 500_000 + ">y", "<pre>" + "\n" * 500_000,
        '<x y=">' * 100_000, " " * 500_000, "&zwnj;&nbsp;" * 50_000, "<a " + " ".join(f"x{n}=1" for n in range(50_000)) + ">",
        "<div>" * 990 + "</x>" * 100_000, "<p style='" + "a:b;" * 100_000 + "'>x", "<font x=1>" * 50_000,
        "<table>" * 50_000, "<table><tr><td>" * 50_000, "<table>" + "<tr><td>x<td>" * 50_000, "<table><tr>" + "<td>" * 200_000,
        "<table>" + "<tr><td>" * 900 + "<td>x" * 50_000,
    ],
)  # fmt: skip
def test_hostile_pages_take_no_time(markup):
    """Deep, wide and broken pages are read in one pass: ten times the page takes about ten times as long."""  # T259
    began = time.process_time()
    render(markup)
    assert time.process_time() - began < 5.0  # a quadratic reader needs minutes


@given(st.text(alphabet="<>/ab\"'=!-? &;#\n", max_size=300))
def test_nothing_raises(markup):
    """Any text is some page."""
    render(markup)


def test_how_a_page_looks():
    """Headings, bold words and links have a look; a heading stays one, whatever stands in it; links are numbered."""
    lines, links = drawn('<h2>All <b>of it</b></h2><p>Hi <strong>Bob</strong>, <a href="http://x.test">here</a> x')
    assert lines == [
        (("heading", "All "), ("heading", "of it")),
        (),
        (("", "Hi "), ("bold", "Bob"), ("", ", "), ("link", "here"), ("mark", "[1]"), ("", " x")),
    ]
    assert links == ("http://x.test  (host: x.test)",)


def test_tables_have_columns():
    """The cells of a table stand below one another, its head is bold."""
    page = "<table><tr><th>Host<th>Port</tr><tr><td>mail.sender.test<td>25</tr></table>after"
    lines, _ = drawn(page)
    assert ["".join(text for _, text in line) for line in lines] == [
        "Host              Port",
        "mail.sender.test  25",
        "",
        "after",
    ]
    assert lines[0][0] == ("bold", "Host")
