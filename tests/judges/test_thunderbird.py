"""What Thunderbird says on two connections, in its order, over sockets, with TLS and deflated: all is told as it waits for it."""

import smtplib
import socket
import ssl
import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.dialogues.reading import LINE, Step, agree
from tests.judges.test_imap_clients import looking
from tests.recipient.imap.shelves import HI, LONG
from tests.serving import Serving

SAID = Path(__file__).with_name("thunderbird.txt")


class Connection:
    """One of its connections; TLS, and compression, begin where the script says so."""

    def __init__(self, lab):
        self.lab = lab
        self.wire = socket.create_connection((lab.host, lab.port("imap")), 20)
        self.deflating = self.inflating = None
        self.came = b""

    def tls(self):
        context = ssl.create_default_context(cafile=self.lab.authority)
        self.wire = context.wrap_socket(self.wire, server_hostname="localhost")

    def deflates(self):
        self.deflating, self.inflating = zlib.compressobj(wbits=-15), zlib.decompressobj(wbits=-15)

    def say(self, octets):
        if self.deflating:
            octets = self.deflating.compress(octets) + self.deflating.flush(zlib.Z_SYNC_FLUSH)
        self.wire.sendall(octets)

    def line(self):
        """The next line, which stays the next until it is `read`."""
        while b"\n" not in self.came:
            block = self.wire.recv(65_536)
            assert block, f"hung up; so far: {self.came!r}"
            self.came += self.inflating.decompress(block) if self.inflating else block
        return self.came[: self.came.index(b"\n") + 1]

    def read(self):
        line = self.line()
        self.came = self.came[len(line) :]
        return line


def steps():
    """The script: the number of a connection, and a step as the conversations of tests/dialogues have them."""
    for number, line in enumerate(SAID.read_text(encoding="utf-8").split("\n")[2:], 3):
        if line:
            who, _, rest = line.partition(" ")
            found = LINE.fullmatch(rest)
            yield int(who), Step(f"{SAID.name}:{number}", found[1].strip(), found[2])


def play(lab, stack):
    """All of it; gives a complaint or "" at the end. The connections are closed with the stack."""
    talks = {}
    for who, step in steps():
        if step.mark == "*" and step.text == "comes":
            with smtplib.SMTP(lab.host, lab.port("smtp"), "client.test", timeout=20) as wire:
                wire.sendmail(
                    "alice@sender.test",
                    ["bob@recipient.test"],
                    b"Subject: news\r\nFrom: alice@sender.test\r\n\r\nx\r\n",
                )
            continue
        if who not in talks:
            talks[who] = Connection(lab)
            stack.callback(lambda talk=talks[who]: talk.wire.close())
        talk = talks[who]
        if step.mark == "*":
            getattr(talk, step.text.lower())()
        elif step.mark == "C:":
            talk.say(step.octets)
        elif step.mark == "S*":
            while agree(step, talk.line()):
                talk.read()
        elif not agree(step, talk.line()):
            return f"{step.where}: expected {step.mark} {step.text!r}, but told was {talk.line()!r}"
        else:
            talk.read()
    for talk in talks.values():
        assert talk.wire.recv(1) == b""
    return ""


@pytest.mark.judge
def test_thunderbird():
    """From the greeting to LOGOUT, each line is the one that is written there."""
    with Serving("--quiet", keep=False) as lab, ExitStack() as stack:
        with looking(lab) as box:
            for message in (HI, LONG):
                box.append("INBOX", None, None, message)
        if complaint := play(lab, stack):
            pytest.fail(complaint, pytrace=False)
