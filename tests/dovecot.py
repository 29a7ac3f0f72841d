"""A Dovecot with bob's Maildir, in a folder of its own: as a tool, as one talk over pipes, or as what a server is made of.

The system's configuration is neither read nor touched. Dovecot never works as root: for root, the files are nobody's.
"""

import os
import select
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support import need

NOBODY = 65534
CONFIGURATION = """\
log_path = {folder}/log
base_dir = {folder}/run
state_dir = {folder}/state
protocols = imap
mail_location = maildir:{maildir}{options}
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = no
namespace inbox {{
  inbox = yes
  separator = /
{folders}}}
"""
SECONDS = 30.0  # for an answer


def configuration(folder: Path, maildir: Path, *, options: str = "", made: Sequence[str] = ()) -> str:
    """The text of a dovecot.conf; `options` of the Maildir ("INDEX=MEMORY"), and folders that are `made` at once."""
    return CONFIGURATION.format(
        folder=folder,
        maildir=maildir,
        options=f":{options}" if options else "",
        user=reader(),
        folders="".join(f"  mailbox {name} {{\n    auto = create\n  }}\n" for name in made),
    )


def reader() -> int:
    """As whom it works."""
    return NOBODY if os.getuid() == 0 else os.getuid()


def own(folder: Path) -> None:
    """What lies in the folder is the user's as whom it works."""
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


class Dovecot:
    """Works on `maildir`, which lies in `folder`."""

    def __init__(self, folder: Path, maildir: Path, *, options: str = "") -> None:
        self.folder = folder
        self._tool = need("doveadm")
        self._configuration = folder / "dovecot.conf"
        self._configuration.write_text(configuration(folder, maildir, options=options))

    def admin(self, *arguments: str, octets: bytes = b"") -> list[str]:
        """Run doveadm; gives the lines that it prints."""
        own(self.folder)
        done = subprocess.run(
            [self._tool, "-c", self._configuration, *arguments],
            input=octets, capture_output=True, timeout=SECONDS, check=False, env=self._environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().splitlines()

    def talk(self) -> "Talk":
        """Its IMAP server with bob logged in: no port, no login, a process that one speaks with over pipes."""
        return Talk(self._started("imap"))

    def pop3(self) -> "Pop3Talk":
        """Its POP3 server, alike."""
        return Pop3Talk(self._started("pop3"))

    def _started(self, service: str) -> "subprocess.Popen[bytes]":
        own(self.folder)
        nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        command = [self._tool, "-c", str(self._configuration), "exec", service]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "bufsize": 0}
        return subprocess.Popen(command, env=self._environment, **pipes, **nobody)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "USER": "bob", "HOME": str(self.folder)}


class Talk:
    """One talk; to be left as it was entered."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def __enter__(self) -> Self:
        self._read(b"* PREAUTH ")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in.close()
        try:
            self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._out.close()

    def ask(self, command: bytes) -> bytes:
        """Say a command with its tag "a", without its last line end; gives all that is answered."""
        self._in.write(b"a " + command + b"\r\n")
        return self._read(b"a ")

    def _read(self, start: bytes) -> bytes:
        """Octets up to the end of a line that starts so."""
        said = b""
        while not said.endswith(b"\r\n") or not said[said.rfind(b"\n", 0, -1) + 1 :].startswith(start):
            assert select.select([self._out], [], [], SECONDS)[0], f"no answer; so far: {said!r}"
            block = os.read(self._out.fileno(), 1 << 16)
            assert block, f"hung up; so far: {said!r}"
            said += block
        return said


class Pop3Talk(Talk):
    """One talk by POP3; over pipes it begins without a greeting."""

    def __enter__(self) -> Self:
        return self

    def ask(self, command: bytes, *, lines: bool = False) -> bytes:
        """Say a command; gives its answer, with all `lines` where it is good and they follow."""
        self._in.write(command + b"\r\n")
        status = self._read(b"")
        return status if not lines or not status.startswith(b"+OK") else self._to_the_dot(status)

    def _to_the_dot(self, said: bytes) -> bytes:
        while not said.endswith(b"\r\n.\r\n"):
            said += self._read(b"")
        return said
