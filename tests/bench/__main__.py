"""How fast, beside Postfix and Dovecot, in one run: `python -m tests.bench accept journey imap idle memory ready ...`.

Beside Postfix, messages a second and what each costs of a processor:

    accept   1 KB, that the recipient's MX has stored durably (its 250 after the message), on ten connections that stay
    accept-new   the same, on a new connection for each
    journey  1 KB, from submission at the sender until stored in the recipient's Maildir
    journey-recorded   the same, the lab with --record
    big      the same of 100 KB
    huge     the same of 5 MB
    one      milliseconds of one message alone, from submission until stored
    many-rcpt   milliseconds of one message to a hundred, until all have it
    growth   messages a second of a journey with 1,000 to 50,000 messages in the mailbox, and with 20,000 deferred jobs
    catcher  messages a second accepted, beside MailDev and beside aiosmtpd that stores nothing

Beside others:

    pop3     a mailbox of 10,000 messages at the lab and at Dovecot: LIST, UIDL, RETR of all
    dns      answers a second, beside NSD
    rest     memory and processor of a lab that has nothing to do, beside two Postfix and a Dovecot
    start    milliseconds until it is ready, beside the same
    imap     a mailbox of 10,000 messages at the lab and at Dovecot: milliseconds of each command, of time and of a
             processor (which count where others work on the same machine), and the ratios
    idle     milliseconds from the end of a message at the MX until each of 200 that wait by IDLE has heard of it
    http     lists and searches among 10,000 messages at the HTTP door and at maildev; then 200 messages a second for
             30 seconds, while 50 readers follow the logbook by server-sent events
    memory   peak memory of the lab while a message of 25 MB crosses it, above what it had before
    ready    seconds from launch to the ready line
    record   messages a second as in accept, with and without --record
    session  a session of a million entries: size, first screen, a seek to its middle, all of it in a pipe
    window   the window on a terminal, beside the smallest one of Textual: first paint, keys, 100,000 lines, filters,
             2,000 lines a second; a round takes about a minute
    window-more   beside other windows (MAILLAB_PEERS); at rest, a million lines, 20,000 a second, a slow terminal

Numbers are printed, never judged. Messages come from `smtp-source`, ten at a time; the lab and the yardsticks take
turns, on the same disk (TMPDIR names it). The lab's logbook is on. tests/bench/README.md says how to read them.
"""

import argparse
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench import at_rest, catchers, dns, growth, http, imap, mail, pop3, processes, sessions, tui
from tests.bench.machines import without_tls
from tests.bench.measure import summary
from tests.bench.postfix import PostfixPair
from tests.bench.source import wait_for_count
from tests.serving import Serving

BIG = 25_000_000  # octets

Chosen = argparse.Namespace


