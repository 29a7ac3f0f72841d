"""Every call by which a program changes files, and every octet that it sends to anybody, as strace tells it.

One line of the log is one call that has ended, or the beginning or the end of one during which others ended: a call has
a place where it began and one where it ended, both counted in lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHANGES = (
    "open", "openat", "creat", "close", "dup", "dup2", "dup3", "lseek",
    "write", "writev", "pwrite64", "pwritev", "pwritev2", "ftruncate", "truncate", "fallocate", "copy_file_range", "sendfile",
    "fsync", "fdatasync", "sync_file_range", "syncfs", "sync",
    "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat",
    "mkdir", "mkdirat", "rmdir",
)  # fmt: skip
SENDS = ("sendto", "sendmsg")

_LINE = re.compile(r"(\d+) +(.*)", re.DOTALL)
_BEGUN = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<.*>)?(?: \w+ \(.*\))?\s*\Z", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR = re.compile(r"(AT_FDCWD|\d+)<")
_PEER = re.compile(r"<TCP(?:v6)?:\[[^\]]*->[\d.:\[\]]*?:(\d+)\]>")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that has ended well: its words as strace has them, and what it gave."""

    name: str
    words: str
    gave: int
    began: int
    ended: int
    thread: int = 0

    @property
    def texts(self) -> list[bytes]:
        """Every octet string among its words: paths, what is written."""
        return [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(self.words)]

    @property
    def descriptors(self) -> list[int]:
        """Every descriptor among its words; the working folder is -100, as in C."""
        return [-100 if word == "AT_FDCWD" else int(word) for word in _DESCRIPTOR.findall(self.words)]

    @property
    def numbers(self) -> list[int]:
        """What stands at its end, in numbers."""
        return [int(word) for word in re.findall(r", (-?\d+)(?=,|\Z)", self.words)]

    @property
    def peer(self) -> int:
        """The port of whoever is at the other end of the connection; 0 where it is none."""
        found = _PEER.search(self.words)
        return int(found[1]) if found else 0


def command(log: Path, *, kill: str = "") -> list[str]:
    """What stands before a command line so that its calls are written to `log`. `kill` is one of them: "fsync:3" is the
    third in any of its threads, and the last thing that it does.
    """
    wanted = ",".join((*CHANGES, *SENDS))
    command = ["strace", "-f", "-qq", "-xx", "-yy", "-s", "9999999", "-e", "signal=none"]
    command += ["-o", str(log), "-e", f"trace={wanted}"]
    if not kill:
        return [*command, "--seccomp-bpf"]  # much faster; but then strace forgets the signal at most calls
    name, _, when = kill.partition(":")
    return [*command, "-e", f"inject={name}:signal=KILL:when={when}"]


def read(log: Path) -> list[Call]:
    """The calls that ended well, in the order in which they ended."""
    with log.open(encoding="ascii", errors="replace") as file:
        return [call for call in _calls(file) if call.gave >= 0]


def _calls(lines: Sequence[str] | Iterator[str]) -> Iterator[Call]:
    begun: dict[str, tuple[str, int]] = {}  # by thread
    for number, line in enumerate(lines):
        match = _LINE.match(line.rstrip("\n"))
        if match is None:
            continue
        thread, text = match.groups()
        began = number
        if text.endswith(_BEGUN):
            begun[thread] = text.removesuffix(_BEGUN), number
            name, _, words = text.removesuffix(_BEGUN).partition("(")
            if name == "close":  # others may be given its number before it has ended
                yield Call(name, words, 0, number, number)
            elif name in ("fsync", "fdatasync"):
                yield Call(f"{name}_begun", words, 0, number, number)
            continue
        if resumed := _RESUMED.match(text):
            first, began = begun.pop(thread)
            if resumed[1] == "close":
                continue
            text = first + resumed[2]
        if call := _CALL.match(text):
            yield Call(call[1], call[2], int(call[3]), began, number, int(thread))
