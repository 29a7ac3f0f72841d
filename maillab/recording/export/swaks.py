"""Shell lines that send the messages again with swaks, one command a message.

Rules for this file: what stands in the session is quoted for the shell, and never begins with `-`: swaks would take it
for an option, and one of its options runs a program. Only what the server took counts, with an answer 2yz. What cannot
be said with swaks is named in a comment. No password is in it: it is taken from the environment.
"""

import base64
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillab.mail.content import Content
from maillab.mail.reply import Refused
from maillab.protocols import smtp
from maillab.protocols.lines import stuff, unstuff
from maillab.protocols.protocol import Named, RequestKind
from maillab.protocols.services import SERVICES
from maillab.protocols.smtp import SMTP
from maillab.recording.export.ports import door
from maillab.recording.export.turns import introductions, titled
from maillab.recording.line_ends import ended
from maillab.recording.session import Session
from maillab.recording.talks import Answered, Asked, Talk, Upgraded, exchanges, talks
from maillab.views.safe import safe

LARGEST = 1_048_576  # octets of a message that is put on a command line
_SUBSTITUTED = re.compile(r"%[A-Z_]+%|\\n|\A(?:From )|\A@")  # what swaks would change in a message
_FIELD = re.compile(r"[!-9;-~]+:")
_SWAKS = "https://www.jetmore.org/john/code/swaks/"


@dataclass(slots=True)
class _Message:
    """One transaction, as far as it has come: what was taken of it, and what had to be left out."""

    hello: str = ""
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    stuffed: bool = False
    code: str = ""  # what the whole message was answered
    left_out: list[str] = field(default_factory=list)
    impossible: str = ""  # why there can be no command at all


def export(session: Session) -> Iterator[bytes]:
    """A script of /bin/sh."""
    title, session = titled(session)
    yield b"#!/bin/sh\n"
    yield f"# {title}: its messages, sent again by swaks ({_SWAKS}).\n".encode()
    yield b"# SMTP, SUBMISSION, SUBMISSIONS=HOST:PORT name other servers; PASSWORD is that of who logs in.\n"
    narration = introductions(session)
    for talk in talks(session.entries):
        yield from (f"\n# {text}\n".encode() for text in narration.get(talk.name, []))
        if talk.protocol is not SMTP:
            continue
        for message in _messages(talk):
            yield _command(talk, message, door(session.header.lab, talk))


def _messages(talk: Talk) -> Iterator[_Message]:
    """Every transaction whose MAIL the server took."""
    hello = ""
    message: _Message | None = None
    for row in exchanges(talk):
        if row.asked is None:
            continue
        asked, taken = row.asked, _code(row.answer).startswith("2")
        if message is not None and (asked.kind is RequestKind.END or asked.contents):
            message.contents += asked.contents
            message.stuffed, message.code = asked.kind is RequestKind.END, _code(row.answer)
        if message is not None and (_ends(asked) or (asked.verb == "MAIL" and taken)):
            yield message
            message = None
        if asked.verb in ("EHLO", "HELO") and taken:
            hello = safe(asked.argument)
        elif asked.verb == "MAIL" and taken:
            message = _begun(asked, hello)
        elif asked.verb == "RCPT" and taken and message is not None:
            _add_recipient(message, asked)
    if message is not None:
        yield message


def _ends(asked: Asked) -> bool:
    """Is a transaction over with this?"""
    row = SMTP.verb(asked.verb)
    return asked.completes or (row.afresh and row.names is not Named.SENDER)


def _begun(asked: Asked, hello: str) -> _Message:
    message = _Message()
    try:
        sender = smtp.read_mail(_rest(asked), lenient=True).sender
        message.sender = str(sender) if sender else "<>"
    except Refused:
        message.impossible = "its sender is written in a way that swaks cannot say"
    if reason := _unfit(message.sender):
        message.impossible = f"its sender {reason}"
    if not _unfit(hello):
        message.hello = hello
    elif hello:
        message.left_out.append(f"its name in EHLO {_unfit(hello)}")
    return message


def _add_recipient(message: _Message, asked: Asked) -> None:
    try:
        recipient = str(smtp.read_rcpt(_rest(asked), smtputf8=True, lenient=True).recipient.address)
    except Refused:
        message.left_out.append("a recipient is written in a way that swaks cannot say")
        return
    reason = _unfit(recipient) or ("has a comma, which swaks takes for the end" if "," in recipient else "")
    if reason:
        message.left_out.append(f"the recipient {safe(recipient)} {reason}")
    else:
        message.recipients.append(recipient)


