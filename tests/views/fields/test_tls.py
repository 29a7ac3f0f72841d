"""The moment in which TLS begins."""

from maillab.events import Secured
from maillab.views.fields.tls import blocks
from tests.views.fields.words import EN, VI, told


def test_the_version():
    """How good it is; an unknown one is shown without a judgement, none is nothing."""
    assert "newest" in told(blocks(Secured("relay-1", "TLSv1.3"), EN))["TLSv1.3"]
    assert "không còn an toàn" in told(blocks(Secured("relay-1", "TLSv1"), VI))["TLSv1"]
    assert told(blocks(Secured("relay-1", "TLSv9"), EN)) == {"TLSv9": ""}
    assert blocks(Secured("relay-1", ""), EN) == []
