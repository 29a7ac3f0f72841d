"""The command line: one file per command, each with `add(subparsers)` and a `run(args)` that gives an exit code.

stdout is data, stderr is talk. A command imports what it needs inside `run`, so that `maillab --version` stays instant.
"""
