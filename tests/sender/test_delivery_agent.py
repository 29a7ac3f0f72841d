"""One agent, its map and its hosts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from maillab.events import Attempted, Routed, Warned
from maillab.logbook import Logbook
from maillab.mail.envelope import Recipient
from maillab.sender.delivery_agent import Attempt, DeliveryAgent, Router
from maillab.sender.outcome import DeliveryVerdict
from maillab.sender.relay import Relay, RelayPolicy
from maillab.sender.route import HostAnswer, LookupResult, MxAnswer
from maillab.sender.waiting import Job, jobs_of
from maillab.wire.smtp_client import Timeouts
from tests.sender.hosts import Host, Names, message
from tests.support import run


class Round:
    """An agent with hosts to visit: MX in the order of their names."""

    def __init__(self, **hosts: Host) -> None:
        self.hosts = hosts
        self.book = Logbook(lambda: 0.0)
        self.names = Names()
        self.names.domains["a.test"] = MxAnswer(
            LookupResult.YES, tuple((n, f"{name}.test") for n, name in enumerate(hosts))
        )
        self.opened = 0
        self.map = Router(self.names, lambda hosts: None, frozenset(), self.book)
        self.relay = Relay(
            hello="out.test", logbook=self.book, timeouts=Timeouts.all(5), policy=RelayPolicy(idle=0),
            door=lambda stop: ("127.0.0.1", hosts[stop.host.removesuffix(".test")].port),
        )  # fmt: skip
        self.agent = DeliveryAgent(self.book, self.map, self.relay, self._opened)

    def _opened(self) -> None:
        self.opened += 1

    async def carry(self, ident: str = "L1", *to: str) -> Attempt:
        one = message(*(to or ("bob@a.test",)))
        (job,) = jobs_of(ident, one.envelope.recipients, 0.0)
        return await self.agent.attempt(job, one)

    def story(self, act: Callable[[], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            for host in self.hosts.values():
                await host.start()
            try:
                return await act()
            finally:
                connection = self.agent.let_go()
                if connection is not None:
                    await connection.quit()
                for host in self.hosts.values():
                    await host.stop()

        return run(whole())

    def events(self, *kinds: type) -> list[Any]:
        return [entry.event for entry in self.book.since(0) if isinstance(entry.event, kinds)]


def test_first_host() -> None:
    """The first host that gives its word ends the attempt."""
    it = Round(a=Host(), b=Host())
    attempt = it.story(it.carry)

    assert [one.verdict for one in attempt.outcomes] == [DeliveryVerdict.DELIVERED]
    assert it.events(Routed, Attempted) == [Routed("L1.1", ("a.test", "b.test")), Attempted("L1.1", "a.test", 250)]
    assert it.hosts["b"].connections == 0
    assert it.opened == 1


def test_nobody_reached() -> None:
    """When no host lets us in, the reason lies with the domain, and every one was tried once."""
    it = Round(a=Host({"CONNECT": "421 no"}), b=Host({"CONNECT": "554 never"}))
    attempt = it.story(it.carry)

    assert attempt.unreachable
    assert [(one.verdict, one.host) for one in attempt.outcomes] == [(DeliveryVerdict.LATER, "b.test")]
    assert [event.code for event in it.events(Attempted)] == [421, 554]


def test_host_that_is_not_asked() -> None:
    """Whose EHLO says that it takes no such message: the number is ours, and that is told (RFC 1870 §7)."""
    it = Round(a=Host(offers=("SIZE 20",)))
    it.story(it.carry)

    assert [(event.code, bool(event.why)) for event in it.events(Attempted)] == [(552, True)]


def test_host_that_never_takes_mail() -> None:
    """521 as greeting is the last word of a host: never (RFC 7504)."""
    it = Round(a=Host({"CONNECT": "521 no mail here"}), b=Host())
    attempt = it.story(it.carry)

    assert [one.verdict for one in attempt.outcomes] == [DeliveryVerdict.NEVER]
    assert not attempt.unreachable


def test_two_broken_talks() -> None:
    """After two talks that broke off, the third host is left for next time; the fault may be the message's."""  # T065
    it = Round(a=Host({"MAIL": "DROP"}), b=Host({"MAIL": "DROP"}), c=Host())
    attempt = it.story(it.carry)

    assert [one.verdict for one in attempt.outcomes] == [DeliveryVerdict.LATER]
    assert not attempt.unreachable
    assert it.hosts["c"].connections == 0


