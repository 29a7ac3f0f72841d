"""Where a lab can be reached."""

import pytest

from maillab.endpoints import BusyPort, Endpoint, Reopening, endpoint_of
from tests.support import run


def test_a_busy_port_is_named_once():
    """Also where asyncio names the address in the error of the system."""
    wrapped = "error while attempting to bind on address ('127.0.0.1', 1025): address already in use"
    for reason in ("address already in use", wrapped):
        first = str(BusyPort("smtp", 1025, OSError(98, reason))).splitlines()[0]
        assert first == "cannot listen on 127.0.0.1 port 1025 for smtp: address already in use"


def test_a_service_is_found_by_either_spelling_of_its_site():
    """In A-labels, and as it is read; the name server belongs to no site."""
    viet = Endpoint("xn--vit-5kz.test", "pop3", "127.0.0.1", 1110, "none", True, "people fetch messages")
    names = Endpoint("", "dns", "127.0.0.1", 1053, "none", False, "tells which host receives mail for a domain")

    assert [endpoint_of([names, viet], site, "pop3") for site in ("xn--vit-5kz.test", "việt.test")] == [viet, viet]
    assert endpoint_of([names, viet], "", "dns") is names
    with pytest.raises(LookupError, match="no smtp at việt"):
        endpoint_of([names, viet], "việt.test", "smtp")


class Shop:
    """A server that notes what is asked of it."""

    def __init__(self, log, config="as ever", taken=False):
        self.log, self.config, self.taken = log, config, taken

    async def start(self, host, port, tls=None):
        if self.taken:
            raise OSError(98, "Address already in use")
        self.log.append(("start", host, port, tls))
        return port or 4711

    async def close(self):
        self.log.append("close")


def test_a_door_opens_again_where_it_was():
    """A server that was closed comes back on the port it once had; opening twice opens once."""
    log = []

    async def story():
        door = Reopening("smtp")
        assert await door.furnish(lambda: Shop(log), 0, None) == 0
        assert await door.open() == await door.open() == 4711
        await door.close()
        await door.close()
        assert not door.is_open
        assert await door.open() == 4711

    run(story())
    assert log == [("start", "127.0.0.1", 0, None), "close", ("start", "127.0.0.1", 4711, None)]


def test_other_settings_close_no_door():
    """The server that listens has them from now on; another port closes it, and so does another certificate."""
    log, shops = [], []

    def shop(config):
        def make():
            shops.append(Shop(log, config))
            return shops[-1]

        return make

    async def story():
        door = Reopening("submissions")
        await door.furnish(shop("strict"), 0, "certificate")
        await door.open()
        assert await door.furnish(shop("lenient"), 0, "certificate") == 4711
        assert (shops[0].config, log[1:]) == ("lenient", [])
        assert await door.furnish(shop("lenient"), 0, "another") == 4711
        assert (door.is_open, log[1:]) == (False, ["close"])
        await door.open()
        assert await door.furnish(shop("lenient"), 1465, "another") == 1465
        await door.open()

    run(story())
    assert log == [
        ("start", "127.0.0.1", 0, "certificate"),
        "close",
        ("start", "127.0.0.1", 4711, "another"),
        "close",
        ("start", "127.0.0.1", 1465, "another"),
    ]


def test_a_taken_port_says_what_to_do():
    """The error names service, port, likely cause and the command to paste."""

    async def story():
        door = Reopening("pop3")
        await door.furnish(lambda: Shop([], taken=True), 1110, None)
        await door.open()

    with pytest.raises(BusyPort) as caught:
        run(story())
    for words in ("127.0.0.1 port 1110 for pop3", "already in use", "maillab doctor", "maillab serve --ports auto"):
        assert words in str(caught.value)