def main(arguments: list[str]) -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="one or several of these (all of them)")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (5)")
    parser.add_argument("--messages", type=int, default=2000, help="messages a round (2000)")
    parser.add_argument(
        "--mailbox", type=int, default=10_000, help="messages in the mailbox that is read by IMAP or HTTP (10000)"
    )
    parser.add_argument("--watchers", type=int, default=200, help="how many wait by IDLE (200)")
    parser.add_argument("--rate", type=int, default=200, help="messages a second of a flood (200)")
    parser.add_argument("--flood", type=float, default=30, help="seconds of it (30)")
    parser.add_argument("--readers", type=int, default=50, help="how many read server-sent events (50)")
    parser.add_argument("--seconds", type=float, default=5, help="seconds that a window is fed (5)")
    parser.add_argument("--idle", type=float, default=20, help="seconds that a window is left alone (20)")
    parser.add_argument(
        "--before", default="", metavar="FOLDER", help="sources of an earlier maillab, whose window takes its turns"
    )
    parser.add_argument("--transcript", action="store_true", help="let the lab print its transcript, too (as JSON)")
    parser.add_argument("--processes", action="store_true", help="give each site of the lab a process of its own")
    parser.add_argument(
        "--tls",
        choices=["both", "neither", "lab"],
        default="both",
        help="who speaks TLS between its two machines, the lab and Postfix (both)",
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.rows) - ROWS.keys():
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    rows = chosen.rows or list(ROWS)
    with ExitStack() as stack:
        postfix = yardstick(stack, chosen.tls) if BESIDE_POSTFIX & set(rows) else None
        chosen.options = options(chosen, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        for row in rows:
            print(ROWS[row](chosen, postfix), flush=True)
    return 0


def options(chosen: Chosen, folder: Path) -> tuple[str, ...]:
    """Those of the labs that stand beside Postfix: each keeps its logbook, and prints it only where that is measured."""
    quiet = () if chosen.transcript else ("--quiet",)
    apart = ("--processes",) if chosen.processes else ()
    return (*quiet, *apart, *(without_tls(folder) if chosen.tls == "neither" else ()))


def yardstick(stack: ExitStack, tls: str) -> PostfixPair | None:
    """The two Postfix instances, or None, said aloud, where they cannot run."""
    try:
        return stack.enter_context(PostfixPair(tls=tls == "both"))
    except (PermissionError, FileNotFoundError) as error:
        tell(f"without the yardstick: {error}")
        return None


def lab_of(chosen: Chosen) -> Serving:
    """A lab that keeps its logbook as always, and prints it only when that is measured as well."""
    return Serving(*([] if chosen.transcript else ["--quiet"]), keep=False, afresh=True)


def handed_over(name: str, chosen: Chosen, postfix: PostfixPair | None) -> str:
    """Messages a second, and what each costs."""
    return mail.beside_postfix(name, chosen.rounds, chosen.messages, postfix, tell, chosen.options)


def read_by_imap(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What IMAP costs."""
    return imap.beside_dovecot(chosen.rounds, chosen.mailbox, tell)


def idle(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """How soon those who wait are told."""
    return imap.watchers(chosen.rounds, chosen.watchers, tell)


def read_by_http(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What the HTTP door costs."""
    return http.door(chosen.mailbox, chosen.rate, chosen.readers, chosen.flood, tell)


def memory(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """Peak memory of the serving process while 25 MB cross, in MiB."""
    befores, growths = [], []
    for number in range(chosen.rounds):
        with lab_of(chosen) as lab:
            port, folder = lab.port("smtp", "sender.test"), lab.maildir("bob")
            _message(port, 1000)
            wait_for_count(folder, 1)
            Path(f"/proc/{lab.pid}/clear_refs").write_text("5")  # the peak is counted from here: proc(5)
            before = processes.resident(lab.pid, "VmRSS")
            _message(port, BIG)
            wait_for_count(folder, 2)
            befores.append(before)
            growths.append(processes.resident(lab.pid, "VmHWM") - before)
            tell(f"  round {number + 1}: {before:.1f} MiB, then +{growths[-1]:.1f}")
    return "\n".join(
        [
            "memory: MiB of the lab while a message of 25 MB crosses",
            "  " + summary("before", befores, 1),
            "  " + summary("growth", growths, 1),
        ]
    )


def _message(port: int, octets: int) -> None:
    line = b"QUJD" * 18 + b"\r\n"
    content = b"Subject: big\r\n\r\n" + line * (octets // len(line))
    with smtplib.SMTP("127.0.0.1", port, timeout=120) as wire:
        wire.sendmail("alice@sender.test", ["bob@recipient.test"], content)


def ready(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """Seconds from launch to the ready line."""
    times = []
    for _ in range(chosen.rounds):
        began = time.perf_counter()
        with lab_of(chosen):
            times.append(time.perf_counter() - began)
    return f"ready: seconds from launch\n  {summary('serve', times, 2)}\n  (bare python: {bare(chosen.rounds):.2f})"


def bare(rounds: int) -> float:
    """Seconds that Python needs to do nothing."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def record(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What a record costs."""
    return sessions.record(chosen.rounds, chosen.messages, mail.WARM_UP, tell)


def session(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What a long session costs."""
    return sessions.session(chosen.rounds, tell)


def window(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What the window costs."""
    return tui.window(chosen.rounds, chosen.seconds, chosen.before, tell)


def window_more(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What it costs where more is asked of it."""
    return tui.window_more(chosen.rounds, chosen.seconds, chosen.idle, tell)


ROWS: dict[str, Callable[[Chosen, PostfixPair | None], str]] = {
    **{name: partial(handed_over, name) for name in mail.WORKS},
    "one": lambda chosen, postfix: mail.one(chosen.rounds, postfix, tell, chosen.options),
    "many-rcpt": lambda chosen, postfix: mail.many_recipients(chosen.rounds, postfix, tell, chosen.options),
    "growth": lambda chosen, _: growth.growth(chosen.rounds, chosen.messages, tell),
    "catcher": lambda chosen, _: catchers.catcher(chosen.rounds, chosen.messages, tell),
    "pop3": lambda chosen, _: pop3.beside_dovecot(chosen.rounds, chosen.mailbox, tell),
    "dns": lambda chosen, _: dns.dns(chosen.rounds, chosen.seconds, tell),
    "rest": lambda chosen, _: at_rest.at_rest(chosen.rounds, chosen.idle, tell),
    "start": lambda chosen, _: at_rest.start(chosen.rounds, tell),
    "imap": read_by_imap,
    "idle": idle,
    "http": read_by_http,
    "memory": memory,
    "ready": ready,
    "record": record,
    "session": session,
    "window": window,
    "window-more": window_more,
}
BESIDE_POSTFIX = {*mail.WORKS, "one", "many-rcpt"}


def tell(line: str) -> None:
    """What happens meanwhile goes to stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
