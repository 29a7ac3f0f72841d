"""A session that plays."""

import pytest

from maillab.recording.session import Header, Mark, Note, Told
from maillab.tui.playing.playback import IDLE, LINE, QUICK, READING, SLOWER, SPEEDS, Playback, Recording
from tests.recording.told import record, told


def session(text="S: 220 hi\nC: QUIT\nS: 221 bye", notes=(), whole=True):
    return Recording(Header("test"), record(text), list(notes), whole)


def test_time_passes():
    """So many entries have happened as time has passed, at twice the speed twice as many."""
    playback = Playback(session())
    playback.play()
    assert playback.pass_time(10.0)
    assert playback.position == 1
    assert playback.wait == pytest.approx(1.0)
    assert not playback.pass_time(10.9)
    assert playback.pass_time(11.0)
    assert playback.position == 2
    playback.faster(1)
    assert playback.wait == pytest.approx(0.5)
    playback.pass_time(12.0)
    assert playback.position == 4
    assert playback.moment == 3.0


def test_it_stands_still():
    """While it is paused nothing happens, however late it gets."""
    playback = Playback(session())
    assert not playback.pass_time(0.0)
    assert not playback.pass_time(99.0)
    assert playback.position == 0
    assert playback.wait is None
    playback.play()
    playback.pass_time(100.0)
    playback.pause()
    playback.pass_time(200.0)
    playback.play()
    playback.pass_time(300.0)
    assert playback.position == 1


def test_the_end():
    """At the end it stops by itself; playing again begins anew."""
    playback = Playback(session())
    playback.play()
    playback.pass_time(0.0)
    playback.pass_time(99.0)
    assert playback.at_end
    assert not playback.playing
    assert playback.wait is None
    playback.play()
    assert playback.position == 0


def test_long_pauses():
    """Hours in which nothing happened are passed over."""
    recording = session()
    late = recording.entries[-1]
    recording.entries[-1] = type(late)(late.seq, late.at + 86_400, late.event)
    playback = Playback(recording)
    playback.to(len(recording.entries) - 1)
    playback.play()
    assert playback.wait == pytest.approx(IDLE)


def test_speeds():
    """There is a slowest and a fastest."""
    playback = Playback(session())
    for _ in range(20):
        playback.faster(1)
    assert playback.speed == SPEEDS[-1]
    for _ in range(40):
        playback.faster(-1)
    assert playback.speed == SPEEDS[0]


def test_moving():
    """To a place, before the first and behind the last."""
    playback = Playback(session())
    playback.to(3)
    assert (playback.position, playback.moment) == (3, 2.0)
    playback.to(-5)
    assert (playback.position, playback.moment) == (0, 0.0)
    playback.to(10**9)
    assert playback.at_end


def test_pairs():
    """From the end of one reply to the end of the next, and back."""
    playback = Playback(session("S: 220 hi\nC: EHLO me\nS: 250-you\nS: 250 SIZE\nC: QUIT\nS: 221 bye"))
    places = []
    for _ in range(4):
        playback.pair(1)
        places.append(playback.position)
    assert places == [2, 5, 7, 8]
    for place in (7, 5, 2, 0):
        playback.pair(-1)
        assert playback.position == place


def test_marks():
    """To each named moment in turn, and back."""
    playback = Playback(session(notes=[Mark("begin", 1, 0.0), Mark("end", 3, 0.0), Mark("over", 3, 0.0)]))
    assert playback.step(1).names == ("begin",)
    assert playback.position == 1
    assert playback.step(1).names == ("end", "over")  # one moment, two names
    assert playback.step(1) is None
    assert playback.step(-1).names == ("begin",)
    assert playback.step(-1) is None


def test_the_steps_of_a_story():
    """A story without marks has a step wherever somebody speaks; each can be gone to by its number."""
    playback = Playback(session(notes=NOTES))
    assert playback.step(1).number == 2
    assert playback.words == "Good night"
    playback.to(9)
    assert playback.step(-1).number == 2
    assert playback.place("step 1") == playback.place("Bước 1") == 0
    assert playback.place("step 2") == 3  # its first line is there
    with pytest.raises(ValueError, match="the last step is step 2"):
        playback.place("step 3")


