"""The test file: it is Python, it is harmless, and it passes against a lab."""

import ast
import os
import subprocess
import sys

from maillab.events import Authenticated, Leg, Opened
from maillab.testing import RunningLab
from tests.recording.export.sample import HOSTILE, exported, hostile, sample, secret, session, story, talk
from tests.serving import ROOT


def source(one):
    return exported("pytest", one).decode()


def ran(one, tmp_path, **environment):
    """pytest of the file, in a process and a folder of its own."""
    (tmp_path / "test_again.py").write_text(source(one))
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        "--basetemp",
        str(tmp_path / "base"),
    ]
    done = subprocess.run(
        [*command, "test_again.py"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


def test_against_a_fresh_lab(tmp_path):
    """The clients of the seven steps, re-enacted against a fresh lab, are answered as they were."""
    code, said = ran(story("seven-steps"), tmp_path)
    assert (code, "2 passed, 1 skipped" in said) == (0, True), said
    assert "relay@recipient.test has no account in this lab" in said


def test_against_a_server(tmp_path):
    """Against a server that is named, the talks of its protocol are re-enacted, with the password that is given."""
    one = session(
        Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test"),
        *talk("relay-1", "S: 220 hi", "C: QUIT", "S: 221 bye"),
        Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mail.recipient.test"),
        *talk("retrieve-1", "S: +OK hi", "C: USER bob@recipient.test", "S: +OK"),
        secret("retrieve-1", "PASS ", "hunter2"),
        Authenticated("retrieve-1", "bob@recipient.test", "USER"),
        *talk("retrieve-1", "S: +OK", "C: UIDL", "S: +OK", "S: .", "C: UIDL 1", "S: -ERR no such message"),
    )
    with RunningLab(folder=tmp_path / "lab") as lab:
        door = lab.endpoint("recipient.test", "pop3")
        code, said = ran(one, tmp_path, MAILLAB_SERVER=f"{door.host}:{door.port}", MAILLAB_PASSWORD="bob")
    assert (code, "1 passed, 1 skipped" in said) == (0, True), said
    assert "no smtp is spoken there" in said


def test_a_changed_server_fails(tmp_path):
    """A server that answers otherwise fails the test, which names both answers."""
    code, said = ran(sample(), tmp_path)
    assert code == 1
    assert "expected 450, the server said b'250 " in said


def test_readable():
    """Every talk is a test, a line of it an exchange, and a letter stands line by line."""
    text = source(sample())
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert names == ["server", "test_submit_1", "test_relay_1", "test_relay_2", "test_retrieve_1"]
    assert "        talk.say(b'RCPT TO:<bob@recipient.test>', \"450\")\n" in text
    assert "            b'Hello Bob\\r\\n'\n" in text


def test_standard_library_alone():
    """It imports the standard library and pytest."""
    imported = {
        name.name
        for node in ast.walk(ast.parse(source(sample())))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported - {"pytest"} <= sys.stdlib_module_names


def test_hostile():
    """Strangers' words are literals: the file has no statement that the tame one has not."""
    tree = ast.parse(source(hostile()))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls <= {
        ast.unparse(node.func) for node in ast.walk(ast.parse(source(sample()))) if isinstance(node, ast.Call)
    }
    assert any(
        HOSTILE.encode() in node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes)
    )


def test_secrets():
    """A password that was typed where a command belongs is said as another word."""
    text = source(
        session(*talk("relay-1", "S: 220 hi"), secret("relay-1", "", "hunter2"), *talk("relay-1", "S: 500 what"))
    )
    assert "hunter2" not in text
