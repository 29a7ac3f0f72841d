"""`maillab read`."""

import json
import mailbox
from pathlib import Path

import pytest

from tests.cli.calling import call, pipe

MESSAGE = b"From: a@x.test\nSubject: =?utf-8?q?Ch=C3=A0o?=\n\nHello \xe2\x80\xae\x1b[2J\n"


def test_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A message in a file is shown decoded, and nothing in it reaches the terminal as a control."""
    (tmp_path / "a.eml").write_bytes(MESSAGE)
    assert call("read", str(tmp_path / "a.eml")) == 0
    out = capsys.readouterr().out
    assert out.splitlines() == ["From: a@x.test", "Subject: Chào", "", "Hello ⟨202E⟩\ufffd[2J"]


def test_many(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an mbox, a Maildir, a pipe and files together each message is one object on one line."""
    box = mailbox.mbox(tmp_path / "box")
    box.add(MESSAGE)
    box.add(MESSAGE)
    box.close()
    mailbox.Maildir(tmp_path / "dir").add(MESSAGE)
    pipe(monkeypatch, MESSAGE)
    assert call("read", "--json", str(tmp_path / "box"), "-", str(tmp_path / "dir")) == 0
    out = capsys.readouterr().out
    assert [json.loads(line)["subject"] for line in out.splitlines()] == ["Chào"] * 4
    assert json.loads(out.splitlines()[0])["text"] == "Hello \u202e\ufffd[2J\n"
    assert not {"\u202e", "\x1b"} & set(out)
    assert call("read", str(tmp_path / "box")) == 0
    assert capsys.readouterr().out.count("Subject: Chào") == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [("none.eml", "none.eml: No such file or directory"), ("", "no messages in"), ("locked.eml", "Permission denied")],
)
def test_what_cannot_be_read(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is missing or locked and a folder without messages end with 2 and a sentence."""
    if name == "locked.eml":

        def denied(*_: object) -> None:
            raise PermissionError(13, "Permission denied", name)

        monkeypatch.setattr(Path, "open", denied)
    assert call("read", str(tmp_path / name)) == 2
    out, err = capsys.readouterr()
    assert (out, said in err, "Traceback" in err) == ("", True, False)


def test_a_folder_of_mailboxes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the folder in which a lab keeps its mail the messages of everybody are shown."""
    for person in ("alice", "bob"):
        (tmp_path / "recipient.test" / person).parent.mkdir(exist_ok=True)
        mailbox.Maildir(tmp_path / "recipient.test" / person).add(MESSAGE)
    assert call("read", "--json", str(tmp_path)) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
