"""The few words for a line."""

import unicodedata

import pytest

from maillab import events
from maillab.protocols.services import POP3, SMTP
from maillab.views.gloss import LANGS, stock
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
    assert all(hasattr(events, key) or key in attempts for _, kind, key in table(lang) if kind == "event")


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
