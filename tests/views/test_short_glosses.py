"""The few words for a line."""

import unicodedata

import pytest

from maillab import events
from maillab.protocols.services import POP3, SMTP
from maillab.views.fields import decided
from maillab.views.gloss import LANGS, stock
from maillab.views.language import Say
from maillab.views.short_glosses import LONGEST, short, table


@pytest.mark.parametrize("lang", LANGS)
def test_few_words(lang):
    """They fit into a column, are composed, and each belongs to a gloss or to a kind of event that is there."""
    for key, words in table(lang).items():
        assert 0 < len(words) <= LONGEST, key
        assert unicodedata.normalize("NFC", words) == words
    glosses = {(*key[:2], key[2].removesuffix("?")) for key in table(lang) if key[1] != "event"}
    assert glosses <= stock(lang).keys()
    attempts = {"Unreached", "PutOff", "Refusing", "NotAsked"}  # kinds of one event
    names = (key.partition(" ")[0] for _, kind, key in table(lang) if kind == "event")
    assert all(hasattr(events, name) or name in attempts for name in names)


def test_both_languages():
    """What is short in one language is in the other."""
    assert table("en").keys() == table("vi").keys()


def test_a_question_and_its_answer():
    """The same kind of record means another thing when it is asked for."""
    mx = stock("en")["dns", "record", "MX"]
    assert short(mx, "en", asked=True).endswith("?")
    assert not short(mx, "en").endswith("?")


def test_a_gloss_without_few_words_is_told_whole():
    """Nothing is left unexplained."""
    whole = stock("en")["smtp", "verb", "ETRN"]
    assert short(whole, "en") == whole.text


def test_every_capability_of_our_own_servers():
    """None of them is told in a sentence between the few words of the others."""
    offered = {(service.protocol.name, word) for service in (SMTP, POP3) for word in service.extensions}
    assert all((protocol, "keyword", word) in table("en") for protocol, word in offered)


def test_every_command_that_is_often_seen():
    """Whatever one message brings with it in the default lab has few words."""
    verbs = {"EHLO", "STARTTLS", "AUTH PLAIN", "MAIL FROM", "RCPT TO", "DATA", ".", "QUIT"}
    assert all(("smtp", "verb", verb) in table("en") for verb in verbs)


def test_whatever_the_wire_shows():
    """What happens without a word being said has few words, too: no sentence stands between them."""
    events_named = {kind.__name__ for kind in decided._MEANINGS} - {"Secured"}  # its certificate tells more
    ends = {f"Closed {why}" for why in decided._ENDS}
    assert {("", "event", name) for name in {"Closed"} | events_named | ends} <= table("en").keys()
    assert short(decided.meaning(events.Closed("relay-1", "closing"), Say("en", {})), "en") == "the server was stopped"
