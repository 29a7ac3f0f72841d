"""How words are compared when messages are sorted, and subjects when they are threaded (RFC 5256 §3)."""

from maillab.mail.normal import normal


def casemap(text: str) -> str:
    """The same for words that differ in case alone: i;unicode-casemap (RFC 5051 §2), which compares capitals.

    >>> casemap("beta") == casemap("BETA"), casemap("zoe") < casemap("_"), casemap("Ánh") < casemap("Bob")
    (True, True, True)
    """
    if text.isascii():
        return text.upper()
    return normal("NFKD", "".join(map(_title, text)))


def _title(character: str) -> str:
    """One for one: ß stays what it is."""
    title = character.title()
    return title if len(title) == 1 else character
