"""A small SMTP host that answers as it is told, and a sending machine around a hand-turned clock, for tests."""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from maillab.events import Entry, Event, Queued
from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.sender.bounce import Reporter
from maillab.sender.dispatcher import Dispatcher, DispatchLimits
from maillab.sender.queue import Queue
from maillab.sender.relay import Relay, RelayPolicy
from maillab.sender.retry import Schedule
from maillab.sender.route import HostAnswer, LookupResult, MxAnswer, RouteStop
from maillab.sender.waiting import Job
from maillab.wire.clock import Clock
from maillab.wire.smtp_client import Timeouts

BORN = 1_000_000_000.0
TEXT = b"Subject: hi\r\n\r\nHello\r\n"
OFFERS = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "DSN")
USUAL = {"CONNECT": "220 mx ready", "DATA": "354 go", "QUIT": "221 bye", "STARTTLS": "220 go", "AUTH": "235 ok"}


class Host:
    """Answers each verb by the next of `answers[verb]`, then as a friendly host does; "." is the end of content.

    An answer "DROP" hangs up without a word; one that begins with 421 hangs up after it. A key such as
    "RCPT <bob@recipient.test>" is looked up before its verb; a str (not a list) is said always.
    """

    def __init__(
        self,
        answers: Mapping[str, str | list[str]] | None = None,
        offers: tuple[str, ...] = OFFERS,
        tls: ssl.SSLContext | None = None,
        secure_offers: tuple[str, ...] | None = None,
        line_end: bytes = b"\r\n",
    ) -> None:
        self.line_end = line_end
        self.answers: dict[str, Any] = {
            key: value if isinstance(value, str) else list(value) for key, value in (answers or {}).items()
        }
        self.offers = offers
        self.secure_offers = offers if secure_offers is None else secure_offers
        self.tls = tls
        self.connections = 0
        self.lines: list[str] = []
        self.contents: list[bytes] = []
        self.port = 0
        self.gate = asyncio.Event()  # an answer "WAIT 250 ok" is said once this is set
        self.heard = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    def said(self, verb: str) -> list[str]:
        """What was heard that begins so."""
        return [line for line in self.lines if line.upper().startswith(verb)]

    def _answer(self, *keys: str) -> str:
        for key in keys:
            told = self.answers.get(key)
            if isinstance(told, str):
                return told
            if told:
                return str(told.pop(0))
        return USUAL.get(keys[-1], "250 2.0.0 ok")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        secure, begun, accepted = False, False, 0
        try:
            if not await self._say(writer, self._answer("CONNECT")):
                return
            while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
                self.lines.append(line)
                self.heard.set()
                verb = line.split(" ")[0].upper()
                path = line[line.find("<") : line.find(">") + 1]
                if verb == "EHLO" and "EHLO" not in self.answers:
                    offers = self.secure_offers if secure else self.offers
                    answer = "\r\n".join([*(f"250-{o}" for o in ["mx", *offers[:-1]]), f"250 {offers[-1]}"])
                elif verb == "RCPT" and not begun:
                    answer = "503 5.5.1 no sender"
                elif verb == "DATA" and not accepted and "DATA" not in self.answers:
                    answer = "503 5.5.1 no recipient"
                else:
                    answer = self._answer(f"{verb} {path}", verb)
                begun = answer.startswith("2") if verb == "MAIL" else begun and verb == "RCPT"
                accepted = 0 if verb in ("MAIL", "RSET") else accepted + (verb == "RCPT" and answer.startswith("2"))
                if not await self._say(writer, answer) or verb == "QUIT":
                    return
                if verb == "STARTTLS" and answer.startswith("220"):
                    assert self.tls is not None
                    await writer.start_tls(self.tls)
                    secure = True
                if verb == "DATA" and answer.startswith("354"):
                    content = await reader.readuntil(b"\r\n.\r\n")
                    self.contents.append(content[:-3].replace(b"\r\n..", b"\r\n."))
                    if not await self._say(writer, self._answer(".")):
                        return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _say(self, writer: asyncio.StreamWriter, answer: str) -> bool:
        if answer == "DROP":
            return False
        if answer.startswith("WAIT "):
            await self.gate.wait()
            answer = answer[5:]
        writer.write(answer.encode("latin-1").replace(b"\r\n", self.line_end) + self.line_end)
        await writer.drain()
        return not answer.startswith("421")


