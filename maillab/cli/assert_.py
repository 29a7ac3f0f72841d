"""`maillab assert 'to:bob subject:welcome' --count 1`: what a lab's mailboxes hold now, as an exit code for scripts."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maillab.stored.message import StoredMessage
    from maillab.views.gloss import Lang


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.messages import add_question, how_many

    parser = commands.add_parser(
        "assert",
        description="Exit code 0 when the mailboxes of the lab hold a message that matches the query, 1 when not; "
        "stderr says what they hold instead. The lab may have ended. To wait for a message: maillab wait",
    )
    add_question(parser)
    number = parser.add_mutually_exclusive_group()
    number.add_argument("--count", type=how_many, metavar="N", help="exactly so many (default: at least one)")
    number.add_argument("--none", dest="count", action="store_const", const=0, help="there is no such message")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it is so."""
    from maillab.cli.messages import as_query, lab_folder
    from maillab.cli.options import CANNOT_BIND, fail, language
    from maillab.stored.mailboxes import StoredMailboxes
    from maillab.stored.query import MessageQuery

    folder = lab_folder(args)
    query = MessageQuery.parse(as_query(args.query))
    if not (folder / "mail").is_dir():
        return fail(CANNOT_BIND, f"there is no lab in {folder}\n  start one: maillab serve")
    everything = StoredMailboxes(folder).messages()
    matching = [message for message in everything if query.means(message)]
    if bool(matching) if args.count is None else len(matching) == args.count:
        return 0
    _complain(query.filter.text, args.count, matching, everything, language(args))
    return 1


def _complain(
    query: str,
    count: int | None,
    matching: "Sequence[StoredMessage]",
    everything: "Sequence[StoredMessage]",
    lang: "Lang",
) -> None:
    """Say on stderr how many there are, and which."""
    from maillab.cli.messages import tell_what_is_there
    from maillab.cli.options import fail

    asked = query or "(all)"
    if count is None:
        fail(1, f"no such message: {asked}")
    elif len(matching) == 1:
        fail(1, f"1 message, expected {count}: {asked}")
    else:
        fail(1, f"{len(matching)} messages, expected {count}: {asked}")
    tell_what_is_there(matching, everything, lang)
