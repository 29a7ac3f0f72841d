"""`maillab assert`: what the mailboxes hold, as an exit code."""

import pytest

from tests.cli.calling import call
from tests.stored.test_mailboxes import put


@pytest.fixture
def folder(tmp_path):
    """A lab that has ended, with two messages."""
    put(tmp_path, "bob@recipient.test", "1700000001.000001.7_1_ab.maillab", b"welcome")
    put(tmp_path, "carol@recipient.test", "1700000002.000001.7_1_ab.maillab", b"welcome")
    return tmp_path


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["subject:welcome"], 0),
        ([], 0),
        (["subject:welcome", "--count", "2"], 0),
        (["subject:welcome", "--count", "1"], 1),
        (["subject:bill"], 1),
        (["subject:bill", "--none"], 0),
        (["--none"], 1),
        (["leg:relay"], 2),
        (["--count", "-1"], 2),
        (["--none", "--count", "1"], 2),
    ],
)
def test_the_exit_code_says_it(folder, argv, code, capsys):
    """0 when it is so, 1 when it is not, 2 for a wrong question; nothing on stdout."""
    assert call("assert", "--lab", str(folder), *argv) == code
    assert capsys.readouterr().out == ""


def test_why_not(folder, capsys):
    """What is there instead is named, in the language of the person."""
    call("assert", "--lab", str(folder), "subject:bill")
    assert capsys.readouterr().err == (
        "maillab: no such message: subject:bill\nmaillab: messages in the mailboxes: 2\n"
        "  <> to bob@recipient.test: welcome\n  <> to carol@recipient.test: welcome\n"
    )
    put(folder, "bob@recipient.test", "1700000003.000001.7_1_ab.maillab", b"goodbye")
    call("assert", "--lab", str(folder), "subject:goodbye", "--count=2")
    assert capsys.readouterr().err.startswith("maillab: 1 message, expected 2: subject:goodbye\n")
    call("assert", "--lab", str(folder), "subject:welcome", "--count=1", "--lang=vi")
    assert capsys.readouterr().err.startswith("maillab: có 2 lá thư, cần 1: subject:welcome\n")


def test_no_lab(tmp_path, capsys):
    """A folder that no lab has ever lived in has no answer."""
    assert call("assert", "--lab", str(tmp_path / "none"), "--none") == 3
    assert "there is no lab in" in capsys.readouterr().err
