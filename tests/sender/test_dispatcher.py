"""The runner of the queue, against small hosts and with a clock turned by hand."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from maillab.events import NOT_TRIED, Attempted, Bounced, Deferred, Dropped, Failed, Queued, Routed, Stumbled, Warned
from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.sender.dispatcher import DispatchLimits
from maillab.sender.relay import RelayPolicy
from maillab.sender.retry import Schedule
from maillab.sender.route import LookupResult, MxAnswer
from tests.sender.hosts import TEXT, Host, Machine, machine, message
from tests.support import run, settled

MX = "mx.recipient.test"
BOB, CAROL, EVE = "bob@recipient.test", "carol@recipient.test", "eve@recipient.test"


def test_success(tmp_path: Path) -> None:
    """A message that is taken is queued, routed and attempted, in this order, and nothing of it is left."""

    async def story() -> tuple[list[Any], Machine]:
        async with machine(tmp_path) as it:
            await it.send(message(BOB))
            await it.until(Attempted)
        return it.events(), it

    events, it = run(story())

    assert events == [
        Queued("L1.1", "L1", "recipient.test", (BOB,)),
        Routed("L1.1", (MX,)),
        Attempted("L1.1", MX, 250),
    ]
    assert it.hosts[MX].contents == [TEXT]
    assert it.queue.jobs == []
    assert it.hosts[MX].lines[-1] == "QUIT"


def test_failure_and_report(tmp_path: Path) -> None:
    """A refused message is attempted, failed and bounced, and the report reaches its sender from <>."""

    async def story() -> tuple[list[Any], Machine]:
        async with machine(tmp_path, {MX: Host({"RCPT": "550 5.1.1 no such mailbox"})}) as it:
            await it.send(message(BOB))
            await it.until(Attempted, 2)
        return it.events(), it

    events, it = run(story())

    assert events == [
        Queued("L1.1", "L1", "recipient.test", (BOB,)),
        Routed("L1.1", (MX,)),
        Attempted("L1.1", MX, 550),
        Failed("L1.1", (BOB,), "550 5.1.1 no such mailbox"),
        Bounced("L1.1", "alice@sender.test", "failed", "L2"),
        Queued("L2.1", "L2", "sender.test", ("alice@sender.test",)),
        Routed("L2.1", ("mx.sender.test",)),
        Attempted("L2.1", "mx.sender.test", 250),
    ]
    (report,) = it.hosts["mx.sender.test"].contents
    assert b"Final-Recipient: rfc822; bob@recipient.test\r\nAction: failed\r\nStatus: 5.1.1\r\n" in report
    assert it.hosts["mx.sender.test"].said("MAIL")[0].startswith("MAIL FROM:<>")


def test_greylisting(tmp_path: Path) -> None:
    """A message refused for now is retried after the first wait, not before, and delivered once."""  # T049

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"RCPT": ["451 4.7.1 greylisted"]})}) as it:
            await it.send(message(BOB))
            assert await it.until(Deferred) == [Deferred("L1.1", (BOB,), "451 4.7.1 greylisted", 300)]
            it.clock.advance(299)
            await asyncio.sleep(0)
            assert len(it.all(Attempted)) == 1
            it.clock.advance(1)
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert [event.code for event in it.all(Attempted)] == [451, 250]
    assert it.hosts[MX].contents == [TEXT]


def test_one_of_three_refused(tmp_path: Path) -> None:
    """Of three recipients two are delivered, one bounces, and the report names only that one."""  # T050

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({f"RCPT <{CAROL}>": "550 5.1.1 unknown"})}) as it:
            await it.send(message(BOB, CAROL, EVE))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert it.all(Failed) == [Failed("L1.1", (CAROL,), "550 5.1.1 unknown")]
    assert len(it.all(Bounced)) == 1
    assert it.all(Attempted)[0].code == 250
    (report,) = it.hosts["mx.sender.test"].contents
    assert report.count(b"Final-Recipient:") == 1
    assert b"carol@recipient.test" in report
    assert b"bob@recipient.test" not in report


def test_delivered_are_not_sent_again(tmp_path: Path) -> None:
    """Of three recipients two are delivered and one waits; only that one is tried again."""  # T051

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({f"RCPT <{EVE}>": ["451 4.2.0 later"]})}) as it:
            await it.send(message(BOB, CAROL, EVE))
            await it.until(Deferred)
            it.clock.advance(300)
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert it.all(Deferred)[0].recipients == (EVE,)
    assert [line.split(" NOTIFY")[0] for line in it.hosts[MX].said("RCPT")] == [
        f"RCPT TO:<{who}>" for who in (BOB, CAROL, EVE, EVE)
    ]


def test_schedule_and_end(tmp_path: Path) -> None:
    """The waits follow the schedule; at the end of its life the message fails with 5.4.7, once, and is gone."""  # T052 T053

    async def story() -> Machine:
        schedule = Schedule(lifetime=20_000, warn_after=0)
        async with machine(tmp_path, {MX: Host({"MAIL": "451 4.3.2 not now"})}, schedule=schedule) as it:
            await it.send(message(BOB))
            for count in range(1, 9):
                (*_, last) = await it.until(Deferred, count)
                it.clock.advance(last.seconds)
                if count == 8:
                    break
            await it.until(Bounced)
            await it.until(Attempted, 10)
        return it

    it = run(story())

    assert [event.seconds for event in it.all(Deferred)] == [300, 600, 1200, 2400, 4000, 4000, 4000, 3500]
    (failed,) = it.all(Failed)
    assert failed.reason.startswith(
        "554 5.4.7 Not delivered in 20000 seconds; last error: mx.recipient.test said 451 4.3.2 not now"
    )
    assert b"Status: 5.4.7\r\n" in it.hosts["mx.sender.test"].contents[0]
    assert it.queue.jobs == []


def test_delay_warning(tmp_path: Path) -> None:
    """A message that is late by four hours is reported as delayed, once, and goes on waiting."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"MAIL": "451 4.3.2 not now"})}) as it:
            await it.send(message(BOB))
            for count in range(1, 11):
                (*_, last) = await it.until(Deferred, count)
                it.clock.advance(last.seconds)
            await it.until(Deferred, 11)
        return it

    it = run(story())

    assert it.all(Bounced) == [Bounced("L1.1", "alice@sender.test", "delayed", "L2")]
    (report,) = it.hosts["mx.sender.test"].contents
    assert b"Action: delayed\r\n" in report
    assert b"Will-Retry-Until: " in report


