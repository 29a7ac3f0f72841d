"""Cuts the power at moments of a day, and looks what the lab has then."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.durability.after import look
from tests.durability.day import OLD_SESSION, SESSION, Record, configuration
from tests.durability.disk import ENDS, Disk, Tree, write_tree
from tests.durability.promises import Found, Verdict, judge

UNCLAIMED = "it goes after 36 hours"  # the content of a message that was being taken in, or was done
LONELY_KEY = "ca.pem is missing"  # between the two files of an authority that nobody can have trusted yet


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the log has come to, and how many changes of the disk: right after one, or right after an answer."""

    line: int
    number: int
    operation: str
    is_answered: bool


@dataclass(slots=True)
class Row:
    """What came of power cuts during one operation that ended in one way."""

    points: int = 0
    lost: int = 0
    torn: int = 0
    other: int = 0
    twice: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of all of them; `states` are the different states of the disk in which the lab was started."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    states: int = 0
    end: Tree = field(default_factory=dict)  # what the model holds when the day is over
    wrong: list[str] = field(default_factory=list)

    def table(self) -> str:
        """For a person."""
        lines = [f"{'operation':27} {'what survives':13} points  lost  torn other twice"]
        lines += [
            f"{operation:27} {end:13} {row.points:6} {row.lost:5} {row.torn:5} {row.other:5} {row.twice:5}"
            for (operation, end), row in self.rows.items()
        ]
        every = [sum(getattr(row, name) for row in self.rows.values()) for name in Row.__slots__]
        lines.append(f"{'all':41} {every[0]:6} {every[1]:5} {every[2]:5} {every[3]:5} {every[4]:5}")
        return "\n".join([*lines, f"different states of the disk: {self.states}"])


def moments(record: Record, disk: Disk) -> Iterator[Moment]:
    """Do to the disk what was done; gives every moment after which it is another, and those of answers."""
    restarts, number = list(record.restarts), 0
    answers = iter(sorted({*(promise.given for promise in record.promises), record.ready, record.saved}))
    answer = next(answers)
    for call in record.calls:
        if restarts and call.began >= restarts[0]:
            disk.restart()
            restarts.pop(0)
        if answer < call.ended:  # nothing was changed between the answer and this call
            yield Moment(call.ended - 1, number, record.operation(answer), True)
            answer = next((other for other in answers if other >= call.ended), sys.maxsize)
        if disk.apply(call):
            number += 1
            yield Moment(call.ended, number, record.operation(call.ended), False)


def cut(
    record: Record, folder: Path, wanted: Callable[[Moment, str], bool], ends: tuple[str, ...] = tuple(ENDS)
) -> Outcome:
    """Cut the power at every moment and with every end that is wanted."""
    outcome, seen, disk = Outcome(), dict[object, Found | Exception](), Disk(record.root, record.before)
    for moment in moments(record, disk):
        for end in ends:
            if not wanted(moment, end):
                continue
            state = disk.state(end)
            if state not in seen:
                seen[state] = _look(record, disk, end, folder / f"state-{len(seen)}")
            row = outcome.rows.setdefault((moment.operation, end), Row())
            verdict = verdict_of(record, seen[state], moment.line)
            row.points += 1
            row.lost += len(verdict.lost)
            row.torn += len(verdict.torn)
            row.other += len(verdict.other)
            row.twice += verdict.twice
            outcome.wrong += [f"{moment.operation}, line {moment.line}, {end}: {wrong}" for wrong in verdict.wrong]
    outcome.states, outcome.end = len(seen), disk.tree("everything")
    return outcome


def _look(record: Record, disk: Disk, end: str, folder: Path) -> Found | Exception:
    write_tree(folder, disk.tree(end))
    try:
        with mock.patch("os.fsync"):  # while we look nobody cuts the power
            return asyncio.run(look(folder, configuration(), record.originals))
    except Exception as error:  # whatever it is, the lab did not start
        return error
    finally:
        shutil.rmtree(folder)


def verdict_of(record: Record, found: Found | Exception, moment: int) -> Verdict:
    """What is wrong with it."""
    if isinstance(found, Exception):
        return Verdict(lost=[f"the lab does not start: {type(found).__name__}: {found}"])
    verdict = judge(record.promises, found, moment)
    verdict.other = [text for text in verdict.other if UNCLAIMED not in text]
    if moment < record.ready:
        verdict.other = [text for text in verdict.other if LONELY_KEY not in text]
    elif found.authority != record.after["lab/ca/ca.pem"]:
        verdict.lost.append("the certificate authority that programs trust")
    allowed = {record.after[f"sessions/{SESSION}"], *((OLD_SESSION,) if moment < record.saved else ())}
    if found.sessions.get(SESSION) not in allowed:
        verdict.torn.append(f"a session of {len(found.sessions.get(SESSION, b''))} octets")
    return verdict
