"""The page."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

from maillab.events import Carried, Leg, Opened, Side
from maillab.mail.content import Content
from maillab.recording.export.html import SHOWN
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.recording.session import Header, Told
from tests.recording.export.sample import exported, hostile, sample, session, talk


class Seen(HTMLParser):
    """What a browser would see: elements, attributes, and what is inside script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.scripts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] == "script" and not self.scripts:
            self.scripts.append(data)


def page(one=None, **options):
    return exported("html", one or sample(), **options).decode()


def digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_hostile():
    """Whatever a stranger said, the page has the elements and attributes of ours alone, and one script: ours."""
    tame, wild = Seen(page()), Seen(page(hostile()))
    assert {tag for tag, _ in wild.elements} <= {tag for tag, _ in tame.elements}
    assert {name for _, attrs in wild.elements for name in attrs} <= {
        name for _, attrs in tame.elements for name in attrs
    }
    assert wild.scripts == tame.scripts
    assert len([tag for tag, _ in wild.elements if tag == "script"]) == 1


def test_policy():
    """The policy of the page allows its own style and script by their digests, and nothing else."""
    text = page(hostile())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    style, script = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1], Seen(text).scripts[0]
    assert policy == (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_alone():
    """The page names no other file and no place on a network."""
    attributes = {name for _, attrs in Seen(page()).elements for name in attrs}
    assert not attributes & {"src", "action", "style", "onclick", "background"}
    links = [attrs["href"] for _, attrs in Seen(page(hostile())).elements if "href" in attrs]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"@import|url\((?!#)", page())


def test_both_themes():
    """Dark or light is as the reader's computer has it."""
    assert "prefers-color-scheme: dark" in page()


def test_filters():
    """There is a button for every leg and side, and every row says to which it belongs."""
    seen = Seen(page())
    buttons = {(attrs["data-kind"], attrs["data-value"]) for tag, attrs in seen.elements if tag == "button"}
    rows = [attrs for tag, attrs in seen.elements if tag in ("tr", "g") and "data-leg" in attrs]
    assert len(rows) > 100
    assert {("leg", row["data-leg"]) for row in rows} - {("leg", "none")} <= buttons
    assert {("side", row["data-side"]) for row in rows} <= buttons
    assert all(attrs.get("class") == "moment" or "data-leg" in attrs for tag, attrs in seen.elements if tag == "tr")


def test_message_unfolds():
    """A message can be read, made safe; a long one is folded, and only its beginning is there."""
    assert "<details open><summary>▸ 6 lines of message, 94 bytes</summary><pre>From: alice@sender.test\n" in page()
    assert "<details><summary>▸ 6 lines of message, 94 bytes</summary><pre>" in page(content=5)
    assert "Subject: Xin chào; #1 &lt;b&gt;" in page()
    long = session(*talk("relay-1", "C: DATA", "S: 354"), Carried("relay-1", Side.CLIENT, Content(b"x" * (SHOWN + 9))))
    assert "\n… 9 more bytes</pre></details>" in page(long, content=0)


def test_summary():
    """On top stands who wrote to whom, about what, what became of it, and how much was said."""
    text = page()
    assert text.index('class="summary"') < text.index("<svg") < text.index("<table>")
    assert 'alice@sender.test <span class="to">→</span> bob@recipient.test' in text
    assert '<p class="subject">Xin chào; #1 &lt;b&gt;</p><p class="outcome">✓ arrived and was read</p>' in text
    assert "first deferred: 450 4.7.1 Greylisted" in text
    assert "<dd>5</dd><dt>conversations</dt>" in text
    assert "<dd>2023-11-14 22:13 UTC</dd>" in text
    assert "recorded" not in page(replace(sample(), header=Header("x", -1.0)))


def test_headings():
    """The story's sentences are headings of the transcript, to which their boxes in the drawing lead."""
    text = page(lang="vi")
    assert '<h3 class="told" id="told-0">Alice viết thư.</h3>\n<table>' in text
    assert '<a class="told" href="#told-0">' in text
    assert '<h3 class="mark" id="mark-34">the lookup</h3>' in text
    twice = replace(sample(), notes=(*sample().notes, Told("More.", "Nữa.", 0, 0.0)))
    assert '<h3 class="told">More.</h3>' in page(twice)
    names = re.findall(r' id="([^"]*)"', page(twice))
    assert len(names) == len(set(names))


def test_explained_once():
    """An explanation stands where it is first needed; after that it is told to who points at the line."""
    text = page()
    assert len(re.findall(r'<span title="[^"]*">Polite goodbye\.', text)) == 1
    assert len(re.findall(r'<span class="again" title="Polite goodbye\.', text)) == 2


def test_who_takes_part():
    """Where the columns of the drawing are numbered, their names stand above it: always so on a telephone."""
    assert '<ol class="narrow names">\n<li>laptop.sender.test</li>' in page()
    crowd = [
        event
        for number in range(12)
        for event in (
            Opened(f"relay-{number}", Leg.RELAY, "smtp", f"mx{number}.test"),
            *talk(f"relay-{number}", "C: NOOP"),
        )
    ]
    assert '<ol class="names">\n<li>sending server</li>\n<li>mx0.test</li>' in page(session(*crowd))


def test_room():
    """Of the kind: text that runs out of the page. Lines have room for 42 characters on a page, all of a telephone's
    width, and everything that a stranger may have written long is broken."""
    style = resources.files("maillab.recording.export").joinpath("page.css").read_text("utf-8")
    wide, narrow = style.split("@media (max-width: 46rem)")
    line = (76 - 3 - 4.6 - 6.4 - 2.4 - 0.36 * 73) * 16 - 16  # pixels: the page less margins, other columns and padding
    assert line >= 42 * 0.8125 * 16 * 0.61
    assert "td.line { min-width: 42ch; }" in wide
    assert "td.line { min-width: 0; }" in narrow
    for rule in ("td.line, pre {", "td.gloss {", ".summary p {"):
        assert "overflow-wrap: anywhere" in wide.split(rule)[1].split("}")[0]


def test_paper():
    """It is printed in ink, without buttons, and no row is cut in two."""
    paper = resources.files("maillab.recording.export").joinpath("page.css").read_text("utf-8").split("@media print")[1]
    assert "--paper: #fff" in paper
    assert "nav { display: none; }" in paper
    assert "break-inside: avoid" in paper


def test_not_by_colour_alone():
    """A refusal has its sign in the transcript and in the drawing, for those who see no red."""
    assert '<td class="line">! 450 4.7.1 Greylisted</td>' in page()
    assert ">✗ 503 5.5.1 No valid recipients</text>" in page()


def test_vietnamese():
    """The page speaks the language asked for."""
    assert '<html lang="vi">' in page(lang="vi")
    assert "Ai nói với ai" in page(lang="vi")
    for one in (sample(), session(*talk("relay-1", "C: NOOP"), title="")):
        texts = {text.strip() for text in re.findall(r">([^<>]+)<", page(one, lang="vi"))}
        assert not texts & VIETNAMESE.keys()


def test_every_rule_of_the_style_is_known():
    """The style names properties that browsers have: no property of it is a word of ours."""
    style = resources.files("maillab.recording.export").joinpath("page.css").read_text("utf-8")
    assert "message" not in style
    assert "letter-spacing" in style
