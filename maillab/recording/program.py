"""Did a program say what the record has of it? Its questions of today beside those of the record, talk by talk.

Rules for this file: ids, dates, lengths, secrets, the name in EHLO and the mechanism of a login do not count, nor does
a QUIT at the end; sender, recipients, and of a message From, To, Cc and Subject do.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from maillab.protocols.protocol import Protocol, RequestKind
from maillab.recording.compare import question
from maillab.recording.talks import Talk, TalkExchange, exchanges
from maillab.views.safe import clip, safe

LONGEST = 120  # columns of what was said
_NONCE = re.compile(r"(?=[\w-]*\d)[\w-]{6,}|\d{4,}")
_FIELD = re.compile(rb"(?im)^(from|to|cc|subject)[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_HEAD = 65_536  # octets of a message in which its header is looked for


def differences(known: Sequence[Talk], today: Sequence[Talk]) -> list[str]:
    """What is not as in the record, a sentence for each talk, with talk and command; the last talk may be said again.

    >>> from maillab.events import Leg
    >>> differences([Talk("submit-1", Leg.SUBMIT, "smtp", "mx", False, ())], [])
    ['submit-1: the program did not connect']
    """
    found = []
    for number, talk in enumerate(known):
        if number >= len(today):
            found.append(f"{safe(talk.name)}: the program did not connect")
    for number, talk in enumerate(today):
        said = difference(known[min(number, len(known) - 1)], talk)
        if said:
            found.append(said)
    return found


def difference(known: Talk, today: Talk) -> str:
    """The first place at which two talks part, "" where there is none."""
    pairs = zip_longest(_questions(known), _questions(today))
    for number, (one, other) in enumerate(pairs, 1):
        if one == other:
            continue
        where = f"{safe(known.name)}, command {number}"
        if other is None:
            return f"{where}: the record has {_shown(one)}; the program said nothing more"
        if one is None:
            return f"{where}: the program said {_shown(other)}; the record has nothing more"
        return f"{where}: the record has {_shown(one)}; the program said {_shown(other)}"
    return ""


def _shown(text: str | None) -> str:
    return clip(text or "", LONGEST)


def _questions(talk: Talk) -> list[str]:
    """What a client asked, as far as it counts."""
    found = [
        text for exchange in exchanges(talk) if exchange.asked is not None for text in _counted(talk.protocol, exchange)
    ]
    while found and found[-1] == "QUIT":
        found.pop()
    return found


def _counted(protocol: Protocol, exchange: TalkExchange) -> Iterator[str]:
    asked = exchange.asked
    if asked is None:
        return
    text = question(protocol, exchange).removeprefix("C: ")
    yield "AUTH" if asked.verb == "AUTH" else text
    if asked.kind is RequestKind.END or asked.contents:
        yield from _fields(b"".join(content.start for content in asked.contents))


def _fields(octets: bytes) -> Iterator[str]:
    """The fields that say between whom a message is and what about, each on one line, without numbers that are new each
    time.
    """
    head = re.split(rb"\r?\n\r?\n", octets[:_HEAD], maxsplit=1)[0]
    for name, value in sorted((found[1].lower(), found[2]) for found in _FIELD.finditer(head)):
        words = " ".join(value.decode("utf-8", "replace").split())
        yield f"{name.decode().capitalize()}: {_NONCE.sub('#', words) if name == b'subject' else words}"
