"""The zone of a site that nobody wrote."""

import dns.name
from dns.rdatatype import RdataType

from maillab.nameserver.default import default_zone
from maillab.nameserver.master import read_zone

PORTS = {"submission": 2587, "submissions": 2465, "pop3": 2110, "pop3s": 2995}


def records(text: str, name: str, kind: RdataType) -> list[str]:
    zone = read_zone("recipient.test", text)
    owner = dns.name.from_text(name, zone.origin)
    return [rdata.to_text() for rdata in zone.nodes.get(owner, {}).get(kind, ())]


def test_a_message_finds_its_way_by_it() -> None:
    """MX, SPF and the addresses of all hosts are there, and every host is this computer."""
    text = default_zone("recipient.test", ports=PORTS)

    assert records(text, "@", RdataType.MX) == ["10 mx.recipient.test."]
    assert records(text, "@", RdataType.NS) == ["ns.recipient.test."]
    assert records(text, "@", RdataType.TXT) == ['"v=spf1 mx ~all"']
    assert {host: records(text, host, RdataType.A) for host in ("ns", "mx", "mail")} == {
        "ns": ["127.0.0.1"],
        "mx": ["127.0.0.1"],
        "mail": ["127.0.0.1"],
    }


def test_it_tells_the_ports_of_the_lab() -> None:
    """Each service has an SRV record with its port; the host is the one that has an address."""
    text = default_zone("recipient.test", ports=PORTS)

    assert {name: records(text, f"_{name}._tcp", RdataType.SRV) for name in PORTS} == {
        name: [f"0 1 {port} mail.recipient.test."] for name, port in PORTS.items()
    }


def test_a_service_without_a_port_is_not_told() -> None:
    """What is not offered has no record."""
    text = default_zone("recipient.test", ports={"pop3": 2110, "smtp": 2025})

    assert "_submission" not in text
    assert "_smtp" not in text
    assert "SRV" not in default_zone("recipient.test", ports={})


def test_it_explains_itself_to_a_student() -> None:
    """Every line that is not a comment stands under one, or carries one."""
    blocks = default_zone("recipient.test", ports=PORTS).split("\n\n")

    assert [block for block in blocks if ";" not in block] == []


def test_an_international_domain_is_read() -> None:
    """A domain written in Unicode gives a zone under its A-label."""
    zone = read_zone("bücher.test", default_zone("bücher.test", ports=PORTS))

    assert zone.origin.to_text() == "xn--bcher-kva.test."
