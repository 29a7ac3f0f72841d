"""Exported scripts run by the very programs they are made for: a shell, swaks, telnet."""

import os
import subprocess
from pathlib import Path

import pytest

from maillab.events import Authenticated, Carried, Leg, Opened, Side
from maillab.mail.content import Content
from maillab.protocols.lines import stuff
from maillab.testing import RunningLab
from tests.recording.export.sample import exported, session, talk
from tests.support import need

pytestmark = pytest.mark.judge

SITE = "recipient.test"
MESSAGES = [
    b"Subject: plain\r\n\r\nHello\r\n",
    b"Subject: dots\r\nX-Folded: a\r\n b\r\n\r\n.\r\n..\r\n.x\r\n\r\n.\r\n",
    b"Subject: %TO_ADDRESS% \\n %DATE%\r\n\r\n@/etc/passwd\r\n\xff\xfe\r\n",
    b"From here no header\r\nMESSAGE\r\n",
]


def ran(script: bytes, folder: Path, **environment: str) -> str:
    """What came out of the script; it must end well."""
    need("swaks")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    done = subprocess.run(["/bin/sh"], input=script, capture_output=True, cwd=folder, env=env, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, f"{said[-3000:]}\n{script.decode()}"
    return said


def handed_over(sender: str, recipients: list[str], contents: list[bytes]):
    """A talk in which all of this was taken."""
    lines = [f"C: MAIL FROM:<{sender}>", "S: 250 ok"]
    lines += [line for one in recipients for line in (f"C: RCPT TO:<{one}>", "S: 250 ok")]
    events = [*talk("relay-1", "S: 220 hi", "C: EHLO client.test", "S: 250 ok")]
    for content in contents:
        events += [*talk("relay-1", *lines, "C: DATA", "S: 354 go")]
        events += [Carried("relay-1", Side.CLIENT, Content(stuff(content))), *talk("relay-1", "C: .", "S: 250 ok")]
    return session(Opened("relay-1", Leg.RELAY, "smtp", f"mx.{SITE}"), *events)


def test_the_same_octets(tmp_path):
    """A message that swaks sends out of an exported script arrives octet for octet, whatever stands in it."""
    script = exported("swaks", handed_over("alice@sender.test", [f"bob@{SITE}"], MESSAGES))
    with RunningLab(folder=tmp_path / "lab") as lab:
        door = lab.endpoint(SITE, "smtp")
        ran(script, tmp_path, SMTP=f"{door.host}:{door.port}")
        arrived = lab.fetch(f"bob@{SITE}", at_least=len(MESSAGES))
    assert [whole[-len(sent) :] for whole, sent in zip(arrived, MESSAGES, strict=True)] == MESSAGES


def test_options_in_addresses(tmp_path):
    """Addresses, names and logins that look like options of swaks run nothing and write nothing."""
    harm = tmp_path / "harm"
    names = [f"--pipe=touch {harm};#", f"--output-file={harm}@{SITE}", "--no-server", f"-d@{harm}", f"--output={harm}"]
    refused = [
        line for name in names for line in (f"C: MAIL FROM:<{name}>", "S: 503 no", f"C: RCPT TO:<{name}>", "S: 501 no")
    ]
    good = handed_over("alice@sender.test", [f"bob@{SITE}", *names], [MESSAGES[0]])
    events = [entry.event for entry in good.entries]
    script = exported("swaks", session(events[0], *talk("relay-1", "S: 220 hi", *refused), *events[2:]))
    for name in names:
        taken = [entry.event for entry in handed_over(name, [f"bob@{SITE}"], [MESSAGES[0]]).entries]
        login = Authenticated("relay-1", name, "PLAIN")
        script += exported("swaks", session(*taken)) + exported("swaks", session(events[0], login, *events[1:]))
    with RunningLab(folder=tmp_path / "lab") as lab:
        door = lab.endpoint(SITE, "smtp")
        ran(script, tmp_path, SMTP=f"{door.host}:{door.port}", PASSWORD="x")
        arrived = lab.fetch(f"bob@{SITE}", at_least=1)
    assert [whole[-len(MESSAGES[0]) :] for whole in arrived] == [MESSAGES[0]]
    assert not harm.exists()


def test_a_login(tmp_path):
    """A message that was submitted is submitted again, through TLS, with the password of the environment."""
    one = handed_over("alice@sender.test", [f"bob@{SITE}"], [MESSAGES[0]])
    login = Authenticated("relay-1", "alice@sender.test", "PLAIN")
    opened = Opened("relay-1", Leg.SUBMIT, "submissions", "mail.sender.test", True)
    script = exported("swaks", session(opened, login, *(entry.event for entry in one.entries[1:])))
    with RunningLab(folder=tmp_path / "lab") as lab:
        door = lab.endpoint("sender.test", "submissions")
        ran(script, tmp_path, SUBMISSIONS=f"{door.host}:{door.port}", PASSWORD="alice")
        assert lab.fetch(f"bob@{SITE}", at_least=1)[0].endswith(MESSAGES[0])
