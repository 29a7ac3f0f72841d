"""Nothing that anybody says keeps the lab from the others: no callback of its loop computes for 100 ms, whatever comes.

In seconds of computing of the loop's thread, so that a busy machine does not lie. Each door gets its worst, a share of
it here, and all of it with `-m slow`; meanwhile somebody else talks.
"""

import contextlib
from collections.abc import Iterator

import pytest

from maillab.running import Running
from tests.faults.doors import Imap, messages_in, open_lab
from tests.faults.loop_watch import MOST, Longest, watched_loops
from tests.faults.worst import attacks, dns_wires, pour, query

SERVICES = ("smtp", "pop3", "imap", "http", "dns")
SHARE = 10
STORED = 32 + 31  # of that share: every message except the one that goes in circles (2,000 Received), and 31 in one go


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Longest]]:
    """A lab whose loop is watched. There is something to be read in it, whichever test is the first."""
    folder = tmp_path_factory.mktemp("watchdog") / "lab"
    with watched_loops() as longest, open_lab(folder) as running:
        for attack in attacks("smtp", SHARE):
            pour(_port(running, attack.service), attack.octets)
        assert len(messages_in(folder / "mail" / "recipient.test" / "bob")) == STORED
        yield running, longest


def _port(running: Running, service: str) -> int:
    return running.lab.endpoint("" if service in ("dns", "http") else "recipient.test", service).port


def _play(running: Running, longest: Longest, service: str, share: int) -> list[str]:
    """Do the worst; gives what held the loop up, or whom, and what was not heard."""
    wrong = []
    with contextlib.closing(Imap(running.lab)) as bystander:
        for attack in attacks(service, share):
            longest.seconds = 0.0
            heard = pour(_port(running, attack.service), attack.octets, hang_up=service != "http")
            if bool(heard) is not attack.answered:
                wrong.append(f"{attack}: {heard} octets were answered")
            if bystander.ask("NOOP") != "OK Done":
                wrong.append(f"{attack}: others")
            if longest.seconds >= MOST:
                wrong.append(f"{attack}: {longest.seconds:.3f} s in {longest.who}")
    return wrong


@pytest.mark.parametrize("service", SERVICES)
def test_the_worst_of_a_door(watched: tuple[Running, Longest], service: str) -> None:
    """A tenth of it: what grows with the square is long enough then."""
    assert _play(*watched, service, SHARE) == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_all_of_the_worst_of_a_door(watched: tuple[Running, Longest], service: str) -> None:
    """All of it."""
    assert _play(*watched, service, 1) == []


def test_datagrams(watched: tuple[Running, Longest]) -> None:
    """Questions over UDP that are hard to read, a thousand of them."""
    running, longest = watched
    longest.seconds = 0.0
    assert query(_port(running, "dns"), dns_wires() * 125) > 0
    assert longest.seconds < MOST, longest.who
