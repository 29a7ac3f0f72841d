"""How a command ends: with OK, or with NO or BAD and why (RFC 9051 §7.1). The dialogue puts the tag before it."""

from collections.abc import Generator
from dataclasses import dataclass

from maillab.protocols.imap.responses import StatusWord, status
from maillab.wire.turns import Answer, Turn


@dataclass(frozen=True, slots=True)
class Done:
    """OK: the command was obeyed. `code` is a response code without its brackets."""

    sentence: str = "Done"
    code: str = ""


Obeying = Generator[Turn, object, Done]
"""What obeying a command is: turns, and how it ended at last. Raises `ImapRefusal`."""


class ImapRefusal(Exception):  # noqa: N818 - what the client is told
    """NO, or BAD: it was not obeyed. `sentence` repeats nothing of what the client said."""

    def __init__(self, word: StatusWord, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.word, self.sentence, self.code = word, sentence, code


def no(sentence: str, code: str = "") -> ImapRefusal:
    """It cannot be done; `code` says why to a program (RFC 5530)."""
    return ImapRefusal(StatusWord.NO, sentence, code)


def bad(sentence: str, code: str = "") -> ImapRefusal:
    """Nothing that a client should say (now)."""
    return ImapRefusal(StatusWord.BAD, sentence, code)


def remark(code: str, sentence: str) -> Answer:
    """An untagged OK, for the sake of its code.

    >>> remark("UIDVALIDITY 5", "UIDs are valid").octets
    b'* OK [UIDVALIDITY 5] UIDs are valid\\r\\n'
    """
    return Answer(status(StatusWord.OK, sentence, code))
