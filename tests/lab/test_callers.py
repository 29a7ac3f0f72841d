"""Who is calling."""

import tempfile

from maillab.lab.callers import PORTS, Callers


def test_two_processes_share_a_file():
    """What one says of itself the other knows, once; a stranger from another port is none of ours."""
    with tempfile.TemporaryFile() as file:
        file.truncate(PORTS)
        one, other = Callers(file.fileno()), Callers(file.fileno())
        one.add(("127.0.0.1", 65_535))
        assert not other.take(("127.0.0.1", 40_000))
        assert other.take(("127.0.0.1", 65_535))
        assert not one.take(("127.0.0.1", 65_535))


def test_one_process_shares_it_with_nobody():
    """Two labs of a process do not take one another's callers for theirs."""
    one, other = Callers(), Callers()
    one.add(("127.0.0.1", 1))
    assert not other.take(("127.0.0.1", 1))
    assert one.take(("127.0.0.1", 1))
