"""The octets of a stored message as IMAP has them: every line ended by CRLF, whatever program wrote the file.

Files: only read. A small message is read, a large one stays a file.
"""

from maillab.mail.content import Content
from maillab.recipient.folder_state import Filed
from maillab.recipient.maildir import Maildir

SMALL = 65_536  # octets: a message of this size is read in one piece


def content_of(maildir: Maildir, message: Filed) -> Content:
    """Exactly as many octets as its row says. Raises `FileNotFoundError` when it is not there, or not what it was."""
    size = message.row.octets
    if message.stored > SMALL and size == message.stored:
        if maildir.stat(message.place).st_size != message.stored:
            raise Replaced(message.place)
        return Content(b"", maildir.folder / message.place, 0, message.stored)
    octets = maildir.read(message.place, message.stored)
    if len(octets) != message.stored:
        raise Replaced(message.place)
    if size != message.stored:
        octets = octets.replace(b"\r\n", b"\n").replace(
            b"\n", b"\r\n"
        )  # a regular expression takes fifteen times as long
        if len(octets) != size:
            raise Replaced(message.place)
    return Content(octets)


class Replaced(FileNotFoundError):  # noqa: N818 - said of the message
    """There is a file of this name, and another message in it."""
