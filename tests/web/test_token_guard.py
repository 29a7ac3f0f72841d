"""The door where a token guards it: every route, every way in (CATALOGUE M)."""

import asyncio
import base64
import contextlib

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from maillab.web.app import ROWS
from maillab.web.door import HttpDoor
from maillab.web.ours.routes import ROWS as OURS
from tests.lab.test_desk import desk
from tests.support import run
from tests.web.asking import APP, Asker

TOKEN = "correct-horse-battery"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PAGE = {"Accept": "text/html,*/*;q=0.8"}


@contextlib.asynccontextmanager
async def guarded(folder, token=TOKEN):
    """A door with a token, and who asks it."""
    async with desk(folder, APP) as lab, HttpDoor(lab, 0, token=token) as door:
        ask = Asker(lab, door)
        ask.door = door
        yield ask


def cookie(answer):
    """What a browser sends back of what it was given."""
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def test_nobody_without_the_token(tmp_path):
    """T286: every route answers 401, whatever is sent for a token, and nothing has been read or changed."""

    async def play():
        async with guarded(tmp_path) as ask:
            await ask.bring()
            paths = [(row.method, row.path.format(id="latest", part="1", name="live", tag="a", number=1, site="s",
                      service="smtp", deed="stop", job="j")) for row in (*ROWS, *OURS)]  # fmt: skip
            paths += [("GET", "/"), ("GET", "/page/main.js"), ("GET", "/api/v2/messages"), ("OPTIONS", "/"),
                      ("GET", "/api/v1/openapi.json"), ("DELETE", "/api/v1/messages/latest"), ("GET", "//"),
                      ("GET", "/livez/"), ("GET", "/livez/../api/v1/info")]  # fmt: skip
            wrong = [
                {},
                {"Authorization": "Bearer"},
                {"Authorization": f"Bearer {TOKEN[:-1]}"},
                {"Authorization": f"Bearer {TOKEN}x"},
                {"Authorization": "Basic " + base64.b64encode(f"{TOKEN}:x".encode()).decode()},
                {"Cookie": f"maillab-{ask.port}={TOKEN}"},
                {"Referer": f"http://127.0.0.1:{ask.port}/?token={TOKEN}"},
                {"X-Api-Key": TOKEN},
            ]
            for method, path in paths:
                if path in ("/livez", "/readyz"):
                    continue
                for headers in wrong:
                    answer = await ask(method, path, b"{}", **headers)
                    assert answer.status == 401, (method, path, headers)
                    assert "Set-Cookie" not in answer.headers
            for query in (f"/?token={TOKEN}", f"/api/v1/messages?token={TOKEN}", f"/enter?token={TOKEN}"):
                assert (await ask.get(query)).status == 401, "what stands in an address stands in histories and logs"
            [message] = (await ask.get("/api/v1/messages", **BEARER)).json["messages"]
            assert not message["Read"]

    run(play())


def test_programs_with_the_token(tmp_path):
    """They say it after Bearer, or as a password, as Mailpit's clients do; a health check needs none."""

    async def play():
        async with guarded(tmp_path) as ask:
            for user in ("", "anybody"):
                basic = base64.b64encode(f"{user}:{TOKEN}".encode()).decode()
                assert (await ask.get("/api/v1/info", Authorization=f"Basic {basic}")).status == 200
            assert (await ask.get("/api/v1/info", **BEARER)).status == 200
            assert [(await ask.get(path)).text for path in ("/livez", "/readyz")] == ["OK", "OK"]
            assert (await ask.get("/api/v1/info")).headers["WWW-Authenticate"].startswith("Bearer")

    run(play())


def test_a_stranger_with_the_token(tmp_path):
    """T284, T285: what a browser says of the page holds with the token, too."""

    async def play():
        async with guarded(tmp_path) as ask:
            for headers in ({"Origin": "http://evil.example"}, {"Host": "rebind.evil.example"}):
                assert (await ask.get("/api/v1/info", **BEARER, **headers)).status == 403
                assert (await ask("POST", "/enter", f"token={TOKEN}".encode(), **headers)).status == 403
                assert (await ask.get(ask.door.admission.way_in, **headers)).status == 403

    run(play())


