"""Tells a story: does its steps in a lab, one after another, as the people of the story would, on real sockets."""

import asyncio
import itertools
from collections.abc import Callable
from functools import partial

from maillab.client.answer import forward_attached, forward_inline, reply
from maillab.client.compose import Attachment, Draft, compose
from maillab.client.console import Console
from maillab.client.fields import ComposeError, Mailbox
from maillab.client.pop3 import FetchError
from maillab.client.submit import SubmitError
from maillab.events import Entry
from maillab.lab import Lab
from maillab.lab.person import fetch_mail, hand_over, read_mail
from maillab.mail.address import Address
from maillab.protocols.services import protocol_of
from maillab.stories.script import (
    Advance,
    Fetch,
    Forward,
    Look,
    Narrator,
    ReplyStep,
    Send,
    Story,
    StoryFile,
    StoryStep,
    Tell,
    Type,
    UntilTold,
    Wait,
    Watch,
    Words,
)

PATIENCE = 20.0  # seconds for one step; a story takes a second or two in all


class StoryError(Exception):
    """The story did not go as it is told; the text says where."""


class StoryTeller:
    """Tells one story in one lab. `put` is given its title, all that happens, and the narrator's words between it."""

    def __init__(self, story: Story, lab: Lab, put: Callable[[Entry | Words], None]) -> None:
        self._story = story
        self._lab = lab
        self._put = put
        self._narrator = Narrator(story.cues)
        self._numbers = itertools.count(1)
        self._read: dict[str, bytes] = {}  # account: the message that was fetched last
        self._watching: dict[str, _Watcher] = {}  # account: its program

    async def tell(self) -> None:
        """All steps. Raises `StoryError` when one does not go as told, `TimeoutError` when it takes too long."""
        self._put(self._story.title)
        self._lab.logbook.subscribe(self._hear)
        try:
            for step in self._story.steps:
                try:
                    async with asyncio.timeout(PATIENCE):
                        await self._do(step)
                except (SubmitError, FetchError, ComposeError, OSError) as error:
                    raise StoryError(str(error)) from error
        finally:
            for watcher in self._watching.values():
                await watcher.end()

    def _hear(self, entry: Entry) -> None:
        for cue in self._narrator.before(entry):
            self._put(cue)
        self._put(entry)

    async def _do(self, step: StoryStep) -> None:
        match step:
            case Tell():
                self._put(step)
            case Send():
                await self._submit(_written(step), step.service)
            case ReplyStep():
                await self._submit(self._reply(step), step.service)
            case Forward():
                await self._submit(self._forward(step), step.service)
            case Type():
                await self._type(step)
            case Fetch():
                await self._fetch(step)
            case Look():
                await self._look(step)
            case Watch():
                self._watching[step.account] = watcher = _Watcher(self._lab, step)
                await watcher.begin()
            case UntilTold():
                watcher = self._watching.pop(step.account)
                try:
                    await watcher.told()
                finally:
                    await watcher.end()
            case Wait():
                await self._wait(step)
            case Advance():
                self._lab.clock.advance(step.seconds)

    def _reply(self, step: ReplyStep) -> Draft:
        me = _mailbox(step.sender)
        return reply(self._fetched(me), me, step.text)

    def _forward(self, step: Forward) -> Draft:
        me = _mailbox(step.sender)
        forward = forward_attached if step.attached else forward_inline
        return forward(self._fetched(me), me, [_mailbox(to) for to in step.to], step.text)

    def _fetched(self, reader: Mailbox) -> bytes:
        """What somebody read last. Raises `StoryError` for one who has read nothing."""
        try:
            return self._read[str(reader.address)]
        except KeyError:
            raise StoryError(f"{reader.address} has fetched no message to answer") from None

    async def _submit(self, draft: Draft, service: str) -> None:
        me, number = draft.sender.address, next(self._numbers)
        writing = partial(
            compose,
            draft,
            now=self._lab.clock.now(),
            message_id=f"<message-{number}@laptop.{me.ascii_domain}>",
            boundary=lambda: f"=_part-{number}-{next(self._numbers)}",
        )
        await hand_over(self._lab, writing, me, service)

    async def _type(self, step: Type) -> None:
        door = self._lab.endpoint(step.site, step.service)
        reader, writer = await asyncio.open_connection(door.host, door.port)
        try:
            console, answers = Console(protocol_of(step.service)), list(step.answers)
            await _answer(reader, console)
            for line in step.lines:
                typed = console.typed(line.encode())
                writer.write(typed.send)
                await writer.drain()
                if typed.wait:
                    await self._compare(line, await _answer(reader, console), answers.pop(0))
        finally:
            writer.close()
            await writer.wait_closed()

    async def _compare(self, line: str, answer: str, expected: str) -> None:
        if not answer.startswith(expected):
            raise StoryError(f"to {line!r} the server said {answer!r}, not {expected}")

    async def _fetch(self, step: Fetch) -> None:
        fetched = await fetch_mail(self._lab, step.account, service=step.service, encrypted=step.tls, keep=step.keep)
        if len(fetched.messages) != step.messages:
            raise StoryError(f"{step.account} fetched {len(fetched.messages)} messages, not {step.messages}")
        if fetched.messages:
            self._read[step.account] = fetched.messages[-1][1]

    async def _look(self, step: Look) -> None:
        async with read_mail(self._lab, step.account, service=step.service, encrypted=step.tls) as mail:
            listing = await mail.listed(step.folder)
            if len(listing.messages) != step.messages:
                raise StoryError(f"{step.account} sees {len(listing.messages)} messages, not {step.messages}")
            newest = [message.uid for message in listing.messages[-1:]]
            if step.read:
                for uid in newest:
                    self._read[step.account] = await mail.octets(step.folder, uid)
            if flags := [*(["\\Seen"] if step.read else []), *step.flags]:
                await mail.flag(step.folder, newest, flags)
            if step.move:
                await mail.move(step.folder, newest, step.move)

    async def _wait(self, step: Wait) -> None:
        loop = asyncio.get_running_loop()
        happened = loop.create_future()
        seen = itertools.count(1)

        def read(entry: Entry) -> None:
            event = entry.event
            if type(event).__name__ != step.event:
                return
            fits = all(str(getattr(event, key)) == str(value) for key, value in step.fields.items())
            if fits and next(seen) == step.count:
                happened.set_result(None)

        leave = self._lab.logbook.subscribe(read)
        try:
            await happened
        except asyncio.CancelledError:
            raise StoryError(f"{step.event} {step.fields or ''} did not happen in time") from None
        finally:
            leave()


