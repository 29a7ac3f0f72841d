"""Packets."""

import pytest

from maillab.recording.export.blocks import packet
from maillab.recording.export.packets import ACK, ACK_EVERY, FIN, MSS, PSH, SYN, End, Stream, datagram
from tests.recording.export.capture import packets

CLIENT, SERVER = b"\xc0\x00\x02\x0a", b"\xc0\x00\x02\x19"


def seen(octets):
    return packets(b"".join(packet(0, 0, one) for one in octets))


@pytest.fixture
def stream():
    return Stream(End(CLIENT, 49_152), End(SERVER, 25))


def test_handshake(stream):
    """A connection begins with SYN, SYN and ACK, ACK, and the numbers that belong to them."""
    found = seen(stream.open())
    assert [(one.flags, one.seq, one.ack) for one in found] == [(SYN, 0, 0), (SYN | ACK, 0, 1), (ACK, 1, 1)]
    assert [one.source for one in found] == [CLIENT, SERVER, CLIENT]
    assert found[0].ports == (49_152, 25)


def test_numbers_follow_the_octets(stream):
    """Every segment begins where the last one of its end ended, and acknowledges all that the other has sent."""
    found = seen([*stream.open(), *stream.send(False, b"220 hi\r\n"), *stream.send(True, b"EHLO a\r\n")])[3:]
    assert [(one.seq, one.ack, one.data) for one in found] == [(1, 1, b"220 hi\r\n"), (1, 9, b"EHLO a\r\n")]


def test_large_data(stream):
    """Much data goes in full segments; the last one is pushed; the other end keeps up with its ACKs."""
    data = bytes(range(256)) * 200
    found = seen([*stream.open(), *stream.send(True, data)])[3:]
    sent = [one for one in found if one.source == CLIENT]
    assert b"".join(one.data for one in sent) == data
    assert {len(one.data) for one in sent[:-1]} == {MSS}
    assert [one.flags for one in sent[-2:]] == [ACK, PSH | ACK]
    assert len(found) - len(sent) == len(sent) // ACK_EVERY
    assert all(one.ack == found[at - 1].seq + MSS for at, one in enumerate(found) if one.source == SERVER)


@pytest.mark.parametrize("by_client", [True, False])
def test_close(stream, by_client):
    """Both ends say FIN, and both FINs are acknowledged."""
    found = seen([*stream.open(), *stream.close(by_client)])[3:]
    assert [(one.flags, one.seq, one.ack) for one in found] == [(FIN | ACK, 1, 1), (FIN | ACK, 1, 2), (ACK, 2, 2)]
    assert (found[0].source == CLIENT) is by_client


def test_datagram():
    """A datagram holds its data and a checksum that is right, also when that would be zero."""
    [one] = seen([datagram(End(CLIENT, 49_152), End(SERVER, 53), b"odd")])
    assert (one.protocol, one.ports, one.data) == (17, (49_152, 53), b"odd")


def test_a_checksum_of_zero_is_written_as_the_protocol_wants():
    """TCP writes zero as it is; UDP, where zero means that there is none, as 0xffff (RFC 768)."""

    def tcp(data):
        [one] = Stream(End(CLIENT, 49_152), End(SERVER, 25)).send(True, data)
        return one[36:38]

    def udp(data):
        return datagram(End(CLIENT, 49_152), End(SERVER, 53), data)[26:28]

    assert tcp(tcp(b"\0\0")) == b"\0\0"  # the checksum as data makes the sum of all zero
    assert udp(udp(b"\0\0")) == b"\xff\xff"


def test_no_data(stream):
    """Nothing to say is no segment."""
    assert list(stream.send(True, b"")) == []
