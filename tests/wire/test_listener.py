"""A port: it listens, knows its connections, and ends them."""

import asyncio

import pytest

from tests.support import settled
from tests.wire.talking import Talker, door


def test_a_port_that_is_taken_is_told(tmp_path):
    """Opening a second listener on the same port raises OSError and leaves the first alone."""

    async def story():
        async with door(tmp_path) as (port, _, _book, server):
            second = type(server)(server.config)
            with pytest.raises(OSError, match="in use"):
                await second.start("127.0.0.1", port)
            await second.close()
            await Talker.to(port)  # is greeted

    asyncio.run(story())


def test_connections_are_known_while_they_last(tmp_path):
    """Who has gone is forgotten, and who is there when the port closes is sent away; then nobody is let in."""

    async def story():
        async with door(tmp_path) as (port, _, _book, server):
            first, second = await Talker.to(port), await Talker.to(port)
            assert len(server._drivers) == 2
            await first.say("QUIT")
            await settled(lambda: len(server._drivers) == 1)
            await server.close()
            assert not server._drivers
            assert (await second.rest()).startswith("421 4.3.2")
            with pytest.raises(ConnectionRefusedError):
                await Talker.to(port)
            await server.close()  # once more does no harm

    asyncio.run(story())
