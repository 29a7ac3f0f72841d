"""The yardstick: two Postfix instances on loopback, one that sends and one that receives into a Maildir.

They live in a temporary folder with a configuration of their own; the system's is neither read nor touched. Needs root.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from trustme import CA

from tests.bench.processes import ever_used, family
from tests.bench.source import PATH, count

NOBODY = 65534

MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}.test
mydomain = {name}.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtp_dns_support_level = disabled
default_process_limit = 100
qmgr_message_active_limit = 20000
default_destination_concurrency_limit = 20
initial_destination_concurrency = 20
maillog_file = {home}/log
maillog_file_prefixes = {home}
"""

RECEIVING = """\
virtual_mailbox_domains = recipient.test
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:bob/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
"""

SENDING = "transport_maps = inline:{{ recipient.test=smtp:[127.0.0.1]:{next} }}\n"

OFFERS_TLS = """\
smtpd_tls_security_level = may
smtpd_tls_chain_files = {home}/chain.pem
"""

TAKES_TLS = """\
smtp_tls_security_level = may
smtp_tls_connection_reuse = yes
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60  1 pickup
cleanup   unix n - n -   0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000 1 tlsmgr
tlsproxy  unix - - n -   0 tlsproxy
rewrite   unix - - n -   - trivial-rewrite
bounce    unix - - n -   0 bounce
defer     unix - - n -   0 bounce
trace     unix - - n -   0 bounce
verify    unix - - n -   1 verify
flush     unix n - n 1000 0 flush
proxymap  unix - - n -   - proxymap
smtp      unix - - n -   - smtp
relay     unix - - n -   - smtp
error     unix - - n -   - error
retry     unix - - n -   - error
virtual   unix - n n -   - virtual
anvil     unix - - n -   1 anvil
scache    unix - - n -   1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class PostfixPair:
    """Started on entering; stopped, and its folder removed, on leaving. `submit` and `receive` are the two ports. With
    `tls` they speak TLS with one another, on connections that are used again, as those of a lab do.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self._tls = tls

    def __enter__(self) -> Self:
        if os.geteuid() != 0:
            raise PermissionError("Postfix's master needs root; without it only maillab is measured")
        if not shutil.which("postfix", path=PATH):
            raise FileNotFoundError("Postfix is missing: apt-get install postfix")
        self.root = Path(tempfile.mkdtemp(prefix="maillab-postfix-"))
        self.root.chmod(0o755)  # Postfix's own users must pass through it
        self.submit, self.receive = free_port(), free_port()
        self._started: list[Path] = []
        try:
            self._start("recipient", self.receive, RECEIVING + (OFFERS_TLS if self._tls else ""))
            self._start("sender", self.submit, SENDING + (TAKES_TLS if self._tls else ""))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for etc in reversed(self._started):
            subprocess.run(
                ["postfix", "-c", etc, "stop"],
                env={**os.environ, "PATH": PATH},
                capture_output=True,
                check=False,
            )
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def maildir(self) -> Path:
        """Where bob's new messages lie."""
        return self.root / "recipient" / "mail" / "bob" / "new"

    @property
    def used(self) -> float:
        """Seconds that all its processes, also those that have ended, were on a processor."""
        return sum(map(ever_used, self.processes))

    @property
    def processes(self) -> list[int]:
        """All that live now."""
        masters = [int((etc.parent / "spool" / "pid" / "master.pid").read_text()) for etc in self._started]
        return [pid for master in masters for pid in family(master)]

    def empty(self) -> None:
        """Throw bob's messages away, so that every round begins alike."""
        if count(self.maildir):
            shutil.rmtree(self.maildir.parent)

    def _start(self, name: str, port: int, more: str) -> None:
        home = self.root / name
        etc = home / "etc"
        for folder in (etc, home / "spool", home / "data", home / "mail"):
            folder.mkdir(parents=True)
        words = {"name": name, "home": home, "port": port, "next": self.receive, "daemons": daemons()}
        (etc / "main.cf").write_text((MAIN + more).format(**words))
        if self._tls:
            CA().issue_cert(f"{name}.test").private_key_and_cert_chain_pem.write_to_path(home / "chain.pem")
        (etc / "master.cf").write_text(MASTER.format(**words))
        shutil.chown(home / "data", "postfix")
        os.chown(home / "mail", NOBODY, NOBODY)
        done = subprocess.run(
            ["postfix", "-c", etc, "start"],
            env={**os.environ, "PATH": PATH},
            capture_output=True,
            text=True,
            check=False,
        )
        self._started.append(etc)
        if done.returncode:
            log = home / "log"
            raise RuntimeError(f"postfix start: {done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")


def daemons() -> Path:
    """Where the package keeps Postfix's daemons."""
    return next(path for path in map(Path, ("/usr/lib/postfix/sbin", "/usr/libexec/postfix")) if path.is_dir())


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        port: int = wire.getsockname()[1]
    return port
