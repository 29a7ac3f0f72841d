"""Stories as values."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from maillab.config_file import read
from maillab.events import Closed, Entry, Leg, Opened, Said, Side
from maillab.stories.script import NAMES, Cue, Narrator, Tell, load

LISTED = 62  # cells of a line in a list of stories
FIRST = Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test")


@pytest.mark.parametrize("name", NAMES)
def test_every_story_is_whole_and_bilingual(name):
    """Each story has a title, steps and a world, and everything said is said in both languages."""
    story = load(name)
    assert story.config.sites
    assert story.steps
    for words in (story.title, story.about, *story.cues, *(step for step in story.steps if hasattr(step, "en"))):
        assert words.en.strip()
        assert words.vi.strip()
        assert words.en != words.vi


@pytest.mark.parametrize("name", NAMES)
def test_what_a_story_is_about(name):
    """It is said in one sentence, which has room in one line of a list."""
    about = load(name).about
    for words in (about.en, about.vi):
        assert words.endswith(".")
        assert ". " not in words
        assert cell_len(words) <= LISTED


@pytest.mark.parametrize(
    ("name", "leg"), [("greylist-then-retry", "relay"), ("null-mx", "lookup"), ("mx-failover", "lookup")]
)
def test_what_is_told_is_about_to_happen(name, leg):
    """What a server or a zone does is told where it is asked, not while the writer logs in."""
    cue = load(name).cues[0]
    assert (cue.event, cue.leg) == ("Opened", leg)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_begins_with_words(name):
    """Before its first line it is told what happens there: nobody reads a hundred lines below the title alone."""
    story = load(name)
    begins = [cue for cue in story.cues[:1] if cue.fits(Entry(1, 0.0, FIRST), {FIRST.talk: FIRST.leg})]
    assert begins or isinstance(story.steps[0], Tell)


def test_unknown_stories_are_no_files():
    """A name that is not in the list is never looked for on disk."""
    for name in ("../secret", "nothing", ""):
        with pytest.raises(LookupError):
            load(name)


def test_cues_are_spoken_in_order_each_once():
    """A cue waits for its predecessor and for the first entry that fits: kind, leg, words of the line."""
    first = Cue("1", "1", "Opened", leg="relay")
    second = Cue("2", "2", "Said", leg="relay", text="MAIL FROM")
    narrator = Narrator((first, second))
    events = [
        Said("relay-1", Side.CLIENT, b"MAIL FROM:<a@b.test>\r\n"),
        Opened("submit-1", Leg.SUBMIT, "submission", "mail"),
        Opened("relay-1", Leg.RELAY, "smtp", "mx"),
        Said("submit-1", Side.CLIENT, b"MAIL FROM:<a@b.test>\r\n"),
        Said("relay-1", Side.CLIENT, b"MAIL FROM:<a@b.test>\r\n"),
        Said("relay-1", Side.CLIENT, b"MAIL FROM:<a@b.test>\r\n"),
        Closed("relay-1", "quit"),
    ]
    spoken = [narrator.before(Entry(n, 0.0, event)) for n, event in enumerate(events, 1)]
    assert spoken == [[], [], [first], [], [second], [], []]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_world_of_a_story_is_its_world(name):
    """The commented configuration in examples/ describes the very world that the story is told in."""
    example = Path(__file__).parents[2] / "examples" / "worlds" / f"{name}.toml"
    assert read(example.read_bytes(), example.name) == load(name).config
