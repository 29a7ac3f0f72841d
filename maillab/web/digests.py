"""What a list shows of each message, and what is searched in it: read once, and remembered within a bound.

Quiet but for a lock: read from worker threads.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from maillab.client.fields import Mailbox
from maillab.client.read import Attached, Readable, read
from maillab.web.cids import named

SNIPPET = 200  # characters of the text
REMEMBERED = 64 << 20  # characters of the words of all messages together

NumberedPart = tuple[int, Attached]


@dataclass(frozen=True, slots=True)
class MessageDigest:
    """`words` is all that is searched, in small letters: people, subject, text, the names of files."""

    message_id: str
    sender: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    bcc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    snippet: str
    files: int
    inline: int
    words: str


class Digests:
    """The digests of messages, by what the messages are called."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, MessageDigest] = OrderedDict()
        self._characters = 0

    def of(self, name: str, octets: Callable[[], bytes]) -> MessageDigest:
        """The digest of one message; `octets` is asked for it if it is not remembered, and its errors are raised."""
        with self._lock:
            if (known := self._known.get(name)) is not None:
                self._known.move_to_end(name)
                return known
        made = digest_of(octets())
        with self._lock:
            if name not in self._known:
                self._known[name] = made
                self._characters += len(made.words)
            while self._characters > self._most and len(self._known) > 1:
                _, oldest = self._known.popitem(last=False)
                self._characters -= len(oldest.words)
        return made


def digest_of(octets: bytes) -> MessageDigest:
    """Read a message for a list.

    >>> digest_of(b"From: Bob <bob@x.test>\\r\\nSubject: Hi\\r\\n\\r\\nHello\\r\\n  there\\r\\n").snippet
    'Hello there'
    """
    message = read(octets)
    inline, files = sorted_parts(message)
    said = [message.header(name) for name in ("From", "To", "Cc", "Bcc", "Reply-To", "Subject")]
    words = "\n".join([*said, message.text, *(part.name for part in message.attachments)])
    return MessageDigest(
        message.header("Message-ID").strip("<>"),
        message.people("From"),
        message.people("To"),
        message.people("Cc"),
        message.people("Bcc"),
        message.people("Reply-To"),
        message.header("Subject"),
        snippet(message.text),
        len(files),
        len(inline),
        words.lower(),
    )


def sorted_parts(message: Readable) -> tuple[list[NumberedPart], list[NumberedPart]]:
    """What is shown inside the message, and the files that come with it, each with its number from 1.

    A part is shown inside if it has a name by which a page can show it, and the message wants that, or has such a page.
    """
    shown = named(message.html)
    inline: list[NumberedPart] = []
    files: list[NumberedPart] = []
    for number, part in enumerate(message.attachments, 1):
        is_inline = bool(part.cid) and (part.is_inline or part.cid in shown)
        (inline if is_inline else files).append((number, part))
    return inline, files


def snippet(text: str) -> str:
    """The beginning of a text, in one line.

    >>> snippet("one\\n  two\\n")
    'one two'
    """
    line = " ".join(text[: 20 * SNIPPET].split())
    return line if len(line) <= SNIPPET else f"{line[:SNIPPET].rstrip()}..."
