"""A reply of SMTP digit by digit: those of its code (RFC 5321 §4.2.1) and the numbers of an enhanced one (RFC 3463 §2),
then the words, which are for people alone. A digit that says nothing by itself is left out.
"""

import re
from collections.abc import Iterator

from maillab.protocols.smtp import SMTP
from maillab.views.fields.part import Block, Down, Part
from maillab.views.gloss import glosses_of
from maillab.views.language import Say

_REPLY = re.compile(r"([2-5])([0-9])([0-9])(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?:\s+|\Z)(.*)\Z", re.DOTALL)
_CLASSES = {"2": "done", "3": "go on", "4": "not now, try again later", "5": "no, trying again will not help"}
_SUBJECTS = {
    "0": "about the syntax", "1": "information", "2": "about the connection", "5": "about the mail system",
}  # fmt: skip
_ENHANCED_SUBJECTS = {
    "1": "about an address", "2": "about the mailbox", "3": "about the mail system",
    "4": "about the network or the route", "5": "about the protocol", "6": "about the content", "7": "about security",
}  # fmt: skip


def blocks(words: str, say: Say) -> list[Block]:
    """The digits, or nothing for a line that is no reply.

    >>> [part.text for part in blocks("550 5.1.1 No such user", Say("en", {}))[0].parts]
    ['550', '5.1.1', 'No such user']
    >>> blocks("550 no", Say("en", {}))[0].parts[0].meaning
    '5: no, trying again will not help · 5: about the mail system'
    """
    matched = _REPLY.match(words)
    return [Down(tuple(_parts(matched, say)))] if matched else []


def _parts(matched: re.Match[str], say: Say) -> Iterator[Part]:
    first, second, third = matched[1], matched[2], matched[3]
    mark, text = matched[4], matched[5]
    meaning = _told((first, say(_CLASSES[first])), (second, say(_SUBJECTS.get(second, ""))))
    if mark == "-":
        meaning += f" · -: {say('more lines follow')}"
    yield Part(f"{first}{second}{third}{mark if mark == '-' else ''}", meaning)
    if text and (more := _ENHANCED.match(text)) and more[1] == first:
        yield Part(number := ".".join(more.groups()[:3]), enhanced(number, say))
        text = more[4]
    if text:
        yield Part(text, say("words for people; programs read the numbers"))


def enhanced(number: str, say: Say) -> str:
    """The three numbers of an enhanced code, each in words.

    >>> enhanced("5.1.1", Say("en", {})), enhanced("2.0.0", Say("en", {}))
    ('5: no, trying again will not help · 1: about an address · 1: No such mailbox at that domain.', '2: done')
    """
    first, subject, detail = number.split(".")
    exact = glosses_of(SMTP, say.lang).get((SMTP.name, "enhanced", f"X.{subject}.{detail}")) if detail != "0" else None
    return _told(
        (first, say(_CLASSES[first])),
        (subject, say(_ENHANCED_SUBJECTS.get(subject, ""))),
        (detail, exact.text if exact is not None else ""),
    )


def _told(*digits: tuple[str, str]) -> str:
    """What each of them says, where it says something."""
    return " · ".join(f"{digit}: {words}" for digit, words in digits if words)
