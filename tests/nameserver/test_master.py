"""Master files: what is read, and which line is named when it is not."""

import random
import time

import dns.name
import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.nameserver.master import (
    FORMS,
    LINE_CHARACTERS,
    RECORDS,
    TEXT_OCTETS,
    TTL_MAX,
    Zone,
    ZoneError,
    read_zone,
)

HEAD = "$TTL 3600\n@ SOA ns root 1 3600 600 604800 300\n@ NS ns\n"  # three lines: what follows begins on line 4


def read(text: str) -> Zone:
    return read_zone("recipient.test", HEAD + text)


def wrong(text: str, *, head: str = HEAD) -> tuple[int, str]:
    """The line and the text of the error that `text` gives."""
    with pytest.raises(ZoneError) as caught:
        read_zone("recipient.test", head + text)
    error = caught.value
    assert error.origin == "recipient.test."
    assert str(error).isprintable()
    assert len(str(error)) < 300
    return error.line, error.text


def line_of(text: str) -> int:
    """The line of the error that `text` gives, 0 where there is none."""
    try:
        read_zone("recipient.test", text)
    except ZoneError as error:
        return error.line
    return 0


def told(zone: Zone) -> list[str]:
    """Every record of a zone but SOA and NS at its top."""
    lines = []
    for name, node in zone.nodes.items():
        for kind, rdataset in node.items():
            if kind not in (RdataType.SOA, RdataType.NS):
                lines += [f"{name} {rdataset.ttl} {kind.name} {rdata}" for rdata in rdataset]
    return lines


def test_every_type_is_read_in_the_form_that_its_error_shows() -> None:
    """The examples shown to a learner are themselves correct."""
    forms = [form.replace("(SHA-256 in hex)", "ab" * 32) for kind, form in FORMS.items() if kind not in ("SOA", "NS")]

    zone = read("\n".join(forms) + "\n")

    assert told(zone) == [
        "recipient.test. 3600 MX 10 mx.recipient.test.",
        'recipient.test. 3600 TXT "v=spf1 mx ~all"',
        "mx.recipient.test. 3600 A 127.0.0.1",
        "mx.recipient.test. 3600 AAAA ::1",
        "www.recipient.test. 3600 CNAME mail.recipient.test.",
        "_submission._tcp.recipient.test. 3600 SRV 0 1 1587 mail.recipient.test.",
        "1.recipient.test. 3600 PTR mx.recipient.test.",
        f"_25._tcp.mx.recipient.test. 3600 TLSA 3 1 1 {'ab' * 32}",
    ]


def test_what_a_line_leaves_out_is_taken_from_the_lines_before() -> None:
    """Owner, TTL and class may be left out, TTL and class may change places, and $ORIGIN completes names."""
    zone = read("a 60 IN A 127.0.0.1\n  IN 70 MX 5 b\n  TXT x ; why\n\n$ORIGIN sub.recipient.test.\nc A 127.0.0.2\n")

    assert told(zone) == [
        "a.recipient.test. 60 A 127.0.0.1",
        "a.recipient.test. 70 MX 5 b.recipient.test.",
        'a.recipient.test. 3600 TXT "x"',
        "c.sub.recipient.test. 3600 A 127.0.0.2",
    ]


def test_without_a_default_the_last_ttl_counts_or_the_minimum_of_the_soa() -> None:
    """RFC 1035 §5.1: an omitted TTL is the one stated last; a file that states none has the SOA's minimum."""
    head = HEAD.replace("$TTL 3600\n", "")

    assert told(read_zone("recipient.test", head + "a A 127.0.0.1\nb 9 A 127.0.0.1\nc A 127.0.0.1\n")) == [
        "a.recipient.test. 300 A 127.0.0.1",
        "b.recipient.test. 9 A 127.0.0.1",
        "c.recipient.test. 9 A 127.0.0.1",
    ]
    assert wrong("@ NS ns\n@ SOA ns root 1 1 1 1 1\n", head="")[0] == 1


