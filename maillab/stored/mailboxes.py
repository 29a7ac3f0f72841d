"""The mailboxes of a lab folder, read from their Maildirs: mail/<domain>/<name>/{new,cur}.

Files: only read. A message that is fetched and deleted by POP3 is gone from here, too.
"""

import re
from pathlib import Path

from maillab.recipient.maildir import Maildir
from maillab.stored.message import StoredMessage

_MOMENT = re.compile(r"\d{1,15}(?:\.\d{6}(?=\.))?")  # with which a base name begins, in seconds since 1970


class StoredMailboxes:
    """A folder of a lab that runs, or ran. It remembers the messages that it has read: each is opened once."""

    def __init__(self, folder: Path) -> None:
        self._mail = folder / "mail"
        self._read: dict[Path, StoredMessage] = {}  # by folder and base name, which no flag changes

    def messages(self) -> list[StoredMessage]:
        """Every message in every mailbox, the oldest first. Raises `OSError` when a folder cannot be read."""
        messages: dict[Path, StoredMessage] = {}
        for folder in self._mail.glob("*/*/"):
            maildir = Maildir(folder, str)
            try:
                files = maildir.scan()
            except FileNotFoundError:  # the lab is making it just now
                continue
            for name, file in files.items():
                message = self._read.get(folder / name) or _read(maildir, name, file)
                if message is not None:
                    messages[folder / name] = message
        self._read = dict(sorted(messages.items(), key=lambda item: _age(item[0].name)))
        return list(self._read.values())


def _read(maildir: Maildir, name: str, file: Path) -> StoredMessage | None:
    """`None` for a message that is gone again."""
    try:
        raw = maildir.find(name, file).read_bytes()
    except FileNotFoundError:
        return None
    return StoredMessage(raw, f"{maildir.folder.name}@{maildir.folder.parent.name}", name)


def _age(name: str) -> tuple[float, str]:
    moment = _MOMENT.match(name)
    return (float(moment[0]) if moment else 0.0, name)
