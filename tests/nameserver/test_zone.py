"""What the name server decides: octets in, octets out."""

import random
import time

import dns.message
import dns.name
import dns.rdatatype
import pytest
from dns.flags import Flag
from dns.rcode import Rcode
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.nameserver import zone as house
from maillab.nameserver.zone import ZoneError, Zones
from maillab.protocols.dns.described import described
from tests.nameserver.wires import GOOD, MALFORMED, RESPONSES, SHORT, ask, header

HEAD = "$TTL 3600\n@ SOA ns root 1 3600 600 604800 300\n@ NS ns\nns A 127.0.0.1\n"
SENDER = HEAD + "www A 127.0.0.3\nback CNAME over.recipient.test.\n"
RECIPIENT = (
    HEAD
    + """\
@           MX      10 mx
@           MX      20 mx2
mx          A       127.0.0.1
mx          AAAA    ::1
www         CNAME   mx
over        CNAME   www.sender.test.
out         CNAME   www.example.com.
dead        CNAME   nobody
empty       CNAME   x
into        CNAME   host.dept
to.dept2    CNAME   mx
a           CNAME   b
b           CNAME   a
self        CNAME   self
_25._tcp.x  TLSA    3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
*.wild      TXT     "any"
*.wild      MX      5 mx
here.wild   A       127.0.0.4
*.alias     CNAME   mx
dept        NS      ns.dept
dept        NS      ns2.dept
dept        NS      ns.sender.test.
ns.dept     A       127.0.0.9
ns.dept     AAAA    ::9
bell\\007    TXT     "\\027[31m"
big         TXT     ( "{text}" "{text}" "{text}" "{text}" "{text}" "{text}" )
"""
).replace("{text}", "x" * 250)
LAB = [("recipient.test", RECIPIENT), ("sender.test.", SENDER)]


def lab() -> Zones:
    return Zones.read(LAB)


def told(zones: Zones, name: str, kind: str = "A", *, tcp: bool = False, edns: int | None = None) -> list[str]:
    """The lines of the answer to one question."""
    reply = zones.answer(ask(name, kind, edns=edns), tcp=tcp)
    assert reply is not None
    dns.message.from_wire(reply)
    return described(reply)


def soa(zone: str, what: str) -> str:
    return f"{what} (SOA {zone}. ns.{zone}. root.{zone}. 1 3600 600 604800 300)"


