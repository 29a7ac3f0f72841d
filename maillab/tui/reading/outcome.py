"""How a talk ended, or that it goes on: a sign and a few words, the same wherever a talk is named.

Rules for this file: no Textual; what came from outside was made safe where it was learned.
"""

import re
from typing import NamedTuple

from maillab.tui.reading.model import TalkSummary
from maillab.tui.texts import Texts
from maillab.views.units import duration
from maillab.views.verdict import DUE, Verdict

_ENHANCED = re.compile(r"([245][0-9]{2})[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3} )?")
_ENDS = {  # by the reason
    "lost": "ended.lost", "timeout": "ended.timeout", "refused": "ended.refused", "closing": "ended.closing",
    "untrusted": "ended.untrusted", "no TLS": "ended.no_tls",
}  # fmt: skip


class TalkOutcome(NamedTuple):
    """`words` say why it went wrong, and nothing where it did not; `style` is that of the sign."""

    style: str
    sign: str
    words: str
    took: str


def outcome(talk: TalkSummary, now: float, texts: Texts) -> TalkOutcome:
    """What became of a talk, at this moment."""
    took = duration(max(0.0, (now if talk.closed is None else talk.closed) - talk.opened))
    if talk.verdict is Verdict.ERROR and not talk.taken:
        return TalkOutcome("bad", "✗", _short(talk.refusal), took)
    if talk.verdict is not Verdict.OK:  # also where something was refused, and a message taken nevertheless
        return TalkOutcome("warn", "!", _short(talk.refusal), took)
    if talk.closed is None:
        return TalkOutcome("accent", "●", "", took)
    if talk.why in DUE:
        return TalkOutcome("good", "✓", "", took)
    return TalkOutcome("warn", "!", texts(_ENDS[talk.why]) if talk.why in _ENDS else talk.why, took)


def _short(reply: str) -> str:
    """A refusal without what only programs read.

    >>> _short("554 5.7.1 outside the lab"), _short("-ERR no such message")
    ('554 outside the lab', '-ERR no such message')
    """
    return _ENHANCED.sub(r"\1 ", reply, count=1)
