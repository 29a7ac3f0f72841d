"""What the commands that start a lab have in common: their options, the configuration they find, how they fail."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.cli.language import choose, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from maillab.config import Config
    from maillab.config_file import LoadedConfig
    from maillab.views.gloss import Lang

USAGE, CANNOT_BIND, TIMED_OUT = 2, 3, 4  # exit codes, a contract
WEB_PORT = 8026  # where the window is shown in a browser
HTTP_PORT = 8025  # where Mailpit and MailHog answer, and where their clients ask


def add_lab_options(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--lab --ephemeral --ports --config --lang`: on every command that starts a lab."""
    parser.add_argument("--lab", metavar="DIR", help="the lab folder (default: see `maillab locate`)")
    parser.add_argument("--ephemeral", action="store_true", help="a temporary lab folder, removed at the end")
    parser.add_argument("--ports", choices=["fixed", "auto"], help="auto: take free ports and print them")
    parser.add_argument("--config", metavar="FILE", help="a configuration file (TOML)")
    add_language(parser)


def takes_free_ports(args: argparse.Namespace, *, unasked: bool = False) -> bool:
    """Are free ports taken? Where nothing was said of ports, only if they are taken `unasked`."""
    ports = getattr(args, "ports", None)
    return ports == "auto" or (ports is None and unasked)


