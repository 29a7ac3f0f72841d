"""In which language the command line speaks: how it is chosen, and how sentences and help texts are said in it.

English is the key: whoever says something writes it in English, and `say` gives it in the language of this command
line, from the tables in `vietnamese`, `vietnamese_errors` and `vietnamese_help`. Errors of deeper rooms are translated
here as well: they are recognised by the words around their values. What no table knows stays English.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from maillab.views.gloss import Lang

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX.1-2017, Base Definitions 8.2: the first that is set and not empty
SHORT = 6  # letters: so few words say little, and fit only around values of one word ("{} of {}")
DEPTH = 3  # a sentence in a sentence: "cannot read FILE: No such file or directory"

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
    return _shown("\n".join(map(_sentence, text.split("\n"))))


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
        return _shown(known)
    rows = [(_ROW.fullmatch(line) or [line, "", line]) for line in text.split("\n")]
    return _shown("\n".join(row[1] + HELP.get(row[2], row[2]) for row in rows))


def _of_argparse(text: str | None) -> str | None:
    """A sentence of argparse itself, which also asks for those that a parser does not have."""
    from maillab.cli.vietnamese_help import ARGPARSE

    return _shown(ARGPARSE.get(text, text)) if text else text


def _counted_of_argparse(one: str, many: str, count: int) -> str | None:
    return _of_argparse(one if count == 1 else many)


def _shown(text: str) -> str:
    """Our words as the terminal can show them."""
    from maillab.views.safe import speaks_unicode, unaccented

    return text if speaks_unicode(getattr(sys.stdout, "encoding", "")) else unaccented(text)


def _sentence(text: str, depth: int = DEPTH) -> str:
    """One line in Vietnamese: the table's, with the values of this line in it; the line itself where none fits."""
    bare = text.strip()
    indent = text[: len(text) - len(text.lstrip())]
    if known := _sentences().get(bare):
        return indent + known
    for start, end, holes, said in _templates():
        if bare.startswith(start) and bare.endswith(end) and (found := re.fullmatch(holes, bare, re.DOTALL)):
            inner = partial(_sentence, depth=depth - 1) if depth else str
            return indent + said.format(*(inner(value) if " " in value else value for value in found.groups()))
    head, colon, tail = bare.partition(": ")  # FILE: line 3: what is wrong there
    return indent + _sentences().get(head, head) + colon + _sentence(tail, depth) if colon else text


@cache
def _sentences() -> dict[str, str]:
    from maillab.cli.vietnamese import SENTENCES
    from maillab.cli.vietnamese_errors import ERRORS

    return SENTENCES | ERRORS


@cache
def _templates() -> list[tuple[str, str, str, str]]:
    """Start, end and pattern of each sentence with values in it, and how it is said; the wordiest first."""
    rows = []
    for template, said in sorted(_sentences().items(), key=lambda row: -len(row[0])):
        if "{}" in template:
            pieces = template.split("{}")
            wordy = sum(map(str.isalpha, template)) > SHORT
            holes = ["(.+?)" if wordy or piece.endswith(": ") else r"(\S+)" for piece in pieces[:-1]]
            pattern = "".join(re.escape(piece) + hole for piece, hole in zip(pieces, [*holes, ""], strict=True))
            rows.append((pieces[0], pieces[-1], pattern, said))
    return rows
