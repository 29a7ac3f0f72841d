"""The subject of a message, as a person reads it.

Rules for this file: it is given any octets; what comes out is safe, and nothing is raised.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header

from maillab.mail.content import Content
from maillab.views.safe import safe

LOOKED_AT = 65_536  # octets of a message in which its subject is looked for
_SUBJECT = re.compile(rb"(?im)^subject:[ \t]*((?:[^\r\n]{0,4096}(?:\r?\n[ \t])?){0,20})")


def subject_of(content: Content) -> str:
    """The subject of a message, read and safe; "" where it has none.

    >>> subject_of(Content(b"From: a@a.test\\r\\nSubject: =?utf-8?b?Q2jDoG8=?=\\r\\n b\\xe1\\xba\\xa1n\\r\\n\\r\\n"))
    'Chào bạn'
    """
    try:
        start = next(content.blocks(LOOKED_AT), b"")
    except OSError:
        return ""
    field = _SUBJECT.search(re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0])
    if field is None:
        return ""
    text = re.sub(rb"\r?\n[ \t]*", b" ", field[1].strip()).decode("utf-8", "backslashreplace")
    try:
        return safe(_decoded(text).strip() or text)
    except (ValueError, LookupError, HeaderParseError):  # not what RFC 2047 means
        return safe(text)


def _decoded(text: str) -> str:
    """Encoded words read. The library hands what stands between them on in raw-unicode-escape."""
    parts: list[tuple[bytes | str, str | None]] = decode_header(text)
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "raw-unicode-escape") for part, charset in parts
    )
