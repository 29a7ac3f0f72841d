"""A test file that says again what the clients said, and asserts that the answers are of the same kind.

Rules for this file: what it writes needs the standard library, pytest and a server, and can be read by somebody who
knows the protocol. What came from outside stands in it as literals. No password: it is asked for.

Files: reads reenacting.txt beside this file, the part that all such tests share.
"""

import math
import pprint
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from typing import Any

from maillab.events import Leg, Opened
from maillab.mail.content import Content
from maillab.protocols.protocol import AnswerKind, Protocol, RequestKind
from maillab.protocols.services import of_a_site
from maillab.recording.export.turns import introductions, titled
from maillab.recording.line_ends import ended
from maillab.recording.replay_steps import harmless
from maillab.recording.session import Session
from maillab.recording.talks import Answered, Asked, Talk, TalkExchange, exchanges, talks
from maillab.views.safe import safe

LINE_END = b"\r\n"
LARGEST = 1_048_576  # octets of one message that is written into a test
PAUSE = 10.0  # seconds without a word from which on a test turns the lab's clock forward
_NAME = re.compile(r"\W+", re.ASCII)


def export(session: Session) -> Iterator[bytes]:
    """A Python file, a test a talk, in the order in which the talks began; the lab of the session comes along."""
    title, session = titled(session)
    title = title.replace("\\", "/").replace('"', "'")
    yield f'"""{title or "A mail session"}: its clients, re-enacted.\n\n'.encode()
    shared = resources.files("maillab.recording.export").joinpath("reenacting.txt").read_text("utf-8")
    named = ", ".join(f'"{service.name}"' for service in of_a_site())
    yield shared.replace("SERVICES = ()", f"SERVICES = ({named})", 1).encode()
    recorded = talks(session.entries)
    relayed = any(talk.leg == "relay" for talk in recorded)
    yield b"\n\n# The lab in which this was recorded. Passwords are not kept: there, everybody's is their name.\n"
    yield f"LAB = {_literal(session.header.lab)}\n".encode()
    yield b"# Do the talks below hand on the messages themselves? Then the lab's own queues keep still.\n"
    yield f"HOLD = {relayed}\n".encode()
    pauses = _pauses(session)
    narration = introductions(session)
    names: set[str] = set()
    for talk in recorded:
        yield from (b"\n\n# " + text.encode() + b"\n" for text in narration.get(talk.name, []))
        if talk.leg is not Leg.LOOKUP:
            yield from (line.encode() + b"\n" for line in _test(talk, _name(talk, names), pauses.get(talk.name, 0.0)))


def _literal(lab: dict[str, Any]) -> str:
    """The table as Python writes it, without passwords; an empty one for what is nested beyond all sense."""
    try:
        return pprint.pformat(_without_passwords(lab), width=110, sort_dicts=False)
    except RecursionError:
        return "{}"


def _without_passwords(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_passwords(inner) for key, inner in value.items() if key != "password"}
    return [_without_passwords(inner) for inner in value] if isinstance(value, list) else value


def _pauses(session: Session) -> dict[str, float]:
    """How long nobody had said anything when a talk began: seconds, by its name."""
    pauses: dict[str, float] = {}
    waited, before = 0.0, session.entries[0].at if session.entries else 0.0
    for entry in session.entries:
        waited += max(0.0, entry.at - before) if entry.at - before >= PAUSE else 0.0
        before = entry.at
        if isinstance(entry.event, Opened) and entry.event.leg is not Leg.LOOKUP:
            pauses.setdefault(entry.event.talk, waited)
            waited = 0.0
    return pauses


def _name(talk: Talk, names: set[str]) -> str:
    """The name of its test, which no other has."""
    name = first = _NAME.sub("_", talk.name).lower()
    while name in names:
        name = f"{first}_{len(names)}"
    names.add(name)
    return name


def _test(talk: Talk, name: str, pause: float) -> Iterator[str]:
    rows = exchanges(talk)
    greeting = rows[0].answer if rows and rows[0].asked is None else None
    if greeting is None:
        yield from ("", "", f"# {safe(talk.name)} is left out: the server said nothing")
        return
    yield from ("", "", f"def test_{name}(server):")
    yield f'    """{_quoted(talk.service)} at {_quoted(talk.server)}."""'
    if any(_size(row) > LARGEST for row in rows):
        yield '    pytest.skip("a message of this talk is too large to stand in a test, or was not kept")'
        return
    later = f", later={math.ceil(pause)}" if PAUSE <= pause < 1e9 else ""
    yield f"    with Talk(server, {talk.service!r}, {safe(talk.server)!r}, tls={talk.tls_first}{later}) as talk:"
    mark = "" if talk.protocol.tag_of is None else "* "
    yield f'        talk.expect("{mark}{_code(talk.protocol, greeting)}")'
    if talk.protocol.tag_of is not None:
        yield from (f"        {line}" for line in _commands(talk))
        return
    for row in rows[1:]:
        if row.asked is not None:
            yield from (f"        {line}" for line in _lines(talk, row.asked, row.answer, row))


