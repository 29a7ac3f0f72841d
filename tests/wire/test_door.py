"""One SMTP door of a machine."""

import asyncio

import pytest

from maillab.wire.door import capabilities, may_authenticate
from maillab.wire.reception import Caller
from tests.wire.talking import Everyone, door


def test_a_port_that_is_taken_is_told(tmp_path):
    """Opening a second door on the same port raises OSError and leaves the first alone."""

    async def story():
        async with door(tmp_path) as (port, _, _book, server):
            second = type(server)(server.door)
            with pytest.raises(OSError, match="in use"):
                await second.start("127.0.0.1", port)
            await second.close()

    asyncio.run(story())


def test_closing_waits_for_letters_that_are_being_stored(tmp_path):
    """A letter that is being stored is stored before the door is closed (T021)."""
    done = []

    async def story():
        async with door(tmp_path) as (_port, _, _book, server):

            async def store():
                await asyncio.sleep(0)
                done.append("stored")

            server.commit(store())
            await server.close()
            done.append("closed")

    asyncio.run(story())
    assert done == ["stored", "closed"]


def test_capabilities_follow_the_state(tmp_path):
    """STARTTLS and AUTH are offered exactly while they work."""

    async def story():
        async with door(tmp_path, people=Everyone(), plaintext_auth=True) as (_, _, _, server):
            anonymous, known = Caller("t", "p"), Caller("t", "p", user="alice@local.test")
            assert may_authenticate(server.door, anonymous)
            assert not may_authenticate(server.door, known)
            assert not any(word.startswith(("AUTH", "STARTTLS")) for word in capabilities(server.door, known))

    asyncio.run(story())
