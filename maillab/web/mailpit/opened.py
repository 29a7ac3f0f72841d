"""`/api/v1/message/ID` and `/view/ID`: one message, opened, and what is in it. `latest` is the newest."""

import base64
import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from maillab.client.read import Attached, Readable, read
from maillab.mail.content import Content
from maillab.recipient.folders import Change
from maillab.web.answering import as_json, as_text, context_of, not_found, of_message, worked_out
from maillab.web.caught import SEEN, CaughtMessage
from maillab.web.cids import put_in
from maillab.web.mailpit.shapes import Whole
from maillab.web.mailpit.told import headers, part, whole

# a page of a stranger: no script, no form, nothing from elsewhere, and an origin of its own
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
WITH_PICTURES = SANDBOX.replace("img-src data:", "img-src data: http: https:")
PICTURES = 8 << 20  # octets of pictures that are put into a page
ROOM = 2 * PICTURES  # characters that a page grows by them, which it may name again and again
_LEADING = re.compile(r"(?i)<(i?frame|link)(?=[\s/>])")
_IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}


async def opened(request: Request) -> Response:
    """The message, which is read from now on."""
    context = context_of(request)

    def work(message: CaughtMessage, octets: bytes) -> Whole:
        told = whole(context, message, octets)
        context.mail.flag([message], Change.ADD, [SEEN])
        return told

    return as_json(await of_message(request, work))


async def header(request: Request) -> Response:
    """Every field of its header."""
    return as_json(await of_message(request, lambda _, octets: headers(octets)))


async def raw(request: Request) -> Response:
    """Its octets."""
    context = context_of(request)

    def found() -> tuple[CaughtMessage, Content]:
        message = context.mail.find(request.path_params["id"])
        return message, context.mail.content(message)

    message, content = await worked_out(found)
    download = "dl" in request.query_params
    place = {"Content-Disposition": f'attachment; filename="{message.id}.eml"'} if download else {}
    headers = {"Content-Security-Policy": SANDBOX, "Content-Length": str(len(content)), **place}
    return StreamingResponse(content.blocks(), headers=headers, media_type="text/plain; charset=utf-8")


async def part_octets(request: Request) -> Response:
    """The octets of one of its files, to be saved."""
    found = await _part(request)
    if found is None:
        return not_found("attachment not found")
    saved = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return _file(found, {"Content-Disposition": saved})


async def thumbnail(request: Request) -> Response:
    """A picture of one of its files: the picture itself, not made smaller, or an empty one for what is no picture."""
    found = await _part(request)
    if found is None:
        return not_found("attachment not found")
    if found.type.lower() not in _IMAGES:
        return Response(_EMPTY, media_type="image/svg+xml", headers={"Content-Security-Policy": SANDBOX})
    return _file(found, {"Content-Disposition": "inline"})


async def page(request: Request) -> Response:
    """Its HTML, for a frame; pictures that it brings with it are shown, and nothing is loaded unless a person asks."""
    html = await of_message(request, lambda _, octets: with_pictures(read(octets)))
    if not html:
        return not_found("this message has no HTML")
    policy = WITH_PICTURES if _wants_elsewhere(request) else SANDBOX
    return Response(html, headers={"Content-Security-Policy": policy}, media_type="text/html; charset=utf-8")


def _wants_elsewhere(request: Request) -> bool:
    """Has a person asked our own page for the pictures of other servers? A link of somebody else's cannot ask."""
    return "elsewhere" in request.query_params and request.headers.get("sec-fetch-site") == "same-origin"


async def text(request: Request) -> Response:
    """Its text."""
    return as_text(await of_message(request, lambda _, octets: read(octets).text))


def with_pictures(message: Readable) -> str:
    """The HTML of a message with its own pictures in it, so that a frame asks nobody for them (RFC 2397).

    Its frames and its <link> elements lead to nothing: Chromium opens a connection for a frame that the policy forbids,
    and no policy speaks of rel=preconnect; the sender would know that the message was opened.
    """
    pictures: dict[str, str] = {}
    room = PICTURES
    for found in message.attachments:
        if found.cid and found.type.lower() in _IMAGES and len(found.octets) <= room:
            room -= len(found.octets)
            pictures[found.cid] = f"data:{found.type.lower()};base64,{base64.b64encode(found.octets).decode()}"
    return put_in(_LEADING.sub(r"<x-\1", message.html), pictures, ROOM)


_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="120"/>'


async def _part(request: Request) -> Attached | None:
    number: str = request.path_params["part"]

    def work(_: CaughtMessage, octets: bytes) -> Attached | None:
        try:
            return part(octets, number)
        except LookupError:
            return None

    return await of_message(request, work)


def _file(found: Attached, more: dict[str, str]) -> Response:
    """A file of a stranger: never run, whatever it calls itself."""
    kind = found.type if re.fullmatch(r"[!-.0-~]+/[!-.0-~]+", found.type) else "application/octet-stream"
    return Response(found.octets, headers={"Content-Security-Policy": SANDBOX, "Content-Type": kind, **more})
