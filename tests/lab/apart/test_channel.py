"""Values over a socket."""

import asyncio
import socket

import pytest

from maillab.config import default
from maillab.events import Carried, Certificate, Closed, Said, Secured, Side
from maillab.lab.apart.channel import Channel
from maillab.lab.apart.words import OpenDoors, SiteNews
from maillab.mail.content import Content
from tests.support import run

VALUES = [
    SiteNews([(1.5, Said("relay-1", Side.CLIENT, b"QUIT\r\n", True, (1, 2))), (2.0, Closed("relay-1", "quit"))], 2.0),
    SiteNews([(0.0, Carried("relay-1", Side.CLIENT, Content(b"x" * 1_000_000)))], 1.0, 7),
    SiteNews([(0.0, Secured("relay-1", "TLSv1.3", "x", Certificate("CN=a", "O=us", ("a",), "2038")))], 1.0),
]


def test_values_arrive_whole_and_in_order(tmp_path):
    """Equal to what was said, however the octets are cut on the way; then the end."""
    values = [OpenDoors(default(), 1, tmp_path, 0.5, True, 7), *VALUES]

    async def play():
        ours, theirs = socket.socketpair()
        one, other = await Channel.on(ours), await Channel.on(theirs)
        for value in values:
            one.say(value)
        assert [await other.hear() for _ in values] == values
        one.close()
        with pytest.raises(EOFError):
            await other.hear()
        other.close()

    run(play())


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 20])
def test_the_other_end_dies_amid_a_value(cut):
    """That is the end, too: half a value is none."""

    async def play():
        ours, theirs = socket.socketpair()
        one = await Channel.on(ours)
        full, empty = socket.socketpair()
        with full, empty:
            said = await Channel.on(full)
            said.say(VALUES[0])
            await asyncio.sleep(0)
            theirs.sendall(empty.recv(cut))
            theirs.close()
            with pytest.raises(EOFError):
                await one.hear()
            said.close()
        one.close()

    run(play())
