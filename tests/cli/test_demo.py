"""`maillab demo`."""

import json
import re
import subprocess
import sys

import pytest

from maillab.cli.demo import LONGEST, SHORTEST, _pause
from maillab.cli.main import run
from maillab.stories.script import NAMES
from tests.papers import page


def test_stories_are_listed(capsys):
    """`--list` names every story with its title, in the language asked for."""
    assert run(["demo", "--list", "--lang", "vi"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()] == list(NAMES)
    assert "Bảy bước" in said


@pytest.mark.parametrize("name", NAMES)
def test_each_story_ends_well_in_both_languages(name, capsys):
    """Every story is told to its end, exit code 0, without an escape byte in a pipe, Vietnamese in Vietnamese."""
    assert run(["demo", name, "--speed", "0", "--lang", "vi"]) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out
    assert said.err == ""
    assert re.search("[ăâđêôơưàáảãạ]", said.out)


def test_an_unknown_story_is_exit_2(capsys):
    """An unknown story is named with the nearest one."""
    assert run(["demo", "seven-stops"]) == 2
    assert "did you mean seven-steps?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nzone = '@ MX'",
            "`sites[0].zone`: zone a.test",
        ),
        ("hosts = { 'mx9.test' = 'nosuch.test' }", "mx9.test"),
        (None, "No such file"),
    ],
)
def test_a_world_that_cannot_be_is_named(text, words, tmp_path, capsys):
    """A wrong configuration, zone or file name is exit 2, no traceback (T219)."""
    file = tmp_path / "lab.toml"
    if text is not None:
        file.write_text(text)
    assert run(["demo", "--config", str(file), "--speed", "0"]) == 2
    assert words in capsys.readouterr().err


def test_as_json(capsys):
    """Each line is an object; the narrator's words are objects, too."""
    assert run(["demo", "classic", "--speed", "0", "--json"]) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [one["kind"] for one in objects]
    assert kinds[0] == "told"
    assert {"opened", "said", "carried", "delivered", "closed"} <= set(kinds)


def test_the_manual_shows_what_the_demo_prints(capsys):
    """The transcript in the manual is what `maillab demo classic --no-gloss` prints."""
    shown = re.search(
        r"<!-- demo classic --no-gloss --speed 0 -->\n```\n(.*?)```", page("stories").read_text("utf-8"), re.DOTALL
    )
    assert run(["demo", "classic", "--no-gloss", "--speed", "0", "--lang", "en"]) == 0
    assert changing(shown[1]) == changing(capsys.readouterr().out.strip("\n") + "\n")


def changing(text):
    """The text without what differs from run to run: stamps, unique names and dates."""
    text = re.sub(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \+0000", "DATE", text)
    text = re.sub(r"<[0-9a-f]{16}@", "<0@", text)
    text = re.sub(r"[0-9]{10}\.[0-9_.a-f]+\.maillab", "0.maillab", text)
    return re.sub(r"[0-9]+ (octets|bytes)", r"0 \1", text).split("\n")


def test_pauses_follow_the_reader():
    """At speed 0 nothing waits; at 1 a line waits as long as it takes to read, within bounds."""
    assert _pause(100, 0) == 0
    assert _pause(1, 1) == SHORTEST
    assert _pause(10_000, 1) == LONGEST
    assert _pause(10_000, 2) == LONGEST / 2


def test_messages_are_shown(capsys):
    """A story shows its messages, as far as was asked, and says what it leaves out."""
    assert run(["demo", "classic", "--speed", "0", "--lang", "en", "--content", "5"]) == 0
    said = capsys.readouterr().out
    assert "relay-1 C: This message was typed by hand.\n" in said
    assert "retrieve-1 S: ▸ 6 more lines, " in said


def test_in_a_pipe_without_a_word_of_speed_it_is_told_at_once():
    """`maillab demo | cat` does not keep anybody waiting, and holds no escape byte."""
    done = subprocess.run([sys.executable, "-m", "maillab", "demo"], capture_output=True, timeout=20, check=False)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"Step 7" in done.stdout
