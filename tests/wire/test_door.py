"""One SMTP door of a machine."""

import asyncio

import pytest

from maillab.protocols.services import SMTP
from maillab.wire.door import capabilities, may_authenticate
from maillab.wire.reception import Caller
from maillab.wire.tls import Authority
from tests.wire.talking import Everyone, Talker, door, talk


def test_a_port_that_is_taken_is_told(tmp_path):
    """Opening a second door on the same port raises OSError and leaves the first alone."""

    async def story():
        async with door(tmp_path) as (port, _, _book, server):
            second = type(server)(server.door)
            with pytest.raises(OSError, match="in use"):
                await second.start("127.0.0.1", port)
            await second.close()

    asyncio.run(story())


def test_closing_waits_for_messages_that_are_being_stored(tmp_path):
    """A message that is being stored is stored before the door is closed (T021)."""
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


@pytest.mark.parametrize(
    ("extension", "line", "code"),
    [
        ("SIZE", "MAIL FROM:<a@b.test> SIZE=10", 555),
        ("STARTTLS", "STARTTLS", 500),
        ("AUTH", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", 500),
        ("8BITMIME", "MAIL FROM:<a@b.test> BODY=8BITMIME", 555),
        ("SMTPUTF8", "MAIL FROM:<a@b.test> SMTPUTF8", 555),
        ("DSN", "MAIL FROM:<a@b.test> RET=HDRS", 555),
        ("HELP", "HELP", 500),
        ("CHUNKING", "BDAT 6 LAST\r\nNOOP", 500),  # its octets are no command
        ("PIPELINING", "NOOP", 250),
        ("LIMITS", "NOOP", 250),
    ],
)
def test_an_extension_that_is_switched_off(tmp_path, extension, line, code):
    """What stands under `without` is neither announced nor obeyed; all other extensions are still announced."""

    async def story():
        options = {
            "people": Everyone(),
            "plaintext_auth": True,
            "tls": Authority(tmp_path / "ca").server(["mx.local.test"]),
        }
        async with door(tmp_path, without=frozenset({extension}), **options) as (port, _clerk, _book, _server):
            talker = await Talker.to(port)
            announced = {reply[4:].partition(" ")[0] for reply in (await talker.say("EHLO c.test")).split("\n")[1:]}
            assert announced == set(SMTP.extensions) - {extension}
            assert (await talker.say(line)).startswith(str(code))
            assert (await talker.say("NOOP")).startswith("250")

    asyncio.run(story())


def test_enhanced_codes_can_be_switched_off(tmp_path):
    """Without ENHANCEDSTATUSCODES no reply carries one."""
    [reply], _ = talk(tmp_path, "RSET", without=frozenset({"ENHANCEDSTATUSCODES"}))
    assert reply == "250 Forgotten"
