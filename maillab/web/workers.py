"""The few threads in which answers are worked out, in the order of the questions.

They are the door's own: whoever logs in or reads a mailbox over IMAP never waits behind what a hundred clients search.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_POOL = ThreadPoolExecutor(3, thread_name_prefix="http")


async def in_thread(work: Callable[[], T]) -> T:
    """Do in a thread what may read files. Raises what it raises."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, work)
