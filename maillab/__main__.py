"""`python -m maillab` and the `maillab` script."""

import sys


def main() -> int:
    """Run one command; the exit code is a contract (maillab/manual/en/exit-codes.md)."""
    from maillab.cli.streams import repair

    repair()
    from maillab.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