def test_no_bounce_of_a_bounce(tmp_path: Path) -> None:
    """A message from <> that fails is dropped and written down; a report refused by its sender's host, too."""  # T054 T055

    async def story() -> Machine:
        hosts = {MX: Host({"RCPT": "550 5.1.1 no"}), "mx.sender.test": Host({".": "550 5.7.1 no reports"})}
        async with machine(tmp_path, hosts) as it:
            await it.send(message(BOB, sender=""))
            await it.until(Dropped)
            await it.send(message(BOB))
            await it.until(Dropped, 2)
        return it

    it = run(story())

    assert [event.job for event in it.all(Dropped)] == ["L1.1", "L3.1"]
    assert [event.message for event in it.all(Bounced)] == ["L3"]
    assert it.queue.jobs == []


def test_notify_never(tmp_path: Path) -> None:
    """A sender who wants to hear of nothing hears nothing."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"RCPT": "550 no"})}) as it:
            quiet = Recipient(Address("bob", "recipient.test"), ("NEVER",))
            await it.send(Message(Envelope(Address("alice", "sender.test"), (quiet,)), message(BOB).content))
            await it.until(Failed)
        return it

    it = run(story())

    assert it.all(Bounced) == []
    assert it.queue.jobs == []


@pytest.mark.parametrize("greeting", ["421 4.3.2 going down", "451 4.3.0 not now", "DROP", "554 5.3.2 no"])
def test_second_mx(tmp_path: Path, greeting: str) -> None:
    """A host that greets with 4yz or 5yz, or hangs up, is followed by the next one in the same attempt."""  # T063 T065

    async def story() -> Machine:
        async with machine(tmp_path, {"mx1.test": Host({"CONNECT": greeting}), "mx2.test": Host()}) as it:
            await it.send(message(BOB))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    code = 0 if greeting == "DROP" else int(greeting[:3])
    why = "" if code else "connection lost: the server closed the connection"
    assert it.all(Attempted) == [Attempted("L1.1", "mx1.test", code, why), Attempted("L1.1", "mx2.test", 250)]
    assert it.all(Routed) == [Routed("L1.1", ("mx1.test", "mx2.test"))]


def test_dead_first_mx(tmp_path: Path) -> None:
    """A host that refuses the connection is followed by the next one."""  # T063

    async def story() -> Machine:
        async with machine(tmp_path, {"mx1.test": Host(), "mx2.test": Host()}) as it:
            del it.hosts["mx1.test"]
            await it.send(message(BOB))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert [(event.host, event.code) for event in it.all(Attempted)] == [("mx1.test", 0), ("mx2.test", 250)]


def test_what_is_not_tried_says_so(tmp_path: Path) -> None:
    """A message that comes while its domain rests waits for the reason of another one's attempt, and that is said."""

    async def story() -> list[Deferred]:
        async with machine(tmp_path) as it:
            del it.hosts[MX]
            await it.send(message(BOB))
            await it.until(Deferred)
            await it.send(message(CAROL))
            await it.until(Deferred, 2)
            assert len(it.all(Attempted)) == 1
            return it.all(Deferred)

    tried, not_tried = run(story())

    assert NOT_TRIED not in tried.reason
    codes, words = tried.reason[:10], tried.reason[10:]
    assert not_tried.reason == f"{codes}{NOT_TRIED}{words}"


