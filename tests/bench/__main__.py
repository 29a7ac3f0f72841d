"""How fast, beside Postfix and Dovecot, in one run: `python -m tests.bench accept journey imap idle memory ready ...`.

    accept   1 KB messages a second that the recipient's MX has stored durably (its 250 after the message)
    journey  1 KB messages a second from submission at the sender until stored in the recipient's Maildir
    imap     a mailbox of 10,000 messages at the lab and at Dovecot: milliseconds of each command, of time and of a
             processor (which count where others work on the same machine), and the ratios
    idle     milliseconds from the end of a message at the MX until each of 200 that wait by IDLE has heard of it
    memory   peak memory of the lab while a message of 25 MB crosses it, above what it had before
    ready    seconds from launch to the ready line
    record   messages a second as in accept, with and without --record
    session  a session of a million entries: size, first screen, a seek to its middle, all of it in a pipe
    window   the window on a terminal, beside the smallest one of Textual: first paint, memory, many lines, keys, rest

Numbers are printed, never judged. Messages come from `smtp-source`, one connection each, ten at a time; maillab and
Postfix take turns, on the same disk (TMPDIR names it). The lab's logbook is on.
"""

import argparse
import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench import imap, processes, sessions, tui
from tests.bench.measure import Side, alternate, summary, table
from tests.bench.postfix import PostfixPair
from tests.bench.source import accepted_a_second, send, stored_a_second, wait_for_count
from tests.serving import Serving

WARM_UP = 100  # messages before the clock starts, on either side
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
    parser.add_argument("--mailbox", type=int, default=10_000, help="messages in the mailbox that IMAP reads (10000)")
    parser.add_argument("--watchers", type=int, default=200, help="how many wait by IDLE (200)")
    parser.add_argument("--seconds", type=float, default=10, help="seconds that a window is fed (10)")
    parser.add_argument("--idle", type=float, default=20, help="seconds that a window is left alone (20)")
    parser.add_argument("--transcript", action="store_true", help="let the lab print its transcript, too (as JSON)")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.rows) - ROWS.keys():
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    rows = chosen.rows or list(ROWS)
    with ExitStack() as stack:
        postfix = yardstick(stack) if {"accept", "journey"} & set(rows) else None
        for row in rows:
            print(ROWS[row](chosen, postfix), flush=True)
    return 0


def yardstick(stack: ExitStack) -> PostfixPair | None:
    """The two Postfix instances, or None, said aloud, where they cannot run."""
    try:
        return stack.enter_context(PostfixPair())
    except (PermissionError, FileNotFoundError) as error:
        tell(f"without the yardstick: {error}")
        return None


def lab_of(chosen: Chosen) -> Serving:
    """A lab that keeps its logbook as always, and prints it only when that is measured as well."""
    return Serving(*([] if chosen.transcript else ["--quiet"]), keep=False)


def accept(chosen: Chosen, postfix: PostfixPair | None) -> str:
    """Messages a second that the recipient's MX promised to keep."""

    def ours() -> float:
        with lab_of(chosen) as lab:
            send(lab.port("smtp"), WARM_UP)
            rate = accepted_a_second(lab.port("smtp"), chosen.messages)
            wait_for_count(lab.maildir("bob"), WARM_UP + chosen.messages, seconds=5)  # what it promised, it has
            return rate

    def theirs(pair: PostfixPair) -> float:
        pair.empty()
        send(pair.receive, WARM_UP)
        wait_for_count(pair.maildir, WARM_UP)
        rate = accepted_a_second(pair.receive, chosen.messages)
        wait_for_count(pair.maildir, WARM_UP + chosen.messages)
        return rate

    sides: dict[str, Side] = {"maillab": ours}
    if postfix:
        sides["postfix"] = lambda: theirs(postfix)
    return table("accept: messages/s stored durably at the recipient's MX", alternate(sides, chosen.rounds, tell))


def journey(chosen: Chosen, postfix: PostfixPair | None) -> str:
    """Messages a second through both machines into the Maildir."""

    def ours() -> float:
        with lab_of(chosen) as lab:
            port, folder = lab.port("smtp", "sender.test"), lab.maildir("bob")
            stored_a_second(port, WARM_UP, folder)
            return stored_a_second(port, chosen.messages, folder)

    def theirs(pair: PostfixPair) -> float:
        pair.empty()
        stored_a_second(pair.submit, WARM_UP, pair.maildir)
        return stored_a_second(pair.submit, chosen.messages, pair.maildir)

    sides: dict[str, Side] = {"maillab": ours}
    if postfix:
        sides["postfix"] = lambda: theirs(postfix)
    return table(
        "journey: messages/s from submission until stored at the recipient",
        alternate(sides, chosen.rounds, tell),
    )


def read_by_imap(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What IMAP costs."""
    return imap.beside_dovecot(chosen.rounds, chosen.mailbox, tell)


def idle(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """How soon those who wait are told."""
    return imap.watchers(chosen.rounds, chosen.watchers, tell)


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
    return sessions.record(chosen.rounds, chosen.messages, WARM_UP, tell)


def session(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What a long session costs."""
    return sessions.session(chosen.rounds, tell)


def window(chosen: Chosen, _postfix: PostfixPair | None) -> str:
    """What the window costs."""
    return tui.window(chosen.rounds, chosen.seconds, chosen.idle, tell)


ROWS: dict[str, Callable[[Chosen, PostfixPair | None], str]] = {
    "accept": accept,
    "journey": journey,
    "imap": read_by_imap,
    "idle": idle,
    "memory": memory,
    "ready": ready,
    "record": record,
    "session": session,
    "window": window,
}


def tell(line: str) -> None:
    """What happens meanwhile goes to stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
