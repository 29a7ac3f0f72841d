"""Taking in the content of a message."""

import collections
import errno
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.protocols.lines import stuff
from maillab.wire import intake as module
from maillab.wire.intake import BARE_LINE_END, LONG_LINE, NO_DISK, NO_ROOM, TOO_BIG, DataReader, Intake


def take(tmp_path, wire, *, step=0, bare_lf=False, limit=1000, line=0, bears=False):
    """Feed `wire` in steps; gives (content or fault, what follows the end or None)."""
    intake = Intake(tmp_path, "spool", limit=limit, line=line, bare_lf=bears)
    reader = DataReader(intake, bare_lf=bare_lf)
    rest, at = None, 0
    while at < len(wire) and rest is None:
        block = wire[at : at + step] if step else wire
        at += len(block)
        rest = reader.feed(block)
    if rest is None:
        return None, None
    content = intake.finish()
    result = intake.fault or content.whole()
    intake.discard()
    return result, rest + wire[at:]


@pytest.mark.parametrize(
    ("wire", "content"),
    [
        (b".\r\n", b""),
        (b"hi\r\n.\r\n", b"hi\r\n"),
        (b"\r\n.\r\n", b"\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),  # T092
        (b"a\r\n..x\r\n...\r\n. \r\n.\r\n", b"a\r\n.x\r\n..\r\n \r\n"),
        (b"a\r\n\x00.\r\nb\x0b.\x0b\x85.\x85\r\n.\r\n", b"a\r\n\x00.\r\nb\x0b.\x0b\x85.\x85\r\n"),  # T090, T091
    ],
)
@pytest.mark.parametrize("step", [0, 1, 2, 3, 5])
def test_content_is_unstuffed_once_at_every_cut(tmp_path, wire, content, step):
    """Content is what stood before the end mark, without the dots that stuffing added, however it was cut."""
    assert take(tmp_path, wire + b"QUIT\r\n", step=step) == (content, b"QUIT\r\n")


SMUGGLE = b"MAIL FROM:<z@a.test>\r\nRCPT TO:<v@local.test>\r\nDATA\r\nS: x\r\n\r\nevil\r\n.\r\n"


@pytest.mark.parametrize(
    "sequence",
    [
        b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\n", b"\r.\r\n", b"\n.\r", b"\r\n.\r",  # T080-T087
        b"\r\n.\r\r\n", b"\r\r\n.\r\r\n",  # T088, T089
    ],
)  # fmt: skip
@pytest.mark.parametrize("bears", [False, True])
@pytest.mark.parametrize("step", [0, 1, 2, 3, 7])
def test_nothing_but_crlf_dot_crlf_ends_a_message(tmp_path, sequence, step, bears):
    """Each smuggler's sequence is one message up to the real end, and refused for its line ends."""
    wire = b"Subject: 1\r\n\r\nhi" + sequence + SMUGGLE
    assert take(tmp_path, wire, step=step, bears=bears) == (BARE_LINE_END, b"")


@pytest.mark.parametrize(
    ("wire", "content"),
    [
        (b"Subject: x\n\nhi\n\r\n", b"Subject: x\r\n\r\nhi\r\n\r\n"),  # curl -T
        (b"\n\nx\r\n", b"\r\n\r\nx\r\n"),
        (b"a\n.\nb\n.dot\n..\n\r\n", b"a\r\n.\r\nb\r\n.dot\r\n..\r\n\r\n"),  # no dots are added before a bare LF
        (b"Subject: x\r\n\r\na\nb\r\n..c\r\n", b"Subject: x\r\n\r\na\r\nb\r\n.c\r\n"),  # mixed, no lonely dot
    ],
)
@pytest.mark.parametrize("step", [0, 1, 2, 3, 5])
def test_bare_lfs_may_be_borne(tmp_path, wire, content, step):
    """Where it is asked for, LF is stored as CRLF; it never ends the message, not even around a dot."""
    wire += b".\r\n"
    assert take(tmp_path, wire + b"QUIT\r\n", step=step, bears=True, limit=len(content)) == (content, b"QUIT\r\n")
    assert take(tmp_path, wire, step=step) == (BARE_LINE_END, b"")


@pytest.mark.parametrize("wire", [b"a\rb\n\r\n.\r\n", b"a\n\r\r\n.\r\n"])
def test_a_bare_cr_is_never_borne(tmp_path, wire):
    """Nobody's editor ends lines with CR."""
    assert take(tmp_path, wire, bears=True) == (BARE_LINE_END, b"")


@pytest.mark.parametrize("step", [0, 1, 3])
def test_a_message_too_large_is_read_to_its_end(tmp_path, step):
    """The rest of a refused message is not taken for commands (T093)."""
    wire = b"x" * 500 + b"\r\n.\r\nQUIT\r\n"
    assert take(tmp_path, wire, step=step, limit=502) == (b"x" * 500 + b"\r\n", b"QUIT\r\n")
    assert take(tmp_path, wire, step=step, limit=501) == (TOO_BIG, b"QUIT\r\n")


@pytest.mark.parametrize("step", [0, 1, 7])
def test_long_lines_are_a_fault_only_where_asked(tmp_path, step):
    """998 octets pass, 999 do not, and without a limit any line passes (T170)."""
    fits, long = b"a" * 998 + b"\r\n.\r\n", b"b\r\n" + b"a" * 999 + b"\r\n.\r\n"
    assert take(tmp_path, fits, step=step, line=998, limit=5000)[0] == fits[:-3]
    assert take(tmp_path, long, step=step, line=998, limit=5000)[0] == LONG_LINE
    assert take(tmp_path, long, step=step, limit=5000)[0] == long[:-3]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("cut", [1, 7, 998, 1000, 5000])
@pytest.mark.parametrize(("octets", "odd"), [(998, set()), (999, {"long-line"})])
def test_what_not_every_server_takes(tmp_path, cut, octets, odd, end):
    """A line of 999 octets, NUL and 8-bit are noticed wherever the content is cut; nothing of it is changed."""
    intake = Intake(tmp_path, "spool", limit=9000, bare_lf=True)
    for content in (b"hi" + end, b"a" * octets + end):
        for start in range(0, len(content), cut):
            intake.add(content[start : start + cut])
    assert (intake.odd, intake.fault) == (odd, None)
    intake.add(b"caf\xe9 \x00" + end)
    assert intake.odd == odd | {"nul", "eight-bit"}


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_person_with_a_bare_lf_may_end_with_lf_dot_lf(tmp_path, step):
    """Someone whose every line ends in LF ends the message with LF.LF; it is stored with CRLF."""
    assert take(tmp_path, b"hi\n\n..x\n.\nQUIT\n", step=step, bare_lf=True) == (b"hi\r\n\r\n.x\r\n", b"QUIT\n")


@pytest.mark.parametrize("wire", [b"hi\r\n.\n.\r\n\r\n.\r\n", b"hi\n.\r\n\r\n.\r\n", b"a\rb\n.\nc\r\n.\r\n"])
@pytest.mark.parametrize("step", [0, 1, 2])
def test_one_cr_ends_the_leniency(tmp_path, wire, step):
    """From the first CR on only CRLF.CRLF ends the message, and it is refused: that would be smuggling."""
    assert take(tmp_path, wire, step=step, bare_lf=True) == (BARE_LINE_END, b"")


def test_a_lonely_dot_is_noticed(tmp_path):
    """LF.LF from a CRLF client ends nothing, and is noticed, so that the learner can be told."""
    reader = DataReader(Intake(tmp_path, "s", limit=100))
    assert reader.feed(b"hi\n.\n") is None
    assert reader.lonely_dot


def test_large_messages_go_to_a_file_and_come_back(tmp_path, monkeypatch):
    """What exceeds the memory's share is spooled, mode 0600, and gone after discard (T099)."""
    monkeypatch.setattr(module, "IN_MEMORY", 1000)
    intake = Intake(tmp_path, "spool", limit=100_000)
    reader = DataReader(intake)
    content = b"".join(b"line %d\r\n" % n for n in range(1000))
    wire = content + b".\r\nRSET\r\n"
    rests = [reader.feed(wire[at : at + 700]) for at in range(0, len(wire), 700)]

    assert rests[-1] == b"RSET\r\n"
    stored = intake.finish()
    assert stored.path.stat().st_mode & 0o777 == 0o600
    assert stored.whole() == content
    intake.discard()
    assert list(tmp_path.iterdir()) == []


def test_an_endless_line_costs_no_memory(tmp_path):
    """Megabytes without a line end are dropped once they exceed the limit (T098)."""
    intake = Intake(tmp_path, "spool", limit=100_000)
    reader = DataReader(intake)
    for _ in range(100):
        assert reader.feed(b"x" * 65_536) is None
    assert len(reader._buffer) <= 2 * 65_536
    assert reader.feed(b"\r\n.\r\n") == b""
    assert intake.fault == TOO_BIG
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=150, derandomize=True)
@given(st.lists(st.sampled_from([b".", b"..", b"x", b"", b".\t", b"ab."]), max_size=10), st.integers(1, 9))
def test_what_is_stuffed_arrives(tmp_path_factory, lines, step):
    """Whatever a client stuffs, the server stores as it was."""
    content = b"".join(line + b"\r\n" for line in lines)
    assert take(tmp_path_factory.getbasetemp(), stuff(content) + b".\r\n", step=step) == (content, b"")


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.ENOSPC, NO_ROOM), (errno.EMFILE, NO_ROOM), (errno.EIO, NO_DISK)]
)
def test_a_disk_that_says_no_is_a_fault_and_the_reading_goes_on(tmp_path, monkeypatch, number, expected):
    """The rest of a message that could not be spooled is still content, never commands (T031, T093)."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)

    def refuse(self):
        raise OSError(number, "no")

    monkeypatch.setattr(Intake, "_spill", refuse)
    intake = Intake(tmp_path, "s", limit=100_000)
    reader = DataReader(intake)
    for _ in range(5):
        assert reader.feed(b"MAIL FROM:<evil@a.test>\r\n") is None
    assert reader.feed(b".\r\nQUIT\r\n") == b"QUIT\r\n"
    intake.finish()
    assert intake.fault == expected
    assert intake.trouble.errno == number
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_takes_less_than_it_is_given_is_given_the_rest(tmp_path, monkeypatch):
    """A short write loses no octet (T008)."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)

    class Short(io.FileIO):
        def write(self, octets):
            return super().write(bytes(octets)[:7])

    monkeypatch.setattr(Path, "open", lambda path, mode="r", buffering=-1: Short(path, mode))
    intake = Intake(tmp_path, "s", limit=1000)
    content = b"0123456789\r\n" * 9
    intake.add(content)
    intake.finish()
    monkeypatch.undo()
    assert (tmp_path / "s").read_bytes() == content


def test_a_disk_that_is_nearly_full_takes_no_message(tmp_path, monkeypatch):
    """The kind: files that grow with what strangers send. The spool leaves room on the disk, and the message is 452."""
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(0, 0, module.FLOOR))
    content, rest = take(tmp_path, b"x\r\n" * 100_000 + b".\r\nQUIT\r\n", limit=1_000_000)
    assert (content, rest) == (NO_ROOM, b"QUIT\r\n")
    assert list(tmp_path.iterdir()) == []


def test_octets_that_nobody_looks_at(tmp_path):
    """Where content is taken as it is, bare line ends and NUL stay what they are, also over several pieces."""
    intake = Intake(tmp_path, "as-is", limit=20, as_is=True)
    for piece in (b"a\r", b"\nb\n", b"c\rd\0"):
        intake.add(piece)
    assert (intake.finish().whole(), intake.fault) == (b"a\r\nb\nc\rd\0", None)
    intake.add(b"x" * 20)
    assert intake.fault is not None
