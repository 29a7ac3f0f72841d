"""The notice that a running lab leaves in its folder: `running.json`, with its process, its doors and its accounts.

Whoever looks for a lab reads it here and need not guess ports. That the lab lives is told by the lock of its folder,
never by the notice: a killed lab leaves its notice behind.
"""

import contextlib
import os
from pathlib import Path

import msgspec

from maillab.config import Config
from maillab.durable import create_new, write_all
from maillab.endpoints import Account, Endpoint, endpoint_of
from maillab.folder import NOTICE, holder
from maillab.system import HERE

MAX_OCTETS = 4 << 20  # larger than any notice: the configuration in it is bounded


class NoticeError(OSError):
    """A lab lives in the folder, and its doors are not known: it is just starting, or its notice cannot be read."""


class Notice(msgspec.Struct, frozen=True):
    """A running lab: process, folder, open doors, who can log in (with passwords), and the configuration in force."""

    pid: int
    lab: str
    endpoints: tuple[Endpoint, ...]
    accounts: tuple[Account, ...]
    config: Config

    @property
    def authority(self) -> Path:
        """The certificate that its clients trust."""
        return Path(self.lab) / "ca" / "ca.pem"

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens, as `endpoint_of`."""
        return endpoint_of(self.endpoints, site, service)


def post(notice: Notice, folder: Path) -> None:
    """Put the notice up, in one moment: nobody reads half of it. Mode 0600. Raises `OSError`."""
    part = folder / f".{NOTICE}.part"
    part.unlink(missing_ok=True)
    descriptor = create_new(part)
    try:
        try:
            write_all(descriptor, msgspec.json.format(msgspec.json.encode(notice)) + b"\n")
        finally:
            os.close(descriptor)
        part.replace(folder / NOTICE)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def take_down(folder: Path) -> None:
    """The lab is closing: nobody is to come any more. One that cannot be removed harms nobody: the lock tells."""
    with contextlib.suppress(OSError):
        (folder / NOTICE).unlink()


def running(folder: Path) -> Notice | None:
    """The lab that runs in this folder, `None` when no process lives there. Writes nothing. Raises `NoticeError`."""
    pid = holder(folder)
    if pid is None:
        return None
    try:
        notice = _read(folder)
    except OSError as error:
        why = "it has not opened its ports yet" if isinstance(error, FileNotFoundError) else str(error.strerror)
        raise _unknown(folder, pid, why) from error
    except msgspec.MsgspecError as error:
        raise _unknown(folder, pid, f"another version of maillab wrote {NOTICE}: {error}") from error
    if pid not in (0, notice.pid):
        raise _unknown(folder, pid, "it has not opened its ports yet")
    return notice


def _read(folder: Path) -> Notice:
    descriptor = HERE.open_to_read(folder / NOTICE, links=False)
    with os.fdopen(descriptor, "rb") as file:
        return msgspec.json.decode(file.read(MAX_OCTETS), type=Notice)


def _unknown(folder: Path, pid: int, why: str) -> NoticeError:
    return NoticeError(
        f"a lab runs in {folder} (process {pid or 'unknown'}), but its ports are not known: {why}\n"
        f"  try again in a moment, or take a lab of your own: add --ephemeral"
    )
