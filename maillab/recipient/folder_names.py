"""Names of folders on disk, as Maildir++ has them: `Lists/linux` is the folder `.Lists.linux` in the Maildir of INBOX.

Quiet. A name comes from the network, so only what is plainly harmless becomes a path: each level is encoded (modified
UTF-7, RFC 3501 §5.1.3), and a name that does not come back as it was is refused.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from maillab.protocols.imap.lexer import BadSyntax
from maillab.protocols.imap.names import INBOX, SEPARATOR, decode_utf7, encode_utf7
from maillab.recipient.folders import BadName

LEVELS = 20
READ = 8_192  # names on disk that are not read a second time: every CREATE looks at all of them
NAME_OCTETS = 240  # of the folder on disk: file systems take 255
_NEVER = frozenset('./\\%*"<>:|?\x7f')  # separators here and there, wildcards of LIST, and what Windows forbids


def checked(name: str) -> str:
    """The one spelling of a name that a folder can have. Raises `BadName` (T199).

    >>> checked("inbox"), checked("Inbox/x"), checked("Thư/mục")
    ('INBOX', 'INBOX/x', 'Thư/mục')
    """
    levels = name.split(SEPARATOR)
    if levels[0].upper() == INBOX:
        levels[0] = INBOX
    if len(levels) > LEVELS:
        raise BadName("too many levels")
    if not all(levels):
        raise BadName("a level has no name")
    for level in levels:
        if any(char < " " or char in _NEVER or "\ud800" <= char <= "\udfff" for char in level):
            raise BadName("a character that no name may have")
        if level[0] in "~#&" or level != level.strip():
            raise BadName("no name may begin or end like that")
    name = SEPARATOR.join(levels)
    if len(place(name)) > NAME_OCTETS:
        raise BadName("the name is too long")
    return name


def place(name: str) -> str:
    """The folder of a checked name, in the folder of INBOX; "" for INBOX itself.

    >>> place("Lists/linux"), place("Đã gửi"), place("INBOX")
    ('.Lists.linux', '.&ARAA4w- g&Hu0-i', '')
    """
    if name == INBOX:
        return ""
    return "." + encode_utf7(name).decode("ascii").replace(SEPARATOR, ".")


@lru_cache(maxsize=READ)
def name_of(folder: str) -> str | None:
    """The name that a folder on disk has for its reader; None when it is no folder of messages.

    >>> name_of(".Lists.linux"), name_of("cur"), name_of("..gone"), name_of(".a b")
    ('Lists/linux', None, None, 'a b')
    """
    if not folder.startswith(".") or not folder.isascii() or len(folder) > NAME_OCTETS:
        return None
    try:
        name = checked(decode_utf7(folder[1:].replace(".", SEPARATOR).encode("ascii")))
    except (BadName, BadSyntax):
        return None
    return name if place(name) == folder else None


def above(name: str) -> Iterator[str]:
    """The names of the levels above it, from the top.

    >>> [*above("a/b/c")]
    ['a', 'a/b']
    """
    levels = name.split(SEPARATOR)
    return (SEPARATOR.join(levels[:count]) for count in range(1, len(levels)))


def is_below(name: str, parent: str) -> bool:
    """Does it lie in that folder, or in one of those below it?"""
    return name.startswith(parent + SEPARATOR)


def read_subscriptions(text: str) -> list[str]:
    """The names in a file `subscriptions`, as Dovecot writes it for a Maildir++; what is no name is passed over.

    >>> read_subscriptions("Sent\\nLists.linux\\n&AC4-\\n")
    ['Sent', 'Lists/linux']
    """
    names = (INBOX if line.upper() == INBOX else name_of("." + line) for line in text.split("\n") if line)
    return [name for name in names if name is not None]


def write_subscriptions(names: Iterable[str]) -> str:
    """The file for these names.

    >>> write_subscriptions(["INBOX", "Lists/linux"])
    'INBOX\\nLists.linux\\n'
    """
    return "".join(f"{place(name).removeprefix('.') or INBOX}\n" for name in names)
