"""What a client of SMTP hears where the disk has no room, and why, for the logbook."""

import errno

from maillab.durable import is_full
from maillab.mail.reply import Refused, Reply
from maillab.wire.limits import FLOOR

NO_ROOM = Reply(452, "4.3.1", ("Insufficient system storage",))


def refuse_without_room(octets: int, free: int, floor: int = FLOOR) -> None:
    """Raises `Refused` where so many octets leave less than `floor` of those that are free (RFC 1870 §6.1)."""
    if octets + floor > free:
        raise Refused(NO_ROOM) from OSError(errno.ENOSPC, "the disk is nearly full")


def as_refused(error: BaseException) -> BaseException:
    """452 for a full disk and for too many open files (T031); other errors stay what they are: a fault of ours."""
    if not is_full(error):
        return error
    told = Refused(NO_ROOM)
    told.__cause__ = error
    return told