@pytest.mark.parametrize(
    ("name", "kind", "lines"),
    [
        (
            "recipient.test",
            "MX",
            [
                "NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.",
                "NOERROR aa recipient.test. 3600 IN MX 20 mx2.recipient.test.",
            ],
        ),
        ("mx.recipient.test", "A", ["NOERROR aa mx.recipient.test. 3600 IN A 127.0.0.1"]),
        ("recipient.test", "SRV", [soa("recipient.test", "NODATA recipient.test. IN SRV")]),
        ("nobody.recipient.test", "A", [soa("recipient.test", "NXDOMAIN nobody.recipient.test.")]),
        ("x.recipient.test", "A", [soa("recipient.test", "NODATA x.recipient.test. IN A")]),  # an empty non-terminal
        ("x.recipient.test", "ANY", [soa("recipient.test", "NODATA x.recipient.test. IN ANY")]),
        (
            "www.recipient.test",
            "A",
            [
                "NOERROR aa www.recipient.test. 3600 IN CNAME mx.recipient.test.",
                "NOERROR aa mx.recipient.test. 3600 IN A 127.0.0.1",
            ],
        ),
        ("www.recipient.test", "CNAME", ["NOERROR aa www.recipient.test. 3600 IN CNAME mx.recipient.test."]),
        ("www.recipient.test", "ANY", ["NOERROR aa www.recipient.test. 3600 IN CNAME mx.recipient.test."]),
        (
            "over.recipient.test",
            "A",
            [
                "NOERROR aa over.recipient.test. 3600 IN CNAME www.sender.test.",
                "NOERROR aa www.sender.test. 3600 IN A 127.0.0.3",
            ],
        ),
        ("out.recipient.test", "A", ["NOERROR aa out.recipient.test. 3600 IN CNAME www.example.com."]),
        (
            "dead.recipient.test",
            "A",
            [
                "NXDOMAIN aa dead.recipient.test. 3600 IN CNAME nobody.recipient.test.",
                soa("recipient.test", "NXDOMAIN nobody.recipient.test."),
            ],
        ),
        (
            "empty.recipient.test",
            "A",
            [
                "NOERROR aa empty.recipient.test. 3600 IN CNAME x.recipient.test.",
                soa("recipient.test", "NODATA x.recipient.test. IN A"),
            ],
        ),
        (  # T218
            "a.recipient.test",
            "A",
            [
                "NOERROR aa a.recipient.test. 3600 IN CNAME b.recipient.test.",
                "NOERROR aa b.recipient.test. 3600 IN CNAME a.recipient.test.",
            ],
        ),
        ("self.recipient.test", "MX", ["NOERROR aa self.recipient.test. 3600 IN CNAME self.recipient.test."]),
        ("p.q.wild.recipient.test", "TXT", ['NOERROR aa p.q.wild.recipient.test. 3600 IN TXT "any"']),
        ("wild.recipient.test", "TXT", [soa("recipient.test", "NODATA wild.recipient.test. IN TXT")]),
        ("p.wild.recipient.test", "A", [soa("recipient.test", "NODATA p.wild.recipient.test. IN A")]),
        ("here.wild.recipient.test", "TXT", [soa("recipient.test", "NODATA here.wild.recipient.test. IN TXT")]),
        ("p.here.wild.recipient.test", "TXT", [soa("recipient.test", "NXDOMAIN p.here.wild.recipient.test.")]),
        (
            "p.alias.recipient.test",
            "AAAA",
            [
                "NOERROR aa p.alias.recipient.test. 3600 IN CNAME mx.recipient.test.",
                "NOERROR aa mx.recipient.test. 3600 IN AAAA ::1",
            ],
        ),
        ("example.com", "MX", ["REFUSED example.com. IN MX"]),  # T224
        ("test", "MX", ["REFUSED test. IN MX"]),
        (".", "NS", ["REFUSED . IN NS"]),
        ("recipient.test", "AXFR", ["REFUSED recipient.test. IN AXFR"]),
        ("recipient.test", "IXFR", ["REFUSED recipient.test. IN IXFR"]),
        ("recipient.test", "MAILB", ["NOTIMP recipient.test. IN MAILB"]),
        ("recipient.test", "OPT", ["FORMERR recipient.test. IN OPT"]),
        ("recipient.test", "TYPE0", ["FORMERR recipient.test. IN TYPE0"]),
        ("recipient.test", "TYPE65280", [soa("recipient.test", "NODATA recipient.test. IN TYPE65280")]),
        ("bell\\007.recipient.test", "TXT", [r'NOERROR aa bell\007.recipient.test. 3600 IN TXT "\027[31m"']),  # T230
    ],
)
def test_a_question_has_its_answer(name: str, kind: str, lines: list[str]) -> None:
    """RFC 1034 §4.3.2 with RFC 4592, RFC 2308 and RFC 6604: the same over UDP, over TCP, and with EDNS."""
    zones = lab()
    sorted_by_record = sorted(lines)

    assert sorted(told(zones, name, kind)) == sorted_by_record
    assert sorted(told(zones, name, kind, tcp=True)) == sorted_by_record
    assert sorted(told(zones, name, kind, edns=0)) == sorted_by_record


@pytest.mark.parametrize("name", ["dept.recipient.test", "p.q.dept.recipient.test", "ns.dept.recipient.test"])
def test_below_a_cut_someone_else_answers(name: str) -> None:
    """A referral names the servers and the addresses that only this zone knows, and has no authority."""
    lines = told(lab(), name)

    assert lines == [
        "REFERRAL dept.recipient.test. 3600 IN NS ns.dept.recipient.test.",
        "REFERRAL dept.recipient.test. 3600 IN NS ns2.dept.recipient.test.",
        "REFERRAL dept.recipient.test. 3600 IN NS ns.sender.test.",
        "GLUE ns.dept.recipient.test. 3600 IN A 127.0.0.9",
        "GLUE ns.dept.recipient.test. 3600 IN AAAA ::9",
    ]


