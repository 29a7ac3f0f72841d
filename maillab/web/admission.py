"""Who is let in where a token guards the door: programs that say it, and browsers that were let in with it.

Quiet. A browser is let in by a link that works once, or by a person who writes the token into a form. What it is given
is a cookie of its own and never the token: a cookie goes to every port of a host (RFC 6265 §8.5).
"""

import base64
import re
import secrets
from collections import deque
from collections.abc import Mapping

SHORTEST = 16  # signs of a token: one that is guessed at a thousand times a second for a year is not found
ENTER = "/enter"  # where a browser is let in
BROWSERS = 64  # that are let in at a time; the one that came first goes
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 §2.1


class NoToken(ValueError):  # noqa: N818 - said of what was given
    """What was given as a token is none."""


def token_of(text: str) -> str:
    """A token that a person has chosen. Raises `NoToken`.

    >>> token_of("a token with blanks in it")
    Traceback (most recent call last):
    maillab.web.admission.NoToken: a token is 16 or more of A-Z a-z 0-9 . _ ~ + / - without a blank
    """
    if len(text) < SHORTEST or not _TOKEN.fullmatch(text):
        raise NoToken(f"a token is {SHORTEST} or more of A-Z a-z 0-9 . _ ~ + / - without a blank")
    return text


def made_token() -> str:
    """A token of 192 bits, for a door for which nobody has chosen one."""
    return secrets.token_urlsafe(24)


class Admission:
    """One token, and who was let in with it since the door was opened. Everything is compared in constant time.

    `cookie` is the name of the cookie; two labs on one computer need two.
    """

    def __init__(self, token: str, cookie: str) -> None:
        self._token = token
        self.cookie = cookie
        self._browsers: deque[str] = deque(maxlen=BROWSERS)
        self.ticket = secrets.token_urlsafe(24)  # "" once it is used

    @property
    def way_in(self) -> str:
        """The path of the link that works once."""
        return f"{ENTER}/{self.ticket}"

    def is_token(self, word: str) -> bool:
        """Is it the one?"""
        return secrets.compare_digest(word.encode("utf-8", "replace"), self._token.encode())

    def use(self, ticket: str) -> bool:
        """Is it the one of the link, for the first time?"""
        known, here = ticket.encode("utf-8", "replace"), self.ticket
        if not here or not secrets.compare_digest(known, here.encode()):
            return False
        self.ticket = ""
        return True

    def let_in(self) -> str:
        """Let one more browser in; gives the value of its cookie."""
        self._browsers.append(secrets.token_urlsafe(32))
        return self._browsers[-1]

    def admits(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> bool:
        """Does whoever sends these have the token, or a browser's cookie?"""
        brought = cookies.get(self.cookie, "").encode("utf-8", "replace")
        known = [secrets.compare_digest(brought, each.encode()) for each in self._browsers]
        return any(known) or self.is_token(said_in(headers.get("authorization", "")))


def said_in(authorization: str) -> str:
    """The token in the field Authorization: after Bearer (RFC 6750), or the password of Basic (RFC 7617), which the
    clients of Mailpit speak; "" where there is none.

    >>> said_in("Bearer abc"), said_in("basic bWU6YWJj"), said_in("Basic !"), said_in("Digest abc")
    ('abc', 'abc', '', '')
    """
    scheme, _, value = authorization.partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
            except ValueError:  # neither base64 nor UTF-8
                return ""
    return ""
