"""The page for a browser: its files, what they may do, and what they say."""

import json
import re

import pytest

from maillab.web.page_files import TYPES, files
from tests.support import run
from tests.web.asking import asking

SCRIPTS = sorted(name for name in files() if name.endswith(".js"))
TEXTS = {lang: json.loads(files()[f"texts/{lang}.json"]) for lang in ("en", "vi")}
USED = re.compile(r"say\(\s*'([a-z_.-]+)'|data-say(?:-label|-hint)?=\"([a-z_.-]+)\"")


def source(name):
    return files()[name].decode()


def test_it_is_served(tmp_path):
    """At its own address and at those that clients of Mailpit print; with a policy that lets nothing else in (T290)."""

    async def play():
        async with asking(tmp_path) as ask:
            for path in ("/", "/view/latest", "/search?q=to:bob"):
                answer = await ask.get(path)
                assert (answer.status, answer.headers["Content-Type"]) == (200, TYPES["html"])
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'self'" in policy
                assert "unsafe" not in policy
            for name, octets in files().items():
                answer = await ask.get(f"/page/{name}")
                assert (answer.body, answer.headers["X-Content-Type-Options"]) == (octets, "nosniff")
            for name in ("nothing.js", "..%2fapp.py", "../app.py", "%2e%2e/app.py", "", "texts/"):
                assert (await ask.get(f"/page/{name}")).status == 404

    run(play())


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_stranger_s_words_become_text(name):
    """No script writes markup, runs what it read, or asks anybody but the lab."""
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", source(name)
    )
    assert not re.search(r"""["'`](?:https?:)?//""", source(name))


def test_nothing_stands_in_the_page_itself():
    """Scripts and styles are files: none is inline, none is from elsewhere."""
    page, style = source("index.html"), source("style.css")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", page)
    assert not re.search(r"https?://|@import", page + style)


GROUNDS, WORDS = (
    ("ground", "card", "row", "hover"),
    ("ink", "quiet", "accent", "client", "server", "good", "warn", "bad"),
)


def test_every_colour_can_be_read():
    """In each of the themes, words have a contrast of at least 4.5:1 to every ground that they stand on (WCAG 2.2, 1.4.3)."""
    themes = re.findall(r":root[^{]*{([^}]*--ink:[^}]*)}", source("style.css"))
    assert len(themes) == 3  # light, dark by the browser, dark by choice
    for theme in themes:
        colours = {name: luminance(value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6})", theme)}
        pairs = [(word, ground) for word in WORDS for ground in GROUNDS]
        pairs += [("on-accent", "accent"), *(("ink", f"{verdict}-ground") for verdict in ("good", "warn", "bad"))]
        for word, ground in pairs:
            darker, lighter = sorted((colours[word], colours[ground]))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (word, ground)


def luminance(colour):
    """How bright it is, from 0 to 1, as WCAG reckons."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_both_languages_say_the_same():
    """Every text is in both, with the same values in it; every text that is asked for is there, and none is left over."""
    assert TEXTS["en"].keys() == TEXTS["vi"].keys()
    for key, text in TEXTS["en"].items():
        names = [set(re.findall(r"\{(\w+)", said)) for said in (text, TEXTS["vi"][key])]
        assert names[0] == names[1], key
    everything = "".join(source(name) for name in (*SCRIPTS, "index.html"))
    used = {one or other for one, other in USED.findall(everything)}
    assert used - TEXTS["en"].keys() == set()
    built = {match for match in re.findall(r"say\(`([a-z_.-]+)\$\{", everything)}
    quoted = set(re.findall(r"'([a-z_]+(?:\.[a-z0-9_-]+)+)'", everything))
    left = {key for key in TEXTS["en"] if key not in used | quoted and not key.startswith(tuple(built))}
    assert left == set()


def test_every_module_is_there():
    """What a script imports is a file of the page."""
    for name in SCRIPTS:
        for target in re.findall(r"from '\./([\w.]+)'", source(name)):
            assert target in files()
