"""A port: it listens, and ends what goes on behind it."""

import asyncio

import pytest

from maillab.protocols.services import SMTP
from maillab.wire.tls import Authority
from tests.wire.talking import Everyone, Talker, door, talk


def test_a_port_that_is_taken_is_told(tmp_path):
    """Opening a second door on the same port raises OSError and leaves the first alone."""

    async def story():
        async with door(tmp_path) as (port, _, _book, server):
            second = type(server)(server.config)
            with pytest.raises(OSError, match="in use"):
                await second.start("127.0.0.1", port)
            await second.close()

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