class _Watcher:
    """A program that watches an inbox, in a task of its own."""

    def __init__(self, lab: Lab, step: Watch) -> None:
        self._lab = lab
        self._step = step
        self._news = asyncio.Semaphore(0)
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Until it watches."""
        self._task = asyncio.get_running_loop().create_task(self._watch())
        await self.told()

    async def told(self) -> None:
        """Until it is told of something. Raises `StoryError` when it has stopped."""
        assert self._task is not None
        news = asyncio.get_running_loop().create_task(self._news.acquire())
        try:
            await asyncio.wait([news, self._task], return_when=asyncio.FIRST_COMPLETED)
            if self._task.done() and not news.done():
                raise StoryError(f"{self._step.account} watches no longer: {self._task.exception()}")
        finally:
            news.cancel()

    async def end(self) -> None:
        """It has seen enough."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _watch(self) -> None:
        step = self._step
        async with read_mail(self._lab, step.account, service=step.service, encrypted=step.tls) as mail:
            await mail.watch("INBOX", self._news.release)


def _written(step: Send) -> Draft:
    return Draft(
        sender=_mailbox(step.sender),
        to=tuple(_mailbox(to) for to in step.to),
        subject=step.subject,
        text=step.text,
        html=step.html,
        attachments=tuple(_attachment(file) for file in step.attach),
    )


def _mailbox(text: str) -> Mailbox:
    """`Bob <bob@recipient.test>` or the address alone, as the writer of a story puts it."""
    name, bracket, address = text.rpartition("<")
    return Mailbox(name.strip(), Address.parse(address.rstrip(">"))) if bracket else Mailbox("", Address.parse(text))


def _attachment(file: StoryFile) -> Attachment:
    return Attachment(file.name, file.type, file.text.encode())


async def _answer(reader: asyncio.StreamReader, console: Console) -> str:
    """One whole answer; its line that says how it went."""
    lines = [await reader.readline()]
    while lines[-1] and not console.heard(lines[-1]):
        lines.append(await reader.readline())
    status = lines[-1] if console.protocol.status_last else lines[0]
    return status.decode("utf-8", "replace").rstrip("\r\n")
