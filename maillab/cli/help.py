"""`maillab help [TOPIC]`: the manual, a page a topic; for the name of a command, the options of that command."""

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

from maillab.cli.language import say, shown

if TYPE_CHECKING:
    from maillab.manual.pages import Language

_SHORTEST, _LONGEST = 20, 100  # columns: what is shorter or longer is hard to read


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_language

    parser = commands.add_parser(
        "help",
        description="Read the manual. Without a topic, its pages are listed. With the name of a command, the options "
        "of that command are listed, as by `maillab COMMAND --help`.",
    )
    parser.add_argument("topic", nargs="?", metavar="TOPIC", help="a page, such as keys; without it, the list of pages")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the page, or the list of pages; 1 for a topic that does not exist."""
    from maillab.cli.commands import COMMANDS
    from maillab.cli.main import build
    from maillab.cli.options import fail, language
    from maillab.manual.pages import TOPICS, nearest

    lang: Language = "vi" if language(args) == "vi" else "en"
    topic = (args.topic or "").lower()
    if not topic:
        _print(_contents(lang))
    elif topic in TOPICS:
        _print(_page(topic, lang, max(_SHORTEST, min(shutil.get_terminal_size().columns, _LONGEST))))
    elif topic in COMMANDS:
        build(topic).parse_args([topic, "--help"])
    else:
        near = ", ".join(nearest(topic))
        if near:
            return fail(1, f"the manual has no page “{args.topic}”; near it: {near}")
        return fail(1, f"the manual has no page “{args.topic}”; all pages: maillab help")
    return 0


def _contents(lang: "Language") -> list[str]:
    """The list of pages, in the order in which a newcomer reads them."""
    from maillab.manual.pages import TOPICS, title

    size = max(map(len, TOPICS))
    return [
        say("Pages; read one: maillab help TOPIC"),
        "",
        *(f"  {topic:<{size}}  {title(topic, lang)}" for topic in TOPICS),
    ]


def _page(topic: str, lang: "Language", width: int) -> list[str]:
    """The lines of a page; where it is not translated, that is said first."""
    from maillab.manual.pages import is_translated, read
    from maillab.manual.plain import plain

    lines = plain(read(topic, lang), width)
    return lines if is_translated(topic, lang) else [say("(This page is in English only.)"), "", *lines]


def _print(lines: list[str]) -> None:
    sys.stdout.writelines(f"{shown(line)}\n" for line in lines)
