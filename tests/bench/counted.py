"""maillab, and beside it a thread that writes how many tasks its loop has into the file that COUNTED names.

Started as `python -m tests.bench.counted serve ...` by the soak, which looks at the process from outside.
"""

import asyncio
import os
import sys
import threading
import time
from pathlib import Path

from maillab.__main__ import main

LOOPS: list[asyncio.AbstractEventLoop] = []


def count(into: Path) -> None:
    """Every second, for as long as the process lives."""
    while True:
        time.sleep(1)
        into.write_text(str(sum(len(asyncio.all_tasks(loop)) for loop in LOOPS if not loop.is_closed())))


class Remembering(asyncio.DefaultEventLoopPolicy):
    """Remembers each loop that it makes."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop, as always."""
        LOOPS.append(super().new_event_loop())
        return LOOPS[-1]


if __name__ == "__main__":
    asyncio.set_event_loop_policy(Remembering())
    threading.Thread(target=count, args=[Path(os.environ["COUNTED"])], daemon=True).start()
    sys.exit(main())
