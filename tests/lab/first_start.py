"""Run as a program: kills the first start of a lab after some of its operations on files, and starts it again.

    python tests/lab/first_start.py FOLDER EVERY

Every EVERYth operation is tried. Prints how many there are; a lab that does not start again is an AssertionError.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from maillab.config import Config, Person, Site
from maillab.folder import LabFolder
from maillab.lab import Lab
from tests.disk import TELL, in_child

ONE_SITE = Config((Site("recipient.test", (Person("bob", "bob"),)),))


async def start(path: Path, told: int) -> None:
    """A lab opens its doors; tell whether its certificates are good and each of its folders is private."""
    with LabFolder(path / "data" / "lab") as folder:
        async with Lab(ONE_SITE, folder.path, auto_ports=True) as lab:
            lab.authority.client()
            TELL(told, await asyncio.to_thread(_modes, path))


def _modes(path: Path) -> bytes:
    modes = {entry.stat().st_mode & 0o777 for entry in path.rglob("*") if entry.is_dir()}
    return b"private" if modes == {0o700} else repr(modes).encode()


def check(base: Path, every: int) -> int:
    """Every place to die, until the start comes to its end."""
    for after in itertools.count(0, every):
        path = base / str(after)
        path.mkdir(mode=0o700)
        code, _ = in_child(start, path, after)
        assert code in (0, 9), f"after {after} operations: exit {code}"
        assert in_child(start, path) == (0, b"private"), f"after {after} operations the lab does not start again"
        if code == 0:
            return after
    raise AssertionError


if __name__ == "__main__":
    print(check(Path(sys.argv[1]), int(sys.argv[2])))