def test_no_second_mx_after_refusal(tmp_path: Path) -> None:
    """A 5yz at RCPT is the last word; the next host is not asked."""  # T064

    async def story() -> Machine:
        async with machine(tmp_path, {"mx1.test": Host({"RCPT": "550 5.1.1 no"}), "mx2.test": Host()}) as it:
            await it.send(message(BOB))
            await it.until(Bounced)
        return it

    it = run(story())

    assert it.hosts["mx2.test"].connections == 0


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_dropped_in_mid_session(tmp_path: Path, verb: str) -> None:
    """A host that hangs up within the envelope is followed by the next one."""  # T065 T166

    async def story() -> Machine:
        async with machine(tmp_path, {"mx1.test": Host({verb: "DROP"}), "mx2.test": Host()}) as it:
            await it.send(message(BOB))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert [event.code for event in it.all(Attempted)] == [0, 250]
    assert it.hosts["mx2.test"].contents == [TEXT]


def test_dropped_after_the_dot(tmp_path: Path) -> None:
    """A host that hangs up after the content may have it: the message waits, and no other host gets it now."""  # T022 T166

    async def story() -> Machine:
        async with machine(tmp_path, {"mx1.test": Host({".": ["DROP"]}), "mx2.test": Host()}) as it:
            await it.send(message(BOB))
            (deferred,) = await it.until(Deferred)
            assert "4.4.2" in deferred.reason
            assert it.hosts["mx2.test"].connections == 0
            it.clock.advance(300)
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert len(it.hosts["mx1.test"].contents) == 2


def test_421_in_mid_session(tmp_path: Path) -> None:
    """421 within the envelope defers the message."""  # T172

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"RCPT": ["421 4.3.2 enough"]})}) as it:
            await it.send(message(BOB))
            await it.until(Deferred)
        return it

    it = run(story())

    assert it.all(Attempted) == [Attempted("L1.1", MX, 421)]