def test_an_alias_below_a_cut_ends_in_a_referral() -> None:
    """The alias is ours and has authority; what it points to is answered elsewhere."""
    lines = told(lab(), "into.recipient.test")

    assert lines[0] == "NOERROR aa into.recipient.test. 3600 IN CNAME host.dept.recipient.test."
    assert lines[1] == "REFERRAL dept.recipient.test. 3600 IN NS ns.dept.recipient.test."


def test_the_deepest_zone_answers() -> None:
    """A zone of its own below another is asked first, whatever the upper one says of that name."""
    zones = Zones.read([*LAB, ("dept.recipient.test", HEAD + "@ MX 1 ns\n")])

    assert told(zones, "dept.recipient.test", "MX") == [
        "NOERROR aa dept.recipient.test. 3600 IN MX 1 ns.dept.recipient.test."
    ]


def test_a_long_chain_is_followed_to_its_bound() -> None:
    """Forty aliases are followed; the sixty-fourth is the last."""  # T218
    text = HEAD + "".join(f"c{number} CNAME c{number + 1}\n" for number in range(100)) + "c100 A 127.0.0.1\n"
    zones = Zones.read([("recipient.test", text)])

    message = dns.message.from_wire(zones.answer(ask("c60.recipient.test"), tcp=True) or b"")
    assert (len(message.answer), message.answer[-1].rdtype) == (41, dns.rdatatype.A)
    message = dns.message.from_wire(zones.answer(ask("c0.recipient.test"), tcp=True) or b"")
    assert (len(message.answer), message.answer[-1].rdtype) == (64, dns.rdatatype.CNAME)


def test_the_case_of_the_question_comes_back() -> None:
    """Names are compared without case and repeated in the asker's case; two spellings do not share an answer."""
    zones = lab()

    for name in ("recipient.test.", "ReCiPiEnT.tEsT.", "RECIPIENT.TEST."):
        message = dns.message.from_wire(zones.answer(ask(name, "MX"), tcp=False) or b"")
        assert (message.question[0].name.to_text(), message.answer[0].name.to_text()) == (name, name)


def test_what_no_server_does_is_refused_as_dig_shows_it() -> None:
    """Other opcodes are NOTIMP, other classes REFUSED, other versions of EDNS BADVERS."""  # T216
    zones = lab()
    for opcode in range(1, 16):
        wire = GOOD[:2] + bytes([opcode << 3]) + GOOD[3:]
        assert described(zones.answer(wire, tcp=False) or b"") == ["NOTIMP recipient.test. IN MX"]
    for rdclass in (0, 3, 4, 254, 255):
        reply = zones.answer(GOOD[:-2] + rdclass.to_bytes(2, "big"), tcp=False)
        assert described(reply or b"")[0].startswith("REFUSED ")
    assert told(zones, "recipient.test", "MX", edns=1) == ["BADVERS recipient.test. IN MX"]


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_question_is_formerr(what: str) -> None:
    """A bare header with FORMERR, over UDP and TCP."""  # T215
    formerr = header(0, flags=0x8001)

    assert lab().answer(MALFORMED[what], tcp=False) == formerr
    assert lab().answer(MALFORMED[what], tcp=True) == formerr


def test_responses_and_fragments_get_silence() -> None:
    """An answer is never answered, nor is less than a header."""  # T216
    zones = lab()

    assert [zones.answer(wire, tcp=tcp) for wire in SHORT + RESPONSES for tcp in (False, True)] == [None] * 56
    assert zones.answer(zones.answer(GOOD, tcp=False) or b"", tcp=False) is None


