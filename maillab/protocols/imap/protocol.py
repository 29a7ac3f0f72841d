"""The value IMAP: what is said in it, and how whoever hears both sides follows it (RFC 9051 §2.2, §7).

Rules for this file: what no other protocol has stands here and in the follower alone: tags, literals of both sides, a
command that goes on after a +. A UID command is the command itself: UID FETCH is a FETCH, its argument begins with UID.
"""

import re

from maillab.protocols.imap.spoken import literal_of
from maillab.protocols.protocol import (
    Announced,
    AnswerForm,
    AnswerKind,
    ArgumentForm,
    ContentForm,
    Named,
    Protocol,
    Request,
    Verb,
    table,
)

_COMMAND = re.compile(rb"[ \t]*([^ \t\r\n]+)[ \t]+((?i:uid)[ \t]+)?([^ \t\r\n]+)[ \t]*")
_STATUS = re.compile(rb"(?i)([^ \r\n]+) (OK|NO|BAD|PREAUTH|BYE)(?=[ \r\n]|\Z)")
_VERDICT = re.compile(rb"(?i)[^ \r\n]+ (OK|NO|BAD|PREAUTH|BYE)(?: (\[[^\]\r\n ]{1,60})(?:[^\]\r\n]{0,1000}\])?)?")
_UNTAGGED = (b"*", b"+")
_KINDS = {
    b"OK": AnswerKind.GOOD,
    b"PREAUTH": AnswerKind.GOOD,
    b"NO": AnswerKind.PERMANENT,
    b"BAD": AnswerKind.PERMANENT,
    b"BYE": AnswerKind.PERMANENT,
}


def verb_of(line: bytes) -> str:
    """The verb behind the tag, in capitals; "" where none is.

    >>> verb_of(b"a1 uid fetch 1 UID\\r\\n"), verb_of(b"DONE\\r\\n")
    ('FETCH', '')
    """
    command = _COMMAND.match(line)
    return command[3].decode("ascii", "replace").upper() if command else ""


def _tag_of(line: bytes) -> bytes:
    """The first word of either side's line, unless it is one of those that stand for no tag."""
    words = line.split(None, 1)
    return words[0] if words and words[0] not in _UNTAGGED else b""


def _answering(request: bytes, text: bytes) -> bytes:
    """The tag of the request is put before a text that has none; BYE has none (RFC 9051 §7.1.5)."""
    word = text.split(None, 1)[0].upper() if text.strip() else b""
    if word in _UNTAGGED or (word not in _KINDS and _STATUS.match(text)):
        return text
    return (b"*" if word == b"BYE" else _tag_of(request) or b"*") + b" " + text


def _code_of(line: bytes) -> str:
    status = _STATUS.match(line)
    return status[2].decode("ascii").upper() if status else ""


def _argument_of(line: bytes) -> bytes:
    command = _COMMAND.match(line)
    if command is None:
        return b""
    return ((command[2] or b"").upper() + line[command.end() :]).strip()


def _told_literal(line: bytes) -> Announced | None:
    """A status line ends with words for people, whatever they look like; data may end with a literal."""
    return literal_of(line) if line[:2] == b"* " and not _STATUS.match(line) else None


def _kind(line: bytes) -> AnswerKind:
    """RFC 9051 §7.1; an untagged NO or BAD warns of something, and answers nothing."""
    if line[:1] == b"+":
        return AnswerKind.CHALLENGE
    status = _STATUS.match(line)
    if status is None:
        return AnswerKind.OTHER
    word = status[2].upper()
    return AnswerKind.TEMPORARY if status[1] == b"*" and word in (b"NO", b"BAD") else _KINDS[word]


def _goes_on(request: Request | None, _first: bytes, line: bytes) -> bool:
    """RFC 9051 §2.2.2: up to the line with the tag, or to a +. A goodbye that nobody asked for ends everything."""
    if request is None or line[:2] != b"* ":
        return False
    status = _STATUS.match(line)
    word = status[2].upper() if status else b""
    return not ((word == b"BYE" and not request.row.ends) or (word == b"BAD" and not (request.tag and request.verb)))


def _hangs_up(request: Request | None, line: bytes) -> bool:
    return (request is not None and request.row.ends) or line[:5].upper() == b"* BYE"


