"""Messages of DNS as values: what dnspython writes is read alike, and no octets do harm."""

import random
import string

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.protocols.dns.message import POINTERS, RECORDS, Edns, Section, read
from tests.nameserver.wires import GOOD, MALFORMED, MX_IN, NAME, header

DATA = {
    "A": "127.0.0.1",
    "AAAA": "2001:db8::1",
    "NS": "ns.recipient.test.",
    "CNAME": r"a\.b\032c.\195\169.test.",
    "PTR": "mx.recipient.test.",
    "MX": "10 mx.recipient.test.",
    "SOA": "ns.recipient.test. host\\.master.recipient.test. 4294967295 3600 600 604800 300",
    "SRV": "0 1 1587 mail.recipient.test.",
    "TXT": r'"v=spf1 mx ~all" "" "\"\\ \000\255"',
    "HINFO": '"RFC8482" ""',
    "TLSA": "3 1 1 " + "0a" * 32,
}


def response(*records: tuple[str, str, int, str, str], code: int = 0, payload: int = 1232) -> dns.message.Message:
    """A response of dnspython: records as section, name, seconds, type and data."""
    message = dns.message.make_response(dns.message.make_query("recipient.test", "MX", use_edns=0, id=4711))
    message.use_edns(0, payload=payload)
    for section, name, ttl, kind, data in records:
        place = {"answer": message.answer, "authority": message.authority, "additional": message.additional}[section]
        place.append(dns.rrset.from_text(name, ttl, "IN", kind, data))
    message.set_rcode(dns.rcode.Rcode(code))
    return message


@pytest.mark.parametrize("kind", DATA)
def test_records_read_as_dnspython_reads_them(kind: str) -> None:
    """Name, TTL, class, type and data of every type that a zone may hold, compressed or not."""
    wire = response(("answer", "www.recipient.test.", 3600, kind, DATA[kind])).to_wire()
    judged = dns.message.from_wire(wire).answer[0].to_text()
    message = read(wire)
    assert message is not None
    assert [str(record) for record in message.records] == [judged]


def test_header_sections_and_edns() -> None:
    """Id, flags, code, question, the section of every record, and what OPT tells."""
    wire = response(
        ("answer", "recipient.test.", 60, "MX", "10 mx.recipient.test."),
        ("authority", "recipient.test.", 61, "NS", "ns.recipient.test."),
        ("additional", "mx.recipient.test.", 62, "A", "127.0.0.1"),
        code=dns.rcode.BADVERS,
        payload=1400,
    ).to_wire()
    message = read(wire)
    assert message is not None
    assert (message.ident, message.opcode, message.flag_names) == (4711, "QUERY", ["qr", "rd"])
    assert message.rcode == "BADVERS"
    assert str(message.question) == "recipient.test. IN MX"
    assert [(record.section, record.ttl, record.target) for record in message.records] == [
        (Section.ANSWER, 60, "mx.recipient.test."),
        (Section.AUTHORITY, 61, "ns.recipient.test."),
        (Section.ADDITIONAL, 62, ""),
    ]
    assert message.edns == Edns(1400, 0, False)
    assert (message.left, message.rest) == (0, b"")


names = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(names, names, st.binary(max_size=60), st.integers(0, 2**31 - 1))
def test_any_name_and_text_reads_as_dnspython_reads_it(
    owner: list[bytes], target: list[bytes], text: bytes, ttl: int
) -> None:
    """Whatever octets stand in labels and texts, the line is the same."""
    message = response()
    name = dns.name.Name([*owner, b""])
    message.answer.append(dns.rrset.from_rdata(name, ttl, _rdata("CNAME", dns.name.Name([*target, b""]).to_text())))
    quoted = '"' + "".join(f"\\{octet:03d}" for octet in text) + '"'
    message.answer.append(dns.rrset.from_rdata(name, ttl, _rdata("TXT", quoted)))
    found = read(message.to_wire())
    assert found is not None
    assert [str(record) for record in found.records] == [rrset.to_text() for rrset in message.answer]


