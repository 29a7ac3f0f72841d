"""Reads a pcapng file block by block, for the tests: written from the format's description, not from the writer."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One block: its kind, its body, and its options by code."""

    kind: int
    body: bytes
    options: dict[int, list[bytes]]


def blocks(data: bytes) -> list[Block]:
    """All blocks; both lengths of each must agree."""
    found = []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, length - 4)[0] == length
        body = data[8 : length - 4]
        fixed = {0x0A0D0D0A: 16, 1: 8, 4: len(body), 6: 20}[kind]
        if kind == 6:
            octets = struct.unpack_from("<I", body, 12)[0]
            fixed += octets + -octets % 4
        found.append(Block(kind, body[:fixed], options(body[fixed:])))
        data = data[length:]
    return found


def options(data: bytes) -> dict[int, list[bytes]]:
    """Options by their code."""
    found: dict[int, list[bytes]] = {}
    while data:
        code, length = struct.unpack_from("<HH", data)
        if code == 0:
            break
        found.setdefault(code, []).append(data[4 : 4 + length])
        data = data[4 + length + -length % 4 :]
    return found


@dataclass(frozen=True)
class Packet:
    """What a packet block holds, taken apart."""

    interface: int
    nanoseconds: int
    source: bytes
    target: bytes
    ports: tuple[int, int]
    protocol: int
    seq: int
    ack: int
    flags: int
    data: bytes
    comments: list[str]


def packets(data: bytes) -> list[Packet]:
    """Every packet, its checksums verified."""
    found = []
    for block in blocks(data):
        if block.kind != 6:
            continue
        interface, high, low, octets, _ = struct.unpack_from("<IIIII", block.body)
        ip = block.body[20 : 20 + octets]
        assert added(ip[:20]) == 0xFFFF
        assert struct.unpack_from("!H", ip, 2)[0] == len(ip)
        source, target, segment = ip[12:16], ip[16:20], ip[20:]
        assert added(source + target + struct.pack("!BBH", 0, ip[9], len(segment)) + segment) == 0xFFFF
        ports = struct.unpack_from("!HH", segment)
        seq = ack = flags = 0
        payload = segment[8:]
        if ip[9] == 6:
            seq, ack, offset, flags = struct.unpack_from("!IIBB", segment, 4)
            payload = segment[offset >> 2 :]
        comments = [comment.decode() for comment in block.options.get(1, [])]
        found.append(
            Packet(interface, high << 32 | low, source, target, ports, ip[9], seq, ack, flags, payload, comments)
        )
    return found


def added(octets: bytes) -> int:
    """The sum in ones' complement: 0xFFFF when a checksum inside it is right (RFC 1071)."""
    total = 0
    for high, low in zip(octets[::2], (octets + b"\0")[1::2], strict=False):
        total += high << 8 | low
        total = (total & 0xFFFF) + (total >> 16)
    return total