def _rest(asked: Asked) -> str:
    return asked.argument.decode("utf-8", "replace")


def _unfit(value: str) -> str:
    """Why a word cannot stand on a command line of swaks, "" if it can. `--from=WORD` is no help: swaks splits it."""
    if value.startswith("-"):
        return "begins with -, like an option"
    if not value.isascii():
        return "needs SMTPUTF8, which swaks does not know"
    return "" if value and value.isprintable() and "\\x" not in value else "cannot be typed"


def _command(talk: Talk, message: _Message, port: int) -> bytes:
    """The comment and the command of one message."""
    head = f"\n# {safe(talk.name)}: {safe(talk.service)} at {safe(talk.server)}\n"
    head += "".join(f"# left out: {reason}\n" for reason in message.left_out)
    if message.contents and not message.code.startswith("2"):
        head += f"# The server did not take this message{f': {message.code}' if message.code else ''}.\n"
    octets = _octets(message)
    reason = message.impossible
    if not reason and not message.recipients:
        reason = "no recipient of it can be named" if message.left_out else "the server took no recipient"
    if not reason and octets is None:
        reason = "it is too large for a command line, or was not kept"
    if not reason and talk.user and (unfit := _unfit(talk.user)):
        reason = f"the name that logged in {unfit}"
    if reason or octets is None:
        return f"{head}# This message cannot be sent by swaks: {safe(reason)}.\n".encode()
    return (head + _swaks(talk, message, port, octets)).encode()


def _swaks(talk: Talk, message: _Message, port: int, octets: bytes) -> str:
    """The command, and the message on its standard input."""
    variable = (talk.service if talk.service in SERVICES else SMTP.name).upper()
    words = [f'swaks --server "${{{variable}:-127.0.0.1:{port}}}"']
    words += [f"--helo {shlex.quote(message.hello)}"] * bool(message.hello)
    words += [f"--from {shlex.quote(message.sender)}", f"--to {shlex.quote(','.join(message.recipients))}"]
    words += ["--tls-on-connect"] * talk.tls_first + ["--tls"] * any(isinstance(turn, Upgraded) for turn in talk.turns)
    if talk.user:  # in the environment a password is not seen by `ps`
        words[0] = f'SWAKS_OPT_auth_password="${{PASSWORD:?of who logs in}}" {words[0]}'
        words.append(f"--auth --auth-user {shlex.quote(talk.user)}")
    if not message.contents:
        return " \\\n    ".join([*words, "--quit-after RCPT </dev/null"]) + "\n"
    if (text := _plain(octets)) is not None:
        end = _end(text)  # swaks takes a last line that is a dot away, and would add an empty line without it
        return " \\\n    ".join([*words, f"--data - <<'{end}'"]) + f"\n{text}.\n{end}\n"
    coded = base64.b64encode(stuff(octets) + b".").decode()
    return f"echo {coded} | base64 -d | " + " \\\n    ".join([*words, "--no-data-fixup --data -"]) + "\n"


def _octets(message: _Message) -> bytes | None:
    """The message, its last line ended; None when it is too large or not kept."""
    if sum(map(len, message.contents)) > LARGEST:
        return None
    try:
        octets = b"".join(content.whole() for content in message.contents)
    except OSError:
        return None
    octets = unstuff(ended(octets)) if message.stuffed else octets
    return octets if octets.endswith(b"\r\n") else octets + b"\r\n"


def _plain(octets: bytes) -> str | None:
    """The message as a script can hold it, where neither `safe` nor swaks would change anything of it."""
    try:
        text = octets.replace(b"\r\n", b"\n").decode()
    except UnicodeDecodeError:
        return None
    header, empty, _ = text.partition("\n\n")
    fields = [line for line in header.split("\n") if line[:1] not in (" ", "\t")]
    if not empty or header[:1] in (" ", "\t") or not all(map(_FIELD.match, fields)):
        return None
    is_safe = b"\n" not in octets.replace(b"\r\n", b"") and all(safe(line) == line for line in text.split("\n"))
    return text if is_safe and not _SUBSTITUTED.search(text) else None


def _end(text: str) -> str:
    """A word that is no line of the message."""
    lines, end = set(text.split("\n")), "MESSAGE"
    while end in lines:
        end += "_"
    return end


def _code(answer: Answered | None) -> str:
    code = re.match(rb"[2-5][0-9]{2}", answer.last) if answer else None
    return code[0].decode("ascii") if code else ""
