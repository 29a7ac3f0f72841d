"""`maillab serve`: all servers of the lab, and the live transcript, until Ctrl-C or SIGTERM."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Event
    from collections.abc import Callable, Iterable
    from contextlib import AsyncExitStack

    from maillab.cli.printer import Printer
    from maillab.cli.record_option import OptionalRecord
    from maillab.config import Config
    from maillab.events import Entry
    from maillab.folder import LabFolder
    from maillab.lab.premises import Premises
    from maillab.rules.live import Listed

LOOK = 0.5  # seconds between two looks whether anybody reads
STUCK = -1  # everything ended well, but the last lines are not taken


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import (
        add_http_option,
        add_lab_options,
        add_listen_options,
        add_record_option,
        add_settings_options,
    )

    parser = commands.add_parser(
        "serve",
        description="Run every server of the lab on loopback. Prints services and accounts, then every conversation. "
        "With --record, a line that you type is a mark: a name for the moment, for replay --from NAME and the filter "
        "mark:NAME.",
    )
    add_lab_options(parser)
    add_settings_options(parser)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line: first the services, then each entry"
    )
    parser.add_argument("--gloss", action="store_true", help="explain each line")
    parser.add_argument("--notation", choices=["rfc", "swaks", "curl"], default="rfc", help="how speakers are marked")
    parser.add_argument(
        "--show-secrets", action="store_true", help="show passwords, also where the output is no terminal"
    )
    parser.add_argument(
        "--filter", metavar="EXPR", default="", help="print what matches only: leg:relay; --filter help tells how"
    )
    parser.add_argument("--quiet", action="store_true", help="print the services and accounts, not the transcript")
    parser.add_argument(
        "--processes",
        action="store_true",
        help="run each site in a process of its own, so that a load uses more than one processor; without the HTTP "
        "door and without rules",
    )
    add_http_option(parser)
    add_listen_options(parser)
    add_record_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal; 2 for a wrong configuration, 3 for a port that is taken or a folder that is."""
    import asyncio

    from maillab.cli.http_door import http_port
    from maillab.cli.options import USAGE, chosen_token, fail, find_config, lab_path, tells_of_filters
    from maillab.cli.record_option import OptionalRecord
    from maillab.folder import LabFolder
    from maillab.views.filter import FilterError, parse
    from maillab.web.admission import NoToken

    if tells_of_filters(args):
        return 0
    try:
        parse(args.filter)
    except FilterError as error:
        return fail(USAGE, f"--filter: {error}")
    lab = lab_path(args)
    loaded = find_config(args, lab)
    opens = http_port(args, loaded.config) >= 0
    if (args.listen or args.http_token) and not opens:
        return fail(USAGE, "--listen and --http-token are for the HTTP door, which is not open; add: --http")
    if args.processes and (why := _needs_one_process(loaded.config, opens=opens)):
        return fail(USAGE, why)
    try:
        token = chosen_token(args) if opens else ""
    except NoToken as error:
        return fail(USAGE, str(error))
    with (
        LabFolder(lab) as folder,
        OptionalRecord(args.record, loaded.config, force=args.force) as tape,
    ):
        code = asyncio.run(_serve(args, loaded.config, folder, tape, token))
    if code == STUCK:
        _leave_at_once()
    return code


def _needs_one_process(config: "Config", *, opens: bool) -> str:
    """Why the machines of this lab cannot run in processes of their own, "" where they can."""
    from maillab.system import HERE

    if opens:
        return "--processes: the HTTP door acts on all machines from one process; leave out --http, or add --http -1"
    if config.written_rules:
        return "--processes: rules are counted in one process; leave out --rule and the [[rules]] of the configuration"
    return "" if HERE.is_posix else "--processes: this system cannot hand a socket to another process"


async def _serve(
    args: argparse.Namespace, config: "Config", folder: "LabFolder", tape: "OptionalRecord", token: str
) -> int:
    import asyncio
    from contextlib import AsyncExitStack
    from functools import partial

    from maillab.cli import printed
    from maillab.cli.follower import LivePrinter
    from maillab.cli.marks import Moments
    from maillab.lab.long_run import settle_in
    from maillab.system import ENDS, HERE

    loop, over = asyncio.get_running_loop(), asyncio.Event()
    HERE.on_signals(loop, ENDS, lambda _: over.set())
    printer = printed.printer(args)
    lost: list[str] = []  # sites whose processes have ended by themselves

    def lose(site: str) -> None:
        lost.append(site)
        over.set()

    async with AsyncExitStack() as stack:
        lab = await _opened(args, config, folder, token, stack, lose)
        settle_in(loop, lab.logbook)
        tape.of(lab)
        tape.follow(lab.logbook)
        _announce(lab, printer, as_json=args.json, secrets=args.show_secrets)
        if args.record:
            Moments(sys.stdin.fileno(), loop, tape.mark).watch()
        if not args.quiet:
            _end_when_unread(loop, over)
        tell = _chosen(args, printer)
        follower = None if args.quiet else LivePrinter(lab.logbook, tell, partial(loop.call_soon_threadsafe, over.set))
        await over.wait()
    if follower is not None and not follower.close():
        return STUCK
    _tell_of_idle_rules(lab.rules.listed)
    return _tell_of_loss(lost)


