"""Clients that nobody here wrote fetch a message of 3 MB over POP3, byte for byte."""

import poplib
import smtplib
import ssl

import pytest

from tests.judges.messages import ALICE, BOB, judge_content
from tests.judges.test_smtp_clients import run
from tests.support import need

pytestmark = pytest.mark.judge


@pytest.fixture
def waiting(big):
    """A message of 3 MB that lies in bob's mailbox; whatever happens, the mailbox is empty afterwards."""
    lab = big.lab
    with smtplib.SMTP(lab.host, lab.port("smtp"), "client.test", timeout=20) as wire:
        wire.sendmail(ALICE, [BOB], big.content)
    big.wait()
    yield big
    box = poplib.POP3(lab.host, lab.port("pop3"), timeout=20)
    box.user("bob")
    box.pass_("bob")
    for number in range(1, box.stat()[0] + 1):
        box.dele(number)
    box.quit()


def test_poplib_apop(waiting):
    """Python's poplib logs in by APOP, and TOP and UIDL agree with LIST."""
    lab = waiting.lab
    box = poplib.POP3(lab.host, lab.port("pop3"), timeout=20)
    box.apop("bob", "bob")
    assert box.stat()[0] == len(box.list()[1]) == len(box.uidl()[1]) == 1
    assert b"MIME-Version: 1.0" in box.top(1, 0)[1]
    judge_content(b"\r\n".join(box.retr(1)[1]) + b"\r\n", waiting.content)
    box.quit()


@pytest.mark.parametrize("service", ["pop3", "pop3s"])
def test_poplib_tls(waiting, service):
    """Python's poplib reads through STLS and through implicit TLS; UTF8 is understood."""
    lab = waiting.lab
    context = ssl.create_default_context(cafile=lab.authority)
    if service == "pop3":
        box = poplib.POP3(lab.host, lab.port("pop3"), timeout=20)
        box.stls(context)
    else:
        box = poplib.POP3_SSL(lab.host, lab.port("pop3s"), timeout=20, context=context)
    assert "UTF8" in box.capa()
    box.utf8()
    box.user(BOB)
    box.pass_("bob")
    judge_content(b"\r\n".join(box.retr(1)[1]) + b"\r\n", waiting.content)
    box.quit()


@pytest.mark.parametrize("service", ["pop3", "pop3s"])
def test_curl(waiting, service):
    """Curl lists the mailbox and fetches, with STLS and with implicit TLS."""
    lab = waiting.lab
    url = f"{service}://{lab.host}:{lab.port(service)}"
    command = [
        need("curl"),
        "--silent",
        "--show-error",
        "--ssl-reqd",
        "--cacert",
        lab.authority,
        "--user",
        f"{BOB}:bob",
    ]
    number, octets = run([*command, f"{url}/"]).split()
    got = waiting.file.with_name("got.eml")
    run([*command, f"{url}/{number}", "--output", got])
    assert got.stat().st_size == int(octets)
    judge_content(got.read_bytes(), waiting.content)


@pytest.mark.parametrize(("service", "starttls"), [("pop3", "on"), ("pop3s", "off")])
def test_mpop(waiting, service, starttls):
    """Mpop fetches and deletes, with STLS and with implicit TLS."""
    lab = waiting.lab
    got = waiting.file.with_name("got.eml")
    command = [
        need("mpop"),
        f"--host={lab.host}",
        f"--port={lab.port(service)}",
        "--tls=on",
        f"--tls-starttls={starttls}",
    ]
    command += [
        f"--tls-trust-file={lab.authority}",
        f"--user={BOB}",
        "--passwordeval=echo bob",
        "--auth=on",
        "--keep=off",
    ]
    command += ["--received-header=off", f"--uidls-file={got}.uidls", f"--delivery=mda,cat >{got}"]
    run(command)
    judge_content(got.read_bytes(), waiting.content, newline=b"\n")
    assert not list(lab.maildir("bob").iterdir())


@pytest.mark.parametrize(("service", "tls"), [("pop3", "sslproto tls1.2+"), ("pop3s", "ssl")])
def test_fetchmail(waiting, service, tls):
    """Fetchmail fetches and deletes, with STLS and with implicit TLS."""
    lab = waiting.lab
    got, rc = waiting.file.with_name("got.eml"), waiting.file.with_name("fetchmailrc")
    rc.write_text(
        f'poll {lab.host} service {lab.port(service)} protocol pop3 user "{BOB}" password "bob"\n'
        f'{tls} sslcertck sslcommonname localhost sslcertfile "{lab.authority}" no rewrite no dropdelivered fetchall mda "cat >{got}"\n'
        "set invisible\n"
    )
    rc.chmod(0o600)
    run([need("fetchmail"), "-f", rc, "--pidfile", f"{rc}.pid", "-i", f"{rc}.ids", "--nosyslog"])
    judge_content(got.read_bytes(), waiting.content, newline=b"\n")
    assert not list(lab.maildir("bob").iterdir())
