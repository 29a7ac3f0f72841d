"""Smuggling by exhaustion: every string of the octets of which line ends and end marks are made, and what comes of it.

Whatever a client says after 354, a message ends at CRLF.CRLF only (RFC 5321 §2.3.8, §4.5.2); what is stored is what the
model below says, which is written from the RFC and shares no code with the server; and what is handed on can be read in
one way only, also by a next server that ends messages where none ends.
"""

import functools
import itertools
import random
import re
import socket
from collections import Counter
from pathlib import Path

import pytest

from maillab.testing import RunningLab
from maillab.wire.intake import DataReader, Intake
from maillab.wire.outgoing import stuffed
from tests.wire.smtp_stage import Stage

OCTETS = (b"\r", b"\n", b"\0", b".", b"a")
TAIL, NEXT = b"\r\n.\r\n", b"NOOP\r\n"
END = re.compile(rb"(?:\A|(?<=\r\n))\.\r\n")
BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
LENIENT = re.compile(rb"(?:\A|\r\n|\r|\n)\.(?:\r\n|\r|\n)")  # where some server or other has ended a message


def strings(longest):
    """All of them, up to so many octets."""
    for length in range(longest + 1):
        yield from map(b"".join, itertools.product(OCTETS, repeat=length))


def model(wire, *, bears):
    """What a server stores, None for a message that it refuses, and what follows: from RFC 5321, not from the server.

    `bears`: bare LFs are taken for line ends, unless another server would find the end of the message at one of them.
    """
    end = END.search(wire)
    message, rest = wire[: end.start()], wire[end.end() :]
    bare = BARE.findall(message)
    if b"\r" in bare or (bare and not bears):
        return None, rest
    if bare and message.count(b"\r\n") > 1 and re.search(rb"\n\.\r?\n", message):
        return None, rest
    lines = [line.removeprefix(b".") for line in message.split(b"\r\n")]  # RFC 5321 §4.5.2: dots come off once
    return b"\r\n".join(lines).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), rest


def is_one_message(octets):
    """Does the message end behind these octets, and not amid them? Then all of them belong to it."""
    return model(octets + TAIL, bears=True)[1] == b""


def received(wire, cuts, *, bears):
    """The same, as the server does it, the wire cut in these places."""
    intake = Intake(Path("nowhere"), "name", limit=1000, bare_lf=bears)
    reader = DataReader(intake)
    rest, start = None, 0
    for cut in (*cuts, len(wire)):
        rest = reader.feed(wire[start:cut])
        start = cut
        if rest is not None:
            break
    content = intake.finish().whole()
    return (None if intake.fault else content), rest + wire[start:]


