"""What stands in the palette, and in which order."""

from collections import Counter

import pytest

from maillab.tui.actions.action import MOVES, Offer
from maillab.tui.actions.table import ACTIONS, BY_NAME, HOMES
from maillab.tui.palette.palette import FIRST, REMEMBERED, UNLISTED, Palette, commands, used
from maillab.tui.questions import Choice
from maillab.tui.texts import Texts

EN, VI = Texts("en"), Texts("vi")
HERE = ("app", "transcript", "reading")


def offers(here=HERE):
    """Every action: those of these contexts can be done here, the others in their panes."""
    for action in ACTIONS:
        if action.context in here:
            yield Offer(action, action.keys)
        elif action.context in HOMES:
            yield Offer(action, action.keys, *HOMES[action.context])


def found(text, texts=EN, more=(), recent=()):
    """What the palette shows for a text."""
    palette = Palette(commands(offers(), texts), texts, recent)
    palette.know(more)
    return palette.search(text)


def test_all_actions_of_all_panes():
    """Each once, but for those that only move a cursor."""
    listed = [choice.value.removeprefix("do ") for choice in found("")]
    expected = {action.name for action in ACTIONS if action.context in {*HERE, *HOMES} - MOVES} - UNLISTED
    assert set(listed) == expected
    assert len(listed) == len(expected)


def test_the_lit_pane_goes_first():
    """After what people come for; then what holds everywhere, then other parts of the window, which are named."""
    assert [choice.value for choice in found("")][: len(FIRST)] == [f"do {name}" for name in FIRST]
    contexts = [BY_NAME[choice.value.removeprefix("do ")].context for choice in found("")][len(FIRST) :]
    assert set(contexts[:5]) <= {"transcript", "reading"}
    assert contexts.index("app") < contexts.index("machine")
    bounce = next(choice for choice in found("") if choice.value == "do machine.bounce")
    assert (bounce.key, bounce.name) == ("B", "Server: Bounce")
    assert bounce.note.lower() == BY_NAME["machine.bounce"].sentence("en")
    assert bounce.note[0].isupper()
    assert [choice.area for choice in found("")[:5]] == ["", "", "", "", ""]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("language", "app.language"),
        ("tiếng việt", "app.language"),
        ("ngon ngu", "app.language"),
        ("colors", "app.theme"),
        ("quit", "app.quit"),
        ("telnet", "app.by_hand"),
        ("bounce", "machine.bounce"),
        ("time travel", "app.clock"),
        ("clock", "app.clock"),
        ("day", "app.clock"),
        ("fetch", "mail.fetch"),
        ("reply", "mail.reply"),
        ("greylist", "machine.greylist"),
        ("cert", "machine.tls"),
        ("dns", "names.edit"),
        ("zone", "names.edit"),
        ("name server", "names.edit"),
        ("explain", "app.help"),
        ("fault", "app.rules"),
        ("break", "app.rules"),
        ("pause", "machine.hold"),
        ("demo", "app.story"),
        ("colours", "app.theme"),
        ("vietnamese", "app.language"),
        ("pop3", "mail.fetch"),
        ("attach", "compose.attach"),
        ("search", "reading.find"),
        ("exit", "app.quit"),
        ("boucne", "machine.bounce"),
        ("person", "app.add_person"),
        ("failure", "reading.errors"),
        ("problem", "reading.errors"),
        ("next error", "reading.errors"),
    ],
)
def test_a_word_of_the_trade_finds_its_command(typed, name):
    """Among the first, whichever pane is lit."""
    assert f"do {name}" in [choice.value for choice in found(typed)][:3]


@pytest.mark.parametrize(("typed", "name"), [("trả lại", "machine.bounce"),
                                             ("bounce", "machine.bounce"), ("fetch", "mail.fetch")])  # fmt: skip
def test_in_vietnamese(typed, name):
    """By the words of the reader and by those of English."""
    assert found(typed, VI)[0].value == f"do {name}"


def test_who_looks_for_errors_is_led_to_them():
    """Rather than to what makes some."""
    assert found("error")[0].value == "do reading.errors"
    assert found("lỗi", VI)[0].value == "do reading.errors"


def test_what_cannot_be_done_now_is_dim():
    """It is found nevertheless, behind what can be done."""
    dim = [choice.dim for choice in commands(offers(), EN, lambda action: action.live)]
    assert set(dim) == {True, False}
    assert dim == sorted(dim)