class Names:
    """A name server that is a dictionary: domain to MX answer; every host has an address, unless said otherwise."""

    def __init__(self) -> None:
        self.domains: dict[str, MxAnswer] = {}
        self.hosts: dict[str, HostAnswer] = {}
        self.asked: list[str] = []

    async def mx(self, domain: str) -> MxAnswer:
        self.asked.append(domain)
        return self.domains.get(domain, MxAnswer(LookupResult.NO_NAME))

    async def host(self, name: str) -> HostAnswer:
        return self.hosts.get(name, HostAnswer(LookupResult.YES, ("127.0.0.1",)))

    def forget(self) -> None:
        self.asked.append("forget")


def message(*to: str, sender: str = "alice@sender.test", content: bytes = TEXT, **more: Any) -> Message:
    """A message from alice to these people."""
    those = tuple(Recipient(Address.parse(text)) for text in to)
    return Message(Envelope(Address.parse(sender) if sender else None, those, **more), Content(content))


def hand_turned() -> Clock:
    """A clock that stands still until it is turned."""
    return Clock(BORN, steady=lambda: 0.0)


class Machine:
    """A sending machine whose name server is a dictionary and whose hosts are scripts."""

    def __init__(self, folder: Path, hosts: Mapping[str, Host], **more: Any) -> None:
        self.clock = hand_turned()
        self.book = Logbook(self.clock.now)
        self.hosts = dict(hosts)
        self.names = Names()
        self.queue = Queue(folder, self.clock.now)
        self.dialled: list[tuple[str, int]] = []
        self.numbers = itertools.count(1)
        self.relay = Relay(
            hello="out.sender.test",
            door=self._door,
            logbook=self.book,
            calling=self.dialled.append,
            timeouts=more.pop("timeouts", Timeouts.all(5)),
            policy=more.pop("policy", RelayPolicy(idle=0)),
            **more.pop("relay", {}),
        )
        self.dispatcher = Dispatcher(
            queue=self.queue,
            names=self.names,
            relay=self.relay,
            logbook=self.book,
            clock=self.clock,
            reporter=Reporter("sender.test", "out.sender.test"),
            name=lambda: f"report-{next(self.numbers)}",
            shuffle=lambda hosts: None,
            schedule=more.pop("schedule", Schedule()),
            bounds=more.pop("bounds", DispatchLimits()),
            **more,
        )

    def _door(self, stop: RouteStop) -> tuple[str, int]:
        return stop.address, self.hosts[stop.host].port

    def serve(self, domain: str, *hosts: str) -> None:
        """These hosts are the MX of the domain, in this order."""
        self.names.domains[domain] = MxAnswer(
            LookupResult.YES, tuple((10 * n, host) for n, host in enumerate(hosts, 1))
        )

    async def send(self, *messages: Message) -> None:
        """Queue messages, as submission does it."""
        async with asyncio.TaskGroup() as group:
            for one in messages:
                group.create_task(self.queue.put(one, self.clock.now(), told=self._told))

    def _told(self, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            self.book.append(Queued(job.ident, job.message, job.domain, job.names))

    async def until(self, kind: type[Event], count: int = 1) -> list[Any]:
        """Wait until so many events of this kind were written; gives them all."""
        enough = asyncio.Event()

        def read(entry: Entry) -> None:
            if len(self.all(kind)) >= count:
                enough.set()

        leave = self.book.subscribe(read)
        try:
            async with asyncio.timeout(10):
                await enough.wait()
        except TimeoutError:
            raise AssertionError("\n".join(map(str, self.events()))) from None
        finally:
            leave()
        return self.all(kind)

    def all(self, kind: type[Event]) -> list[Any]:
        """Every event of this kind."""
        return [event for event in self.events() if isinstance(event, kind)]

    def events(self) -> list[Event]:
        """Every event so far."""
        return [entry.event for entry in self.book.since(0)]


@asynccontextmanager
async def machine(folder: Path, hosts: Mapping[str, Host] | None = None, **more: Any) -> AsyncIterator[Machine]:
    """A running machine; the first host is the MX of recipient.test, the reports' domain is always served."""
    hosts = {"mx.recipient.test": Host()} if hosts is None else dict(hosts)
    hosts.setdefault("mx.sender.test", Host())
    it = Machine(folder, hosts, **more)
    it.serve("recipient.test", *(name for name in hosts if name != "mx.sender.test"))
    it.serve("sender.test", "mx.sender.test")
    for host in hosts.values():
        await host.start()
    assert await it.queue.open() == ()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(it.dispatcher.run())
            try:
                yield it
            finally:
                await it.dispatcher.close()
    finally:
        await it.queue.close()
        for host in hosts.values():
            await host.stop()
