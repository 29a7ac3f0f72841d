"""`maillab wait 'to:bob subject:"your code"' --code`: until a running lab has such a message, for scripts."""

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from maillab.stored.message import StoredMessage
    from maillab.stored.query import MessageQuery

AGAIN = 0.05  # seconds between two looks
ALIVE = 1.0  # seconds between two looks at whether the lab still runs


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.messages import add_question, add_shapes, duration, how_many

    parser = commands.add_parser(
        "wait",
        description="Wait until so many messages that the query means lie in the mailboxes of the running lab, those "
        "that came before included, and print the newest in one line; --text shows it decoded. Exit code 1 when --code "
        "or --links finds nothing in them, 3 when no lab runs, 4 when time is over.",
    )
    add_question(parser)
    parser.add_argument("--count", type=how_many, default=1, metavar="N", help="so many messages (default: 1)")
    parser.add_argument(
        "--timeout",
        type=duration,
        default=10.0,
        metavar="TIME",
        help="at most so long: 10s, 500ms, 2min (default: 10s)",
    )
    add_shapes(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the messages as soon as they are there."""
    from maillab.cli.messages import as_query, lab_folder, show, tell_what_is_there
    from maillab.cli.options import CANNOT_BIND, TIMED_OUT, fail, language
    from maillab.stored.query import MessageQuery

    folder = lab_folder(args)
    query = MessageQuery.parse(as_query(args.query))
    found = _waited(folder, query, args.count, args.timeout)
    if found is None:
        return fail(CANNOT_BIND, f"no lab runs in {folder}\n  start one: maillab serve")
    messages, everything = found
    if len(messages) < args.count:
        asked = query.filter.text or "(all)"
        if args.count == 1:
            fail(TIMED_OUT, f"no message within {args.timeout:g} s: {asked}")
        else:
            fail(TIMED_OUT, f"{len(messages)} of {args.count} messages within {args.timeout:g} s: {asked}")
        tell_what_is_there(messages, everything, language(args))
        return TIMED_OUT
    if not show(messages[-args.count :], args):
        return fail(1, "a message has nothing of the kind")
    return 0


def _waited(
    folder: "Path", query: "MessageQuery", count: int, timeout: float
) -> "tuple[list[StoredMessage], Sequence[StoredMessage]] | None":
    """The messages, fewer than `count` when time is over, and all there are; `None` when no lab runs there any more."""
    from maillab.folder import holder
    from maillab.stored.mailboxes import StoredMailboxes

    mailboxes = StoredMailboxes(folder)
    now = time.monotonic()
    end, check = now + timeout, now
    while True:
        everything = mailboxes.messages()
        messages = [message for message in everything if query.means(message)]
        now = time.monotonic()
        if len(messages) >= count or now >= end:
            return messages, everything
        if now >= check:
            if holder(folder) is None:
                return None
            check = now + ALIVE
        time.sleep(min(AGAIN, end - now))
