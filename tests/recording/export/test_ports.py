"""Where a script finds the server of a talk."""

import pytest

from maillab.config import default, without_passwords
from maillab.events import Leg
from maillab.recording.export.ports import door
from maillab.recording.talks import Talk
from maillab.stories.script import NAMES, load

LEGS = {
    "smtp": Leg.RELAY,
    "submission": Leg.SUBMIT,
    "submissions": Leg.SUBMIT,
    "pop3": Leg.RETRIEVE,
    "pop3s": Leg.RETRIEVE,
}


def at(server, service, lab):
    return door(lab, Talk("talk-1", LEGS[service], service, server, False, ()))


@pytest.mark.parametrize("name", NAMES)
def test_every_door_of_every_story(name):
    """Every service of every site of every story is where the lab of that story opens it."""
    config = load(name).config
    for index, site in enumerate(config.sites):
        for service in LEGS:
            assert at(site.mx, service, without_passwords(config)) == config.port(index, service)


def test_a_port_that_was_chosen():
    """A port that the session's lab chose counts; one that it left to chance, or shut, does not."""
    table = without_passwords(default())
    table["sites"][1]["ports"] = {"smtp": 2525, "pop3": 0}
    assert at("mx.recipient.test", "smtp", table) == 2525
    assert at("mx.recipient.test", "pop3", table) == 2110


@pytest.mark.parametrize("lab", [{}, {"sites": 1}, {"sites": [1, {"domain": 2, "ports": []}]}, {"sites": [{}] * 99}])
def test_a_lab_that_makes_no_sense(lab):
    """Whatever a session says of its lab, a talk has a door: that of the default lab."""
    assert (at("mx.test", "submission", lab), at("mx.test", "pop3", lab)) == (1587, 2110)
