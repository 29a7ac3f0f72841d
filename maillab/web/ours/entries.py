"""`/maillab/v1/entries`: the logbook, as lines of JSON or as events that a browser follows."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from maillab.views.filter import FilterError
from maillab.web.answering import LARGEST, context_of, number, worked_out
from maillab.web.context import HttpContext
from maillab.web.numbers import whole_number
from maillab.web.ours.complaints import complaint, language
from maillab.web.ours.feed import EntryFeed, FeedLine

FRAME = 0.1  # seconds between two looks: as quick as an eye, and a flood costs no more than that
STILL = 15.0  # seconds after which a word is said to a client that would hear nothing
MANY = 1_000  # lines in one piece


async def entries(request: Request) -> Response:
    """What is in the logbook after number `since`, and matches `filter`: a line each, or a stream that goes on."""
    feed = feed_of(request)
    since = number(request, "since", _last_event(request))
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_events(context_of(request), feed, since), media_type="text/event-stream")
    return StreamingResponse(_lines(feed, since, number(request, "limit", LARGEST)), media_type="application/x-ndjson")


def feed_of(request: Request) -> EntryFeed:
    """The feed that is asked for. Raises `BadQuestion`."""
    try:
        return context_of(request).feeds.feed(request.query_params.get("filter", ""), language(request))
    except FilterError as error:
        raise complaint(request, error) from None


def _last_event(request: Request) -> int:
    """Where a browser that lost the connection goes on (HTML, server-sent events)."""
    return whole_number(request.headers.get("last-event-id", "")) or 0


async def _since(feed: EntryFeed, since: int) -> tuple[list[FeedLine], int]:
    """What is new: of fifty who follow, one has it made, in a thread, and it is ready for the others."""
    if (ready := feed.at_once(since, MANY)) is not None:
        return ready
    return await worked_out(partial(feed.since, since, MANY)) if feed.is_behind(since) else ([], since)


async def _lines(feed: EntryFeed, since: int, limit: int) -> AsyncIterator[bytes]:
    while limit > 0:
        lines, told = await worked_out(partial(feed.since, since, min(MANY, limit)))
        if lines:
            yield b"".join(line + b"\n" for _, line in lines)
            limit -= len(lines)
        elif told == since:
            return
        since = told


async def _events(context: HttpContext, feed: EntryFeed, since: int) -> AsyncIterator[bytes]:
    still = 0.0
    yield b"retry: 1000\n\n"
    while not context.ending:
        lines, told = await _since(feed, since)
        if lines:
            still = 0.0
            yield b"".join(b"id: %d\ndata: %s\n\n" % line for line in lines)
        since = told
        if len(lines) < MANY:
            await asyncio.sleep(FRAME)
            still += FRAME
        if still >= STILL:
            still = 0.0
            yield b": still here\n\n"
