"""Messages of DNS, said plainly."""

import pytest

from maillab.tui.reading.dns_line import NAMED, plainly
from tests.lookups import looked_up

MX = "a.test. 60 IN MX 10 mx.a.test."


@pytest.mark.parametrize(
    ("question", "records", "code", "said"),
    [
        ("a.test. IN MX", [MX], "NOERROR", "MX 10 mx.a.test"),
        ("a.test. IN MX", [MX, "a.test. 60 IN MX 20 b.a.test."], "NOERROR", "MX 10 mx.a.test · MX 20 b.a.test"),
        ("a.test. IN MX", ["a.test. 60 IN MX 0 ."], "NOERROR", "MX 0 ."),
        ("a.test. IN MX", [], "NXDOMAIN", "NXDOMAIN a.test"),
        ("a.test. IN AAAA", [], "NOERROR", "NODATA a.test AAAA"),
        ("w.test. IN A", ["w.test. 9 IN CNAME x.test.", "x.test. 9 IN A 127.0.0.1"], "NOERROR", "A 127.0.0.1"),
        ("w.test. IN A", ["w.test. 9 IN CNAME x.test."], "NOERROR", "CNAME x.test"),
        ("a.test. IN TXT", ['a.test. 9 IN TXT "ends with a dot."'], "NOERROR", 'TXT "ends with a dot."'),
    ],
)
def test_what_an_answer_comes_to(question, records, code, said):
    """The records that were asked for, names as people write them, or why there is none."""
    query, answer = looked_up("lookup-1", question, *records, code=code)
    name, _, kind = question.split()
    assert plainly(query.octets) == f"{name.removesuffix('.')} {kind}?"
    assert plainly(answer.octets) == said


def test_many_records():
    """The first few are said, the others counted."""
    records = [f"a.test. 60 IN MX {n} m{n}.a.test." for n in range(10)]
    assert plainly(looked_up("lookup-1", "a.test. IN MX", *records)[1].octets).endswith(f" +{10 - NAMED}")


def test_octets_that_are_none():
    """Whatever it is, it is a line that is safe."""
    assert plainly(b"\x1b[31m").isprintable()
    assert "\x1b" not in plainly(looked_up("lookup-1", "a\\027.test. IN MX")[0].octets)
