"""The letters of a session as one mbox, in the way of mboxrd: lines that begin with From are quoted reversibly.

Source: RFC 4155 for the line before each letter, https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml
"""

import re
import time
from collections.abc import Iterator

from maillab.recording.export.letters import letters
from maillab.recording.session import Session

_QUOTED = re.compile(rb"(?m)^(>*From )")
_NOT_PLAIN = re.compile(r"[^!-~]")


def export(session: Session) -> Iterator[bytes]:
    """A letter after the other; lines end with LF, as in every mbox. A session without letters is an empty one."""
    for letter in letters(session.entries):
        sender = letter.sender if letter.sender and not _NOT_PLAIN.search(letter.sender) else "MAILER-DAEMON"
        text = _QUOTED.sub(rb">\1", letter.octets.replace(b"\r\n", b"\n"))
        yield f"From {sender} {_date(letter.at)}\n".encode() + text + (b"\n" if text.endswith(b"\n") else b"\n\n")


def _date(at: float) -> str:
    """Universal time, in the words of C.

    >>> _date(0.0)
    'Thu Jan  1 00:00:00 1970'
    """
    try:
        return time.asctime(time.gmtime(at))
    except (ValueError, OverflowError, OSError):  # a session may say that it is any time
        return time.asctime(time.gmtime(0))
