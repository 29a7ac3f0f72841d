"""What an event means that is no line of a protocol."""

from typing import get_args

from msgspec import structs

from maillab.events import (
    REMOVED,
    Attempted,
    Bounced,
    Closed,
    Deferred,
    Event,
    Failed,
    Leg,
    Opened,
    Said,
    Spoken,
    Transport,
)
from maillab.views.fields.decided import meaning
from maillab.views.short_glosses import short
from tests.views.fields.words import EN, VI

VALUES = {
    "maillab.events.Certificate | None": None,
    "str": "x",
    "int": 1,
    "bool": False,
    "tuple[str, ...]": ("x",),
    "tuple[int, ...]": (1,),
}


def made(kind):
    """An event of a kind, whatever is in it."""
    values = {"Leg": Leg.RELAY, "Transport": Transport.TCP}
    return kind(
        *(
            (VALUES | values)[getattr(field.type, "__name__", str(field.type))]
            if field.type not in (tuple[str, ...], tuple[int, ...])
            else VALUES[str(field.type)]
            for field in structs.fields(kind)
        )
    )


def test_every_event_that_is_no_line_has_one():
    """In both languages, and another in each."""
    for kind in set(get_args(Event)) - set(get_args(Spoken)):
        event = made(kind)
        english, vietnamese = meaning(event, EN), meaning(event, VI)
        assert english is not None, kind
        assert english.text != vietnamese.text


def test_a_line_has_none():
    """What was said is explained by its words."""
    assert meaning(Said("relay-1", "client", b"QUIT\r\n"), EN) is None


def test_ends():
    """Why it ended makes the meaning."""
    texts = {
        meaning(Closed("relay-1", why), EN).text for why in ("quit", "lost", "timeout", "answered", "refused", "x")
    }
    assert len(texts) == 6


def test_beginnings():
    """UDP has no connection; TLS from the first byte is another thing."""
    udp = Opened("lookup-1", Leg.LOOKUP, "dns", "ns.test", transport=Transport.UDP)
    secure = Opened("submit-1", Leg.SUBMIT, "submissions", "mail.test", secure=True)
    assert "no connection" in meaning(udp, EN).text
    assert "first byte" in meaning(secure, EN).text


def test_what_is_retried_and_what_bounces():
    """Whoever asks about either learns which codes lead there; a report of another kind is no bounce."""
    deferred, failed = Deferred("L1.1", ("b@x.test",), "451 later", 300), Failed("L1.1", ("b@x.test",), "550 no")
    for event in (deferred, failed, Bounced("L1.1", "a@x.test", "failed", "L2")):
        assert "begin with 4" in meaning(event, EN).text
        assert "begin with 5" in meaning(event, EN).text
        assert all(f"bắt đầu bằng {digit}" in meaning(event, VI).text.lower() for digit in (4, 5))
    assert "begin with" not in meaning(Bounced("L1.1", "a@x.test", "delayed", "L2"), EN).text


def test_whom_a_report_goes_to():
    """Nobody is told that a report was lost, nor of what else came from <>: no sentence says so of every message."""
    failed = Failed("L1.1", ("b@x.test",), "550 no")
    assert "nobody does where the sender is <>" in meaning(failed, EN).text
    assert "không ai nhận nếu người gửi là <>" in meaning(failed, VI).text
    for lang in ("en", "vi"):
        assert not {"report", "báo"} & set(short(meaning(failed, EN), lang).split())


def test_what_a_person_removed():
    """No report goes to the sender of what was thrown away by hand."""
    removed = meaning(Failed("L1.1", ("b@x.test",), REMOVED), EN).text
    assert "the sender gets no report" in removed
    assert "not tried again" in removed


def test_attempts():
    """Taken, put off, refused, not asked, not reached: only what no other attempt may follow is called final."""
    keys = {
        (code, why): meaning(Attempted("L1.1", "mx.test", code, why), EN).key
        for code, why in [(250, ""), (451, ""), (354, ""), (550, ""), (552, "too large"), (0, ""), (0, "refused")]
    }
    assert [*keys.values()] == ["Attempted", "PutOff", "PutOff", "Refusing", "NotAsked", "Unreached", "Unreached"]
