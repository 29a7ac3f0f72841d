"""The life of the lab: off, starting, on, or down.

Rules for this file: no Textual. Each state holds what is known in it, and nothing that another one would need.
"""

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from maillab.config import Config


class DownBy(Enum):
    """Why a lab does not run."""

    CONFIGURATION = "configuration"  # it cannot be read
    PORTS = "ports"  # another program has one of them
    FOLDER = "folder"  # another process lives in it
    FAULT = "fault"  # something else, at the start or later


# The name of the text that says how a lab is started to which that does not happen; elsewhere free ports help.
FREE_PORTS = "ask.free_ports"
OTHERWISE = {DownBy.CONFIGURATION: "ask.default_config", DownBy.FOLDER: "ask.temporary"}


def otherwise(by: DownBy | None) -> str:
    """The other way to start, as a button, a card and the key bar call it.

    >>> otherwise(DownBy.FOLDER), otherwise(DownBy.FAULT)
    ('ask.temporary', 'ask.free_ports')
    """
    return OTHERWISE.get(by, FREE_PORTS) if by is not None else FREE_PORTS


class Off(Struct, frozen=True):
    """Nobody has started it yet."""


class Starting(Struct, frozen=True):
    """It reads its configuration, then opens its ports; `config` is known from there on."""

    config: "Config | None" = None


class On(Struct, frozen=True):
    """It runs, with this configuration."""

    config: "Config"


class LabDown(Struct, frozen=True):
    """It could not start, or has ended by itself; `why` in a sentence. `config` is what it would run with."""

    why: str
    by: DownBy = DownBy.FAULT
    config: "Config | None" = None


Life = Off | Starting | On | LabDown


def config_of(life: Life) -> "Config | None":
    """The configuration, as soon as it is known."""
    return None if isinstance(life, Off) else life.config


def why_down(life: Life) -> str:
    """Why there is no lab, "" where there is one or will be."""
    return life.why if isinstance(life, LabDown) else ""


def down_by(life: Life) -> DownBy | None:
    """By what there is no lab, `None` where there is one or will be."""
    return life.by if isinstance(life, LabDown) else None


def is_awaited(life: Life) -> bool:
    """Is a configuration on its way, of which nothing is known yet?

    >>> is_awaited(Off()), is_awaited(Starting()), is_awaited(LabDown("no"))
    (True, True, False)
    """
    return isinstance(life, Off) or (isinstance(life, Starting) and life.config is None)
