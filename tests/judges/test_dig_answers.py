"""Dig, which nobody here wrote, judges each kind of answer of the name server alone."""

import asyncio
import re

import pytest

from maillab.logbook import Logbook
from maillab.nameserver.default import default_zone
from maillab.nameserver.server import NameServer
from maillab.nameserver.zone import Zones
from tests.support import need, run

pytestmark = pytest.mark.judge

PORTS = {"submission": 2587, "submissions": 2465, "pop3": 2110, "pop3s": 2995}
MORE = """
a     CNAME b
b     CNAME a
www   CNAME mx
over  CNAME mail.sender.test.
*.any TXT   "caught"
x.y   A     127.0.0.2
dept  NS    ns.dept
ns.dept A   127.0.0.9
big   TXT   ( "{x}" "{x}" "{x}" "{x}" "{x}" "{x}" )
_25._tcp.mx TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
1.0.0.127   PTR  mx
mx    AAAA  ::1
""".replace("{x}", "x" * 250)


def dig(*words: str) -> str:
    """What dig prints about one question, with its white space made single."""
    tool = need("dig")

    async def ask() -> str:
        site = [("recipient.test", default_zone("recipient.test", ports=PORTS) + MORE)]
        zones = Zones.read([*site, ("sender.test", default_zone("sender.test", ports={}))])
        server = NameServer(zones, Logbook(clock=lambda: 0.0), "ns.recipient.test")
        port = await server.start("127.0.0.1", 0)
        try:
            command = [tool, "-r", "@127.0.0.1", "-p", str(port), "+tries=1", "+time=5", *words]
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
            printed, _ = await process.communicate()
        finally:
            await server.close()
        return re.sub(r"[ \t]+", " ", printed.decode())

    return run(ask())


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
@pytest.mark.parametrize(
    ("name", "kind", "line"),
    [
        ("recipient.test", "SOA", "3600 IN SOA ns.recipient.test. hostmaster.recipient.test. 1 3600 600 604800 300"),
        ("recipient.test", "NS", "3600 IN NS ns.recipient.test."),
        ("recipient.test", "MX", "3600 IN MX 10 mx.recipient.test."),
        ("mx.recipient.test", "A", "3600 IN A 127.0.0.1"),
        ("mx.recipient.test", "AAAA", "3600 IN AAAA ::1"),
        ("recipient.test", "TXT", '3600 IN TXT "v=spf1 mx ~all"'),
        ("www.recipient.test", "CNAME", "3600 IN CNAME mx.recipient.test."),
        ("_submission._tcp.recipient.test", "SRV", "3600 IN SRV 0 1 2587 mail.recipient.test."),
        ("1.0.0.127.recipient.test", "PTR", "3600 IN PTR mx.recipient.test."),
        ("_25._tcp.mx.recipient.test", "TLSA", "3600 IN TLSA 3 1 1 E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B 7852B855"),
        ("p.q.any.recipient.test", "TXT", '3600 IN TXT "caught"'),
        ("recipient.test", "ANY", '3600 IN HINFO "RFC8482" ""'),
    ],
)  # fmt: skip
def test_every_type_is_answered_with_authority(name: str, kind: str, line: str, transport: str) -> None:
    """NOERROR, aa, one record, and no offer of recursion, over UDP and TCP."""
    printed = dig(name, kind, transport)

    assert "status: NOERROR" in printed
    assert "flags: qr aa rd; QUERY: 1, ANSWER: 1," in printed
    assert f"{name}. {line}\n" in printed


def test_the_case_of_the_question_is_kept() -> None:
    """Dig prints the name as it asked for it, in question and answer."""
    printed = dig("ReCiPiEnT.TeSt", "MX")

    assert ";ReCiPiEnT.TeSt. IN MX" in printed
    assert "\nReCiPiEnT.TeSt. 3600 IN MX 10 " in printed


@pytest.mark.parametrize(
    ("name", "status"),
    [("nobody.recipient.test", "NXDOMAIN"), ("mail.recipient.test", "NOERROR"), ("y.recipient.test", "NOERROR")],
)
def test_no_comes_with_the_soa(name: str, status: str) -> None:
    """A missing name, a missing type and an empty name in between: the SOA stands in the authority section."""
    printed = dig(name, "TXT")

    assert f"status: {status}" in printed
    assert "ANSWER: 0, AUTHORITY: 1" in printed
    assert "recipient.test. 300 IN SOA ns.recipient.test." in printed


def test_chains_are_followed_and_loops_are_not() -> None:
    """A chain into another zone is whole; a loop is told once."""
    assert dig("over.recipient.test", "A", "+short") == "mail.sender.test.\n127.0.0.1\n"
    assert dig("a.recipient.test", "A", "+short") == "b.recipient.test.\na.recipient.test.\n"


def test_a_cut_is_a_referral_with_glue() -> None:
    """Below a cut there is no authority, and the address of its server comes along."""
    printed = dig("host.dept.recipient.test", "A")

    assert "flags: qr rd; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 2" in printed
    assert "ns.dept.recipient.test. 3600 IN A 127.0.0.9" in printed


def test_a_large_answer_is_asked_for_again_over_tcp() -> None:
    """Dig sees TC and gets the whole by TCP; told to ignore it, it has no record."""
    assert ";; Truncated, retrying in TCP mode." in dig("big.recipient.test", "TXT", "+bufsize=4096")
    assert "flags: qr aa tc rd; QUERY: 1, ANSWER: 0," in dig("big.recipient.test", "TXT", "+ignore", "+noedns")


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("example.com MX", "REFUSED"),
        ("version.bind CH TXT", "REFUSED"),
        ("recipient.test MX +header-only", "FORMERR"),
        ("recipient.test SOA +opcode=NOTIFY", "NOTIMP"),
        ("recipient.test SOA +opcode=UPDATE", "NOTIMP"),
        ("recipient.test SOA +opcode=7", "NOTIMP"),
        ("recipient.test SOA +edns=1 +noednsneg", "BADVERS"),
        ("recipient.test MAILB", "NOTIMP"),
    ],
)
def test_what_is_not_served_has_its_code(question: str, status: str) -> None:
    """Each refusal is the one that dig knows by name."""
    printed = dig(*question.split())

    assert f"status: {status}" in printed
    assert "warning" not in printed.replace("WARNING: recursion", "").replace("WARNING: EDNS query", "").lower()


@pytest.mark.parametrize("kind", ["AXFR", "IXFR=1"])
def test_no_zone_is_given_away(kind: str) -> None:
    """A transfer fails."""
    assert "; Transfer failed." in dig("recipient.test", kind)


def test_edns_is_answered_with_our_size() -> None:
    """Version 0 and 1232 octets; a cookie and unknown options are passed over; DO comes back."""
    printed = dig("recipient.test", "MX", "+dnssec", "+cookie", "+ednsopt=100:abcd", "+subnet=10.0.0.0/8")

    assert "; EDNS: version: 0, flags: do; udp: 1232" in printed
    assert "status: NOERROR" in printed
    assert "OPT PSEUDOSECTION" not in dig("recipient.test", "MX", "+noedns")
