"""Shell lines that send the letters again with swaks, one command a letter.

Rules for this file: what stands in the session is quoted for the shell, and a talk that cannot be said with swaks is
named in a comment. No password is in it: swaks asks for it.
"""

import base64
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillab.mail.content import Content
from maillab.recording.session import Session
from maillab.recording.talks import Asked, Kind, Talk, Upgraded, talks
from maillab.views.safe import safe

LARGEST = 1_048_576  # octets of a letter that is put on a command line
_PATH = re.compile(rb"(?i)(?:MAIL[ \t]+FROM|RCPT[ \t]+TO)[ \t]*:[ \t]*(?:<([^<>]*)>|(\S+))")
_MASSAGED = re.compile(r"%[A-Z_]+%|\\n|\A(?:From )|\A@")  # what swaks would replace in a letter
_DOORS = {"smtp": 1025, "submission": 1587, "submissions": 1465}  # of the default lab's first site
_RELAY = 2025


@dataclass(slots=True)
class _Letter:
    """One transaction, as far as it has come."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    stuffed: bool = False


def export(session: Session) -> Iterator[bytes]:
    """A script of /bin/sh."""
    yield b"#!/bin/sh\n"
    yield f"# {safe(session.header.title)}: its letters, sent again. SERVER=HOST:PORT names another server.\n".encode()
    for talk in talks(session.entries):
        if talk.protocol != "smtp":
            continue
        for letter in _letters(talk):
            yield _command(talk, letter)


def _letters(talk: Talk) -> Iterator[_Letter]:
    """Every transaction that came as far as a recipient."""
    letter = _Letter()
    for turn in talk.turns:
        if not isinstance(turn, Asked):
            continue
        if turn.kind is Kind.LETTER or turn.contents:
            letter.contents += turn.contents
            letter.stuffed = turn.kind is Kind.LETTER
        path = _PATH.match(turn.line)
        address = safe((path[1] or path[2] or b"") if path else b"")
        ends = turn.kind is Kind.LETTER or turn.verb in ("MAIL", "RSET", "QUIT", "EHLO", "HELO")
        if ends and letter.recipients:
            yield letter
        if ends:
            letter = _Letter()
        if turn.verb == "MAIL":
            letter.sender = address
        elif turn.verb == "RCPT":
            letter.recipients.append(address)
    if letter.recipients:
        yield letter


def _command(talk: Talk, letter: _Letter) -> bytes:
    text = _text(letter)
    values = [_hello(talk), letter.sender, talk.user, *letter.recipients]
    if text is None or any(not one.isprintable() or "\\x" in one for one in values):
        return f"\n# {safe(talk.name)}: this letter cannot be put on a command line\n".encode()
    if not "".join(values).isascii():
        return f"\n# {safe(talk.name)}: swaks does not know SMTPUTF8, which these addresses need\n".encode()
    port = _RELAY if talk.leg == "relay" else _DOORS.get(talk.service, 1025)
    words = [f'swaks --server "${{SERVER:-127.0.0.1:{port}}}"', f"--helo {shlex.quote(_hello(talk))}"]
    words += [f"--from {shlex.quote(letter.sender or '<>')}", f"--to {shlex.quote(','.join(letter.recipients))}"]
    words += ["--tls-on-connect"] * talk.tls_first + ["--tls"] * any(isinstance(turn, Upgraded) for turn in talk.turns)
    words += [f"--auth --auth-user {shlex.quote(talk.user)}"] * bool(talk.user)
    head = f"\n# {safe(talk.name)}: {safe(talk.service)} at {safe(talk.server)}\n"
    if not letter.contents:
        return (head + " \\\n    ".join([*words, "--quit-after RCPT"]) + "\n").encode()
    if _MASSAGED.search(text) or not _is_plain(text):
        coded = base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
        pipe = f"echo {coded} | base64 -d | "
        return (head + pipe + " \\\n    ".join([*words, "--data -"]) + "\n").encode()
    end = _end(text)
    return (head + " \\\n    ".join([*words, f"--data - <<'{end}'"]) + f"\n{text}{end}\n").encode()


def _text(letter: _Letter) -> str | None:
    """The letter with LF, as swaks wants to be given it; None when it is too large or not kept."""
    if sum(map(len, letter.contents)) > LARGEST:
        return None
    try:
        octets = b"".join(content.whole() for content in letter.contents)
    except OSError:
        return None
    if letter.stuffed:  # RFC 5321 §4.5.2
        octets = re.sub(rb"(?m)^\.", b"", octets)
    text = octets.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape")
    return text if not text or text.endswith("\n") else f"{text}\n"


def _is_plain(text: str) -> bool:
    """Can it stand in a script as it is? Nothing that `safe` would have to change."""
    return all(safe(line) == line for line in text.split("\n"))


def _end(text: str) -> str:
    """A word that is no line of the letter."""
    lines, end = set(text.split("\n")), "LETTER"
    while end in lines:
        end += "_"
    return end


def _hello(talk: Talk) -> str:
    """The name in EHLO or HELO."""
    said = (turn for turn in talk.turns if isinstance(turn, Asked) and turn.verb in ("EHLO", "HELO"))
    return next((safe(turn.argument) for turn in said if turn.argument), "localhost")
