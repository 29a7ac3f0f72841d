"""The palette: what can be found in it, and what is done by it."""

import shutil

import pytest

from maillab.manual.pages import title
from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import BY_NAME
from maillab.tui.commands import palette
from maillab.tui.commands.rules import preset
from maillab.tui.mail import messageview
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import MessageTab
from tests.house import ROOT
from tests.tui.fake_ui import context, living, ui_of

SESSION = ROOT / "examples" / "sessions" / "seven-steps.maillab"


def test_machines_by_name(tmp_path):
    """Each says what can be done with it, and does it."""

    async def story(at):
        assert (await found(at, "stop"))[:2] == ["power sender.test", "power recipient.test"]
        await palette.run(at, "power recipient.test")
        await found(at, "start")
        labels = {choice.value: choice.label for choice in ui_of(at).asked[-1].search("start")}
        assert labels["power recipient.test"] == "recipient.test: Start"
        assert labels["power sender.test"] == "sender.test: Stop"
        notes = {choice.value: choice.note for choice in ui_of(at).asked[-1].search("start")}
        assert "Open its ports" in notes["power recipient.test"]
        assert "Close its ports" in notes["power sender.test"]

    living(context(tmp_path), story)


def test_the_name_server(tmp_path):
    """It is found by what it is called, and gone to; a machine shows the key that stops it."""

    async def story(at):
        ui_of(at).offered = [Offer(BY_NAME["machine.power"], ("o",), "lab", "sender")]
        for typed in ("name server", "dns"):
            assert "go names" in (await found(at, typed))[:2]
        [stop] = [
            choice for choice in ui_of(at).asked[-1].search("recipient") if choice.value == "power recipient.test"
        ]
        assert (stop.key, stop.area) == ("o", "Mail server")
        await palette.run(at, "go names")
        assert ui_of(at).gone[-1][:2] == ("lab", "names")

    living(context(tmp_path), story)


def test_every_kind_says_what_enter_does(tmp_path):
    """A page is read, a story played, a fault injected; a command runs."""

    async def story(at):
        await found(at, "")
        [question] = ui_of(at).asked
        assert question.enter == "run"
        for typed, word in (("354", "read"), ("manual filters", "read"), ("story tls", "play"),
                            ("theme light", "keep"), ("fault sender 554", "inject")):  # fmt: skip
            assert question.search(typed)[0].enter == word
        assert "STARTTLS" in question.search("story tls")[0].note

    living(context(tmp_path), story)


async def found(at, text):
    """The values of what the palette shows for a text, when everything has been gathered."""
    await palette.palette(at)
    await ui_of(at).settled("draft", "looking")
    return [choice.value for choice in ui_of(at).asked[-1].search(text)]


def test_an_action(tmp_path):
    """It is done, and remembered."""

    async def story(at):
        ui_of(at).offered = [Offer(BY_NAME[name], BY_NAME[name].keys) for name in ("app.send", "app.story")]
        await palette.palette(at)
        assert ui_of(at).done == ["app.story"]
        assert at.recent == ["do app.story"]
        assert (await found(at, ""))[0] == "do app.story"

    living(context(tmp_path, "do app.story"), story)


def test_everything_else_is_found(tmp_path):
    """Settings, faults, moments, stories, sessions, pages of the manual."""

    async def story(at):
        at.sessions_folder.mkdir(parents=True)
        shutil.copy(SESSION, at.sessions_folder / "monday.maillab")
        assert "setting greylist recipient.test" in await found(at, "greylisting recipient.test")
        assert "fault dot554 sender.test" in await found(at, "fault sender 554")
        assert "time 432000" in await found(at, "5 days")
        assert (await found(at, "story tls"))[0] == "story tls"
        assert (await found(at, "monday"))[0] == f"session {at.sessions_folder / 'monday.maillab'}"
        assert (await found(at, "manual filters"))[0] == "page filters"
        assert (await found(at, "theme light"))[0] == "theme light"
        assert (await found(at, "354"))[0] == "explain 354"

    living(context(tmp_path), story)


