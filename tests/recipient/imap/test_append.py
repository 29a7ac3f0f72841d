"""A client puts messages into a folder."""

from maillab.protocols.imap.names import INBOX
from tests.recipient.imap.staging import Stage


def test_flags_date_and_octets_are_kept():
    """What comes in is what was said: octets, flags, and the moment."""
    stage = Stage(["logged in", "empty"])
    octets = b"Subject: x\r\n\r\nbare\nNUL\0 and CR\r.\r\n"
    stage.hear(b'a APPEND INBOX (\\Seen Work) " 1-Jan-1970 00:00:05 +0000" ~{%d+}\r\n%s\r\n' % (len(octets), octets))
    folder = stage.shelves.bob.all[INBOX]
    assert folder.octets[1] == octets
    assert (folder.rows[1].flags, folder.rows[1].internal) == ({"\\Seen", "Work"}, 5.0)


def test_over_quota():
    """What does not fit is refused, and the room stays as it was."""  # T204
    stage = Stage(["logged in", "empty"])
    stage.shelves.bob.limit = 10
    assert stage.heard(b"a APPEND INBOX {11+}\r\n12345678901\r\n") == [
        "stumbles OSError: [Errno 28] No space left on device",
        b"a NO [OVERQUOTA] There is no room for it; reference n1\r\n",
    ]
    assert stage.left() == ""


def test_a_large_message_goes_by_way_of_a_file(tmp_path):
    """A message that is not held in memory is stored whole, and no file of it is left."""
    stage = Stage(["logged in", "empty"], tmp_path)
    octets = b"Subject: large\r\n\r\n" + b"x" * 400_000
    stage.feed(b"a APPEND INBOX {%d+}\r\n" % len(octets))
    for at in range(0, len(octets), 50_000):
        stage.feed(octets[at : at + 50_000])
        waiting = [*tmp_path.iterdir()]
    assert waiting
    assert stage.heard(b"\r\n")[-1].startswith(b"a OK [APPENDUID 1 1]")
    assert stage.shelves.bob.all[INBOX].octets[1] == octets
    assert [*tmp_path.iterdir()] == []


def test_a_message_that_cannot_be_written_down(tmp_path):
    """What follows it in the command is read, too, and nobody takes it for a command."""
    stage = Stage(["logged in"], tmp_path / "no such folder")
    octets = b"x" * 400_000
    told = stage.heard(b"a APPEND INBOX {%d+}\r\n%s {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n" % (len(octets), octets))
    assert told[0].startswith("stumbles NotWritten: [Errno 2]")
    assert told[1:] == [b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n", b"c OK Done\r\n"]
    assert stage.left() == "1 2 3"


def test_whoever_looks_hears_of_it():
    """A message that a session appends to its own folder is told in the same answer."""
    stage = Stage(["selected"])
    told = stage.heard(b"a APPEND INBOX {4+}\r\na: b\r\n")
    assert told == [b"* 4 EXISTS\r\n", b"* 0 RECENT\r\n", b"a OK [APPENDUID 1 4] Appended\r\n"]


def test_so_much_at_once(tmp_path):
    """All messages of one APPEND are four times as large as one may be, at most; none of more is stored."""
    for count, fits in ((4, True), (5, False)):
        stage = Stage(["logged in", "empty", "small"], tmp_path)
        told = stage.heard(b"a APPEND INBOX" + b" {100+}\r\n".join([b""] + [b"x" * 100] * count) + b"\r\n")
        assert told[-1].startswith(b"a OK [APPENDUID 1 1:4]" if fits else b"a NO [TOOBIG]")
        assert stage.left() == ("1 2 3 4" if fits else "")
