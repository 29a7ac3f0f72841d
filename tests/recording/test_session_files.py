"""Files that are written whole or not at all, and read within bounds."""

import gzip
import os
import stat
import zlib

import pytest

from maillab.recording import session_files
from maillab.recording.session_files import BLOCK, LONGEST_LINE, SessionWriter, blocks, is_packed, lines
from maillab.recording.session_lines import SessionError


def write(path, *pieces, replace=False):
    """Write a file."""
    with SessionWriter(path, replace=replace) as sheet:
        for piece in pieces:
            sheet.write(piece)


def test_written_whole(tmp_path):
    """A file appears when it is finished, for its owner only (T311); until then there is FILE.part."""
    path = tmp_path / "s.maillab"
    sheet = SessionWriter(path)
    sheet.write(b"one\n")
    sheet.flush()
    assert not path.exists()
    assert (tmp_path / "s.maillab.part").read_bytes() == b"one\n"
    sheet.finish()
    assert path.read_bytes() == b"one\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["s.maillab"]


def test_the_old_file_stays(tmp_path):
    """What stood under the name stays until the new one is whole, and for good when that never is (T311)."""
    path = tmp_path / "s.maillab"
    write(path, b"old")

    def fail():
        with SessionWriter(path, replace=True) as sheet:
            sheet.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["s.maillab"]
    write(path, b"new", replace=True)
    assert path.read_bytes() == b"new"


def test_nothing_is_replaced_unasked(tmp_path):
    """Kind: an output file over a file that a person had. A file, a link, even one that leads nowhere, stays."""
    (tmp_path / "message.eml").write_bytes(b"mine")
    (tmp_path / "link").symlink_to("message.eml")
    (tmp_path / "nowhere").symlink_to("gone")
    for name in ("message.eml", "link", "nowhere"):
        with pytest.raises(FileExistsError, match="is there already"):
            SessionWriter(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["link", "message.eml", "nowhere"]
    assert (tmp_path / "message.eml").read_bytes() == b"mine"


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_meanwhile(links, tmp_path, monkeypatch):
    """Nor is a file that appeared while ours was written, also on a disk without hard links; ours is left beside it."""
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no links here")))
    path = tmp_path / "s.maillab"
    sheet = SessionWriter(path)
    sheet.write(b"ours")
    path.write_bytes(b"theirs")
    with pytest.raises(FileExistsError, match=r"s\.maillab\.part is left"):
        sheet.finish()
    assert [path.read_bytes(), (tmp_path / "s.maillab.part").read_bytes()] == [b"theirs", b"ours"]
    write(tmp_path / "t", b"whole")
    assert (tmp_path / "t").read_bytes() == b"whole"
    assert sorted(os.listdir(tmp_path)) == ["s.maillab", "s.maillab.part", "t"]


def test_two_at_once(tmp_path):
    """Two who write one file do not meet; who finishes last wins whole (T312)."""
    path = tmp_path / "s.maillab"
    first, second = SessionWriter(path, replace=True), SessionWriter(path, replace=True)
    first.write(b"first")
    second.write(b"second")
    second.finish()
    first.finish()
    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["s.maillab"]


def test_what_a_crash_left_is_kept(tmp_path):
    """A part of a run that crashed is not written over."""
    (tmp_path / "s.maillab.part").write_bytes(b"crashed")
    write(tmp_path / "s.maillab", b"new")
    assert (tmp_path / "s.maillab.part").read_bytes() == b"crashed"


def test_links_and_devices(tmp_path):
    """A link at the place of the part is not followed; a link, a folder or a device as the name is not written to."""
    (tmp_path / "s.maillab.part").symlink_to(tmp_path / "other")
    write(tmp_path / "s.maillab", b"new")
    assert not (tmp_path / "other").exists()
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write(tmp_path / "link", b"new", replace=True)
    assert (tmp_path / "target").read_bytes() == b"mine"
    for name in (tmp_path, "/dev/null"):
        with pytest.raises(OSError, match="not a plain file"):
            SessionWriter(type(tmp_path)(name), replace=True)


def test_a_failing_disk(tmp_path):
    """Letting go of a file keeps what is in it, and leaves no empty one."""
    empty, full = SessionWriter(tmp_path / "empty"), SessionWriter(tmp_path / "full")
    full.write(b"x")
    empty.leave()
    full.leave()
    assert os.listdir(tmp_path) == ["full.part"]


def test_a_disk_that_is_full_at_the_end(tmp_path, monkeypatch):
    """Kind: something half-written that is left. A file that cannot be finished leaves no part."""

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "s.maillab", b"x")
    assert os.listdir(tmp_path) == []


def test_packed_by_name(tmp_path):
    """The name says whether a file is packed, also while it is a part; after a flush all is there."""
    assert is_packed(tmp_path / "a.gz.part3")
    assert not is_packed(tmp_path / "a.gzip")
    sheet = SessionWriter(tmp_path / "s.gz")
    sheet.write(b"one\n")
    sheet.flush()
    assert b"".join(blocks(tmp_path / "s.gz.part")) == b"one\n"
    sheet.finish()
    assert gzip.decompress((tmp_path / "s.gz").read_bytes()) == b"one\n"


def test_several_packed_parts(tmp_path):
    """Packed files that were put one behind the other read as one."""
    (tmp_path / "s.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert b"".join(blocks(tmp_path / "s.gz")) == b"one\ntwo\n"


def test_a_bomb(tmp_path, monkeypatch):
    """What unpacks more than a hundredfold is refused while it unpacks, unless it is small (T300)."""
    path = tmp_path / "s.gz"
    machine = zlib.compressobj(9, wbits=31)
    with path.open("wb") as file:
        for _ in range(40):
            file.write(machine.compress(bytes(1_048_576)))
        file.write(machine.flush())
    found, taken = blocks(path), 0
    while taken <= session_files.FREE - BLOCK:
        taken += (size := len(next(found)))
        assert size <= BLOCK
    with pytest.raises(SessionError, match="hundredfold"):
        next(block for block in found if not block)
    path.write_bytes(gzip.compress(bytes(1_000_000)))
    assert sum(map(len, blocks(path))) == 1_000_000


def test_damaged_packing(tmp_path):
    """What is not packed, or damaged, is a SessionError; what was cut short gives what there is."""
    (tmp_path / "s.gz").write_bytes(b"plain text")
    with pytest.raises(SessionError, match="not packed by gzip"):
        list(blocks(tmp_path / "s.gz"))
    (tmp_path / "s.gz").write_bytes(gzip.compress(b"x" * 100)[:-3])
    assert b"".join(blocks(tmp_path / "s.gz")) == b"x" * 100


def test_only_files(tmp_path):
    """A folder, a device and a pipe to which nobody writes are refused at once (T302)."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", type(tmp_path)("/dev/zero")):
        with pytest.raises(SessionError, match="not a plain file"):
            list(blocks(path))
    with pytest.raises((SessionError, IsADirectoryError)):
        list(blocks(tmp_path))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_at_every_cut(size):
    """Lines are the same however the blocks are cut."""
    text = b"one\n\ntwo\r\nthr\ree\nrest"
    assert list(lines(text[at : at + size] for at in range(0, len(text), size))) == [
        b"one\n", b"\n", b"two\r\n", b"thr\ree\n", b"rest",
    ]  # fmt: skip


def test_a_line_without_end():
    """A line that never ends is not gathered in memory."""
    pieces = list(lines(bytes(BLOCK) for _ in range(100)))
    assert max(map(len, pieces)) <= LONGEST_LINE + BLOCK
