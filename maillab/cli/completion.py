"""`maillab completion SHELL`: the completion script for a shell, made from the argument parser."""

import argparse
import sys

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")  # those that shtab knows


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("completion")
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh, tcsh, fish or powershell")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script; `eval "$(maillab completion bash)"` tries it at once."""
    import shtab

    from maillab.cli.main import build

    sys.stdout.write(str(shtab.complete(build(), args.shell)))
    return 0