def test_lines_may_be_folded_and_end_in_any_way() -> None:
    """Parentheses carry a record over lines, CRLF and CR end a line as LF does, and the last needs no end."""
    text = "a TXT ( one ; first\n two\n )\nb A 127.0.0.1"

    assert told(read(text)) == told(read_zone("recipient.test", (HEAD + text).replace("\n", "\r\n")))
    assert told(read_zone("recipient.test", (HEAD + text).replace("\n", "\r"))) == told(read(text))
    assert told(read(text)) == ['a.recipient.test. 3600 TXT "one" "two"', "b.recipient.test. 3600 A 127.0.0.1"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("$INCLUDE /etc/passwd\n", 4, "$INCLUDE is not allowed here; only $ORIGIN and $TTL are"),  # T219
        ("\n$GENERATE 1-10000000 h$ A 10.0.0.1\n", 5, "$GENERATE is not allowed here"),  # T220
        ("; note\n\n$include recipient.zone\n", 6, "$include is not allowed here"),  # T221
        ("a TXT ( one\n two\n three\n", 4, "a parenthesis is never closed"),  # T222
        ("a TXT one )\n", 4, "TXT: this cannot be read"),
        ('a TXT "one\ntwo"\n', 4, "these quotes are never closed"),
        ('a TXT "one', 4, "the text ends inside quotes"),
        ("a TXT " + "x" * 1_000_000 + "\n", 4, "line longer than 16384 characters"),
        (r"a\999 A 127.0.0.1" + "\n", 4, "escape"),
        ("a 4294967296 A 127.0.0.1\n", 4, "TTL 4294967296 is neither seconds up to 2147483647"),
        (f"a {TTL_MAX + 1} A 127.0.0.1\n", 4, "TTL 2147483648 is neither"),
        (f"a {'9' * 5000} A 127.0.0.1\n", 4, "TTL 9999"),
        ("$TTL -1\n", 4, "TTL -1 is neither"),
        ("$TTL 60 70\n", 4, "“70” is too much"),
        ("a 60 IN 60 A 127.0.0.1\n", 4, "type 60 is not known here"),
        ("@ SOA ns root 2 1 1 1 1\n", 4, "a second SOA at recipient.test."),
        ("a SOA ns root 2 1 1 1 1\n", 4, "SOA belongs at the top of the zone only"),
        ("a A 127.0.0.1\na CNAME b\n", 5, "a CNAME must be alone, but a.recipient.test. has other records"),
        ("a CNAME b\n\na A 127.0.0.1\n", 6, "a CNAME must be alone"),
        ("a CNAME b\na CNAME c\n", 5, "a second CNAME at a.recipient.test."),
        ("@ CNAME b\n", 4, "a CNAME must be alone"),
        ("@ MX 10 mx\nmx CNAME host\n", 4, "MX points at mx.recipient.test., which is a CNAME"),
        ("ns CNAME host\n", 3, "NS points at ns.recipient.test., which is a CNAME"),
        ("_a._tcp SRV 0 1 2 s\ns CNAME t\n", 4, "SRV points at s.recipient.test."),
        ("a.sender.test. A 127.0.0.1\n", 4, "a.sender.test. is outside the zone"),
        ("$ORIGIN sender.test.\n\na A 127.0.0.1\n", 6, "a.sender.test. is outside the zone"),
        ("* NS ns\n", 4, "NS at a wildcard means nothing"),
        ("@ MX mx\n", 4, "MX: a number is expected here; write it like: @ MX 10 mx"),
        ("@ MX 10 mx extra\n", 4, "MX: “extra” is too much"),
        ("@ MX 70000 mx\n", 4, "MX: 70000 is more than 65535"),
        ("a A 127.0.0.256\n", 4, "write it like: mx A 127.0.0.1"),
        ("a AAAA 127.0.0.1\n", 4, "write it like: mx AAAA ::1"),
        ("a MXX 10 mx\n", 4, "type MXX is not known here; known are SOA NS A AAAA MX TXT CNAME SRV PTR TLSA"),
        ("a CH TXT x\n", 4, "class CH is not served"),
        ("a\n", 4, "the type is missing; write: name, type, data"),
        ('a "A" 127.0.0.1\n', 4, "the type is missing"),
        ('"a" A 127.0.0.1\n', 4, "a name or a value is expected here"),
        ("a TXT \x1b[31m\n", 4, r"control character; write it as \ddd"),
        ("\n\na TXT \ud800\n", 6, "control character"),
        (f"{'x' * 64} A 127.0.0.1\n", 4, "a part of a name has more than 63 characters"),
        ("ab\u202ecd A 127.0.0.1\n", 4, "IDNA"),
        ("a TXT " + "\\027\u202e" + "x" * 300 + "\n", 4, "TXT: "),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_number(text: str, line: int, words: str) -> None:
    """Every mistake names the line on which its record begins, in one printable line."""
    found, explained = wrong(text)

    assert (found, words in explained) == (line, True), (found, explained)


def test_the_first_record_needs_an_owner() -> None:
    """A file that begins with white space has nobody to give its first record to."""
    assert wrong("  A 127.0.0.1\n", head="$TTL 1\n") == (
        2,
        "the first record names no owner; begin the line with a name or with @",
    )


def test_a_zone_without_its_first_records_is_wrong_as_a_whole() -> None:
    """A zone needs SOA and NS at its top; no line is to blame, and the error shows what to add."""
    assert wrong("", head="") == (0, "no SOA at the top; add: @ SOA ns hostmaster 1 3600 600 604800 300")
    assert wrong("", head="@ 1 SOA ns root 1 1 1 1 1\n") == (0, "no NS at the top; add: @ NS ns")


def test_an_origin_that_is_no_name_is_refused() -> None:
    """The origin is read as strictly as the text."""
    for origin in ("a..test", "x" * 64 + ".test", "\ud800.test", "ab\u202ecd.test", "a\\999.test"):
        with pytest.raises(ZoneError) as caught:
            read_zone(origin, HEAD)
        assert caught.value.line == 0
        assert str(caught.value).isprintable()


def test_the_limits_hold_at_the_limit_and_not_above() -> None:
    """Octets of a text, characters of a line, and the octets of one set."""
    fill = HEAD + "a TXT x ;"
    assert read_zone("recipient.test", fill + "x" * (LINE_CHARACTERS - 9))
    assert wrong("a TXT x ;" + "x" * (LINE_CHARACTERS - 8))[0] == 4
    blank = ("\n" * (TEXT_OCTETS - len(HEAD))) + HEAD
    assert read_zone("recipient.test", blank)
    assert wrong("", head=blank + "\n") == (0, "longer than 1048576 bytes")
    many = [f'a TXT "{number:04}{"x" * 246}"' for number in range(247)]  # 263 octets each on the wire
    assert read("\n".join(many))
    assert wrong("\n".join([*many, *(line.replace("x", "y") for line in many[:1])]))[0] == 4 + 247


def test_ten_thousand_records_and_not_one_more() -> None:
    """A zone of the greatest size is read in seconds; one more record is refused on its line."""  # T220
    lines = [f"h{number} A 10.0.{number // 250}.{number % 250}" for number in range(RECORDS - 2)]
    start = time.process_time()

    zone = read("\n".join(lines))

    assert len(zone.nodes) == RECORDS - 1
    assert time.process_time() - start < 20
    assert wrong("\n".join([*lines, "more A 127.0.0.1"])) == (4 + RECORDS - 2, "more than 10000 records")


def test_names_between_exist_and_cuts_are_known() -> None:
    """A name with names below it exists without records; NS below the top is a cut; the highest cut counts."""
    zone = read("a.b.c A 127.0.0.1\ndept NS x\nx.dept NS y\n")
    name = {text: dns.name.from_text(text, zone.origin) for text in ("b.c", "c", "no.c", "dept", "y.x.dept", "@")}

    assert zone.node(name["b.c"]) == {}
    assert zone.node(name["c"]) == {}
    assert zone.node(name["no.c"]) is None
    assert [zone.cut_above(name[text]) for text in ("y.x.dept", "dept", "c", "@")] == [name["dept"]] * 2 + [None] * 2


def test_what_is_denied_is_remembered_no_longer_than_the_minimum() -> None:
    """The SOA beside a "no" has the lesser of its TTL and its minimum (RFC 2308 §3)."""  # T232
    assert read("").denial.ttl == 300
    assert read_zone("recipient.test", HEAD.replace("$TTL 3600", "$TTL 0")).denial.ttl == 0
    assert read(f"a {TTL_MAX} A 127.0.0.1\n").nodes[dns.name.from_text("a.recipient.test")][RdataType.A].ttl == TTL_MAX


def test_records_of_one_set_share_the_least_ttl_and_twins_count_once() -> None:
    """RFC 2181 §5: a set has one TTL and no record twice."""
    assert told(read("a 60 A 127.0.0.1\na 30 A 127.0.0.2\nA 90 A 127.0.0.1\n")) == [
        "a.recipient.test. 30 A 127.0.0.1",
        "a.recipient.test. 30 A 127.0.0.2",
    ]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.text(alphabet='ab.@$()";\\09 \t\r\n*ANSMXTCIé\x00', max_size=60))
def test_any_text_gives_a_zone_or_a_zone_error(text: str) -> None:
    """No text raises anything but `ZoneError`, and its line is one of the text."""
    assert 0 <= line_of(HEAD + text) <= (HEAD + text).count("\n") + (HEAD + text).count("\r") + 1


def test_a_zone_cut_at_any_place_is_read_or_refused() -> None:
    """Every prefix of a zone gives a zone or a `ZoneError`."""
    text = (
        HEAD + 'a 60 IN TXT ( "one ; two" \\034 ) ; note\r\n  MX 5 mx\n$ORIGIN b.recipient.test.\n_x._tcp SRV 1 2 3 c\n'
    )
    for cut in random.Random(1).sample(range(len(text)), 60):
        assert line_of(text[:cut]) <= text[:cut].count("\n") + 1
