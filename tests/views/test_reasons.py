"""Why a message waits, or came back."""

import pytest

from maillab.events import NOT_TRIED, Attempted, Deferred, Failed
from maillab.views.reasons import ReasonKind, reason_of
from tests.recording.told import told


@pytest.mark.parametrize(
    ("text", "kind", "code", "host", "expired"),
    [
        ("451 4.4.1 No connection to mx.b.test: Connection refused", "refused", "451", "mx.b.test", ""),
        ("connection refused", "refused", "", "", ""),
        ("451 4.4.1 mx.b.test does not answer", "silent", "451", "mx.b.test", ""),
        ("451 4.4.1 No host could be reached", "unreachable", "451", "", ""),
        ("450 4.7.1 Greylisted: come back in 120 seconds", "greylisted", "450", "", ""),
        ("556 5.1.10 b.test accepts no mail (null MX)", "null_mx", "556", "", ""),
        ("550 5.1.2 b.test: no such domain", "no_domain", "550", "", ""),
        ("554 5.0.0 Returned by the postmaster, before its time was over", "by_hand", "554", "", ""),
        (f"451 4.4.1 {NOT_TRIED}No connection to mx.b.test: Connection refused", "rests", "451", "mx.b.test", ""),
        (
            f"554 5.4.7 Not delivered in 5 days; last error: {NOT_TRIED}No connection to mx.b.test: Connection refused",
            "refused", "", "mx.b.test", "5 days",
        ),
        ("removed from the queue by hand", "removed", "", "", ""),
        ("550 5.1.1 <x@b.test>: nobody of that name", "said", "550", "", ""),
        (
            "554 5.4.7 Not delivered in 5 days; last error: No connection to mx.b.test: Connection refused",
            "refused", "", "mx.b.test", "5 days",
        ),
        ("554 5.4.7 Not delivered in 2 h; last error: mx.b.test said 450 4.2.1 busy", "said", "450", "", "2 h"),
        ("", "said", "", "", ""),
    ],
)  # fmt: skip
def test_what_it_says(text, kind, code, host, expired):
    """The kind, the code of the reply, the host that was not reached, and after how long it was given up."""
    reason = reason_of(text)
    assert (reason.kind, reason.code, reason.host, reason.expired) == (kind, code, host, expired)


def test_words_are_without_codes():
    """What a server said is shown without the numbers before it, also where it was said days before."""
    late = "554 5.4.7 Not delivered in 2 h; last error: mx.b.test said 450 4.2.1 busy; before that mx said 450 no"
    assert reason_of(late).words == "busy"
    assert reason_of("550 5.1.1 nobody").words == "nobody"


def test_reasons_of_the_stories():
    """What the lab itself writes down is understood."""
    kinds = {
        reason_of(entry.event.reason).kind
        for name in ("greylist-then-retry", "null-mx")
        for entry in told(name)
        if isinstance(entry.event, Deferred | Failed)
    }
    assert kinds == {ReasonKind.GREYLISTED, ReasonKind.NULL_MX}


def test_why_a_host_was_left():
    """A host that was not reached is told with what went wrong, not as one that gave no answer."""
    [first] = [e.event for e in told("mx-failover") if isinstance(e.event, Attempted) and not e.event.code]
    assert first.why == "connection refused"


def test_a_mail_server_without_an_address_is_named():
    """And where the domain itself is the host, that."""
    reason = reason_of("550 5.4.4 No mail server of b.test has an address: mx.else.test")
    assert (reason.kind, reason.host) == (ReasonKind.NO_ADDRESS, "mx.else.test")
    assert reason_of("550 5.4.4 No mail server of b.test has an address").host == "b.test"
