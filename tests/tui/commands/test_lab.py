"""Starting the lab, its clock, its people, its settings."""

import asyncio
import os
import socket
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.events import Deferred, Delivered, Failed
from maillab.folder import LabFolder
from maillab.listeners import Owner
from maillab.protocols.services import of_a_site
from maillab.recording.session import load
from maillab.tui.actions import offers
from maillab.tui.commands import lab, machines, record, send
from maillab.tui.commands.lab import busy_lines
from maillab.tui.commands.leaving import leave
from maillab.tui.machines.lab_actions import retrieve
from maillab.tui.machines.machines_now import browser_address
from maillab.tui.state.home import MailBefore
from maillab.tui.state.life import DownBy, LabDown, On
from maillab.tui.subjects import Machine
from maillab.web.door import HttpDoor
from tests.tui.fake_ui import BY_POP3, context, happened, heard, living, ui_of, until
from tests.tui.openings import with_port

BOB = "bob@recipient.test"


def test_a_busy_port(tmp_path, taken):
    """It says which service, and who holds it; one key takes free ports, and the lab runs."""

    async def story(at):
        [question] = ui_of(at).asked
        assert str(taken) in question.text
        assert question.unasked
        assert at.life == On(at.config)

    living(context(tmp_path, "ask.free_ports", find_config=lambda: with_port(taken), auto_ports=False), story)


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "Taken by another maillab (process 7): ports 1025 (SMTP), 1110 (POP3), 1053 (DNS).",
                "Port 1143 (IMAP) is taken by mailhog (process 8).",
                "Port 2025 (SMTP) is taken by another program.",
            ],
        ),
        (
            "vi",
            [
                "Đang bị một maillab khác (tiến trình 7) dùng: các cổng 1025 (SMTP), 1110 (POP3), 1053 (DNS).",
                "Cổng 1143 (IMAP) đang bị mailhog (tiến trình 8) dùng.",
                "Cổng 2025 (SMTP) đang bị một chương trình khác dùng.",
            ],
        ),
    ],
)
def test_who_has_the_ports(tmp_path, lang, lines):
    """A line for each who has some, with all of them; of very many, how many more are taken."""
    at = context(tmp_path, lang=lang)
    lab, other = Owner(7, "maillab"), Owner(8, "mailhog")
    doors = [(1025, "smtp"), (1110, "pop3"), (1143, "imap"), (1053, "dns"), (2025, "smtp")]
    assert busy_lines(at, doors, {1025: lab, 1110: lab, 1053: lab, 1143: other, 2025: None}) == lines
    many = [(port, "smtp") for port in range(3000, 3012)]
    said = busy_lines(at, many, {port: Owner(port, "x") for port, _ in many})
    assert len(said) == 9
    assert "4" in said[-1]


def test_every_port_is_busy(tmp_path):
    """Whoever holds all of them is said once, in one short sentence that counts the ports."""
    config = default()
    with ExitStack() as stack:
        others = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in config.doors]
        free = iter([other.getsockname()[1] for other in others])
        names = [row.name for row in of_a_site()]
        sites = tuple(replace(site, ports={name: next(free) for name in names}) for site in config.sites)
        found = LoadedConfig(replace(config, sites=sites, dns_port=next(free)), "")

        async def story(at):
            [question] = ui_of(at).asked
            assert len(question.text.splitlines()) == 1
            assert f"and {len(found.config.doors) - 2} more." in question.text
            assert len(question.text) < 120

        living(context(tmp_path, "ask.free_ports", find_config=lambda: found, auto_ports=False), story)


@pytest.mark.parametrize("auto_ports", [False, True])
def test_a_busy_port_for_http(tmp_path, taken, auto_ports):
    """It is a trouble as any other, also where only the port for HTTP was named: one key takes a free one."""

    async def story(at):
        [question] = ui_of(at).asked
        assert f"{taken}" in question.text
        assert "HTTP" in question.text
        assert at.life == On(at.config)
        assert browser_address(at.host.lab) not in ("", f"http://127.0.0.1:{taken}")

    def open_http(lab, free):
        return HttpDoor(lab, 0 if free else taken)

    found = LoadedConfig(replace(default(), dns_port=0, sites=tuple(free_site(site) for site in default().sites)), "")
    given = {"find_config": lambda: found, "auto_ports": auto_ports, "open_http": open_http}
    living(context(tmp_path, "ask.free_ports", **given), story)


