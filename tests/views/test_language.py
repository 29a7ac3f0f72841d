"""Everything that is said to people exists in both languages."""

import ast
import functools
import importlib
import string

import pytest

from maillab.views.language import Say
from maillab.views.vietnamese import VIETNAMESE
from maillab.wire.tolerated import TOLERATED
from tests.house import modules, nodes

HOMES = [name.rpartition(".")[0] for name in modules() if name.rpartition(".")[2] == "vietnamese"]


def home(name):
    """The room whose table has what a module says: the nearest one that has a table."""
    return max((room for room in HOMES if f"{name}.".startswith(f"{room}.")), key=len, default="")


ROOMS = {  # of each table, the modules that say what stands in it
    f"{room}.vietnamese": [module for name, module in modules().items() if home(name) == room]
    for room in HOMES
    if room != "cli"  # cli's sentences are found by their own test
}
SAYERS = {"say", "_say", "_phrase", "note", "Note"}


def table(room):
    """The Vietnamese of a room, by its English."""
    return importlib.import_module(f"maillab.{room}").VIETNAMESE


def gaps(text):
    """What is to be filled in, in order."""
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def said(module):
    """The texts that are handed to whoever says them."""
    for node in nodes(module):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in SAYERS:
            for argument in node.args[:1]:
                choices = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                yield from (one.value for one in choices if isinstance(one, ast.Constant))


@functools.cache
def texts(module):
    """Every text in the source."""
    return {node.value for node in nodes(module) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_said_is_translated(room):
    """A text without Vietnamese is named here; its row goes into the room's vietnamese.py."""
    assert {text for module in ROOMS[room] for text in said(module)} - table(room).keys() - {""} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_translated_is_said(room):
    """No row is left over: its room says it, or a room above or below."""
    others = [module for name, module in modules().items() if not name.endswith("vietnamese")]
    assert table(room).keys() - set().union(*map(texts, others)) == set()


def remarks():
    """Every sentence that is tolerated by the machines, and every warning that is a whole sentence."""
    sentences = {why for _, why in TOLERATED.values()}
    for module in modules().values():
        for node in nodes(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Tolerated", "Warned"):
                choice = node.args[-1]
                parts = [*node.args[1:], *([choice.body, choice.orelse] if isinstance(choice, ast.IfExp) else [])]
                sentences |= {
                    part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return {sentence for sentence in sentences if sentence[:3] != "RFC"}


def test_every_remark_is_translated():
    """A remark without Vietnamese is named here; its row goes into maillab/views/vietnamese.py."""
    assert remarks() - VIETNAMESE.keys() == set()


@pytest.mark.parametrize(("room", "text"), [(room, text) for room in ROOMS for text in table(room)])
def test_values_stay_in_place(room, text):
    """Both languages have the same gaps (those without a name in the same order), and the Vietnamese is not empty."""
    assert sorted(gaps(table(room)[text])) == sorted(gaps(text))
    assert table(room)[text] not in ("", text)


OTHER_WAYS = {  # module: why it asks for the language itself
    "views.language": "the one way",
    "views.gloss": "names the languages",
    "views.terms": "words of mail are data: a column a language",
    "views.lookup": "the same",
    "views.words": "a rule of an RFC has a section",
    "protocols.services": "a row of a table holds its purpose in both",
    "manual.pages": "pages are files; stands below the views",
    "stories.script": "a story is a file, in both languages",
    "recording.session": "so is what was told",
    "recipient.phrases": "a server's answers, by the client's LANG",
    "web.ours.complaints": "by what a client of HTTP asks for",
    "web.token_guard": "so is a door that is shut",
    "cli.language": "chooses it",
    "cli.options": "offers it",
    "cli.explain": "a noun stands before what describes it",
    "cli.help": "asks for a page",
    "tui.commands.everywhere": "changes it",
    "tui.palette.palette": "an action is found by its words in the other one, too",
}


def test_no_other_way():
    """Nobody else asks which language it is: who has something to say says it in English."""
    asking = {
        name
        for name, module in modules().items()
        for node in nodes(module)
        if isinstance(node, ast.Constant) and node.value == "vi"
    }
    assert asking - {"tui.commands.editing"} == OTHER_WAYS.keys()  # where vi is an editor


def test_values_are_put_in():
    """By their place or by their name; a text without values may hold braces."""
    say = Say("vi", {"{} of {}": "{} trên {}", "port {port}": "cổng {port}"})
    assert (say("{} of {}", 1, 2), say("port {port}", port=25), say("{m,n}")) == ("1 trên 2", "cổng 25", "{m,n}")
    assert Say("en", {"a": "b"})("a") == "a"
