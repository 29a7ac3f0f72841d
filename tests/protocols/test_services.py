"""The one table of services."""

import pytest

from maillab.protocols import services
from maillab.protocols.services import SERVICES, Leg


@pytest.mark.parametrize(
    ("name", "port", "tls_first", "leg", "protocol"),
    [
        ("smtp", 25, False, Leg.RELAY, "smtp"),  # RFC 5321 §4.5.4.2
        ("submission", 587, False, Leg.SUBMIT, "smtp"),  # RFC 6409 §3.1
        ("submissions", 465, True, Leg.SUBMIT, "smtp"),  # RFC 8314 §3.3
        ("pop3", 110, False, Leg.RETRIEVE, "pop3"),  # RFC 1939 §3
        ("imap", 143, False, Leg.RETRIEVE, "imap"),
        ("imaps", 993, True, Leg.RETRIEVE, "imap"),
        ("pop3s", 995, True, Leg.RETRIEVE, "pop3"),  # RFC 8314 §3.1
        ("dns", 53, False, Leg.LOOKUP, "dns"),  # RFC 1035 §4.2
    ],
)
def test_the_rows_are_those_of_the_registry(name, port, tls_first, leg, protocol):
    """Name, port, and whether TLS comes first are those that IANA has registered; each belongs to one leg."""
    row = SERVICES[name]

    assert (row.name, row.port, row.tls_first, row.leg, row.protocol.name) == (name, port, tls_first, leg, protocol)


def test_no_two_rows_are_one():
    """Every row has a name, a port and a purpose of its own, in both languages."""
    rows = [*SERVICES.values(), services.PROGRAMS]

    assert len({row.port for row in SERVICES.values()}) == len(SERVICES)
    assert len({row.purpose for row in rows}) == len({row.in_vietnamese for row in rows}) == len(rows)
    assert all(row.purpose and row.in_vietnamese for row in rows)


def test_a_purpose_is_said_in_the_language_of_the_reader():
    """English for whoever speaks neither."""
    pop3 = services.POP3

    assert [pop3.purpose_in(lang) for lang in ("en", "vi", "fr")] == [pop3.purpose, pop3.in_vietnamese, pop3.purpose]


@pytest.mark.parametrize(
    ("name", "for_people", "takes_messages", "logins"),
    [
        ("smtp", False, True, 4),
        ("submission", True, True, 4),
        ("submissions", True, True, 4),
        ("pop3", True, False, 2),
        ("pop3s", True, False, 2),
        ("imap", True, False, 2),
        ("imaps", True, False, 2),
        ("dns", False, False, 1),
    ],
)
def test_the_leg_tells_what_may_be_set(name, for_people, takes_messages, logins):
    """People log in where they hand over and fetch; a sender is named where messages are taken; nobody reads unknown."""
    row = SERVICES[name]

    assert (row.for_people, row.takes_messages, len(row.logins)) == (for_people, takes_messages, logins)
    assert ("off" in row.logins) != (row.leg is Leg.RETRIEVE)


def test_a_site_has_every_service_but_the_name_server():
    """Names are answered for all sites by one server."""
    assert [row.name for row in services.of_a_site()] == [
        "smtp",
        "submission",
        "submissions",
        "pop3",
        "pop3s",
        "imap",
        "imaps",
    ]
    assert {leg: [service.name for service in services.SERVICES.values() if service.leg is leg] for leg in Leg} == {
        Leg.SUBMIT: ["submission", "submissions"],
        Leg.LOOKUP: ["dns"],
        Leg.RELAY: ["smtp"],
        Leg.RETRIEVE: ["pop3", "pop3s", "imap", "imaps"],
    }


def test_a_protocol_is_spoken_at_its_services_the_usual_one_first():
    """What is typed by hand goes to the first."""
    assert [row.name for row in services.speaking("smtp")] == ["smtp", "submission", "submissions"]
    assert [row.name for row in services.speaking("pop3")] == ["pop3", "pop3s"]
    assert [row.name for row in services.speaking("imap")] == ["imap", "imaps"]


def test_a_leg_has_its_usual_service():
    """With or without TLS from the first octet; servers have no such service between each other."""
    assert services.on(Leg.RETRIEVE, tls_first=True) is services.POP3S
    with pytest.raises(LookupError, match="relay with TLS"):
        services.on(Leg.RELAY, tls_first=True)


@pytest.mark.parametrize("leg", [None, *Leg])
def test_a_service_that_nobody_knows_is_unknown(leg):
    """It is never taken for another, whatever its leg; only a name that was not heard is told by the leg."""
    assert services.service_of("telex", leg) is None
    assert services.service_of("", leg) == (services.on(leg) if leg else None)


def test_the_same_is_said_in_clear_at_another_port():
    """Where TLS comes first, the service without it stands beside; every other one stands for itself."""
    clear = {row.name: services.in_clear(row).name for row in SERVICES.values()}

    with_tls = {"submissions": "submission", "pop3s": "pop3", "imaps": "imap"}
    assert clear == {name: name for name in SERVICES} | with_tls


@pytest.mark.parametrize(
    ("service", "leg", "protocol"),
    [
        ("submissions", None, "smtp"),
        ("pop3s", Leg.RETRIEVE, "pop3"),
        ("", Leg.LOOKUP, "dns"),
        ("telex", Leg.RETRIEVE, ""),
        ("telex", None, ""),
        ("", None, ""),
    ],
)
def test_the_service_tells_what_is_spoken_or_where_none_is_named_the_leg(service, leg, protocol):
    """What is spoken at a service that nobody knows is not known either, and not taken for SMTP."""
    assert services.protocol_of(service, leg).name == protocol