def _commands(talk: Talk) -> Iterator[str]:
    """What the test does in a talk with tags: each command up to its answer, literals and all; a login is one."""
    said = b""
    is_login = command = False
    for at, turn in enumerate(talk.turns):
        if not isinstance(turn, Asked):
            continue
        if turn.kind is RequestKind.COMMAND:
            command = True
            is_login = talk.protocol.verb(turn.verb).login
            if is_login:
                yield f'talk.login({safe(talk.user)!r}, "OK")' if talk.user else "# a login that failed is left out"
        if is_login:
            continue
        said += b"".join(content.whole() for content in turn.contents) + ended(harmless(turn).line)
        if turn.goes_on:
            continue
        answer = next((one for one in talk.turns[at + 1 :] if isinstance(one, Answered)), None)
        what = "command" if command else "rest"
        yield f'talk.{what}({said!r}, "{_code(talk.protocol, answer) if answer else ""}")'
        if answer and talk.protocol.verb(turn.verb).tls and talk.protocol.kind(answer.last) is AnswerKind.GOOD:
            yield "talk.start_tls()"
        said, command = b"", False


def _lines(talk: Talk, asked: Asked, answer: Answered | None, row: TalkExchange) -> Iterator[str]:
    """What the test does for one exchange."""
    code = _code(talk.protocol, answer) if answer else ""
    line = asked.line.removesuffix(b"\n").removesuffix(b"\r")
    if asked.kind is RequestKind.END:
        yield "talk.send("
        yield from (f"    {piece!r}" for piece in _pieces(asked.contents, typed=True))
        yield f'    {(b"." + LINE_END if asked.line else b"")!r}, "{code}")'
    elif asked.contents:  # BDAT
        yield "talk.send("
        yield f"    {line + LINE_END!r}"
        yield from (f"    {piece!r}" for piece in _pieces(asked.contents))
        yield f'    , "{code}")'
    elif asked.verb == "AUTH" and (row.challenges or asked.argument.split()[1:]):
        if code in ("235", "535", "+OK", "-ERR"):
            mechanism = safe(asked.argument.partition(b" ")[0]) or "without a mechanism"
            yield f'talk.auth({_who(talk, code)}, "{code}")  # it was {mechanism}'
        else:
            yield "# a login that was broken off is left out"
    elif asked.verb == "PASS":
        yield f'talk.pass_({_who(talk, code)}, "{code}")'
    elif asked.verb == "APOP":
        yield f'talk.apop({_who(talk, code)}, "{code}")'
    else:
        line = harmless(replace(asked, line=line)).line
        long = ", long=True" if answer and len(answer.lines) > 1 and not talk.protocol.status_last else ""
        yield f'talk.say({line!r}, "{code}"{long})'
        if talk.protocol.verb(asked.verb).tls and answer and talk.protocol.kind(answer.last) is AnswerKind.GOOD:
            yield "talk.start_tls()"


def _who(talk: Talk, code: str) -> str:
    """Who logged in, where it succeeded; nobody, where it did not."""
    return repr(safe(talk.user)) if talk.user and code in ("235", "+OK") else "None"


def _code(protocol: Protocol, answer: Answered) -> str:
    """What an answer begins with: 250, +OK, -ERR; "" where it has no status."""
    if protocol.kind(answer.last) is AnswerKind.OTHER:
        return ""
    return protocol.verdict(answer.last).partition(" ")[0]


def _pieces(contents: tuple[Content, ...], *, typed: bool = False) -> list[bytes]:
    """The message, line by line; one that a person may have typed with the line ends of all that a test says."""
    octets = b"".join(content.whole() for content in contents)
    return (ended(octets) if typed else octets).splitlines(keepends=True)


def _size(row: TalkExchange) -> int:
    """Octets of what the client carried; more than any limit when it was not kept."""
    contents = row.asked.contents if row.asked else ()
    if any(content.path is not None and not content.path.exists() for content in contents):
        return LARGEST + 1
    return sum(map(len, contents))


def _quoted(text: str) -> str:
    return safe(text).replace("\\", "/").replace('"', "'")
