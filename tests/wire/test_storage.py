"""No room on the disk, as a client of SMTP hears it."""

import errno

import pytest

from maillab.mail.reply import Refused
from maillab.wire.storage import NO_ROOM, as_refused, refuse_without_room


def test_room_is_left_for_what_is_taken_already():
    """At the limit it is taken, one octet above it is not, and the cause is said."""  # T033
    refuse_without_room(10, 110, floor=100)
    with pytest.raises(Refused) as caught:
        refuse_without_room(11, 110, floor=100)
    assert caught.value.reply == NO_ROOM
    assert caught.value.__cause__.errno == errno.ENOSPC


def test_only_a_lack_of_room_is_told_so():
    """A full disk is 452 with its cause; what else goes wrong stays what it is."""  # T031
    full, broken = OSError(errno.ENOSPC, "full"), OSError(errno.EIO, "broken")
    told = as_refused(full)
    assert isinstance(told, Refused)
    assert (told.reply, told.__cause__) == (NO_ROOM, full)
    assert as_refused(broken) is broken
