"""How DNS is followed: a question, and what answers it (RFC 1035 §4)."""

import re

from maillab.protocols.protocol import AnswerKind, Protocol

_CODE = re.compile(rb"(?:^|[\s;:(])(?:(NXDOMAIN)|SERVFAIL|REFUSED|FORMERR|NOTIMP)(?=[\s;:,.)]|\Z)")
_QUESTION = re.compile(rb"\S{1,255}? IN (\S{1,20})")


def _kind(line: bytes) -> AnswerKind:
    """RFC 1035 §4.1.1; a name that does not exist is final (RFC 8020)."""
    code = _CODE.search(line)
    if code is None:
        return AnswerKind.GOOD
    return AnswerKind.PERMANENT if code[1] else AnswerKind.TEMPORARY


def _type(line: bytes) -> str:
    """The type that is asked for, which stands for a verb: MX."""
    question = _QUESTION.match(line[:400])
    return question[1].decode("ascii", "replace").upper() if question else ""


DNS = Protocol("dns", greets=False, until_asked=True, kind=_kind, verb_of=_type)
