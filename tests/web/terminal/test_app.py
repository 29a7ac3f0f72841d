"""The window in a browser: who comes in, what is handed out, how many look (CATALOGUE M)."""

import asyncio
import contextlib
import http.client
import json
import sys

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from maillab.web.terminal.app import _TAKEN, MOST
from maillab.web.terminal.door import WebWindow
from maillab.web.terminal.window import TerminalWindow
from tests.support import need, run
from tests.web.terminal.test_window import ECHO

TOKEN = "correct-horse-battery"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _files() -> None:
    """What the door hands out is there."""
    need("textual-serve")


@contextlib.asynccontextmanager
async def shown(command=(sys.executable, "-c", ECHO), tell=pytest.fail):
    """The door to a window that says what it is told."""
    door = WebWindow([], 0, "127.0.0.1", TOKEN, tell)
    door._window = TerminalWindow([*command])
    async with door:
        yield door


def place(door):
    return door.link("").removeprefix("http://")


async def get(door, path, **headers):
    """Status, fields and octets of an answer."""

    def ask():
        link = http.client.HTTPConnection(place(door), timeout=20)
        with contextlib.closing(link):
            link.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()

    return await asyncio.to_thread(ask)


def socket(door, query="?width=100&height=30", **headers):
    return connect(f"ws://{place(door)}/ws{query}", additional_headers=BEARER | headers)


async def over(link):
    """Until the door ends the conversation."""
    async with asyncio.timeout(20):
        while True:
            await link.recv()


async def until(link, words):
    """All that is shown up to these words."""
    seen = b""
    async with asyncio.timeout(20):
        while words not in seen:
            said = await link.recv()
            seen += said if isinstance(said, bytes) else b""
    return seen


def test_nobody_without_the_token():
    """T284, T285, T286: neither the page nor the terminal, on loopback neither; no window has begun."""

    async def play():
        async with shown() as door:
            for path in ("/", "/terminal/textual.js", "/terminal/none", "/ws"):
                assert (await get(door, path))[0] == 401
                assert (await get(door, path, Authorization=f"Bearer {TOKEN}x"))[0] == 401
                assert (await get(door, path, Origin="http://evil.example", **BEARER))[0] == 403
                assert (await get(door, path, Host="rebind.evil.example", **BEARER))[0] == 403
            for headers, status in [
                ({"Authorization": ""}, 401),
                ({"Authorization": "Bearer x"}, 401),
                ({"Origin": "http://evil.example"}, 403),
                ({"Origin": "null"}, 403),
                ({"Sec-Fetch-Site": "cross-site"}, 403),
            ]:
                with pytest.raises(InvalidStatus) as refused:
                    await socket(door, **headers)
                assert refused.value.response.status_code == status
            assert door._window._process is None
            assert (await get(door, "/livez"))[2] == b"OK"

    run(play())


def test_what_is_handed_out():
    """T290, T291: the page and its files, by their names alone, and nothing that lies beside them; with a policy."""

    async def play():
        async with shown() as door:
            status, fields, page = await get(door, "/", **BEARER)
            assert (status, b"http" in page) == (200, False)
            [policy] = fields.get_all("Content-Security-Policy")
            assert "default-src 'none'; script-src 'self';" in policy
            assert (fields["X-Content-Type-Options"], fields["Referrer-Policy"]) == ("nosniff", "no-referrer")
            for name in ("textual.js", "xterm.css", "mono.ttf", "start.js", "style.css"):
                status, fields, octets = await get(door, f"/terminal/{name}", **BEARER)
                assert (status, fields["X-Content-Type-Options"]) == (200, "nosniff")
                assert octets
            for path in ("/static/", "/terminal/", "/terminal/..%2f..%2fapp.py", "/terminal/../app.py",
                         "/static/../../etc/passwd", "/terminal/%2e%2e/%2e%2e/etc/passwd", "/download/x"):  # fmt: skip
                status, _, octets = await get(door, path, **BEARER)
                assert (status, b"root:" in octets) == (404, False), path

    run(play())


