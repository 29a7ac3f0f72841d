"""Searching the messages of a folder: words, and those words of the filter language that a list can answer."""

import re
from collections.abc import Sequence

from maillab.tui.state.server_mail import AnyMessage
from maillab.views.searched import fold

_WORD = re.compile(r'(-?)(?:(from|to|subject):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


def found(items: Sequence[AnyMessage], text: str) -> Sequence[AnyMessage]:
    """The messages that match; all of them where nothing is asked for."""
    return [item for item in items if matches(item, text)] if text.strip() else items


def matches(item: AnyMessage, text: str) -> bool:
    """Has a message all these words? from:, to: and subject: ask one field, words alone all three; - before it: not.

    >>> from maillab.client.local_store import LocalMessage, MailFolder
    >>> place = (1, "b@x", MailFolder.INBOX, "", True, False, 9, 0.0)
    >>> message = LocalMessage(*place, "Alice <alice@x>", "b@x", "Lunch?", None, 0)
    >>> matches(message, "from:alice lunch"), matches(message, "subject:alice"), matches(message, "-lunch")
    (True, False, False)
    """
    fields = {"from": item.sender, "to": item.recipient, "subject": item.subject}
    for minus, name, phrase, word in _WORD.findall(text):
        asked = fields[name.lower()] if name else " ".join(fields.values())
        if (fold(phrase or word) in fold(asked)) is bool(minus):
            return False
    return True
