"""Questions and answers of DNS, by field."""

import dns.flags
import dns.message

from maillab.views.fields.dns import SHOWN, blocks, sentences
from maillab.views.fields.part import Across, Down
from tests.lookups import looked_up
from tests.views.fields.words import EN, VI, told


def answer(question, *records, code="NOERROR"):
    return looked_up("lookup-1", question, *records, code=code)[1].octets


def test_a_question():
    """Name, class and type, each with its meaning."""
    query = looked_up("lookup-1", "a.test. IN MX")[0].octets
    (block,) = blocks(query, EN)
    assert block == Across((("a.test.", "IN", "MX"),), ("the name asked for", "Internet", "mail exchanger"))
    assert "rd: the client wants the server to ask other servers if needed." in sentences(query, EN)
    assert any(sentence.startswith("EDNS: answers up to 1232 bytes") for sentence in sentences(query, EN))


def test_an_answer():
    """Every field of the record, the time to live and both names too; code and flags in words."""
    octets = answer("a.test. IN MX", "a.test. 3600 IN MX 10 mx.a.test.")
    (block,) = blocks(octets, EN)
    assert told([block]) == {
        "a.test.": "the domain",
        "3600": "keep 1 h",
        "IN": "Internet",
        "MX": "mail exchanger",
        "10": "preference",
        "mx.a.test.": "the host that receives its mail",
    }
    assert sentences(octets, EN)[:2] == [
        "NOERROR: the name exists.",
        "aa: the answer comes from the zone itself, not from a cache.",
    ]
    assert not any(sentence.startswith("rd:") for sentence in sentences(octets, EN))  # only repeated from the question
    assert told(blocks(octets, VI))["3600"] == "giữ 1 giờ"


def test_several_records():
    """They stand in the same columns; where they are kept differently long, the unit is said."""
    octets = answer("a.test. IN MX", "a.test. 60 IN MX 10 x.a.test.", "a.test. 90 IN MX 20 y.a.test.")
    (block,) = blocks(octets, EN)
    assert [row[4:] for row in block.rows] == [("10", "x.a.test."), ("20", "y.a.test.")]
    assert block.meanings[1] == "keep: seconds"
    many = answer("a.test. IN A", *(f"a.test. 60 IN A 192.0.2.{number}" for number in range(SHOWN + 5)))
    assert len(blocks(many, EN)[0].rows) == SHOWN


def test_no_such_name():
    """A no is explained by its code, and the head of the zone that proves it by all its numbers."""
    response = dns.message.from_wire(answer("x.test. IN MX", code="NXDOMAIN"))
    response.authority.append(dns.rrset.from_text("test.", 60, "IN", "SOA", "ns.test. admin.test. 1 2 3 4 5"))
    octets = response.to_wire()
    (block,) = blocks(octets, EN)
    assert isinstance(block, Down)
    assert block.title.startswith("Authority")
    assert told([block])["5"] == "seconds that a “no” may be cached"
    assert sentences(octets, EN)[0] == "NXDOMAIN: The name does not exist: permanent."
    assert sentences(answer("a.test. IN MX"), EN)[0].startswith("NODATA: ")


def test_a_text_and_an_unknown_type_are_one_field():
    """The blanks in it separate nothing."""
    octets = answer("a.test. IN TXT", 'a.test. 60 IN TXT "v=spf1 a -all" "more"')
    assert told(blocks(octets, EN))['"v=spf1 a -all" "more"'] == "the data"


def test_what_cannot_be_read():
    """It has no fields, and fails nobody."""
    assert blocks(b"\x00\x01hello", EN) == sentences(b"\x00\x01hello", EN) == []