def cuts_of(wire):
    """Whole, octet by octet, and in the middle."""
    return (), range(1, len(wire)), (len(wire) // 2,)


@pytest.mark.parametrize("bears", [False, True], ids=["strict", "classroom"])
def test_every_string_ends_a_message_in_one_place(bears):
    """97,656 strings, cut in three ways: the message ends where the model says, and is stored as it says (T080-T093).

    Those of six and of seven octets drip in octet by octet with `-m slow` only.
    """
    assert all_end_in_one_place(7, bears=bears, dripping=5) == 97_656


@pytest.mark.slow
@pytest.mark.parametrize("bears", [False, True], ids=["strict", "classroom"])
def test_every_string_drips_in(bears):
    """Octet by octet, the longest too."""
    assert all_end_in_one_place(7, bears=bears, dripping=7) == 97_656


def all_end_in_one_place(longest, *, bears, dripping):
    """Try all strings; gives how many. Those of up to `dripping` octets are cut into single ones, too."""
    count = 0
    for octets in strings(longest):
        wire = octets + TAIL + NEXT
        expected = model(wire, bears=bears)
        for cuts in cuts_of(wire):
            if len(octets) <= dripping or len(cuts) <= 1:
                assert received(wire, cuts, bears=bears) == expected, (octets, cuts)
        count += 1
    return count


def test_every_string_is_handed_on_in_one_way():
    """Whatever was stored goes out with an end mark that is the only one, for the strictest and the most lenient."""
    stored = {model(octets + TAIL, bears=bears)[0] for octets in strings(7) for bears in (False, True)} - {None}
    for content in stored:
        for blocks in ([content], [content[at : at + 1] for at in range(len(content))]):
            wire = b"".join(stuffed(blocks))
            assert wire.endswith(b".\r\n")
            assert LENIENT.search(wire).end() == len(wire), content
        whole = content if content.endswith(b"\r\n") or not content else content + b"\r\n"
        assert received(wire + NEXT, (), bears=False) == (whole, NEXT)
    assert len(stored) > 10_000


ENVELOPE = b"MAIL FROM:<a@a.test>\r\nRCPT TO:<b@local.test>\r\nDATA\r\n"


@pytest.mark.parametrize("words", [["strict"], []], ids=["strict", "classroom"])
def test_nothing_of_a_message_is_obeyed(tmp_path, words):
    """In a whole conversation, cut in the same three ways, no octet of a message is taken for a command."""
    for octets in filter(is_one_message, strings(4)):
        wire = ENVELOPE + octets + TAIL + NEXT
        expected, _ = model(octets + TAIL, bears=not words)
        if words and expected is not None and b"\0" in expected:
            expected = None  # RFC 2045 §2.7
        for cuts in cuts_of(wire):
            stage = Stage(tmp_path, words)
            stage.feed(b"EHLO x\r\n")
            stage.told, start = [], 0
            for cut in (*cuts, len(wire)):
                stage.feed(wire[start:cut])
                start = cut
            _sent_back, _rcpt, _go_on, verdict, still_here = [line for line in stage.told if isinstance(line, bytes)]
            assert still_here.startswith(b"250 2.0.0"), (octets, cuts)
            contents = [content for _, content in stage.clerk.messages]
            assert contents == ([] if expected is None else [expected]), (octets, cuts)
            assert verdict.startswith(b"550 5.6." if expected is None else b"250"), (octets, cuts)


HEAD = b"Date: Tue, 1 Dec 2026 00:00:00 +0000\r\nMessage-ID: <1@a.test>\r\n\r\n"  # else they are added on the way
MANY = 10  # messages of a connection: after twenty that are refused it is closed


@functools.cache
def sample():
    """Some of the messages."""
    return random.Random(20261201).sample([*filter(is_one_message, strings(7))], 120)


def test_on_sockets_and_onward():
    """A sample through port 25 into a mailbox, and through submission, queue and the next server into another."""
    stored = [content for octets in sample() if (content := model(HEAD + octets + TAIL, bears=True)[0]) is not None]
    with RunningLab() as lab:
        here, next_ = lab.endpoint("recipient.test", "smtp"), lab.endpoint("sender.test", "smtp")
        assert said(here, "alice@sender.test", "bob@recipient.test") == len(stored)
        assert said(next_, "alice@sender.test", "carol@recipient.test") == len(stored)
        lab.settle()
        arrived = lab.messages()
    for person in ("bob", "carol"):
        contents = [one.raw[one.raw.index(HEAD) :] for one in arrived if one.mailbox == f"{person}@recipient.test"]
        assert Counter(contents) == Counter(stored), person


def said(door, sender, recipient):
    """Say all of the sample, each in segments of its own; gives how many messages were taken."""
    taken = 0
    for start in range(0, len(sample()), MANY):
        with socket.create_connection((door.host, door.port), 30) as wire, wire.makefile("rb") as heard:
            heard.readline()
            wire.sendall(b"EHLO x\r\n")
            while heard.readline()[3:4] == b"-":
                pass
            for octets in sample()[start : start + MANY]:
                wire.sendall(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
                assert [heard.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"], octets
                cut = start % (len(octets) + 1)
                wire.sendall(HEAD + octets[:cut])
                wire.sendall(octets[cut:] + TAIL + NEXT)
                verdict, still_here = heard.readline(), heard.readline()
                assert still_here.startswith(b"250 2.0.0"), octets
                taken += verdict.startswith(b"250")
    return taken
