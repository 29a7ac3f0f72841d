"""A process out of a nest ends as one that was started does, and is its own."""

import os
import signal
import subprocess

import pytest

from tests.nest import hatch
from tests.serving import environment
from tests.tui.terminals import Terminal


@pytest.mark.parametrize("afresh", [False, True], ids=["nest", "afresh"])
def test_codes_and_words(tmp_path, afresh):
    """What it says at its start and at its end, and its exit code."""
    for arguments, code, words in ((["--version"], 0, "maillab 0."), (["dance"], 2, "there is no command dance")):
        with Terminal(*arguments, folder=tmp_path, afresh=afresh) as terminal:
            assert terminal.wait() == code
            assert words in terminal.text


def test_the_end(tmp_path):
    """It is waited for, no longer than one wants, and can be killed, like any other."""
    master, slave = os.openpty()
    variables = environment() | {"TERM": "xterm", "HOME": str(tmp_path)}
    one = hatch(["serve", "--ephemeral", "--ports", "auto"], [slave], tmp_path, variables)
    other = hatch(["serve", "--ephemeral", "--ports", "auto"], [slave], tmp_path, variables)
    assert one.pid != other.pid
    assert one.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        other.wait(0.01)
    one.kill()
    assert (one.wait(10), one.returncode, one.poll()) == (-signal.SIGKILL, -signal.SIGKILL, -signal.SIGKILL)
    other.kill()
    assert other.wait(10) == -signal.SIGKILL
    os.close(slave)
    os.close(master)
