"""Python's garbage collector while the window opens, while it runs, and after it."""

import gc

RARELY = (50_000, 50, 100)  # objects and generations, between two looks of the collector


def rest() -> None:
    """Nothing is collected until the first picture stands."""
    gc.disable()


def calm() -> None:
    """Freeze what was made at start, so that the collector skips it; from now on it looks rarely."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*RARELY)


def enough() -> None:
    """The process ends: nothing is collected any more, which would take longer than all else that is left to do."""
    gc.freeze()
    gc.disable()
