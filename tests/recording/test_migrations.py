"""Lines of older sessions, brought to the present format."""

import pytest

from maillab.events import Secured
from maillab.recording.migrations import MIGRATIONS, from_version_1, from_version_2, lab_of_version_1
from maillab.recording.session_lines import decode, entry_of


@pytest.mark.parametrize("event", ["Submitted", "Queued", "Bounced"])
def test_a_message_is_called_by_its_word(event: str) -> None:
    """Events of version 1 that had a `letter` have a `message`; the other fields keep their order."""
    line = b'{"e":"%s","n":1,"letter":"L1","x":"a letter"}\n' % event.encode()
    assert from_version_1(line) == b'{"e":"%s","n":1,"message":"L1","x":"a letter"}\n' % event.encode()


def test_a_fault_is_the_effect_of_a_rule() -> None:
    """Version 1 did not write down what had been asked for."""
    line = b'{"e":"FaultPlayed","n":1,"t":1,"talk":"relay-1","fault":"451 at RCPT"}\n'
    assert from_version_1(line) == b'{"e":"RulePlayed","n":1,"t":1,"talk":"relay-1","rule":"","effect":"451 at RCPT"}\n'


def test_a_lookup_went_over_udp() -> None:
    """Version 1 did not tell; it was a datagram, unless the answer was a long one. Other talks are streams."""
    line = b'{"e":"Opened","n":1,"t":1,"talk":"lookup-1","leg":"lookup","service":"dns","server":"ns"}\n'
    assert from_version_1(line) == line[:-2] + b',"transport":"udp"}\n'
    assert from_version_1(line.replace(b"dns", b"smtp")) == line.replace(b"dns", b"smtp")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b'{"e":"Opened","service":"dns","transport":"tcp"}\n',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":"\\"dns\\""}\n',
        b'{"letter"',
        b'["letter"]\n',
        b'"letter"',
        b'{"e":"Closed","n":1,"t":1,"talk":"a","letter":"x"}\n',
        b'{"e":["Queued"],"letter":"x"}\n',
        b'{"e":"FaultPlayed","n":1}\n',
        b'{"e":"Queued","letter":"a","message":"b"}\n',
        b'{"e":"Queued","letter":"\xff"}\n',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":"\\"letter\\""}\n',
        b'{"letter":' * 100_000,
    ],
)
def test_what_is_not_understood_stays_as_it_is(line: bytes) -> None:
    """Whoever decodes the line says what is wrong with it; the step to the next version never raises."""
    assert from_version_1(line) == line


@pytest.mark.parametrize("lab", [{}, {"limits": 3}, {"limits": {"recipients": 5}}])
def test_a_configuration_without_that_limit_stays_as_it_is(lab: dict[str, object]) -> None:
    """Only the one limit was called otherwise."""
    assert lab_of_version_1(lab) is lab


def test_steps_lead_from_version_to_version() -> None:
    """No version is left out."""
    assert list(MIGRATIONS) == list(range(1, max(MIGRATIONS) + 1))


def test_a_handshake_of_version_2_tells_its_version_only():
    """What was not written down then is not known now: the line stays, and its cipher and certificate are empty."""
    line = b'{"e":"Secured","n":1,"t":1,"talk":"relay-1","version":"TLSv1.3"}\n'
    assert from_version_2(line) == line
    assert entry_of(decode(line)).event == Secured("relay-1", "TLSv1.3", "", None)
