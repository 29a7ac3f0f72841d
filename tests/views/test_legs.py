"""What names of services and talks tell."""

import pytest

from maillab.events import Leg
from maillab.views.legs import leg_of, protocol_of


@pytest.mark.parametrize(
    ("service", "leg", "protocol"),
    [
        ("submissions", None, "smtp"),
        ("imaps", Leg.RETRIEVE, "imap"),
        ("", Leg.LOOKUP, "dns"),
        ("telex", Leg.RETRIEVE, "pop3"),
        ("telex", None, ""),
    ],
)
def test_the_service_tells_what_is_spoken_or_else_the_leg(service, leg, protocol):
    """What is spoken is told by the service; of an unknown one by its leg; or it is not known."""
    assert protocol_of(service, leg) == protocol


def test_names_of_talks_tell_their_leg():
    """A talk is named after its leg; a job or a stranger's name tells nothing."""
    assert [leg_of(name) for name in ("submit-1", "retrieve-12", "L1.1", "")] == [Leg.SUBMIT, Leg.RETRIEVE, None, None]
