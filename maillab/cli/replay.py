"""`maillab replay SESSION`: a saved session seen again as it was, or done again with somebody."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from maillab.cli.playing import SessionPart
    from maillab.recording.library import SessionFile

_EPILOG = """\
Without FILE the sessions that the window has saved are listed; a part of such a name is enough to open it.
Without --against and --as-server nothing is connected to anything: the file is shown. On a terminal the window plays
it; with --print, or any option that says how to print, it is printed, with the original pauses on a terminal and at
once in a pipe. Keys while it is printed: space pause, . the next line, ] on to the next mark, q quit.
A MOMENT is the name of a mark, or the time since the first entry: 12, 1.5s, 2:30. A filter is a few words:
  maillab replay friday.maillab --filter 'leg:relay code:5xx'
Exit codes: 0 done; 1 it differs (--against) or was asked something unknown (--as-server); 2 usage, or a file that is
no session; 3 no connection or a port that is taken; 4 no answer; 130 Ctrl-C.
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_language
    from maillab.cli.window import add_looks

    parser = commands.add_parser(
        "replay",
        description="Show a saved session as it was recorded, or replay one of its sides.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="*.maillab or *.maillab.gz, - for stdin, or the name of a saved session"
    )
    _add_play(parser.add_argument_group("look again"))
    _add_again(parser.add_argument_group("do it again (opens sockets)"))
    add_looks(parser.add_argument_group("the window (on a terminal, unless something above asks for print)"))
    add_language(parser)
    parser.set_defaults(run=run)


def _add_play(group: argparse._ArgumentGroup) -> None:
    from maillab.cli.printed import add_amount, upto

    group.add_argument("--print", action="store_true", help="print it, also where the window could play it")
    speed, seconds = upto(1000, "a number from 0 (at once) to 1000"), upto(1e9, "a number of seconds, 0 or more")
    group.add_argument(
        "--speed", type=speed, metavar="N", help="2: twice as fast; 0: at once (default: 1, in a pipe 0)"
    )
    group.add_argument(
        "--idle-limit", type=seconds, metavar="S", help="no pause is longer than so many recorded seconds"
    )
    group.add_argument("--from", dest="start", metavar="MOMENT", help="begin there")
    group.add_argument("--to", dest="stop", metavar="MOMENT", help="end there")
    group.add_argument("--loop", action="store_true", help="again and again, until q or Ctrl-C")
    group.add_argument("--filter", metavar="EXPR", default="", help="only what matches; --filter help tells how")
    group.add_argument("--notation", choices=["rfc", "swaks", "curl"], default="rfc", help="how speakers are marked")
    group.add_argument(
        "--gloss", action=argparse.BooleanOptionalAction, help="explain each line (default: where a story is told)"
    )
    add_amount(group)
    group.add_argument("--json", action="store_true", help="one JSON object a line")


def _add_again(group: argparse._ArgumentGroup) -> None:
    from maillab.cli.printed import upto
    from maillab.cli.target import seconds

    port = upto(65_535, "a port from 0 (any) to 65535", int)
    group.add_argument("--against", metavar="HOST:PORT", help="say the client's side again to this server, and compare")
    group.add_argument("--as-server", type=port, metavar="PORT", help="answer a client as recorded (0: any free port)")
    group.add_argument("--talk", metavar="NAME", help="only the conversation of this name, for example submit-1")
    group.add_argument("--user", metavar="NAME", help="who logs in (default: who did then)")
    group.add_argument("--password", metavar="WORD", help="the password (default: asked for; never that of the file)")
    group.add_argument("--password-file", metavar="FILE", help="the first line of FILE is the password")
    group.add_argument("--verbatim", action="store_true", help="messages as they were: same date, same Message-ID")
    group.add_argument("--text", action="store_true", help="compare the wording of answers too")
    group.add_argument("--ca", metavar="FILE", help="a certificate to trust")
    group.add_argument("--insecure", action="store_true", help="trust any certificate")
    group.add_argument("--real-internet", action="store_true", help="allow a server that is not this computer")
    group.add_argument("--timeout", type=seconds, default=60.0, metavar="N", help="seconds to wait for each answer")
    group.add_argument(
        "--extra",
        choices=["451", "drop", "live"],
        default="451",
        help="what to do where the record has no answer: refuse for now, hang up, answer like a strict server",
    )