def free_site(site):
    """The site with its doors at any port."""
    return replace(site, ports={service.name: 0 for service in of_a_site()})


def test_going_on_without_a_lab(tmp_path, taken):
    """The window can be used without a lab, which can be started later."""

    async def story(at):
        assert isinstance(at.life, LabDown)
        assert at.life.by is DownBy.PORTS
        await send.send(at)
        assert str(taken) in ui_of(at).complained[-1]
        await lab.start_again(at)  # the port is still taken
        assert not at.host.alive
        await lab.start_otherwise(at)
        assert at.host.alive
        await lab.start_otherwise(at)  # once
        await lab.start_again(at)
        assert len(ui_of(at).asked) == 2

    answers = ("ask.no_lab", "ask.no_lab")
    living(context(tmp_path, *answers, find_config=lambda: with_port(taken), auto_ports=False), story)


def test_other_ports_for_the_configuration_that_was_chosen(tmp_path, taken, monkeypatch):
    """Whoever took the default lab, as their own could not be read, is not asked of that again for a port."""

    def broken():
        raise ValueError("no")

    async def story(at):
        assert at.life.by is DownBy.PORTS
        await lab.start_otherwise(at)
        assert at.host.alive
        assert len(ui_of(at).asked) == 2

    monkeypatch.setattr("maillab.config.default", lambda: with_port(taken).config)
    living(context(tmp_path, "ask.default_config", "ask.no_lab", find_config=broken, auto_ports=False), story)


def test_a_folder_that_is_taken(tmp_path):
    """Another lab lives there: which process runs it and what works with it is said, and a temporary one is offered."""

    async def story(at):
        question = ui_of(at).asked[0].text
        assert f"process {os.getpid()}" in question
        assert str(tmp_path / "lab") in question
        assert "maillab send, talk, wait and assert" in question
        assert at.host.lab.folder != tmp_path / "lab"
        assert at.is_temporary

    with LabFolder(tmp_path / "lab"):
        living(context(tmp_path, "ask.temporary"), story)


def test_the_other_way_to_start_is_one_that_helps(tmp_path):
    """Where the folder is taken a temporary one, where the configuration is wrong the default one; it is called so."""

    def broken():
        raise ValueError("no")

    async def start(at):
        assert not at.host.alive
        found = offers.here([place], at)
        [label] = [action.label("en") for action, _ in found if action.name == "app.free_ports"]
        await lab.start_otherwise(at)
        assert at.host.alive
        labels.append(label)

    labels, place = [], SimpleNamespace(CONTEXTS=("app",), check_action=lambda *_: True)
    with LabFolder(tmp_path / "lab"):
        assert living(context(tmp_path, "ask.no_lab"), start).settings.lab == tmp_path / "lab"
    assert living(context(tmp_path, "ask.no_lab", find_config=broken), start).host.lab is None
    assert labels == ["Use a temporary folder", "Use the default lab"]


def test_a_configuration_that_cannot_be_read(tmp_path):
    """What is wrong with it is said, and the default lab is offered."""

    def broken():
        raise ValueError("lab.toml: `sitse`: unknown key; did you mean `sites`?")

    async def story(at):
        assert "did you mean `sites`?" in ui_of(at).asked[0].text
        assert at.config == default()

    living(context(tmp_path, "ask.default_config", find_config=broken), story)


def test_mail_from_before(tmp_path):
    """What lies on the server is told from what somebody fetched before the lab was started again."""

    async def first(at):
        await send.send(at)
        await happened(at, Delivered)
        assert at.home.before[BOB] == MailBefore()

    async def second(at):
        assert at.home.before[BOB] == MailBefore(1, 1)
        await at.host.ask(lambda lab: retrieve(lab, at.home.shelf, BOB, keep=True))

    async def third(at):
        assert at.home.before[BOB] == MailBefore(1, 0, frozenset({1}))

    for story in (first, second, third):
        living(context(tmp_path, config=BY_POP3), story)


