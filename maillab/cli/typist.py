"""The talk of someone who types: a raw connection, an answer for every line, TLS done when the server says go ahead."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maillab.cli.cable import trusting
from maillab.cli.journey import Journey
from maillab.cli.keyboard import Keyboard
from maillab.cli.language import say
from maillab.cli.options import CANNOT_BIND, TIMED_OUT, USAGE, fail, tell
from maillab.cli.page import Page
from maillab.cli.taping import Tape
from maillab.client.by_hand import GOODBYE, ByHand, Endless, Place
from maillab.client.console import HELP
from maillab.config import Config
from maillab.endpoints import BusyPort
from maillab.events import Entry
from maillab.lab import Lab
from maillab.logbook import Logbook
from maillab.nameserver.zone import ZoneError
from maillab.wire.replies import why_not

SETTLING = 5.0  # seconds for messages that were typed into a lab of our own to arrive


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to talk to, whom to trust there (`anybody`: everybody), and how many seconds each answer may take."""

    place: Place
    authorities: tuple[Path, ...] = ()
    anybody: bool = False
    timeout: float = 60.0
    lang: str = "en"
    silent: str = ""  # what to say when nobody answers there


@dataclass(frozen=True, slots=True)
class Heard:
    """Octets of the server; `None` for the end of the connection."""

    data: bytes | None


@dataclass(frozen=True, slots=True)
class Typed:
    """A line of the typist; `None` for the end of the input."""

    line: bytes | None


