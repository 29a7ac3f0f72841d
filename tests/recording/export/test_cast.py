"""The recording for asciinema."""

import itertools
import json

from maillab.recording.export.cast import LONGEST, SHORTEST, WIDTH
from maillab.recording.session import Session
from tests.recording.export.sample import exported, sample


def cast(one):
    header, *events = map(json.loads, exported("cast", one).splitlines())
    return header, events


def test_header():
    """The first line says what asciinema has to know."""
    header, _ = cast(sample())
    assert (header["version"], header["width"], header["timestamp"]) == (2, WIDTH, 1_700_000_000)


def test_pace():
    """Time never runs backwards, no line comes before the one before could be seen, and long pauses are cut."""
    one = sample()
    late = Session(one.header, (*one.entries[:3], *(type(e)(e.seq, e.at + 86_400, e.event) for e in one.entries[3:])))
    times = [event[0] for event in cast(late)[1]]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert min(gaps) >= SHORTEST - 0.002
    assert max(gaps) <= LONGEST + 0.002


def test_marks():
    """A mark of the session is a mark of the recording."""
    _, events = cast(sample())
    assert [event[2] for event in events if event[1] == "m"] == ["the lookup"]


def test_messages_and_narration():
    """The message and what is told are shown, in the language asked for."""
    events = [json.loads(line) for line in exported("cast", sample(), lang="vi").splitlines()[1:]]
    said = "".join(event[2] for event in events)
    assert "Subject: Xin chào; #1 <b>" in said
    assert "Alice viết thư." in said


def test_only_our_colours():
    """The only orders to the terminal are colours of ours."""
    import re

    from tests.recording.export.sample import hostile

    for event in cast(hostile())[1]:
        rest = re.sub(r"\x1b\[[0-9]{1,2}m", "", event[2]).replace("\r\n", "")
        assert not any(char < " " for char in rest)