def run(args: argparse.Namespace) -> int:
    """Play or act; the codes stand in the epilog."""
    from maillab.cli.options import USAGE, fail, tells_of_filters
    from maillab.cli.piped import session_path
    from maillab.recording.session import SessionError
    from maillab.views.safe import safe

    if tells_of_filters(args):
        return 0
    if args.file is None:
        return _list()
    try:
        with session_path(args.file) as path:
            if args.against or args.as_server is not None:
                return _again(args, path)
            if not _prints(args) and (code := shown_in_window(args, path)) is not None:
                return code
            return _play(args, path)
    except SessionError as error:
        return fail(USAGE, f"{safe(args.file)}: {safe(str(error))}")
    except OSError as error:
        if "/" in args.file:
            return fail(USAGE, f"cannot read {error.filename or args.file}: {error.strerror or error}")
        return fail(
            USAGE, f"cannot read {args.file}: {error.strerror or error}\n  a list of the saved sessions: maillab replay"
        )


def _list() -> int:
    """The saved sessions, by their names."""
    from maillab.cli import saved_sessions
    from maillab.cli.options import USAGE, fail
    from maillab.cli.streams import put

    listed = saved_sessions.listed()
    if not listed:
        return fail(USAGE, "which session? name a FILE")
    put(listed.rstrip("\n"))
    return 0


def _prints(args: argparse.Namespace) -> bool:
    """Does an option ask for lines, rather than for the window?"""
    from maillab.cli.printed import is_asked

    options = (args.print, args.json, args.loop, args.start, args.stop, args.filter, args.notation != "rfc")
    return is_asked(args) or any(options) or any(x is not None for x in (args.gloss, args.speed, args.idle_limit))


def shown_in_window(args: argparse.Namespace, path: "Path") -> int | None:
    """Let the window play it, where there is a terminal for one; `None` where there is none."""
    import os

    from maillab.cli.window import show, unfit
    from maillab.recording.library import SessionFile

    if unfit(sys.stdin, sys.stdout, os.environ) is not None:
        return None
    with SessionFile(path):  # what is no session is told here, not in a window
        pass
    usual = {"lab": None, "ephemeral": False, "ports": "fixed", "config": None, "record": None}
    return show(argparse.Namespace(**usual | vars(args)), replay=path)


def _again(args: argparse.Namespace, path: "Path") -> int:
    """Act one side of it."""
    from maillab.cli.options import USAGE, fail
    from maillab.cli.reenacting import run_against, run_as_server
    from maillab.recording.session import load

    if args.against and args.as_server is not None:
        return fail(USAGE, "--against and --as-server do not go together")
    args.gloss = bool(args.gloss)
    session = load(path)
    if session.notice:
        fail(0, f"{args.file}: {session.notice}")
    return run_against(args, session) if args.against else run_as_server(args, session)


def _play(args: argparse.Namespace, path: "Path") -> int:
    """Show it; no socket is opened."""
    from maillab.cli.options import USAGE, fail
    from maillab.cli.playing import play
    from maillab.recording.library import SessionFile
    from maillab.views.filter import FilterError, parse

    try:
        chosen = parse(args.filter) if args.filter else None
    except FilterError as error:
        return fail(USAGE, f"--filter: {error}")
    with SessionFile(path) as file:
        try:
            part = _part(args, file)
        except ValueError as error:
            return fail(USAGE, str(error))
        play(args, file, part, chosen)
        if file.notice:
            fail(0, f"{args.file}: {file.notice}")
    return 0


def _part(args: argparse.Namespace, file: "SessionFile") -> "SessionPart":
    """The places from `--from` up to `--to`. Raises `ValueError` for a moment that is none."""
    from maillab.cli.playing import SessionPart

    start = _place(args.start, file) if args.start else 0
    return SessionPart(start, _place(args.stop, file) if args.stop else None)


def _place(moment: str, file: "SessionFile") -> int:
    from maillab.views.units import seconds_of

    marks = file.marks
    for place, mark in marks:
        if mark.name == moment:
            return place
    try:
        return file.at_time(seconds_of(moment))
    except ValueError as error:
        known = f"\n  marks: {', '.join(mark.name for _, mark in marks[:20])}" if marks else ""
        raise ValueError(f"{error}{known}") from None