@pytest.mark.parametrize(("lang", "typed"), [*(("en", word) for word in ("retry", "greylisting", "temporary", "deferred")), ("vi", "thử lại"), ("vi", "tạm thời")])  # fmt: skip
def test_how_a_queue_is_made_to_retry(tmp_path, lang, typed):
    """Whoever wants to see one finds the fault that does it, by whatever word; and by bounce the one that ends in that."""

    async def story(at):
        assert "fault twice recipient.test" in (await found(at, typed))[:8]
        assert "fault rcpt550 recipient.test" in (await found(at, "bounce"))[:8]

    living(context(tmp_path, lang=lang), story)


def test_what_is_done(tmp_path):
    """By each kind of entry."""

    async def story(at):
        await palette.run(at, "setting greylist recipient.test")
        assert at.config.sites[1].greylist
        await palette.run(at, "fault dot554 sender.test")
        assert [each.text for each in at.host.lab.rules.listed] == [preset("dot554", "sender.test")]
        before = at.now
        await palette.run(at, "time 3600")
        assert at.now - before >= 3600
        await palette.run(at, "theme light")
        assert ui_of(at).worn[-1] == "light"
        await palette.run(at, "page filters")
        assert ui_of(at).asked[-1].title == title("filters", "en")
        await palette.run(at, f"session {SESSION}")
        assert isinstance(at.shown, Replay)
        await palette.run(at, "setting greylist recipient.test")
        assert ui_of(at).complained[-1] == at.texts("say.replaying")
        await palette.run(at, "nonsense")

    living(context(tmp_path), story)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_word_is_explained(tmp_path, lang):
    """With all its meanings, and not the whole glossary."""

    async def story(at):
        await palette.run(at, "explain STARTTLS")
        text = ui_of(at).asked[-1]
        said = ["".join(words for _, words in line) for line in text.lines]
        assert len([line for line in said if "RFC 3207 §4" in line]) == 1  # a command and a keyword, one heading
        assert "STARTTLS" in text.title
        assert len(said) < 20
        assert not text.page

    living(context(tmp_path, lang=lang), story)


def test_a_code_is_explained_digit_by_digit(tmp_path):
    """Above what it means as a whole."""

    async def story(at):
        await palette.run(at, "explain 354")
        said = ["".join(words for _, words in line) for line in ui_of(at).asked[-1].lines]
        assert said[0].startswith("354  3: go on · 5: about the mail")
        assert any("RFC 5321" in line for line in said)

    living(context(tmp_path), story)


def test_a_theme_takes_one_line(tmp_path):
    """Dark or light is a word by which it is found; a second line would say nothing."""

    async def story(at):
        values = await found(at, "dark")
        themes = [choice for choice in ui_of(at).asked[-1].search("dark") if choice.value in values]
        themes = [choice for choice in themes if choice.value.startswith("theme ")]
        assert "theme dracula" in [choice.value for choice in themes]
        assert "theme solarized-light" not in [choice.value for choice in themes]
        assert not any(choice.note for choice in themes)

    living(context(tmp_path), story)


def test_every_way_to_look_at_a_message_is_found_by_its_name(tmp_path):
    """It is gone to, and not only the next one."""

    async def story(at):
        assert palette.TABS == messageview.TABS
        for typed, name in (("route", "route"), ("raw", "raw"), ("parts", "parts"), ("html source", "html_source"),
                            ("mail: headers", "headers")):  # fmt: skip
            assert (await found(at, typed))[0] == f"tab {name}"
        assert ui_of(at).asked[-1].search("route")[0].name == "Mail: Route"
        await palette.run(at, "tab route")
        assert ui_of(at).gone[-1] == ("mail", "message", MessageTab("route"))

    living(context(tmp_path), story)


def test_without_a_lab(tmp_path):
    """What needs one is not offered."""
    at = context(tmp_path)
    assert palette._of_the_lab(at) == []