def test_the_link_for_a_browser(tmp_path):
    """It works once, and gives a cookie that no script reads and no other site sends; the address is left behind."""

    async def play():
        async with guarded(tmp_path) as ask:
            path = ask.door.link(ask.door.admission.way_in).partition(str(ask.port))[2]
            assert (await ask("HEAD", path)).status == 401, "who only looks whether it is there does not use it up"
            answer = await ask("GET", path, **PAGE)
            assert answer.status == 200
            assert 'http-equiv="refresh" content="0; url=/"' in answer.text
            said = answer.headers["Set-Cookie"]
            assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {*said.split("; ")}
            assert TOKEN not in said
            assert (await ask("GET", "/", **cookie(answer), **PAGE)).status == 200
            again = await ask("GET", path, **PAGE)
            assert (again.status, "used" in again.text, "Set-Cookie" in again.headers) == (401, True, False)

    run(play())


def test_the_form_for_a_browser(tmp_path):
    """Where a page is wanted it asks for the token, in the reader's language; the right one gives the cookie."""

    async def play():
        async with guarded(tmp_path) as ask:
            answer = await ask("GET", "/view/latest", **PAGE)
            assert (answer.status, 'name="token"' in answer.text) == (401, True)
            assert 'content="same-origin"' in answer.text, "else the browser says that the form comes from nowhere"
            assert "'none'" in answer.headers["Content-Security-Policy"]
            assert "Lab này hỏi token" in (await ask("GET", "/", **PAGE, Accept_Language="vi-VN,vi")).text
            for body in (b"", b"token=", b"token=wrong", b"token=%ff%fe", b"a=" + TOKEN.encode(), b"token=x&" * 1000):
                refused = await ask("POST", "/enter", body)
                assert (refused.status, "Set-Cookie" in refused.headers) == (401, False)
            taken = await ask("POST", "/enter", f"token={TOKEN}".encode(), Origin=f"http://127.0.0.1:{ask.port}")
            assert (taken.status, taken.headers["Location"]) == (303, "/")
            assert (await ask.get("/api/v1/info", **cookie(taken))).status == 200
            crossed = {**cookie(taken), "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
            assert (await ask("DELETE", "/api/v1/messages", b"{}", **crossed)).status == 403

    run(play())


def test_websockets_and_streams(tmp_path):
    """T284, T286: both stand behind the same guard."""

    async def play():
        async with guarded(tmp_path) as ask:
            url = f"ws://127.0.0.1:{ask.port}/api/events"
            for headers, status in [
                ({}, 401),
                ({"Authorization": "Bearer wrong"}, 401),
                ({"Cookie": f"maillab-{ask.port}=wrong"}, 401),
                ({**BEARER, "Origin": "http://evil.example"}, 403),
            ]:
                with pytest.raises(InvalidStatus) as refused:
                    await connect(url, additional_headers=headers)
                assert refused.value.response.status_code == status, headers
            with pytest.raises(InvalidStatus) as refused:
                await connect(
                    "ws://rebind.evil.example/api/events", host="127.0.0.1", port=ask.port, additional_headers=BEARER
                )
            assert refused.value.response.status_code == 403
            async with connect(url, additional_headers=BEARER):
                pass
            stream = {"Accept": "text/event-stream"}
            assert (await ask("GET", "/maillab/v1/entries", **stream)).status == 401
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            fields = "".join(f"{name}: {value}\r\n" for name, value in {**stream, **BEARER}.items())
            writer.write(f"GET /maillab/v1/entries HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())
            assert b" 200 " in await reader.readline()
            writer.close()

    run(play())


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_address_that_others_reach(tmp_path, host):
    """T283, T286: no token was given, so one of at least 128 bit is made, another one at each start."""

    async def play():
        tokens = set()
        for folder in ("a", "b"):
            async with desk(tmp_path / folder, APP) as lab, HttpDoor(lab, 0, host) as door:
                ask = Asker(lab, door)
                bearer = {"Authorization": f"Bearer {door.made_token}"}
                tokens.add(door.made_token)
                assert len(door.made_token) * 6 >= 128
                assert (await ask.get("/api/v1/info")).status == 401
                assert (await ask.get("/api/v1/info", **bearer)).status == 200
                assert (await ask.get("/api/v1/info", **bearer, Host="maillab:8025")).status == 200
                assert (await ask.get("/api/v1/info", **bearer, Host="rebind.evil.example")).status == 403
                assert (door.endpoint.host, door.endpoint.auth, door.endpoint.login) == (host, True, "required")
        assert len(tokens) == 2

    run(play())
