"""The words of the window, in English."""

import ast
import re
import string

from maillab.tui.texts import Texts
from maillab.tui.texts.en import TEXTS
from tests.house import modules

FAMILIES = {
    "enter.",  # keys that are put together while the window runs: what stands before the part that changes
    "needs.", "keys.", "pane.", "mode.", "tab.", "help.", "hop.", "folder.", "field.", "copy.", "theme.",
    "rule.new.", "clock.", "reason.", "notice.", "notice.deferred.", "door.", "header.", "wire.side.", "ask.", "settings.",
    "replay.state.", "session.outcome.", "card.message.",
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
        places = {field for _, field, _, _ in string.Formatter().parse(TEXTS[key]) if field}
        if None not in values and values and not places <= values:
            faults.append(f"{name}: {key} wants {places - values}")
    assert faults == []


def test_no_word_is_idle():
    """Every text is used."""
    whole, begun = used()
    idle = {key for key in TEXTS if key not in whole and not any(key.startswith(begin) for begin in begun)}
    assert idle - {"yes", "no", "on", "off"} == set()


def test_values_are_safe():
    """What is put into a text is made safe first."""
    assert "\x1b" not in Texts("en")("say.exported", path="\x1b]0;PWN\x07")
