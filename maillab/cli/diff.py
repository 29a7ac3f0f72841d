"""`maillab diff A B`: two sessions, talk by talk and exchange by exchange."""

import argparse


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "diff",
        description="Compare two saved sessions, conversation by conversation and exchange by exchange: codes, "
        "enhanced codes, capabilities. Ids, dates, host names, nonces and the order of an offer do not count.",
        epilog="Exit codes: 0 no difference; 1 a difference; 2 a file that cannot be read.",
    )
    parser.add_argument("a", metavar="A", help="the session file to compare with")
    parser.add_argument("b", metavar="B", help="the session file that is compared")
    parser.add_argument("--talk", metavar="NAME", help="only the conversation of this name")
    parser.add_argument("--text", action="store_true", help="compare the wording of answers too")
    parser.add_argument(
        "--json", action="store_true", help='one JSON object a line: its "mark" (" ", -, + or @), "text"'
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare; the codes stand in the epilog."""
    import json

    from maillab.cli.options import USAGE, fail
    from maillab.cli.piped import session_path
    from maillab.cli.streams import put
    from maillab.recording.compare import compare
    from maillab.recording.session import SessionError, load
    from maillab.views.safe import safe

    sessions = []
    for name in (args.a, args.b):
        try:
            with session_path(name) as path:
                sessions.append(load(path))
        except SessionError as error:
            return fail(USAGE, f"{name}: {error}")
        except OSError as error:
            return fail(USAGE, f"cannot read {name}: {error.strerror or error}")
    first, second = (session.entries for session in sessions)
    if args.talk:
        first, second = (tuple(entry for entry in entries if entry.talk == args.talk) for entries in (first, second))
        if not first and not second:
            return fail(USAGE, f"no talk is called {args.talk} in either session")
    rows = compare(first, second, text=args.text)
    if rows and not args.json:
        put(f"--- {safe(args.a)}")
        put(f"+++ {safe(args.b)}")
    for row in rows:
        put(json.dumps({"mark": row.mark, "text": row.text}, ensure_ascii=False) if args.json else str(row))
    return 1 if rows else 0
