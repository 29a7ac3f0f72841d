"""`/api/v1/tags`: the tags of messages."""

from starlette.requests import Request
from starlette.responses import Response

from maillab.recipient.folders import Change
from maillab.web.answering import BadQuestion, as_json, as_text, asked, context_of, worked_out
from maillab.web.caught import CaughtMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.shapes import NewName, Tagging
from maillab.web.mailpit.told import all_tags
from maillab.web.tags import BadTag, keyword_of, tags_of


async def listed(request: Request) -> Response:
    """Every tag."""
    context = context_of(request)
    return as_json(await worked_out(lambda: all_tags(context.mail.messages())))


async def put(request: Request) -> Response:
    """Give messages these tags, and no others."""
    context, wanted = context_of(request), await asked(request, Tagging)
    keywords = [_keyword(tag) for tag in wanted.tags]
    await worked_out(lambda: tag(context, context.chosen(wanted.ids), keywords))
    return as_text("ok")


async def rename(request: Request) -> Response:
    """Call a tag something else, wherever it is."""
    context, wanted = context_of(request), await asked(request, NewName)
    await worked_out(lambda: _replace(context, request.path_params["tag"], [_keyword(wanted.name)]))
    return as_text("ok")


async def remove(request: Request) -> Response:
    """Take a tag away, wherever it is."""
    context = context_of(request)
    await worked_out(lambda: _replace(context, request.path_params["tag"], []))
    return as_text("ok")


def tag(context: HttpContext, messages: list[CaughtMessage], keywords: list[str]) -> None:
    """Give messages these keywords, and take all other tags away. Raises `OSError`."""
    for message in messages:
        others = {keyword for keyword in message.keywords if not keyword.startswith("$")} - {*keywords}
        if others:
            context.mail.flag([message], Change.REMOVE, others)
    if keywords:
        context.mail.flag(messages, Change.ADD, keywords)


def _replace(context: HttpContext, name: str, keywords: list[str]) -> None:
    tagged = context.meant(lambda message: name in tags_of(message.keywords))
    if not tagged:
        raise BadQuestion(f"tag not found: {name[:100]}")
    context.mail.flag(tagged, Change.REMOVE, [_keyword(name)])
    if keywords:
        context.mail.flag(tagged, Change.ADD, keywords)


def _keyword(name: str) -> str:
    try:
        return keyword_of(name)
    except BadTag as error:
        raise BadQuestion(str(error)) from None
