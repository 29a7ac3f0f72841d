"""The capture."""

import dns.message
from msgspec import structs

from maillab.events import Carried, Closed, Leg, Opened, Packet, Secured, Side, Transport
from maillab.mail.content import Content
from tests.recording.export.capture import blocks, packets
from tests.recording.export.sample import MESSAGE, START, exported, sample, secret, session, talk


def capture(one):
    return packets(exported("pcapng", one))


def streams(found):
    """The octets of every TCP connection, by its client's port: what the client said, what the server said."""
    said = {}
    for one in found:
        if one.protocol == 6:
            port, at = max(one.ports), int(one.ports[0] < one.ports[1])
            said.setdefault(port, [b"", b""])[at] += one.data
    return said


def test_interfaces():
    """There is one interface a leg, with a name and a description."""
    places = [block for block in blocks(exported("pcapng", sample())) if block.kind == 1]
    assert [place.options[2][0].decode() for place in places] == [str(leg) for leg in Leg]
    assert all(place.options[3] for place in places)


def test_addresses():
    """All addresses are from those that are kept for documents (RFC 5737), the same machine always at the same one."""
    networks = {b"\xc0\x00\x02", b"\xc6\x33\x64", b"\xcb\x00\x71"}
    found = capture(sample())
    assert {one.source[:3] for one in found} == networks
    [submission] = {one.target for one in found if one.ports[1] == 587}
    [relaying] = {one.source for one in found if one.ports[1] == 25}
    assert submission == relaying


def test_ports():
    """Every protocol is on its well-known port."""
    assert {min(one.ports) for one in capture(sample())} == {25, 53, 110, 587}


def test_moments():
    """A packet was seen when its line was said."""
    first = next(one for one in capture(sample()) if one.data)
    assert first.nanoseconds == int((START + 0.5) * 1e9)


def test_tls():
    """After STARTTLS, and on a port for TLS, what was said stands decrypted in a connection of its own."""
    said = list(streams(capture(sample())).values())
    assert said[0][0].endswith(b"STARTTLS\r\n")
    assert said[1][0].startswith(b"EHLO laptop.sender.test\r\nAUTH PLAIN ")
    opened = Opened("submit-1", Leg.SUBMIT, "submissions", "mail.test", True)
    assert {min(one.ports) for one in capture(session(opened))} == {587}


def test_message():
    """The message is there octet by octet, with its end mark."""
    assert MESSAGE + b".\r\nQUIT\r\n" in streams(capture(sample()))[49_153][0]


def test_large_message():
    """A message of megabytes goes over the cable in segments."""
    message = b"0123456789abcde\n" * 200_000
    events = (*talk("relay-1", "C: DATA"), Carried("relay-1", Side.CLIENT, Content(message)), *talk("relay-1", "C: ."))
    assert next(iter(streams(capture(session(*events))).values()))[0] == b"DATA\r\n" + message + b".\r\n"


def test_dns():
    """A lookup is a question and an answer that a name server could have sent."""
    asked, answered = (dns.message.from_wire(one.data) for one in capture(sample()) if one.protocol == 17)
    assert asked.is_response(answered)
    assert answered.answer[0].to_text() == "recipient.test. 3600 IN MX 10 mx.recipient.test."


def test_dns_octets():
    """What a datagram held is there as it was, whatever it was; over TCP each message stands behind its length."""
    packets = [
        Packet("lookup-1", side, octets) for side, octets in zip(Side, (b"\x00\x01", b"x" * 70_000), strict=True)
    ]
    opened = Opened("lookup-1", Leg.LOOKUP, "dns", "ns.test", transport=Transport.UDP)
    assert [one.data for one in capture(session(opened, *packets))] == [b"\x00\x01", b"x" * 65_507]
    said = streams(capture(session(structs.replace(opened, transport=Transport.TCP), *packets)))
    assert list(said.values()) == [[b"\x00\x02\x00\x01", b"\xff\xff" + b"x" * 65_535]]


def test_dns_of_an_old_record():
    """Where a record has words only, they stand as comments at packets that are empty."""
    [one] = capture(session(*talk("lookup-1", "C: recipient.test. IN MX ?")))
    assert (one.data, one.comments) == (b"", ["recipient.test. IN MX ?"])


def test_comments():
    """What was decided, and what was told, stands at the packet that follows."""
    comments = [comment for one in capture(sample()) for comment in one.comments]
    assert comments[0] == "Alice writes."
    assert "L1.1: deferred for bob@recipient.test, retry in 5 min: 450 4.7.1 Greylisted" in comments
    assert "the lookup" in comments
    assert any(comment.startswith("TLS began (TLSv1.3)") for comment in comments)


def test_secrets():
    """What is struck out of a login is asterisks, in base64 where base64 belongs, as long as it was."""
    one = session(secret("relay-1", "AUTH PLAIN ", "AGFsaWNl"), secret("retrieve-1", "PASS ", "hunter22"))
    assert [said[0] for said in streams(capture(one)).values()] == [b"AUTH PLAIN KioqKioq\r\n", b"PASS ********\r\n"]


def test_broken_off():
    """A talk that was lost, and one that began before the session did, are connections all the same."""
    one = session(*talk("relay-1", "S: 250 ok"), Secured("relay-1", "TLSv1.3"), Closed("relay-1", "lost"))
    assert [bool(found.flags & 1) for found in capture(one)] == [False] * 4 + [True, True, False]
