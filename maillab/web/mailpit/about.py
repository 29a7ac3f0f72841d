"""`/api/v1/info`, `/api/v1/webui`, `/livez`, `/readyz`: who answers, and whether."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from maillab import __version__
from maillab.web.answering import as_json, as_text, context_of, worked_out
from maillab.web.context import HttpContext
from maillab.web.mailpit.shapes import Info, PageSettings, RuntimeStats
from maillab.web.tags import tags_of


async def info(request: Request) -> Response:
    """The program, and how much the lab holds."""
    context = context_of(request)
    return as_json(await worked_out(lambda: _info(context)))


async def settings(request: Request) -> Response:
    """What a page for Mailpit wants to know."""
    return as_json(PageSettings())


async def live(request: Request) -> Response:
    """It answers."""
    return as_text("OK")


async def ready(request: Request) -> Response:
    """The inboxes can be read, too."""
    await worked_out(context_of(request).mail.messages)
    return as_text("OK")


def _info(context: HttpContext) -> Info:
    messages = context.mail.messages()
    tags = Counter(tag for message in messages for tag in tags_of(message.keywords))
    name = f"v{__version__}-maillab"
    stats = RuntimeStats(
        int(context.lab.clock.now() - context.started),
        context.removed,
        sum(message.created >= context.started for message in messages) + context.removed,
    )
    return Info(
        version=name,
        latest_version=name,
        database=str(context.lab.folder / "mail"),
        database_size=sum(copy.row.octets for message in messages for copy in message.copies),
        messages=len(messages),
        unread=sum(not message.is_read for message in messages),
        tags=dict(sorted(tags.items())),
        runtime_stats=stats,
    )
