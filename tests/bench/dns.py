"""How many questions a second a name server answers: the lab's, and NSD with the same records, asked by dnsperf."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Side, Tell, alternate, table
from tests.bench.ports import until_open
from tests.bench.postfix import free_port
from tests.bench.processes import Noise
from tests.bench.source import PATH
from tests.serving import Serving

QUESTIONS = """\
recipient.test MX
mx.recipient.test A
recipient.test SOA
nobody.recipient.test A
"""
ZONE = """\
$ORIGIN recipient.test.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mx
ns A 127.0.0.1
mx A 127.0.0.1
"""
CONFIGURATION = """\
server:
  ip-address: 127.0.0.1@{port}
  server-count: 1
  rrl-ratelimit: 0
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  database: ""
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/log"
remote-control:
  control-enable: no
zone:
  name: recipient.test
  zonefile: recipient.zone
"""
PER_SECOND = re.compile(r"Queries per second:\s+([0-9.]+)")


def dns(rounds: int, seconds: float, tell: Tell) -> str:
    """Answers a second over UDP."""
    if shutil.which("dnsperf", path=PATH) is None:
        return "dns: not measured: dnsperf is missing: apt-get install dnsperf"
    sides: dict[str, Side] = {"maillab": lambda: _ours(seconds)}
    if shutil.which("nsd", path=PATH) is None:
        tell("without the yardstick: NSD is missing: apt-get install nsd")
    else:
        sides["nsd"] = lambda: _theirs(seconds)
    noise = Noise()
    return "\n".join([table("dns: answers a second over UDP", alternate(sides, rounds, tell)), str(noise)])


def _ours(seconds: float) -> float:
    with Serving("--quiet", keep=False, afresh=True) as lab:
        return asked(lab.port("dns"), seconds)


def _theirs(seconds: float) -> float:
    with nsd() as port:
        return asked(port, seconds)


def asked(port: int, seconds: float) -> float:
    """Answers a second of the server at a port."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as questions:
        questions.write(QUESTIONS)
        questions.flush()
        command = ["dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", questions.name, "-l", str(seconds), "-c", "4"]
        done = subprocess.run(
            command, env={**os.environ, "PATH": PATH}, capture_output=True, text=True, timeout=120, check=True
        )
    if (found := PER_SECOND.search(done.stdout)) is None:
        raise RuntimeError(f"dnsperf: {done.stdout}{done.stderr}")
    return float(found[1])


@contextmanager
def nsd() -> Iterator[int]:
    """NSD with the zone of the recipient, in a folder of its own; gives its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="maillab-nsd-") as name:
        folder = Path(name)
        (folder / "recipient.zone").write_text(ZONE)
        (folder / "nsd.conf").write_text(CONFIGURATION.format(port=port, folder=folder))
        program = shutil.which("nsd", path=PATH)
        assert program is not None
        with subprocess.Popen([program, "-d", "-c", str(folder / "nsd.conf")], stderr=subprocess.DEVNULL) as process:
            try:
                until_open(port, "nsd", folder / "log")
                yield port
            finally:
                process.terminate()