@pytest.mark.parametrize(("edns", "payload"), [(None, 0), (0, 512), (0, 1232), (0, 65535)])
def test_a_large_answer_is_cut_over_udp_and_whole_over_tcp(edns: int | None, payload: int) -> None:
    """1500 octets of text do not fit, whatever the asker claims to take: TC, no records."""  # T223
    zones, wire = lab(), ask("big.recipient.test", "TXT", edns=edns, payload=payload)

    cut = zones.answer(wire, tcp=False) or b""
    whole = zones.answer(wire, tcp=True) or b""

    assert described(cut) == ["NOERROR aa tc big.recipient.test. IN TXT (too long for UDP: ask again over TCP)"]
    assert len(dns.message.from_wire(whole).answer[0][0].to_wire()) == 6 * 251
    assert not dns.message.from_wire(whole).flags & Flag.TC


@pytest.mark.parametrize("name", ["recipient.test", "mx.recipient.test", "big.recipient.test", "p.wild.recipient.test"])
@pytest.mark.parametrize("edns", [None, 0])
def test_any_is_answered_in_small(name: str, edns: int | None) -> None:
    """One HINFO says RFC 8482; the answer is at most three times the question, and recursion is not offered."""  # T223
    wire = ask(name, "ANY", edns=edns)
    reply = lab().answer(wire, tcp=False) or b""

    assert described(reply) == [f'NOERROR aa {name}. 3600 IN HINFO "RFC8482" ""']
    assert len(reply) <= 3 * len(wire)
    assert not dns.message.from_wire(reply).flags & Flag.RA


def test_a_great_set_is_served_over_tcp_in_time() -> None:
    """Four thousand addresses and a thousand MX fit into one answer each, made in less than 100 ms."""  # T231
    text = HEAD + "".join(f"@ A 10.0.{number // 250}.{number % 250}\n" for number in range(4000))
    zones = Zones.read([("recipient.test", text + "".join(f"@ MX {n} mx{n}\n" for n in range(1000)))])

    for kind, count in (("A", 4000), ("MX", 1000)):
        wire = ask("recipient.test", kind)
        start = time.process_time()
        reply = zones.answer(wire, tcp=True) or b""
        lines = described(reply)
        seconds = time.process_time() - start

        assert len(dns.message.from_wire(reply).answer[0]) == count
        assert lines[-1] == f"... and {count - 40} more"
        assert seconds < 0.1
        assert told(zones, "recipient.test", kind)[0].startswith("NOERROR aa tc ")


def test_names_outside_are_caught_where_that_is_asked_for() -> None:
    """With "." caught, every name outside the zones has one MX and nothing else; inside nothing changes."""
    zones = Zones.read(LAB, caught=["."], catcher="mx.recipient.test.")

    for name in ("example.com", "a.b.c.example", "test", "gmail.com"):
        assert told(zones, name, "MX") == [f"NOERROR aa {name}. 60 IN MX 10 mx.recipient.test."]
        assert told(zones, name, "A")[0].startswith(f"NODATA {name}. IN A (SOA . mx.recipient.test.")
    assert told(zones, "nobody.recipient.test", "MX")[0].startswith("NXDOMAIN ")
    assert told(zones, "out.recipient.test", "MX")[1] == "NOERROR aa www.example.com. 60 IN MX 10 mx.recipient.test."
    assert told(zones, "example.com", "AXFR") == ["REFUSED example.com. IN AXFR"]


def test_reserved_names_are_caught_and_others_are_not() -> None:
    """Each caught origin has the MX, and so has every name below it; zones of our own and all other names stay as they were."""
    zones = Zones.read(LAB, caught=["example", "test"], catcher="mx.recipient.test")

    for name in ("example", "shop.example", "a.b.test"):
        assert told(zones, name, "MX") == [f"NOERROR aa {name}. 60 IN MX 10 mx.recipient.test."]
    assert told(zones, "nobody.recipient.test", "MX")[0].startswith("NXDOMAIN ")
    assert told(zones, "gmail.com", "MX") == ["REFUSED gmail.com. IN MX"]


