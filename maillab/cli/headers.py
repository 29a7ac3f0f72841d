"""The header of each message that passes in a stream of entries, decoded, for `--json`."""

from maillab.client.read import read
from maillab.events import Carried, Closed, Entry, Said, Side
from maillab.mail.content import Content
from maillab.views.safe import safe

_BEGINS = (b"MAIL", b"RETR", b"TOP ")  # commands after which the next content begins a message

Fields = dict[str, list[str]]


class MessageHeaders:
    """Hears entries in their order. A message may be carried in pieces (BDAT); its header is in the first."""

    def __init__(self) -> None:
        self._expected: set[str] = set()  # talks whose next content begins a message

    def fields(self, entry: Entry) -> Fields | None:
        """The header fields of the message that begins with this entry, by name in small letters; `None` for others."""
        event = entry.event
        if isinstance(event, Said) and event.side is Side.CLIENT and event.line[:4].upper() in _BEGINS:
            self._expected.add(event.talk)
        elif isinstance(event, Carried) and event.talk in self._expected:
            self._expected.discard(event.talk)
            return _decoded(event.content)
        elif isinstance(event, Closed):
            self._expected.discard(event.talk)
        return None


def _decoded(content: Content) -> Fields | None:
    """`None` where the file of a large message is gone."""
    fields: Fields = {}
    try:
        head = content.head()
    except OSError:
        return None
    for name, value in read(head).headers:
        fields.setdefault(name.lower(), []).append(safe(value))
    return fields
