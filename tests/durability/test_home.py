"""The kind: a message that the server deletes because a client has it, and a power cut takes it from the client."""

import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.client.local_store import LocalStore, MailFolder
from maillab.running import Running
from tests.durability import calls
from tests.durability.after import BOB
from tests.durability.day import ALICE, configuration
from tests.durability.disk import Disk, write_tree
from tests.serving import ROOT, environment
from tests.support import need


@pytest.mark.judge
def test_what_the_server_deletes_is_at_home(tmp_path: Path) -> None:
    """When the client says the first DELE, all that it has fetched survives a power cut, whatever of the rest does."""
    need("strace")
    lab, home, texts = Running(configuration(), None, auto_ports=True), tmp_path / "home", []
    home.mkdir()
    lab.start()
    try:
        doors = {endpoint.service: endpoint.port for endpoint in lab.lab.endpoints if endpoint.site == "recipient.test"}
        with smtplib.SMTP("127.0.0.1", doors["smtp"], "client.test") as smtp:
            for number in range(3):
                texts.append(b"Subject: %d\r\n\r\n" % number + b"%d\r\n" % number * 3000)
                smtp.sendmail(ALICE, [BOB], texts[-1])
        program = [sys.executable, "-m", "tests.durability.home", str(doors["pop3"]), BOB, "bob", str(home)]
        command = [*calls.command(tmp_path / "log"), *program]
        subprocess.run(command, check=True, timeout=60, cwd=ROOT, env=environment())
    finally:
        lab.stop()
    disk = Disk(home)
    for call in calls.read(tmp_path / "log"):
        if call.peer and call.texts[0].startswith(b"DELE"):
            break
        disk.apply(call)
    else:
        pytest.fail("nothing was deleted")
    for end in ("nothing", "names", "lengths"):
        write_tree(tmp_path / end, disk.tree(end))
        store = LocalStore(tmp_path / end / "home.db")
        found = [store.octets(message.id) for message in store.items(BOB, MailFolder.INBOX)]
        store.close()
        assert store.problems == ()
        assert sorted(octets.partition(b"Subject")[2] for octets in found) == [
            text.partition(b"Subject")[2] for text in texts
        ]
