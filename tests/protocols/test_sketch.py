"""A service is a row: with one more in the table, every room of the house knows it."""

import asyncio
from dataclasses import replace

import dns.message
import dns.query
import pytest

from maillab.cli.serve import table
from maillab.client.compose import Draft
from maillab.client.fields import Mailbox
from maillab.config import ConfigError, default
from maillab.config_file import read
from maillab.events import Authenticated, Closed, Leg, Opened
from maillab.lab import Lab
from maillab.mail.address import Address
from maillab.protocols.protocol import Protocol
from maillab.protocols.services import DNS, SERVICES, SUBMISSION, Service
from maillab.recording.export.ports import door
from maillab.recording.talks import talks
from maillab.tui.commands.draft import service_choices
from maillab.tui.machines.lab_actions import Stamp, send
from maillab.tui.machines.machine_state import MachineState, ServiceState, machine
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.cli.calling import call, pipe
from tests.recording.export.capture import packets
from tests.recording.export.sample import exported, session, talk
from tests.support import run

ROW = Service(
    "submission-alt",
    SUBMISSION.protocol,
    2525,
    Leg.SUBMIT,
    "people whose provider closes 587 hand messages over",
    "người dùng bị chặn cổng 587 gửi thư lên",
    extensions=("SIZE", "HELP"),
)
SITE = "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\n"


@pytest.fixture(autouse=True)
def row(monkeypatch):
    """The table with one row more."""
    monkeypatch.setitem(SERVICES, ROW.name, ROW)


def test_the_configuration_has_it():
    """Its port, its settings and its extensions can be set; a name that is nearly right is answered with it."""
    lab = read(f"{SITE}[sites.services.submission-alt]\nlogin = 'anybody'\nwithout = ['HELP']\n".encode(), "lab.toml")

    assert lab.port(0, ROW.name) == 3525
    assert (3525, ROW.name, "a.test") in lab.doors
    assert lab.service(0, ROW.name).login == "anybody"
    with pytest.raises(ConfigError, match="did you mean 'submission-alt'"):
        read(f"{SITE}ports = {{ submission-al = 9 }}\n".encode(), "lab.toml")
    with pytest.raises(ConfigError, match="known: SIZE, HELP"):
        read(f"{SITE}[sites.services.submission-alt]\nwithout = ['DSN']\n".encode(), "lab.toml")


def test_the_lab_opens_it(tmp_path):
    """Each site has a door that answers; the banner and the name server tell where; who hands over there logs in."""

    async def story():
        async with Lab(default(), tmp_path, auto_ports=True) as lab:
            end, names = lab.endpoint("sender.test", ROW.name), lab.endpoint("", DNS.name)
            query = dns.message.make_query("_submission-alt._tcp.sender.test", "SRV")
            answer = await asyncio.to_thread(dns.query.udp, query, names.host, 5.0, names.port)
            draft = Draft(Mailbox("", Address.parse("alice@sender.test")), (bob,), subject="x", text="hi")
            await send(lab, draft, Stamp(0.0, "<x@sender.test>", "word"), ROW.name)
            return end, answer.answer[0][0].port, table(lab), lab.logbook.since(0)

    bob = Mailbox("", Address.parse("bob@recipient.test"))
    end, port, banner, entries = run(story())
    assert (end.tls, end.login, end.purpose, port) == ("starttls", "required", ROW.purpose, end.port)
    assert f"submission-alt  127.0.0.1:{end.port}" in banner
    events = [entry.event for entry in entries]
    [opened] = [event for event in events if isinstance(event, Opened) and event.service == ROW.name]
    assert [event.user for event in events if isinstance(event, Authenticated) and event.talk == opened.talk] == [
        "alice@sender.test"
    ]


def test_the_command_line_talks_to_it(monkeypatch, capsys):
    """It is a target of `talk`, and what is said there is explained."""
    pipe(monkeypatch, b"EHLO me.test\nQUIT\n")

    assert call("talk", ROW.protocol.name, "--service", ROW.name) == 0
    assert "C: QUIT  ┆ Polite goodbye." in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_window_shows_it(lang):
    """It stands at the sending machine, and among the doors for a new message, with its purpose."""
    standing = MachineState(("a.test",), (ServiceState("a.test", ROW.name, 3525, "starttls", open=True),))
    rows = machine(standing, Model(), "a.test", Texts(lang), 0.0)

    assert "Submission-alt 3525" in "".join(text for row in rows for line in row.lines(60) for _, text in line)
    assert [choice.note for choice in service_choices(lang) if choice.value == ROW.name] == [ROW.purpose_in(lang)]


def test_an_export_has_its_port():
    """The capture has the standard one; a script finds the lab's, and a test can be pointed at a server of that name."""
    told = session(
        Opened("submit-1", Leg.SUBMIT, ROW.name, "mail.sender.test"),
        *talk("submit-1", "S: 220 mail.sender.test", "C: QUIT", "S: 221 Bye"),
        Closed("submit-1", "quit"),
    )

    assert {min(packet.ports) for packet in packets(exported("pcapng", told))} == {2525}
    assert [door({}, talk) for talk in talks(told.entries)] == [3525]
    assert b'"imaps", "submission-alt")' in exported("pytest", told)


def test_what_no_server_speaks_is_no_smtp(monkeypatch, tmp_path):
    """A row whose protocol the lab has no server for stops the lab from starting, by name; nothing is taken for it."""
    monkeypatch.setitem(SERVICES, "telex", replace(ROW, name="telex", port=9, protocol=Protocol("telex")))

    async def start():
        async with Lab(default(), tmp_path, auto_ports=True):
            pass

    with pytest.raises(LookupError, match="no server of the lab speaks telex"):
        run(start())
