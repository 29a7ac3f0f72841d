"""The numbers in answers of POP3: to STAT, LIST and UIDL (RFC 1939 §5, §7)."""

import re

from maillab.protocols.protocol import AnswerLine
from maillab.views.fields.part import Across, Block
from maillab.views.language import Say
from maillab.views.units import size

_TWO = re.compile(r"(\+OK\s+)?([0-9]{1,18})\s+(\S+)")
_MEANINGS = {  # of the two words, by the command
    "STAT": ("messages in the mailbox", "bytes in all"),
    "LIST": ("number of the message, in this session", "bytes"),
    "UIDL": ("number of the message, in this session", "name of the message, the same in every session"),
}


def blocks(heard: AnswerLine, words: str, say: Say) -> list[Block]:
    """The two words of such a line; nothing for another line.

    >>> from maillab.protocols.follower import Follower
    >>> from maillab.protocols.pop3 import POP3
    >>> talk = Follower(POP3, greeted=True); _ = talk.client(b"STAT")
    >>> blocks(talk.server(b"+OK 2 1500"), "+OK 2 1500", Say("en", {}))[0].meanings
    ('done', 'messages in the mailbox', 'bytes in all (1.5 kB)')
    """
    meanings = _MEANINGS.get(heard.request.verb) if heard.request is not None else None
    matched = _TWO.match(words)
    if meanings is None or matched is None or (heard.first and not matched[1]):
        return []
    status, number, other = matched.groups()
    one, two = (say(meaning) for meaning in meanings)
    if other.isdigit() and len(other) < 19 and heard.request is not None and heard.request.verb != "UIDL":
        two = f"{two} ({size(int(other))})" if int(other) >= 1000 else two
    if status is None:
        return [Across(((number, other),), (one, two))]
    if heard.request is not None and heard.request.verb != "STAT" and not heard.last:
        return []  # "+OK 2 messages follow": words for people
    return [Across(((status.strip(), number, other),), (say("done"), one, two))]
