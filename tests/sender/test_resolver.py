"""Asking the name server: a small one that answers as it is told."""

import asyncio
from collections.abc import Callable
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from maillab.sender.resolver import Resolver
from maillab.sender.route import HostAnswer, LookupResult, MxAnswer
from tests.support import run

SOA = "recipient.test. 3600 IN SOA ns.test. host.test. 1 1 1 1 {ttl}"


class Server(asyncio.DatagramProtocol):
    """`zone` holds record lines by "name TYPE"; an rcode instead is said, "silence" is kept."""

    def __init__(self, zone: dict[str, Any]) -> None:
        self.zone = zone
        self.asked: list[str] = []
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        (question,) = query.question
        key = f"{question.name.to_text(omit_final_dot=True).lower()} {dns.rdatatype.to_text(question.rdtype)}"
        self.asked.append(key)
        told = self.zone.get(key, dns.rcode.NXDOMAIN)
        if told == "silence":
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        if isinstance(told, int):
            answer.set_rcode(dns.rcode.Rcode(told))
        section = answer.answer if isinstance(told, list) and told else answer.authority
        lines = told if isinstance(told, list) and told else [SOA.format(ttl=60)]
        by_owner: dict[tuple[str, str], list[list[str]]] = {}
        for line in lines:
            owner, ttl, _, kind, *rest = line.split(" ")
            by_owner.setdefault((owner, kind), []).append([ttl, " ".join(rest)])
        for (owner, kind), records in by_owner.items():
            section.append(dns.rrset.from_text(owner, int(records[0][0]), "IN", kind, *(text for _, text in records)))
        self.transport.sendto(answer.to_wire(), addr)


def asked(
    zone: dict[str, Any], questions: Callable[[Resolver, list[float]], Any], lifetime: float = 2.0
) -> tuple[Any, list[str]]:
    """Run `questions` against a server with this zone; gives its result, and what the server was asked."""

    async def story() -> tuple[Any, list[str]]:
        now = [0.0]
        transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Server(zone), local_addr=("127.0.0.1", 0)
        )
        try:
            port = transport.get_extra_info("sockname")[1]
            resolver = Resolver("127.0.0.1", port, lambda: now[0], timeout=lifetime, lifetime=lifetime)
            return await questions(resolver, now), server.asked
        finally:
            transport.close()
            await asyncio.sleep(0)

    return run(story())


MX = ["recipient.test. 300 IN MX 10 mx1.test.", "recipient.test. 300 IN MX 20 Mx2.test."]


def test_mx() -> None:
    """MX records come as preference and host, without the final dot."""
    answer, questions = asked({"recipient.test MX": MX}, lambda r, _: r.mx("recipient.test"))

    assert answer == MxAnswer(LookupResult.YES, ((10, "mx1.test"), (20, "Mx2.test")))
    assert questions == ["recipient.test MX"]


def test_null_mx() -> None:
    """The root as MX comes as the empty name."""  # T066
    answer, _ = asked({"recipient.test MX": ["recipient.test. 300 IN MX 0 ."]}, lambda r, _: r.mx("recipient.test"))

    assert answer == MxAnswer(LookupResult.YES, ((0, ""),))


def test_odd_names_are_escaped() -> None:
    """Control characters in a name come escaped, as master files write them."""  # T070 T230
    zone = {"recipient.test MX": [r"recipient.test. 300 IN MX 5 mx\027[31m.test."]}
    answer, _ = asked(zone, lambda r, _: r.mx("recipient.test"))

    assert answer.records == ((5, r"mx\027[31m.test"),)


def test_no_name_and_no_data() -> None:
    """NXDOMAIN and an empty answer are two things."""  # T067 T069
    assert asked({}, lambda r, _: r.mx("no.recipient.test"))[0].found is LookupResult.NO_NAME
    assert asked({"recipient.test MX": []}, lambda r, _: r.mx("recipient.test"))[0].found is LookupResult.NO_DATA


@pytest.mark.parametrize(("told", "why"), [(dns.rcode.SERVFAIL, "SERVFAIL"), (dns.rcode.REFUSED, "REFUSED")])
def test_trouble(told: int, why: str) -> None:
    """SERVFAIL and REFUSED are trouble, named, and not remembered."""  # T068 T228

    async def twice(resolver: Resolver, _: list[float]) -> tuple[MxAnswer, HostAnswer]:
        await resolver.mx("recipient.test")
        return await resolver.mx("recipient.test"), await resolver.host("mx.test")

    (mx, host), questions = asked({"recipient.test MX": told, "mx.test A": told}, twice)

    assert (mx.found, host.found) == (LookupResult.TROUBLE, LookupResult.TROUBLE)
    assert why in mx.why
    assert questions.count("recipient.test MX") >= 2


def test_silence() -> None:
    """A name server that says nothing is trouble within the lifetime of a question."""  # T068 T228
    answer, _ = asked({"recipient.test MX": "silence"}, lambda r, _: r.mx("recipient.test"), lifetime=0.1)

    assert answer == MxAnswer(LookupResult.TROUBLE, why="no answer in time")


def test_nobody_there() -> None:
    """A port where no name server is is trouble, too."""

    async def story() -> MxAnswer:
        return await Resolver("127.0.0.1", 9, lambda: 0.0, timeout=0.1, lifetime=0.1).mx("recipient.test")

    assert run(story()).found is LookupResult.TROUBLE


