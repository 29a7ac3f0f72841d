"""tshark opens the captures: every protocol is found, nothing is out of order."""

import re
import subprocess

import dns.asyncquery
import dns.message
import pytest

from maillab.events import Entry
from maillab.recording.session import Header, Session
from maillab.stories.script import NAMES
from tests.nameserver.test_server import open_desk
from tests.recording.export.sample import exported, sample, story
from tests.support import need, run

pytestmark = pytest.mark.judge

DECODED = ("-o", "smtp.decryption:TRUE")  # without it tshark warns of every AUTH PLAIN, whoever recorded it


def tshark(one, tmp_path, *options):
    """What tshark prints about the capture of a session; it must find nothing wrong with the file."""
    file = tmp_path / "session.pcapng"
    file.write_bytes(exported("pcapng", one))
    done = subprocess.run(
        [need("tshark"), "-r", str(file), *options], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fields(one, tmp_path, pattern, *names):
    """The fields of every packet that a display filter lets through."""
    asked = [part for name in names for part in ("-e", name)]
    said = tshark(one, tmp_path, "-Y", pattern, "-T", "fields", *asked)
    return [tuple(line.split("\t")) for line in said.splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_no_warnings(name, tmp_path):
    """In the capture of a story tshark's experts find nothing to warn of: no gap, no bad checksum, nothing malformed.

    SMTP, POP3 and DNS are found where the story has them, and the messages in them.
    """
    one = story(name)
    checks = ("-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")
    said = tshark(one, tmp_path, *checks, *DECODED, "-q", "-z", "expert,warn", "-z", "io,phs")
    assert not re.search(r"(?m)^(Errors|Warns) \(", said), said
    services = {getattr(entry.event, "service", "") for entry in one.entries}
    expected = {"dns"} if "dns" in services else set()
    expected |= {"pop"} if services & {"pop3", "pop3s"} else set()
    expected |= {"smtp", "imf"}
    assert expected <= set(re.findall(r"^\s*(\w+)\s+frames:", said, re.MULTILINE))


def test_message(tmp_path):
    """The message is dissected on all its three legs."""
    found = fields(sample(), tmp_path, "imf", "imf.from", "imf.subject", "_ws.col.Protocol")
    assert [protocol for *_, protocol in found] == ["SMTP/IMF", "SMTP/IMF", "POP/IMF"]
    assert {sender for sender, *_ in found} == {"alice@sender.test"}


def test_lookup(tmp_path):
    """The answer of the name server is dissected, and belongs to its question."""
    [answer] = fields(sample(), tmp_path, "dns.flags.response == 1", "dns.mx.mail_exchange", "dns.response_to")
    assert answer[0] == "mx.recipient.test"
    assert answer[1]


def test_comments(tmp_path):
    """What the machines decided stands as comments that one can search for."""
    [found] = fields(sample(), tmp_path, 'frame.comment contains "deferred"', "frame.comment")
    assert "retry in 5 min" in found[0]


def test_interfaces_and_names(tmp_path):
    """Packets can be told apart by leg, and addresses have names."""
    found = fields(sample(), tmp_path, "smtp", "frame.interface_name", "frame.interface_description")
    assert {name for name, _ in found} == {"submit", "relay"}
    assert ("relay", "from server to server") in found


def test_lookups_of_a_real_server(tmp_path):
    """What dnspython asked over UDP and, when that was cut short, over TCP is dissected whole, with nothing malformed."""

    async def ask() -> tuple[Entry, ...]:
        async with open_desk() as desk:
            query = dns.message.make_query("many.recipient.test", "A", use_edns=0)
            await dns.asyncquery.udp_with_fallback(query, "127.0.0.1", port=desk.port, timeout=5)
            await desk.closed("answered")
            return tuple(desk.logbook.since(0))

    one = Session(Header("A long answer", 0.0), run(ask()))
    names = ("dns.flags.response", "dns.flags.truncated", "dns.count.answers", "dns.opt", "tcp.dstport", "udp.dstport")
    found = fields(one, tmp_path, "dns", *names)
    assert [(row[0], row[1], row[2]) for row in found] == [
        ("0", "0", "0"),
        ("1", "1", "0"),
        ("0", "0", "0"),
        ("1", "0", "4000"),
    ]
    assert [bool(row[4]) for row in found] == [False, False, True, True]
    assert tshark(one, tmp_path, "-Y", "_ws.malformed") == ""