def test_one_window_for_all():
    """T287: of 100 who come some look and type, the others are told 503; there is one process."""

    async def play():
        async with shown() as door, contextlib.AsyncExitStack() as stack:

            async def come():
                try:
                    return await stack.enter_async_context(socket(door))
                except InvalidStatus as refused:
                    return refused.response.status_code

            answers = await asyncio.gather(*(come() for _ in range(100)))
            came = [link for link in answers if link != 503]
            assert 1 <= len(came) <= MOST
            await came[0].send(json.dumps(["stdin", "hello"]))
            for link in came:
                await until(link, b"{hello 1}")
            assert door._window.viewers == len(came)

    run(play())


@pytest.mark.parametrize(
    "query", ["?width=1000000000&height=1000000000", "?width=-5&height=0", "?width=a&height=b", "", "?width=1e9"]
)
def test_sizes(query):
    """T288: whatever is asked for, the terminal is one that can be."""

    async def play():
        async with shown() as door, socket(door, query) as link:
            columns, rows = (await until(link, b">")).partition(b"<")[2].partition(b">")[0].split(b",")
            assert 20 <= int(columns) <= 500
            assert 20 <= int(rows) <= 500

    run(play())


@pytest.mark.parametrize(
    "frame",
    ['{"a":1}', "[]", '["stdin"]', "x", b"\x00\xff", b"", '["stdin", "%s"]' % ("x" * (70 << 10)), b"\x00" * (8 << 20)],
    ids=lambda frame: repr(frame[:12]),
)
def test_frames_that_say_nothing(frame):
    """T289: they end the socket that brought them; the window goes on, and others look on."""

    async def play():
        async with shown() as door, socket(door) as other:
            await until(other, b">")
            async with socket(door) as link:
                with contextlib.suppress(ConnectionClosed):
                    await link.send(frame)
                with pytest.raises(ConnectionClosed):
                    await over(link)
            await other.send(json.dumps(["stdin", "on"]))
            await until(other, b"{on 1}")

    run(play())


def test_the_window_ends():
    """Whoever looks hears of it, and who comes then finds a new one."""

    async def play():
        async with shown() as door:
            async with socket(door) as link:
                await until(link, b">")
                await link.send(json.dumps(["ping", "17"]))
                async with asyncio.timeout(20):
                    while (said := await link.recv()) != '["pong", "17"]':
                        assert isinstance(said, bytes)
                await link.send(json.dumps(["stdin", "q"]))
                with pytest.raises(ConnectionClosed):
                    await over(link)
            async with socket(door) as link:
                await until(link, b">")

    run(play())


def test_a_fault_of_ours(monkeypatch):
    """It is answered with a reference, or ends the conversation; standard error has what went wrong, too."""
    told = []

    async def play():
        monkeypatch.setitem(_TAKEN, "mono.ttf", "static/none")
        async with shown(["\0"], told.append) as door:
            status, _, answer = await get(door, "/terminal/mono.ttf", **BEARER)
            assert status == 503
            with pytest.raises(InvalidStatus) as refused:
                await socket(door)
            assert refused.value.response.status_code == 500
            for what, text in zip(
                ("FileNotFoundError", "ValueError"), (answer, refused.value.response.body), strict=True
            ):
                said = told.pop(0)
                assert what in said
                assert f"its standard error says why ({said.rpartition('(')[2]}" == text.decode().partition("; ")[2]
        monkeypatch.setattr(TerminalWindow, "type", lambda self, octets: 1 // 0)
        async with shown(tell=told.append) as door, socket(door) as link:
            await link.send(json.dumps(["stdin", "x"]))
            with pytest.raises(ConnectionClosed):
                await over(link)
            assert link.close_code == 1011

    run(play())
    [said] = told
    assert "ZeroDivisionError" in said
