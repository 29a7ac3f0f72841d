"""For tests of programs that send mail: a lab as a context manager (`RunningLab`), pytest's fixtures (`plugin`).

A door of a server can be a `cassette`, recorded once and played afterwards. Nothing of the lab itself is here, and
nothing of it is imported before it is asked for: pytest imports this room for every project that has maillab installed.
"""

from typing import TYPE_CHECKING

from maillab.testing.plainly import plainly

if TYPE_CHECKING:
    from maillab.testing.cassettes import CassetteServer, Mode, cassette
    from maillab.testing.inbox import Inbox
    from maillab.testing.lab import RunningLab

__all__ = ["CassetteServer", "Inbox", "Mode", "RunningLab", "cassette"]

_WHERE = {
    "CassetteServer": "cassettes",
    "Inbox": "inbox",
    "Mode": "cassettes",
    "RunningLab": "lab",
    "cassette": "cassettes",
}


def __getattr__(name: str) -> object:
    """Import what is asked for (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(plainly(f"{__name__}.{_WHERE[name]}"), name)
