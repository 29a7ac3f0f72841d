"""The talk of someone who types: a raw connection, an answer for every line, TLS done when the server says go ahead."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from maillab.cli.language import say
from maillab.cli.options import CANNOT_BIND, TIMED_OUT, USAGE, fail, tell
from maillab.cli.record_option import OptionalRecord
from maillab.cli.sending import in_loop, now
from maillab.cli.talk_output import TalkOutput
from maillab.cli.trust import trusting
from maillab.cli.typed_lines import Keyboard
from maillab.client.by_hand import GOODBYE, ByHand, ServiceAddress
from maillab.config import Config
from maillab.lab import Lab
from maillab.logbook import Logbook
from maillab.views.gloss import Lang
from maillab.wire.reply_reader import why_not

T = TypeVar("T")

SETTLING = 5.0  # seconds for messages that were typed into a lab of our own to arrive


@dataclass(frozen=True, slots=True)
class TalkOptions:
    """Whom to talk to, whom to trust there (`anybody`: everybody), and how many seconds each answer may take."""

    place: ServiceAddress
    authorities: tuple[Path, ...] = ()
    anybody: bool = False
    timeout: float = 60.0
    lang: Lang = "en"
    silent: str = ""  # what to say when nobody answers there


class Trouble(Exception):  # noqa: N818 - it may be nobody's error
    """The talk ends here, with this exit code and these words."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class TypedTalk:
    """One talk from greeting to hanging up. Not `recorded` is what we hear of a lab of our own: its logbook is."""

    def __init__(self, call: TalkOptions, page: TalkOutput, tape: OptionalRecord, *, recorded: bool = True) -> None:
        self._call = call
        self._page = page
        self._tape = tape
        self._logbook = Logbook(now)
        self._hand = ByHand(call.place, self._logbook, self._context, call.lang)
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()  # that were typed; `None` for the end of the input
        self._answered = asyncio.Event()
        self._logbook.subscribe(page.said)
        if recorded:
            tape.follow(self._logbook)

    async def run(self) -> int:
        """Talk; gives the exit code."""
        try:
            await self._connect()
            listening = asyncio.get_running_loop().create_task(self._listen())
            try:
                await self._converse(listening)
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError, Trouble):
                    await listening
        except Trouble as trouble:
            return fail(trouble.code, str(trouble))
        finally:
            await self._hand.close()
        return 0

    async def _converse(self, listening: "asyncio.Task[None]") -> None:
        """Lines and answers, until one side hangs up. Raises `Trouble`."""
        loop = asyncio.get_running_loop()
        await self._answer(listening)
        keyboard = Keyboard(lambda line: loop.call_soon_threadsafe(self._lines.put_nowait, line))
        self._page.keyboard = keyboard
        try:
            if keyboard.is_person:
                self._page.tell(self._hand.console.help)
            while not self._hand.console.over:
                keyboard.ask()
                line = await _first(self._lines.get(), listening)
                if line is None:
                    self._page.tell(say(f"the input has ended: hanging up without {self._goodbye}"))
                if line is None or not await self._take(line, listening):
                    return
            await asyncio.wait([listening], timeout=GOODBYE)  # after QUIT the server hangs up
        finally:
            keyboard.close()
            self._page.keyboard = None

    @property
    def _goodbye(self) -> str:
        """What ends a talk of this protocol."""
        return next((row.name for row in self._call.place.protocol.verbs.values() if row.ends), "QUIT")

    async def _connect(self) -> None:
        call = self._call
        try:
            async with asyncio.timeout(call.timeout):
                await self._hand.connect()
        except TimeoutError:
            raise Trouble(TIMED_OUT, f"no connection to {call.place} in {call.timeout:g} seconds") from None
        except ssl.SSLError as error:
            raise Trouble(CANNOT_BIND, self._tls_failed(error)) from error
        except OSError as error:
            if call.silent:
                raise Trouble(CANNOT_BIND, call.silent) from error
            hint = "is a server running there? To start your own: maillab serve"
            raise Trouble(CANNOT_BIND, f"no connection to {call.place}: {why_not(error)}\n  {hint}") from error

    def _context(self) -> ssl.SSLContext:
        call = self._call
        try:
            return trusting(call.authorities, anybody=call.anybody)
        except OSError as error:
            raise Trouble(USAGE, f"{', '.join(map(str, call.authorities))}: not a certificate: {error}") from error

    def _tls_failed(self, error: BaseException | str) -> str:
        return (
            f"TLS with {self._call.place} failed: {error}\n"
            "  name the authority to trust with --ca FILE, or trust anybody with --insecure"
        )

    async def _listen(self) -> None:
        """Hear the server, until it hangs up; the handshake is done when it says go ahead. Raises `Trouble`."""
        while not self._hand.lost:
            try:
                replied = await self._hand.hear()
            except OSError as error:
                raise Trouble(1, f"{self._call.place}: {error}") from error
            if self._hand.console.deflate_due:
                self._page.tell(say("both sides deflate from here on: that is done for you"))
            if self._hand.console.tls_due:
                self._page.tell(say("the server says go ahead: the TLS handshake is done for you"))
                try:
                    await self._hand.secure()
                except OSError as error:
                    raise Trouble(CANNOT_BIND, self._tls_failed(error)) from error
            if replied:
                self._answered.set()
        raise self._closed()

    async def _take(self, line: bytes, listening: "asyncio.Task[None]") -> bool:
        """Do what a typed line asks for; False to hang up. Raises `Trouble`."""
        self._page.typed = line
        self._answered.clear()
        try:
            async with asyncio.timeout(self._call.timeout):
                step = await self._hand.say(line)
        except TimeoutError:
            raise self._too_late() from None
        except OSError:
            raise self._closed() from None
        if step.tell:
            self._page.tell(step.tell)
        if step.mark:
            self._tape.mark(step.mark)
        if step.wait:
            await self._answer(listening)
        return not step.leave

    async def _answer(self, listening: "asyncio.Task[None]") -> None:
        """Wait for the whole answer to what was said, and for the handshake that may follow it. Raises `Trouble`."""
        try:
            async with asyncio.timeout(self._call.timeout):
                await _first(self._answered.wait(), listening)
        except TimeoutError:
            raise self._too_late() from None

    def _too_late(self) -> Trouble:
        place, seconds = self._call.place, self._call.timeout
        if self._hand.console.tls_due:
            return Trouble(CANNOT_BIND, self._tls_failed(f"no handshake in {seconds:g} seconds"))
        return Trouble(TIMED_OUT, f"no answer from {place} in {seconds:g} seconds\n  wait longer: --timeout N")

    def _closed(self) -> Trouble:
        return Trouble(1, f"{self._call.place} closed the connection")


