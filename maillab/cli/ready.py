"""`maillab ready`: does a lab run, with its ports open? For health checks and scripts that have just started one."""

import argparse
import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from maillab.notice import Notice

AGAIN = 0.05  # seconds between two looks


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.messages import add_running_lab, duration

    parser = commands.add_parser(
        "ready",
        description="Exit code 0 when a lab runs in the folder and has opened its ports, 1 when not, 4 when it has not "
        "within --timeout. No port is tried, so the transcript shows nothing of this.",
    )
    add_running_lab(parser)
    parser.add_argument(
        "--timeout", type=duration, default=0.0, metavar="TIME", help="wait for it so long: 10s, 500ms, 2min"
    )
    parser.add_argument("--json", action="store_true", help="print its process, folder and services as one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it runs."""
    from maillab.cli.language import say
    from maillab.cli.messages import lab_folder
    from maillab.cli.options import TIMED_OUT, fail
    from maillab.cli.streams import put
    from maillab.views.safe import safe

    folder = lab_folder(args)
    lab = _within(folder, args.timeout)
    if lab is None:
        if args.timeout:
            return fail(TIMED_OUT, f"no lab was ready in {folder} within {args.timeout:g} s")
        return fail(1, f"no lab is ready in {folder}\n  start one: maillab serve")
    if args.json:
        put(json.dumps(as_object(lab), ensure_ascii=False))
    else:
        put(safe(say(f"ready: the lab in {folder} (process {lab.pid})")))
    return 0


def as_object(lab: "Notice") -> dict[str, object]:
    """The lab for programs; passwords are not in it."""
    from dataclasses import asdict

    return {
        "pid": lab.pid,
        "lab": lab.lab,
        "certificate": str(lab.authority),
        "endpoints": [asdict(endpoint) for endpoint in lab.endpoints],
        "accounts": [account.address for account in lab.accounts],
    }


def _within(folder: "Path", timeout: float) -> "Notice | None":
    """The lab, as soon as it has opened its doors; `None` when time is over."""
    from maillab.notice import NoticeError, running

    end = time.monotonic() + timeout
    while True:
        try:
            lab = running(folder)
        except NoticeError:  # it is just starting
            lab = None
        if lab is not None or time.monotonic() >= end:
            return lab
        time.sleep(AGAIN)
