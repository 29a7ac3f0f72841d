"""FETCH: what the dialogue of its name does not say."""

import contextlib
import errno
import re

import pytest

from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient.imap import fetch
from maillab.wire.turns import Call, Close, Verbatim
from tests.recipient.imap.shelves import HI
from tests.recipient.imap.staging import Stage


def holding(*messages):
    """A stage on which bob looks into a folder with these messages."""
    stage = Stage(["logged in", "empty"])
    for message in messages:
        stage.shelves.bob.all[INBOX].put(message)
    stage.hear(b"b SELECT INBOX\r\n")
    return stage


def octets(told):
    """All that was said but the last line."""
    return b"".join(line for line in told[:-1] if isinstance(line, bytes))


def test_a_message_that_is_gone():
    """Of a message that is gone nothing is told; the others are, and the last line says so."""
    stage = Stage(["selected"])
    stage.happens(["goes", "2"])
    told = stage.heard(b"a FETCH 1:3 BODY.PEEK[HEADER.FIELDS (Subject)]\r\n")
    assert [line for line in told if line.startswith(b"Subject")] == [b"Subject: hi\r\n", b"Subject: mixed\r\n"]
    assert told[-1] == b"a OK [EXPUNGEISSUED] Some messages are gone\r\n"
    assert stage.heard(b"b FETCH 2 FLAGS\r\n") == [b"b OK [EXPUNGEISSUED] Some messages are gone\r\n"]
    assert stage.heard(b"c NOOP\r\n") == [b"* 2 EXPUNGE\r\n", b"c OK Done\r\n"]


@pytest.mark.parametrize("partial", [b"<0.5>", b"<90.100>", b"<97.1>", b"<4294967295.1>", b"<0.4294967295>"])
def test_parts_of_octets(partial):
    """A part begins where it was asked for, and ends with the message at the latest."""  # T206
    stage = Stage(["selected"])
    first, length = map(int, partial[1:-1].split(b"."))
    told = octets(stage.heard(b"a FETCH 1 BODY.PEEK[]" + partial + b"\r\n"))
    wanted = HI[first : first + length]
    assert told == b"* 1 FETCH (BODY[]<%d> {%d}\r\n%s)\r\n" % (first, len(wanted), wanted)


@pytest.mark.parametrize("section", [b"1" + b".1" * 499, b"999999999", b"2.HEADER", b"1.1"])
def test_sections_that_are_not_there(section):
    """A section that there is not is NIL."""  # T206
    stage = Stage(["selected"])
    assert stage.heard(b"a FETCH 1 BODY.PEEK[" + section + b"]\r\n")[0].endswith(b" NIL)\r\n")


def test_no_nul_in_a_literal():
    """A literal holds no NUL, and keeps its length; a binary one does."""
    stage = holding(b"a: b\r\n\r\n\0\r\n")
    assert b"\x80" in octets(stage.heard(b"a FETCH 1 BODY.PEEK[]\r\n"))
    told = octets(stage.heard(b"b FETCH 1 BINARY.PEEK[1]\r\n"))
    assert told == b"* 1 FETCH (BINARY[1] ~{3}\r\n\0\r\n)\r\n"


def test_an_encoding_that_is_not_known():
    """What cannot be decoded is refused by its code, and what was told before stays told."""
    stage = holding(HI, b"Content-Transfer-Encoding: x-rot13\r\n\r\nuryyb\r\n")
    assert stage.heard(b"a FETCH 2 BINARY.PEEK[1]\r\n")[-1].startswith(b"a NO [UNKNOWN-CTE]")


def test_a_disk_that_fails_between_two_messages(monkeypatch):
    """The answer about the message before is told to its end, and NO stands on a line of its own."""
    monkeypatch.setattr(fetch, "AT_ONCE", 1)
    stage = holding(HI, HI)
    real = stage.dialogue.session.looking.view.content

    def content(uid):
        if uid == 2:
            raise OSError(errno.EIO, "Input/output error")
        return real(uid)

    stage.dialogue.session.looking.view.content = content
    told = [each for each in stage.heard(b"a FETCH 1:2 BODY.PEEK[]\r\n") if isinstance(each, bytes)]
    assert b"".join(told).startswith(b"* 1 FETCH (BODY[] {%d}\r\n%s)\r\na NO [UNAVAILABLE]" % (len(HI), HI))


def test_no_line_of_a_stranger():
    """Whatever stands in a header, no line of the answer begins with it."""  # T208
    hostile = b"Subject: x\r\n * 666 EXISTS\r\nFrom: =?utf-8?q?=0d=0a*_667_EXISTS?= <a@b.test>\r\n\r\n"
    stage = holding(hostile)
    told = stage.heard(b"a FETCH 1 (ENVELOPE BODYSTRUCTURE PREVIEW)\r\n")
    assert [line for line in told if line.startswith(b"* 66")] == []
    assert len(told) == 2


def test_many_are_looked_up_some_at_a_time():
    """Messages are looked up in parts, by number and by octets, in threads."""
    stage = holding(*[b"Subject: x\r\n\r\n" + b"y" * 300_000] * 5)
    turns = stage.dialogue.hear(b"a FETCH 1:* BODY.PEEK[]\r\n")
    calls, shipped, result = 0, [], None
    try:
        while True:
            turn = turns.send(result)
            result = None
            match turn:
                case Call(function):
                    calls += 1
                    result = function()
                case Verbatim(pieces):
                    shipped += [len(piece) for piece in pieces if isinstance(piece, Content)]
    except StopIteration:
        pass
    assert (calls, shipped) == (2, [300_014] * 5)


