"""Options that the environment sets: MAILLAB_PORTS=auto stands for --ports auto, where nobody writes the command line.

A container is started with variables; its command line stands in an image.
"""

import argparse
from collections.abc import Mapping

COMMANDS = ("serve",)  # whose options all are variables
_ELSEWHERE = {"--help", "--lab", "--config", "--profile", "--lang", "--rule", "--http-token"}  # read where it is needed
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


class BadVariable(ValueError):  # noqa: N818 - said of the variable
    """A variable says what its option cannot be."""


def variable(option: str) -> str:
    """The variable of an option.

    >>> variable("--show-secrets")
    'MAILLAB_SHOW_SECRETS'
    """
    return f"MAILLAB_{option.removeprefix('--').replace('-', '_').upper()}"


def variables(parser: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """Every variable of a command, and its option."""
    options = ((option, action) for action in parser._actions for option in action.option_strings)
    return {variable(option): action for option, action in options if option[:2] == "--" and option not in _ELSEWHERE}


def said(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> list[str]:
    """What the environment says, as the words of a command line. Raises `BadVariable`.

    >>> parser = argparse.ArgumentParser()
    >>> _ = parser.add_argument("--ports"), parser.add_argument("--quiet", action="store_true")
    >>> said(parser, {"MAILLAB_PORTS": "auto", "MAILLAB_QUIET": "yes"})
    ['--ports=auto', '--quiet']
    """
    words = []
    for name, action in variables(parser).items():
        value = environ.get(name, "").strip()
        option = action.option_strings[-1]
        if action.nargs == 0:
            if value.lower() in _YES:
                words.append(option)
            elif value.lower() not in _NO:
                raise BadVariable(f"{name}={value}: 1 or 0 is expected")
        elif value:
            if action.choices is not None and value not in action.choices:
                raise BadVariable(f"{name}={value}: it can be {', '.join(map(str, action.choices))}")
            words.append(f"{option}={value}")
    return words
