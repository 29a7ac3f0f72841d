"""The messages of a session as one mbox, in the way of mboxrd: lines that begin with From are quoted reversibly.

Source: RFC 4155 for the line before each message, https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml
"""

import re
import time
from collections.abc import Iterator

from maillab.recording.export.messages import messages
from maillab.recording.session import Session

_QUOTED = re.compile(rb"(?m)^(>*From )")
_NOT_PLAIN = re.compile(r"[^!-~]")


def export(session: Session) -> Iterator[bytes]:
    """A message after the other; lines end with LF, as in every mbox. A session without messages is an empty one."""
    for message in messages(session.entries):
        sender = message.sender if message.sender and not _NOT_PLAIN.search(message.sender) else "MAILER-DAEMON"
        text = _QUOTED.sub(rb">\1", message.octets.replace(b"\r\n", b"\n"))
        yield f"From {sender} {_date(message.at)}\n".encode() + text + (b"\n" if text.endswith(b"\n") else b"\n\n")


def _date(at: float) -> str:
    """Universal time, in the words of C.

    >>> _date(0.0)
    'Thu Jan  1 00:00:00 1970'
    """
    try:
        return time.asctime(time.gmtime(at))
    except (ValueError, OverflowError, OSError):  # a session may say that it is any time
        return time.asctime(time.gmtime(0))
