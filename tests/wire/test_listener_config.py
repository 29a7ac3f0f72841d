"""How one port is furnished."""

from maillab.events import Leg
from maillab.logbook import Logbook
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener_config import ListenerConfig


def test_what_is_not_said():
    """Where nothing else is said mail is relayed there, in clear, within the usual limits; no reference comes twice."""
    config = ListenerConfig("smtp", "mx.test", lambda *_: None, Logbook(lambda: 0.0), Gate(Limits(), lambda: 0.0))
    assert (config.leg_of(("127.0.0.1", 25)), config.starttls, config.limits) == (Leg.RELAY, None, Limits())
    assert len({config.reference() for _ in range(100)}) == 100
