"""`maillab doctor`: does this computer have what the lab needs? A line for each thing, and what to do about it.

With `--self-test`: does the lab keep what its doors announce?
"""

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.cli.checks import Check


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options, add_settings_options

    parser = commands.add_parser(
        "doctor",
        description="Look at everything the lab needs. Exit code 1 when something fails; a warning is no failure.",
    )
    add_lab_options(parser)
    add_settings_options(parser)
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="start a lab of this configuration for a moment, and use each capability that its doors announce; "
        "exit code 1 when one is a lie",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look at everything; 1 when something fails."""
    if args.self_test:
        from maillab.cli import self_test

        return self_test.run(args)
    from maillab.cli.language import say
    from maillab.cli.streams import put
    from maillab.views.safe import safe

    checks = []
    for check in _all(args):
        checks.append(check)
        if not args.json:
            todo = f"  ({say(check.todo)})" if check.todo else ""
            put(f"{check.verdict:<4}  {safe(say(check.what))}{safe(todo)}")
    if args.json:
        import json

        rows = [{"verdict": check.verdict, "what": safe(check.what), "todo": safe(check.todo)} for check in checks]
        put(json.dumps(rows, ensure_ascii=False, indent=1))
    return 1 if any(check.verdict == "fail" for check in checks) else 0


def _all(args: argparse.Namespace) -> Iterator["Check"]:
    """Everything, in the order in which a lab would miss it. A library that is missing does not stop the doctor."""
    from maillab.cli import checks
    from maillab.cli.options import lab_path
    from maillab.system import called

    yield checks.system(called())
    yield checks.python()
    yield from checks.libraries()
    yield checks.sqlite()
    yield checks.loopback()
    yield from _of_configuration(args)
    if (lab := lab_path(args)) is not None:
        yield from checks.folder(lab)
    yield from checks.terminal(sys.stdout, os.environ)
    yield from checks.tools()


def _of_configuration(args: argparse.Namespace) -> Iterator["Check"]:
    """Can it be read, and are its ports to be had?"""
    from maillab.cli.checks import Check, CheckVerdict, doors, ports
    from maillab.cli.options import find_config, lab_path
    from maillab.folder import holder
    from maillab.listeners import listeners

    try:
        from maillab.config import ConfigError, default
    except ImportError:
        return  # of a library that was named as missing
    lab = lab_path(args)
    try:
        loaded = find_config(args, lab)
        config = loaded.config
        yield Check(CheckVerdict.OK, f"configuration: {loaded.source or 'the default lab'}")
    except (ConfigError, OSError) as error:
        config = default()
        yield Check(CheckVerdict.FAIL, f"configuration: {error}", "the one in force: maillab config")
    if args.ports != "auto":
        yield from ports(doors(config), listeners(), holder(lab) if lab else None)
