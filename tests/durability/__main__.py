"""Cuts the power at every moment of a day, in every way: `python -m tests.durability`. Takes some minutes."""

import sys
import tempfile
from pathlib import Path

from tests.durability.day import play
from tests.durability.power import cut

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        outcome = cut(play(Path(base) / "root", Path(base) / "log"), Path(base), lambda moment, end: True)
    print(outcome.table())
    print("\n".join(outcome.wrong))
    sys.exit(bool(outcome.wrong))
