"""Textual's own writer, a thread that hands frames to the terminal: how far it is behind, and how to do without it.

Private to Textual (drivers/_writer_thread.py); tests/tui/terminal/test_writer.py notices when it moves.
"""

from queue import Empty
from typing import Any


def frames_waiting(driver: object) -> int:
    """Frames that the terminal has not taken yet; 0 where there is no such writer."""
    queue = getattr(_of(driver), "_queue", None)
    return queue.qsize() if queue is not None else 0


def never_wait(driver: object) -> None:
    """The terminal has hung up: write at once from now on, and go on where that fails.

    The thread dies of its first failure, and then its queue fills, and whoever has something to write waits for ever:
    also somebody who waits already is let go. No second writer is begun: with its end a terminal tells a program that
    was stopped to go on, too (SIGCONT), at which Textual begins anew.
    """
    writer = _of(driver)
    if writer is None:
        return
    begun_once: Any = driver
    begun_once.start_application_mode = lambda: None
    file, stop = writer._file, writer.stop

    def write(text: str) -> None:
        try:
            file.write(text)
            file.flush()
        except (OSError, ValueError):
            pass  # nobody is there to see it

    writer.write, writer.stop = write, lambda: stop() if writer.is_alive() else None
    while not writer.is_alive():  # its queue is emptied, which wakes whoever waits for room in it
        try:
            writer._queue.get_nowait()
        except Empty:
            return


def _of(driver: object) -> Any:
    return getattr(driver, "_writer_thread", None)