def test_own_keys_and_colours(tmp_path):
    """As the configuration says; a clash is said with both names, and nothing else is wrong with it."""
    mine = replace(default(), keys={"app.send": "f11", "app.help": ""}, theme="light")
    clash = replace(default(), keys={"transcript.wrap": "f"})

    async def story(at):
        assert at.own_keys == {"app.send": ("f11",), "app.help": ()}
        assert ui_of(at).worn == ["light"]

    async def other(at):
        assert "f is both transcript.wrap and reading.filter" in ui_of(at).complained[0]

    living(context(tmp_path, config=mine), story)
    living(context(tmp_path, config=clash), other)


def test_five_days_later(tmp_path):
    """The lab's clock goes forward, and what was to happen meanwhile happens."""

    async def story(at):
        await machines.power(at, Machine("recipient.test"))
        await send.send(at)
        await happened(at, Deferred)
        await lab.clock(at)
        await happened(at, Failed)

    living(context(tmp_path, "432000"), story)


def test_somebody_moves_in(tmp_path):
    """A new mailbox, with a password; the cursor stands before the @, and an address of no domain of the lab is refused at once."""

    async def story(at):
        await lab.add_person(at, "recipient.test")
        address, password = ui_of(at).asked
        assert (address.value, address.cursor, password.secret) == ("@recipient.test", 0, True)
        assert (
            address.check("eve@else.test") == "else.test is not in this lab. Its domains: sender.test, recipient.test"
        )
        assert address.check("@recipient.test") == at.texts("person.no_name")
        assert address.check("eve@sender.test") == ""
        assert "dave@recipient.test" in at.readers
        assert at.texts("say.moved_in", who="dave@recipient.test") in ui_of(at).said

    living(context(tmp_path, "dave@recipient.test", "secret"), story)


def test_the_lab_that_ended(tmp_path):
    """When the lab ends by itself it is said why; started again, nothing of the old one is left."""

    async def fail(lab):
        async def stumble():
            raise OSError(28, "No space left on device")

        lab._tasks.create_task(stumble())

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        with suppress(asyncio.CancelledError):
            await at.host.ask(fail)
        await until(at, lambda: at.host.failure is not None)
        lab.second_passed(at)
        assert at.trouble == "no space left on device"
        await lab.start_otherwise(at)
        assert at.host.alive
        assert not any(entry for entry in heard(at).entries if isinstance(entry.event, Delivered))
        assert at.records.state.path != tmp_path / "mine.maillab"

    living(context(tmp_path, record=tmp_path / "mine.maillab"), story)
    assert any(isinstance(entry.event, Delivered) for entry in load(tmp_path / "mine.maillab").entries)


def test_the_clock_goes_on(tmp_path):
    """While nothing happens its minute is shown as soon as it comes; in a minute nothing is drawn anew."""

    async def story(at):
        clock = at.host.lab.clock
        clock.advance(60 - clock.now() % 60)
        lab.second_passed(at)
        shown = ui_of(at).brought
        lab.second_passed(at)
        assert ui_of(at).brought == shown
        clock.advance(60)
        lab.second_passed(at)
        assert ui_of(at).brought == shown + 1

    living(context(tmp_path), story)


def test_a_second_passes(tmp_path):
    """A record that the disk does not take ends, and says so."""

    async def story(at):
        await record.record(at)
        at.host.record_trouble = "no space left on device"
        lab.second_passed(at)
        await ui_of(at).settled("draft", "looking")
        assert "no space left on device" in ui_of(at).complained[-1]

    living(context(tmp_path), story)


def test_left_before_it_has_begun(tmp_path):
    """Nothing is waited for."""
    at = context(tmp_path)
    asyncio.run(leave(at, 0))
    assert ui_of(at).closed == 0
