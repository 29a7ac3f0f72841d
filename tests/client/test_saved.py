"""Messages that somebody has saved."""

import io
import mailbox
from pathlib import Path

import pytest

from maillab.client import saved
from maillab.client.saved import SavedError, SavedMessage, messages_in, messages_of

ONE = b"From: a@x.test\nSubject: one\n\nFrom here on:\n\nFrom here\n"
TWO = b"From: b@x.test\nSubject: two\n\nbye\n\n"


def of(octets: bytes) -> list[bytes]:
    """The messages of these octets."""
    return [one.octets for one in messages_of(io.BytesIO(octets), "x")]


@pytest.mark.parametrize("octets", [b"\n", ONE, ONE.replace(b"\n", b"\r\n"), b"\xff\0" * 100_000, b"Subject: no end"])
def test_one(octets: bytes) -> None:
    """A file that is no mbox is one message, octet for octet."""
    assert of(octets) == [octets]


def test_mbox(tmp_path: Path) -> None:
    """What the standard library puts into an mbox comes out again, without the lines that the mbox added."""
    box = mailbox.mbox(tmp_path / "box")
    box.add(ONE)
    box.add(TWO)
    box.close()

    assert list(messages_in(tmp_path / "box")) == [
        SavedMessage(f"{tmp_path / 'box'}, message 1", ONE),
        SavedMessage(f"{tmp_path / 'box'}, message 2", TWO),
    ]


def test_a_message_cut_from_an_mbox() -> None:
    """The line at its head is no mail; a sentence that begins with From is no new message."""
    line = b"From alice Thu Jan  1 00:00:00 2026\r\n"

    assert of(line + b"Subject: x\r\n\r\nhi\r\n\r\nFrom now on\r\n") == [b"Subject: x\r\n\r\nhi\r\n\r\nFrom now on\r\n"]
    assert of(b"From alice\nSubject: x\n\n>From here\n>>From there\n") == [b"Subject: x\n\nFrom here\n>From there\n"]


def test_maildir(tmp_path: Path) -> None:
    """New and read messages of a Maildir are read, and nothing else that lies there."""
    box = mailbox.Maildir(tmp_path / "box")
    box.add(ONE)
    (tmp_path / "box" / "cur" / "9.x:2,S").write_bytes(TWO)
    (tmp_path / "box" / "tmp" / "8.x").write_bytes(b"half")
    (tmp_path / "box" / "index.db").write_bytes(b"no message")

    assert sorted(one.octets for one in messages_in(tmp_path / "box")) == sorted([ONE, TWO])


def test_folder_of_files(tmp_path: Path) -> None:
    """Any other folder gives its .eml and .mbox files, by name."""
    (tmp_path / "b.eml").write_bytes(TWO)
    (tmp_path / "a.eml").write_bytes(ONE)
    (tmp_path / "notes.txt").write_bytes(b"no message")

    assert [one.octets for one in messages_in(tmp_path)] == [ONE, TWO]


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without messages, a file that is missing and a message without end are said."""
    with pytest.raises(SavedError, match="no messages in"):
        list(messages_in(tmp_path))
    with pytest.raises(SavedError, match="x is empty"):
        of(b"")
    with pytest.raises(FileNotFoundError):
        list(messages_in(tmp_path / "none"))
    monkeypatch.setattr(saved, "LARGEST", 1_000_000)
    with pytest.raises(SavedError, match="more than"), Path("/dev/zero").open("rb") as endless:
        list(messages_of(endless, "zero"))
