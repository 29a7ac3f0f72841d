"""A row of the tables of routes."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]


class ApiRoute(NamedTuple):
    """A method and a path, who answers, what is said of it, and the types of body and answer (`str`: plain text).

    `query` are the names of what may stand in the query string.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answer: Any = str
    body: Any = None
    query: tuple[str, ...] = ()