@pytest.mark.parametrize(
    ("answer", "enhanced"),
    [(MxAnswer(LookupResult.NO_NAME), "5.1.2"), (MxAnswer(LookupResult.YES, ((0, ""),)), "5.1.10"),
     (MxAnswer(LookupResult.YES, ((10, "localhost"),)), "5.4.4"), (MxAnswer(LookupResult.YES, ((10, "out.sender.test"),)), "5.4.6")],
)  # fmt: skip
def test_no_way_at_all(tmp_path: Path, answer: MxAnswer, enhanced: str) -> None:
    """A domain to which no way leads fails at once, without a connection."""  # T062 T066 T069 T070

    async def story() -> Machine:
        async with machine(tmp_path, myself=frozenset({"out.sender.test"})) as it:
            it.names.domains["recipient.test"] = answer
            await it.send(message(BOB))
            await it.until(Bounced)
            await it.until(Attempted)
        return it

    it = run(story())

    assert it.all(Failed)[0].reason.split()[1] == enhanced
    assert it.hosts[MX].connections == 0
    assert it.all(Routed)[0].job == "L2.1"


def test_name_server_in_trouble(tmp_path: Path) -> None:
    """Without an answer from the name server the message waits with 4.4.3, and goes when the answer comes."""  # T068

    async def story() -> Machine:
        async with machine(tmp_path) as it:
            it.names.domains["recipient.test"] = MxAnswer(LookupResult.TROUBLE, why="SERVFAIL")
            await it.send(message(BOB))
            (deferred,) = await it.until(Deferred)
            assert deferred.reason.startswith("451 4.4.3 ")
            it.serve("recipient.test", MX)
            it.clock.advance(300)
            await it.until(Attempted)
        return it

    assert run(story()).all(Attempted) == [Attempted("L1.1", MX, 250)]


def test_dead_domain_costs_one_attempt(tmp_path: Path) -> None:
    """Three hundred messages for a dead domain make one connection for each step of the schedule; all leave when it lives."""  # T074

    async def story() -> Machine:
        host = Host({"CONNECT": ["421 no", "421 no", "421 no"]})
        async with machine(tmp_path, {MX: host}) as it:
            await it.send(*(message(BOB) for _ in range(300)))
            await it.until(Deferred, 300)
            assert host.connections == 1
            await it.send(message(BOB))
            (*_, late) = await it.until(Deferred, 301)
            assert (late.seconds, host.connections) == (300, 1)
            it.clock.advance(300)
            await it.until(Deferred, 602)
            assert host.connections == 2
            it.clock.advance(300)
            await it.until(Deferred, 603)
            it.clock.advance(4000)
            await it.until(Attempted, 3 + 301)  # each step of the schedule once, and every message when it is taken
        return it

    it = run(story())

    assert len(it.hosts[MX].contents) == 301
    assert it.queue.jobs == []


@pytest.mark.parametrize("local", ["\x00a", "a\r\nRCPT TO:<eve@evil.test>", "\udce9"])
def test_poison_address(tmp_path: Path, local: str) -> None:
    """An address that cannot be written is never stuck: it fails, and messages after it go out."""  # T078 T169

    async def story() -> Machine:
        async with machine(tmp_path) as it:
            bad = Message(
                Envelope(Address("alice", "sender.test"), (Recipient(Address(local, "recipient.test")),)),
                message().content,
            )
            try:
                await it.send(bad)
            except* UnicodeEncodeError:
                pass  # what the disk cannot hold is refused at the door
            else:
                await it.until(Bounced)
            await it.send(message(BOB))
            await it.until(Attempted, 3 if it.all(Bounced) else 1)
        return it

    it = run(story())

    assert it.hosts[MX].contents == [TEXT]
    assert all("evil" not in line for host in it.hosts.values() for line in host.lines)
    assert it.queue.jobs == []


def test_poison_content(tmp_path: Path) -> None:
    """A content with a lone LF, which SMTP cannot carry, fails with 5.6.0, and the report about it arrives."""

    async def story() -> Machine:
        async with machine(tmp_path) as it:
            await it.send(message(BOB, content=b"Subject: x\r\n\r\na\nb\r\n"))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert it.all(Failed)[0].reason.startswith("554 5.6.0 ")
    assert it.all(Attempted)[1] == Attempted("L2.1", "mx.sender.test", 250)


