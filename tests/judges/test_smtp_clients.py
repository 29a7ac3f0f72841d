"""Clients that nobody here wrote hand messages over; each arrives byte for byte, as bob reads it over POP3."""

import os
import re
import smtplib
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.judges.messages import ALICE, BOB
from tests.support import need

pytestmark = pytest.mark.judge


def run(command, **options) -> str:
    """Run a judge; its output, or a failure that shows it."""
    done = subprocess.run(list(map(str, command)), capture_output=True, timeout=60, check=False, **options)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode:
        pytest.fail(f"{command[0]} exits {done.returncode}\n{said[-3000:]}", pytrace=False)
    return said


def swaks(errand, service: str, *options: str) -> str:
    """Send by swaks; what it printed, without the message."""
    lab = errand.lab
    errand.file.write_bytes(errand.content.removesuffix(b"\r\n"))  # swaks ends the last line itself
    command = [need("swaks"), "--server", lab.host, "--port", lab.port(service, "sender.test"), "--helo", "client.test"]
    command += ["--from", ALICE, "--to", BOB, "--data", f"@{errand.file}", "--suppress-data", "--timeout", "20"]
    command += ["--auth-user", ALICE, "--auth-password", "alice", "--tls-ca-path", lab.authority, "--tls-verify"]
    return run([*command, *options])


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_swaks_auth(small, mechanism):
    """Swaks logs in after STARTTLS with each mechanism."""
    said = swaks(small, "submission", "--tls", "--auth", mechanism)
    assert "~> AUTH " + mechanism in said
    assert "<~  235 2.7.0" in said
    small.arrives()


def test_swaks_starttls(big):
    """Swaks upgrades with STARTTLS and hands over 3 MB."""
    assert "=== TLS started with cipher" in swaks(big, "submission", "--tls", "--auth", "PLAIN")
    big.arrives()


def test_swaks_implicit_tls(small):
    """Swaks speaks TLS from the first octet."""
    assert "=== TLS started with cipher" in swaks(small, "submissions", "--tls-on-connect", "--auth", "PLAIN")
    small.arrives()


def test_swaks_pipeline(small):
    """Swaks sends MAIL, RCPT and DATA in one piece and understands the answers."""
    said = swaks(small, "submission", "--tls", "--auth", "PLAIN", "--pipeline")
    assert said.index(f" ~> RCPT TO:<{BOB}>") < said.index(" ~> DATA") < said.index("<~  354")
    small.arrives()


def test_swaks_wrong_password(small):
    """Swaks is told 535 for a wrong password, and nothing is taken."""
    with pytest.raises(pytest.fail.Exception, match=r"(?s)exits 28.*535 5\.7\.8"):
        swaks(small, "submission", "--tls", "--auth", "PLAIN", "--auth-password", "bob")


@pytest.mark.parametrize(("scheme", "service"), [("smtp", "submission"), ("smtps", "submissions")])
def test_curl(big, scheme, service):
    """Curl hands over 3 MB, with STARTTLS and with implicit TLS."""
    lab = big.lab
    url = f"{scheme}://{lab.host}:{lab.port(service, 'sender.test')}/client.test"
    command = [need("curl"), "--silent", "--show-error", "--url", url, "--ssl-reqd", "--cacert", lab.authority]
    run([*command, "--user", f"{ALICE}:alice", "--mail-from", ALICE, "--mail-rcpt", BOB, "--upload-file", big.file])
    big.arrives()


def test_smtplib(big):
    """Python's smtplib upgrades, logs in by each mechanism that it knows, and hands over 3 MB."""
    lab = big.lab
    for mechanism in ("auth_plain", "auth_login", "auth_cram_md5"):
        with smtplib.SMTP(lab.host, lab.port("submission", "sender.test"), "client.test", timeout=20) as wire:
            wire.starttls(context=ssl.create_default_context(cafile=lab.authority))
            wire.ehlo()
            wire.user, wire.password = ALICE, "alice"
            name = mechanism.removeprefix("auth_").replace("_", "-").upper()
            assert wire.auth(name, getattr(wire, mechanism), initial_response_ok=name != "CRAM-MD5")[0] == 235
            if mechanism == "auth_cram_md5":
                assert wire.sendmail(ALICE, [BOB], big.content) == {}
    big.arrives()


def test_smtplib_implicit_tls(small):
    """Python's smtplib speaks TLS from the first octet; the name before the @ is enough to log in."""
    lab = small.lab
    context = ssl.create_default_context(cafile=lab.authority)
    with smtplib.SMTP_SSL(
        lab.host, lab.port("submissions", "sender.test"), "client.test", timeout=20, context=context
    ) as wire:
        wire.login("alice", "alice")
        assert wire.sendmail(ALICE, [BOB], small.content) == {}
    small.arrives()


