"""The yardstick of IMAP: a Dovecot on loopback with bob's Maildir, in a temporary folder with its own configuration.

The system's is neither read nor touched. Needs root, and lets nobody's user have the messages.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.ports import until_open
from tests.bench.postfix import free_port
from tests.bench.source import PATH
from tests.dovecot import NOBODY, configuration, own

SERVICES = """\
listen = 127.0.0.1
disable_plaintext_auth = no
mail_max_userip_connections = 1000
passdb {{
  driver = static
  args = password=bob
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={root}/home
}}
service imap-login {{
  client_limit = 1000
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service imap {{
  process_limit = 1000
}}
service anvil {{
  client_limit = 4000
}}
service auth {{
  client_limit = 4000
}}
"""


POP3_PROGRAM = Path("/usr/lib/dovecot/pop3")
POP3 = """\
protocols = imap pop3
service pop3-login {{
  inet_listener pop3 {{
    port = {port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


class DovecotServer:
    """Started on entering; stopped, and its folder removed, on leaving. `maildir` is bob's, `port` that of IMAP; with
    `pop3`, `pop3_port` is that of POP3.
    """

    def __init__(self, *, pop3: bool = False) -> None:
        self._pop3 = pop3

    def __enter__(self) -> Self:
        if os.geteuid() != 0:
            raise PermissionError("Dovecot's master needs root; without it only maillab is measured")
        if not shutil.which("dovecot", path=PATH):
            raise FileNotFoundError("Dovecot is missing: apt-get install dovecot-imapd")
        if self._pop3 and not POP3_PROGRAM.exists():
            raise FileNotFoundError("Dovecot's POP3 is missing: apt-get install dovecot-pop3d")
        self.root = Path(tempfile.mkdtemp(prefix="maillab-dovecot-"))
        self.root.chmod(0o755)
        self.port, self.pop3_port = free_port(), free_port()
        self.maildir = self.root / "home" / "Maildir"
        for part in ("cur", "new", "tmp"):
            (self.maildir / part).mkdir(parents=True)
        chosen = self.root / "dovecot.conf"
        chosen.write_text(
            configuration(self.root, self.maildir, made=("Sent", "Archive"))
            + SERVICES.format(root=self.root, user=NOBODY, port=self.port)
            + (POP3.format(port=self.pop3_port) if self._pop3 else "")
        )
        self.own()
        binary = shutil.which("dovecot", path=PATH)
        assert binary is not None
        self._process = subprocess.Popen([binary, "-F", "-c", str(chosen)], stderr=subprocess.DEVNULL)
        until_open(self.port, "dovecot", self.root / "log")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Its master, which starts all others."""
        return self._process.pid

    def own(self) -> None:
        """The messages are those of the user as whom it reads."""
        own(self.root / "home")
