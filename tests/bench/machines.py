"""The two machines of a lab as a measurement meets them, by the same names as the two Postfix instances."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.bench import processes
from tests.serving import Serving


class Machines(Protocol):
    """One that takes messages and sends them on, one that receives and stores them."""

    @property
    def submit(self) -> int:
        """The port of the one that sends."""
        ...

    @property
    def receive(self) -> int:
        """The port of the one that receives."""
        ...

    @property
    def maildir(self) -> Path:
        """Where bob's new messages lie."""
        ...

    @property
    def used(self) -> float:
        """Seconds that both were on a processor."""
        ...


class LabMachines:
    """Those of a lab."""

    def __init__(self, lab: Serving) -> None:
        self.submit, self.receive = lab.port("smtp", "sender.test"), lab.port("smtp")
        self.maildir = lab.maildir("bob")
        self._pid = lab.pid

    @property
    def used(self) -> float:
        """Seconds that the lab was on a processor, with the processes of its sites."""
        return sum(map(processes.ever_used, processes.family(self._pid)))


PLAIN = """\
[[sites]]
domain = "sender.test"
trust_loopback = true
tls = false
people = [{ name = "alice", password = "alice" }]

[[sites]]
domain = "recipient.test"
tls = false
people = [{ name = "bob", password = "bob" }]
"""


def without_tls(folder: Path) -> tuple[str, str]:
    """The options of a lab whose machines speak no TLS with one another."""
    config = folder / "lab.toml"
    config.write_text(PLAIN)
    return "--config", str(config)


@contextmanager
def a_lab(*arguments: str, folder: Path | None = None) -> Iterator[LabMachines]:
    """A new lab; its logbook is on, as always."""
    with Serving(*arguments, keep=False, folder=folder, afresh=True) as lab:
        yield LabMachines(lab)
