"""A command of SMTP with its parameters: EHLO, MAIL, RCPT, BDAT."""

import re
from collections.abc import Iterator

from maillab.protocols.protocol import Named, Request
from maillab.protocols.smtp import SMTP, unxtext
from maillab.views.fields.part import Block, Down, Part
from maillab.views.gloss import glosses_of
from maillab.views.language import Say
from maillab.views.units import size

_PATH = re.compile(r"\s*((?:FROM|TO)\s*:)\s*(<[^>]*>|\S+)(.*)\Z", re.IGNORECASE | re.DOTALL)
_LITERAL = re.compile(r"\[.*\]\Z")
_BODIES = {
    "7BIT": "only bytes below 128",
    "8BITMIME": "the content may hold bytes above 127",
    "BINARYMIME": "the content is raw binary; only with BDAT",
}
_RETURNED = {"FULL": "a report returns the whole message", "HDRS": "a report returns the header fields only"}
_REPORTED = {
    "NEVER": "never report anything",
    "SUCCESS": "report the delivery",
    "FAILURE": "report a failure",
    "DELAY": "report a delay",
}


def blocks(request: Request, words: str, say: Say) -> list[Block]:
    """The parts of the command, or nothing where it has none that need words.

    >>> from maillab.protocols.follower import Follower
    >>> line = b"MAIL FROM:<a@b.test> SIZE=2000 BODY=8BITMIME"
    >>> block, = blocks(Follower(SMTP, greeted=True).client(line), line.decode(), Say("en", {}))
    >>> [part.text for part in block.parts]
    ['MAIL FROM:', '<a@b.test>', 'SIZE=2000', 'BODY=8BITMIME']
    """
    verb, _, rest = words.strip().partition(" ")
    match request.row.names:
        case Named.SENDER | Named.RECIPIENT:
            parts = [*_envelope(verb, rest, request.row.names is Named.SENDER, say)]
        case Named.CLIENT if rest:
            parts = [Part(verb, _verb(request.row.name, say)), Part(rest, _client(rest, say))]
        case _ if request.verb == "BDAT":
            parts = [*_chunk(verb, rest, say)]
        case _:
            parts = []
    return [Down(tuple(parts))] if parts else []


def _verb(name: str, say: Say) -> str:
    return say("the old greeting") if name == "HELO" else say("a greeting that asks what you can do")


def _client(name: str, say: Say) -> str:
    if _LITERAL.match(name):
        return say("the client names itself by its address")
    return say("the client's own name for itself; not verified")


def _envelope(verb: str, rest: str, is_sender: bool, say: Say) -> Iterator[Part]:
    matched = _PATH.match(rest)
    if matched is None:
        return
    word, path, parameters = matched.groups()
    if word.upper().startswith("FROM") != is_sender:  # MAIL TO: and RCPT FROM: are slips
        return
    yield Part(f"{verb} {word}", say("begins a message, and names its sender" if is_sender else "names one recipient"))
    if path == "<>":
        yield Part(path, say("nobody: no report will ever be sent about this message"))
    elif is_sender:
        yield Part(path, say("where reports go; From: in the message may say something else"))
    else:
        yield Part(path, say("where this copy goes; To: in the message may say something else"))
    for parameter in parameters.split():
        yield Part(parameter, _parameter(parameter, say))


def _parameter(text: str, say: Say) -> str:
    """What a parameter with this value says; "" for one that nobody knows."""
    name, _, value = text.partition("=")
    match name.upper():
        case "SIZE" if value.isdigit() and len(value) < 19:
            return say("the message will have {}; the server may refuse it now", size(int(value)))
        case "BODY" if value.upper() in _BODIES:
            return say(_BODIES[value.upper()])
        case "RET" if value.upper() in _RETURNED:
            return say(_RETURNED[value.upper()])
        case "NOTIFY":
            return ", ".join(say(_REPORTED[word]) for word in value.upper().split(",") if word in _REPORTED)
        case "ENVID":
            return say("the sender's own label, repeated in reports: {}", unxtext(value))
        case "ORCPT":
            return say("the recipient as it was written first: {}", unxtext(value.partition(";")[2]))
        case "SMTPUTF8":
            return say("addresses or header fields hold UTF-8")
        case "AUTH":
            return say("the sender is not verified") if value == "<>" else say("who sent it: {}", unxtext(value))
        case _:
            meaning = glosses_of(SMTP, say.lang).get((SMTP.name, "keyword", name.upper()))
            return meaning.text if meaning is not None else ""


def _chunk(verb: str, rest: str, say: Say) -> Iterator[Part]:
    number, _, last = rest.strip().partition(" ")
    yield Part(verb, say("a chunk of the content, with its length"))
    if number.isdigit() and len(number) < 19:
        yield Part(number, say("this many bytes follow: {}", size(int(number))))
    if last.upper() == "LAST":
        yield Part(last, say("they complete the message"))
