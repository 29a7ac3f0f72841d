"""`/maillab/v1/wait`: until so many messages are there that a query means, as `maillab wait` does."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery
from maillab.views.filter import FilterError
from maillab.views.units import seconds_of
from maillab.web.answering import BadQuestion, as_json, as_text, context_of, number, worked_out
from maillab.web.caught import CaughtMessage, Copy, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.told import summaries

LONGEST = 600.0  # seconds
AGAIN = 0.5  # seconds between two looks where no bell rings

CopyPlace = tuple[str, int]  # whose inbox, and the UID there


async def wait(request: Request) -> Response:
    """The messages, the newest first; 408 when there are fewer by then."""
    context, params = context_of(request), request.query_params
    try:
        query = MessageQuery.parse(params.get("query", ""))
        longest = min(seconds_of(params.get("timeout", "10s")), LONGEST)
    except (FilterError, ValueError) as error:
        raise BadQuestion(str(error)) from None
    wanted = max(1, number(request, "count", 1))
    seen: dict[CopyPlace, bool] = {}
    found: list[CaughtMessage] = []
    before: Sequence[CaughtMessage] | None = None

    def look() -> list[CaughtMessage] | None:
        nonlocal before
        if (messages := context.mail.messages()) is before:  # the very list: nothing has changed
            return None
        before = messages
        found[:] = [message for message in messages if _is_meant(context, query, message, seen)]
        return found if len(found) >= wanted else None

    if await context.once(look, longest, AGAIN, request.is_disconnected) is None:
        noun = "message" if wanted == 1 else "messages"
        return as_text(f"{len(found)} of {wanted} {noun} within {longest:g} s", 408)
    return as_json({"messages": await worked_out(lambda: summaries(context, found[:wanted]))})


def _is_meant(context: HttpContext, query: MessageQuery, message: CaughtMessage, seen: dict[CopyPlace, bool]) -> bool:
    """Is any copy meant? The envelope of each names its own recipient."""
    return any(_copy_is_meant(context, query, copy, seen) for copy in message.copies)


def _copy_is_meant(context: HttpContext, query: MessageQuery, copy: Copy, seen: dict[CopyPlace, bool]) -> bool:
    """Is it? Each copy is read once."""
    place = copy.account, copy.row.uid
    if place not in seen:
        try:
            octets = context.mail.content_of(copy).whole()
        except (NoSuchMessage, FileNotFoundError):
            return False
        seen[place] = query.means(StoredMessage(octets, copy.account))
    return seen[place]
