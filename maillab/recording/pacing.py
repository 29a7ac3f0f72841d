"""When each entry of a recorded session is shown: pure arithmetic on the moments that stand in it."""

from collections.abc import Iterable, Iterator

from maillab.events import Entry
from maillab.recording.session import Comment, Mark, Told

Item = Entry | Mark | Told


def paced(
    items: Iterable[Entry | Mark | Told | Comment],
    *,
    speed: float = 1.0,
    idle_limit: float | None = None,
    start: float = 0.0,
    stop: float | None = None,
) -> Iterator[tuple[float, Item]]:
    """Entries and notes with the seconds to wait before each; comments are left out.

    `speed` 2 is twice as fast, 0 at once. `idle_limit`: no pause is longer than so many recorded seconds. `start` and
    `stop` are seconds after the first item; what happened before `start` is left out and not waited for.

    >>> from maillab.events import Closed
    >>> entries = [Entry(n, 10.0 * n, Closed(f"submit-{n}", "quit")) for n in (1, 2, 3)]
    >>> [(pause, entry.seq) for pause, entry in paced(entries, speed=2, idle_limit=4)]
    [(0.0, 1), (2.0, 2), (2.0, 3)]
    """
    begin: float | None = None
    last: float | None = None
    for item in items:
        if isinstance(item, Comment):
            continue
        begin = item.at if begin is None else begin
        seconds = item.at - begin
        if last is None and seconds < start:
            continue
        if stop is not None and seconds > stop:
            return
        pause = 0.0 if last is None else max(0.0, item.at - last)
        if idle_limit is not None:
            pause = min(pause, idle_limit)
        last = item.at if last is None else max(last, item.at)
        yield (pause / speed if speed else 0.0), item
