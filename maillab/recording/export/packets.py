"""IPv4 packets with TCP or UDP in them, as a cable would have carried the talk: handshake, numbers, checksums.

Rules for this file: octets in, packets out; nothing is lost on this cable and nothing comes twice.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MSS = 1460  # octets of data in a segment: 1500 of Ethernet less two headers of 20
WINDOW = 65_535
ACK_EVERY = 16  # segments; the other end says by then that it has them, so that the window never fills

FIN, SYN, PSH, ACK = 1, 2, 8, 16  # RFC 9293 §3.1
_TCP, _UDP, _TTL, _DONT_FRAGMENT = 6, 17, 64, 0x4000


@dataclass(slots=True)
class End:
    """One end of a talk: address of four octets, port, and the number of the next octet that it will send."""

    address: bytes
    port: int
    next: int = 0
    ident: int = 0


class Stream:
    """One TCP connection; every method gives the packets that it puts on the cable, in order (RFC 9293 §3)."""

    def __init__(self, client: End, server: End) -> None:
        self._ends = (client, server)

    def open(self) -> list[bytes]:
        """SYN, SYN and ACK, ACK."""
        client, server = self._ends
        offer = struct.pack("!BBH", 2, 4, MSS)  # RFC 9293 §3.7.1
        return [
            self._segment(client, SYN, options=offer),
            self._segment(server, SYN | ACK, options=offer),
            self._segment(client, ACK),
        ]

    def send(self, from_client: bool, data: bytes) -> Iterator[bytes]:
        """Data from one end in segments, acknowledged by the other when there are many."""
        end, other = self._ends if from_client else self._ends[::-1]
        for number, start in enumerate(range(0, len(data), MSS), 1):
            last = start + MSS >= len(data)
            yield self._segment(end, PSH | ACK if last else ACK, data[start : start + MSS])
            if number % ACK_EVERY == 0:
                yield self._segment(other, ACK)

    def close(self, by_client: bool) -> list[bytes]:
        """FIN from the one, FIN from the other, and the last ACK."""
        end, other = self._ends if by_client else self._ends[::-1]
        return [self._segment(end, FIN | ACK), self._segment(other, FIN | ACK), self._segment(end, ACK)]

    def _segment(self, end: End, flags: int, data: bytes = b"", options: bytes = b"") -> bytes:
        other = self._ends[0] if end is self._ends[1] else self._ends[1]
        acknowledged = other.next if flags & ACK else 0
        offset = (20 + len(options)) // 4 << 4
        numbers = (end.port, other.port, end.next, acknowledged, offset, flags, WINDOW, 0, 0)
        head = struct.pack("!HHIIBBHHH", *numbers) + options
        end.next = (end.next + len(data) + bool(flags & (SYN | FIN))) & 0xFFFFFFFF
        return _ip(end, other, _TCP, _with_checksum(end, other, _TCP, head + data, 16))


def datagram(end: End, other: End, data: bytes) -> bytes:
    """One UDP datagram (RFC 768)."""
    head = struct.pack("!HHHH", end.port, other.port, 8 + len(data), 0)
    return _ip(end, other, _UDP, _with_checksum(end, other, _UDP, head + data, 6))


def checksum(octets: bytes) -> int:
    """The Internet checksum (RFC 1071).

    >>> hex(checksum(bytes.fromhex("45000073000040004011" "0000" "c0a80001c0a800c7")))
    '0xb861'
    """
    octets += bytes(len(octets) % 2)
    total: int = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _with_checksum(end: End, other: End, protocol: int, octets: bytes, place: int) -> bytes:
    """The segment with the checksum of itself and of the addresses in its place."""
    pseudo = end.address + other.address + struct.pack("!BBH", 0, protocol, len(octets))
    total = checksum(pseudo + octets)
    if not total and protocol == _UDP:
        total = 0xFFFF  # RFC 768: there zero means that none was made; TCP has no such rule
    return octets[:place] + struct.pack("!H", total) + octets[place + 2 :]


def _ip(end: End, other: End, protocol: int, payload: bytes) -> bytes:
    """The IPv4 packet (RFC 791 §3.1)."""
    end.ident = (end.ident + 1) & 0xFFFF
    parts = (0x45, 0, 20 + len(payload), end.ident, _DONT_FRAGMENT, _TTL, protocol, 0, end.address, other.address)
    head = struct.pack("!BBHHHBBH4s4s", *parts)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload
