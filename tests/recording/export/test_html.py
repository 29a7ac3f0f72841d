"""The page."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from tests.recording.export.sample import exported, hostile, sample


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
    assert not attributes & {"src", "href", "action", "style", "onclick", "background"}
    assert not re.search(r"@import|url\((?!#)", page())


def test_both_themes():
    """Dark or light is as the reader's computer has it."""
    assert "prefers-color-scheme: dark" in page()


def test_filters():
    """There is a button for every leg and side, and every row says to which it belongs."""
    seen = Seen(page())
    buttons = {(attrs["data-kind"], attrs["data-value"]) for tag, attrs in seen.elements if tag == "button"}
    rows = [attrs for tag, attrs in seen.elements if tag in ("tr", "g") and "data-leg" in attrs]
    assert {("leg", row["data-leg"]) for row in rows} - {("leg", "none")} <= buttons
    assert {("side", row["data-side"]) for row in rows} <= buttons
    assert all(attrs.get("class") == "moment" or "data-leg" in attrs for tag, attrs in seen.elements if tag == "tr")


def test_letter_unfolds():
    """A letter can be read, made safe, and only its beginning when it is long."""
    assert "<summary>▸ 6 lines of message, 94 octets</summary><pre>From: alice@sender.test\n" in page()
    assert "Subject: Xin chào; #1 &lt;b&gt;" in page()


def test_not_by_colour_alone():
    """A refusal has its sign in the transcript and in the drawing, for those who see no red."""
    assert '<td class="line">! 450 4.7.1 Greylisted</td>' in page()
    assert ">✗ 503 5.5.1 No valid recipients</text>" in page()


def test_vietnamese():
    """The page speaks the language asked for."""
    assert '<html lang="vi">' in page(lang="vi")
    assert "Ai nói với ai" in page(lang="vi")
