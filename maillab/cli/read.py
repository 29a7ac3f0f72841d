"""`maillab read FILE`: any saved letter, decoded: a file, an mbox, a Maildir, or what comes through a pipe."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.client.saved import Saved


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_language

    parser = commands.add_parser(
        "read",
        help="a saved letter, decoded: .eml, mbox or Maildir",
        description="Show saved letters as the window would: decoded, HTML as text, links and files listed. Nothing in "
        "them is run, fetched or followed.",
    )
    parser.add_argument("file", metavar="FILE", nargs="+", help="a letter (.eml), an mbox, a Maildir; - reads stdin")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each letter")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all could be read, 2 when something could not."""
    from maillab.cli.options import guarded

    return guarded(lambda: _show(args))


def _show(args: argparse.Namespace) -> int:
    from maillab.cli.letter import LetterError
    from maillab.cli.opened import as_lines, as_object
    from maillab.cli.paper import put
    from maillab.client.read import read
    from maillab.client.saved import SavedError
    from maillab.views.safe import safe_json

    try:
        for number, one in enumerate(_named(args.file)):
            letter = read(one.octets)
            if args.json:
                put(safe_json(json.dumps(as_object(letter), ensure_ascii=False)))
                continue
            if number:
                put("\n" + "─" * 40 + "\n")
            for line in as_lines(letter):
                put(line)
    except SavedError as error:
        raise LetterError(str(error)) from error
    return 0


def _named(names: list[str]) -> "Iterator[Saved]":
    """The letters of all that was named. Raises `SavedError`, `OSError`."""
    from maillab.client.saved import letters_in, letters_of
    from maillab.folder import path_of

    for name in names:
        yield from letters_of(sys.stdin.buffer, "stdin") if name == "-" else letters_in(path_of(name))
