"""The command line speaks the language that was asked for, or that of the computer."""

import argparse
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.cli.language import asked_in, choose, localised, say, speaking
from maillab.cli.main import build
from tests.cli.calling import call
from tests.house import ROOT


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LANG": "vi@latin"}, "vi"),
        ({"LANG": "vie_VN"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "vi_VN", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "vi_VN", "LC_MESSAGES": "vi_VN", "LC_ALL": "POSIX"}, "en"),
        ({"LANG": "vi_VN", "LC_MESSAGES": "", "LC_ALL": ""}, "vi"),
        ({"LANG": "vi_VN", "LC_ALL": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C", "MAILLAB_LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN", "MAILLAB_LANG": "en"}, "en"),
        ({"LANG": "vi_VN", "MAILLAB_LANG": "xx"}, "vi"),
    ],
)
def test_the_locale_chooses(environ: dict[str, str], lang: str) -> None:
    """MAILLAB_LANG, else the first of LC_ALL, LC_MESSAGES and LANG that is set and not empty; C and POSIX are English."""
    assert choose(None, environ) == lang
    assert (choose("en", environ), choose("vi", environ)) == ("en", "vi")


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        (["serve", "--lang", "vi"], "vi"),
        (["serve", "--lang=vi"], "vi"),
        (["--lang", "vi", "serve"], "vi"),
        (["serve", "--lang"], None),
        (["explain", "--", "--lang", "vi"], None),
        ([], None),
    ],
)
def test_the_option_is_known_before_the_rest(argv: list[str], asked: str | None) -> None:
    """A command line that is wrong is complained of in the language that it asks for."""
    assert asked_in(argv) == asked


def test_sentences_keep_their_values() -> None:
    """A sentence is recognised by the words around its values; a sentence inside it is translated too."""
    with speaking("vi"):
        assert say("cannot read a b.toml: Permission denied") == "không đọc được a b.toml: không có quyền"
        assert (
            say("the mailbox of bob is empty\n  see: maillab config") == "hộp thư của bob trống\n  xem: maillab config"
        )
        assert say("a sentence of nobody at all") == "a sentence of nobody at all"
        assert say("smtp of sender.test") == "smtp của sender.test"
        assert say("f: line 3: not a maillab session") == "f: dòng 3: không phải là phiên của maillab"
        assert say("cannot read {0} {}: x") == "không đọc được {0} {}: x"
    assert say("the story took too long") == "the story took too long"


def test_the_language_ends_with_the_command() -> None:
    """What argparse says by itself is given back."""
    own = vars(argparse)["_"]
    with speaking("vi"):
        assert vars(argparse)["_"]("usage: ") == "cách dùng: "
    assert vars(argparse)["_"] is own


def test_help_is_localised() -> None:
    """The help of the program and of its commands is in the language of the command line."""
    with speaking("vi"):
        text = build("explain").format_help()
        assert "cách dùng: maillab" in text
        assert "tuỳ chọn:" in text
    assert localised(build("explain")).format_help().startswith("usage: maillab")


def test_errors_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """argparse's complaints, ours, and the exit code, in Vietnamese."""
    assert call("send", "--lang", "vi") == 2
    assert "maillab send: lỗi: thiếu các tham số: --to" in capsys.readouterr().err
    assert call("demo", "--lang", "vi", "seven-stops") == 2
    assert capsys.readouterr().err == "maillab: không có câu chuyện nào tên seven-stops; ý bạn là seven-steps?\n"
    assert call("demo", "--lang=vi", "--speed", "-3") == 2
    assert "cần một số từ 0 (ra hết ngay) đến 1000" in capsys.readouterr().err


def test_a_terminal_without_accents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only ASCII goes, Vietnamese loses its accents."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    with speaking("vi"):
        assert say("the story took too long") == "cau chuyen keo dai qua lau"


def test_a_whole_command_in_the_language_of_the_computer(tmp_path: Path) -> None:
    """`LANG=vi_VN.UTF-8 maillab replay` answers in Vietnamese, and LC_ALL=C in English."""
    environ = {**os.environ, "LANG": "vi_VN.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "maillab", "replay", str(tmp_path / "none.maillab"), "--print"]
    for more, said in (({}, "không có tệp hay thư mục này"), ({"LC_ALL": "C"}, "No such file or directory")):
        done = subprocess.run(
            command, env={**environ, **more}, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 2
        assert said in done.stderr
