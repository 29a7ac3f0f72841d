"""The kind: what was promised, and a power cut takes back."""

from pathlib import Path

import pytest

from tests.durability.day import play
from tests.durability.disk import ENDS
from tests.durability.power import Moment, cut
from tests.support import need

EVERY = 80  # changes of the disk, in the sample


@pytest.mark.judge
@pytest.mark.parametrize("every", [EVERY, pytest.param(1, marks=pytest.mark.slow)])
def test_the_power_goes(tmp_path: Path, every: int) -> None:
    """Whenever it goes and whatever of the unsynced survives, all that was promised is there, whole, and at most twice."""  # T001 T002 T003 T010
    need("strace")
    record = play(tmp_path / "root", tmp_path / "log")

    begun: set[str] = set()

    def wanted(moment: Moment, end: str) -> bool:
        if every == 1:
            return True
        if moment.is_answered:
            return end == "nothing"
        if moment.operation not in begun and end == "names":
            begun.add(moment.operation)
            return True
        return moment.number % every == 0 and end == [*ENDS][moment.number // every % len(ENDS)]

    outcome = cut(record, tmp_path, wanted)
    modelled, real = outcome.end, record.after

    assert {path for path in modelled.keys() | real.keys() if modelled.get(path, 0) != real.get(path, 0)} == set()
    assert outcome.wrong == [], outcome.table()
    assert {operation for operation, _ in outcome.rows} >= {name for name, *_ in record.spans}
    print(outcome.table())
