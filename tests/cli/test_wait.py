"""`maillab wait`: until a running lab has a message."""

import json
import threading

import pytest

from maillab.testing import RunningLab
from tests.cli.calling import beside, call
from tests.stored.test_mailboxes import put


@pytest.fixture
def folder(tmp_path):
    """A lab that nobody runs, with two messages for Bob."""
    put(
        tmp_path,
        "bob@recipient.test",
        "1700000001.000001.7_1_ab.maillab",
        b"your code\r\n\r\nIt is 4711: https://x.test/a",
    )
    put(tmp_path, "bob@recipient.test", "1700000002.000001.7_1_ab.maillab", b"news\r\n\r\nnothing")
    return tmp_path


def wait(folder, *argv):
    return call("wait", "--lab", str(folder), *argv)


def test_what_is_there(folder, capsysbinary):
    """The newest messages that are meant are printed: a line each, the octets, the code, the links, or JSON."""
    printed = {}
    for shape in ((), ("--raw",), ("--code",), ("--links",), ("--json",)):
        assert wait(folder, "subject:your code", *shape) == 0
        printed[shape] = capsysbinary.readouterr().out
    assert printed[()] == b"<> to bob@recipient.test: your code\n"
    assert printed["--raw",] == b"Subject: your code\r\n\r\nIt is 4711: https://x.test/a\r\n\r\n"
    assert printed["--code",] == b"4711\n"
    assert printed["--links",] == b"https://x.test/a\n"
    assert json.loads(printed["--json",])["subject"] == "your code"
    assert wait(folder) == 0
    assert capsysbinary.readouterr().out.endswith(b"news\n")
    assert wait(folder, "--count", "2") == 0
    assert capsysbinary.readouterr().out.count(b"\n") == 2


def test_nothing_of_the_kind(folder, capsys):
    """A message without a code is no success, a query that cannot be read is wrong usage, and so is a time."""
    assert wait(folder, "subject:news", "--code") == 1
    assert wait(folder, "subject:news", "--links") == 1
    assert wait(folder, "leg:relay") == 2
    assert "there are from, to, subject" in capsys.readouterr().err
    assert wait(folder, "--timeout", "soon") == 2
    assert wait(folder, "--count", "0") == 2


def test_no_lab(folder, capsys):
    """Where no lab runs, nothing can come: that is said at once."""
    assert wait(folder, "subject:tomorrow") == 3
    assert capsys.readouterr().err == f"maillab: no lab runs in {folder}\n  start one: maillab serve\n"


def test_time_is_over(tmp_path, capsys):
    """A running lab that has no such message in time: exit code 4."""
    assert beside(tmp_path / "lab", ["wait", "--lab", str(tmp_path / "lab"), "to:bob", "--timeout", "60ms"]) == [4]
    assert capsys.readouterr().err == (
        "maillab: no message within 0.06 s: to:bob\nmaillab: messages in the mailboxes: 0\n"
    )


def test_what_is_there_instead(tmp_path, capsys):
    """When time is over, what came is named, as `assert` names it."""
    put(tmp_path / "lab", "bob@recipient.test", "1700000001.000001.7_1_ab.maillab", b"now")
    argv = ["wait", "--lab", str(tmp_path / "lab"), "subject:then", "--count", "2", "--timeout", "60ms", "--lang", "vi"]
    assert beside(tmp_path / "lab", argv) == [4]
    assert capsys.readouterr().err == (
        "maillab: mới có 0 trên 2 lá thư trong 0.06 giây: subject:then\nmaillab: số lá thư trong các hộp thư: 1\n"
        "  <> gửi bob@recipient.test: now\n"
    )


def test_a_message_that_comes(tmp_path, capsys):
    """A message that comes later ends the waiting."""
    with RunningLab(folder=tmp_path / "lab") as lab:
        name = "1700000001.000001.7_1_ab.maillab"
        later = threading.Timer(0.1, put, [tmp_path / "lab", "bob@recipient.test", name, b"now"])
        later.start()
        assert wait(lab.lab.folder, "subject:now", "--timeout", "20s") == 0
        later.join()
    assert "now" in capsys.readouterr().out
