"""Whatever the disk says, at whichever call: the client hears that it may come again, and nothing is lost or left half.

Every call on files that a door makes fails once, then all of them from one on, with every error that it may have.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from maillab.events import Event, Stumbled, Warned
from maillab.lab.desk import Lab
from maillab.running import Running
from tests.faults.broken_disk import MAY_SAY, BrokenDisk, broken_disk
from tests.faults.doors import DOORS, Door, HttpSend, Imap, open_lab
from tests.faults.loop_watch import MOST, Longest, watched_loops

SWEPT_LATER = ("unlink", "rmdir")  # what could not be removed is removed at another start


@dataclass
class Hospital:
    """A lab with a disk that can be made ill, and somebody else who talks to it all the time."""

    disk: BrokenDisk
    running: Running
    longest: Longest
    bystander: Imap
    seen: int = 0  # of the logbook

    def prepare(self, kind: type[Door]) -> Door:
        """A client at this door; only what is sent over HTTP leaves the queue."""

        async def hold(lab: Lab) -> None:
            runner = lab.dispatcher("recipient.test")
            (runner.resume if kind is HttpSend else runner.pause)()

        self.running.ask(hold).result(20)
        return kind(self.running.lab)

    def strike(self, door: Door, kind: str, at: int, *, once: bool) -> tuple[list[str], list[str]]:
        """Do the door's thing while the disk fails; gives the calls that failed, and what was wrong about the answer."""
        door.prepare()
        before, litter = door.state(), {*door.litter()}
        self.news()
        with self.disk.failing(kind, at, once=once, place=door.place) as said:
            answer = door.act()
        events, wrong = self.news(), []
        if not answer.startswith((door.good, *door.bad)):
            wrong.append("answer")
        if (once or answer.startswith(door.good)) and not door.promised(before, door.state(), answer):
            wrong.append("promise")  # what cannot be taken back while the disk is ill may be a message too many
        if not answer.startswith(door.good) and not any(isinstance(event, Stumbled | Warned) for event in events):
            wrong.append("no entry")
        if once and said and not said[0].startswith(SWEPT_LATER) and (left := {*door.litter()} - litter):
            wrong.append(f"litter {left}")
        if self.bystander.ask("NOOP") != "OK Done":
            wrong.append("others")
        return said, [f"{kind} at {said[:1]}: {what}: {answer!r}" for what in wrong]

    def news(self) -> list[Event]:
        """What has been decided or said since somebody asked."""
        entries = self.running.lab.logbook.since(self.seen)
        self.seen = entries[-1].seq if entries else self.seen
        return [entry.event for entry in entries]


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """One lab for all doors."""
    folder = tmp_path_factory.mktemp("faults") / "lab"
    with broken_disk(folder) as disk, watched_loops() as longest, open_lab(folder) as running:
        bystander = Imap(running.lab)
        yield Hospital(disk, running, longest, bystander)
        bystander.close()


@pytest.mark.parametrize("kind", DOORS, ids=lambda kind: kind.__name__)
def test_every_call_fails_once(hospital: Hospital, kind: type[Door]) -> None:
    """451, 452, -ERR [SYS/TEMP], NO with a code, 503 or 507; an entry says why; nothing half is left; the next succeeds."""
    door, struck, wrong = hospital.prepare(kind), 0, []
    for error in MAY_SAY:
        for at in range(door.most):
            said, found = hospital.strike(door, error, at, once=True)
            wrong += found  # also of the last one, at which nothing fails
            if not said:
                break
            struck += 1
    door.prepare()
    assert door.act().startswith(door.good)
    door.close()
    assert wrong == []
    assert struck >= 4
    assert hospital.longest.seconds < MOST, hospital.longest.who


@pytest.mark.parametrize("kind", DOORS, ids=lambda kind: kind.__name__)
def test_every_call_fails_from_one_on(hospital: Hospital, kind: type[Door]) -> None:
    """The client hears the same; when the disk is well again, so is the lab, and no message is missing."""
    door, wrong = hospital.prepare(kind), []
    for error in MAY_SAY:
        for at in (0, 3):
            _, found = hospital.strike(door, error, at, once=False)
            wrong += found
            door.prepare()
            before = door.state()
            answer = door.act()
            if not (answer.startswith(door.good) and door.promised(before, door.state(), answer)):
                wrong.append(f"{error} from call {at} on: not well again: {answer!r}")
    door.close()
    assert wrong == []
    assert hospital.longest.seconds < MOST, hospital.longest.who
