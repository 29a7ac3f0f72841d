"""The message that every judge sends, and how its arrival is judged."""

import itertools
import poplib
import random
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.serving import Serving

ALICE, BOB = "alice@sender.test", "bob@recipient.test"
SUBJECT = "Thư mời dự lễ khai giảng năm học mới"
ATTACHMENT = random.Random(1).randbytes(3_000_000)
TRACE = {b"return-path", b"delivered-to", b"received"}  # what servers put on top (RFC 5321 §4.4)

_numbers = itertools.count(1)


def message(attachment: bytes = b"") -> bytes:
    """A whole message with a Vietnamese subject, CRLF at the end of every line, and a Message-ID of its own."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = ALICE, BOB, SUBJECT
    message["Date"] = "Fri, 05 Sep 2025 07:30:00 +0700"
    message["Message-ID"] = f"<{next(_numbers)}.judge@sender.test>"
    message.set_content(
        "Kính gửi anh Bình,\n.\n.. một dòng bắt đầu bằng dấu chấm\n\nThân ái,\nÁnh\n", cte="quoted-printable"
    )
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="giấy mời.bin")
    return bytes(message)


class Errand:
    """One message on its way from alice to bob: `content`, and a `file` that holds it."""

    def __init__(self, lab: Serving, folder: Path, attachment: bytes) -> None:
        self.lab = lab
        self.content = message(attachment)
        self.file = folder / "message.eml"
        self.file.write_bytes(self.content)
        self._since = len(lab.entries)

    def wait(self) -> None:
        """Return when the recipient's server has stored it."""
        self.lab.wait(lambda entry: entry["kind"] == "delivered", since=self._since)

    def arrives(self) -> None:
        """It comes out of bob's mailbox as it was sent, byte for byte, below the trace fields of the servers."""
        self.wait()
        judge_content(self.fetch(), self.content)

    def fetch(self) -> bytes:
        """Read the only message in bob's mailbox over POP3, and delete it."""
        box = poplib.POP3(self.lab.host, self.lab.port("pop3"), timeout=20)
        box.user("bob")
        box.pass_("bob")
        assert box.stat()[0] == 1
        _, lines, octets = box.retr(1)
        got = b"".join(line + b"\r\n" for line in lines)
        assert len(got) == octets
        box.dele(1)
        box.quit()
        return got


def judge_content(got: bytes, sent: bytes, newline: bytes = b"\r\n") -> None:
    """Fail unless `got` is `sent` below trace fields. (Not a plain assert: pytest would compare megabytes line by line.)"""
    sent = sent.replace(b"\r\n", newline)
    if not got.endswith(sent):
        at = next((at for at, (a, b) in enumerate(zip(reversed(got), reversed(sent), strict=False)) if a != b), 0)
        pytest.fail(
            f"differs {at} octets before the end: got {got[-at - 60 :][:120]!r}, sent {sent[-at - 60 :][:120]!r}",
            pytrace=False,
        )
    top = got[: len(got) - len(sent)]
    names = {line.partition(b":")[0].lower() for line in top.splitlines() if line and line[:1] not in b" \t"}
    assert names <= TRACE, f"more than trace fields on top: {top!r}"
    assert b"received" in names
