"""The password of a command that logs in: from a file, a prompt or the environment; on the command line `ps` shows it.

Rules for this file: what was read is returned, and never printed.
"""

import argparse
import os
from typing import Any

VARIABLE = "MAILLAB_PASSWORD"
LONGEST = 1024  # octets of a file; RFC 4616 §2 allows no longer password


def add_password_options(group: Any) -> None:
    """`--password [P]` and `--password-file FILE`; `--password` alone asks."""
    group.add_argument(
        "--password",
        metavar="P",
        nargs="?",
        const="",
        help="the password (visible to anybody who runs ps); as the last option without a value: asks for it",
    )
    group.add_argument("--password-file", metavar="FILE", help="the first line of FILE is the password")


def password(args: argparse.Namespace, who: str, known: str | None = None) -> str | None:
    """The password: as it was given, else `known`, else of the environment. Raises `MessageError`, `OSError`."""
    from maillab.cli.composing import MessageError

    if args.password_file:
        if args.password is not None:
            raise MessageError("--password and --password-file do not go together")
        return _first_line(args.password_file)
    if args.password == "":  # it stands alone
        return _asked(who)
    return next((given for given in (args.password, known) if given is not None), os.environ.get(VARIABLE))


def _first_line(name: str) -> str:
    from maillab.cli.composing import MessageError
    from maillab.folder import path_of

    with path_of(name).open("rb") as file:
        octets = file.read(LONGEST + 1)
    line = octets.split(b"\n")[0].removesuffix(b"\r")
    if len(line) > LONGEST:
        raise MessageError(f"--password-file {name}: its first line is longer than {LONGEST} bytes")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MessageError(f"--password-file {name}: it is not UTF-8") from error


def _asked(who: str) -> str:
    import getpass
    import sys

    from maillab.cli.composing import MessageError
    from maillab.views.safe import safe

    if not sys.stdin.isatty():
        raise MessageError(
            f"--password alone asks for it, and there is no terminal\n  try: --password-file FILE, or set {VARIABLE}"
        )
    return getpass.getpass(f"password of {safe(who)}: ")
