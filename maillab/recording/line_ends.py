"""The record of a person at a keyboard, whose terminal ended every line with LF alone.

Servers take LF.LF for the end of a message only where the client said no CR (maillab/wire/intake.py). So where such
a record is said again together with something that ends with CRLF, a login for example, all of it must.
"""

from dataclasses import replace

from maillab.mail.content import Content
from maillab.protocols.protocol import RequestKind
from maillab.recording.talks import Asked, Talk


def with_crlf(talk: Talk) -> Talk:
    """The same talk as a program would say it; any other talk as it is. A content that is gone is left as it is.

    >>> from maillab.events import Leg
    >>> turns = (Asked(RequestKind.COMMAND, b"QUIT\\n"),)
    >>> with_crlf(Talk("relay-1", Leg.RELAY, "smtp", "mx", False, turns)).turns[0].line
    b'QUIT\\r\\n'
    """
    if any(isinstance(turn, Asked) and turn.line.endswith(b"\r\n") for turn in talk.turns):
        return talk
    return replace(talk, turns=tuple(_with_crlf(turn) if isinstance(turn, Asked) else turn for turn in talk.turns))


def _with_crlf(asked: Asked) -> Asked:
    line = asked.line.removesuffix(b"\n") + b"\r\n" if asked.line.endswith(b"\n") else asked.line
    contents = asked.contents
    if asked.kind is RequestKind.END:  # what BDAT announced keeps its length
        contents = tuple(Content(ended(content.whole())) for content in contents if content.path is None) or contents
    return replace(asked, line=line, contents=contents)


def ended(octets: bytes) -> bytes:
    """A message in which no CR stands, its lines ended with CRLF; any other as it is.

    >>> ended(b"a\\nb\\n")
    b'a\\r\\nb\\r\\n'
    """
    return octets if b"\r" in octets else octets.replace(b"\n", b"\r\n")
