"""The description of the API (OpenAPI 3.1), made from the table of routes and the types of the answers."""

import re
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from maillab import __version__
from maillab.web.answering import as_json
from maillab.web.mailpit.routes import ROWS
from maillab.web.mailpit.shapes import Fault
from maillab.web.routes import ApiRoute


async def described(request: Request) -> Response:
    """The description, for programs that write clients."""
    return as_json(description())


def description() -> dict[str, Any]:
    """The whole of it."""
    kinds = [kind for row in ROWS for kind in (row.answer, row.body) if kind not in (None, str, bytes)]
    _, schemas = msgspec.json.schema_components([*kinds, Fault], ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "maillab, by Mailpit's routes", "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(row: ApiRoute) -> dict[str, Any]:
    parameters = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", row.path)]
    parameters += [_parameter(name, "query") for name in row.query]
    operation: dict[str, Any] = {
        "summary": row.summary,
        "operationId": f"{row.handler.__module__.rpartition('.')[2]}-{row.handler.__name__}",
        "parameters": parameters,
        "responses": {"200": {"description": row.summary, "content": _content(row.answer)}},
    }
    if row.body is not None:
        operation["requestBody"] = {"content": _content(row.body)}
    return operation


def _parameter(name: str, place: str) -> dict[str, Any]:
    kind = "integer" if name in ("start", "limit") else "string"
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": kind}}


def _content(kind: Any) -> dict[str, Any]:
    if kind is str:
        return {"text/plain": {"schema": {"type": "string"}}}
    if kind is bytes:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    [schema], _ = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return {"application/json": {"schema": schema}}