NOTES: list[Note] = [Told("Good morning", "Chào buổi sáng", 0, 0.0), Told("Good night", "Chúc ngủ ngon", 2, 0.0)]


def test_a_step_is_told_with_its_first_line():
    """Not below the last line of the step before; what is said at the very end is said there."""
    count = len(session().entries)
    playback = Playback(session(notes=[*NOTES, Told("The end", "", count, 0.0)]))
    playback.to(2)
    assert playback.words == "Good morning"
    playback.to(3)
    assert playback.words == "Good night"
    playback.to(count)
    assert playback.words == "The end"


def test_the_title_of_a_story_is_no_step():
    """Its name is told first, and is neither a step nor a pause; a step is called by its title, or what is said."""
    name = Told("test", "thử", 0, 0.0)
    playback = Playback(session(notes=[name, Told("Step 1. Hello, Bob. More.", "", 1, 0.0), NOTES[1]]))
    answers = Told("Step 1. It answers 250. More.", "", 1, 0.0)
    code = Playback(session(notes=[name, answers, NOTES[1]]))
    assert code.title(code.points[0]) == "It answers 250"
    assert playback.words == ""
    playback.recording.titles[NOTES[1]] = "Night"
    assert [point.position for point in playback.points] == [2, 3]
    assert [playback.title(point) for point in playback.points] == ["Hello, Bob", "Night"]
    assert playback.captions[1] == "Hello, Bob. More."
    assert playback.is_story
    assert not Playback(session(notes=[name])).is_story
    marked = Playback(session(notes=[Mark("one", 1, 0.0), Mark("two", 1, 0.0)]))
    assert marked.title(marked.points[0]) == "one, two"


def test_what_can_be_done_now():
    """A key that leads nowhere is known: on at the end, back at the start, beyond the last step, faster than can be."""
    playback = Playback(session(notes=NOTES))
    assert playback.moves_now >= {"line_on", "mark_on", "slower", "faster", "play"}
    assert not playback.moves_now & {"line_back", "pair_back", "begin", "mark_back"}
    playback.to(99)
    playback.faster(99)
    assert playback.moves_now >= {"line_back", "begin", "mark_back", "slower", "play", "seek", "leave"}
    assert not playback.moves_now & {"line_on", "pair_on", "end", "mark_on", "faster"}


def test_a_story_is_read():
    """Lines come from the first moment on, slowly while one reads; the narrator does not go on before one has read."""
    playback = Playback(session(notes=NOTES))
    assert playback.pace == "reading"
    playback.play()
    assert playback.wait == pytest.approx(LINE + SLOWER)
    assert playback.words == "Good morning"
    playback.to(2)
    playback.play()
    assert playback.wait == pytest.approx(len("Good morning") / READING - 2 * SLOWER + LINE + SLOWER)
    playback.to(3)
    assert playback.words == "Good night"
    assert Playback(session(notes=NOTES), lang="vi").words == "Chào buổi sáng"
    assert Playback(session(notes=NOTES), "recorded").pace == "recorded"


def test_folded_lines_take_no_time():
    """Of a long reply one line is seen: the others are no reason to wait."""
    playback = Playback(session("S: 220 hi\nC: EHLO me\nS: 250-you\nS: 250-SIZE\nS: 250 HELP", notes=NOTES))
    playback.to(3)
    playback.play()
    assert playback.wait == pytest.approx(QUICK)


def test_while_it_is_still_read():
    """Entries that come in later happen later; it does not end before the file does."""
    recording = session(whole=False)
    playback = Playback(recording)
    playback.play()
    playback.pass_time(0.0)
    playback.pass_time(99.0)
    assert playback.playing
    assert not playback.at_end
    assert playback.wait == 0.1
    more = record("S: 1")
    recording.entries += [type(entry)(entry.seq + 5, entry.at + 5, entry.event) for entry in more]
    playback.pass_time(200.0)
    assert playback.position == len(recording.entries)