def test_retry_now(tmp_path: Path) -> None:
    """Retry now tries what waits at once, also for a resting domain, and asks the name server anew."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"CONNECT": ["421 no"]})}) as it:
            await it.send(message(BOB))
            await it.until(Deferred)
            it.dispatcher.retry_now()
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert "forget" in it.names.asked
    assert [event.code for event in it.all(Attempted)] == [421, 250]


@pytest.mark.parametrize(("verb", "code"), [("CONNECT", 421), ("MAIL", 451)])
def test_retry_now_while_it_is_tried(tmp_path: Path, verb: str, code: int) -> None:
    """What fails just then is tried once more, and neither sleeps nor rests."""

    async def story() -> Machine:
        host = Host({verb: [f"WAIT {code} not yet", f"{code} not yet"]})
        async with machine(tmp_path, {MX: host}) as it:
            await it.send(message(BOB))
            await settled(lambda: host.connections == 1 and (verb == "CONNECT" or bool(host.said(verb))))
            it.dispatcher.retry_now()
            host.gate.set()
            await it.until(Deferred, 2)
            assert it.queue.next_due == it.clock.now() + 600  # tried twice, for the moment
            it.dispatcher.retry_now()
            await it.until(Attempted, 3)
        return it

    assert [event.code for event in run(story()).all(Attempted)] == [code, code, 250]


def test_pause(tmp_path: Path) -> None:
    """Paused, nothing new begins; afterwards all that came meanwhile goes on its way."""

    async def story() -> tuple[Machine, int]:
        async with machine(tmp_path) as it:
            it.dispatcher.pause()
            await it.send(message(BOB), message(CAROL))
            it.dispatcher.retry_now()
            waiting = len(it.queue.jobs)
            assert it.dispatcher.paused
            it.dispatcher.resume()
            await it.until(Attempted, 2)
        return it, waiting

    it, waiting = run(story())

    assert waiting == 2
    assert len(it.hosts[MX].contents) == 2


def test_retry_of_one(tmp_path: Path) -> None:
    """One job is tried before its time, the others wait on; one that does not wait cannot be."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"RCPT": ["451 4.2.0 later", "451 4.2.0 later"]})}) as it:
            await it.send(message(BOB), message(CAROL))
            await it.until(Deferred, 2)
            assert it.dispatcher.retry("L2.1")
            assert not it.dispatcher.retry("L9.1")
            await it.until(Attempted, 3)
            assert [job.ident for job in it.queue.jobs] == ["L1.1"]
        return it

    it = run(story())

    assert [(event.job, event.code) for event in it.all(Attempted)][2:] == [("L2.1", 250)]


