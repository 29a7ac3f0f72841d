"""What was promised to whom, and when: what must be there after a crash, and what may not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

ANYWHERE = ("", "")
Place = tuple[str, str]  # whose, and which folder; `ANYWHERE` for any folder of anybody


@dataclass(frozen=True, slots=True)
class Promise:
    """From its word on, so many copies of a message are at a place. `asked`, `given`: when it was, and how far the
    lines of the log had come when the answer left. From `over` on no second copy may come of it.
    """

    operation: str
    place: Place
    message: str
    copies: int
    asked: int
    given: int
    over: int
    uid: tuple[int, int] = (0, 0)  # UIDVALIDITY and UID, where those were told
    flags: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """What a lab has after a crash, when all its work is done."""

    copies: Counter[tuple[Place, str]] = field(default_factory=Counter)
    uids: dict[tuple[Place, int, int], tuple[str, frozenset[str]]] = field(default_factory=dict)
    flags: dict[tuple[Place, str], frozenset[str]] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    authority: bytes = b""
    sessions: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """What is wrong with what was found after one crash; second copies of what was in flight are allowed."""

    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    twice: int = 0

    @property
    def wrong(self) -> list[str]:
        """All of it."""
        return self.lost + self.torn + self.other


def judge(promises: Sequence[Promise], found: Found, moment: int) -> Verdict:
    """What of this was not kept in a crash at this moment?"""
    verdict = Verdict(torn=list(found.torn), other=list(found.complaints))
    of_one: dict[tuple[Place, str], list[Promise]] = {}
    for promise in promises:
        of_one.setdefault((promise.place, promise.message), []).append(promise)
    for (place, message), ones in of_one.items():
        _judge_one(verdict, found, moment, place, message, ones)
    for promise in promises:
        if (
            promise.given <= moment
            and found.uids.get((promise.place, *promise.uid), (promise.message,))[0] != promise.message
        ):
            verdict.other.append(f"the UID {promise.uid} of {promise.message} has been given again")
    known = {promise.message for promise in promises if promise.asked <= moment}
    verdict.other += [
        f"{message} is in {place}, and nobody has sent it" for place, message in found.copies if message not in known
    ]
    return verdict


def _judge_one(
    verdict: Verdict, found: Found, moment: int, place: Place, message: str, promises: Sequence[Promise]
) -> None:
    given = [promise for promise in promises if promise.given <= moment]
    asked = [promise for promise in promises if promise.given > moment >= promise.asked]
    last = given[-1] if given else None
    allowed = [last.copies if last else 0, *(promise.copies for promise in asked)]
    count = sum(n for (where, what), n in found.copies.items() if what == message and place in (where, ANYWHERE))
    what = f"{message} at {'/'.join(place) or 'any place'}"
    if count < min(allowed):
        verdict.lost.append(f"{what}: {count} instead of {min(allowed)} (promised by {last.operation if last else ''})")
    elif place != ANYWHERE and count > max(allowed):
        in_flight = (
            count == max(allowed) + 1 and max(allowed) and any(one.asked <= moment < one.over for one in promises)
        )
        verdict.twice += bool(in_flight)
        if not in_flight:
            verdict.other.append(f"{what}: {count} instead of {max(allowed)}")
    if last is not None and last.copies and not asked:
        if last.uid != (0, 0) and found.uids.get((place, *last.uid), ("",))[0] != message:
            verdict.other.append(f"{what} has not the UID {last.uid} that was told by {last.operation}")
        if not last.flags <= found.flags.get((place, message), last.flags):
            verdict.lost.append(f"{what} has not the flags {set(last.flags)}")
