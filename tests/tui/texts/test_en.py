"""The words of the window, in English."""

import ast
import re
import string

import pytest

from maillab.tui.actions.keymap import named_key
from maillab.tui.actions.table import BY_NAME
from maillab.tui.texts import Texts
from maillab.tui.texts.en import TEXTS
from maillab.tui.texts.vi import TEXTS as VI
from tests.house import modules

FAMILIES = {
    "enter.",  # keys that are put together while the window runs: what stands before the part that changes
    "needs.", "keys.", "pane.", "mode.", "tab.", "help.", "hop.", "folder.", "field.", "copy.", "theme.",
    "rule.new.", "clock.", "reason.", "notice.", "notice.deferred.", "door.", "header.", "wire.side.", "ask.", "settings.", "settings.now.",
    "does.", "replay.state.", "replay.point.", "replay.last.", "replay.first.", "session.outcome.", "card.message.", "messages.empty.", "title.", "yes.", "no.", "byhand.wanted.",
}  # fmt: skip


def used():
    """Keys in the code: whole ones, and the beginnings of those that are put together."""
    whole, begun = set(), set()
    for name, module in modules().items():
        if module.room != "tui" or name.startswith("tui.texts"):
            continue
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", node.value)
            ):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole & TEXTS.keys(), {begin for begin in begun if begin in FAMILIES}


def asked_for():
    """Keys that are asked for by a fixed name."""
    for name, module in modules().items():
        if module.room == "tui" and not name.startswith("tui.texts"):
            for node in ast.walk(module.tree):
                if (
                    isinstance(node, ast.Call)
                    and ast.unparse(node.func).rpartition(".")[2] in ("texts", "_texts")
                    and node.args
                ):
                    key = node.args[0]
                    values = (
                        [key]
                        if isinstance(key, ast.Constant)
                        else [key.body, key.orelse]
                        if isinstance(key, ast.IfExp)
                        else []
                    )
                    for value in values:
                        if isinstance(value, ast.Constant):
                            yield name, value.value, {keyword.arg for keyword in node.keywords}


def test_every_word_is_there():
    """Whatever the code asks for by name stands in the catalogue, and has a place for each value."""
    faults = []
    for name, key, values in asked_for():
        if key not in TEXTS:
            faults.append(f"{name}: {key} is missing")
            continue
        places = {field for _, field, _, _ in string.Formatter().parse(TEXTS[key]) if field and field != "key"}
        if None not in values and values and not places <= values:
            faults.append(f"{name}: {key} wants {places - values}")
    assert faults == []


def test_no_word_is_idle():
    """Every text is used."""
    whole, begun = used()
    idle = {key for key in TEXTS if key not in whole and not any(key.startswith(begin) for begin in begun)}
    assert idle - {"on", "off"} == set()


def test_what_is_asked_before_it_is_done():
    """It has a title, and an answer that says what it does; the other one says what stays as it is."""
    calls = (node for module in modules().values() for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    acts = {ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func).endswith("ui.confirm")}
    assert len(acts) >= 5
    assert {f"{part}.{act}" for act in acts for part in ("title", "yes", "no")} <= TEXTS.keys()


def test_what_a_key_does_begins_with_a_capital():
    """In the borders of dialogs as in those of panes."""
    names = {f"dialog.{key}" for key in ("answer", "move", "take", "complete", "close", "clear", "help", "scroll")}
    names |= {f"rule.{key}" for key in ("add", "edit", "once", "remove", "switch")} | {"dialog.page", "settings.switch"}
    names |= {key for key in TEXTS if key.startswith("enter.")}
    for lang in ("en", "vi"):
        assert [words for name in names if (words := Texts(lang)(name, topic="x"))[0].islower()] == []


def test_values_are_safe():
    """What is put into a text is made safe first."""
    assert "\x1b" not in Texts("en")("say.saved", path="\x1b]0;PWN\x07")


# ── keys ──

OWN = ("rule.", "settings.help", "names.vi")  # keys of a list that is worked on, and of vi: nobody can choose others
PRESSED = re.compile(
    r"(?<![\w'’.\d])(?<!\d )[b-zB-Z](?![\w:'’.-]\w|\w)|\^[A-Z]|\bF\d+\b|Ctrl\+|\bSpace\b|\([a-z\d]\)|· \d\b"
)
FIELD = re.compile(r"\{[^{}]*\}")


def named_keys(text):
    return {spec for _, field, spec, _ in string.Formatter().parse(text) if field == "key"}


@pytest.mark.parametrize("texts", [TEXTS, VI], ids=["en", "vi"])
def test_no_key_is_named_by_a_letter(texts):
    """A person may choose other keys: a text names the action, and the key is put in when it is said."""
    own = {key: text for key, text in texts.items() if not key.startswith(OWN)}
    assert {key: found for key, text in own.items() if (found := PRESSED.findall(FIELD.sub("00", text)))} == {}


@pytest.mark.parametrize("text", ["^S sends it.", "Then f fetches.", "Press F6.", "Saved · 4 shows it", "In Lab (1)."])
def test_a_letter_is_seen(text):
    """What looks for keys in texts finds them."""
    assert PRESSED.search(text)


def test_keys_of_actions():
    """Both languages name the same actions, and each of them is one."""
    assert {key for key in TEXTS if named_keys(TEXTS[key]) != named_keys(VI[key])} == set()
    assert {name for text in TEXTS.values() for name in named_keys(text)} <= BY_NAME.keys()


def test_other_keys_in_a_sentence():
    """Whoever chose another key reads that one; an action without a key is called by its name."""
    own = {"app.send": ("f5",), "app.record": ()}
    texts = Texts("en", lambda action: named_key(action, own, "en"))

    assert texts("messages.none", who="bob") == "No mail for bob yet. F5 sends the draft."
    assert texts("say.marked_first", name="a").endswith(" ‹Record› saves it.")
