"""Windows, as far as Linux can play it: what it lacks is missing, and msvcrt locks as flock does."""

import fcntl
import os
from types import SimpleNamespace

from maillab.system import System

BINARY = 1 << 29  # a flag of os.open that only Windows has
_SHARED = ("O_RDONLY", "O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL", "SEEK_SET", "SEEK_CUR")
_CALLS = ("read", "write", "close", "lseek", "fsync", "isatty", "link", "replace")


class Msvcrt:
    """The locks of msvcrt, by flock; `places` are the octets that were locked."""

    LK_NBLCK, LK_UNLCK = 1, 2

    def __init__(self):
        self.places = []

    def locking(self, descriptor, how, octets):
        """Lock or unlock so many octets from where the file stands on."""
        self.places.append((os.lseek(descriptor, 0, os.SEEK_CUR), octets))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN if how == self.LK_UNLCK else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(13, "Permission denied") from None


def windows(msvcrt=None):
    """A system that has what Windows has, on the files of this computer."""

    def opened(path, flags, mode=0o777):
        assert flags & BINARY, "a file opened as text: octets would be changed"
        return os.open(path, flags & ~BINARY, mode)

    calls = {name: getattr(os, name) for name in (*_SHARED, *_CALLS)}
    known = SimpleNamespace(name="nt", open=opened, O_BINARY=BINARY, **calls)
    signals = SimpleNamespace(SIGINT=2, SIGTERM=15, SIGBREAK=21, handlers={})
    signals.signal = signals.handlers.__setitem__
    return System(known, signals, msvcrt=msvcrt or Msvcrt())
