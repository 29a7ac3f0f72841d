"""A test file that says again what the clients said, and asserts that the answers are of the same kind.

Rules for this file: what it writes needs the standard library, pytest and a server, and can be read by somebody who
knows the protocol. What came from outside stands in it as literals. No password: it is asked for.

Files: reads reenacting.txt beside this file, the part that all such tests share.
"""

import re
from collections.abc import Iterator
from importlib import resources

from maillab.mail.content import Content
from maillab.recording.session import Session
from maillab.recording.talks import Answered, Asked, Exchange, Kind, Talk, exchanges, is_long, talks
from maillab.views.safe import safe

LARGEST = 1_048_576  # octets of one letter that is written into a test
_NAME = re.compile(r"\W+", re.ASCII)
_CODE = re.compile(rb"[2-5][0-9]{2}|\+OK|-ERR|\+")
_UNKNOWN = b"secret"  # said where a secret stood that belongs to no login


def export(session: Session) -> Iterator[bytes]:
    """A Python file, a test a talk, in the order in which the talks began."""
    title = safe(session.header.title).replace("\\", "/").replace('"', "'")
    yield f'"""{title or "A mail session"}: its clients, re-enacted.\n\n'.encode()
    yield resources.files("maillab.recording.export").joinpath("reenacting.txt").read_bytes()
    for talk in talks(session.entries):
        if talk.protocol != "dns":
            yield from (line.encode() + b"\n" for line in _test(talk))


def _test(talk: Talk) -> Iterator[str]:
    name = _NAME.sub("_", talk.name).lower()
    yield from ("", "", f"def test_{name}(server):")
    yield f'    """{_quoted(talk.service)} at {_quoted(talk.server)}."""'
    rows = exchanges(talk)
    if any(_size(row) > LARGEST for row in rows):
        yield '    pytest.skip("a letter of this talk is too large to stand in a test, or was not kept")'
        return
    greeting = rows[0].answer if rows and rows[0].asked is None else None
    if greeting is None:
        yield '    pytest.skip("in this talk the server said nothing")'
        return
    yield f"    with Talk(server, {talk.service!r}, {safe(talk.server)!r}, tls={talk.tls_first}) as talk:"
    yield f'        talk.expect("{_code(greeting)}")'
    for row in rows[1:]:
        if row.asked is not None:
            yield from (f"        {line}" for line in _lines(talk, row.asked, row.answer, row))


def _lines(talk: Talk, asked: Asked, answer: Answered | None, row: Exchange) -> Iterator[str]:
    """What the test does for one exchange."""
    code = _code(answer) if answer else ""
    line = asked.line.removesuffix(b"\n").removesuffix(b"\r")
    if asked.kind is Kind.LETTER:
        yield "talk.send("
        yield from (f"    {piece!r}" for piece in _pieces(asked.contents))
        yield f'    {asked.line!r}, "{code}")'
    elif asked.contents:  # BDAT
        yield "talk.send("
        yield f"    {asked.line!r}"
        yield from (f"    {piece!r}" for piece in _pieces(asked.contents))
        yield f'    , "{code}")'
    elif asked.verb == "AUTH" and (row.challenges or asked.argument.split()[1:]):
        if code in ("235", "535", "+OK", "-ERR"):
            yield f'talk.auth({_who(talk, code)}, "{code}")  # it was {safe(asked.argument.split()[0])}'
        else:
            yield "# a login that was broken off is left out"
    elif asked.verb == "PASS":
        yield f'talk.pass_({_who(talk, code)}, "{code}")'
    elif asked.verb == "APOP":
        yield f'talk.apop({_who(talk, code)}, "{code}")'
    else:
        start, end = asked.secret
        said = line[:start] + _UNKNOWN + line[end:] if start < end else line
        long = ", long=True" if talk.protocol == "pop3" and is_long(line) and code == "+OK" else ""
        yield f'talk.say({said!r}, "{code}"{long})'
        if asked.verb in ("STARTTLS", "STLS") and code in ("220", "+OK"):
            yield "talk.start_tls()"


def _who(talk: Talk, code: str) -> str:
    """Who logged in, where it succeeded; nobody, where it did not."""
    return repr(safe(talk.user)) if talk.user and code in ("235", "+OK") else "None"


def _code(answer: Answered) -> str:
    """What an answer begins with: 250, +OK, -ERR."""
    found = _CODE.match(answer.last)
    return found[0].decode("ascii") if found else ""


def _pieces(contents: tuple[Content, ...]) -> list[bytes]:
    """The letter, line by line."""
    return b"".join(content.whole() for content in contents).splitlines(keepends=True)


def _size(row: Exchange) -> int:
    """Octets of what the client carried; more than any limit when it was not kept."""
    contents = row.asked.contents if row.asked else ()
    if any(content.path is not None and not content.path.exists() for content in contents):
        return LARGEST + 1
    return sum(map(len, contents))


def _quoted(text: str) -> str:
    return safe(text).replace("\\", "/").replace('"', "'")
