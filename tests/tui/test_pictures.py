"""The picture of the README, and the run that it is taken from."""

import re
from xml.etree import ElementTree

from tests.house import ROOT
from tests.papers import README
from tests.tui.pictures import DIALOGS, FACE, MODES, SIZES, framed, in_text, play, sheet, tour


def steady(text):
    """The lines of the frame, without the day and without how fast the message was: the three at the top, the one at the
    end.
    """
    today = re.sub(r" +(● \S+ +)\S+ \d+ \S+ \d\d:\d\d$", r" \1TODAY", text, flags=re.MULTILINE)  # the 1st is shorter
    lines = re.sub(r"✓ (\d+ ms|[\d.]+ s)(.*?) +DELIVERED", r"✓ SOON\2 DELIVERED", today).split("\n")
    return len(lines), lines[:3], lines[-1]


def test_every_mode_is_drawn(tmp_path):
    """The run goes through every mode, and each shows what it is there for."""
    seen, drawn = {}, []

    def draw(seat, mode):
        seen[mode] = seat.text
        drawn.append(seat.app.export_screenshot(title=mode))

    play(tmp_path, draw)
    assert tuple(seen) == MODES
    for mode, words in zip(MODES, ("New message", "this message crosses", "Conversations", "bounce"), strict=True):
        assert words in seen[mode]
        assert words in drawn.pop(0).replace("&#160;", " ")


def test_every_mode_is_drawn_where_only_one_pane_has_room(tmp_path):
    """There, too, the run goes through all of them: a message is read when somebody goes into it, and not before."""
    seen = {}
    play(tmp_path, lambda seat, mode: seen.setdefault(mode, seat.text), size=(60, 15))
    assert tuple(seen) == MODES


def test_every_state_is_drawn(tmp_path):
    """So does the way through everything else, in the other language, where there is least room."""
    seen = {}
    play(tmp_path, lambda seat, name: seen.setdefault(name, seat.text), way=tour, size=(60, 15), lang="vi")
    assert set(seen) == {"first", *DIALOGS, "said", "writing", "byhand", "replay"}


def test_a_page_of_pictures(tmp_path):
    """It names each picture."""
    (tmp_path / "lab-80x24-dark-en.svg").touch()
    assert '<img src="lab-80x24-dark-en.svg"' in sheet(tmp_path)


def test_the_face():
    """It is a picture that nothing runs in, that fetches nothing, small enough for a page, and the README names it."""
    assert "url(http" not in FACE.read_text("utf-8").replace('"', "")
    assert FACE.stat().st_size < 300_000
    root = ElementTree.parse(FACE).getroot()
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "New message" in "".join(root.itertext()).replace("\xa0", " ")
    assert f"`{FACE.relative_to(ROOT)}`" in README.read_text("utf-8")


def test_the_window_in_text(tmp_path):
    """The README shows the window as text, for pages that show no picture: what it draws after one message."""
    drawn = []
    play(tmp_path, lambda seat, mode: drawn.append(in_text(seat)) if mode == "lab" else None, size=SIZES[0])
    shown = framed(README.read_text("utf-8"))
    assert steady(drawn[0]) == steady(shown[1])
