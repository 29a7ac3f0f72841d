"""An entry as one JSON object."""

import json
import typing

import pytest
from msgspec import structs

from maillab import events
from maillab.events import Carried, Certificate, Delivered, Entry, Leg, Opened, Said, Side, Transport
from maillab.mail.content import Content
from maillab.views.record import as_object
from tests.lookups import looked_up

EXAMPLE = {"str": "x\x1b", "int": 1, "bool": True, "Leg": Leg.RELAY, "Side": Side.CLIENT, "bytes": b"\x1b\xff\r\n"}
EXAMPLE |= {"Transport": Transport.UDP}
EXAMPLE |= {str(Certificate | None): Certificate("x\x1b", "\n", ("a\x1b", "b"), "\x1b")}
KINDS = [*typing.get_args(events.SaidEvent), *typing.get_args(events.DecidedEvent)]


def example(kind):
    values = []
    for field in structs.fields(kind):
        name = getattr(field.type, "__name__", str(field.type))
        if "tuple[str" in str(field.type):
            values.append(("a\x1b", "b"))
        elif "tuple[int, ..." in str(field.type):
            values.append((1, 2))
        elif "tuple[int, int]" in str(field.type):
            values.append((0, 0))
        elif name == "Content":
            values.append(Content(b"x\r\n"))
        else:
            values.append(EXAMPLE[name])
    return kind(*values)


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_becomes_one_safe_line(kind):
    """Every kind of event is one JSON line without control bytes, named by its kind (T264)."""
    value = as_object(Entry(7, 1.5, example(kind)), "relay", "text")
    line = json.dumps(value, ensure_ascii=False)
    assert value["kind"] == kind.__name__.lower()
    assert value["seq"] == 7
    assert "\x1b" not in line
    assert "\n" not in line


def test_secrets_are_stars():
    """A secret's length is kept, its octets are not."""
    said = Said("t", Side.CLIENT, b"PASS hunter2\r\n", False, (5, 12))
    assert as_object(Entry(1, 0, said), "", "")["line"].startswith("PASS *******")


def test_content_is_named_by_size_and_digest(tmp_path):
    """A body is told by its size and digest, in memory or in a file; a file that is gone by its size."""
    path = tmp_path / "body"
    path.write_bytes(b"message")
    known = as_object(Entry(1, 0, Carried("t", Side.CLIENT, Content(b"message"))), "", "")["content"]
    assert known["octets"] == 7
    filed = Content(b"", path, 0, 7)
    assert as_object(Entry(1, 0, Carried("t", Side.CLIENT, filed)), "", "")["content"] == known
    path.unlink()
    assert as_object(Entry(1, 0, Carried("t", Side.CLIENT, filed)), "", "")["content"] == {"octets": 7}


def test_decided_events_keep_their_fields():
    """What was decided is there field by field."""
    value = as_object(Entry(1, 0, Delivered("relay-1", "bob@recipient.test", 3, 100)), "relay", "stored")
    assert (value["mailbox"], value["uid"], value["octets"], value["leg"]) == ("bob@recipient.test", 3, 100, "relay")


def test_opened_keeps_its_own_leg():
    """The leg of a talk stands in its first entry."""
    assert as_object(Entry(1, 0, Opened("t", Leg.LOOKUP, "dns", "ns")), "lookup", "")["leg"] == "lookup"


def test_a_message_of_dns_field_by_field():
    """Of DNS there are the octets, and every field of the message under its name."""
    query, response = looked_up("lookup-1", "recipient.test. IN MX", "recipient.test. 60 IN MX 10 mx.recipient.test.")
    value = as_object(Entry(1, 0.5, response), "lookup", "text")
    assert bytes.fromhex(value["octets"]) == response.octets
    assert value["message"] == {
        "id": "7",
        "opcode": "QUERY",
        "flags": "qr aa rd",
        "code": "NOERROR",
        "question": "recipient.test. IN MX",
        "answer": ["recipient.test. 60 IN MX 10 mx.recipient.test."],
        "authority": [],
        "additional": [],
        "EDNS": "version 0, udp 1232",
    }
    assert as_object(Entry(1, 0.5, query), "lookup", "text")["message"]["flags"] == "rd"
