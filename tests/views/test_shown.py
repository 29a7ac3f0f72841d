"""What a filter by a word finds of a decision or a state: every word that its row shows."""

from typing import get_args

import pytest

from maillab import events as e
from maillab.events import Entry
from maillab.views.filter import parse, select
from maillab.views.gloss import LANGS
from maillab.views.shown import shows
from maillab.views.transcript import Transcript

BOB = ("bob@recipient.test",)
EVENTS = (
    e.Opened("submit-1", e.Leg.SUBMIT, "submission", "mail.sender.test"),
    e.Opened("submit-2", e.Leg.SUBMIT, "submissions", "mail.sender.test", secure=True),
    e.Opened("lookup-1", e.Leg.LOOKUP, "dns", "ns.sender.test", transport=e.Transport.UDP),
    e.Secured("submit-1", "TLSv1.3"),
    e.Closed("submit-1", "timeout"),
    e.Authenticated("submit-1", "alice@sender.test", "PLAIN"),
    e.Submitted("submit-1", "L1", "alice@sender.test", BOB, 99),
    e.Queued("L1.1", "L1", "recipient.test", BOB),
    e.Routed("L1.1", ("mx1.recipient.test", "mx2.recipient.test")),
    e.Routed("L1.1", ()),
    e.Attempted("L1.1", "mx1.recipient.test", 250),
    e.Attempted("L1.1", "mx1.recipient.test", 451),
    e.Attempted("L1.1", "mx1.recipient.test", 552, "the message is larger than it takes"),
    e.Attempted("L1.1", "mx1.recipient.test", 0),
    e.Attempted("L1.1", "mx1.recipient.test", 0, "connection refused"),
    e.Deferred("L1.1", BOB, "451 4.3.0 later", 300),
    e.Failed("L1.1", BOB, "550 5.1.1 no bob"),
    *(e.Bounced("L1.1", "alice@sender.test", kind, "L2") for kind in ("failed", "delayed", "delivered", "relayed")),
    e.Dropped("L1.1", "550 5.1.1 nobody"),
    e.Delivered("relay-1", "bob@recipient.test", 1, 5),
    e.Read("retrieve-1", "bob@recipient.test", 1),
    e.Removed("retrieve-1", "bob@recipient.test", (1, 2)),
    e.Tolerated("submit-1", "RFC 5321 section 4.1.1.1", "a bare line feed ends the line"),
    e.RulePlayed("relay-1", "at recipient.test smtp rcpt answer 450", "answer 450"),
    e.RulePlayed("relay-1", "", "answer 450"),
    e.Warned("lab", "a weak certificate"),
    *(e.Adjusted("sender.test", what, "60") for what in ("started", "held", "clock", "setting", "no login", "else")),
    e.Stumbled("lab", "a1b2", "KeyError: 'x'"),
)


def seen(text, event, lang, **how):
    return [*select(parse(text), [Entry(1, 0.0, event)], says=shows(lang, **how))]


def test_every_event_is_here():
    """None of those that are not said on a wire is left out."""
    assert {type(event) for event in EVENTS} == set(get_args(e.Event)) - set(get_args(e.Spoken))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_each_word_of_a_row_is_found(event, lang):
    """Also all of them together, in quotes and as a pattern; and the English ones in every language."""
    for view in (Transcript("rfc", lang), Transcript("rfc")):
        text = view.rows(Entry(1, 0.0, event))[0].text
        for word in (*text.split(), text):
            quoted = word.replace("\\", "\\\\").replace('"', '\\"')
            assert seen(f'"{quoted}"', event, lang), word
    assert seen(rf"/^{view.rows(Entry(1, 0.0, event))[0].text.split()[0]}/", event, lang)


def test_what_is_not_shown_is_not_found():
    """Words of another language are of no row here; without accents where the terminal has none."""
    tried = e.Attempted("L1.1", "mx1.recipient.test", 451)
    assert not seen("đã", tried, "en")
    assert seen("tried", tried, "en")
    assert seen("đã", tried, "vi")
    assert not seen("da", tried, "vi")
    assert seen('"da thu"', tried, "vi", ascii=True)