async def _first(wanted: Coroutine[Any, Any, T], listening: "asyncio.Task[None]") -> T:
    """What is waited for, unless the server hangs up before: then `Trouble` is raised."""
    waiting = asyncio.get_running_loop().create_task(wanted)
    try:
        await asyncio.wait([waiting, listening], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            listening.result()
        return await waiting
    finally:
        waiting.cancel()


# ── with whom ───────────────────────────────────────────────────────────────────────────────────


@in_loop
async def call_server(call: TalkOptions, page: TalkOutput, tape: OptionalRecord) -> int:
    """Talk to a server that runs already; gives the exit code."""
    return await TypedTalk(call, page, tape).run()


@in_loop
async def call_lab(
    config: Config,
    folder: Path,
    auto_ports: bool,
    choose: Callable[[Lab], TalkOptions],
    page: TalkOutput,
    tape: OptionalRecord,
) -> int:
    """Start a lab of our own and talk to one of its doors; messages given to it are followed to their end."""
    async with Lab(config, folder, auto_ports=auto_ports) as lab:
        try:
            call = choose(lab)
        except LookupError as error:
            return fail(USAGE, f"{error.args[0]} in this configuration\n  see: maillab config")
        leave = lab.logbook.subscribe(page.fact)
        tape.of(lab)
        tape.follow(lab.logbook)
        tell(say(f"a lab was started for this conversation; you are connected to {call.place}"))
        code = await TypedTalk(call, page, tape, recorded=False).run()
        await _arrivals(lab.logbook, page)
        leave()
    return code


async def _arrivals(logbook: Logbook, page: TalkOutput) -> None:
    """Messages that were taken go on their way; a moment is given to them, because the lab ends with this talk."""
    settled = asyncio.Event()
    leave = logbook.subscribe(lambda _: settled.set() if page.journey.settled else None, past=False)
    try:
        async with asyncio.timeout(SETTLING):
            while page.journey.messages and not page.journey.settled:
                await settled.wait()
                settled.clear()
    except TimeoutError:
        page.tell(say("a message is still on its way; it ends with this lab"))
    finally:
        leave()
