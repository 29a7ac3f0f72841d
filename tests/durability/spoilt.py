"""maillab with one of its precautions taken out, to see whether anybody notices.

SPOILT=no_folder_sync python -m tests.durability.spoilt serve
"""

import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

from maillab import database, durable
from maillab.recipient import maildir
from maillab.recipient.maildir import Maildir, TmpFile
from maillab.system import System


def no_folder_sync() -> None:
    """The names of files are not synced."""
    System.sync_folder = lambda *_: None  # type: ignore[method-assign]


def no_file_sync() -> None:
    """The octets of files are not synced."""
    durable.sync = maildir.sync = lambda _: None


def normal() -> None:
    """SQLite does not wait for the disk at the end of a transaction."""
    furnish = database._furnish

    def carelessly(connection: sqlite3.Connection, *arguments: Any) -> None:
        furnish(connection, *arguments)
        connection.execute("PRAGMA synchronous = NORMAL")

    database._furnish = carelessly


def name_first() -> None:
    """A message has its name before its octets are synced, though both are before anything is promised."""
    publish, sealed = Maildir.publish, dict[str, int]()

    def seal(_: Maildir, draft: TmpFile) -> TmpFile:
        sealed[draft.path.name] = draft.descriptor
        return draft

    def publish_and_sync(self: Maildir, draft: TmpFile, *flags: Any) -> str:
        name = publish(self, draft, *flags)
        self.sync()
        os.fsync(sealed[draft.path.name])
        os.close(sealed.pop(draft.path.name))
        return name

    Maildir.seal, Maildir.publish = seal, publish_and_sync  # type: ignore[method-assign]


WAYS: dict[str, Callable[[], None]] = {way.__name__: way for way in (no_folder_sync, no_file_sync, normal, name_first)}

if __name__ == "__main__":
    WAYS[os.environ["SPOILT"]]()
    from maillab.__main__ import main

    sys.exit(main())