@pytest.mark.parametrize("host", ["", ".", "a..b", "x y", "mx\n@ A 127.0.0.1", "x" * 64, "a;b", "(", "[127.0.0.1]"])
def test_a_catch_all_that_is_no_host_is_refused(host: str) -> None:
    """The host of the catch-all is a name, not a piece of a zone."""
    with pytest.raises(ZoneError, match="not a host that could catch messages"):
        Zones.read([], caught=["."], catcher=host)


def test_the_same_zone_twice_is_refused() -> None:
    """Two texts for one origin are a mistake, however it is spelt; a text takes the place of a caught origin."""
    with pytest.raises(ZoneError, match=r"zone Recipient\.Test\.: given twice"):
        Zones.read([("recipient.test", HEAD), ("Recipient.Test.", HEAD)])
    zones = Zones.read([(".", HEAD + "example MX 1 own.\n")], caught=["."], catcher="mx.recipient.test.")
    assert told(zones, "example", "MX") == ["NOERROR aa example. 3600 IN MX 1 own."]
    assert told(Zones.read([]), "recipient.test") == ["REFUSED recipient.test. IN A"]


def test_a_kept_answer_is_the_same_but_for_its_id() -> None:
    """The second asker gets the octets of the first under an id of its own, and not what TCP was told."""
    zones = lab()
    first = [zones.answer(ask("big.recipient.test", "TXT", ident=1), tcp=tcp) or b"" for tcp in (False, True)]
    second = [zones.answer(ask("big.recipient.test", "TXT", ident=2), tcp=tcp) or b"" for tcp in (False, True)]

    assert [wire[2:] for wire in first] == [wire[2:] for wire in second]
    assert first[0] != first[1]
    assert [wire[:2] for wire in second] == [b"\x00\x02"] * 2


def test_kept_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shelf is emptied when it holds too many answers, or too many octets."""
    zones = lab()
    monkeypatch.setattr(house, "READY", 10)
    for number in range(100):
        told(zones, f"n{number}.recipient.test")
        assert len(zones._ready) <= 10
    monkeypatch.setattr(house, "READY", 1000)
    monkeypatch.setattr(house, "READY_OCTETS", 20_000)
    for number in range(300):
        told(zones, f"n{number}.recipient.test")
        assert sum(len(key[1]) + len(kept) for key, kept in zones._ready.items()) <= 20_000


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=120), st.sampled_from([b"", header(), header(1, 0, 0, 1), GOOD]), st.booleans())
def test_any_octets_have_an_answer_or_silence(junk: bytes, head: bytes, tcp: bool) -> None:
    """No octets raise; an answer keeps the id, is a response, has its size, and a stranger can read it."""
    sound(head + junk, tcp)


def sound(wire: bytes, tcp: bool, zones: Zones = lab()) -> None:  # noqa: B008 - read once
    """Check what every answer to any octets must be."""
    reply = zones.answer(wire, tcp=tcp)
    if reply is not None:
        assert reply[:2] == wire[:2]
        assert reply[2] & 0xF8 == 0x80 | wire[2] & 0x78  # a response, of the same opcode
        assert len(reply) <= (65_535 if tcp else 1232)
        if not wire[2] & 0x78:  # dnspython wants more of an UPDATE than the question that came
            assert dns.message.from_wire(reply).rcode() in set(Rcode)


def test_a_question_changed_or_cut_anywhere_has_an_answer_or_silence() -> None:
    """Each octet of several questions may be anything, and they may end anywhere."""
    dice = random.Random(1)
    for wire in (
        ask("a.recipient.test", "A", edns=0),
        ask("p.dept.recipient.test", "MX"),
        ask("q.wild.recipient.test", "TXT", edns=0),
    ):
        for at in range(len(wire)):
            sound(wire[:at], False)
            for _ in range(5):
                sound(wire[:at] + dice.randbytes(1) + wire[at + 1 :], False)
                sound(wire[:at] + dice.randbytes(3) + wire[at:], True)
