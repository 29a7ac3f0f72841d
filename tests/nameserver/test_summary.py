"""What a zone holds, in a few facts."""

from maillab.nameserver.default import default_zone
from maillab.nameserver.master import read_zone
from maillab.nameserver.summary import summaries, summary
from maillab.nameserver.zone import Zones


def test_of_a_default_zone():
    """How many records, and where messages are delivered."""
    text = default_zone("recipient.test", ports={})
    facts = summary(text, read_zone("recipient.test", text))
    assert (facts.origin, facts.mx, facts.edited) == ("recipient.test.", ("10 mx.recipient.test.",), False)
    assert facts.records == 7
    assert facts.text == text


def test_without_mx():
    """A zone need not have any; the best MX comes first."""
    text = "@ 60 SOA ns root 1 60 60 60 60\n@ NS ns\n"
    assert summary(text, read_zone("a.test", text), edited=True).mx == ()
    more = text + "@ MX 20 b\n@ MX 5 a\n"
    assert summary(more, read_zone("a.test", more)).mx == ("5 a.a.test.", "20 b.a.test.")


def test_hosts_without_address():
    """Of the hosts that receive mail, those are named of which no zone knows an address."""
    top = "@ 60 SOA ns root 1 60 60 60 60\n@ NS ns\n"
    texts = [
        (
            "a.test",
            top + "@ MX 1 mx\n@ MX 2 none\n@ MX 3 mx.b.test.\n@ MX 4 far.away.test.\nmx AAAA ::1\n",
        ),
        ("b.test", top + "@ MX 0 .\nmx A 127.0.0.1\n"),
    ]
    rows = summaries(Zones.read(texts), texts, ())
    assert [row.lost for row in rows] == [("none.a.test", "far.away.test"), ()]
