"""Every command of the parser under every condition of its streams, its home and its language.

A new command is tried by itself: without arguments and with --help; give it a row in USUAL, and it is tried at work.
"""

import json
import subprocess
import sys

import pytest

from maillab.cli.commands import COMMANDS
from tests.house import ROOT

SESSIONS = ROOT / "examples" / "sessions"
SEVEN, BOUNCE = str(SESSIONS / "seven-steps.maillab"), str(SESSIONS / "bounce.maillab")
USUAL = {  # arguments with which a command does something and ends
    "completion": ["bash"],
    "demo": ["classic", "--speed", "0", "--lang", "vi"],
    "diff": [SEVEN, BOUNCE],
    "explain": ["550", "--lang", "vi"],
    "export": [SEVEN, "--format", "text"],
    "help": ["commands"],
    "replay": [SEVEN, "--print"],
    "send": ["--to", "bob@recipient.test", "--subject", "Chào"],
    "serve": ["--ports", "auto"],
    "talk": ["smtp"],
}
LINES = [["--version"], [], *([name, *USUAL.get(name, [])] for name in COMMANDS)]
HELP = [["--help"], *([name, "--help"] for name in COMMANDS)]  # written by argparse, and always alike
TYPED = "NOOP\nQUIT\n"  # what stands in stdin: a message's text for send, two commands for talk
CONDITIONS = {  # streams, environment, encoding
    "usual": ({}, {}, "utf-8"),
    "nobody reads": ({"1": "gone"}, {}, "utf-8"),
    "full": ({"1": "full"}, {}, "utf-8"),
    "no stdout": ({"1": "closed"}, {}, "utf-8"),
    "no stdin": ({"0": "closed"}, {}, "utf-8"),
    "no stderr": ({"2": "closed"}, {}, "utf-8"),
    "stderr full": ({"2": "full"}, {}, "utf-8"),
    "no streams at all": ({"0": "closed", "1": "closed", "2": "closed"}, {}, "utf-8"),
    "no HOME": ({}, {"HOME": None}, "utf-8"),
    "a HOME that cannot be written": ({}, {"HOME": "/dev/null/home"}, "utf-8"),
    "LANG=C": ({}, {"LANG": "C", "LC_ALL": "C"}, "ascii"),
}
LOST = ("maillab: cannot write to standard output: ", "maillab: không ghi được ra đầu ra chuẩn: ")
TRACE = ("Traceback", "Exception ignored", "Error: ", "[Errno")


def lines_of(condition):
    """What is tried under a condition."""
    return [*LINES, *HELP] if condition in ("usual", "nobody reads", "full") else LINES


@pytest.fixture(scope="module")
def brood(tmp_path_factory):
    """Every line under every condition: its code, stdout and stderr."""
    cases, keys = [], []
    for condition, (streams, environ, encoding) in CONDITIONS.items():
        for line in lines_of(condition):
            folder = tmp_path_factory.mktemp("home")
            whole = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", **environ}
            if whole["HOME"] is None:  # the home that the system knows is not for tests
                whole |= {"XDG_DATA_HOME": f"{folder}/.local/share", "XDG_CONFIG_HOME": f"{folder}/.config"}
            cases.append({"argv": line, "streams": streams, "encoding": encoding, "input": TYPED,
                          "environ": {key: value for key, value in whole.items() if value is not None},
                          "folder": str(folder), "notice": f"{folder}/.local/share/maillab/lab/running.json"})  # fmt: skip
            keys.append((condition, " ".join(line)))
    done = subprocess.run([sys.executable, "-m", "tests.cli.brood"], input=json.dumps(cases),
                          capture_output=True, text=True, cwd=ROOT, check=True, timeout=300)  # fmt: skip
    return dict(zip(keys, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_command_falls_over(condition, brood):
    """Kind: an output or a home that fails. The code is the usual one, or that of a lost output; never a traceback."""
    streams, _, encoding = CONDITIONS[condition]
    faults = []
    for line in lines_of(condition):
        name = " ".join(line)
        usual, now = brood["usual", name], brood[condition, name]
        lost = streams.get("1") in ("full", "closed") and usual["out"]
        expected = {usual["code"] or 1} if lost else {usual["code"]}
        if streams.get("1") == "gone":
            expected |= {0}  # it has ended where nobody read on
        if condition == "a HOME that cannot be written":
            expected |= {1, 3}  # that is what doctor, serve and send say
        if now["code"] not in expected:
            faults.append(f"{name}: {now['code']}, not {expected}: {now['err'][-400:]}")
        if lost and "2" not in streams and not any(words in now["err"] for words in LOST):
            faults.append(f"{name} does not say what it lost: {now['err'][-400:]}")
        if encoding == "ascii" and line[:1] != ["export"] and not now["out"].isascii():  # a file, whoever reads it
            faults.append(f"{name} writes what the terminal cannot show")
        faults += [f"{name}: {now[out][-600:]}" for word in TRACE for out in ("out", "err") if word in now[out]]
    assert faults == []


def test_something_is_tried(brood):
    """Every command ends well at its usual work, so that the conditions can be told from their absence."""
    codes = {name: brood["usual", " ".join([name, *arguments])]["code"] for name, arguments in USUAL.items()}
    assert codes == {name: 1 if name == "diff" else 0 for name in USUAL}
    assert [name for name in USUAL if not brood["usual", " ".join([name, *USUAL[name]])]["out"]] == []
