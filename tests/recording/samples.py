"""A session with every kind of event, and ways to spoil a file."""

import random
from pathlib import Path

from maillab.events import Carried, Entry, Leg, Opened, Said, Side
from maillab.mail.content import Content

OLD = Path(__file__).parent / "old"
STORED = OLD / "v3.maillab"

NASTY = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 5_000,
    b"1e400",
    b"NaN",
    b"-1",
    b"null",
    b'"\\ud800"',
    b'"\xed\xa0\x80"',
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00",
    b'"a":1,"a":1',
    b'{"latin1":"\\u0100"}',
    b'{"base64":"!"}',
    b'"e":"more","n":12,',
    b'"more":true,',
    b'"redacted":[0,4294967296]',
    b"2147483648",
    b"\n",
    b"#",
    b"!!python/object/apply:os.system",
]


def mutated(octets: bytes, dice: random.Random) -> bytes:
    """The file with one to four things wrong with it."""
    found = bytearray(octets)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(found) + 1)
        match dice.randrange(8):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del found[at : at + dice.randint(1, 40)]
            case 2:
                found[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
            case 3:
                found[at : at + dice.randint(0, 12)] = dice.choice(NASTY)
            case 4:
                found[at:at] = found[at : at + dice.randint(1, 400)]
            case 5:
                lines = bytes(found).split(b"\n")
                dice.shuffle(lines)
                found = bytearray(b"\n".join(lines))
            case 6:
                lines = bytes(found).split(b"\n")
                lines[1:] = dice.sample(lines[1:], len(lines) - 1)
                found = bytearray(b"\n".join(lines))
            case _:
                del found[at:]
    return bytes(found)


def talk(count: int, start: float = 1000.0) -> list[Entry]:
    """So many entries of one talk, a second apart."""
    events = [
        Opened("submit-1", Leg.SUBMIT, "smtp", "mx.recipient.test"),
        *(Said("submit-1", Side.CLIENT, b"NOOP %d\r\n" % number) for number in range(2, count + 1)),
    ]
    return [Entry(number, start + number, event) for number, event in enumerate(events[:count], 1)]


def message(octets: bytes, seq: int = 1) -> Entry:
    """An entry that carries these octets."""
    return Entry(seq, 1000.0, Carried("submit-1", Side.CLIENT, Content(octets)))
