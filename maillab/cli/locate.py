"""`maillab locate`: where the lab keeps its files."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options

    parser = commands.add_parser("locate")
    add_lab_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def places(args: argparse.Namespace) -> dict[str, str]:
    """What is where; a file that is not there yet is named all the same."""
    from maillab.cli.options import lab_path, own_config

    lab = lab_path(args)
    root: Any = lab if lab is not None else Path("(a temporary folder)")
    return {
        "lab": str(root),
        "mail": str(root / "mail"),
        "queue": str(root / "queue"),
        "sessions": str(root / "sessions"),
        "certificate": str(root / "ca" / "ca.pem"),
        "lab configuration": str(root / "lab.toml"),
        "configuration": str(own_config() or "(no home folder is known)"),
    }


def run(args: argparse.Namespace) -> int:
    """Print the places."""
    from maillab.cli.language import say

    folders = places(args)
    if args.json:
        sys.stdout.write(json.dumps(folders) + "\n")
    else:
        sys.stdout.write("".join(f"{say(name):<18} {place}\n" for name, place in folders.items()))
    return 0
