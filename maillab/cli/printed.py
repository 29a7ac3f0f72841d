"""How much of a transcript is printed: lines of messages, repeated explanations, lists of abilities."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.cli.language import say

if TYPE_CHECKING:
    from maillab.cli.printer import Printer
    from maillab.views.shown import Shows

CONTENT = 20  # lines; also in maillab/views/transcript.py, which a parser of options need not load
MOST = 1_000_000


def add_amount(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--content --brief --full`: on every command that prints a transcript to be read."""
    add_content(parser)
    parser.add_argument(
        "--brief",
        action="store_true",
        default=None,
        help="explain each word once, fold the lists of servers (default on a terminal)",
    )
    parser.add_argument("--full", action="store_true", help="explain every line, fold nothing (default in a pipe)")


def add_content(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--content`: also of exports."""
    parser.add_argument(
        "--content",
        type=_lines,
        metavar="N|none",
        help="lines of each message that are shown, what is left out is counted (default: 20)",
    )


def content(args: argparse.Namespace) -> int:
    """How many lines of a message are shown; 0 where a message is one line of its own."""
    return CONTENT if args.content is None else int(args.content)


def is_brief(args: argparse.Namespace) -> bool:
    """Is the transcript for a person, who reads everything, and need not read it twice?"""
    return bool(args.brief) or (not args.full and sys.stdout.isatty())


def printer(args: argparse.Namespace, *, glosses: bool | None = None, brief: bool | None = None) -> "Printer":
    """What prints a transcript as the options ask; those that a command does not have say nothing."""
    from maillab.cli.options import language
    from maillab.cli.printer import Printer

    return Printer(
        lang=language(args),
        glosses=args.gloss if glosses is None else glosses,
        as_json=args.json,
        notation=args.notation,
        secrets=getattr(args, "show_secrets", False),
        content=content(args) if "content" in args else 0,
        brief="full" in args and is_brief(args) if brief is None else brief,
        entries=not getattr(args, "quiet", False),
    )


def shown(args: argparse.Namespace) -> "Shows":
    """What a filter by a word finds of decisions: what the printer prints of them."""
    from maillab.cli.options import language
    from maillab.views.safe import speaks_unicode
    from maillab.views.shown import shows

    return shows(language(args), ascii=not speaks_unicode(sys.stdout.encoding))


def speed(args: argparse.Namespace) -> float:
    """How fast it is shown: as the option says, else as a person reads, or at once in a pipe (0)."""
    return float(args.speed) if args.speed is not None else 1.0 if sys.stdout.isatty() else 0.0


def is_asked(args: argparse.Namespace) -> bool:
    """Does one of these options ask for lines, rather than for the window?"""
    return args.content is not None or bool(args.brief) or args.full


def upto(most: float, complaint: str, kind: Callable[[str], float] = float) -> Callable[[str], float]:
    """What reads a number from 0 to `most`, for argparse; it raises `ArgumentTypeError` with the complaint."""

    def number(text: str) -> float:
        value = kind(text)
        if not 0 <= value <= most:
            raise argparse.ArgumentTypeError(say(complaint))
        return value

    return number


def _lines(text: str) -> int:
    if text == "none":
        return 0
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST and len(text) < 9):
        raise argparse.ArgumentTypeError("a number of lines, or none")
    return int(text)