class Trouble(Exception):  # noqa: N818 - it may be nobody's error
    """The talk ends here, with this exit code and these words."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Talk:
    """One talk from greeting to hanging up. `facts` brings what a lab of our own decides meanwhile, and then that lab's
    logbook is recorded, not what we hear ourselves.
    """

    def __init__(self, call: Call, page: Page, facts: asyncio.Queue[Any] | None, tape: Tape) -> None:
        self._call = call
        self._page = page
        self._tape = tape
        self._alone = facts is None
        self._queue: asyncio.Queue[Any] = asyncio.Queue() if facts is None else facts  # of Heard, Typed and Entry
        self._logbook = Logbook(lambda: datetime.now(UTC).timestamp())
        self._hand = ByHand(call.place, self._logbook, self._came, self._context, call.lang)
        self._keyboard: Keyboard | None = None

    async def run(self) -> int:
        """Talk; gives the exit code."""
        loop = asyncio.get_running_loop()
        try:
            await self._connect()
            await self._answer()
            self._keyboard = Keyboard(lambda line: loop.call_soon_threadsafe(self._queue.put_nowait, Typed(line)))
            self._page.keyboard = self._keyboard
            if self._keyboard.is_person:
                self._page.tell(HELP[self._call.lang])
            while not self._hand.console.over:
                if (line := await self._line()) is None or not await self._take(line):
                    return 0
            await self._goodbye()
        except Trouble as trouble:
            return fail(trouble.code, str(trouble))
        finally:
            if self._keyboard is not None:
                self._keyboard.close()
                self._page.keyboard = None
            await self._hand.close()
        return 0

    def _came(self, data: bytes | None) -> None:
        self._queue.put_nowait(Heard(data))

    async def _connect(self) -> None:
        call = self._call
        self._logbook.subscribe(self._page.said)
        if self._alone:
            self._tape.follow(self._logbook)
        try:
            async with asyncio.timeout(call.timeout):
                await self._hand.connect()
        except TimeoutError:
            raise Trouble(TIMED_OUT, f"no connection to {call.place} in {call.timeout:g} seconds") from None
        except ssl.SSLError as error:
            raise Trouble(CANNOT_BIND, self._tls_failed(error)) from error
        except OSError as error:
            text = f"no connection to {call.place}: {why_not(error)}\n"
            hint = "  is a server running there? one of your own: maillab serve"
            raise Trouble(CANNOT_BIND, call.silent or text + hint) from error

    def _context(self) -> ssl.SSLContext:
        call = self._call
        try:
            return trusting(call.authorities, anybody=call.anybody)
        except OSError as error:
            raise Trouble(USAGE, f"{', '.join(map(str, call.authorities))}: not a certificate: {error}") from error

    def _tls_failed(self, error: BaseException) -> str:
        return (
            f"TLS with {self._call.place} failed: {error}\n"
            "  name the authority to trust with --ca FILE, or trust anybody with --insecure"
        )

    async def _line(self) -> bytes | None:
        """The next typed line; what the server or the lab says meanwhile is printed."""
        assert self._keyboard is not None
        self._keyboard.ask()
        while True:
            match await self._next():
                case Typed(line):
                    if line is None:
                        self._page.remark("end", "the input has ended: hanging up without QUIT")
                    return line
                case Heard(data):
                    self._heard(data)
                    if self._hand.lost:
                        raise Trouble(1, f"{self._call.place} closed the connection")
                case Entry() as fact:
                    self._page.fact(fact)

    async def _next(self) -> Heard | Typed | Entry:
        """What comes next; even where much is waiting, Ctrl-C and time-outs have their turn first."""
        await asyncio.sleep(0)
        item: Heard | Typed | Entry = await self._queue.get()
        return item

    def _heard(self, data: bytes | None) -> bool:
        """Take note of what the server said; was it the end of the answer?"""
        try:
            return self._hand.hear(data)
        except Endless as error:
            raise Trouble(1, f"{self._call.place}: {error}") from error

    async def _take(self, line: bytes) -> bool:
        """Do what a typed line asks for; False to hang up."""
        self._page.typed = line
        async with asyncio.timeout(self._call.timeout):
            step = await self._hand.say(line)
        if step.tell:
            self._page.tell(step.tell)
        if step.mark:
            self._tape.mark(step.mark)
        if step.wait:
            await self._answer()
        return not step.leave

    async def _answer(self) -> None:
        """Wait for the whole answer to what was said, and for the handshake that may follow it."""
        try:
            async with asyncio.timeout(self._call.timeout):
                while not self._whole(await self._next()):
                    pass
        except TimeoutError:
            seconds = f"{self._call.timeout:g} seconds"
            raise Trouble(
                TIMED_OUT, f"no answer from {self._call.place} in {seconds}\n  wait longer: --timeout N"
            ) from None
        if self._hand.console.tls_due:
            await self._secure()

    def _whole(self, item: Heard | Typed | Entry) -> bool:
        """Take note of one thing; was it the end of the answer?"""
        if isinstance(item, Entry):
            self._page.fact(item)
            return False
        if isinstance(item, Typed):
            return False  # nobody was asked
        whole = self._heard(item.data)
        if self._hand.lost and not whole:
            raise Trouble(1, f"{self._call.place} closed the connection")
        return whole

    async def _secure(self) -> None:
        """The handshake, done for the typist."""
        self._page.remark("tls", "the server says go ahead: the TLS handshake is done for you")
        try:
            async with asyncio.timeout(self._call.timeout):
                await self._hand.secure()
        except (OSError, TimeoutError) as error:
            raise Trouble(CANNOT_BIND, self._tls_failed(error)) from error

    async def _goodbye(self) -> None:
        """After QUIT the server hangs up; for a moment we wait for it."""
        try:
            async with asyncio.timeout(GOODBYE):
                while not self._hand.lost:
                    self._whole(await self._next())
        except (TimeoutError, Trouble):
            pass


# ── with whom ───────────────────────────────────────────────────────────────────────────────────


def call_server(call: Call, page: Page, tape: Tape | None = None) -> int:
    """Talk to a server that runs already; gives the exit code."""
    return asyncio.run(_call_server(call, page, tape or Tape()))


async def _call_server(call: Call, page: Page, tape: Tape) -> int:
    return await Talk(call, page, None, tape).run()


def call_lab(
    config: Config,
    folder: Path,
    auto_ports: bool,
    choose: Callable[[Lab], Call],
    page: Page,
    tape: Tape | None = None,
) -> int:
    """Start a lab of our own and talk to one of its doors; messages given to it are followed to their end."""
    return asyncio.run(_call_lab(config, folder, auto_ports, choose, page, tape or Tape()))


async def _call_lab(
    config: Config, folder: Path, auto_ports: bool, choose: Callable[[Lab], Call], page: Page, tape: Tape
) -> int:
    try:
        async with Lab(config, folder, auto_ports=auto_ports) as lab:
            try:
                call = choose(lab)
            except LookupError as error:
                return fail(USAGE, f"{error.args[0]} in this configuration\n  see: maillab config")
            facts: asyncio.Queue[Any] = asyncio.Queue()
            lab.logbook.subscribe(facts.put_nowait)
            tape.follow(lab.logbook)
            tell(say(f"a lab was started for this talk; you are connected to {call.place}"))
            code = await Talk(call, page, facts, tape).run()
            await _arrivals(facts, page)
    except BusyPort as error:
        return fail(CANNOT_BIND, str(error))
    except ZoneError as error:
        return fail(USAGE, str(error))
    return code


async def _arrivals(facts: "asyncio.Queue[Any]", page: Page) -> None:
    """Messages that were taken go on their way; a moment is given to them, because the lab ends with this talk."""
    journey: Journey = page.journey
    try:
        async with asyncio.timeout(SETTLING):
            while journey.messages and not journey.settled:
                item = await facts.get()
                if isinstance(item, Entry):
                    page.fact(item)
    except TimeoutError:
        page.remark("way", "a message is still on its way; it ends with this lab")
