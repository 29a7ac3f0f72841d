"""The pytest plugin, in projects that know nothing of it but its fixtures."""

import asyncio
import re
import sys
from importlib.metadata import entry_points

import pytest

from maillab.testing import RunningLab  # before pytester's runs, which forget what they import first
from tests.support import run

pytest_plugins = ["pytester"]

SENDING = """
import smtplib

def send(lab, to, subject="Welcome"):
    door = lab.endpoint("sender.test", "smtp")
    with smtplib.SMTP(door.host, door.port, "program.test") as server:
        server.sendmail("alice@sender.test", [str(to)], f"Subject: {subject}\\r\\n\\r\\nYour code is 4711\\r\\n".encode())
"""


def test_entry_point():
    """pytest finds the plugin by the metadata of the package, under a name of its own."""
    [plugin] = {one for one in entry_points(group="pytest11") if one.value.startswith("maillab.")} or [None]
    assert plugin, "the metadata of the package is old; renew it: pip install -e '.[dev]'"
    assert (plugin.name, plugin.value) == ("maillab", "maillab.testing.plugin")


def test_nothing_is_imported(pytester):
    """A run that asks for no fixture imports the house, the room and the plugin, and nothing else of maillab."""
    pytester.makepyfile(
        """
        import sys

        def test_imports():
            ours = {name for name in sys.modules if name.split(".")[0] == "maillab"}
            assert ours == {"maillab", "maillab.testing", "maillab.testing.plainly", "maillab.testing.plugin"}
            assert "aiosmtpd" not in sys.modules
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_without_pytest(pytester):
    """Lab and cassette are imported without pytest."""
    code = "import sys; from maillab.testing import RunningLab, cassette, Inbox; assert 'pytest' not in sys.modules"
    assert pytester.run(sys.executable, "-c", code).ret == 0


def test_fixtures(pytester):
    """Every test has its own lab or its own address; labs of tests that ask for none are not started."""
    pytester.makepyfile(
        SENDING
        + """
import pytest

@pytest.mark.parametrize("subject", ["one", "two"])
def test_own_lab(maillab, subject):
    assert maillab.messages() == []
    send(maillab, "bob@recipient.test", subject)
    assert [one.subject for one in maillab.wait_for_messages()] == [subject]

@pytest.mark.parametrize("number", [1, 2])
def test_own_address(maillab_lab, maillab_inbox, number):
    send(maillab_lab, maillab_inbox)
    assert maillab_inbox.wait_for_message(subject="welcome").code() == "4711"
    maillab_inbox.assert_no_message()
    assert len(maillab_lab.messages()) == number

def test_address_in_own_lab(maillab_inbox, maillab):
    send(maillab, maillab_inbox)
    assert maillab_inbox.wait_for_message().envelope.recipients == (maillab_inbox.address,)

def test_beside_others(maillab):
    assert not {"smtpd", "smtpserver", "mailoutbox"} & set(globals())
        """
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=6)


def test_configuration(pytester):
    """The configuration is overridden as every fixture is, for both kinds of lab."""
    pytester.makepyfile(
        """
        import pytest
        from dataclasses import fields
        from maillab.config import Config, Person, Site

        @pytest.fixture(scope="session")
        def maillab_config():
            return Config(sites=(Site("shop.test", (Person("eve", "secret"),), trust_loopback=True),))

        def test_own(maillab, maillab_lab):
            for lab in (maillab, maillab_lab):
                assert lab.endpoint("shop.test", "smtp").port
                assert lab.password("eve@shop.test") == "secret"
        """
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_report(pytester):
    """A test that fails shows its own line, what came instead, and the last 60 lines that were said since it began."""
    pytester.makepyfile(
        SENDING
        + """
def test_before(maillab_lab, maillab_inbox):
    send(maillab_lab, maillab_inbox, "before")
    maillab_inbox.wait_for_message()

def test_wrong(maillab_lab, maillab_inbox):
    send(maillab_lab, maillab_inbox, "Hello")
    maillab_lab.settle()
    maillab_inbox.wait_for_message(subject="welcome", timeout=0.01)
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*maillab_inbox.wait_for_message(subject=*",
            "E*TimeoutError: no message for *test-wrong*(subject:*) within 0.01 s; there is:",
            "E*<Message from alice@sender.test to *'Hello'>",
            "*maillab: the last 60 lines that were said*",
            "*RCPT TO:<*test-wrong*",
        ]
    )
    text = result.stdout.str()
    assert "concurrent" not in text
    assert text.count("the last 60 lines") == 1
    behind = text.partition("that were said")[2].partition("\n")[2]
    said = re.split(r"\n[-=]{4}", behind)[0].split("\n")  # asyncio may complain behind it of a slow computer
    assert len(said) == 60
    assert not any("test-before" in line for line in said)


def test_report_of_each_lab(pytester):
    """What was said stands in the report whoever has started the lab; a test about something else has nothing of it."""
    pytester.makepyfile(
        SENDING
        + """
import unittest
import pytest
from maillab.testing import RunningLab

@pytest.fixture(scope="module")
def mine():
    with RunningLab() as lab:
        yield lab

def test_passes(maillab_lab, mine):
    send(maillab_lab, "passes@example.com")
    maillab_lab.settle()

def test_own(maillab):
    send(maillab, "own@example.com")
    assert False

def test_shared(maillab_lab):
    send(maillab_lab, "shared@example.com")
    assert False

def test_module(mine):
    send(mine, "module@example.com")
    assert False

class TestCase(unittest.TestCase):
    def test_it(self):
        with RunningLab() as lab:
            send(lab, "unittest@example.com")
            self.fail()

def test_about_something_else():
    assert False
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=5)
    reports = result.stdout.str().split("the last 60 lines that were said")[1:]
    assert len(reports) == 4
    for report, word in zip(reports, ("own", "shared", "module", "unittest"), strict=True):
        assert f"{word}@example.com" in report.partition("____")[0]


def test_report_of_silence(pytester):
    """That nothing was said is worth a line, too."""
    pytester.makepyfile("def test_silent(maillab_inbox): assert False")
    pytester.runpytest_inprocess().stdout.fnmatch_lines(["*- maillab -*", "nothing was said"])


def test_loop_is_free():
    """While an async test awaits a message, its loop goes on."""

    async def awaiting():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        async with RunningLab() as lab, asyncio.TaskGroup() as group:
            ticking = group.create_task(tick())
            inbox = lab.inbox("async")
            with pytest.raises(TimeoutError, match="no message for"):
                await inbox.wait_for_message_async(timeout=0.02)
            with pytest.raises(TimeoutError):
                await lab.wait_async(lambda event: False, timeout=0.02)
            await lab.settle_async()
            await inbox.assert_no_message_async()
            assert await lab.wait_for_messages_async("", 0) == []
            ticking.cancel()
        return ticks

    assert run(awaiting()) > 10
