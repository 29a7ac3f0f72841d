"""Where a token guards the door: nobody passes without it, and a browser gets a cookie for it at `/enter`.

The link that is printed leads to `/enter/` and a word that works once. Its answer is a page that goes on by itself, no
redirection: a cookie that is SameSite=Strict is not sent where another page has led to the first address.
"""

from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from maillab.web.admission import ENTER, Admission

OPEN = {"/livez", "/readyz"}  # a health check has no token, and learns no more than that the lab is well
LARGEST = 4 << 10  # octets of the form

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-content: center; min-height: 90vh; margin: 1rem }
form { display: grid; gap: .75rem; width: min(26rem, 90vw) }
h1, p { margin: 0 } h1 { font-size: 1.25rem }
input, button { font: inherit; padding: .5rem .75rem }
"""
_WORDS = {
    "en": {
        "title": "This lab asks for its token",
        "token": "Token",
        "enter": "Enter",
        "where": "maillab printed it at its start, unless somebody has chosen it.",
        "wrong": "That is not the token.",
        "used": "This link works once, and it has been used.",
    },
    "vi": {
        "title": "Lab này hỏi token",
        "token": "Token",
        "enter": "Vào",
        "where": "maillab đã in token lúc khởi động, trừ khi có người chọn sẵn.",
        "wrong": "Token không đúng.",
        "used": "Liên kết này chỉ dùng được một lần, và đã được dùng.",
    },
}
# the referrer: without it the browser would say that the form comes from nowhere, and the guard refuses that
_FORM = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin"><title>maillab</title><style>{style}</style></head>
<body><form method="post" action="/enter"><h1>{words[title]}</h1><p role="alert">{alert}</p>
<label for="token">{words[token]}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>{words[enter]}</button><p><small>{words[where]}</small></p></form></body></html>
"""
_GO_ON = '<!DOCTYPE html><meta http-equiv="refresh" content="0; url=/"><title>maillab</title><a href="/">maillab</a>\n'


class TokenGuard:
    """Stands before the routes. Programs without a token are told so with 401, persons get the form."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI asks."""
        if scope["type"] == "http" and scope["path"].startswith(ENTER):
            answer = await self._enter(Request(scope, receive))
        elif scope["path"] in OPEN or self._admission.admits(Headers(scope=scope), HTTPConnection(scope).cookies):
            await self._app(scope, receive, send)
            return
        else:
            answer = refused(scope)
        await answer(scope, receive, send)

    async def _enter(self, request: Request) -> Response:
        """The form, what it says, and the link that works once."""
        ticket = request.url.path.removeprefix(ENTER).removeprefix("/")
        if request.method == "POST":
            said = await _said(request)
            return (
                self._let_in(RedirectResponse("/", 303)) if self._admission.is_token(said) else form(request, "wrong")
            )
        if request.method == "GET" and ticket:
            return self._let_in(_page(_GO_ON, 200)) if self._admission.use(ticket) else form(request, "used")
        return form(request)

    def _let_in(self, answer: Response) -> Response:
        admission = self._admission
        answer.set_cookie(admission.cookie, admission.let_in(), path="/", httponly=True, samesite="strict")
        return answer


def refused(scope: Scope) -> Response:
    """What is answered to somebody without the token: the form where a page was wanted."""
    wanted = Headers(scope=scope).get("accept", "")
    if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in wanted:
        return form(Request(scope))
    why = "this lab asks for its token: Authorization: Bearer TOKEN"
    return PlainTextResponse(why, 401, {"WWW-Authenticate": 'Bearer realm="maillab"'})


def form(request: Request, last: str = "") -> Response:
    """Where a person writes the token; `last` says what was wrong with the last try."""
    lang = "vi" if request.headers.get("accept-language", "").lower().startswith("vi") else "en"
    words = _WORDS[lang]
    return _page(_FORM.format(lang=lang, style=_STYLE, words=words, alert=words.get(last, "")), 401)


def _page(html: str, status: int) -> Response:
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


async def _said(request: Request) -> str:
    """The token that the form says."""
    octets = b""
    async for block in request.stream():
        octets += block
        if len(octets) > LARGEST:
            return ""
    return parse_qs(octets.decode("ascii", "replace")).get("token", [""])[0].strip()
