"""What names of services and talks tell."""

import pytest

from maillab.events import Leg
from maillab.views.legs import leg_of, protocol_of


@pytest.mark.parametrize(
    ("service", "leg", "protocol"),
    [
        ("submissions", None, "smtp"),
        ("", Leg.LOOKUP, "dns"),
        ("telex", Leg.RETRIEVE, ""),
        ("", Leg.RETRIEVE, "pop3"),
    ],
)
def test_the_service_tells_what_is_spoken(service, leg, protocol):
    """An unknown service speaks something unknown; only where no name was heard, the leg tells."""
    assert protocol_of(service, leg) == protocol


def test_names_of_talks_tell_their_leg():
    """A talk is named after its leg; a job or a stranger's name tells nothing."""
    assert [leg_of(name) for name in ("submit-1", "retrieve-12", "L1.1", "")] == [Leg.SUBMIT, Leg.RETRIEVE, None, None]
