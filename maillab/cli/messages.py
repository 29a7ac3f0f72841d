"""Messages that a lab holds, for `wait` and `assert`: which are meant, where they are looked for, how they are printed.

They are read from the lab's Maildirs, not fetched by POP3: whoever looks every 50 ms would fill the transcript with
talks of its own, and a mailbox that somebody reads by POP3 lets nobody else in (RFC 1939 §8).
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maillab.cli.language import say
from maillab.cli.options import add_language, language

if TYPE_CHECKING:
    from maillab.stored.message import StoredMessage
    from maillab.views.gloss import Lang

NAMED = 10  # messages that are named when there are others than those that were asked for

_TERM = re.compile(r"(-?[A-Za-z]+):([^\"/(].*\s.*)\Z", re.DOTALL)
_LINE = {"{} to {}: {}": "{} gửi {}: {}"}  # no sentence, in which these words could be anything


def add_question(parser: argparse.ArgumentParser) -> None:
    """The query, and where the lab is."""
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="which messages: to:bob subject:hi; from:, to:, subject:, header:, body: and words of the filter language",
    )
    add_running_lab(parser)


def add_running_lab(parser: argparse.ArgumentParser) -> None:
    """`--lab` and `--lang` of commands that look at a lab and start none."""
    parser.add_argument("--lab", metavar="DIR", help="the lab folder (default: see `maillab locate`)")
    add_language(parser)
    parser.set_defaults(ephemeral=False)


def as_query(words: Sequence[str]) -> str:
    """The words of a command line as one query. What the shell has taken the quotes of is still one value.

    >>> as_query(["to:bob", "subject:your code"])
    'to:bob subject:"your code"'
    """
    from maillab.stored.query import quoted

    if len(words) == 1:
        return words[0]
    return " ".join(_TERM.sub(lambda term: quoted(term[1], term[2]), word) for word in words)


def duration(text: str) -> float:
    """A time in seconds, for argparse: 10s, 500ms, 2min, 1.5. Raises `ArgumentTypeError`."""
    from maillab.views.units import seconds_of

    try:
        return seconds_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say("a time is expected, like 10s, 500ms or 2min")) from None


def how_many(text: str) -> int:
    """A number of messages, for argparse. Raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1_000_000):
        raise argparse.ArgumentTypeError(say("a number from 1 on is expected"))
    return int(text)


def lab_folder(args: argparse.Namespace) -> Path:
    """Where the lab is."""
    from maillab.cli.options import lab_path

    folder = lab_path(args)
    assert folder is not None, "these commands take no --ephemeral"
    return folder


# ── printing ──


def add_shapes(parser: argparse.ArgumentParser) -> None:
    """What is printed of each message."""
    shapes = parser.add_mutually_exclusive_group()
    shapes.add_argument("--json", action="store_true", help="one JSON object a line for each message")
    shapes.add_argument("--text", action="store_true", help="each message decoded, as maillab read shows it")
    shapes.add_argument("--raw", action="store_true", help="the bytes of each message")
    shapes.add_argument("--code", action="store_true", help="the one-time code in its text")
    shapes.add_argument("--links", action="store_true", help="its links, one a line")


def show(messages: Sequence["StoredMessage"], args: argparse.Namespace) -> bool:
    """Print them on stdout; False when one of them has not what was asked for."""
    from maillab.cli.streams import put

    if args.raw:
        for message in messages:
            sys.stdout.buffer.write(message.raw)
        sys.stdout.flush()
        return True
    lines: Callable[[StoredMessage], list[str]] = _links if args.links else _codes if args.code else _whole(args)
    complete = True
    for message in messages:
        printed = lines(message)
        for line in printed:
            put(line)
        complete = complete and bool(printed)
    return complete


def tell_what_is_there(
    matching: "Sequence[StoredMessage]", everything: "Sequence[StoredMessage]", lang: "Lang"
) -> None:
    """Say on stderr how many messages there are, and name the last of those that match; of all, where none does."""
    from maillab.cli.options import fail, tell

    fail(0, f"messages in the mailboxes: {len(everything)}")
    for message in (matching or everything)[-NAMED:]:
        tell(f"  {one_line(message, lang)}")


def one_line(message: "StoredMessage", lang: "Lang") -> str:
    """A message in one line, for a person."""
    from maillab.views.language import Say
    from maillab.views.safe import safe

    sender, recipients = message.envelope
    whom = ", ".join(recipients) or message.mailbox
    return safe(Say(lang, _LINE)("{} to {}: {}", sender or "<>", whom, message.subject))


def as_object(message: "StoredMessage") -> dict[str, Any]:
    """A message for programs: as `maillab read` has it, with its envelope, its mailbox and its one-time code."""
    from maillab.cli.opened import as_object as opened
    from maillab.stored.codes import find_code

    sender, recipients = message.envelope
    envelope = {"from": sender, "to": list(recipients)}
    where = {"mailbox": message.mailbox, "envelope": envelope}
    return where | opened(message.readable) | {"code": find_code(message.text)}


def _whole(args: argparse.Namespace) -> "Callable[[StoredMessage], list[str]]":
    from maillab.views.safe import safe_json

    lang = language(args)
    if args.text:
        from maillab.cli.opened import as_lines

        return lambda message: as_lines(message.readable)
    if args.json:
        return lambda message: [safe_json(json.dumps(as_object(message), ensure_ascii=False))]
    return lambda message: [one_line(message, lang)]


def _codes(message: "StoredMessage") -> list[str]:
    from maillab.stored.codes import find_code

    return list(filter(None, [find_code(message.text)]))


def _links(message: "StoredMessage") -> list[str]:
    from maillab.views.safe import safe

    return [safe(link) for link in message.links()]