async def _opened(
    args: argparse.Namespace,
    config: "Config",
    folder: "LabFolder",
    token: str,
    stack: "AsyncExitStack",
    lose: "Callable[[str], None]",
) -> "Premises":
    """The lab, in one process or in several, and the HTTP door beside it: open until the stack ends. `lose` hears which
    site has lost its process.
    """
    auto = args.ports == "auto"
    if args.processes:
        from maillab.lab.apart.split_lab import SplitLab

        return await stack.enter_async_context(
            SplitLab(config, folder.path, lock=folder.lock, on_loss=lose, auto_ports=auto)
        )
    from maillab.cli.http_door import http_door, http_port, tell_of_token
    from maillab.lab import Lab

    opens = http_port(args, config) >= 0
    lab = await stack.enter_async_context(Lab(config, folder.path, auto_ports=auto, more_doors=opens))
    door = http_door(args, lab, auto and args.http is None, host=args.listen or "", token=token)
    tell_of_token(await stack.enter_async_context(door))
    return lab


def _tell_of_loss(sites: "Iterable[str]") -> int:
    """The exit code: 1 where the process of a site has ended by itself."""
    from maillab.cli.options import fail

    code = 0
    for site in sites:
        code = fail(1, f"the process of {site} has ended by itself, and its doors with it; start again: maillab serve")
    return code


def _tell_of_idle_rules(rules: "Iterable[Listed]") -> None:
    """A rule that was never met disturbed nobody, and looks like a program that bears everything."""
    from maillab.cli.options import fail

    for listed in rules:
        if listed.on and not listed.met:
            fail(0, f"this rule met nothing: {listed.text}")


def _chosen(args: argparse.Namespace, printer: "Printer") -> "Callable[[Entry], None]":
    """Print the entries that match the filter; the printer hears the others too."""
    from maillab.cli.printed import shown
    from maillab.views.filter import Context, parse

    chosen, context = parse(args.filter), Context(says=shown(args))
    return lambda entry: printer.entry(entry, shown=chosen.matches(entry, context))


def _end_when_unread(loop: "AbstractEventLoop", over: "Event") -> None:
    """The lab ends while nothing is said, too: `serve --json | head -1` ends without waiting for mail."""
    from maillab.cli.streams import unread

    if unread():
        over.set()
    else:
        loop.call_later(LOOK, _end_when_unread, loop, over)


def _leave_at_once() -> None:
    """Everything is stored and closed; only a line that nobody takes (Ctrl-S) is left, and it is not waited for."""
    import os

    sys.stderr.flush()
    os._exit(0)


def _announce(lab: "Premises", printer: "Printer", *, as_json: bool, secrets: bool) -> None:
    """Say where everything is. Passwords go to a terminal, and where they are asked for: never into a log unasked."""
    from maillab.cli.streams import OutputError, put

    shown = secrets or sys.stdout.isatty()
    try:
        if as_json:
            printer.object(ready(lab, secrets=shown))
        else:
            put(table(lab, secrets=shown))
    except OutputError as error:
        if error.gone:
            raise  # nobody wants to know where this lab is


def ready(lab: "Premises", *, secrets: bool) -> dict[str, Any]:
    """The first object of `--json`: where everything is; passwords are null where nobody asked for them."""
    from maillab.endpoints import where_everything_is

    return {
        "event": "ready",
        "lab": str(lab.folder),
        **where_everything_is(lab.endpoints, lab.accounts, secrets=secrets),
    }


_LOGINS = {"off": "no", "optional": "possible", "required": "yes", "anybody": "any, or none"}  # as a person reads it


def table(lab: "Premises", *, secrets: bool = False) -> str:
    """The doors and the accounts, for a person."""
    from maillab.cli.language import say
    from maillab.mail.address import in_u_labels

    rows = [tuple(map(say, ("SITE", "SERVICE", "ADDRESS", "TLS", "LOGIN", "FOR")))]
    for door in lab.endpoints:
        login = say(_LOGINS[door.login])
        site = in_u_labels(door.site) or say("(all)")
        rows.append((site, door.service, door.where, say(door.tls), login, say(door.purpose)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    password = say("password: {}")
    hidden = "" if secrets else say("not shown; add --show-secrets")
    people = [f"  {in_u_labels(who.address)}  {password.format(hidden or who.password)}" for who in lab.accounts]
    notes = [say(f"lab folder: {lab.folder}"), say(f"certificate of the lab: {lab.authority.certificate}")]
    weak = [say(f"INSECURE ON PURPOSE: {weakness}") for weakness in lab.config.weaknesses]
    return "\n".join([*lines, "", say("accounts"), *people, "", *notes, *weak, "", say("Ctrl-C ends the lab."), ""])
