"""A lab in a thread of its own: whoever started it goes on, and asks it for things from any other thread.

Rules for this file: what is asked for is done in the lab's loop, never in the asker's thread. Of the lab itself
only values that are replaced whole may be read from outside: logbook, clock, endpoints, accounts, configuration,
folder, which doors are open and which queues are held.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from maillab.config import Config
from maillab.durable import promising
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.wire.tls import Issuer

T = TypeVar("T")

Beside = Callable[[Lab], AbstractAsyncContextManager[object]]  # what is open while the lab is, in its loop


class Running:
    """A lab that runs from `start` to `stop`. `path` is its folder, None for a temporary one.

    Without `durable` nothing waits for the disk, and a crash may lose mail. `issuer` is the certificate authority of a
    folder that has none yet. What is opened `beside` the lab is open before it counts as started.
    """

    def __init__(
        self,
        config: Config,
        path: Path | None,
        *,
        auto_ports: bool,
        durable: bool = True,
        issuer: Issuer | None = None,
        beside: Beside = nullcontext,
    ) -> None:
        self._config = config
        self._path = path
        self._auto = auto_ports
        self._durable = durable
        self._issuer = issuer
        self._beside = beside
        self._thread = threading.Thread(target=self._run, name="maillab", daemon=True)
        self._ready, self._unwanted = threading.Event(), threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._lab: Lab | None = None
        self.failure: BaseException | None = None  # what ended it, where that was not `stop`

    def start(self) -> None:
        """Open every door; comes back when they are open. Raises what `LabFolder` and `Lab` raise."""
        self._thread.start()
        self._ready.wait()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """Close everything, and wait for it, also where it still opens; nothing that was taken is lost."""
        self._unwanted.set()
        if self._loop is not None and self._over is not None and self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._over.set)
            except RuntimeError:  # the loop ended by itself
                pass
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def lab(self) -> Lab:
        """The lab, once it has started."""
        assert self._lab is not None
        return self._lab

    @property
    def started(self) -> Lab | None:
        """The lab as soon as it begins to open its doors; `None` before."""
        return self._lab

    @property
    def alive(self) -> bool:
        """Are its doors open, and can it be asked?"""
        return self._loop is not None and self._thread.is_alive()

    def ask(self, work: Callable[[Lab], Coroutine[Any, Any, T]]) -> "Future[T]":
        """Do something in the lab's loop; the future has what comes of it. Raises `RuntimeError` when it has ended."""
        if self._loop is None or not self.alive:
            raise RuntimeError("the lab does not run")
        return asyncio.run_coroutine_threadsafe(work(self.lab), self._loop)

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - it belongs to who started it, in another thread
            self.failure = error
        finally:
            self._ready.set()

    async def _live(self) -> None:
        with promising(self._durable), LabFolder(self._path) as folder:
            self._lab = Lab(self._config, folder.path, auto_ports=self._auto, more_doors=True, issuer=self._issuer)
            async with self._lab, self._beside(self._lab):
                await self._lab.announce()
                self._over, self._loop = asyncio.Event(), asyncio.get_running_loop()
                self._ready.set()
                if not self._unwanted.is_set():  # while the doors were being opened
                    await self._over.wait()
