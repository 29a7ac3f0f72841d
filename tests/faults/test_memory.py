"""What strangers cost in memory: connects that break off in the handshake, a thousand who say nothing, lines without end.

Of a real `maillab serve`: before, at its highest, and after they have gone. Prints a row each (`-s` shows them).
"""

import contextlib
import gc
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.bench.processes import resident
from tests.serving import Serving
from tests.support import wait_until

pytestmark = pytest.mark.slow

TLS = ("submissions", "pop3s", "imaps")
DOORS = ("smtp", "submission", "pop3", "imap", "dns", "http")
ABORTED = 6_000  # at each door of TLS
IDLE = 1_000
ENDLESS = 40 << 20  # octets of a line
AT_ONCE = 8  # at each door
MOST = 64.0  # MiB more than before


def port_of(lab: Serving, service: str) -> int:
    """Where a service listens."""
    return lab.port(service, "" if service == "http" else "recipient.test")


def knock(port: int, number: int) -> socket.socket:
    """A client of its own: fifty of them share an address."""
    return socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(f"127.0.0.{2 + number // 50}", 0))


def aborted(lab: Serving) -> float:
    """Begin a handshake, and go away; gives the part of them that came."""

    def come(port: int) -> None:
        for number in range(ABORTED):
            with contextlib.suppress(OSError), knock(port, number % 5_000) as client:
                client.sendall(b"\x16\x03\x01\x02\x00\x01\x00"[: 1 + number % 7])
                came.append(port)

    came: list[int] = []
    _at_once([lambda service=service: come(port_of(lab, service)) for service in TLS])
    return len(came) / (ABORTED * len(TLS))


def idle(lab: Serving) -> float:
    """Be greeted, and say nothing; all of them are."""
    with contextlib.ExitStack() as stack:
        for number in range(IDLE):
            client = stack.enter_context(knock(port_of(lab, DOORS[number % 4]), number // 4))
            assert client.recv(1)
        _see(lab)
    return 1.0


def endless(lab: Serving) -> float:
    """Say a line that never ends, at every door; gives the part of them that came."""

    def talk(port: int, number: int) -> None:
        with contextlib.suppress(OSError), knock(port, number) as client:
            client.sendall(b"x" * 65_536)
            came.append(port)
            for _ in range(ENDLESS >> 16):
                client.sendall(b"x" * 65_536)

    came: list[int] = []
    _at_once(
        [
            lambda service=service, n=n: talk(port_of(lab, service), n)
            for service in (*DOORS, *TLS)
            for n in range(AT_ONCE)
        ]
    )
    return len(came) / (AT_ONCE * len((*DOORS, *TLS)))


def _at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _see(lab: Serving) -> None:
    """The lab answers somebody else."""
    with socket.create_connection(("127.0.0.1", lab.port("smtp")), timeout=20) as client:
        assert client.recv(3) == b"220"


@pytest.fixture
def lab() -> Iterator[Serving]:
    """A lab that has served somebody already."""
    gc.collect()
    with Serving("--http", "0", keep=False, afresh=True) as lab:
        for service in DOORS[:4]:
            with knock(port_of(lab, service), 0) as client:
                client.recv(1)
        yield lab


# what is kept afterwards, in MiB: measured 24, 13 and 30; what the logbook holds of them is among it
@pytest.mark.parametrize(("come", "kept"), [(aborted, 30.0), (idle, 20.0), (endless, 40.0)])
def test_strangers(lab: Serving, come: Callable[[Serving], float], kept: float) -> None:
    """They cost little while they are there, and next to nothing when they have gone."""
    before = resident(lab.pid, "VmRSS")
    came = come(lab)
    highest = resident(lab.pid, "VmHWM")
    _see(lab)
    wait_until(lambda: resident(lab.pid, "VmRSS") - before < kept)
    after = resident(lab.pid, "VmRSS")
    print(f"\n{come.__name__:8}  {came:.0%}  before {before:.0f}  highest {highest:.0f}  after {after:.0f} MiB")
    assert highest - before < MOST
    assert came > 0.9
