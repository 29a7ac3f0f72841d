"""The first word decides: each command is a file of this folder, and only the one that is asked for is imported."""

import argparse
import importlib
import keyword
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from maillab import __version__
from maillab.cli.commands import COMMANDS, OTHER_WORDS
from maillab.cli.language import asked_in, choose, localised, say, speaking


class _Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # of parsers; at run time it takes no argument
    """Takes the sentence of a command out of the list."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = super().add_parser(name, help=COMMANDS[name], **options)
        return parser


def build(only: str = "") -> argparse.ArgumentParser:
    """The argument parser, with one command or (""), for help and completion, with all of them; in the language of
    this command line.
    """
    parser = argparse.ArgumentParser(
        prog="maillab",
        description="A mail laboratory: the whole journey of a message on one computer, every line shown.",
        epilog="Exit codes: 0 done; 1 negative result; 2 usage or configuration; 3 cannot bind or connect; "
        "4 time-out; 130 Ctrl-C; send uses 21 to 29 for the stage at which a message was stopped.",
    )
    parser.add_argument("--version", action="version", version=f"maillab {__version__}")
    if not only:
        from maillab.cli.window import add_window_options

        add_window_options(parser.add_argument_group("the window (without a command)"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", action=_Commands)
    for name in [only] if only else COMMANDS:
        file = f"{name}_" if keyword.iskeyword(name) else name  # no module can be called assert
        importlib.import_module(f"maillab.cli.{file}").add(commands)
    return localised(parser)


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command. What is not known is named with what is near it."""
    word = argv[0]
    parser = build(word if word in COMMANDS else "")
    if word not in COMMANDS:
        parser.error(say(f"there is no command {word}") + _meant(OTHER_WORDS.get(word, word), COMMANDS))
    args, others = parser.parse_known_args(_with_environment(parser, argv))
    if others:
        command = command_of(parser, word)
        options = command._option_string_actions if others[0].startswith("-") else ()
        command.error(say(f"unrecognized arguments: {' '.join(others)}") + _meant(others[0].partition("=")[0], options))
    return args


def _with_environment(parser: argparse.ArgumentParser, argv: Sequence[str]) -> Sequence[str]:
    """The command line, with what the environment says before what was typed."""
    from maillab.cli import environment

    if argv[0] not in environment.COMMANDS:
        return argv
    command = command_of(parser, argv[0])
    try:
        return [argv[0], *environment.said(command, os.environ), *argv[1:]]
    except environment.BadVariable as error:
        command.error(say(str(error)))


def command_of(parser: argparse.ArgumentParser, word: str) -> argparse.ArgumentParser:
    """The parser of one command in the whole one."""
    [commands] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    command: argparse.ArgumentParser = commands.choices[word]
    return command


def _meant(word: str, candidates: Iterable[str]) -> str:
    """A hint at the nearest of the words that are known, where one is near."""
    from maillab.spelling import nearest

    near = nearest(word, candidates)
    return "; " + say(f"did you mean {near}?") if near else ""


def run(argv: Sequence[str]) -> int:
    """Run one command line; gives the exit code. Raises `SystemExit` as argparse does."""
    from maillab.cli.streams import settled

    with speaking(choose(asked_in(argv), os.environ)):
        return settled(lambda: _run(argv))


def _run(argv: Sequence[str]) -> int:
    if argv[:1] == ["--version"]:
        sys.stdout.write(f"maillab {__version__}\n")
        return 0
    if not argv or argv[0].startswith("-"):
        from maillab.cli.window import parse as window_options
        from maillab.cli.window import run as open_window

        args, work = window_options(argv), open_window
        if args.printed:
            build().parse_args([args.printed])  # prints it and ends
    else:
        args = _parsed(argv)
        work = args.run
    from maillab.cli.options import guarded

    try:
        return guarded(lambda: int(work(args)))
    except KeyboardInterrupt:
        return 130