def test_connection_is_kept() -> None:
    """An agent uses its connection for the next message, also when it leads to the second host."""
    it = Round(a=Host({"CONNECT": "421 no"}), b=Host())

    async def two() -> None:
        await it.carry("L1")
        await it.carry("L2")

    it.story(two)

    assert (it.hosts["a"].connections, it.hosts["b"].connections) == (1, 1)
    assert len(it.hosts["b"].contents) == 2
    assert it.opened == 1


@pytest.mark.parametrize("answer", ["DROP", "421 4.3.2 enough"])
def test_old_connection_and_dead_host(answer: str) -> None:
    """When a kept connection has grown old and no new one is to be had, the next host is tried."""
    it = Round(a=Host({"CONNECT": ["220 ok", "421 no"], "MAIL": ["250 ok", answer]}), b=Host())

    async def two() -> None:
        await it.carry("L1")
        await it.carry("L2")

    it.story(two)

    assert [(event.job, event.host, event.code) for event in it.events(Attempted)] == [
        ("L1.1", "a.test", 250),
        ("L2.1", "a.test", 421),
        ("L2.1", "b.test", 250),
    ]


def test_content_that_is_gone() -> None:
    """A content that cannot be read makes the message wait, and the connection is closed without an end mark."""
    from pathlib import Path

    from maillab.mail.content import Content
    from maillab.mail.message import Message

    it = Round(a=Host())

    async def act() -> Attempt:
        one = Message(message("bob@a.test").envelope, Content(b"A: b\r\n\r\n", Path("/nonexistent/maillab"), 0, 10))
        (job,) = jobs_of("L1", one.envelope.recipients, 0.0)
        return await it.agent.attempt(job, one)

    attempt = it.story(act)

    assert [one.verdict for one in attempt.outcomes] == [DeliveryVerdict.LATER]
    assert it.hosts["a"].contents == []
    assert it.agent.connection is None


def test_cancelled_in_the_middle() -> None:
    """An agent that is stopped in the middle of a message hangs up."""
    it = Round(a=Host({"MAIL": "WAIT 250 ok"}))

    async def act() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(it.carry())
            while not it.hosts["a"].said("MAIL"):  # noqa: ASYNC110 - a socket away
                await asyncio.sleep(0)
            task.cancel()
        it.hosts["a"].gate.set()

    it.story(act)

    assert it.agent.connection is None


def test_warnings_once() -> None:
    """An alias as MX is written down once, until names are asked anew."""  # T070
    it = Round(mx=Host())
    it.names.hosts["mx.test"] = HostAnswer(LookupResult.YES, ("127.0.0.1",), "real.test")

    async def act() -> None:
        await it.map.way("a.test")
        await it.map.way("a.test")
        assert len(it.events(Warned)) == 1
        it.map.forget()
        await it.map.way("a.test")

    it.story(act)

    assert len(it.events(Warned)) == 2


def test_no_way() -> None:
    """Without a way nobody is visited: never is final, later is about the domain."""
    it = Round()

    async def act(answer: MxAnswer) -> Attempt:
        it.names.domains["a.test"] = answer
        return await it.carry()

    never = it.story(lambda: act(MxAnswer(LookupResult.NO_NAME)))
    later = it.story(lambda: act(MxAnswer(LookupResult.TROUBLE)))

    assert (never.outcomes[0].verdict, never.unreachable) == (DeliveryVerdict.NEVER, False)
    assert (later.outcomes[0].verdict, later.unreachable) == (DeliveryVerdict.LATER, True)
    assert it.events(Routed) == []


