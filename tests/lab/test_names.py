"""The kind: one name with two spellings. Inside there is one (A-labels), another on screen (U-labels)."""

import asyncio
import poplib
import smtplib
import ssl
import unicodedata
from pathlib import Path

import pytest

from maillab import config_file
from maillab.cli.serve import table
from maillab.config import ConfigError
from maillab.events import Attempted, Bounced, Delivered, Opened
from maillab.lab import Lab
from tests.support import run, wait_for

VIET, BOOKS = "xn--vit-5kz.test", "xn--bcher-kva.test"
TOML = """
[[sites]]
domain = "việt.test"
people = [{name = "alice", password = "alice"}]
[[sites]]
domain = "bücher.test"
people = [{name = "bob", password = "bob"}]
server_auth = {"việt.test" = {user = "alice@việt.test", password = "alice"}}
[hosts]
"kho.việt.test" = "bücher.test"
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_one_spelling_inside(form: str) -> None:
    """However a name is typed, composed or not, the configuration has it in A-labels, everywhere a name may stand."""
    found = config_file.read(unicodedata.normalize(form, TOML).encode(), "lab.toml")

    assert found.domains == (VIET, BOOKS)
    assert found.sites[0].mx == f"mx.{VIET}"
    assert list(found.sites[1].server_auth) == [VIET]
    assert found.hosts == {f"kho.{VIET}": BOOKS}
    with pytest.raises(ConfigError, match="internationalised"):
        config_file.read(TOML.replace("bücher", "bü cher").encode(), "lab.toml")


def talk(lab: Lab) -> list[str]:
    """Alice logs in under each spelling of her name and writes to Bob and to nobody; what each server calls itself."""
    context = ssl.create_default_context(cafile=str(lab.authority.certificate))
    greetings = []
    for user in ("alice", "alice@việt.test", f"alice@{VIET}"):
        port = lab.endpoint("việt.test", "submission").port
        client = smtplib.SMTP("127.0.0.1", port, local_hostname="alices.computer")
        client._host = "mail.việt.test"  # type: ignore[attr-defined] # the name that is checked
        client.starttls(context=context)
        greetings.append(client.ehlo()[1].decode().split("\n")[0])
        client.command_encoding = "utf-8"
        answers = [
            client.docmd("AUTH PLAIN", _plain(user)),
            client.docmd("MAIL FROM:<alice@việt.test> SMTPUTF8"),
            client.docmd(f"RCPT TO:<bob@{BOOKS}>"),
            client.docmd("RCPT TO:<nobody@bücher.test>"),
            client.data("Subject: hi\r\n\r\nhi\r\n"),
        ]
        assert [code for code, _ in answers] == [235, 250, 250, 250, 250]
        client.quit()
    return greetings


def _plain(user: str) -> str:
    import base64

    return base64.b64encode(f"\0{user}\0alice".encode()).decode()


def read(lab: Lab, site: str, user: str, password: str) -> int:
    """How many messages somebody finds by POP3; names may be typed either way."""
    client = poplib.POP3("127.0.0.1", lab.endpoint(site, "pop3").port)
    client.encoding = "utf-8"
    client.user(user)
    client.pass_(password)
    count = client.stat()[0]
    client.quit()
    return count


def test_a_site_with_a_vietnamese_name(tmp_path: Path) -> None:
    """Login, certificate, MX, delivery, bounce and POP3 work, under either spelling of every name."""
    found = config_file.read(TOML.encode(), "lab.toml")

    async def play() -> None:
        (tmp_path / "spool").mkdir()
        (tmp_path / "record").mkdir()
        async with Lab(found, tmp_path, auto_ports=True) as lab:
            greetings = await asyncio.to_thread(talk, lab)
            for mailbox in (f"bob@{BOOKS}", f"alice@{VIET}"):
                for uid in (1, 2, 3):
                    await wait_for(
                        lab.logbook,
                        lambda e: isinstance(e, Delivered) and (e.mailbox, e.uid) == (mailbox, uid),  # noqa: B023
                    )
            assert greetings == [f"mail.{VIET}"] * 3
            for user in ("bob", "bob@bücher.test", f"bob@{BOOKS}"):
                assert await asyncio.to_thread(read, lab, "bücher.test", user, "bob") == 3
            assert await asyncio.to_thread(read, lab, VIET, "alice@việt.test", "alice") == 3
            events = [entry.event for entry in lab.logbook.since(0)]
            assert {event.to for event in events if isinstance(event, Bounced)} <= {"alice@việt.test"}
            assert all(event.server.isascii() for event in events if isinstance(event, Opened))
            assert {event.code for event in events if isinstance(event, Attempted)} == {250}
            assert "alice@việt.test" in table(lab)
            assert "xn--" not in table(lab).split("accounts")[0]

    run(play())
