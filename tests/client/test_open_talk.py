"""A talk that stays open between errands, against servers that know one dialogue."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from maillab.client.imap import reading
from maillab.client.open_talk import OpenTalk
from maillab.client.pop3 import FetchError
from tests.client.test_imap import SELECT, body, talk
from tests.support import run
from tests.wire.scripted import play


def open_talk(port, **given):
    """With a server on this port."""

    def connect():
        return reading("127.0.0.1", port, "bob", "se cret", tls="none", plaintext_auth=True, timeout=5)

    return OpenTalk(connect, **given)


def test_errands_one_after_the_other():
    """All in one talk, which ends when somebody leaves."""

    async def client(port):
        held = open_talk(port)
        found = [held.do(lambda mail, uid=uid: mail.octets("INBOX", uid)) for uid in (3, 9)]
        found = await asyncio.gather(*found)
        await held.leave()
        return found

    script = talk(SELECT, body(b"one\r\n", 1, 3), body(b"two\r\n", 2, 9))
    assert play(script, client) == [b"one\r\n", b"two\r\n"]


def test_nobody_wants_anything():
    """After a while somebody says goodbye by themselves."""

    async def client(port):
        await open_talk(port, unused=0.01).do(lambda mail: mail.octets("INBOX", 3))

    play(talk(SELECT, body(b"one\r\n", 1, 3)), client)


def test_whoever_waits_may_go():
    """What was begun is done all the same, and the talk goes on; what was not is not begun."""

    async def client(port):
        held, began, go_on, said = open_talk(port), asyncio.Event(), asyncio.Event(), []

        async def slow(mail):
            began.set()
            await go_on.wait()
            said.append(await mail.octets("INBOX", 3))

        async def never(mail):
            said.append("never")

        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(held.do(slow))
            await began.wait()
            too_late = group.create_task(held.do(never))
            await asyncio.sleep(0)
            waiting.cancel()
            too_late.cancel()
        go_on.set()
        await held.leave()
        return said

    assert play(talk(SELECT, body(b"one\r\n", 1, 3)), client) == [b"one\r\n"]


def test_a_server_that_refuses():
    """Whoever waits hears why, and the next errand has a talk of its own; what is gone ends no talk."""

    async def client(port):
        held = open_talk(port)
        with pytest.raises(KeyError):
            await held.do(lambda mail: mail.octets("INBOX", 3))
        with pytest.raises(FetchError, match="no such folder"):
            await held.do(lambda mail: mail.octets("x", 3))
        await held.leave()

    play(talk(SELECT, "UID FETCH 3 (BODY.PEEK[])", 'SELECT "x"\nNO no such folder'), client)


def test_nobody_answers():
    """Whoever waits hears why, each of them; nothing is left behind."""

    async def story():
        @asynccontextmanager
        async def nobody():
            raise FetchError("connect", "connection refused")
            yield

        held = OpenTalk(nobody)
        found = await asyncio.gather(*(held.do(None) for _ in range(3)), return_exceptions=True)
        assert [str(error) for error in found] == ["connect: connection refused"] * 3

    run(story())


def test_an_errand_that_fails_by_itself():
    """Whoever waits hears of whatever it is, and the next errand is done in a talk of its own."""

    async def story():
        @asynccontextmanager
        async def somebody():
            yield None

        async def wrong(mail):
            raise RuntimeError("wrong")

        async def right(mail):
            return "right"

        held = OpenTalk(somebody)
        found = await asyncio.gather(held.do(wrong), held.do(right), return_exceptions=True)
        assert [str(one) for one in found] == ["wrong", "right"]
        await held.leave()

    run(story())
