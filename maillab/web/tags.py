"""Tags of messages, which are IMAP keywords: every program that reads the mailbox sees them.

Quiet. A keyword is an atom (RFC 9051 §9, flag-keyword); what stands in a tag and in no atom is shifted as in the names
of mailboxes (RFC 3501 §5.1.3).
"""

import base64
import binascii
import re
from collections.abc import Iterable
from contextlib import suppress

LONGEST = 100  # characters of a tag
_NO_ATOM = re.compile(r"[^!#$'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]{2,800})-")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class BadTag(ValueError):  # noqa: N818 - said of the tag
    """No tag can be called so."""


def keyword_of(tag: str) -> str:
    """A tag as IMAP says it. Raises `BadTag`.

    >>> keyword_of("to do"), keyword_of("work")
    ('to&ACA-do', 'work')
    """
    tag = " ".join(_CONTROLS.sub(" ", tag).split())
    if not 0 < len(tag) <= LONGEST or tag.startswith(("$", "\\")):
        raise BadTag(f"no tag can be called {tag[:LONGEST]!r}")
    return _NO_ATOM.sub(lambda run: f"&{_base64(run[0])}-", tag)


def known_keywords(tags: Iterable[str]) -> list[str]:
    """The keywords of those of these tags that can be tags."""
    keywords = []
    for tag in tags:
        with suppress(BadTag):
            keywords.append(keyword_of(tag))
    return keywords


def tag_of(keyword: str) -> str:
    """The same read again; a keyword that says something else as it stands.

    >>> tag_of("to&ACA-do"), tag_of("R&D")
    ('to do', 'R&D')
    """
    try:
        return _SHIFTED.sub(lambda run: _text(run[1]), keyword)
    except (binascii.Error, UnicodeDecodeError):
        return keyword


def tags_of(keywords: Iterable[str]) -> list[str]:
    """The tags among the keywords of a message, sorted; those that begin with $ are the protocol's own."""
    return sorted(tag_of(keyword) for keyword in keywords if not keyword.startswith("$"))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",").decode("ascii")


def _text(shifted: str) -> str:
    return base64.b64decode(shifted.replace(",", "/") + "=" * (-len(shifted) % 4), validate=True).decode("utf-16-be")
