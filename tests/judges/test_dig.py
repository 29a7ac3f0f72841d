"""Dig asks the name server of the lab."""

import pytest

from tests.judges.test_smtp_clients import run
from tests.support import need

pytestmark = pytest.mark.judge


def dig(lab, *question: str) -> str:
    """The whole answer as dig prints it."""
    return run([need("dig"), f"@{lab.host}", "-p", lab.port("dns"), "+time=5", "+tries=1", *question])


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_mx(lab, transport):
    """The MX of recipient.test comes over UDP and over TCP, with authority."""
    said = dig(lab, "recipient.test", "MX", transport)
    assert "status: NOERROR" in said
    assert "flags: qr aa" in said
    assert "IN\tMX\t10 mx.recipient.test." in said


def test_address(lab):
    """The address of the mail host is loopback."""
    assert dig(lab, "mx.recipient.test", "A", "+short").split() == ["127.0.0.1"]


def test_nxdomain(lab):
    """A name that does not exist is denied with the zone's SOA."""
    said = dig(lab, "nobody.recipient.test", "MX")
    assert "status: NXDOMAIN" in said
    assert "IN\tSOA\t" in said


def test_no_data(lab):
    """A name without such a record is NOERROR without an answer, with the zone's SOA."""
    said = dig(lab, "recipient.test", "SRV")
    assert "status: NOERROR" in said
    assert "ANSWER: 0, AUTHORITY: 1" in said


def test_refused(lab):
    """A name outside the lab is refused: nothing is asked of the Internet."""
    assert "status: REFUSED" in dig(lab, "www.elsewhere.internal", "A")
