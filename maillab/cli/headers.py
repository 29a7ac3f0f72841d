"""The header of each message that passes in a stream of entries, decoded, for `--json`."""

from maillab.client.read import read
from maillab.events import Carried, Closed, Entry, Said
from maillab.mail.content import Content
from maillab.protocols.protocol import AnswerForm, Named, Request
from maillab.views.followed import FollowedTalks
from maillab.views.safe import safe

Fields = dict[str, list[str]]


class MessageHeaders:
    """Hears entries in their order. A message may be carried in pieces (BDAT); its header is in the first."""

    def __init__(self) -> None:
        self._talks = FollowedTalks()
        self._expected: set[str] = set()  # talks whose next content begins a message

    def fields(self, entry: Entry) -> Fields | None:
        """The header fields of the message that begins with this entry, by name in small letters; `None` for others."""
        event, heard = entry.event, self._talks.hear(entry)
        if isinstance(event, Carried) and event.talk in self._expected:
            self._expected.discard(event.talk)
            return _decoded(event.content)
        if isinstance(event, Closed):
            self._expected.discard(event.talk)
        elif isinstance(event, Said) and isinstance(heard, Request) and _begins(heard):
            self._expected.add(event.talk)
        return None


def _begins(request: Request) -> bool:
    """Does the next content begin a message?"""
    return request.row.names is Named.SENDER or request.row.answer is AnswerForm.MESSAGE


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
