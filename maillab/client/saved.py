"""Messages that somebody has saved: one a file (.eml), many in a file (mbox, RFC 4155), many in a folder (Maildir).

Rules for this file: it reads what it is given and writes nothing; one message at a time is in memory. Octets stay what
they are, but for what an mbox added to them: the line before each message, and the > before a line that begins like it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LARGEST = 134_217_728  # octets of one message
LINE = 65_536  # octets that are read at once

_FROM = re.compile(rb"From [^\r\n]*[0-9]{1,2}:[0-9]{2}[^\r\n]*\r?\n\Z")  # a moment tells it from a sentence
_QUOTED = re.compile(rb">+From ")


class SavedError(ValueError):
    """What was named holds no messages that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """One message, and what it is called: its file, with its number in an mbox."""

    name: str
    octets: bytes


def messages_in(path: Path) -> Iterator[SavedMessage]:
    """The messages of a file or a folder, or of the Maildirs below it, in order. Raises `SavedError`, `OSError`."""
    if not path.is_dir():
        with path.open("rb") as stream:
            yield from messages_of(stream, str(path))
        return
    files = sorted(_files(path), key=lambda file: (file.name, file.parent.name))
    files = files or sorted(_in_maildirs_below(path), key=lambda file: (file.name, file.parent))
    if not files:
        raise SavedError(f"no messages in {path}: it is no Maildir, and no file in it ends in .eml or .mbox")
    for file in files:
        yield from messages_in(file)


def messages_of(stream: BinaryIO, name: str) -> Iterator[SavedMessage]:
    """The messages of a stream: all of an mbox, or the one that it is. Raises `SavedError`, `OSError`."""
    lines = _lines(stream, name)
    first = next(lines, b"")
    if not first:
        raise SavedError(f"{name} is empty")
    if not first.startswith(b"From "):
        yield SavedMessage(name, b"".join([first, *lines]))
        return
    number, held, blank = 1, list[bytes](), False
    for line in lines:
        if blank and _FROM.match(line):
            yield SavedMessage(f"{name}, message {number}", b"".join(held[:-1]))  # the blank line is the mbox's own
            number, held, blank = number + 1, [], False
            continue
        blank = line in (b"\n", b"\r\n")
        held.append(line[1:] if _QUOTED.match(line) else line)
    if blank:
        held.pop()
    yield SavedMessage(name if number == 1 else f"{name}, message {number}", b"".join(held))


def _files(folder: Path) -> Iterator[Path]:
    """The files of messages in a folder: those of a Maildir, or those that are called so."""
    maildir = [folder / part for part in ("new", "cur") if (folder / part).is_dir()]
    for place in maildir or [folder]:
        for file in place.iterdir():
            if file.is_file() and not file.name.startswith(".") and (maildir or file.suffix in (".eml", ".mbox")):
                yield file


def _in_maildirs_below(folder: Path) -> Iterator[Path]:
    """The files of all Maildirs in the folders of a folder: that in which a lab keeps its mail has one a person."""
    for place in sorted(folder.rglob("new")):
        if place.is_dir() and (place.parent / "cur").is_dir():
            yield from _files(place.parent)


def _lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Lines with their ends, long ones in pieces."""
    size, begins = 0, True
    while line := stream.readline(LINE):
        size = 0 if begins and line.startswith(b"From ") else size + len(line)
        begins = line.endswith(b"\n")
        if size > LARGEST:
            raise SavedError(f"{name}: a message of more than {LARGEST >> 20} MiB")
        yield line
