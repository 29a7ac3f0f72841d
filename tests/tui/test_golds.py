"""Every mode looks as it was last decided, at four sizes and in both languages: texts and styles, cell for cell."""

import time

import pytest

from tests.tui.golds import GOLDS, LANGS, SIZES, open_session, path_of


@pytest.fixture
def greenwich(monkeypatch, tmp_path):
    """A folder to work in, where the time of day is that of Greenwich."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.chdir(tmp_path)
    time.tzset()
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_looks(greenwich, size, lang):
    """Nothing has moved, or changed its colour; `python -m tests.tui.golds` where it was meant to."""
    seen = []
    open_session(greenwich, size, lang, seen.append)
    assert len(seen) == 4
    for gold in seen:
        assert gold == path_of(gold).read_text("utf-8")


@pytest.mark.parametrize("path", sorted(GOLDS.glob("*.txt")), ids=lambda path: path.stem)
def test_nothing_is_cut(path):
    """Each line of a gold fills the screen exactly, and no bar hides the two things that help: F1 and ^Q."""
    name, *rest = path.read_text("utf-8").split("\n")
    width, height = map(int, name.split("-")[1].split("x"))
    screen = rest[:height]
    assert name == path.stem
    assert all(line.startswith("│") and line.endswith("│") for line in screen)
    assert "F1" in screen[-1]
    assert "^Q" in screen[-1]
    for line in rest[height : 2 * height]:
        assert sum(int(run[1:]) for run in line.split()) == width


def test_all_are_used():
    """No gold is kept that no test draws."""
    assert len(list(GOLDS.iterdir())) == 4 * len(SIZES) * len(LANGS)
