"""Who may ask the lab over HTTP, and who may not (CATALOGUE M)."""

import asyncio
import re

import pytest

from maillab.web.guard import RequestGuard, TooSlow, is_meant, refusal
from tests.support import run
from tests.web.asking import asking

HERE = "127.0.0.1:8025"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:8025"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-mode": "cors"},  # node's fetch says this and no site
    ],
)
def test_programs_and_our_own_pages(headers):
    """Who sends no sign of a page, or the signs of ours, may ask."""
    assert refusal({"host": HERE, **headers}, pages=False) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.test:8025"},  # a name that was bound to this address afterwards
        {"host": "127.0.0.1.evil.test"},
        {"host": "localhost.evil.test:8025"},
        {"host": "192.168.1.7:8025"},
        {"host": ""},
        {"host": "127.0.0.1:8025@evil.test"},
        {"host": HERE, "origin": "http://evil.test"},
        {"host": HERE, "origin": "null"},  # a sandboxed frame, a file, a redirect
        {"host": HERE, "origin": "http://127.0.0.1:9999"},
        {"host": HERE, "origin": "http://localhost:8025"},
        {"host": HERE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"host": HERE, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {"host": HERE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_pages_of_strangers(headers):
    """A page from elsewhere is refused by what its browser says of it, also where it hides its name."""
    assert refusal(headers, pages=False)


def test_a_link_to_a_page_may_be_followed():
    """A person who is led here sees a page, which changes nothing; nothing else comes in so."""
    led = {"host": HERE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert not refusal(led, pages=True)
    assert refusal({**led, "sec-fetch-mode": "no-cors"}, pages=True)
    assert refusal({**led, "host": "evil.test"}, pages=True)


def test_a_link_to_the_api_is_refused_however_it_is_spelled(tmp_path):
    """A page that leads a person there would mark the message as read (CSRF by navigation)."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for path in (
                "/api/v1/message/latest",
                "//api/v1/message/latest",
                "/%61pi/v1/message/latest",
                "//%2fapi//v1",
            ):
                answer = await ask.get(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
                assert answer.status == 403, path
            assert [each["Read"] for each in await ask.listed()] == [False]

    run(play())


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_what_every_answer_says(tmp_path, method):
    """Whatever is asked, and whatever is answered, no other page shows it, runs it or learns of it (T291)."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for path in ("/", "/page/main.js", "/page/none", "/view/latest.html", "/api/v1/messages", "/no/where",
                         "/api/v1/message/latest/raw", "/maillab/v1/ready", "/maillab/v1/entries", "/enter"):  # fmt: skip
                for more in ({}, {"Origin": "http://evil.test"}):
                    answer = await ask(method, path, **more)
                    said = answer.headers
                    assert said["X-Content-Type-Options"] == "nosniff", path
                    assert said["Referrer-Policy"] == "no-referrer"
                    assert said["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
                    [policy] = said.get_all("Content-Security-Policy")
                    assert re.search(r"default-src '(none|self)'", policy)
                    assert re.search(r"frame-ancestors '(none|self)'", policy)
                    assert not [name for name in said if name.lower().startswith("access-control")]

    run(play())


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "a.localhost", "127.9.9.9", "[::1]:8025", "localhost.:1"]
)
def test_names_of_this_computer(host):
    """No name server can point these elsewhere (RFC 6761 §6.3)."""
    assert is_meant(host, "127.0.0.1")
    assert is_meant(host, "0.0.0.0")


@pytest.mark.parametrize(
    "host", ["evil.test.", "rebind.evil.example", "10.0.0.7.evil.example", "[::1", "a b", "x@y", "."]
)
def test_names_of_strangers(host):
    """T285: whichever address is listened at, a name that somebody can register is not answered for."""
    for listening in ("127.0.0.1", "10.0.0.7", "0.0.0.0", "::"):
        assert is_meant(host, listening) == (host == "evil.test." and listening in ("0.0.0.0", "::")), listening


def test_a_body_that_drips_in():
    """It is waited for only so long; what comes after a whole body is waited for as long as anybody wants."""

    async def play():
        messages = [{"type": "http.request", "body": b"a", "more_body": True}]

        async def receive():
            return messages.pop() if messages else await asyncio.Event().wait()

        async def app(scope, receive, send):
            await receive()
            await receive()

        scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"localhost")]}
        with pytest.raises(TooSlow):
            await RequestGuard(app, longest=0.05)(scope, receive, None)
        messages.append({"type": "http.request", "body": b"a"})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await RequestGuard(app, longest=0.05)(scope, receive, None)

    run(play())
