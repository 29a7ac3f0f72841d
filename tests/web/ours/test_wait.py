"""Waiting for a message over HTTP."""

import asyncio

from tests.support import run, settled
from tests.web.asking import HELLO, asking


def test_until_it_is_there(tmp_path):
    """Who asks before the message came hears of it when it does; who asks afterwards at once."""

    async def play():
        async with asking(tmp_path) as ask, asyncio.TaskGroup() as group:
            path = "/maillab/v1/wait?query=to:bob%20body:482910&timeout=20s"
            waiting = group.create_task(ask.get(path))
            await ask.bring()
            early = await waiting
            assert (early.status, [each["Subject"] for each in early.json["messages"]]) == (200, ["Hello"])
            assert (await ask.get(path)).json == early.json

    run(play())


def test_every_recipient(tmp_path):
    """A message to several is meant by each of them, whom no field names, too; it is one message."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(HELLO, "bob@recipient.test", "carol@recipient.test")
            for who in ("bob", "carol"):
                answer = await ask.get(f"/maillab/v1/wait?query=to:{who}&timeout=20s")
                assert (answer.status, len(answer.json["messages"])) == (200, 1), who

    run(play())


def test_in_vain(tmp_path):
    """Fewer than were wanted are told with how many; a query or a time that is none with what is wrong."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            answer = await ask.get("/maillab/v1/wait?query=to:bob&count=2&timeout=50ms")
            assert (answer.status, answer.text) == (408, "1 of 2 messages within 0.05 s")
            for query in ("query=odd:x", "timeout=soon"):
                assert (await ask.get(f"/maillab/v1/wait?{query}")).status == 400

    run(play())


def test_who_goes_is_not_waited_for(tmp_path):
    """A client that has gone leaves nobody behind who looks for it, for minutes."""

    def answering():
        return [task for task in asyncio.all_tasks() if "run_asgi" in repr(task)]

    async def play():
        async with asking(tmp_path) as ask:
            _, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            writer.write(b"GET /maillab/v1/wait?timeout=10min HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await settled(lambda: bool(answering()))
            writer.close()
            await settled(lambda: not answering())

    run(play())
