"""The kind: what was promised, and a process that dies takes with it."""

import shutil
from pathlib import Path

import pytest

from tests.durability import calls
from tests.durability.day import Day, brief, prepare
from tests.durability.kills import places, play_until, rounds
from tests.support import need


@pytest.mark.judge
def test_killed_at_a_call(tmp_path: Path) -> None:
    """Its last call is one of those that make a message durable: the next start finds all that was promised, whole."""
    need("strace")
    for kill in ("fsync:40", "fdatasync:16", "link:5"):
        place = tmp_path / kill.partition(":")[0]
        killed = play_until(place / "root", place / "log", kill)
        assert killed.wrong == []
        assert killed.died, kill
        assert killed.asked > 0, kill


@pytest.mark.judge
@pytest.mark.slow
def test_killed_at_every_call(tmp_path: Path) -> None:
    """Whichever call that changes a file is its last, nothing is missing."""  # T004 T009 T010 T011 T012 T025
    need("strace")
    root = tmp_path / "whole" / "root"
    prepare(root)
    day = Day(root)
    with day.lab(under=calls.command(tmp_path / "log")) as lab:
        day.mark(lab)
        brief(day, lab)
        lab.kill()
    ways, wrong, alive = places(calls.read(tmp_path / "log")), {}, []
    assert len(ways) > 300
    for number, kill in enumerate(ways):
        place = tmp_path / f"{number}"
        killed = play_until(place / "root", place / "log", kill)
        if killed.wrong:
            wrong[kill] = killed.wrong
        if not killed.died:
            alive.append(kill)
        shutil.rmtree(place)
    print(f"{len(ways)} calls; of these did not kill: {alive}")
    assert wrong == {}
    assert len(alive) <= len(ways) // 50  # threads share their work otherwise than when the calls were counted


@pytest.mark.judge
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # poplib leaves a dead socket open
@pytest.mark.parametrize("options", [(), ("--processes",)], ids=["one process", "processes"])
@pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_at_any_moment(tmp_path: Path, count: int, options: tuple[str, ...]) -> None:
    """Of all that was acknowledged nothing is lost or torn, and only what was between two machines is there twice."""  # T013
    need("timeout")
    ledger = rounds(tmp_path / "root", count, 1047, *options)

    print(
        f"{count} rounds: {len(ledger.sent)} sent, {len(ledger.accepted)} accepted, {len(ledger.queued)} queued,"
        f" {len(ledger.read)} read; lost {len(ledger.lost)}, torn {len(ledger.torn)}, twice {len(ledger.twice)}"
    )
    assert ledger.lost == set()
    assert ledger.torn == []
    assert ledger.back == set()
    assert ledger.too_often == {}
    assert list((tmp_path / "root").rglob("*.bad*")) == []
    assert ledger.promised > 5 * count
