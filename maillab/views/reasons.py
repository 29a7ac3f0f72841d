"""Why a message waits, or came back: the sentence that a queue wrote down, as a kind and a few words.

Rules for this file: it reads what `sender` and the servers write, and decides nothing; what it does not know is shown
as it was said, without its codes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maillab.events import NOT_TRIED, REMOVED

_CODES = re.compile(r"([245][0-9]{2})(?: ([245]\.[0-9]{1,3}\.[0-9]{1,3}))? ?")
_LAST = re.compile(r"Not delivered in (.+?); last error: (.*)", re.DOTALL)
_BEFORE = re.compile(r"; before that \S+ said .*", re.DOTALL)
_SAID = re.compile(r"\S+ said (?=[245][0-9]{2} )")
_HOST = re.compile(r"(?:No connection to (\S+?): |(\S+) does not answer)")
_NO_ADDRESS = re.compile(r"No mail server of (\S+) has an address(?:: (.+))?")
_KINDS = (  # the first that fits
    ("rests", re.compile(NOT_TRIED)),
    ("refused", re.compile(r"connection refused", re.IGNORECASE)),
    ("silent", re.compile(r"does not answer|timed out|no answer", re.IGNORECASE)),
    ("unreachable", re.compile(r"no connection to|no host could be reached|no machine of the lab", re.IGNORECASE)),
    ("greylisted", re.compile(r"gr[ea]ylist", re.IGNORECASE)),
    ("null_mx", re.compile(r"accepts no mail|null MX", re.IGNORECASE)),
    ("no_address", _NO_ADDRESS),
    ("no_domain", re.compile(r"no such domain", re.IGNORECASE)),
    ("by_hand", re.compile(r"returned by the postmaster", re.IGNORECASE)),
    ("removed", re.compile(REMOVED)),
)


class ReasonKind(StrEnum):
    """What kept a message from its reader. `rests`: nothing was tried for it; `said`: a server's own words."""

    RESTS = "rests"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    GREYLISTED = "greylisted"
    NULL_MX = "null_mx"
    NO_ADDRESS = "no_address"
    NO_DOMAIN = "no_domain"
    BY_HAND = "by_hand"
    REMOVED = "removed"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` and `enhanced` of the reply, `words` without them; the `host` that was not reached; `expired` is how long
    it was tried, where that was too long.
    """

    kind: ReasonKind
    words: str
    code: str = ""
    enhanced: str = ""
    host: str = ""
    expired: str = ""


def reason_of(text: str) -> Reason:
    """What a sentence says.

    >>> reason_of("451 4.4.1 No connection to mx.recipient.test: Connection refused").kind.value
    'refused'
    >>> reason_of("554 5.4.7 Not delivered in 5 days; last error: mx.b.test does not answer").expired
    '5 days'
    >>> reason_of("550 5.1.1 no such mailbox")
    Reason(kind=<ReasonKind.SAID: 'said'>, words='no such mailbox', code='550', enhanced='5.1.1', host='', expired='')
    """
    codes, words = _split(text)
    expired = ""
    if over := _LAST.match(words):
        expired = over[1]
        codes, words = _split(_SAID.sub("", _BEFORE.sub("", over[2].replace(NOT_TRIED, "")), count=1))
    kind = next((name for name, pattern in _KINDS if pattern.search(words)), "said")
    host = _HOST.search(words) or _NO_ADDRESS.search(words)
    return Reason(ReasonKind(kind), words, *codes, (host[2] or host[1]) if host else "", expired)


def _split(text: str) -> tuple[tuple[str, str], str]:
    """Code and enhanced code, and the words behind them."""
    codes = _CODES.match(text)
    return ((codes[1], codes[2] or ""), text[codes.end() :]) if codes else (("", ""), text)
