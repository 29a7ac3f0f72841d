"""A reader of the lab fetches the newest message and sees it harmless."""

from pathlib import Path

import pytest

from maillab.cli.fetching import as_lines, as_object, newest
from maillab.client.read import read
from maillab.config import Config, Person, Site, default
from maillab.lab import Lab
from tests.support import run

MESSAGE = (
    b"From: alice@sender.test\r\nSubject: =?utf-8?q?Ch=C3=A0o_=1B[31m?=\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nHello \x1b[2J\r\n"
    b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="a.csv"\r\n\r\n1,2\r\n--b--\r\n'
)


def test_lines() -> None:
    """Header, text and files are shown line by line; nothing in them reaches the terminal as a control."""
    lines = as_lines("bob@recipient.test", read(MESSAGE))
    assert lines[0] == "bob@recipient.test reads:"
    assert "From: alice@sender.test" in lines
    assert lines[-1] == "[a.csv, text/csv, 3 bytes]"
    assert not any("\x1b" in line or "\n" in line for line in lines)  # T262


def test_object() -> None:
    """The same for programs."""
    found = as_object("bob@recipient.test", read(MESSAGE))
    assert (found["event"], found["reader"], found["from"]) == ("fetched", "bob@recipient.test", "alice@sender.test")
    assert found["attachments"] == [{"name": "a.csv", "type": "text/csv", "octets": 3}]


def test_nothing_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty mailbox, a wrong password and a site without POP3 are told, not raised."""
    (tmp_path / "spool").mkdir()
    shut = Site("shut.test", (Person("eve", "eve"),), ports={"pop3": -1, "pop3s": -1})

    async def all_three() -> None:
        async with Lab(Config((*default().sites, shut)), tmp_path, auto_ports=True) as lab:
            assert await newest(lab, "bob@recipient.test", "bob") is None
            assert await newest(lab, "bob@recipient.test", "wrong") is None
            assert await newest(lab, "eve@shut.test", "eve") is None

    run(all_three())
    err = capsys.readouterr().err
    assert "the mailbox of bob@recipient.test is empty" in err
    assert "could not fetch mail" in err
    assert "shut.test has no POP3 service" in err
