"""`maillab` alone: the window."""

import argparse
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

from maillab.cli.commands import COMMANDS
from maillab.cli.language import say, say_help
from maillab.cli.options import USAGE, fail
from maillab.folder import path_of
from maillab.theme_names import THEME_NAMES


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of `maillab` without a command. A command among them is told where it belongs."""
    parser = argparse.ArgumentParser(prog="maillab", add_help=False)
    add_window_options(parser)
    for names in (["-h", "--help"], ["--version"]):  # of the whole program: whoever calls prints them
        parser.add_argument(*names, dest="printed", action="store_const", const=names[-1])
    args, others = parser.parse_known_args(argv)
    if others and others[0] in COMMANDS:
        words = list(argv)
        words.remove(others[0])
        hint = f"  try: maillab {others[0]} {shlex.join(words)}"
        parser.error(say(f"the command comes first, its options after it\n{hint}"))
    if others:
        parser.error(say(f"unrecognized arguments: {shlex.join(others)}"))
    args.argv = tuple(argv)
    return args


def add_window_options(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """The options of the window."""
    from maillab.cli.options import (
        add_http_option,
        add_lab_options,
        add_listen_options,
        add_record_option,
        add_settings_options,
        add_web_option,
    )

    add_lab_options(parser)
    add_settings_options(parser)
    add_http_option(parser)
    add_web_option(parser)
    add_listen_options(parser)
    add_record_option(parser)
    add_looks(parser)


def add_looks(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """How the window looks: also for commands that may open it."""
    words = "the colours of the window: dark, light, ansi-dark, ansi-light, nord … (default: what fits the terminal)"
    parser.add_argument("--theme", choices=THEME_NAMES, metavar="NAME", help=words)
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII alone")


def run(args: argparse.Namespace) -> int:
    """Open the window; where there is no terminal for it, say what to run instead."""
    if args.web is not None:
        from maillab.cli.web_window import run as show_in_a_browser

        return show_in_a_browser(args, without_web(args.argv))
    if args.listen or args.http_token:
        return fail(USAGE, "--listen and --http-token are for --web here; for programs, see: maillab serve --http")
    if (why := unfit(sys.stdin, sys.stdout, os.environ)) is not None:
        sys.stdout.write(f"{instead()}\n{say(why)}\n")  # what matters last: the list is as high as a small terminal
        return 0
    return show(args)


def without_web(argv: Sequence[str]) -> list[str] | None:
    """The same command line for the window itself; `None` where it would be served once more.

    >>> without_web(["--ephemeral", "--web", "9000", "--http", "0", "--listen=::1"])
    ['--ephemeral', '--http', '0']
    """
    from maillab.cli.options import add_listen_options, add_web_option

    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_web_option(parser)
    add_listen_options(parser)
    _, rest = parser.parse_known_args(list(argv))
    left = parse(rest)
    return rest if left.web is None and left.listen is None and left.http_token is None else None


def show(args: argparse.Namespace, *, replay: Path | None = None, story: str = "") -> int:
    """The window, on the living lab, on a session or on a story."""
    from maillab.cli.http_door import http_door
    from maillab.cli.options import find_config, lab_path, language, takes_free_ports
    from maillab.tui.app import run as open_window
    from maillab.tui.settings import Settings
    from maillab.views.safe import speaks_unicode

    lab = lab_path(args)
    lang: Any = language(args)
    record = path_of(args.record) if getattr(args, "record", None) else None
    if record is not None and os.path.lexists(record) and not args.force:
        return fail(USAGE, f"cannot record in {record}: the file is there already\n  to replace it, add: --force")
    auto_ports = takes_free_ports(args, unasked=lab is None)
    settings = Settings(
        lab,
        partial(find_config, args, lab),
        lang,
        theme=args.theme or "",
        term=os.environ.get("TERM", ""),
        ascii=args.ascii or not speaks_unicode(getattr(sys.stderr, "encoding", "")),
        auto_ports=auto_ports,
        auto_http=auto_ports and getattr(args, "http", None) is None,
        open_http=partial(http_door, args),
        record=record,
        replace_record=getattr(args, "force", False),
        replay=replay,
        story=story,
    )
    return open_window(settings, mouse=not args.no_mouse)


def unfit(stdin: IO[str] | None, stdout: IO[str] | None, environ: Mapping[str, str]) -> str | None:
    """Why no window can be opened here, `None` where one can.

    >>> import io
    >>> unfit(io.StringIO(), io.StringIO(), {})
    'maillab: the window needs a terminal, and this is none.'
    """
    if stdin is None or stdout is None or not (stdin.isatty() and stdout.isatty()):
        return "maillab: the window needs a terminal, and this is none."
    if environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return f"maillab: the terminal says that it cannot move its cursor (TERM={environ.get('TERM', '')})."
    return None


def instead() -> str:
    """What works without a window."""
    lines = [f"  maillab {name:<11} {say_help(what)}" for name, what in COMMANDS.items()]
    return say("These work everywhere:") + "\n\n" + "\n".join(lines) + "\n\n" + say("Begin with: maillab demo") + "\n"
