"""How a question is read and an answer written: JSON by types, numbers, one sentence for what was wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from maillab.web.caught import CaughtMessage
from maillab.web.context import HttpContext
from maillab.web.numbers import whole_number
from maillab.web.workers import in_thread

T = TypeVar("T")

LARGEST = 1_000_000_000  # of a number in a query
MOST_STRINGS = 200_000  # in a body: as many ids as anybody removes at once
MOST_SIGNS = 512 << 10  # octets of a body outside of its strings
SMALL = 64 << 10  # octets of a body that is read at once; a larger one would hold the lab's loop up


class BadQuestion(Exception):  # noqa: N818 - the client's fault, answered with 400
    """What was asked cannot be understood; the text says why."""


def context_of(request: Request) -> HttpContext:
    """What the answers are made of."""
    context: HttpContext = request.app.state.context
    return context


def as_json(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def as_text(text: str, status: int = 200) -> Response:
    """Plain text."""
    return Response(text, status, media_type="text/plain; charset=utf-8")


def not_found(why: str = "message not found") -> Response:
    """What was asked for is not there."""
    return as_text(why, 404)


async def asked(request: Request, kind: type[T]) -> T:
    """The body, read as this type; none is an empty object. Names have no case, as for Go.

    Raises `BadQuestion`.
    """
    octets = await request.body()
    work = partial(_read_as, octets, kind)
    return work() if len(octets) <= SMALL else await worked_out(work)


def _read_as(octets: bytes, kind: type[T]) -> T:
    if not _is_bearable(octets):
        raise BadQuestion("too many values in one body")
    try:
        value = msgspec.json.decode(octets) if octets.strip() else {}
        return msgspec.convert(canonical(value, kind), kind)
    except msgspec.MsgspecError as error:
        raise BadQuestion(str(error)) from None
    except RecursionError:
        raise BadQuestion("nested too deep") from None


def _is_bearable(octets: bytes) -> bool:
    """Are there few enough values? 40 MB of [],[],[] are a gigabyte of lists, and hold the lab up for seconds."""
    bare = octets.replace(rb"\\", b"").replace(rb"\"", b"")  # every quote that is left begins or ends a string
    if bare.count(b'"') > 2 * MOST_STRINGS:
        return False
    return len(octets) <= MOST_SIGNS or sum(map(len, bare.split(b'"')[::2])) <= MOST_SIGNS


def canonical(value: Any, kind: Any) -> Any:
    """Builtins with the names of a struct's fields spelled as its type spells them; unknown ones are left out.

    >>> class Point(msgspec.Struct, rename="pascal"):
    ...     x: int
    >>> canonical({"x": 1, "y": 2}, Point)
    {'X': 1}
    """
    if get_origin(kind) is list and isinstance(value, list):
        return [canonical(each, get_args(kind)[0]) for each in value]
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict)):
        return value
    fields = {field.encode_name.lower(): field for field in msgspec.structs.fields(kind)}
    known = ((fields.get(name.lower()), each) for name, each in value.items())
    return {
        field.encode_name: canonical(each, field.type)
        for field, each in known
        if field is not None and each is not None  # null is what is not said
    }


def number(request: Request, name: str, usual: int) -> int:
    """A number of the query string; `usual` where it says none, or none that can be."""
    said = whole_number(request.query_params.get(name, ""))
    return usual if said is None else min(said, LARGEST)


async def worked_out(work: Callable[[], T]) -> T:
    """Do in a thread what may read files. Raises what it raises."""
    return await in_thread(work)


async def of_message(request: Request, work: Callable[[CaughtMessage, bytes], T]) -> T:
    """What is worked out from the message that the path names, and its octets. Raises `NoSuchMessage`, `OSError`.

    All in one go: a hundred who ask for a large message hold it one after the other.
    """
    context, name = context_of(request), request.path_params["id"]

    def worked() -> T:
        message = context.mail.find(name)
        return work(message, context.mail.octets(message))

    return await worked_out(worked)