def test_job_and_recipients() -> None:
    """Outcomes are about the recipients of the job."""
    it = Round(a=Host())
    attempt = it.story(it.carry)

    assert [one.recipient for one in attempt.outcomes] == list(message("bob@a.test").envelope.recipients)
    assert isinstance(attempt.outcomes[0].recipient, Recipient)
    assert Job("L1.1", "L1", "a.test", (), 0.0).names == ()


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "."])
def test_a_refusal_for_now_leads_to_the_next_host(stage: str) -> None:
    """RFC 5321 section 5.1: each host is tried until one attempt succeeds, whatever the first one put off."""
    it = Round(a=Host({stage: "451 4.3.2 not now"}), b=Host())
    attempt = it.story(it.carry)

    assert [(one.verdict, one.host) for one in attempt.outcomes] == [(DeliveryVerdict.DELIVERED, "b.test")]
    assert [event.code for event in it.events(Attempted)] == [451, 250]
    assert not attempt.unreachable


def test_only_those_who_are_open_go_to_the_next_host() -> None:
    """A recipient who was served or refused for good by one host is not mentioned to the next; nobody gets two messages."""
    it = Round(a=Host({"RCPT": ["250 ok", "550 5.1.1 no", "450 4.2.0 later"]}), b=Host())
    attempt = it.story(lambda: it.carry("L1", "bob@a.test", "eve@a.test", "joe@a.test"))

    assert [(one.verdict, one.host) for one in attempt.outcomes] == [
        (DeliveryVerdict.DELIVERED, "a.test"),
        (DeliveryVerdict.NEVER, "a.test"),
        (DeliveryVerdict.DELIVERED, "b.test"),
    ]
    assert it.hosts["b"].said("RCPT") == ["RCPT TO:<joe@a.test>"]


def test_two_hosts_are_asked_at_most() -> None:
    """After two talks the third host is left for next time, as Postfix has it; what a host said is kept."""
    it = Round(a=Host({"RCPT": "450 4.2.0 later"}), b=Host({"MAIL": "DROP"}), c=Host())
    attempt = it.story(it.carry)

    assert [(one.verdict, one.host, one.reply.code) for one in attempt.outcomes] == [
        (DeliveryVerdict.LATER, "a.test", 450)
    ]
    assert it.hosts["c"].connections == 0


def test_perhaps_delivered() -> None:
    """A talk that breaks off behind the end of the content is not tried elsewhere: it may have been taken (RFC 1047)."""
    it = Round(a=Host({".": "DROP"}), b=Host())
    attempt = it.story(it.carry)

    assert [(one.verdict, one.host) for one in attempt.outcomes] == [(DeliveryVerdict.LATER, "")]
    assert it.hosts["b"].connections == 0


@pytest.mark.parametrize("answer", ["452 4.5.3 Too many recipients", "552 Too many recipients", "452 too many"])
def test_too_many_recipients(answer: str) -> None:
    """Those of whom a host has too many come with another message at once, on the same connection; 552 counts as 452."""
    answers = ["250 ok", "250 ok", answer, answer, answer, "250 ok", "250 ok", answer, "250 ok"]
    it = Round(a=Host({"RCPT": answers}), b=Host())
    attempt = it.story(lambda: it.carry("L1", *(f"{name}@a.test" for name in "abcde")))

    assert [one.verdict for one in attempt.outcomes] == [DeliveryVerdict.DELIVERED] * 5
    assert len(it.hosts["a"].contents) == 3
    assert (it.hosts["a"].connections, it.hosts["b"].connections) == (1, 0)


def test_a_full_mailbox_is_full() -> None:
    """552 about a mailbox, or before anybody was accepted, is a refusal for good."""
    for answers in (["552 full", "250 ok"], ["250 ok", "552 5.2.2 over quota"]):
        it = Round(a=Host({"RCPT": answers}), b=Host())
        attempt = it.story(lambda it=it: it.carry("L1", "bob@a.test", "eve@a.test"))  # type: ignore[misc]

        assert {one.verdict for one in attempt.outcomes} == {DeliveryVerdict.DELIVERED, DeliveryVerdict.NEVER}
        assert it.hosts["b"].connections == 0
