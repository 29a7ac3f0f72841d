"""Who may ask: programs of this computer, and the pages that the door itself has handed out. Nobody else's page.

A stranger's page that a browser has open can send requests to this computer, too. It cannot make them look like ours:
its browser says whose page it is (Origin, Sec-Fetch-Site), and by which name it came here (Host, which stops a name
that is bound to this address afterwards). Where the door listens on another address, a token is asked for as well
(token_guard.py).
"""

import asyncio
import ipaddress
import re
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillab.endpoints import HOST

LARGEST = 40 << 20  # octets of a body: the largest message in base64, and what is around it

LONGEST = 60.0  # seconds for a body

_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]{2,45})\]|(?P<name>[A-Za-z0-9.-]{1,253}))(?::\d{1,5})?")
# names that nobody owns outside of a house or of one computer (RFC 6761, RFC 6762 §3; .internal by ICANN)
_HOUSES = (".localhost", ".local", ".internal", ".home.arpa", ".test")
_SLASHES = re.compile(r"/{2,}")
_UNLESS_SAID = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # of what is meant for programs
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",  # a name that is looked up tells the sender that the message was opened
    "Cache-Control": "no-store",
}


class RequestGuard:
    """Stands before everything. What may not come in is answered with 403 and a sentence, and reaches no handler."""

    def __init__(self, app: ASGIApp, listening: str = HOST, largest: int = LARGEST, longest: float = LONGEST) -> None:
        self._app = app
        self._listening = listening
        self._largest = largest
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI asks."""
        headers = Headers(scope=scope)
        scope = {**scope, "path": _SLASHES.sub("/", scope["path"])}  # some clients join an address and a path with two
        send = _with_headers(send, _UNLESS_SAID)
        why = refusal(headers, pages=_is_page(scope), listening=self._listening)
        if why:
            await PlainTextResponse(why, 403)(scope, receive, send)
        elif _announced(headers) > self._largest:
            await PlainTextResponse("the body is too large", 413)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, self._largest, self._longest), send)


class TooLarge(Exception):  # noqa: N818 - named for what happened
    """A body went on beyond what is taken."""


class TooSlow(Exception):  # noqa: N818 - named for what happened
    """A body took longer than anybody waits for it."""


def refusal(headers: Mapping[str, str], *, pages: bool, listening: str = HOST) -> str:
    """Why a request is refused, "" where it is not. `pages`: a person may be led here by a link of anybody's;
    `listening` is the address at which the door listens.

    >>> refusal({"host": "127.0.0.1:8025"}, pages=False)
    ''
    >>> refusal({"host": "127.0.0.1:8025", "origin": "http://evil.test"}, pages=False)
    'this page may not ask the lab: http://evil.test'
    """
    host = headers.get("host", "")
    if not is_meant(host, listening):
        named = "127.0.0.1 or localhost" if _is_loopback(listening) else "its address"
        return f"the lab does not answer for {host[:100]!r}; ask for {named}"
    origin = headers.get("origin", "")
    if origin and origin not in (f"http://{host}", f"https://{host}"):
        return f"this page may not ask the lab: {origin[:100]}"
    site = headers.get("sec-fetch-site", "none")
    if site not in ("same-origin", "none") and not (pages and headers.get("sec-fetch-mode") == "navigate"):
        return "another site's page may not ask the lab"
    return ""


def is_meant(host: str, listening: str) -> bool:
    """Does this Host name what listens at this address, by a name that nobody else can point elsewhere (RFC 6761 §6.3)?

    Where the door listens on every address of the computer, any address may be meant, and any name that no stranger can
    register: names without a dot, as containers have, and names of the house.

    >>> [is_meant(host, "127.0.0.1") for host in ("localhost:8025", "[::1]:80", "a.localhost", "10.0.0.7", "a.test")]
    [True, True, True, False, False]
    >>> [is_meant(host, "10.0.0.7") for host in ("localhost", "10.0.0.7:8025", "10.0.0.8", "maillab")]
    [True, True, False, False]
    >>> [is_meant(host, "0.0.0.0") for host in ("10.0.0.8", "maillab:8025", "lab.local", "lab.example.net", "")]
    [True, True, True, False, False]
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = (match["v6"] or match["name"]).rstrip(".").lower()
    at, everywhere = _address(name), ipaddress.ip_address(listening).is_unspecified
    if at is not None:
        return at.is_loopback or everywhere or at == ipaddress.ip_address(listening)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return everywhere and bool(name) and ("." not in name or name.endswith(_HOUSES))


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_loopback(listening: str) -> bool:
    return ipaddress.ip_address(listening).is_loopback


def _is_page(scope: Scope) -> bool:
    """Is it what a person opens in a browser, which changes nothing and tells no program anything?"""
    return scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(("/api/", "/maillab/"))


def _announced(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0


def _counted(receive: Receive, largest: int, longest: float) -> Receive:
    taken = 0
    end: float | None = asyncio.get_running_loop().time() + longest  # `None` once the body is there

    async def counting() -> Message:
        nonlocal taken, end
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        end = end if message.get("more_body") else None
        taken += len(message.get("body", b""))
        if taken > largest:
            raise TooLarge
        return message

    return counting


def _with_headers(send: Send, usual: Mapping[str, str]) -> Send:
    lines = {name.lower().encode(): value.encode() for name, value in usual.items()}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said: Iterable[tuple[bytes, bytes]] = message.get("headers", [])
            missing = lines.keys() - {name.lower() for name, _ in said}
            message = {**message, "headers": [*said, *((name, lines[name]) for name in lines if name in missing)]}
        await send(message)

    return sending
