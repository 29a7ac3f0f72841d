"""Octets for the name server: well-formed questions, and what a stranger may send instead."""

import struct

import dns.message

HEADER = struct.Struct("!HHHHHH")
NAME = b"\x09recipient\x04test\x00"
MX_IN = b"\x00\x0f\x00\x01"
OPT = b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00"


def ask(name: str, kind: str = "A", *, edns: int | None = None, ident: int = 1, payload: int = 1232) -> bytes:
    """One question as dig asks it; `edns` is the version, None without."""
    version = -1 if edns is None else edns  # None would let dnspython choose
    return dns.message.make_query(name, kind, id=ident, use_edns=version, payload=payload).to_wire()


def header(questions: int = 1, answers: int = 0, authority: int = 0, additional: int = 0, flags: int = 0) -> bytes:
    """A header with id 1."""
    return HEADER.pack(1, flags, questions, answers, authority, additional)


GOOD = header() + NAME + MX_IN
LONG_NAME = b"".join(b"\x3f" + b"x" * 63 for _ in range(3)) + b"\x3e" + b"x" * 62 + b"\x00"  # 256 octets

# T215, T216: what is not one question of a sound form.
MALFORMED = {
    "pointer to itself": header() + b"\xc0\x0c" + MX_IN,
    "pointer forward": header() + b"\xc0\x20" + MX_IN + bytes(20),
    "pointer into the header": header() + b"\xc0\x04" + MX_IN,
    "label 0x40": header() + b"\x40abc\x00" + MX_IN,
    "label 0x80": header() + b"\x80abc\x00" + MX_IN,
    "name of 256 octets": header() + LONG_NAME + MX_IN,
    "name without an end": header() + b"\x09recipient",
    "no type": header() + NAME,
    "half a class": header() + NAME + b"\x00\x0f\x00",
    "no question": header(0),
    "two questions": header(2) + (NAME + MX_IN) * 2,
    "65535 questions": header(65535) + NAME + MX_IN,
    "an answer that is not there": header(1, 1) + NAME + MX_IN,
    "65535 records that are not there": header(1, 65535, 65535, 65535) + NAME + MX_IN,
    "record longer than the rest": header(1, 0, 0, 1) + NAME + MX_IN + b"\x00\x00\x10\x00\x01\x00\x00\x00\x00\xff\xff",
    "octets after the end": GOOD + b"junk",
    "two OPT": header(1, 0, 0, 2) + NAME + MX_IN + OPT * 2,
    "OPT as answer": header(1, 1) + NAME + MX_IN + OPT,
    "OPT below the root": header(1, 0, 0, 1) + NAME + MX_IN + b"\x01x" + OPT,
    "option longer than its OPT": header(1, 0, 0, 1) + NAME + MX_IN + OPT[:-1] + b"\x04\x00\x0a\x00\x09",
    "half an option": header(1, 0, 0, 1) + NAME + MX_IN + OPT[:-1] + b"\x01\x00",
    "5000 octets": GOOD + bytes(5000),
}

# What gets silence.
SHORT = [GOOD[:size] for size in range(12)]
RESPONSES = [GOOD[:2] + bytes([0x80 | opcode << 3]) + GOOD[3:] for opcode in range(16)]