def _rdata(kind: str, text: str) -> dns.rdata.Rdata:
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), text)


def test_a_name_cannot_lead_round() -> None:
    """Pointers to themselves, forward, into the header, or one behind the other without end: no message, at once."""  # T215
    for what in ("pointer to itself", "pointer forward", "label 0x40", "label 0x80", "name of 256 octets"):
        assert read(MALFORMED[what]) is None, what
    for length, is_read in ((POINTERS - 1, True), (POINTERS, False)):
        start = 12 + 11  # of the data of the first record, whose name is the root
        places = [
            12,
            *range(start, start + 2 * length, 2),
        ]  # each leads to the one before it, and the first to the root
        chain = b"".join((0xC000 | place).to_bytes(2, "big") for place in places)
        data, last = chain[:-2], chain[-2:]
        record = b"\xff\xfe\0\1" + bytes(4)
        wire = header(0, 2) + b"\0" + record + len(data).to_bytes(2, "big") + data + last + record + bytes(2)
        found = read(wire)
        assert found is not None
        assert len(found.records) == 1 + is_read


def test_a_pointer_back_is_followed() -> None:
    """Names that share their end are whole."""
    found = read(header(1, 1, flags=0x8400) + NAME + MX_IN + b"\x03www\xc0\x0c" + b"\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1")
    assert found is not None
    assert [str(record) for record in found.records] == ["www.recipient.test. 60 IN A 127.0.0.1"]


def test_what_cannot_be_read_is_kept() -> None:
    """What comes before the damage is read, the octets from there on are kept; also those behind the end."""
    wire = response(("answer", "a.test.", 60, "A", "127.0.0.1"), ("answer", "b.test.", 60, "A", "127.0.0.2")).to_wire()
    for cut in range(12 + 20, len(wire)):
        found = read(wire[:cut])
        assert found is not None
        assert wire[:cut].endswith(found.rest)
        assert len(found.records) <= 2
    found = read(GOOD + b"junk")
    assert found is not None
    assert (str(found.question), found.rest) == ("recipient.test. IN MX", b"junk")
    assert read(GOOD[:11]) is None


def test_forty_records_are_shown_and_the_others_counted() -> None:
    """Behind them OPT is still found."""  # T231
    records = [("answer", "a.test.", 60, "A", f"10.0.{number // 250}.{number % 250}") for number in range(RECORDS + 9)]
    found = read(response(*records, payload=4000).to_wire())
    assert found is not None
    assert (len(found.records), found.left, found.edns) == (RECORDS, 9, Edns(4000, 0, False))


def test_a_message_of_64_kib_is_bounded() -> None:
    """The most records that a message can hold, and a name that is as costly as can be, again and again."""
    record = b"\xc0\x0c" + b"\x00\x10\x00\x01" + bytes(6)
    wire = header(1, 5000, flags=0x8400) + NAME + MX_IN + record * 5000
    found = read(wire[:65_535])
    assert found is not None
    assert len(found.records) + found.left <= 5000
    labels = b"\x01a" * 127 + b"\x00"
    wire = header(1, 40, flags=0x8400) + labels + MX_IN + record * 40
    assert read(wire) is not None


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.binary(max_size=120), st.sampled_from([b"", GOOD[:12], GOOD, header(1, 2, 2, 2, flags=0x8400)]))
def test_no_octets_raise(junk: bytes, head: bytes) -> None:
    """Whatever came: None, or a message in which everything is printable ASCII."""
    found = read(head + junk)
    words = [] if found is None else [str(found.question), found.rcode, *map(str, found.records)]
    assert set("".join(words)) <= set(string.printable) - set("\t\n\r\x0b\x0c")


def test_an_answer_changed_anywhere_does_no_harm() -> None:
    """Each octet of an answer may be anything, and the answer may end anywhere."""
    wire = response(*(("answer", "www.recipient.test.", 60, kind, data) for kind, data in DATA.items())).to_wire()
    dice = random.Random(1)
    for at in range(len(wire)):
        read(wire[:at])
        read(wire[:at] + dice.randbytes(1) + wire[at + 1 :])