def add_settings_options(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--profile --catch-all --rule`: on every command whose lab is described by a configuration, not by a story."""
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="a set of settings: classroom (the default), app (accepts mail for every address), strict or hcmus",
    )
    parser.add_argument(
        "--catch-all", action="store_true", help="take mail for every domain, and catch it in a mailbox of the lab"
    )
    parser.add_argument(
        "--rule",
        metavar="RULE",
        action="append",
        help="inject a fault: 'at rcpt to:bob* answer 451 times 2'; again for more (see `maillab help rules`)",
    )


def add_http_option(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--http`: on commands whose lab programs may ask over HTTP."""
    parser.add_argument(
        "--http",
        nargs="?",
        type=_port,
        const=HTTP_PORT,
        metavar="PORT",
        help="let programs ask over HTTP what has come, by Mailpit's API (PORT: 8025 if not given; 0: a free one; "
        "-1: none)",
    )


def add_listen_options(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--listen --http-token`: on commands whose HTTP door other computers may reach."""
    parser.add_argument(
        "--listen",
        type=_address,
        metavar="ADDRESS",
        help="let other computers ask over HTTP, at this address of this computer (0.0.0.0: all); whoever asks needs "
        "a token. Mail stays on 127.0.0.1",
    )
    parser.add_argument(
        "--http-token",
        type=_token,
        metavar="TOKEN",
        help="the token that whoever asks over HTTP must have (default: one is made and printed; `serve` at 127.0.0.1 "
        "asks for none); better as MAILLAB_HTTP_TOKEN, which no list of processes shows",
    )


def chosen_token(args: argparse.Namespace) -> str:
    """The token that somebody has chosen: `--http-token`, MAILLAB_HTTP_TOKEN; "" for none. Raises `NoToken`."""
    from maillab.web.admission import token_of

    said: str = args.http_token or os.environ.get("MAILLAB_HTTP_TOKEN", "")
    return token_of(said) if said else ""


def _address(text: str) -> str:
    import ipaddress

    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(say("an IP address is expected: 192.168.1.7, ::1, 0.0.0.0 for all")) from None


def _token(text: str) -> str:
    """It is never repeated: what is said of it may stand in a log."""
    from maillab.web.admission import NoToken, token_of

    try:
        return token_of(text)
    except NoToken as error:
        raise argparse.ArgumentTypeError(say(str(error))) from None


def add_web_option(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--web`: for the window alone."""
    parser.add_argument(
        "--web",
        nargs="?",
        type=_port,
        const=WEB_PORT,
        metavar="PORT",
        help="show the window in a browser instead, to whoever has the token that is printed (PORT: 8026 if not given; "
        "0: a free one); needs maillab[terminal-web]",
    )


def _port(text: str) -> int:
    if not text.removeprefix("-").isdigit() or not -1 <= int(text[:6]) <= 65_535:
        raise argparse.ArgumentTypeError(say("a port is expected: 8025, 0 for a free one, -1 for none"))
    return int(text)


def add_record_option(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--record`: on every command that watches mail."""
    parser.add_argument(
        "--record", metavar="FILE", help="save the session in FILE (packed if it ends with .gz), for maillab replay"
    )
    parser.add_argument("--force", action="store_true", help="replace the file of --record if it is there")


def add_language(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--lang`, with MAILLAB_LANG and the locale behind it."""
    parser.add_argument(
        "--lang",
        choices=["en", "vi"],
        help="the language of all output (default: MAILLAB_LANG, then LC_ALL, LC_MESSAGES, LANG)",
    )


def language(args: argparse.Namespace) -> "Lang":
    """The language of a command: argument, MAILLAB_LANG, locale, English."""
    return choose(getattr(args, "lang", None), os.environ)


def lab_path(args: argparse.Namespace) -> Path | None:
    """The lab folder: `--lab`, MAILLAB_LAB, the XDG data folder; None for a temporary one. Raises `FolderError`."""
    from maillab.folder import default_folder, path_of

    if args.ephemeral:
        return None
    asked = args.lab or os.environ.get("MAILLAB_LAB")
    return path_of(asked) if asked else default_folder(os.environ)


def known_lab(args: argparse.Namespace) -> Path | None:
    """The lab folder, for commands that can do without: also `None` where no home folder is known."""
    from maillab.folder import FolderError

    try:
        return lab_path(args)
    except FolderError:
        return None


def find_config(args: argparse.Namespace, lab: Path | None) -> "LoadedConfig":
    """The configuration in force: argument > MAILLAB_CONFIG > ./maillab.toml > lab.toml > XDG > default lab.

    Rules are those of the file, of MAILLAB_RULES (one a line) and of `--rule` together. Raises `ConfigError`, and
    `OSError` for a file that was named and cannot be read.
    """
    from dataclasses import replace

    loaded = _find_config(args, lab)
    for name, text in _rules(args):
        loaded = replace(loaded, config=_with_rule(loaded.config, name, text))
    return loaded


def _find_config(args: argparse.Namespace, lab: Path | None) -> "LoadedConfig":
    from maillab.config_file import LoadedConfig, from_table, read
    from maillab.folder import path_of
    from maillab.source import read_file

    settings = _said(args)
    named = getattr(args, "config", None) or os.environ.get("MAILLAB_CONFIG")
    if named:
        return LoadedConfig(read(read_file(path_of(named)), named, settings), named)
    for place in (Path("maillab.toml"), lab / "lab.toml" if lab else None, own_config()):
        if place is not None and place.is_file():
            return LoadedConfig(read(read_file(place), str(place), settings), str(place))
    return LoadedConfig(from_table(settings, "the command line"), "")


def _rules(args: argparse.Namespace) -> "list[tuple[str, str]]":
    """The rules of the environment and of the command line, each with what brought it."""
    lines = os.environ.get("MAILLAB_RULES", "").split("\n")
    rules = [("MAILLAB_RULES", line.strip()) for line in lines if line.strip()]
    return rules + [("--rule", text) for text in getattr(args, "rule", None) or ()]


def _with_rule(config: "Config", name: str, text: str) -> "Config":
    import msgspec

    from maillab.config import ConfigError
    from maillab.rules.language import RuleError
    from maillab.views.pointed import pointed

    try:
        config.rule(text)
    except RuleError as error:
        raise ConfigError(f"{name}: {pointed(error.text, text, error.column)}") from error
    return msgspec.structs.replace(config, rules=(*config.rules, text))


def _said(args: argparse.Namespace) -> "dict[str, Any]":
    """What the command line and the environment say of the configuration itself."""
    profile = getattr(args, "profile", None) or os.environ.get("MAILLAB_PROFILE")
    catch_all = getattr(args, "catch_all", False)
    return ({"profile": profile} if profile else {}) | ({"catch_all": True} if catch_all else {})


def own_config() -> Path | None:
    """The person's own configuration file, whether it is there or not (XDG base directory specification).

    `None` where no home folder is known.
    """
    from maillab.folder import home

    if os.environ.get("XDG_CONFIG_HOME"):
        return Path(os.environ["XDG_CONFIG_HOME"]) / "maillab" / "config.toml"
    own = home(os.environ)
    return own / ".config" / "maillab" / "config.toml" if own is not None else None


def tells_of_filters(args: argparse.Namespace) -> bool:
    """`--filter help`, on every command that filters: print how a filter is written. Raises `OutputError`."""
    if args.filter != "help":
        return False
    from maillab.views.filter import table

    sys.stdout.write(table(language(args)))
    return True


def fail(code: int, text: str) -> int:
    """Say on stderr what failed, why and what to do; gives the exit code. Never a traceback."""
    tell(f"maillab: {say(text)}")
    return code


def tell(text: str) -> None:
    """Talk for a person, on stderr, already in their language; every line of it is made safe."""
    from maillab.cli.wrapping import columns, wrapped
    from maillab.views.safe import safe

    width = columns(sys.stderr)
    for line in text.split("\n"):
        sys.stderr.write(f"{wrapped(safe(line), width, _margin(line))}\n")


def _margin(line: str) -> int:
    """A line that is set in goes on as far in."""
    return len(line) - len(line.lstrip(" "))


def guarded(work: "Callable[[], int]") -> int:
    """Do the work of a command; what a person can mend is said in a sentence, with the exit code that belongs to it."""
    try:
        return work()
    except (OSError, ValueError) as error:
        code = _mendable(error)
        if code is None:
            raise
        name = getattr(error, "filename", None)
        why = getattr(error, "strerror", None) or str(error)
        return fail(code, f"cannot read {name}: {why}" if name else why)


def _mendable(error: Exception) -> int | None:
    """The exit code of an error that a person can mend; `None` for a fault of ours."""
    from maillab.cli.composing import MessageError
    from maillab.cli.target import TargetError
    from maillab.config import ConfigError
    from maillab.endpoints import BusyPort
    from maillab.folder import FolderError
    from maillab.notice import NoticeError
    from maillab.views.filter import FilterError

    if isinstance(error, FolderError | NoticeError | BusyPort):
        return CANNOT_BIND
    if isinstance(error, MessageError | TargetError | ConfigError | FilterError | OSError):
        return USAGE
    from maillab.nameserver.zone import ZoneError  # the last, because it brings all of dnspython

    return USAGE if isinstance(error, ZoneError) else None
