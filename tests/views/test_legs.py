"""What names of talks tell."""

from maillab.events import Dropped, Leg, Queued, Routed
from maillab.views.legs import leg_of, leg_of_job


def test_names_of_talks_tell_their_leg():
    """A talk is named after its leg; a job or a stranger's name tells nothing."""
    assert [leg_of(name) for name in ("submit-1", "retrieve-12", "L1.1", "")] == [Leg.SUBMIT, Leg.RETRIEVE, None, None]


def test_decisions_about_a_job_have_a_leg():
    """Hosts are looked up; all else is decided on the way from server to server."""
    decided = [Queued("L1.1", "L1", "b.test", ()), Routed("L1.1", ("mx",)), Dropped("L1.1", "no sender")]
    assert [leg_of_job(event) for event in decided] == [Leg.RELAY, Leg.LOOKUP, Leg.RELAY]
