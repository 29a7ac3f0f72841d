"""All routes of the door, behind the guard."""

from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from maillab.endpoints import HOST
from maillab.events import Warned
from maillab.web import mailhog, page_files
from maillab.web.admission import Admission
from maillab.web.context import HttpContext
from maillab.web.faults import Faults
from maillab.web.guard import RequestGuard
from maillab.web.mailpit.changes import ChangeFeed
from maillab.web.mailpit.events import events
from maillab.web.mailpit.openapi import described
from maillab.web.mailpit.routes import LEFT_OUT, ROWS, left_out
from maillab.web.ours.routes import ROWS as OURS
from maillab.web.token_guard import TokenGuard

_ROUTES: tuple[Route | WebSocketRoute, ...] = (
    *(Route(row.path, row.handler, methods=[row.method]) for row in (*ROWS, *OURS)),
    WebSocketRoute("/api/events", events),
    Route("/api/v1/openapi.json", described),
    Route("/api/v2/messages", mailhog.listed),
    Route("/api/v2/search", mailhog.found),
    Route("/api/v1/messages/{id}", mailhog.remove, methods=["DELETE"]),
    *(Route(path, page_files.page) for path in ("/", "/view/{id}", "/search")),
    Route("/page/{name:path}", page_files.file),
)


def announced() -> Iterator[tuple[str, str]]:
    """Every method and path that is answered; the method of what goes on over a websocket is WEBSOCKET."""
    for route in _ROUTES:
        methods = {"WEBSOCKET"} if isinstance(route, WebSocketRoute) else (route.methods or set()) - {"HEAD"}
        yield from ((method, route.path) for method in sorted(methods))


def made(context: HttpContext, listening: str = HOST, admission: Admission | None = None) -> Starlette:
    """The application; its answers are made of `context`. It listens at this address; who is let in, `admission` says,
    where it is not whoever reaches it.
    """

    def tell(problem: str) -> None:
        context.lab.logbook.append(Warned("http", problem))

    app = Starlette(
        routes=[
            *(Route(path, left_out(why), methods=["GET", "POST"]) for path, why in LEFT_OUT.items()),
            *_ROUTES,
        ],
        middleware=[
            Middleware(RequestGuard, listening=listening),
            Middleware(Faults, tell=tell, told_in="its transcript"),
            *([Middleware(TokenGuard, admission=admission)] if admission else []),
        ],
    )
    app.router.redirect_slashes = False  # a client that follows would remove all where it left an id empty
    app.state.context, app.state.changes = context, ChangeFeed(context)
    return app
