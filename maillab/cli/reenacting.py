"""A session done again: its client's side against a server, or its server's side for a client."""

import argparse
import asyncio
import getpass
import secrets
import ssl
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maillab.cli import printed
from maillab.cli.language import say
from maillab.cli.options import CANNOT_BIND, TIMED_OUT, USAGE, fail, tell
from maillab.cli.printer import Printer
from maillab.cli.secret import password
from maillab.cli.streams import OutputError, put
from maillab.cli.target import Target, TargetError, allowed
from maillab.cli.trust import named, trusting
from maillab.logbook import Logbook
from maillab.recording.compare import compare_talks
from maillab.recording.reenact import Means, Renewal, reenact
from maillab.recording.replay_answers import sequence
from maillab.recording.replay_server import ReplayPlan, ReplayServer
from maillab.recording.session import Session
from maillab.recording.talks import Talk, exchanges, talks
from maillab.system import ENDS, HERE
from maillab.views.safe import safe
from maillab.wire.tls import Authority, unverified

HOST = "127.0.0.1"
COURTESY = 1.0  # seconds between two things said to a server that is not at home: nobody is flooded from here (T305)
_FAILED = {"connect": CANNOT_BIND, "timeout": TIMED_OUT}


# ── the client's side ──


def run_against(args: argparse.Namespace, session: Session) -> int:
    """Say it again to `--against`; 0 the same, 1 it differs, 2 usage, 3 no connection, 4 no answer.

    Where the session itself was recorded is never looked at.
    """
    try:
        target = allowed(args.against, real_internet=args.real_internet)
        chosen = sequence(talks(session.entries), args.talk or "")
        context = _trust(args, target)
    except (TargetError, LookupError, OSError) as error:
        return fail(USAGE, str(error))
    same, worst = 0, 0
    ask = _asker(args)
    for talk in chosen:
        tell(say(f"{talk.name} is replayed against {target}"))
        outcome = asyncio.run(reenact(talk, _means(args, target, talk, context, ask), _now))
        for note in outcome.notes:
            sys.stderr.write(f"{safe(talk.name)}: {safe(note)}\n")
        if outcome.failed in _FAILED and not outcome.entries:
            return fail(_FAILED[outcome.failed], f"{safe(talk.name)} could not be replayed")
        again = talks(outcome.entries)
        rows = compare_talks(talk, again[0], text=args.text) if again else ()
        for row in rows:
            put(str(row))
        same += 0 if rows else len(exchanges(talk))
        worst = max(worst, _FAILED.get(outcome.failed, 1 if rows else 0))
    if not worst:
        put(say(f"no difference in {same} exchanges"))
    return worst


def _now() -> float:
    return datetime.now(UTC).timestamp()


def _means(
    args: argparse.Namespace, target: Target, talk: Talk, context: ssl.SSLContext, ask: Callable[[str], Any]
) -> Means:
    return Means(
        target.host,
        target.port,
        tls_first=talk.tls_first,
        context=context,
        ask=ask,
        fresh=None if args.verbatim else Renewal(_now, lambda n: secrets.token_hex(n)[:n]),
        speed=args.speed or 0.0,
        gap=0.0 if target.is_at_home else COURTESY,
        patience=args.timeout,
        careful=not target.is_at_home,
    )


def _trust(args: argparse.Namespace, target: Target) -> ssl.SSLContext:
    """On this computer anybody, unless a certificate is named; elsewhere whom the system trusts."""
    if target.is_loopback and not args.ca:
        return unverified()
    return trusting(named(args.ca), anybody=args.insecure)


def _asker(args: argparse.Namespace) -> Callable[[str], tuple[str, str] | None]:
    """Name and password: from the command line, else from the terminal, once for each name; else nobody's."""
    passwords: dict[str, tuple[str, str]] = {}

    def ask(user: str) -> tuple[str, str] | None:
        name = args.user or user
        if (given := password(args, name)) is not None:
            return (name, given) if name else None
        if name in passwords:
            return passwords[name]
        if not sys.stdin.isatty():
            return None
        try:
            who = name or input("user: ")
            passwords[name] = (who, getpass.getpass(f"password of {safe(who)}: "))
        except EOFError:
            return None
        return passwords[name]

    return ask


# ── the server's side ──


def run_as_server(args: argparse.Namespace, session: Session) -> int:
    """Answer on `--as-server` until Ctrl-C or SIGTERM; 1 when a client said what the record does not know."""
    try:
        chosen = sequence(talks(session.entries), args.talk or "")
    except LookupError as error:
        return fail(USAGE, str(error))
    with tempfile.TemporaryDirectory(prefix="maillab-") as folder:
        return asyncio.run(_serve(args, chosen, Path(folder)))


async def _serve(args: argparse.Namespace, chosen: Sequence[Talk], folder: Path) -> int:
    over = asyncio.Event()
    HERE.on_signals(asyncio.get_running_loop(), ENDS, lambda _: over.set())
    authority = Authority(folder / "ca")
    names = [talk.server for talk in chosen if _is_name(talk.server)]
    logbook = Logbook(_now)
    stand_in = ReplayServer(ReplayPlan(chosen, args.extra, authority.server(names[:1]), folder), logbook)
    try:
        port = await stand_in.start(HOST, args.as_server)
    except OSError as error:
        return fail(CANNOT_BIND, f"cannot listen on {HOST}:{args.as_server}: {error.strerror or error}")
    printer = printed.printer(args, brief=False)
    tell(say(f"listening on {HOST}:{port} as {chosen[0].server}; Ctrl-C ends it"))
    tell(say(f"certificate to trust: {authority.certificate}"))
    sys.stderr.flush()
    logbook.subscribe(_until_nobody_reads(printer, over))
    try:
        await over.wait()
    finally:
        await stand_in.close()
    if stand_in.unknown:
        tell(say(f"{stand_in.unknown} times a client sent something that is not in the recording"))
    return 1 if stand_in.unknown and args.extra != "live" else 0


def _until_nobody_reads(printer: Printer, over: asyncio.Event) -> Callable[[Any], None]:
    def reader(entry: Any) -> None:
        if over.is_set():
            return
        try:
            printer.entry(entry)
        except OutputError as error:
            if error.gone:  # `| head` has seen enough
                over.set()

    return reader


def _is_name(server: str) -> bool:
    """Can a certificate be made out to it? The name is from a file: it may be anything."""
    return len(server) < 254 and all(
        0 < len(label) < 64 and label.replace("-", "").isalnum() and label.isascii() for label in server.split(".")
    )
