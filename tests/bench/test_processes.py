"""What is read of processes."""

import os
import subprocess
import sys
import time

from tests.bench.processes import Noise, ever_used, family, private


def test_a_process_and_its_children():
    """The time of children that have ended is told by their parent; a process that is gone has none left."""
    spin = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
    before = ever_used(os.getpid())

    child = subprocess.Popen([sys.executable, "-c", spin])
    assert child.pid in family(os.getpid())
    child.wait(20)

    assert ever_used(os.getpid()) >= before + 0.1
    assert (ever_used(child.pid), private(child.pid)) == (0.0, 0.0)
    assert private(os.getpid()) > 1.0


def test_what_is_known_is_no_noise():
    """Processes of ours that go on are not counted among the others."""
    known = iter([0.0, 1000.0])
    noise = Noise(lambda: next(known))
    time.sleep(0.01)
    assert str(noise) == "  others kept 0 % of the processors busy meanwhile"
