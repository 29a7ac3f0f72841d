"""Questions and answers as octets."""

import time

import dns.message
import dns.name
import dns.rcode
import dns.rdataset
import pytest
from dns.rcode import Rcode

from maillab.nameserver.message import (
    AA,
    EDNS_UDP,
    PLAIN_UDP,
    QUERY_OCTETS,
    QUERY_RECORDS,
    RD,
    TC,
    TCP,
    DnsAnswer,
    DnsQuery,
    Edns,
    QueryError,
    is_silent,
    read_query,
    write_answer,
    write_refusal,
)
from tests.nameserver.wires import GOOD, MALFORMED, MX_IN, NAME, OPT, RESPONSES, SHORT, ask, header

MX = dns.rdataset.from_text("IN", "MX", 3600, "10 mx.recipient.test.", "20 mx2.recipient.test.")
SRV = dns.rdataset.from_text("IN", "SRV", 3600, "0 1 2110 mail.recipient.test.")
RECIPIENT = dns.name.from_text("recipient.test.")


def test_a_question_is_read() -> None:
    """Id, flags, name, type, class and EDNS of a query of dnspython's are read as it wrote them."""
    query = read_query(ask("recipient.test", "MX", edns=0, ident=77, payload=4000))

    assert query == DnsQuery(77, RD, NAME + MX_IN, RECIPIENT, 15, 1, Edns(4000, 0, False))
    assert (query.opcode, query.limit(False), query.limit(True)) == (0, EDNS_UDP, TCP)


@pytest.mark.parametrize(
    ("edns", "limit"),
    [
        (None, 512),
        (0, 512),
        (511, 512),
        (512, 512),
        (513, 513),
        (1231, 1231),
        (1232, 1232),
        (1233, 1232),
        (65535, 1232),
    ],
)
def test_an_answer_over_udp_has_its_limit(edns: int | None, limit: int) -> None:
    """RFC 6891 §6.2.5: what the asker can take, never less than 512 octets and never more than 1232."""  # T223
    query = read_query(ask("recipient.test") if edns is None else ask("recipient.test", edns=0, payload=edns))

    assert query.limit(tcp=False) == limit


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_not_one_sound_question_is_formerr(what: str) -> None:
    """Malformed octets are FORMERR, or NOTIMP where they claim another opcode, in less than a millisecond or so."""  # T215
    wire = MALFORMED[what]
    start = time.process_time()
    for _ in range(20):
        with pytest.raises(QueryError) as caught:
            read_query(wire)
    seconds = time.process_time() - start

    assert caught.value.rcode is Rcode.FORMERR
    assert seconds < 0.2
    with pytest.raises(QueryError) as caught:
        read_query(wire[:2] + b"\x28" + wire[3:])
    assert caught.value.rcode is Rcode.NOTIMP


def test_every_cut_of_a_question_is_silence_or_formerr() -> None:
    """No prefix of a question is taken for a question."""
    whole = header(1, 0, 0, 1) + NAME + MX_IN + OPT[:-1] + b"\x06\x00\x0a\x00\x02ab"
    assert read_query(whole).edns == Edns(1232, 0, False)
    for cut in range(len(whole)):
        if is_silent(whole[:cut]):
            assert cut < 12
        else:
            with pytest.raises(QueryError):
                read_query(whole[:cut])


def test_responses_and_less_than_a_header_get_silence() -> None:
    """Two name servers never talk to each other for ever."""  # T216
    assert [wire for wire in SHORT + RESPONSES if not is_silent(wire)] == []
    assert not is_silent(GOOD)


def test_a_question_has_at_most_4_kib() -> None:
    """At the limit a question is read, one octet above it is not."""  # T217
    room = QUERY_OCTETS - len(GOOD) - 11
    record = b"\x00\x00\x10\x00\x01\x00\x00\x00\x00"
    wire = header(1, 0, 0, 1) + NAME + MX_IN + record + room.to_bytes(2, "big") + bytes(room)

    assert len(wire) == QUERY_OCTETS
    assert read_query(wire).name == RECIPIENT
    with pytest.raises(QueryError):
        read_query(wire + b"x")


