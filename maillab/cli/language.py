"""In which language the command line speaks: how it is chosen, and how sentences and help texts are said in it.

English is the key: whoever says something writes it in English, and `say` gives it in the language of this command
line, from the tables in `vietnamese`, `vietnamese_help` and `views.errors_vi`. What no table knows stays English.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from maillab.views.gloss import Lang
    from maillab.views.sentences import Sentences

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX.1-2017, Base Definitions 8.2: the first that is set and not empty

_ROW = re.compile(r"( +\S+ {2,})(\S.*)")  # a row of a table in a help text

_spoken: ContextVar[Literal["en", "vi"]] = ContextVar("spoken", default="en")


def choose(asked: str | None, environ: Mapping[str, str]) -> "Lang":
    """The language of a command: what `--lang` asks for, else MAILLAB_LANG, else the locale, else English.

    >>> choose(None, {"LANG": "vi_VN.UTF-8"}), choose(None, {"LC_ALL": "C", "LANG": "vi_VN.UTF-8"})
    ('vi', 'en')
    >>> choose("en", {"MAILLAB_LANG": "vi"}), choose(None, {"MAILLAB_LANG": "vi", "LC_ALL": "de_DE"})
    ('en', 'vi')
    """
    for name in (asked, environ.get("MAILLAB_LANG")):
        if name in ("en", "vi"):
            return name  # type: ignore[return-value]
    locale = next((value for name in LOCALE if (value := environ.get(name))), "C")
    return "vi" if re.match(r"vi(?:[_.@]|\Z)", locale) else "en"


def asked_in(argv: Sequence[str]) -> str | None:
    """What `--lang` says on a command line that is not parsed yet: its errors and its help have a language, too.

    >>> asked_in(["serve", "--lang=vi"]), asked_in(["explain", "--", "--lang", "vi"])
    ('vi', None)
    """
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    for number, word in enumerate(words):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and number + 1 < len(words):
            return words[number + 1]
    return None


@contextmanager
def speaking(lang: "Lang") -> Iterator[None]:
    """Within it, `say`, and what argparse says by itself, are in this language."""
    token = _spoken.set(lang)
    own = {name: getattr(argparse, name) for name in ("_", "ngettext")}  # argparse marks its texts for gettext
    if lang != "en":
        argparse.__dict__.update(_=_of_argparse, ngettext=_counted_of_argparse)
    try:
        yield
    finally:
        argparse.__dict__.update(own)
        _spoken.reset(token)


def say(text: str) -> str:
    """Our own words, line by line, in the language of this command line."""
    if _spoken.get() == "en":
        return text
    return shown(_sentences()(text))


def spoken() -> "Lang":
    """The language of this command line, for texts that are kept elsewhere in both."""
    return _spoken.get()


def localised(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The same parser; its help and that of its commands are in the language of this command line."""
    if _spoken.get() == "en":
        return parser
    for attribute in ("description", "epilog"):
        if text := getattr(parser, attribute):
            setattr(parser, attribute, say_help(text))
    for group in parser._action_groups:
        group.title, group.description = say_help(group.title), say_help(group.description)
    for action in parser._actions:
        action.help = say_help(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for listed in action._choices_actions:
                listed.help = say_help(listed.help)
            for inner in action.choices.values():
                localised(inner)
    return parser


def say_help(text: str | None) -> str | None:
    """A help text in the language of this command line: whole where the table has it, else line by line."""
    from maillab.cli.vietnamese_help import HELP

    if not text or _spoken.get() == "en":
        return text
    if known := HELP.get(" ".join(text.split())):
        return shown(known)
    rows = [(_ROW.fullmatch(line) or [line, "", line]) for line in text.split("\n")]
    return shown("\n".join(row[1] + HELP.get(row[2], row[2]) for row in rows))


def _of_argparse(text: str | None) -> str | None:
    """A sentence of argparse itself, which also asks for those that a parser does not have."""
    from maillab.cli.vietnamese_help import ARGPARSE

    return shown(ARGPARSE.get(text, text)) if text else text


def _counted_of_argparse(one: str, many: str, count: int) -> str | None:
    return _of_argparse(one if count == 1 else many)


def shown(text: str) -> str:
    """Our words as the terminal can show them."""
    from maillab.views.safe import speaks_unicode, unaccented

    return text if speaks_unicode(getattr(sys.stdout, "encoding", "")) else unaccented(text)


@cache
def _sentences() -> "Sentences":
    from maillab.cli.vietnamese import SENTENCES
    from maillab.views.errors_vi import ERRORS
    from maillab.views.sentences import Sentences

    return Sentences(SENTENCES | ERRORS)
