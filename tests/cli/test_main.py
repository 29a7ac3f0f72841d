"""The first word decides."""

import argparse
import subprocess
import sys

import pytest

from maillab import __version__
from maillab.cli.commands import COMMANDS
from maillab.cli.main import build, run
from tests.cli.calling import call


def test_without_a_word_it_says_what_works(capsys):
    """`maillab` alone names the window to come and every command that works."""
    assert run([]) == 0
    said = capsys.readouterr().out
    assert "window" in said
    for name in COMMANDS:
        assert f"maillab {name}" in said


def test_version(capsys):
    """`--version` prints name and version."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"maillab {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--help"], "the window (without a command)"),
        (["--help", "--lang", "vi"], "cửa sổ (khi không có lệnh)"),
        (["--lang", "vi", "--help"], "cửa sổ (khi không có lệnh)"),
        (["--lang=vi", "-h"], "cửa sổ (khi không có lệnh)"),
        (["--lang", "en", "--help"], "the window (without a command)"),
        (["--lang", "vi", "--version"], f"maillab {__version__}"),
    ],
)
def test_help_and_options_in_any_order(argv, said, capsys):
    """Kind: an option before --help was not understood. Both orders give the help, in the language asked for."""
    assert call(*argv) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv", [["dance"], ["--dance"], ["diff"], ["demo", "--speed", "fast"], ["demo", "--speed", "-1"]]
)
def test_wrong_words_are_usage(argv, capsys):
    """Unknown commands and options, missing and malformed arguments end with exit code 2 and a usage line."""
    with pytest.raises(SystemExit) as caught:
        run(argv)
    assert caught.value.code == 2
    assert "usage: maillab" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["srve"], "there is no command srve; did you mean serve?"),
        (["Demo"], "there is no command Demo; did you mean demo?"),
        (["compare"], "there is no command compare; did you mean diff?"),
        (["xyzzy"], "there is no command xyzzy\n"),
        (["serve", "--recrod", "x"], "unrecognized arguments: --recrod x; did you mean --record?"),
        (["send", "--to", "b@c.test", "--subjet=x"], "unrecognized arguments: --subjet=x; did you mean --subject?"),
        (["explain", "--xyzzy", "550"], "unrecognized arguments: --xyzzy\n"),
        (["serve", "--lang", "vi", "--recrod"], "ý bạn là --record?"),
    ],
)
def test_what_is_near(argv, said, capsys):
    """Kind: a word that is refused without saying which was meant. The nearest command or option is named."""
    with pytest.raises(SystemExit) as caught:
        run(argv)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_help_of_the_filters(capsys):
    """`--filter help` tells on every command with --filter how one is written, before anything else is asked."""
    [commands] = [action for action in build()._actions if isinstance(action, argparse._SubParsersAction)]
    names = [name for name, parser in commands.choices.items() if "--filter" in parser._option_string_actions]
    assert {"serve", "replay", "export"} <= set(names)
    for name in names:
        needed = ["no-such-file"] if name in ("replay", "export") else []
        assert run([name, *needed, "--filter", "help"]) == 0
        assert "leg:relay" in capsys.readouterr().out


def test_a_reader_who_leaves_is_no_error():
    """`maillab demo --list | head -1` ends quietly."""
    command = f"{sys.executable} -m maillab demo --list | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.startswith("seven-steps")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("module", "strangers"),
    [
        ("maillab.cli.main", "textual rich asyncio aiosmtpd aiosmtplib dns sqlite3"),
        ("maillab.tui.app", "aiosmtpd aiosmtplib dns maillab.lab maillab.sender maillab.recipient maillab.nameserver"),
    ],
)
def test_light(module, strangers):
    """The command line knows nothing of the window, and the window is painted before any server is imported."""
    code = f"import sys, {module}; print(*[name for name in {strangers.split()} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
