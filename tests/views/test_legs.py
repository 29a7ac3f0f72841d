"""What names of talks tell."""

from maillab.events import Leg
from maillab.views.legs import leg_of


def test_names_of_talks_tell_their_leg():
    """A talk is named after its leg; a job or a stranger's name tells nothing."""
    assert [leg_of(name) for name in ("submit-1", "retrieve-12", "L1.1", "")] == [Leg.SUBMIT, Leg.RETRIEVE, None, None]