def test_it_opens_at_its_first_line():
    """As soon as that has been read, and there it stands still."""
    whole = session(whole=False)
    recording = Recording(whole.header)
    playback = Playback(recording)
    playback.opening = True
    assert not playback.pass_time(0.0)
    recording.entries += whole.entries
    assert playback.pass_time(1.0)
    assert (playback.position, playback.state) == (1, "paused")
    assert not playback.pass_time(99.0)
    playback.opening = True
    playback.to(3)
    assert not playback.pass_time(100.0)
    assert playback.position == 3


def test_to_the_end_while_it_is_still_read():
    """What comes in later has happened at once, until somebody moves or all has been read."""
    recording = session(whole=False)
    playback = Playback(recording)
    playback.to_end()
    recording.entries += record("S: 1")
    assert playback.pass_time(0.0)
    assert playback.position == len(recording.entries)
    recording.entries += record("S: 2")
    playback.to(2)
    assert not playback.pass_time(1.0)
    playback.to_end()
    recording.entries += record("S: 3")
    recording.whole = True
    assert playback.pass_time(2.0)
    assert playback.at_end
    recording.entries += record("S: 4")
    assert not playback.pass_time(3.0)


def test_the_words_of_a_mark():
    """A mark that was passed is named until the next one; where a narrator speaks, it is the narrator who is heard."""
    playback = Playback(session(notes=[Mark("begin", 2, 0.0), Mark("end", 4, 0.0)]))
    heard = []
    for position in range(6):
        playback.to(position)
        heard.append(playback.words)
    assert heard == ["", "", "◆ begin", "◆ begin", "◆ end", "◆ end"]
    assert playback.captions == ("◆ begin", "◆ end")
    assert (playback.all_words, playback.kind_of_points) == ((), "mark")
    assert Playback(session(notes=[Mark("step-1", 0, 0.0), *NOTES])).captions == tuple(note.en for note in NOTES)


def test_nothing():
    """A session without entries plays, too."""
    playback = Playback(Recording(Header(), whole=True))
    playback.play()
    assert not playback.pass_time(1.0)
    assert (playback.moment, playback.words, playback.step(1), playback.points) == (0.0, "", None, ())
    playback.pair(1)
    assert (playback.position, playback.place("3"), playback.place("3s")) == (0, 0, 0)


def test_a_whole_story():
    """Every entry of a story happens once, in its order."""
    entries = list(told("seven-steps"))
    playback = Playback(Recording(Header(), entries, whole=True))
    playback.play()
    now, seen = 0.0, 0
    while not playback.at_end:
        playback.pass_time(now)
        assert playback.position >= seen
        seen = playback.position
        now += playback.wait or 0.0
    assert seen == len(entries)


def test_what_it_does():
    """Nothing has happened: paused. All of it: the end, but not while there is more to come from the file."""
    playback = Playback(session())
    assert playback.state == "paused"
    playback.play()
    assert playback.state == "playing"
    playback.pause()
    playback.to(99)
    assert playback.state == "end"
    growing = Playback(session(whole=False))
    growing.to(99)
    assert growing.state == "paused"


def test_points():
    """The named moments in their places, also of what comes in later; without names, where somebody speaks."""
    recording = session(notes=[Mark("a", 0, 0.0), Told("x", "y", 1, 0.0), Mark("b", 2, 0.0)])
    playback = Playback(recording)
    assert [point.position for point in playback.points] == [0, 3]
    recording.notes.append(Mark("c", 4, 0.0))
    assert [point.number for point in playback.points] == [1, 2, 3]
    told = Playback(session(notes=[Told("Title", "", 0, 0.0), Told("Step 1", "", 0, 0.0), Told("Step 2", "", 3, 0.0)]))
    assert [point.position for point in told.points] == [0, 4]
    assert told.all_words == ("Title", "Step 1", "Step 2")


def test_a_place_that_is_typed():
    """A number is a line, with a unit or a colon it is a time; a mark goes by its name."""
    playback = Playback(session(notes=[Mark("here", 2, 0.0)]))
    assert (playback.place("3"), playback.place("999"), playback.place("here")) == (3, 5, 2)
    assert (playback.place("0s"), playback.place("2.5s"), playback.place("0:03")) == (1, 3, 4)
    with pytest.raises(ValueError, match="is not a line"):
        playback.place("nonsense")
