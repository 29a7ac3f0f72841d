"""Where a lab can be reached."""

import pytest

from maillab.endpoints import BusyPort, Reopening
from tests.support import run


class Shop:
    """A server that notes what is asked of it."""

    def __init__(self, log, taken=False):
        self.log, self.taken = log, taken

    async def start(self, host, port, tls=None):
        if self.taken:
            raise OSError(98, "Address already in use")
        self.log.append(("start", host, port))
        return port or 4711

    async def close(self):
        self.log.append("close")


def test_a_door_opens_again_where_it_was():
    """A server that was closed comes back on the port it once had; opening twice opens once."""
    log = []

    async def story():
        door = Reopening(lambda: Shop(log), "smtp", 0, None)
        assert await door.open() == await door.open() == 4711
        await door.close()
        await door.close()
        assert await door.open() == 4711

    run(story())
    assert log == [("start", "127.0.0.1", 0), "close", ("start", "127.0.0.1", 4711)]


def test_a_taken_port_says_what_to_do():
    """The error names service, port, likely cause and the command to paste."""
    with pytest.raises(BusyPort) as caught:
        run(Reopening(lambda: Shop([], taken=True), "pop3", 1110, None).open())
    for words in ("127.0.0.1 port 1110 for pop3", "already in use", "maillab doctor", "maillab serve --ports auto"):
        assert words in str(caught.value)
