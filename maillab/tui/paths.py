"""Files as they are typed: how a path may go on, and how far there is only one way.

Rules for this file: it looks into folders and changes nothing; a folder that cannot be read holds nothing.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from maillab.folder import path_of

MOST = 200  # names of a folder that are looked at


def completions(text: str) -> list[str]:
    """What a path that is being typed may become: folders end with a slash, hidden files only where a dot was typed.

    What was typed stays as it is written: `~` stays `~`.
    """
    begun = text.rpartition("/")[2]
    before = text[: len(text) - len(begun)]
    try:
        with os.scandir(path_of(before) if before else Path()) as entries:
            names = [
                entry.name + "/" * entry.is_dir()
                for entry in entries
                if entry.name.startswith(begun) and (begun or not entry.name.startswith("."))
            ]
    except (OSError, ValueError):
        return []
    return [before + name for name in sorted(names, key=lambda name: (name.lower(), name))[:MOST]]


def common(ways: Sequence[str]) -> str:
    """The longest beginning that all of them have.

    >>> common(["notes/may.txt", "notes/march.txt"]), common([])
    ('notes/ma', '')
    """
    return os.path.commonprefix(list(ways))  # noqa: RUF071 - of names as well, not of folders only
