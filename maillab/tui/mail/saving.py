"""A message or a file of one, written where a person says: under a safe name, and never over what is there."""

import errno
from pathlib import Path

from maillab import durable
from maillab.folder import path_of
from maillab.mail.decode import safe_name

MOST = 1_000  # files of one name


def proposed(name: str) -> str:
    """A place to propose: this folder, and a name that no stranger can bend (T253)."""
    return str(Path.cwd() / safe_name(name))


def save(where: str, octets: bytes) -> Path:
    """Write it; gives the name that it has, with a number where the name was taken. Raises `OSError`."""
    path = path_of(where)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    for number in range(MOST):
        target = path.with_name(f"{path.stem}-{number}{path.suffix}") if number else path
        try:
            durable.write_new(target, octets)
        except FileExistsError:
            continue
        durable.sync_folder(target.parent)
        return target
    raise FileExistsError(errno.EEXIST, "a thousand files of this name are there", str(path))
