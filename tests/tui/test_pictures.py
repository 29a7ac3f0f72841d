"""The picture of the README, and the run that it is taken from."""

from xml.etree import ElementTree

from tests.house import ROOT
from tests.tui.pictures import FACE, MODES, play


def test_every_mode_is_drawn(tmp_path):
    """The run goes through every mode, and each shows what it is there for."""
    seen = {}
    play(tmp_path, lambda seat, mode: seen.setdefault(mode, seat.text))
    assert tuple(seen) == MODES
    for mode, words in zip(MODES, ("Compose", "this letter crosses", "Talks", "bounce"), strict=True):
        assert words in seen[mode]


def test_the_face():
    """It is a picture that nothing runs in, small enough for a page, and the README shows it."""
    assert FACE.stat().st_size < 300_000
    root = ElementTree.parse(FACE).getroot()
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "Compose" in "".join(root.itertext())
    assert f"]({FACE.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
