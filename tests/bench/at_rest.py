"""What a lab costs while nothing happens, and how soon it is there: beside Postfix and Dovecot together."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from tests.bench.dovecot import DovecotServer
from tests.bench.measure import Side, Tell, alternate, summary, table
from tests.bench.postfix import PostfixPair
from tests.bench.processes import Noise, family, private, used
from tests.serving import Serving

SETTLES = 3.0  # seconds after which nothing is left of the start


def at_rest(rounds: int, seconds: float, tell: Tell) -> str:
    """MiB, and the share of a processor, of everything that runs."""
    memory: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}

    def rest(name: str, start: Callable[[ExitStack], Callable[[], Sequence[int]]]) -> float:
        with ExitStack() as stack:
            processes = start(stack)
            time.sleep(SETTLES)
            before = sum(map(used, processes()))
            time.sleep(seconds)
            busy.setdefault(name, []).append(100 * (sum(map(used, processes())) - before) / seconds)
            memory.setdefault(name, []).append(sum(map(private, processes())))
            return memory[name][-1]

    sides: dict[str, Side] = {"maillab": lambda: rest("maillab", _lab)}
    if _can_run(tell):
        sides["others"] = lambda: rest("others", _postfix_and_dovecot)
    alternate(sides, rounds, tell)
    title = "rest: MiB of a lab and of two Postfix with a Dovecot, a shared page counted in parts"
    shares = [summary(name, values, 3) for name, values in busy.items()]  # without ratios: they may be 0
    return "\n  ".join([table(title, memory, 1), "per cent of one processor", *shares])


def start(rounds: int, tell: Tell) -> str:
    """Seconds from launch until the first client would be answered."""

    def taken(begin: Callable[[ExitStack], object]) -> float:
        with ExitStack() as stack:
            began = time.perf_counter()
            begin(stack)
            return 1000 * (time.perf_counter() - began)

    sides: dict[str, Side] = {"maillab": lambda: taken(_lab)}
    if _can_run(tell):
        sides["others"] = lambda: taken(_postfix_and_dovecot)
    noise = Noise()
    title = "start: milliseconds until a lab is ready, and until two Postfix and a Dovecot are"
    return "\n".join([table(title, alternate(sides, rounds, tell)), str(noise)])


def _lab(stack: ExitStack) -> Callable[[], Sequence[int]]:
    lab = stack.enter_context(Serving("--quiet", keep=False, afresh=True))
    return lambda: [lab.pid]


def _postfix_and_dovecot(stack: ExitStack) -> Callable[[], Sequence[int]]:
    postfix = stack.enter_context(PostfixPair())
    dovecot = stack.enter_context(DovecotServer())
    return lambda: [*postfix.processes, *family(dovecot.pid)]


def _can_run(tell: Tell) -> bool:
    try:
        with ExitStack() as stack:
            _postfix_and_dovecot(stack)
    except (PermissionError, FileNotFoundError) as error:
        tell(f"without the yardstick: {error}")
        return False
    return True
