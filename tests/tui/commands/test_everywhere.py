"""Help, the palette, copying, themes, languages."""

import asyncio

from maillab.recording.session import Header
from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import BY_NAME
from maillab.tui.commands import everywhere
from maillab.tui.looks.theme import NAMES
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.shown import Replay
from tests.tui.fake_ui import context, ui_of


def offers(*names, mode=""):
    return [Offer(BY_NAME[name], BY_NAME[name].keys, mode) for name in names]


def test_help(tmp_path):
    """Of the place where one is, with what can be done there, and its page of the manual."""
    at = context(tmp_path)
    ui_of(at).offered = [*offers("app.send"), *offers("mail.fetch", mode="mail")]
    asyncio.run(everywhere.help_here(at))
    [question] = ui_of(at).asked
    words = "".join(text for line in question.lines for _, text in line)
    assert at.texts("pane.wire") in question.title
    assert BY_NAME["app.send"].sentence("en") in words
    assert BY_NAME["mail.fetch"].sentence("en") not in words
    assert question.topic == "filters"
    assert question.page


def test_help_about_what_a_pane_shows(tmp_path):
    """Where SMTP is typed by hand it is about that; where a session plays, about what is played there."""
    at = context(tmp_path)
    ui_of(at).place = "lab", "compose"
    asyncio.run(everywhere.help_here(at))
    at.drafting.is_behind = True
    asyncio.run(everywhere.help_here(at))
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    asyncio.run(everywhere.help_here(at))
    titles = [question.title for question in ui_of(at).asked]
    names = [at.texts(name) for name in ("pane.compose", "tab.compose.byhand", "compose.message")]
    assert titles == [at.texts("help.title", pane=name) for name in names]
    assert [question.topic for question in ui_of(at).asked] == ["lab", "states", "sessions"]
    assert ".help" in "".join(text for line in ui_of(at).asked[1].lines for _, text in line)


def test_going_where_one_is(tmp_path):
    """Whoever goes to the mode where they are wants to see what is new in it."""
    at = context(tmp_path)
    ui_of(at).place = "mail", "folders"
    everywhere.go(at, "mail")
    everywhere.go(at, "lab")
    assert ui_of(at).gone == [("mail", "", everywhere.OnceMore()), ("lab", "", None)]


def test_copying_what_is_marked(tmp_path):
    """Or how to leave, for who meant that."""
    at = context(tmp_path)
    everywhere.copy(at)
    for marked in ("some words", "one\ntwo\n"):
        ui_of(at).selected = marked
        everywhere.copy(at)
    assert ui_of(at).copied == ["some words", "one\ntwo\n"]
    assert ui_of(at).said == [at.texts("say.how_to_quit"), "Copied: some words", "Copied 2 lines: one …"]


def test_a_theme_is_worn_while_the_cursor_is_on_it(tmp_path):
    """What is under the cursor is worn; what was worn before comes back when nothing is chosen."""
    at = context(tmp_path, None, "nord")
    ui_of(at).worn.append("light")
    asyncio.run(everywhere.theme(at))
    [question] = ui_of(at).asked
    assert question.chosen == "light"
    assert [choice.value for choice in question.choices] == list(NAMES)
    question.preview("nord")
    assert ui_of(at).worn == ["light", "light", "nord"]
    asyncio.run(everywhere.theme(at))
    assert ui_of(at).worn[-1] == "nord"


def test_another_language(tmp_path):
    """Also of a session that plays; and back."""
    at = context(tmp_path)
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    everywhere.language(at)
    assert (at.texts.lang, at.playback.lang) == ("vi", "vi")
    everywhere.language(at)
    assert ui_of(at).spoken == ["vi", "en"]


def test_to_another_mode(tmp_path):
    """What was said about the one that is left stands before it no longer."""
    at = context(tmp_path)
    at.ui.say("the POP3 server is stopped", bad=True)
    everywhere.go(at, "mail")
    assert ui_of(at).complained == []
    assert ui_of(at).gone == [("mail", "", None)]
