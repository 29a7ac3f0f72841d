"""What the window costs, on a real pty: beside the smallest window of Textual, and beside others that are found.

MAILLAB_PEERS names folders (as PATH does) in which toolong, posting, harlequin and mitmproxy are looked for.
"""

import os
import time
from collections.abc import Callable

from tests.bench.live_lines import faster, grown, slow, steady
from tests.bench.many_lines import MANY, MORE, filtering, given_at_once, sessions
from tests.bench.measure import Tell
from tests.bench.moving import LITTLE, WINDOW, at_rest, compiled, earlier, opened, peers
from tests.bench.processes import Noise
from tests.bench.watched import SIZE

Parts = dict[str, Callable[[], list[str]]]


def window(rounds: int, seconds: float, before: str, tell: Tell) -> str:
    """What has a goal. `before`: a folder with an earlier maillab, which takes its turns; "" for none."""
    sides = [WINDOW, LITTLE, *([earlier(before)] if before else [])]
    return table(
        "window",
        {
            "opening and moving about": lambda: opened(sides, rounds, tell),
            "100,000 lines at once": lambda: given_at_once(MANY, rounds),
            "filters": lambda: filtering(tell),
            "2,000 lines a second": lambda: steady(seconds),
            "memory of lines": grown,
        },
        tell,
    )


def window_more(rounds: int, seconds: float, idle: float, tell: Tell) -> str:
    """Windows of others, rest, more lines, and a slow terminal."""
    others = peers(os.environ.get("MAILLAB_PEERS", ""), tell)
    sides = [WINDOW, LITTLE, *others]
    beside: Parts = {"moving about beside others": lambda: opened(sides, rounds, tell)} if others else {}
    return table(
        "window-more",
        {
            **beside,
            "rest": lambda: at_rest(sides, idle, tell),
            "a million lines at once": lambda: given_at_once(MORE, rounds),
            "sessions": sessions,
            "lines a second": lambda: faster(seconds, tell),
            "slow terminal": lambda: slow(seconds, tell),
        },
        tell,
    )


def table(title: str, parts: Parts, tell: Tell) -> str:
    """One part after the other; one that cannot be measured is said, and the others are."""
    report = [f"{title}: on a pty of {SIZE[0]}x{SIZE[1]}; median (range)"]
    noise = Noise()
    with compiled():
        for what, part in parts.items():
            tell(f"{what} ...")
            began = time.perf_counter()
            try:
                rows = part()
            except (TimeoutError, AssertionError) as error:
                rows = [f"  {what}: not measured: {error}"]
            tell("\n".join([*rows, f"  ({time.perf_counter() - began:.0f} s)"]))
            report += rows
    return "\n".join([*report, str(noise)])
