"""The test file: it is Python, it is harmless, and it passes against a lab."""

import ast
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from maillab.events import Authenticated, Closed, Leg, Opened
from maillab.recording.session import load
from maillab.recording.talks import talks
from maillab.testing import RunningLab
from tests.recording.export.sample import HOSTILE, exported, hostile, sample, secret, session, talk
from tests.recording.told import record, typed
from tests.serving import ROOT

EXAMPLES = sorted((ROOT / "examples" / "sessions").glob("*.maillab"))
KEYBOARD = replace(  # its message was typed: each line of it ends in LF alone
    session(),
    entries=tuple(
        typed(
            record(
                "S: 220 mx\nC: EHLO a.test\nS: 250 mx\nC: MAIL FROM:<a@a.test>\nS: 250 ok\n"
                "C: RCPT TO:<bob@recipient.test>\nS: 250 ok\nC: DATA\nS: 354 go\nMESSAGE Subject: x||Hello\nC: .\n"
                "S: 250 ok\nC: QUIT\nS: 221 bye"
            )
        )
    ),
)


def source(one):
    return exported("pytest", one).decode()


def ran(one, tmp_path, **environment):
    """pytest of the file, in a process and a folder of its own."""
    (tmp_path / "test_again.py").write_text(source(one))
    return run_pytest(tmp_path, **environment)


def run_pytest(folder, **environment):
    """Its exit code, and what it says; plugins that do nothing for these files would be most of its time."""
    without = [option for plugin in ("cacheprovider", "xdist", "hypothesispytest") for option in ("-p", f"no:{plugin}")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rsp", *without, "--basetemp", str(folder / "base")],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, timeout=90, check=False
    )  # fmt: skip
    return done.returncode, done.stdout


def test_against_a_server(tmp_path):
    """Where servers are named, the talks of their services are re-enacted, with the password that is given."""
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
        code, said = ran(one, tmp_path, MAILLAB_POP3=f"{door.host}:{door.port}", MAILLAB_PASSWORD="bob")
    assert (code, "1 passed, 1 skipped" in said) == (0, True), said
    assert "MAILLAB_SMTP names no server" in said


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """What pytest says of every example, of what a person typed and of a lab that cannot be built, all in one process."""
    folder = tmp_path_factory.mktemp("together")
    nonsense = session(Opened("relay-1", Leg.RELAY, "smtp", "mx.x.test"), *talk("relay-1", "S: 220 hi"))
    files = {path.stem.replace("-", "_"): load(path) for path in EXAMPLES} | {
        "keyboard": KEYBOARD,
        "nonsense": replace(nonsense, header=replace(nonsense.header, lab={"nonsense": 1})),
    }
    for name, one in files.items():
        (folder / f"test_{name}.py").write_text(source(one))
    return run_pytest(folder)


def test_every_example(together):
    """Of the kind: an export that leaves out what it needs to run. Every recorded story passes, none skips, at once.

    The world of each comes along: its sites, zones, hosts, people and logins, and the hours that its clock was advanced.
    """
    code, said = together
    talked = [one for path in EXAMPLES for one in talks(load(path).entries) if one.leg != "lookup"]
    assert (code, f"{len(talked) + 1} passed, 1 skipped in" in said) == (0, True), said


def test_a_person_at_a_keyboard(together):
    """A message whose lines ended in LF alone is said with CRLF, as all else is: it ends, and the test passes."""
    _, said = together
    assert said.count("PASSED test_keyboard.py::") == 1, said
    assert r"            b'Hello\r\n'" in source(KEYBOARD)


def test_a_lab_that_cannot_be_built(together):
    """Where the table is no lab, as another version or a stranger may have written it, the tests say so and are skipped."""
    _, said = together
    skipped = [line for line in said.splitlines() if line.startswith("SKIPPED") and "test_nonsense.py:" in line]
    assert len(skipped) == 1, said
    assert "this maillab cannot build the recorded lab: the session's lab: `nonsense`" in skipped[0]


def test_no_password_of_its_lab():
    """A table that holds passwords, as no session should, is exported without them."""
    lab = {"sites": [{"domain": "x.test", "people": [{"name": "eve", "password": "hunter2"}]}]}
    one = session(*talk("relay-1", "S: 220 hi"))
    text = source(replace(one, header=replace(one.header, lab=lab)))
    assert "'domain': 'x.test'" in text
    assert "hunter2" not in text


def test_a_login_without_a_mechanism():
    """AUTH alone, answered by 334 all the same, is no stumbling block: what can be said again is said."""
    lines = ["S: 220 hi", "C: AUTH", "S: 334 ", "C: x", "S: 501 no", "C: NOOP", "S: 250 ok"]
    text = source(session(Opened("relay-1", Leg.RELAY, "smtp", "mx"), *talk("relay-1", *lines)))
    assert "# a login that was broken off is left out\n        talk.say(b'NOOP', \"250\")\n" in text
    lines[4] = "S: 235 welcome"
    text = source(session(Opened("relay-1", Leg.RELAY, "smtp", "mx"), *talk("relay-1", *lines)))
    assert 'talk.auth(None, "235")  # it was without a mechanism\n' in text


def test_two_talks_of_one_name():
    """Talks whose names differ in signs alone have a test each."""
    one, other = (Opened(name, Leg.RELAY, "smtp", "mx") for name in ("relay-1", "relay.1"))
    text = source(session(one, other, *talk("relay-1", "S: 220 a"), *talk("relay.1", "S: 220 b")))
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert names == ["server", "test_relay_1", "test_relay_1_1"]


def test_a_silent_server():
    """A talk in which the server said nothing is named, and is no test."""
    text = source(session(Opened("relay-1", Leg.RELAY, "smtp", "mx"), Closed("relay-1", "refused")))
    assert "# relay-1 is left out: the server said nothing\n" in text
    assert "def test_relay" not in text


def test_a_changed_server_fails(tmp_path):
    """A server that answers otherwise fails the test, which names both answers."""
    code, said = ran(sample(), tmp_path)
    assert code == 1
    assert "expected 450, the server said b'250 " in said


def test_readable():
    """Every talk is a test, a line of it an exchange, and a message stands line by line."""
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


def test_commands_of_imap():
    """A command goes up to its tag, or to the + behind which its rest is said; a login asks for the password of now."""
    lines = (
        "S: * OK ready", "C: a LOGIN bob {1+}", "C: x", "S: a OK in", "C: b IDLE", "S: + idling", "C: DONE", "S: b OK done",
        "C: c SEARCH TEXT {3+}", "C: abc SEEN", "S: * SEARCH", "S: c OK done",
    )  # fmt: skip
    told = session(
        Opened("retrieve-1", Leg.RETRIEVE, "imap", "mail.recipient.test"),
        Authenticated("retrieve-1", "bob@recipient.test", "LOGIN"),
        *talk("retrieve-1", *lines),
        Closed("retrieve-1", "quit"),
    )
    text = source(told)
    said = [line.strip() for line in text[text.index("* OK") :].splitlines()[1:] if "talk." in line]
    assert said == [
        """talk.login('bob@recipient.test', "OK")""",
        """talk.command(b'b IDLE\\r\\n', "+")""",
        """talk.rest(b'DONE\\r\\n', "OK")""",
        """talk.command(b'c SEARCH TEXT {3+}\\r\\nabc SEEN\\r\\n', "OK")""",
    ]
