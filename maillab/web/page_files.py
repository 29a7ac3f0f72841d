"""The page for a browser, at `/`, and the files that it is made of (page/).

Files: reads the folder page/ beside this file, once. What is asked for is compared with the names in it; no path is
made of it.
"""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from maillab.web.answering import not_found

FIRST = "index.html"
# nothing but our own files runs, is shown or is asked; nobody puts the page into theirs
POLICY = (
    "default-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


async def page(request: Request) -> Response:
    """The page; where in it one begins, its own script reads from the address."""
    return _answer(FIRST)


async def file(request: Request) -> Response:
    """One of its files."""
    name: str = request.path_params["name"]
    return _answer(name) if name in files() else not_found("the page has no such file")


@cache
def files() -> dict[str, bytes]:
    """The files of the page, by their names below its folder."""
    return dict(_below(resources.files("maillab.web").joinpath("page"), ""))


def _below(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _below(item, f"{before}{item.name}/")
        elif item.name.rpartition(".")[2] in TYPES:
            found.append((f"{before}{item.name}", item.read_bytes()))
    return found


def _answer(name: str) -> Response:
    kind = TYPES[name.rpartition(".")[2]]
    return Response(files()[name], headers={"Content-Security-Policy": POLICY, "Content-Type": kind})