def test_very_many_sections():
    """However often the octets of messages are asked for, a bounded number of them is in memory at once."""
    stage = holding(*[b"Subject: x\r\n\r\n" + b"y" * 60_000] * 3)
    sections = [b"BODY.PEEK[]<0.%d>" % (50_000 + n) for n in range(fetch.SECTIONS + 1)]
    told = stage.heard(b"a FETCH 1:3 (%b)\r\n" % b" ".join(sections))
    assert told == [b"a NO [LIMIT] So many sections are not told at a time\r\n"]
    turns, result, most = stage.dialogue.hear(b"b FETCH 1:3 (%b)\r\n" % b" ".join(sections[1:])), None, 0
    with contextlib.suppress(StopIteration):
        while True:
            turn = turns.send(result)
            result = turn.function() if isinstance(turn, Call) else None
            if isinstance(turn, Verbatim):
                most = max(most, sum(len(piece) for piece in turn.pieces if isinstance(piece, Content)))
    assert fetch.SECTIONS * 50_000 < most < fetch.SECTIONS * 60_000


def test_a_message_that_cannot_be_read_any_more():
    """Where octets were announced that cannot be read, the talk ends: nobody could tell them from what follows."""
    stage = Stage(["selected"])
    turns = stage.dialogue.hear(b"a FETCH 1 BODY.PEEK[]\r\n")
    result = None
    while not isinstance(turn := turns.send(result), Verbatim):
        result = turn.function()
    assert isinstance(turns.throw(FileNotFoundError("gone")), Close)


def test_a_summary_that_is_missing():
    """Where the index knows nothing of a message, it is looked at now."""
    stage = Stage(["selected"])
    view = stage.dialogue.session.looking.view
    view.summaries = view.headings = lambda uids: [b"\xff damaged"] * len(uids)
    assert b'"hi"' in stage.heard(b"a FETCH 1 ENVELOPE\r\n")[0]
    assert b'"7bit"' in stage.heard(b"b FETCH 1 BODYSTRUCTURE\r\n")[0]


def test_whoever_reads_has_seen():
    """BODY[] marks a message as seen, and tells so; PEEK does not; nor does EXAMINE."""
    stage = Stage(["selected"])
    told = stage.heard(b"a FETCH 2 (UID BODY[])\r\n")
    assert told[-2].endswith(b" FLAGS (\\Seen))\r\n")
    stage.hear(b"b FETCH 2 BODY[]\r\n")
    assert stage.left() == "1 2S 3"
    stage.hear(b"c EXAMINE INBOX\r\n")
    stage.hear(b"d FETCH 1 RFC822\r\n")
    assert stage.left() == "1 2S 3"


@pytest.mark.parametrize(
    ("enabled", "said", "told"),
    [
        (b"CONDSTORE", b"FETCH 1 BODY[TEXT]", rb"BODY\[TEXT\] .* FLAGS \(\\Seen\) MODSEQ \(5\)\)"),
        (b"CONDSTORE", b"FETCH 1 (FLAGS BODY[TEXT])", rb"FLAGS \(\\Seen\) BODY\[TEXT\] .* MODSEQ \(5\)\)"),
        (b"CONDSTORE", b"FETCH 1 (MODSEQ BODY[TEXT])", rb"MODSEQ \(5\) BODY\[TEXT\] .* FLAGS \(\\Seen\)\)"),
        (b"QRESYNC", b"FETCH 1 BODY[TEXT]", rb"BODY\[TEXT\] .* FLAGS \(\\Seen\) MODSEQ \(5\) UID 1\)"),
        (b"QRESYNC", b"UID FETCH 1 BODY[TEXT]", rb"UID 1 BODY\[TEXT\] .* FLAGS \(\\Seen\) MODSEQ \(5\)\)"),
    ],
)
def test_whoever_reads_hears_of_the_change(enabled, said, told):
    """A client that hears of MODSEQ hears it of a message that is seen by being read, too (RFC 7162 §3.1)."""
    stage = Stage(["selected"])
    stage.hear(b"a ENABLE " + enabled + b"\r\n")
    answer = octets(stage.heard(b"b " + said + b"\r\n"))
    assert re.match(rb"(?s)\* 1 FETCH \(" + told + rb"\r\n", answer), answer


def test_everything_in_one_answer():
    """All items of the list are told by their names, in the order in which they were asked for."""
    stage = Stage(["selected"])
    told = stage.heard(b"a UID FETCH 1 (MODSEQ EMAILID THREADID SAVEDATE PREVIEW FLAGS RFC822.SIZE)\r\n")[1]
    words = [b"UID 1", b"MODSEQ (2)", b"EMAILID (M97)", b"THREADID NIL", b"SAVEDATE ", b'PREVIEW "', b"FLAGS ()"]
    places = [told.index(word) for word in words]
    assert places == sorted(places)


def test_batches():
    """No batch is empty, none is too large but for one message alone."""
    row = Stage(["selected"]).dialogue.session.looking.row(1)
    some = [(number, row) for number in range(1, 251)]
    assert [len(batch) for batch in fetch._batches(some, 0)] == [100, 100, 50]
    assert list(fetch._batches([], 1)) == []
