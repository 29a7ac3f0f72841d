"""`maillab read FILE`: any saved message, decoded: a file, an mbox, a Maildir, or what comes through a pipe."""

import argparse
import json


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_language

    parser = commands.add_parser(
        "read",
        description="Show saved messages as the window would: decoded, HTML as text, links and files listed. Nothing "
        "in them is run, fetched or followed.",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="+",
        help="a message (.eml), an mbox, a Maildir or a folder of them; - reads stdin",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each message")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all could be read, 2 when something could not."""
    from maillab.cli.composing import saved
    from maillab.cli.opened import as_lines, as_object
    from maillab.cli.streams import put
    from maillab.client.read import read
    from maillab.views.safe import safe_json

    for number, file in enumerate(saved(args.file)):
        message = read(file.octets)
        if args.json:
            put(safe_json(json.dumps(as_object(message), ensure_ascii=False)))
            continue
        if number:
            put("\n" + "─" * 40 + "\n")
        for line in as_lines(message):
            put(line)
    return 0
