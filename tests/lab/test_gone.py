"""The kind: a promise on files that are gone. The lab folder is deleted while the lab runs."""

import asyncio
import shutil
import smtplib
from pathlib import Path

import pytest

from maillab.events import Stumbled
from maillab.lab import Lab
from tests.lab.first_start import ONE_SITE
from tests.support import run

SMALL, LARGE = (
    "Subject: x\r\n\r\nhi\r\n",
    "Subject: x\r\n\r\n" + "hi\r\n" * 60_000,
)  # the second needs a file of its own


def answer(lab: Lab, service: str, content: str) -> int:
    """The code that decides about a message at a door."""
    with smtplib.SMTP("127.0.0.1", lab.endpoint("recipient.test", service).port, local_hostname="x") as client:
        client.ehlo()
        if service == "submission":
            client.starttls(context=lab.authority.client())
            client.ehlo()
            client.login("bob", "bob")
        code = client.mail("bob@recipient.test")[0]
        if code == 250:
            client.rcpt("bob@recipient.test")
            code = client.data(content)[0]
        return code


@pytest.mark.parametrize("content", [SMALL, LARGE])
@pytest.mark.parametrize("service", ["submission", "smtp"])
def test_a_lab_folder_that_was_deleted(tmp_path: Path, service: str, content: str) -> None:
    """No door says 250 any more, whatever the size; 451 and an entry that names what is gone; nothing is made anew."""

    async def play() -> tuple[int, int, list[str]]:
        folder = tmp_path / "lab"
        for name in ("spool", "record"):
            await asyncio.to_thread((folder / name).mkdir, parents=True)
        async with Lab(ONE_SITE, folder, auto_ports=True) as lab:
            before = await asyncio.to_thread(answer, lab, service, content)
            await lab.dispatcher("recipient.test").close()
            await asyncio.to_thread(shutil.rmtree, folder)
            after = await asyncio.to_thread(answer, lab, service, content)
            return before, after, [e.event.what for e in lab.logbook.since(0) if isinstance(e.event, Stumbled)]

    before, after, said = run(play())

    assert (before, after) == (250, 451)
    assert any(str(tmp_path / "lab") in what for what in said)
    assert not (tmp_path / "lab").exists()
