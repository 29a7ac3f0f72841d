"""Every event that is no line of a protocol has a sentence, in both languages."""

from typing import get_args

import pytest

from maillab.events import (
    REMOVED,
    Adjusted,
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    DecidedEvent,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    Leg,
    Opened,
    Queued,
    Read,
    Removed,
    Routed,
    RulePlayed,
    Secured,
    Stumbled,
    Submitted,
    Tolerated,
    Warned,
)
from maillab.views.gloss import Lang
from maillab.views.safe import ascii_only, safe, unaccented
from maillab.views.words import Phrases

H = "\x1b[31m\u202e{x}"
BOB = ("bob@recipient.test",)
EVENTS = [
    (Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test"), "connected to mx.recipient.test (smtp)"),
    (Opened("relay-1", Leg.RELAY, "smtp", "mx", True), "connected to mx (smtp, TLS from the first byte)"),
    (Secured("relay-1", "TLSv1.3"), "TLS began (TLSv1.3)"),
    (Closed("relay-1", "quit"), "ended"),
    (Closed("relay-1", "lost"), "connection lost"),
    (Closed("relay-1", "too many errors"), "ended: too many errors"),
    (Authenticated("submit-1", "alice", "PLAIN"), "logged in as alice (PLAIN)"),
    (Submitted("submit-1", "L1", "", BOB, 9), "accepted message L1 from <> for bob@recipient.test (9 bytes)"),
    (Queued("J1", "L1", "recipient.test", BOB), "message L1 queued for recipient.test (bob@recipient.test)"),
    (Routed("J1", ("mx1", "mx2")), "hosts to try, in order: mx1, mx2"),
    (Routed("J1", ()), "no host accepts mail for this domain"),
    (Attempted("J1", "mx1", 421), "tried mx1: 421"),
    (Attempted("J1", "mx1", 552, "it is full"), "mx1 was not asked: it is full"),
    (Attempted("J1", "mx1", 250), "mx1 accepted it: 250"),
    (Attempted("J1", "mx1", 0), "tried mx1: no answer"),
    (Deferred("J1", BOB, "busy", 900), "deferred for bob@recipient.test, retry in 15 min: busy"),
    (Failed("J1", BOB, "550 no"), "failed for bob@recipient.test, will not be retried: 550 no"),
    (Failed("J1", BOB, REMOVED), "removed by hand for bob@recipient.test; the sender gets no report"),
    (Bounced("J1", "alice", "failed", "L2"), "failure report (bounce) sent to alice as message L2"),
    (Bounced("J1", "alice", "delayed", "L2"), "delay report sent to alice as message L2"),
    (Bounced("J1", "alice", "relayed", "L2"), "report relayed sent to alice as message L2"),
    (Dropped("J1", "the sender is <>"), "report dropped: the sender is <>"),
    (Delivered("relay-1", "bob@recipient.test", 1, 1204), "stored for bob@recipient.test as 1 (1204 bytes)"),
    (Read("retrieve-1", "bob", 1), "message 1 read by bob"),
    (Removed("retrieve-1", "bob", (1, 2)), "messages removed from bob: 1, 2"),
    (
        Tolerated("submit-1", "RFC 5321 §4.1.2", "a path has brackets"),
        "tolerated: a path has brackets (RFC 5321 §4.1.2)",
    ),
    (RulePlayed("relay-1", "at data answer 421", "answer 421"), "rule applied, answer 421: at data answer 421"),
    (RulePlayed("retrieve-1", "", "quirk list-in-lines"), "injected fault: quirk list-in-lines"),
    (Warned("zone", "MX is an alias"), "warning: MX is an alias"),
    (Adjusted("recipient.test", "stopped", "smtp, pop3"), "stopped: smtp, pop3"),
    (Adjusted("sender.test", "held"), "queue on hold"),
    (Adjusted("clock", "clock", "432000"), "clock moved forward by 5 d"),
    (Adjusted("dns", "zone", "recipient.test"), "zone recipient.test edited and reloaded"),
    (Adjusted("recipient.test", "setting", "greylisting: on"), "setting: greylisting: on"),
    (Adjusted("lab", "what nobody knows", "x"), "changed by hand: x"),
    (Attempted("J1", "mx1.test", 0, "connection refused"), "tried mx1.test: connection refused"),
    (Stumbled("inbound", "R7", "disk full"), "internal error of the lab, reference R7: disk full"),
]


@pytest.mark.parametrize(("event", "sentence"), EVENTS)
def test_sentences(event: object, sentence: str) -> None:
    """An event reads as a sentence; in Vietnamese it is another one with the same values."""
    assert Phrases("en", safe).of(event) == sentence  # type: ignore[arg-type]
    assert Phrases("vi", safe).of(event) not in ("", sentence)  # type: ignore[arg-type]


def test_no_event_is_without_a_sentence() -> None:
    """Each class of event that is no line of a protocol is among those whose sentences stand above."""
    assert {type(event) for event, _ in EVENTS} == {Opened, Secured, Closed, *get_args(DecidedEvent)}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_values_are_made_safe_and_are_never_templates(lang: Lang) -> None:
    """Hostile values are shown as pictures, and braces in them mean nothing."""
    phrases = Phrases(lang, safe)

    for event in (
        Warned("w", H),
        Stumbled(H, H, H),
        Opened(H, Leg.RELAY, H, H),
        Failed(H, (H,), H),
        Closed(H, H),
    ):  # T262
        text = phrases.of(event)
        assert "␛[31m⟨202E⟩{x}" in text
        assert text.isprintable()


def test_long_lists_are_counted() -> None:
    """A thousand recipients are five names and a number."""
    names = tuple(f"u{n}" for n in range(1000))

    assert Phrases("en", safe).some(names) == "u0, u1, u2, u3, u4 and 995 more"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (-5, "0 s"), (45, "45 s"), (900, "15 min"), (9000, "2 h 30 min"), (432061, "5 d 1 min")],
)
def test_spans(seconds: int, said: str) -> None:
    """A length of time is said in its two largest units."""
    assert Phrases("en", safe).span(seconds) == said


def test_remarks_are_in_the_readers_language() -> None:
    """What a machine remarks upon, and the rule, are said in Vietnamese; where only ASCII goes, without accents."""
    event = Tolerated("submit-1", "RFC 5321 section 4.1.4", "a conversation begins with EHLO or HELO")
    assert Phrases("vi", safe).of(event) == (
        "tạm chấp nhận: cuộc hội thoại bắt đầu bằng EHLO hoặc HELO (RFC 5321 mục 4.1.4)"
    )
    assert "cuoc hoi thoai bat dau bang EHLO hoac HELO" in Phrases("vi", ascii_only, unaccented).of(event)


def test_own_words_can_be_unaccented() -> None:
    """Where only ASCII goes, our words lose their accents; the values are what `show` makes of them."""
    assert Phrases("vi", str, unaccented).of(Closed("t", "lost")) == "ket noi bi dut"
