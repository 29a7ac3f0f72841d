"""One line on stdout, whatever the terminal can show, and whether it shows colours."""

import os
import sys


def put(line: str) -> None:
    """Write a line that is safe already; what the encoding of stdout lacks becomes an escape.

    Raises `BrokenPipeError` when nobody reads any more.
    """
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def colours() -> bool:
    """Only on a terminal, and not where NO_COLOR or TERM=dumb says no: piped output holds no escape byte."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