def test_typing_by_hand_stands_there_once():
    """With the key that goes there from everywhere."""
    [choice] = [choice for choice in found("by hand") if choice.label == "By hand"]
    assert (choice.value, choice.key, choice.area) == ("do app.by_hand", "F4", "")
    [choice] = [choice for choice in found("add mailbox") if choice.label == "Add mailbox"]
    assert (choice.value, choice.key, choice.area) == ("do app.add_person", "a", "Mail server")


def test_a_name_begins_with_its_part_of_the_window():
    """Two that are called the same are told apart; what holds everywhere is of no part."""
    names = {choice.value: choice.name for choice in found("")}
    assert names["do reading.filter"] == "Wire: Filter"
    assert names["do mail.delete"] == "Mail: Delete"
    assert names["do sessions.delete"] == "Sessions: Delete"
    assert names["do app.send"] == "Send"
    assert len(set(names.values())) == len(names)
    assert [choice.value for choice in found("sessions: del")] == ["do sessions.delete"]


def test_a_whole_word_goes_before_parts_of_words():
    """Who types send does not mean faults of sender.test."""
    faults = [Choice(f"fault {n} sender.test", "Fault at sender.test: 451") for n in range(9)]
    starts = Choice("power sender.test", "sender.test: Stop")
    values = [choice.value for choice in found("send", more=[starts, *faults])]
    assert values[0] == "do app.send"
    assert "power sender.test" in values
    assert not any(value.startswith("fault") for value in values)


def test_a_code_answers_itself():
    """And nothing else is offered before it; Enter explains it."""
    assert found("354")[0].value == "explain 354"
    assert found("4.7.1")[0].explains


@pytest.mark.parametrize("typed", ["MX", "starttls", "ehlo", "rcpt to", "+OK"])
def test_a_word_of_a_protocol_is_explained_before_a_synonym(typed):
    """Enter explains it, and switches nothing; a command of that name still goes first."""
    story = Choice("story null", f"Story: what {typed} has to do with it")
    assert found(typed, more=[story])[0].explains
    assert found("fetch")[0].value == "do mail.fetch"
    assert found("help")[0].value == "do app.help"


@pytest.mark.parametrize(("typed", "texts"), [("lang", EN), ("LANG", EN), ("lang", VI)])
def test_a_command_whose_name_begins_so_stands_before_a_word_of_a_protocol(typed, texts):
    """There is a LANG of POP3, and in English a command that begins with these letters."""
    first, second = found(typed, texts)[:2]
    assert first.value == "do app.language"
    assert second.value == "explain LANG"


def test_a_word_is_explained_behind_its_commands():
    """What can be done with it comes first, then what it means, then what only mentions it."""
    story = Choice("story bounce", "Story: bounce", "nobody of that name")
    values = [choice.value for choice in found("bounce", more=[story])]
    assert values[0] == "do machine.bounce"
    assert values.index("story bounce") < values.index("explain bounce")
    assert "do app.clock" in values


def test_more_is_found_only_by_typing():
    """Settings, stories, themes, sessions, pages: the first list is short."""
    setting = Choice("setting tls a.test", "TLS at a.test: on", "Offer STARTTLS")
    assert setting not in found("", more=[setting])
    assert setting in found("tls a.test", more=[setting])


def test_nothing_matches():
    """Then nothing is shown."""
    assert found("xyzzy") == []


def test_what_was_used_last_goes_first():
    """A few are remembered, each once."""
    assert found("", recent=["do machine.bounce"])[0].value == "do machine.bounce"
    assert found("se", recent=["do app.settings"])[0].value == "do app.settings"
    recent = []
    for name in "abcdefghijklb":
        recent = used(recent, name)
    assert recent[0] == "b"
    assert len(recent) == REMEMBERED == len(set(recent))


def test_each_deed_once():
    """No two actions of the palette do the same: one of them has another key at most, which is its twin's."""
    deeds = Counter(
        (getattr(action.does, "func", action.does), str(getattr(action.does, "keywords", {})))
        for action in ACTIONS
        if action.does is not None and action.name not in UNLISTED
    )
    assert [deed for deed, times in deeds.items() if times > 1] == []