def test_bounce_by_hand(tmp_path: Path) -> None:
    """A job that is given up goes back to its sender with a report; it has not been tried once more."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"RCPT": ["451 4.2.0 later"]})}) as it:
            await it.send(message(BOB))
            await it.until(Deferred)
            assert await it.dispatcher.bounce("L1.1")
            assert not await it.dispatcher.bounce("L1.1")
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert it.all(Failed) == [Failed("L1.1", (BOB,), "554 5.0.0 Returned by the postmaster, before its time was over")]
    assert it.all(Bounced) == [Bounced("L1.1", "alice@sender.test", "failed", "L2")]
    assert it.all(Attempted)[1] == Attempted("L2.1", "mx.sender.test", 250)


def test_remove_by_hand(tmp_path: Path) -> None:
    """A job that is thrown away is gone for good, without a report, also after a restart."""

    async def story() -> tuple[Machine, Machine]:
        async with machine(tmp_path, {MX: Host({"RCPT": ["451 4.2.0 later"]})}) as first:
            await first.send(message(BOB))
            await first.until(Deferred)
            assert await first.dispatcher.remove("L1.1")
            assert not await first.dispatcher.remove("L1.1")
        async with machine(tmp_path) as second:
            assert second.queue.jobs == []
        return first, second

    first, _ = run(story())

    assert first.all(Failed) == [Failed("L1.1", (BOB,), "removed from the queue by hand")]
    assert first.all(Bounced) == []


def test_restart(tmp_path: Path) -> None:
    """What waits when the machine stops is delivered by the next one, once."""

    async def story() -> tuple[Machine, Machine]:
        async with machine(tmp_path, {MX: Host({"RCPT": ["451 4.2.0 later"]})}) as first:
            await first.send(message(BOB, CAROL))
            await first.until(Deferred)
        async with machine(tmp_path) as second:
            second.clock.advance(300)
            await second.until(Attempted)
        return first, second

    first, second = run(story())

    assert len(first.hosts[MX].contents) == 1
    assert [line.split(" NOTIFY")[0] for line in second.hosts[MX].said("RCPT")] == [f"RCPT TO:<{BOB}>"]
    assert second.queue.jobs == []


def test_close_lets_messages_in_flight_end(tmp_path: Path) -> None:
    """Closing waits for a message in flight, and begins no other."""

    async def story() -> Machine:
        host = Host({".": "WAIT 250 ok"})
        async with machine(tmp_path, {MX: host}, bounds=DispatchLimits(per_domain=1)) as it:
            await it.send(message(BOB), message(CAROL))
            async with asyncio.timeout(5):
                while not host.contents:  # noqa: ASYNC110 - a socket away
                    await asyncio.sleep(0)
            async with asyncio.TaskGroup() as group:
                group.create_task(it.dispatcher.close())
                await asyncio.sleep(0)
                host.gate.set()
        return it

    it = run(story())

    assert [event.job for event in it.all(Attempted)] == ["L1.1"]
    assert [job.ident for job in it.queue.jobs] == ["L2.1"]


def test_close_with_a_deadline(tmp_path: Path) -> None:
    """A host that does not answer is left at the deadline; its message stays in the queue."""

    async def story() -> None:
        host = Host({"MAIL": "WAIT 250 ok"})
        async with machine(tmp_path, {MX: host}) as it:
            await it.send(message(BOB))
            await asyncio.wait_for(host.heard.wait(), 5)
            await it.dispatcher.close(deadline=0)
            host.gate.set()
        async with machine(tmp_path) as again:
            await again.until(Attempted)

    run(story())


def test_connections_are_used_again(tmp_path: Path) -> None:
    """A burst of messages for one domain shares at most four connections, and the same is used from message to message."""

    async def story() -> Machine:
        async with machine(tmp_path) as it:
            await it.send(*(message(BOB) for _ in range(60)))
            await it.until(Attempted, 60)
        return it

    it = run(story())

    assert 1 <= it.hosts[MX].connections <= 4
    assert len(it.hosts[MX].contents) == 60
    assert len(it.dialled) == it.hosts[MX].connections


def test_kept_connection_grown_old(tmp_path: Path) -> None:
    """A kept connection that the host has closed, or ends with 421, costs no attempt: the message goes on a new one."""

    async def story(answers: dict[str, list[str]]) -> Machine:
        bounds = DispatchLimits(per_domain=1)
        async with machine(tmp_path / answers["MAIL"][1][:3], {MX: Host(answers)}, bounds=bounds) as it:
            await it.send(message(BOB), message(CAROL))
            await it.until(Attempted, 2)
        return it

    for answer in ("DROP", "421 4.3.2 enough"):
        it = run(story({"MAIL": ["250 ok", answer]}))
        assert [event.code for event in it.all(Attempted)] == [250, 250]
        assert it.hosts[MX].connections == 2


def test_messages_per_connection(tmp_path: Path) -> None:
    """After its share of messages a connection is ended with QUIT, and a new one is made."""

    async def story() -> Machine:
        policy, bounds = RelayPolicy(messages=2, idle=0), DispatchLimits(per_domain=1)
        async with machine(tmp_path, policy=policy, bounds=bounds) as it:
            await it.send(*(message(BOB) for _ in range(5)))
            await it.until(Attempted, 5)
        return it

    it = run(story())

    assert it.hosts[MX].connections == 3
    assert len(it.hosts[MX].said("QUIT")) == 3


def test_idle_connection_serves_another_domain(tmp_path: Path) -> None:
    """A connection kept idle after a burst is used for another domain on the same host."""

    async def story() -> Machine:
        async with machine(tmp_path, policy=RelayPolicy(idle=30), bounds=DispatchLimits(per_domain=1)) as it:
            it.serve("other.test", MX)
            await it.send(message(BOB), message(BOB))
            await it.until(Attempted, 2)
            await asyncio.sleep(0)
            await it.send(message("zoe@other.test"))
            await it.until(Attempted, 3)
        return it

    it = run(story())

    assert it.hosts[MX].connections == 1
    assert len(it.hosts[MX].contents) == 3


def test_second_connection_refused(tmp_path: Path) -> None:
    """A host that takes one connection only gets all messages on that one; the domain does not rest."""

    async def story() -> Machine:
        host = Host({"CONNECT": ["220 ok", *["421 4.7.0 too many"] * 50]})
        async with machine(tmp_path, {MX: host}) as it:
            await it.send(*(message(BOB) for _ in range(40)))
            await it.until(Attempted, 40)
        return it

    it = run(story())

    assert len(it.hosts[MX].contents) == 40
    assert it.all(Deferred) == []


def test_success_report_where_the_host_reports_nothing(tmp_path: Path) -> None:
    """A sender who asked to hear of success hears "relayed" from us when the host offers no DSN, else nothing."""

    async def story(offers: tuple[str, ...]) -> Machine:
        async with machine(tmp_path / offers[-1], {MX: Host(offers=offers)}) as it:
            glad = Recipient(Address("bob", "recipient.test"), ("SUCCESS", "FAILURE"), "rfc822;Bob+2Bx@recipient.test")
            await it.send(
                Message(
                    Envelope(Address("alice", "sender.test"), (glad,), envid="Q+2B1", ret="HDRS"), message().content
                )
            )
            await it.until(Attempted, 1 if "DSN" in offers else 2)
        return it

    with_dsn, without = run(story(("PIPELINING", "DSN"))), run(story(("PIPELINING",)))

    assert with_dsn.all(Bounced) == []
    assert with_dsn.hosts[MX].said("RCPT") == [
        "RCPT TO:<bob@recipient.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@recipient.test"
    ]
    assert [event.kind for event in without.all(Bounced)] == ["relayed"]
    (report,) = without.hosts["mx.sender.test"].contents
    assert b"Action: relayed\r\nStatus: 2.0.0\r\n" in report
    assert b"Original-Envelope-Id: Q+1\r\n" in report


def test_fault_of_ours(tmp_path: Path) -> None:
    """A fault of ours is written down; the job waits, and the runner goes on."""

    async def story() -> Machine:
        async with machine(tmp_path) as it:

            async def fault(domain: str) -> MxAnswer:
                raise RuntimeError("a bug")

            good, it.names.mx = it.names.mx, fault  # type: ignore[method-assign]
            await it.send(message(BOB))
            await it.until(Stumbled)
            it.names.mx = good  # type: ignore[method-assign]
            it.clock.advance(300)
            await it.until(Attempted)
        return it

    it = run(story())

    assert it.all(Stumbled) == [Stumbled("dispatcher", "L1.1", "RuntimeError: a bug")]
    assert it.all(Attempted)[-1].code == 250


@pytest.mark.parametrize("spoilt", ["content", "message"])
def test_stumbling_for_ever(tmp_path: Path, spoilt: str) -> None:
    """The kind: a job that can never be worked on. It is tried as any other, given up with any other, and that is said."""

    async def story() -> Machine:
        async with machine(tmp_path, schedule=Schedule(lifetime=1000)) as it:
            big = message(BOB, content=TEXT + b"x" * 200_000 + b"\r\n")
            it.dispatcher.pause()
            await it.send(big)
            if spoilt == "content":
                (tmp_path / "spool" / "L1").unlink()
            else:
                await it.queue._in_thread(lambda: it.queue._open_store._db.execute("UPDATE letters SET ret = 'MAYBE'"))
            it.queue._forget("L1")
            it.dispatcher.resume()
            for count, seconds in enumerate((300, 600, 100), 1):
                await it.until(Deferred if spoilt == "content" else Stumbled, count)
                it.clock.advance(seconds)
            await it.until(Failed)
            if spoilt == "content":
                await it.until(Attempted, 5)
        return it

    it = run(story())

    if spoilt == "content":
        assert it.all(Deferred)[0].reason == "451 4.3.0 The sending machine cannot read the message"
        assert b"stumbled" in it.hosts["mx.sender.test"].contents[0]
        assert it.queue.jobs == []
    else:
        assert "cannot be read" in it.all(Failed)[0].reason


def test_what_a_host_said_and_what_we_found(tmp_path: Path) -> None:
    """The kind: words put into the mouth of a host. What it said last stands in the report, also when it fell silent;
    what we found ourselves is told as ours (RFC 3464 section 2.3.6).
    """

    async def story() -> Machine:
        answers = ["220 ok", "DROP", "DROP"]
        host = Host({"CONNECT": answers, "RCPT": "450 4.2.1 mailbox busy"})
        schedule = Schedule(gaps=(500,), lifetime=1000, warn_after=500)
        async with machine(tmp_path, {MX: host}, schedule=schedule) as it:
            await it.send(message(BOB))
            await it.until(Deferred)
            it.clock.advance(500)
            await it.until(Deferred, 2)
            it.clock.advance(500)
            await it.until(Failed)
            await it.until(Attempted, 5)
        return it

    it = run(story())
    delayed, failed = it.hosts["mx.sender.test"].contents
    silence = it.all(Deferred)[1].reason

    assert silence.startswith("451 4.4.2 Connection lost")
    assert b"the sending machine says: 451 4.4.2" in delayed
    assert b"Diagnostic-Code" not in delayed
    assert it.all(Failed)[0].reason.endswith(
        f"last error: {silence[10:]}; before that {MX} said 450 4.2.1 mailbox busy"
    )
    assert b"\r\nRemote-MTA: dns; mx.recipient.test\r\nDiagnostic-Code: smtp; 450 4.2.1 mailbox busy\r\n" in failed
    assert f"{MX} said: ".encode() not in failed


def test_a_host_that_never_spoke(tmp_path: Path) -> None:
    """A domain whose hosts cannot be reached at all has said nothing: no Remote-MTA, no Diagnostic-Code."""

    async def story() -> Machine:
        async with machine(tmp_path, {MX: Host({"CONNECT": "DROP"})}, schedule=Schedule(lifetime=0)) as it:
            await it.send(message(BOB))
            await it.until(Failed)
            await it.until(Attempted, 2)
        return it

    it = run(story())
    (report,) = it.hosts["mx.sender.test"].contents

    assert b"Status: 5.4.7\r\n" in report
    assert b"Diagnostic-Code" not in report
    assert b"Remote-MTA" not in report


def test_a_host_that_ends_its_lines_with_lf(tmp_path: Path) -> None:
    """Its answers are read, refusals too, and that they were wrong is said once."""

    async def story() -> Machine:
        host = Host({"RCPT": ["250 ok", "550 5.1.1 no"]}, line_end=b"\n")
        async with machine(tmp_path, {MX: host}) as it:
            await it.send(message(BOB, CAROL))
            await it.until(Attempted, 2)
        return it

    it = run(story())

    assert [event.reason for event in it.all(Failed)] == ["550 5.1.1 no"]
    assert it.all(Deferred) == []
    assert [event.text for event in it.all(Warned)] == [
        "tolerated: its replies end with LF alone, not with CR LF (RFC 5321 section 2.3.8)"
    ]
