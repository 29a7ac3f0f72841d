"""The steps of a login: which mechanism, and what is in the base64, as far as it is harmless.

RFC 4954 for SMTP, RFC 5034 for POP3, RFC 9051 §6.2.2 for IMAP.

Rules for this file: a name, a challenge and a nonce may be shown; a password and a proof never, not even their length.
"""

import binascii
import re
from collections.abc import Iterator, Sequence

from maillab.views.fields.part import Block, Down, Part
from maillab.views.language import Say

LONGEST = 4_000  # characters of base64 that are looked into
_COMMAND = re.compile(
    rb"\s*(?:\S+\s+(?=AUTHENTICATE\b))?(AUTH|AUTHENTICATE)\s+([A-Za-z0-9_-]+)(?:\s+(\S+))?\s*\Z", re.IGNORECASE
)
_CHALLENGE = re.compile(rb"(334|\+)(?:\s+(\S*))?\s*\Z")
_SCRAM = {
    "n": "the user",
    "r": "a random number, new each time",
    "s": "salt: makes equal passwords look different",
    "i": "rounds: how many times the password is hashed",
    "c": "the channel that the login is bound to",
    "a": "who to act as",
    "e": "why it failed",
}
_SECRET = {
    "p": "the proof; not shown, a weak password could be guessed from it",
    "v": "the server's own proof; not shown",
}


def command(line: bytes, kept: bool, say: Say) -> list[Block]:
    """AUTH and its mechanism, with a first answer or without; `kept`: the secret still stands in the line.

    >>> block, = command(b"AUTH PLAIN AGFsaWNlAHNlY3JldA==", True, Say("en", {}))
    >>> [part.text for part in block.parts], "alice" in block.parts[2].meaning, "secret" in block.parts[2].meaning
    (['AUTH', 'PLAIN', 'base64'], True, False)
    """
    matched = _COMMAND.match(line)
    if matched is None:
        return []
    verb, mechanism, first = (part.decode() if part is not None else "" for part in matched.groups())
    parts = [Part(verb, say("log in")), Part(mechanism, say("with this mechanism"))]
    if first == "=":
        parts.append(Part(first, say("an empty first answer")))
    elif first:
        parts += _answer(first, mechanism.upper(), "user", kept, say)  # LOGIN asks for the name first
    return [Down(tuple(parts))]


def challenge(line: bytes, say: Say) -> list[Block]:
    """What the server wants to have answered; no secret stands in a challenge.

    >>> challenge(b"334 VXNlcm5hbWU6", Say("en", {}))[0].parts[1].meaning
    'of “Username:”'
    """
    matched = _CHALLENGE.match(line)
    if matched is None:
        return []
    code, blob = matched[1].decode(), (matched[2] or b"").decode("ascii", "replace")
    parts = [Part(code, say("the login continues: answer in base64"))]
    words = decoded(blob)
    pairs = [*_pairs(words, say)] if words is not None else []
    if blob:
        parts.append(Part("base64", say("of “{}”", words) if words is not None else say("of binary data")))
    if pairs:
        parts[-1:] = pairs
    return [Down(tuple(parts))]


def response(line: bytes, kept: bool, before: Sequence[bytes], say: Say) -> list[Block]:
    """The client's answer to a challenge; `before` are the lines of the login so far, AUTH the first of them."""
    blob = line.strip().decode("ascii", "replace")
    if blob == "*":
        return [Down((Part("*", say("the client gives up this login")),))]
    matched = _COMMAND.match(before[0]) if before else None
    mechanism = matched[2].decode().upper() if matched is not None else ""
    asked = _CHALLENGE.match(before[-1]) if before else None
    words = decoded((asked[2] or b"").decode("ascii", "replace")) if asked is not None else None
    return [Down(tuple(_answer(blob, mechanism, words or "", kept, say)))] if blob else []


def _answer(blob: str, mechanism: str, asked: str, kept: bool, say: Say) -> list[Part]:
    """What a client's base64 holds, without what is secret in it."""
    words = decoded(blob) if kept else None
    if words is None:
        return [Part("base64", say("not recorded: it may contain a secret"))]
    match mechanism:
        case "PLAIN" if words.count("\0") == 2:
            acting, user, _ = words.split("\0")
            acting = say("{} (to act as)", acting) if acting else say("nothing")
            meaning = say("three words separated by NUL: {}, {} (the user), the password (not shown)", acting, user)
            return [Part("base64", meaning)]
        case "LOGIN" if asked.lower().startswith("user"):
            return [Part("base64", say("of “{}”: the user. Anyone can decode base64", words))]
        case "CRAM-MD5" if " " in words:
            return [Part("base64", say("of “{} …”: the user, then a hash of password and challenge", words.split()[0]))]
        case _ if mechanism.startswith("SCRAM"):
            return [*_pairs(words, say)]
        case _:
            return [Part("base64", say("of the password; not shown, though anyone can decode base64"))]


def _pairs(words: str, say: Say) -> Iterator[Part]:
    """n=alice, r=…: each with its meaning (RFC 5802 §5.1)."""
    pairs = [pair for pair in words.split(",") if pair[1:2] == "="]
    if not any(pair[0] == "r" for pair in pairs) and not any(pair[0] in _SECRET for pair in pairs):
        return
    for pair in pairs:
        if pair[0] in _SECRET:
            yield Part(f"{pair[0]}=…", say(_SECRET[pair[0]]))
        elif pair[0] in _SCRAM:
            yield Part(pair, say(_SCRAM[pair[0]]))


def decoded(blob: str) -> str | None:
    """The text in base64, a NUL between its words included; None where it is none."""
    try:
        words = binascii.a2b_base64(blob[:LONGEST].encode(), strict_mode=True).decode()
    except (ValueError, UnicodeEncodeError):
        return None
    return words if words.replace("\0", "").isprintable() else None