def test_a_question_brings_sixteen_records_at_most() -> None:
    """Records with names of 126 labels, each one pointer long, cost milliseconds; their number is bounded."""  # T217
    name = b"\x01a" * 126 + b"\x00"
    record = b"\xc0\x0c\x00\x10\x00\x01" + bytes(6)
    start = time.process_time()

    assert len(read_query(header(1, QUERY_RECORDS) + name + MX_IN + record * QUERY_RECORDS).name) == 127
    for count in (QUERY_RECORDS + 1, 300):
        with pytest.raises(QueryError):
            read_query(header(1, count) + name + MX_IN + record * count)
    assert time.process_time() - start < 0.1


def test_an_answer_is_read_by_a_stranger() -> None:
    """dnspython reads the three sections, flags, code and EDNS as they were decided; SRV targets stay uncompressed."""
    query = read_query(ask("ReCipient.test", "MX", edns=0, ident=9))
    answer = DnsAnswer(Rcode.NXDOMAIN, True, ((query.name, MX),), ((RECIPIENT, SRV),), ((RECIPIENT, MX),))

    wire = write_answer(query, answer, 512)
    message = dns.message.from_wire(wire)

    assert (message.id, message.rcode(), message.edns, message.payload) == (9, Rcode.NXDOMAIN, 0, 1232)
    assert message.answer[0].to_rdataset() == MX
    assert message.authority[0].to_rdataset() == SRV
    assert message.additional[0].to_rdataset() == MX
    assert message.flags & (AA | RD | TC) == AA | RD
    assert b"\x04mail\x09recipient\x04test\x00" in wire


def test_the_question_comes_back_in_its_own_case() -> None:
    """The question is repeated octet by octet, and the names of the answer point to it."""
    wire = write_answer(
        read_query(ask("ReCipIent.teST", "MX")), DnsAnswer(Rcode.NOERROR, True, ((RECIPIENT, MX),)), 512
    )

    assert wire.count(b"ReCipIent") == 1
    assert b"recipient" not in wire
    assert str(dns.message.from_wire(wire).answer[0].name) == "ReCipIent.teST."


@pytest.mark.parametrize("edns", [None, 0])
def test_an_answer_that_does_not_fit_is_cut_whole(edns: int | None) -> None:
    """At its size an answer fits; with one octet less it has TC, the question, the OPT and no record."""  # T223
    query = read_query(ask("recipient.test", "MX", edns=edns))
    answer = DnsAnswer(Rcode.NOERROR, True, ((RECIPIENT, MX),))
    size = len(write_answer(query, answer, TCP))

    assert len(dns.message.from_wire(write_answer(query, answer, size)).answer[0]) == 2
    cut = dns.message.from_wire(write_answer(query, answer, size - 1))
    assert cut.flags & TC
    assert (cut.answer, cut.edns, len(cut.question)) == ([], 0 if edns == 0 else -1, 1)


def test_an_extended_code_and_the_do_bit_go_into_the_opt() -> None:
    """BADVERS is 16: its upper bits travel in the OPT; DO comes back as it was sent."""
    query = read_query(dns.message.make_query("recipient.test", "A", want_dnssec=True).to_wire())

    message = dns.message.from_wire(write_answer(query, DnsAnswer(Rcode.BADVERS), 512))

    assert message.rcode() == dns.rcode.BADVERS
    assert message.ednsflags & 0x8000


def test_a_refusal_is_a_bare_header() -> None:
    """Id, opcode and RD come back; nothing else of the question is trusted."""
    wire = write_refusal(header(flags=0x2900 | 0x0250) + b"junk", Rcode.NOTIMP)

    assert wire == header(0, flags=0x8000 | 0x2900 | 4)


def test_a_root_question_is_answered() -> None:
    """The root has no label to point to."""
    query = read_query(ask(".", "MX"))
    wire = write_answer(query, DnsAnswer(Rcode.NOERROR, True, ((query.name, MX),)), PLAIN_UDP)

    assert str(dns.message.from_wire(wire).answer[0].name) == "."
