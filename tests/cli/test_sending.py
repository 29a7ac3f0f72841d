"""A logbook is told while something is done, and every stage of SMTP has its words and its code."""

import asyncio

import pytest

from maillab.cli.journey import Fate
from maillab.cli.sending import _WHERE, STAGES, SubmissionTarget, Teller, _refused
from maillab.cli.streams import OutputError
from maillab.client.submit import SubmitError
from maillab.events import Attempted, Bounced, Closed, Entry, Event, Failed, Queued, Submitted
from maillab.logbook import Logbook
from maillab.mail.reply import Reply
from tests.support import run

BOB = "bob@recipient.test"
TAKEN = (Submitted("submit-1", "L1", "", (BOB,), 1), Queued("L1.1", "L1", "recipient.test", (BOB,)))


class Paper:
    """A printer that remembers; `torn` after so many entries."""

    def __init__(self, torn: int = 1000) -> None:
        self.printed: list[Event] = []
        self._torn = torn

    def entry(self, entry: Entry) -> None:
        """One entry."""
        if len(self.printed) == self._torn:
            raise OutputError(BrokenPipeError(32, "Broken pipe"))
        self.printed.append(entry.event)


def test_during() -> None:
    """Entries are printed while something is done; what comes after it waits for `rest`."""
    logbook, paper = Logbook(lambda: 0.0), Paper()

    async def errand() -> str:
        logbook.append(Closed("a", "quit"))
        await asyncio.sleep(0)
        return "done"

    async def told() -> None:
        teller = Teller(logbook, paper)
        assert await teller.during(errand()) == "done"
        assert paper.printed == [Closed("a", "quit")]
        logbook.append(Closed("b", "quit"))
        teller.rest()
        assert len(paper.printed) == 2

    run(told())


def test_messages_one_after_the_other() -> None:
    """What was said of one message is not taken for the next one's: neither its fate nor its talk."""
    logbook = Logbook(lambda: 0.0)

    async def told() -> None:
        teller = Teller(logbook, Paper())
        for event in TAKEN:
            logbook.append(event)
        teller.begin()
        assert (teller.journey.messages, teller.said) == ([], [])
        logbook.append(Closed("b", "quit"))
        assert [entry.event for entry in teller.said] == [Closed("b", "quit")]

    run(told())


def test_arrival_waits_for_the_report() -> None:
    """A failure and its report come in one breath: the journey is not over between them."""
    logbook = Logbook(lambda: 0.0)

    async def told() -> None:
        teller = Teller(logbook, Paper())
        report = (
            Bounced("L1.1", "a@sender.test", "failed", "L2"),
            Queued("L2.1", "L2", "sender.test", ("a@sender.test",)),
        )
        for event in (*TAKEN, Failed("L1.1", (BOB,), "550 no"), *report):
            logbook.append(event)
        assert not await teller.arrival(0.05)
        logbook.append(Failed("L2.1", ("a@sender.test",), "550 no"))
        assert await teller.arrival(0.05)

    run(told())


def test_arrival_under_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that a host took counts as delivered when nothing more is heard of it."""
    monkeypatch.setattr("maillab.cli.sending.QUIET", 0.01)
    logbook = Logbook(lambda: 0.0)

    async def told() -> None:
        teller = Teller(logbook, Paper())
        for event in (*TAKEN, Attempted("L1.1", "mx.recipient.test", 250)):
            logbook.append(event)
        assert await teller.arrival(5)
        assert teller.journey.those("L1", Fate.DELIVERED) == (BOB,)

    run(told())


def test_nobody_reads() -> None:
    """A broken pipe stops the printing, not the following."""
    logbook = Logbook(lambda: 0.0)

    async def told() -> None:
        teller = Teller(logbook, Paper(torn=0))
        for event in (*TAKEN, Failed("L1.1", (BOB,), "550 no")):
            logbook.append(event)
        assert await teller.arrival(1)
        teller.rest()
        assert teller.deaf

    run(told())


def test_every_stage_has_words() -> None:
    """Each stage that `submit` names can be told, and but for the content has one code."""
    stages = {"connect", "greet", "ehlo", "tls", "auth", "mail", "rcpt", "data"}
    assert _WHERE.keys() == stages
    assert STAGES.keys() == stages - {"data"}
    assert len(set(STAGES.values())) == len(STAGES)


def test_what_was_too_large(capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal of MAIL for the size that it announced is none of the sender (RFC 1870 section 6.1)."""
    for code, words in ((552, "the message is too large: 552"), (550, "the sender was refused: 550")):
        assert _refused(SubmitError("mail", Reply(code, "", ("no",)), f"{code} no"), "here", []) == STAGES["mail"]
        assert words in capsys.readouterr().err


def test_doors() -> None:
    """A door is called by how one enters it."""
    assert [
        SubmissionTarget("h", 1, tls, user).service for tls, user in (("none", ""), ("starttls", "a"), ("implicit", ""))
    ] == [
        "smtp",
        "submission",
        "submissions",
    ]
