"""The messages as files."""

import io
import zipfile

from maillab.cli.main import run as main
from maillab.events import Carried, Delivered, Entry, Leg, Opened, Said, Side, Submitted
from maillab.mail.content import Content
from maillab.recording.export import FORMATS
from maillab.recording.session import Header, Mark, Session, save
from tests.recording.export.sample import exported, hostile, sample


def test_files_are_called_by_number():
    """Every message is a file, octet for octet, whatever is written in it; the archive is sound."""
    for one in (sample(), hostile()):
        archive = zipfile.ZipFile(io.BytesIO(exported("eml", one)))
        assert archive.testzip() is None
        assert archive.namelist() == [f"{number:05}.eml" for number in range(1, len(archive.namelist()) + 1)]
    archive = zipfile.ZipFile(io.BytesIO(exported("eml", sample())))
    assert archive.read("00001.eml").endswith(b"Hello Bob\r\n.\r\n")


EVIL = ["../../.ssh/authorized_keys", "/etc/passwd", "..\\..\\x", "C:\\x", "a\x00b", "-rf", "x" * 300]


def test_names_of_a_session_are_no_names_of_files(tmp_path, monkeypatch):
    """Whatever a message, a user, a mailbox and a talk are called, every export is the file that was asked for (T303)."""
    happened = [Opened("submit-1", Leg.SUBMIT, "smtp", EVIL[0])]
    for evil in EVIL:
        content = f"Message-ID: <{evil}@x>\r\nSubject: {evil}\r\nContent-Disposition: attachment; filename={evil}\r\n\r\nx\r\n"
        happened += [
            Submitted(evil, evil, evil, (evil,), 1),
            Said("submit-1", Side.CLIENT, b"MAIL FROM:<a@a.test>\r\n"),
            Said("submit-1", Side.SERVER, b"250 ok\r\n"),
            Said("submit-1", Side.CLIENT, b"RCPT TO:<b@b.test>\r\n"),
            Said("submit-1", Side.SERVER, b"250 ok\r\n"),
            Said("submit-1", Side.CLIENT, b"DATA\r\n"),
            Said("submit-1", Side.SERVER, b"354 go on\r\n"),
            Carried("submit-1", Side.CLIENT, Content(content.encode())),
            Said("submit-1", Side.CLIENT, b".\r\n"),
            Said("submit-1", Side.SERVER, b"250 ok\r\n"),
            Delivered(evil, evil, 1, 1),
        ]
    entries = tuple(Entry(number, 1.0, event) for number, event in enumerate(happened, 1))
    save(Session(Header(EVIL[0]), entries, (Mark(EVIL[0], 1, 1.0),)), tmp_path / "in.maillab")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    for name in FORMATS:
        assert main(["export", str(tmp_path / "in.maillab"), "--format", name, "--output", "out"]) == 0
        octets = (tmp_path / "a" / "b" / "out").read_bytes()
        (tmp_path / "a" / "b" / "out").unlink()
        if name == "eml":
            names = zipfile.ZipFile(io.BytesIO(octets)).namelist()
            assert names == [f"{number:05}.eml" for number in range(1, len(EVIL) + 1)]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == ["a", "a/b", "in.maillab"]


def test_the_same_session_is_the_same_archive():
    """Nothing of the moment or the place stands in it."""
    assert exported("eml", sample()) == exported("eml", sample())
