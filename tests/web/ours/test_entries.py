"""The logbook over HTTP."""

import asyncio
import json

from tests.support import run
from tests.web.asking import asking


def lines(answer):
    return [json.loads(line) for line in answer.body.splitlines()]


def test_lines(tmp_path):
    """Each entry is a line with its explanation; from a number on, filtered, at most so many."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            everything = lines(await ask.get("/maillab/v1/entries"))
            assert [entry["seq"] for entry in everything] == [*range(1, len(everything) + 1)]
            [mail] = lines(await ask.get("/maillab/v1/entries?filter=leg:relay+verb:mail+side:client"))
            assert mail["text"].startswith("MAIL FROM:<alice@sender.test>")
            assert (mail["side"], "envelope" in mail["gloss"] or "sender" in mail["gloss"].lower()) == ("client", True)
            [vi] = lines(await ask.get("/maillab/v1/entries?filter=leg:relay+verb:mail+side:client&lang=vi"))
            assert vi["gloss"] != mail["gloss"]
            later = lines(await ask.get(f"/maillab/v1/entries?since={everything[4]['seq']}&limit=3"))
            assert later == everything[5:8]
            assert (await ask.get("/maillab/v1/entries?filter=odd:x")).status == 400

    run(play())


def test_no_secret(tmp_path):
    """What somebody logs in with is told to nobody, however it was said."""

    async def play():
        async with asking(tmp_path) as ask:
            letter = {"From": {"Email": "alice@sender.test"}, "To": [{"Email": "bob@recipient.test"}], "Text": "x"}
            assert (await ask("POST", "/api/v1/send", letter)).status == 200
            answer = (await ask.get("/maillab/v1/entries")).text
            assert "AUTH" in answer
            assert "AGFsaWNlQHNlbmRlci50ZXN0AGFsaWNl" not in answer

    run(play())


def test_a_stream(tmp_path):
    """A browser follows it, and goes on where it was when the connection is lost."""

    async def follow(port, last, until):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /maillab/v1/entries HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nLast-Event-ID: %d\r\n\r\n"
            % last
        )
        told = []
        async with asyncio.timeout(20):
            while not told or not until(told[-1]):
                line = await reader.readline()
                if line.startswith(b"data: "):
                    told.append(json.loads(line[6:]))
        writer.close()
        return told

    async def play():
        async with asking(tmp_path) as ask:
            async with asyncio.TaskGroup() as group:
                following = group.create_task(follow(ask.port, 0, lambda entry: entry["kind"] == "delivered"))
                await ask.bring()
            told = following.result()
            assert [entry["seq"] for entry in told] == [*range(1, told[-1]["seq"] + 1)]
            again = await follow(ask.port, told[-3]["seq"], lambda entry: entry["kind"] == "delivered")
            assert again == told[-2:]

    run(play())