@pytest.mark.parametrize(("service", "starttls"), [("submission", "on"), ("submissions", "off")])
def test_msmtp(big, service, starttls):
    """Msmtp hands over 3 MB, with STARTTLS and with implicit TLS."""
    lab = big.lab
    command = [need("msmtp"), f"--host={lab.host}", f"--port={lab.port(service, 'sender.test')}", "--tls=on"]
    command += [f"--tls-starttls={starttls}", f"--tls-trust-file={lab.authority}", "--auth=on", f"--user={ALICE}"]
    command += ["--passwordeval=echo alice", "--domain=client.test", "-f", ALICE, "--", BOB]
    run(command, input=big.content.replace(b"\r\n", b"\n"))
    big.arrives()


@pytest.mark.parametrize("mechanism", ["scram-sha-256", "cram-md5", "login"])
def test_msmtp_auth(small, mechanism):
    """Msmtp, whose GNU SASL waits for "334 " with its blank, logs in by each mechanism (RFC 4954 §4)."""
    lab = small.lab
    command = [need("msmtp"), f"--host={lab.host}", f"--port={lab.port('submission', 'sender.test')}", "--tls=on"]
    command += ["--tls-starttls=on", f"--tls-trust-file={lab.authority}", f"--auth={mechanism}", f"--user={ALICE}"]
    command += ["--passwordeval=echo alice", "--domain=client.test", "-f", ALICE, "--", BOB]
    run(command, input=small.content.replace(b"\r\n", b"\n"))
    small.arrives()


def test_curl_with_a_file_of_lfs(small):
    """Curl sends a file as it is; one whose lines end in LF arrives with CRLF, its lonely dots too."""
    small.content = small.content.removesuffix(b"\r\n") + b"\r\n.\r\n.. and more\r\n"
    small.file.write_bytes(small.content.replace(b"\r\n", b"\n"))
    url = f"smtp://{small.lab.host}:{small.lab.port('smtp', 'sender.test')}/client.test"
    run([need("curl"), "-sS", "--url", url, "--mail-from", ALICE, "--mail-rcpt", BOB, "-T", small.file])
    small.content += b"\r\n"  # curl begins the end mark on a line of its own
    small.arrives()


def test_nodemailer(big):
    """Nodemailer upgrades, logs in and hands over 3 MB."""
    need("nodemailer")
    lab = big.lab
    script = Path(__file__).with_name("nodemailer_send.js")
    said = run([need("node"), script, lab.port("submission", "sender.test"), big.file, lab.authority], env=os.environ)
    assert said.startswith("250 2.")
    big.arrives()


def test_nodemailer_with_its_own_defaults(lab):
    """Nodemailer sends by the door for programs with nothing but host and port, and with a login that nobody knows."""
    need("nodemailer")
    script = Path(__file__).with_name("nodemailer_defaults.js")
    since = len(lab.entries)
    said = run([need("node"), script, lab.port("smtp", "sender.test")], env=os.environ)
    assert re.findall(r"^250 2\.", said, re.MULTILINE) == ["250 2."] * 2
    lab.wait(lambda entry: entry.get("mailbox") == "caught@recipient.test", since=since)


TLS_DOORS = [  # port 25 of sender.test is the door for programs, without TLS
    ("recipient.test", "smtp", ["-starttls", "smtp"]),
    *(
        (site, service, options)
        for site in ("sender.test", "recipient.test")
        for service, options in {
            "submission": ["-starttls", "smtp"],
            "submissions": [],
            "pop3": ["-starttls", "pop3"],
            "pop3s": [],
        }.items()
    ),
]


@pytest.mark.parametrize(("site", "service", "options"), TLS_DOORS)
def test_openssl(lab, site, service, options):
    """OpenSSL finds a certificate that the lab's authority vouches for, on every TLS door, and can say QUIT."""
    command = [need("openssl"), "s_client", "-connect", f"{lab.host}:{lab.port(service, site)}", *options]
    command += ["-CAfile", lab.authority, "-verify_return_error", "-verify_ip", lab.host, "-crlf", "-quiet"]
    said = run(command, input=b"NOOP\nQUIT\n" if "pop" not in service else b"CAPA\nQUIT\n")
    assert "verify return:1" in said
    assert "221 2.0.0" in said if "pop" not in service else "+OK" in said
