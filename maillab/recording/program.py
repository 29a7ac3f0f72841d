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


def differences(recorded: Sequence[Talk], today: Sequence[Talk]) -> list[str]:
    """What is not as in the record, a sentence for each talk, with talk and command; the last talk may be said again.

    >>> from maillab.events import Leg
    >>> differences([Talk("submit-1", Leg.SUBMIT, "smtp", "mx", False, ())], [])
    ['submit-1: the program did not connect']
    """
    absent = [f"{safe(talk.name)}: the program did not connect" for talk in recorded[len(today) :]]
    pairs = ((recorded[min(number, len(recorded) - 1)], talk) for number, talk in enumerate(today))
    return absent + [sentence for pair in pairs if (sentence := difference(*pair))]


def difference(recorded: Talk, today: Talk) -> str:
    """The first place at which two talks part, "" where there is none."""
    pairs = zip_longest(_questions(recorded), _questions(today))
    for number, (expected, actual) in enumerate(pairs, 1):
        if expected == actual:
            continue
        where = f"{safe(recorded.name)}, command {number}"
        if actual is None:
            return f"{where}: the record has {clip(expected or '', LONGEST)}; the program said nothing more"
        if expected is None:
            return f"{where}: the program said {clip(actual, LONGEST)}; the record has nothing more"
        return f"{where}: the record has {clip(expected, LONGEST)}; the program said {clip(actual, LONGEST)}"
    return ""


def _questions(talk: Talk) -> list[str]:
    """What a client asked, as far as it counts."""
    questions = [text for exchange in exchanges(talk) for text in _counted(talk.protocol, exchange)]
    while questions and questions[-1] == "QUIT":
        questions.pop()
    return questions


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
    for name, value in sorted((field[1].lower(), field[2]) for field in _FIELD.finditer(head)):
        words = " ".join(value.decode("utf-8", "replace").split())
        yield f"{name.decode().capitalize()}: {_NONCE.sub('#', words) if name == b'subject' else words}"
