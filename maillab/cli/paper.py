"""One line on stdout, whatever the terminal can show."""

import sys


def put(line: str) -> None:
    """Write a line that is safe already; what the encoding of stdout lacks becomes an escape.

    Raises `BrokenPipeError` when nobody reads any more.
    """
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()
