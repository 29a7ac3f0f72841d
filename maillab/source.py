"""A configuration file as a person wrote it: read within bounds, and every complaint with its file, line and key.

>>> source, table = read(b'sites = "x"', "lab.toml")
>>> str(source.error(("sites",), "expected tables"))
'lab.toml:1: `sites`: expected tables'
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_OCTETS = 65_536  # a larger file is refused unread: the stdlib's TOML reader is slow on hostile input (T298)

Key = tuple[str | int, ...]  # the way to a value: names of tables, places in lists

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_DOTTED = rf"((?:{_PART.pattern})(?:\s*\.\s*(?:{_PART.pattern}))*)"
_HEADER = re.compile(rf"\s*(\[\[?)\s*{_DOTTED}\s*\]\]?\s*(?:#.*)?\Z")
_ASSIGNED = re.compile(rf"\s*{_DOTTED}\s*=")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_AT = re.compile(r"(.*) \(at line (\d+), column (\d+)\)\Z", re.DOTALL)


class ConfigError(ValueError):
    """The configuration cannot be used; the text names file, line, key, and what was expected."""


class Source:
    """Where a configuration comes from: a name, and the text where there is one."""

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self._text = text

    def error(self, key: Key, complaint: str) -> ConfigError:
        """A complaint about a value."""
        line = line_of(self._text, key) if self._text else 0
        return ConfigError(f"{self.name}{f':{line}' if line else ''}: `{spelled(key)}`: {complaint}")


def read_file(path: Path) -> bytes:
    """What a file holds, and one octet more than is allowed of one that is too large. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(MAX_OCTETS + 1)


def read(octets: bytes, name: str) -> tuple[Source, dict[str, Any]]:
    """Read TOML; `name` is what a complaint calls the file. Raises `ConfigError`."""
    if len(octets) > MAX_OCTETS:
        raise ConfigError(f"{name}: larger than {MAX_OCTETS} bytes: this is not a configuration")
    text = _text(octets, name)
    try:
        return Source(name, text), tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{name}: not TOML: nested too deeply") from None
    except ValueError as error:
        where = _AT.match(str(error))
        line, what = (f":{where[2]}", f"{where[1]}, column {where[3]}") if where else ("", str(error))
        raise ConfigError(f"{name}{line}: not TOML: {what[:1].lower()}{what[1:]}") from error


def _text(octets: bytes, name: str) -> str:
    """UTF-8, with or without the mark that some editors of Windows put first."""
    for mark, encoding in _BOMS.items():
        if octets.startswith(mark):
            if encoding != "utf-8":
                raise ConfigError(f"{name}: written in {encoding}; TOML is UTF-8: save the file as UTF-8")
            octets = octets.removeprefix(mark)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        wrong = octets[error.start]
        raise ConfigError(f"{name}:{line}: byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8") from error


def spelled(key: Key) -> str:
    """A key as people write it; the first of a list is 0, as in most languages.

    >>> spelled(("sites", 0, "people", 1, "name"))
    'sites[0].people[1].name'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in key).removeprefix(".")


def parsed(path: str) -> Key:
    """Read such a key again, as far as it can be known.

    >>> parsed("sites[0].hosts[...]")
    ('sites', 0, 'hosts')
    """
    steps: list[str | int] = []
    for step in _STEP.finditer(path):
        if step[2] == "...":
            break
        steps.append(int(step[2]) if step[2] else step[1])
    return tuple(steps)


def line_of(text: str, key: Key) -> int:
    """The line (from 1) that says the value at this key, or what is nearest around it; 0 where nothing does.

    >>> line_of("[[sites]]\\n[[sites]]\\npeople = [{name = 'b'}]", ("sites", 1, "people", 0, "name"))
    3
    """
    best, length = 0, 0
    for number, written in _written_keys(text):
        if len(written) > length and written == key[: len(written)]:
            best, length = number, len(written)
    return best


def _written_keys(text: str) -> Iterator[tuple[int, Key]]:
    """Each line that begins a table or a value, with its key."""
    table: Key = ()
    counts: dict[Key, int] = {}
    quotes = ""  # of a text of several lines that has not ended
    for number, line in enumerate(text.split("\n"), 1):
        if quotes:
            quotes = quotes if quotes not in line else ""
            continue
        header, assigned = _HEADER.match(line), _ASSIGNED.match(line)
        if assigned:
            yield number, (*table, *_steps(assigned[1]))
            rest = line[assigned.end() :]
            quotes = next((mark for mark in ('"""', "'''") if rest.count(mark) % 2), "")
        elif header:
            table = _placed(_steps(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield number, table


def _placed(steps: Key, counts: dict[Key, int]) -> Key:
    """A table below lists of tables belongs to the last one of each."""
    placed: Key = ()
    for place, step in enumerate(steps):
        placed = (*placed, step)
        if placed in counts and place < len(steps) - 1:
            placed = (*placed, counts[placed])
    return placed


def _steps(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