def test_host() -> None:
    """A host comes with its addresses; IPv6 is asked for where there is no IPv4."""
    zone = {
        "mx1.test A": ["mx1.test. 300 IN A 127.0.0.1", "mx1.test. 300 IN A 127.0.0.2"],
        "mx2.test A": [],
        "mx2.test AAAA": ["mx2.test. 300 IN AAAA ::1"],
    }

    async def both(resolver: Resolver, _: list[float]) -> list[HostAnswer]:
        return [await resolver.host("MX1.test"), await resolver.host("mx2.test"), await resolver.host("mx3.test")]

    answers, _ = asked(zone, both)

    assert [answer.addresses for answer in answers] == [("127.0.0.1", "127.0.0.2"), ("::1",), ()]
    assert [answer.found for answer in answers] == [LookupResult.YES, LookupResult.YES, LookupResult.NO_NAME]
    assert [answer.canonical for answer in answers] == ["", "", ""]


def test_alias() -> None:
    """An alias is followed and says what it led to."""  # T070
    zone = {"mx.test A": ["mx.test. 300 IN CNAME real.test.", "real.test. 300 IN A 127.0.0.1"]}
    answer, _ = asked(zone, lambda r, _: r.host("mx.test"))

    assert answer == HostAnswer(LookupResult.YES, ("127.0.0.1",), "real.test")


def test_alias_loop() -> None:
    """An alias that leads to itself is trouble, not a hang."""  # T218
    zone = {"a.test A": ["a.test. 300 IN CNAME b.test.", "b.test. 300 IN CNAME a.test."]}

    assert asked(zone, lambda r, _: r.host("a.test"))[0].found is LookupResult.TROUBLE


def test_answers_are_remembered() -> None:
    """An answer is remembered for its TTL by the clock of the lab, also that there is no such name; `forget` forgets."""  # T232

    async def times(resolver: Resolver, now: list[float]) -> None:
        for moment in (0.0, 59.0, 61.0, 301.0):
            now[0] = moment
            await resolver.mx("recipient.test")
            await resolver.mx("none.recipient.test")
        resolver.forget()
        await resolver.mx("recipient.test")

    _, questions = asked({"recipient.test MX": MX}, times)

    assert questions.count("recipient.test MX") == 3
    assert questions.count("none.recipient.test MX") == 3


def test_ttl_zero() -> None:
    """An answer with a TTL of zero is asked anew each time."""  # T232

    async def twice(resolver: Resolver, _: list[float]) -> None:
        await resolver.mx("recipient.test")
        await resolver.mx("recipient.test")

    assert len(asked({"recipient.test MX": ["recipient.test. 0 IN MX 1 mx.test."]}, twice)[1]) == 2


def test_names_that_dns_cannot_hold() -> None:
    """A label of 64 octets or an empty one is no name, and nobody is asked."""

    async def three(resolver: Resolver, _: list[float]) -> list[LookupResult]:
        return [(await resolver.mx(name)).found for name in ("x" * 64 + ".test", "a..test", ".".join(["x" * 60] * 5))]

    assert asked({}, three) == ([LookupResult.NO_NAME] * 3, [])


class Spoofer(asyncio.DatagramProtocol):
    """Answers every question with forgeries first: garbage, a wrong id, a wrong question; then with the truth."""

    def __init__(self) -> None:
        self.ports: set[int] = set()
        self.ids: set[int] = set()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        self.ports.add(addr[1])
        self.ids.add(query.id)
        name = query.question[0].name
        truth, forged = dns.message.make_response(query), dns.message.make_response(query)
        truth.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", "10 mx.recipient.test."))
        truth.answer.append(dns.rrset.from_text("other.test.", 60, "IN", "MX", "10 evil.test."))
        forged.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", "10 evil.test."))
        forged.id ^= 0xFFFF
        elsewhere = dns.message.make_response(dns.message.make_query("evil.test.", "MX", id=query.id))
        for wire in (b"garbage", forged.to_wire(), elsewhere.to_wire(), truth.to_wire()):
            self.transport.sendto(wire, addr)


def spoofed(questions: Callable[[Resolver], Any]) -> tuple[Any, Spoofer]:
    async def story() -> tuple[Any, Spoofer]:
        loop = asyncio.get_running_loop()
        transport, spoofer = await loop.create_datagram_endpoint(Spoofer, local_addr=("127.0.0.1", 0))
        try:
            port = transport.get_extra_info("sockname")[1]
            return await questions(Resolver("127.0.0.1", port, lambda: 0.0)), spoofer
        finally:
            transport.close()

    return run(story())


def test_forged_answers_are_passed_over() -> None:
    """Garbage, a wrong id and a wrong question are ignored, and the good answer behind them is used (T225)."""
    answer, _ = spoofed(lambda resolver: resolver.mx("recipient.test"))
    assert answer == MxAnswer(LookupResult.YES, ((10, "mx.recipient.test"),), "")


def test_records_of_other_names_are_not_remembered() -> None:
    """What an answer says about names that were not asked for is not believed (T227)."""

    async def questions(resolver: Resolver) -> tuple[Any, Any]:
        return await resolver.mx("recipient.test"), resolver._known("other.test", "MX", MxAnswer)

    (_, other), _ = spoofed(questions)
    assert other is None


def test_ports_and_ids_of_questions_cannot_be_guessed() -> None:
    """A hundred questions come from more than ninety ports with more than ninety ids (T226)."""

    async def questions(resolver: Resolver) -> None:
        for number in range(100):
            await resolver.mx(f"{number}.recipient.test")

    _, spoofer = spoofed(questions)
    assert len(spoofer.ports) > 90
    assert len(spoofer.ids) > 90
