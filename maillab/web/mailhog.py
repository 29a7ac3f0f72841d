"""`/api/v2/`: lists of messages as MailHog tells them, for the many scripts that speak nothing else.

Facts are MailHog's (docs/APIv2 in github.com/mailhog/MailHog). Bodies are as they travelled, octet for octet, read as
UTF-8 where that is possible.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from maillab.client.read import MimePart, read
from maillab.mail.content import Content
from maillab.web.answering import BadQuestion, as_json, context_of, number, worked_out
from maillab.web.caught import CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.digests import MessageDigest
from maillab.web.head import sender_of
from maillab.web.mailpit.told import headers, written

USUAL = 50  # messages of a page
ROOM = 32 << 20  # octets of the messages of a page: each is told twice

_KINDS: dict[str, Callable[[MessageDigest, CaughtMessage], str]] = {
    "from": lambda digest, _: "\n".join(str(person.address) for person in digest.sender),
    "to": lambda digest, message: "\n".join(
        [*message.recipients, *(str(person.address) for person in (*digest.to, *digest.cc, *digest.bcc))]
    ),
    "containing": lambda digest, _: digest.words,
}


async def listed(request: Request) -> Response:
    """A page of all messages, the newest first."""
    return await _page(request, lambda _context, _message: True)


async def found(request: Request) -> Response:
    """A page of the messages from somebody, to somebody, or containing something."""
    kind, query = request.query_params.get("kind", "containing"), request.query_params.get("query", "").lower()
    of = _KINDS.get(kind)
    if of is None:
        raise BadQuestion(f"kind is one of {', '.join(_KINDS)}")

    def means(context: HttpContext, message: CaughtMessage) -> bool:
        try:
            return query in of(context.digest(message), message).lower()
        except NoSuchMessage:
            return False

    return await _page(request, means)


async def remove(request: Request) -> Response:
    """Remove one message."""
    context, name = context_of(request), request.path_params["id"]
    await worked_out(lambda: context.remove([context.mail.find(name)]))
    return Response()


async def _page(request: Request, means: Callable[[HttpContext, CaughtMessage], bool]) -> Response:
    context, start, limit = context_of(request), number(request, "start", 0), number(request, "limit", USUAL)

    def work() -> dict[str, Any]:
        messages = [message for message in context.mail.messages() if means(context, message)]
        items = []
        for message in _borne(messages[start : start + limit]):
            with suppress(NoSuchMessage):  # one that has gone meanwhile is left out
                items.append(item(message, context.mail.octets(message)))
        return {"total": len(messages), "count": len(items), "start": start, "items": items}

    return as_json(await worked_out(work))


def _borne(messages: Sequence[CaughtMessage]) -> Iterator[CaughtMessage]:
    """The first of these, as many as one answer bears, and one at least; whoever pages asks for the rest."""
    room = ROOM
    for place, message in enumerate(messages):
        room -= message.size
        if place and room < 0:
            return
        yield message


def item(message: CaughtMessage, octets: bytes) -> dict[str, Any]:
    """One message."""
    content, opened = Content(octets), read(octets)
    head = content.head()
    leaves = [part for part in opened.parts if not part.type.startswith("multipart/")]
    parts = [_part(part, octets) for part in leaves if part.depth]
    body = octets[len(head) :].decode("utf-8", "replace")
    return {
        "ID": message.id,
        "From": _path(sender_of(head)),
        "To": [_path(recipient) for recipient in message.recipients],
        "Content": {"Headers": headers(head), "Body": body, "Size": len(octets), "MIME": None},
        "Created": written(message.created),
        "MIME": {"Parts": parts} if parts else None,
        "Raw": {
            "From": sender_of(head),
            "To": list(message.recipients),
            "Data": octets.decode("utf-8", "replace"),
            "Helo": "",
        },
    }


def _path(address: str) -> dict[str, Any]:
    local, _, domain = address.rpartition("@")
    return {"Relays": None, "Mailbox": local, "Domain": domain, "Params": ""}


def _part(part: MimePart, octets: bytes) -> dict[str, Any]:
    """A part with what its header says of how it is read."""
    body = octets[part.start : part.end]
    charset = f"; charset={part.charset}" if part.charset else ""
    said = {"Content-Type": [f"{part.type}{charset}"]}
    if part.encoding:
        said["Content-Transfer-Encoding"] = [part.encoding]
    if part.name:
        said["Content-Disposition"] = [f'attachment; filename="{part.name}"']
    return {"Headers": said, "Body": body.decode("utf-8", "replace"), "Size": len(body), "MIME": None}
