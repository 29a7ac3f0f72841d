"""Open files that connections leave to whoever writes messages and records: else a crowd of clients stops the mail.

The kernel gives the lowest number that is free to each file and connection: the number tells how many are open.
"""

from typing import TYPE_CHECKING

from maillab.system import HERE
from maillab.wire.limits import RESERVED

if TYPE_CHECKING:
    import asyncio

AT_ONCE = 4  # clients that come in at one door before one of them is sent away: fewer than files are in reserve
_KNOCKING = 512  # clients that the kernel lets wait before a door


def takes_reserve(transport: "asyncio.BaseTransport") -> bool:
    """Does this connection hold one of the last descriptors (T035)?"""
    wire, most = transport.get_extra_info("socket"), HERE.descriptors
    return wire is not None and wire.fileno() >= most - min(RESERVED, most // 4)


def let_wait(server: "asyncio.Server") -> None:
    """A server that was made to let in `AT_ONCE` clients in one turn of the loop lets more of them wait."""
    for door in server.sockets:
        with door.dup() as same:
            same.listen(_KNOCKING)
