"""A site that runs in a process of its own, as its lab sees it."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable

from maillab.endpoints import BusyPort, Endpoint
from maillab.lab.apart.channel import Channel
from maillab.lab.apart.words import (
    CannotOpen,
    CloseDoors,
    Doors,
    NewsWaits,
    OpenDoors,
    Order,
    Rest,
    SendMail,
    SiteAnswer,
    SiteNews,
    TellNews,
)

PATIENCE = 10.0  # seconds in which a process answers, and then ends, once its lab is closing

# imports what is imported here: `-m` would look in the current folder first, where another maillab may lie
_PROGRAM = f"import sys; sys.path[:] = sys.argv[2:]; from {__package__} import site_process as it; it.main(sys.argv[1])"


class SiteIsGone(ConnectionError):  # noqa: N818 - named for what happened
    """The process of a site has ended, and nobody had told it to."""


class SiteApart:
    """From `start` until `end`. `ring` is called when the site has something to tell, or is gone. `inherited` are
    descriptors that its process holds open, too: the lock of the folder is not free before the last process has ended.
    """

    def __init__(self, start: OpenDoors, inherited: tuple[int, ...], ring: Callable[[], None]) -> None:
        self.domain = start.config.sites[start.index].domain
        self.endpoints: tuple[Endpoint, ...] = ()
        self.guest_users: tuple[str, ...] = ()
        self.is_gone = False
        self.was_stuck = False  # and was ended for that
        self._start = start
        self._inherited = inherited
        self._ring = ring
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._answers: asyncio.Queue[SiteAnswer | None] = asyncio.Queue()  # `None`: there will be no more
        self._asking = asyncio.Lock()  # one order is answered before the next is given
        self._patience: float | None = None  # of a lab that is open: a process that was stopped may go on (SIGCONT)
        self._waiting: asyncio.Timeout | None = None  # for an answer

    async def start(self) -> None:
        """Start the process; it hears no signal that the lab holds back now. Raises `OSError`."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), *sys.path,
                stdin=DEVNULL, stdout=DEVNULL, pass_fds=(theirs.fileno(), *self._inherited),
            )  # fmt: skip
        self._channel = await Channel.on(ours)

    async def open(self, tasks: asyncio.TaskGroup) -> None:
        """Wait until its doors are open. Raises `BusyPort`, `OSError`."""
        assert self._channel is not None
        tasks.create_task(self._listen(self._channel))
        answer = await self._ask(self._start)
        if isinstance(answer, CannotOpen):
            error = OSError(answer.number, answer.text)
            if answer.service:
                raise BusyPort(answer.service, answer.port, error) from error
            raise error
        assert isinstance(answer, Doors)
        self.endpoints, self.guest_users = answer.endpoints, answer.guests

    async def send(self, names_port: int, hosts: dict[str, int]) -> None:
        """Start the outgoing half of the sending machine. Raises `SiteIsGone`."""
        await self._ask(SendMail(names_port, hosts))

    async def news(self) -> SiteNews:
        """What it wrote down since the last time. Raises `SiteIsGone`."""
        answer = await self._ask(TellNews())
        assert isinstance(answer, SiteNews)
        return answer

    async def rest(self) -> None:
        """Nothing new is begun; as `RunningSite.rest`."""
        await self._told(Rest())

    async def close(self) -> None:
        """Doors, queue, mailboxes; nothing that was taken is lost. It still tells its news."""
        await self._told(CloseDoors())

    def hurry(self) -> None:
        """The lab is closing: from now on a process that owes an answer for too long is ended."""
        self._patience = PATIENCE
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time() + PATIENCE)

    async def end(self) -> None:
        """Hang up, and wait for the process."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def _told(self, order: Order) -> None:
        """One that is gone need not be told."""
        try:
            await self._ask(order)
        except SiteIsGone:
            pass

    async def _ask(self, order: Order) -> SiteAnswer:
        async with self._asking:
            if self._channel is None or self.is_gone:
                raise SiteIsGone(f"the process of {self.domain} has ended")
            self._channel.say(order)
            answer = await self._answer()
        if answer is None:
            raise SiteIsGone(f"the process of {self.domain} has ended")
        return answer

    async def _answer(self) -> SiteAnswer | None:
        try:
            async with asyncio.timeout(self._patience) as self._waiting:
                return await self._answers.get()
        except TimeoutError:
            assert self._process is not None
            self.is_gone = self.was_stuck = True
            self._process.kill()  # as at any moment: what it has taken is on the disk
            return None
        finally:
            self._waiting = None

    async def _listen(self, channel: Channel) -> None:
        try:
            while True:
                said = await channel.hear()
                if isinstance(said, NewsWaits):
                    self._ring()
                else:
                    self._answers.put_nowait(said)
        except EOFError:
            self.is_gone = True
            self._answers.put_nowait(None)
            self._ring()