def _verdict(line: bytes) -> str:
    """OK, NO or BAD with the response code in brackets, without what stands in it behind its word."""
    match = _VERDICT.match(line)
    if match is None:
        return ("+" if line[:1] == b"+" else line.strip().decode("utf-8", "backslashreplace"))[:200]
    words = [match[1].upper(), *([match[2].rstrip(b"]") + b"]"] if match[2] else [])]
    return b" ".join(words).decode("utf-8", "backslashreplace")


def _text(line: bytes) -> bytes:
    return line[2:] if line[:2] in (b"* ", b"+ ") else line


_WORD, _NONE = ArgumentForm.WORD, ArgumentForm.NONE

IMAP = Protocol(
    "imap",
    table(
        Verb("CAPABILITY", typed=("CAPABILITY",), offers=True, again=True),
        Verb("NOOP", typed=("NOOP",), again=True),
        Verb("LOGOUT", typed=("LOGOUT",), ends=True, again=True),
        Verb("ID", argument=_NONE, again=True),  # RFC 2971
        Verb("STARTTLS", typed=("STARTTLS",), tls=True),
        Verb("AUTHENTICATE", argument=_WORD, login=True),
        Verb("LOGIN", typed=("LOGIN ",), argument=_WORD, names=Named.USER, login=True),
        Verb("ENABLE", typed=("ENABLE ",)),  # RFC 5161
        Verb("SELECT", typed=("SELECT ",), again=True),
        Verb("EXAMINE", typed=("EXAMINE ",), again=True),
        Verb("CREATE", typed=("CREATE ",)),
        Verb("DELETE", typed=("DELETE ",)),
        Verb("RENAME", typed=("RENAME ",)),
        Verb("SUBSCRIBE", typed=("SUBSCRIBE ",)),
        Verb("UNSUBSCRIBE", typed=("UNSUBSCRIBE ",)),
        Verb("LIST", typed=('LIST "" ',), again=True),
        Verb("LSUB", again=True),  # RFC 3501 §6.3.9
        Verb("NAMESPACE", typed=("NAMESPACE",), again=True),
        Verb("STATUS", typed=("STATUS ",), runs=True, again=True),  # a folder each
        Verb("APPEND", typed=("APPEND ",), content=ContentForm.LITERAL),
        Verb("IDLE", typed=("IDLE",), waits=True),  # RFC 2177
        Verb("GETQUOTA", again=True),  # RFC 9208
        Verb("GETQUOTAROOT", typed=("GETQUOTAROOT ",), again=True),
        Verb("COMPRESS", argument=_WORD, deflates=True),  # RFC 4978
        Verb("CHECK", again=True),  # RFC 3501 §6.4.1
        Verb("CLOSE", typed=("CLOSE",)),
        Verb("UNSELECT", typed=("UNSELECT",)),
        Verb("EXPUNGE", typed=("EXPUNGE",)),
        Verb("SEARCH", typed=("SEARCH ",), again=True),
        Verb("SORT", typed=("SORT ",), again=True),  # RFC 5256
        Verb("THREAD", typed=("THREAD ",), again=True),
        Verb("FETCH", typed=("FETCH ",), answer=AnswerForm.MESSAGE, again=True),
        Verb("STORE", typed=("STORE ",)),
        Verb("COPY", typed=("COPY ",)),
        Verb("MOVE", typed=("MOVE ",)),  # RFC 6851
    ),
    then={
        "": ("LOGIN", "STARTTLS"),
        "STARTTLS": ("LOGIN",),
        "LOGIN": ("LIST", "SELECT"),
        "AUTHENTICATE": ("LIST", "SELECT"),
        "SELECT": ("FETCH", "SEARCH", "CLOSE"),
        "EXAMINE": ("FETCH", "SEARCH", "CLOSE"),
        "FETCH": ("FETCH", "STORE", "CLOSE"),
        "STORE": ("FETCH", "EXPUNGE", "CLOSE"),
        "EXPUNGE": ("FETCH", "SEARCH", "CLOSE"),
        "CLOSE": ("SELECT", "LIST", "LOGOUT"),
        "UNSELECT": ("SELECT", "LIST", "LOGOUT"),
    },
    kind=_kind,
    status_last=True,
    goes_on=_goes_on,
    verb_of=verb_of,
    argument_of=_argument_of,
    tag_of=_tag_of,
    answering=_answering,
    code_of=_code_of,
    literal=literal_of,
    told_literal=_told_literal,
    verdict=_verdict,
    text=_text,
    all_offers=b"* CAPABILITY ",
    mechanisms="AUTH",
    challenge=b"+ ",
    hangs_up=_hangs_up,
    refusal=b"* BAD The record has no answer to this\r\n",
)
