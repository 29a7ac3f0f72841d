"""`/api/v1/messages` and `/api/v1/search`: lists of messages, whether they are read, and their removal."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from maillab.recipient.folders import Change
from maillab.web.answering import BadQuestion, as_json, as_text, asked, context_of, number, worked_out
from maillab.web.caught import SEEN, CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.query import Query
from maillab.web.mailpit.shapes import Chosen, Page, ReadState
from maillab.web.mailpit.told import MessageInQuestion, page

USUAL = 50  # messages of a page


async def listed(request: Request) -> Response:
    """A page of all messages, the newest first."""
    context, start, limit = context_of(request), number(request, "start", 0), number(request, "limit", USUAL)

    def work() -> Page:
        everything = context.mail.messages()
        return page(context, everything, start, limit, everything)

    return as_json(await worked_out(work))


async def found(request: Request) -> Response:
    """A page of the messages that a query means."""
    context, means = context_of(request), _query(request)
    start, limit = number(request, "start", 0), number(request, "limit", USUAL)

    def work() -> Page:
        everything = context.mail.messages()
        return page(context, [message for message in everything if means(message)], start, limit, everything)

    return as_json(await worked_out(work))


async def mark(request: Request) -> Response:
    """Mark messages as read or unread."""
    context, wanted = context_of(request), await asked(request, ReadState)
    means = _meaning(context, wanted.search)

    def work() -> None:
        chosen = _chosen(context, wanted.ids, means if wanted.search else None)
        context.mail.flag(chosen, Change.ADD if wanted.read else Change.REMOVE, [SEEN])

    await worked_out(work)
    return as_text("ok")


async def remove(request: Request) -> Response:
    """Remove these messages; without ids, all."""
    context, wanted = context_of(request), await asked(request, Chosen)
    await worked_out(lambda: context.remove(_chosen(context, wanted.ids, None)))
    if "accept" not in request.headers:  # clients of MailHog, whose answer is empty, ask the same and read JSON
        return Response()
    return as_text("ok")


async def remove_found(request: Request) -> Response:
    """Remove the messages that a query means; one that says nothing would mean what others wait for, too."""
    context, params = context_of(request), request.query_params
    if not Query(params.get("query", "")).tests:
        raise BadQuestion("a query is expected that says which messages; DELETE /api/v1/messages removes all")
    means = _query(request)
    await worked_out(lambda: context.remove(context.meant(means)))
    return as_text("ok")


def _chosen(context: HttpContext, ids: list[str], means: Callable[[CaughtMessage], bool] | None) -> list[CaughtMessage]:
    if ids:
        return context.chosen(ids)
    return context.meant(means or (lambda message: True))


def _query(request: Request) -> Callable[[CaughtMessage], bool]:
    params = request.query_params
    return _meaning(context_of(request), params.get("query", ""), params.get("tz", ""))


def _meaning(context: HttpContext, text: str, zone: str = "") -> Callable[[CaughtMessage], bool]:
    """Is a message meant? One that goes away meanwhile is not."""
    query = Query(text, zone)

    def means(message: CaughtMessage) -> bool:
        try:
            return query.means(MessageInQuestion(context.digest(message), message))
        except NoSuchMessage:
            return False

    return means
