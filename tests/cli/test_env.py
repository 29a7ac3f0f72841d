"""`maillab env`: programs that nobody here wrote, pointed at a running lab by what it prints."""

import json
import os
import subprocess

import pytest

from maillab.testing import RunningLab
from tests.cli.calling import call
from tests.support import need

NODE = (
    'require("nodemailer").createTransport(process.env.SMTP_URL)'
    '.sendMail({from: "alice@sender.test", to: "bob@recipient.test", subject: "Hello", text: "x"})'
    ".catch(error => { console.error(error); process.exit(1) })"
)
SERVICES = ["smtp", "submission", "submissions"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with RunningLab(folder=tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def settings(lab, capsys):
    def ask(*argv):
        assert call("env", "--lab", str(lab.lab.folder), *argv) == 0
        return capsys.readouterr().out

    return ask


def run(lab, folder, *command, text="", **environ):
    """Run a program there; the message that it has sent."""
    before = len(lab.messages())
    done = subprocess.run(
        command,
        input=text,
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return lab.wait_for_messages(count=before + 1)[-1]


@pytest.mark.judge
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("program", "end"), [("curl", "\n"), ("curl", "\r\n"), ("swaks", "")])
def test_command(lab, settings, tmp_path, program, end, service):
    """The printed command sends a message, with a verified certificate and a login where the service has them."""
    need(program)
    (tmp_path / "message.eml").write_text(f"Subject: Hello{end}{end}Hello{end}", newline="")
    message = run(lab, tmp_path, "sh", "-c", settings("--for", program, "--service", service))
    assert (message.subject, message.envelope.recipients) == ("Hello", ("bob@example.com",))


@pytest.mark.parametrize("service", SERVICES)
def test_python(lab, settings, tmp_path, service):
    """The printed Python sends a message."""
    import sys

    assert (
        run(lab, tmp_path, sys.executable, "-", text=settings("--for", "python", "--service", service)).subject
        == "Hello"
    )


@pytest.mark.judge
@pytest.mark.parametrize("service", SERVICES)
def test_node(lab, settings, tmp_path, service):
    """nodemailer sends with the printed variables and default options."""
    need("nodemailer")
    script = f"{settings('--for', 'node', '--service', service)}{need('node')} -e '{NODE}'"
    assert run(lab, tmp_path, "sh", "-c", script).subject == "Hello"


@pytest.mark.judge
@pytest.mark.parametrize("service", SERVICES)
def test_php_with_msmtp(lab, settings, tmp_path, service):
    """The command for PHP takes a message as sendmail does."""
    need("msmtp")
    line = settings("--for", "php", "--service", service).split("\n")[1]
    command = line.partition(" = ")[2][1:-1].replace("\\$", "$").replace('\\"', '"').replace("\\\\", "\\")
    text = "To: bob@recipient.test\nSubject: Hello\n\nx\n"
    assert run(lab, tmp_path, "sh", "-c", command, text=text, HOME=str(tmp_path)).subject == "Hello"


@pytest.mark.judge
@pytest.mark.parametrize("service", ["submission", "submissions"])
def test_openssl(settings, tmp_path, service):
    """openssl trusts the certificate, and reaches the server."""
    need("openssl")
    done = subprocess.run(
        ["sh", "-c", settings("--for", "openssl", "--service", service).strip() + " -verify_return_error"],
        input="QUIT\n",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "221 2.0.0" in done.stdout


def test_values(lab, settings):
    """As JSON: where the running lab is, whatever its ports."""
    values = json.loads(settings("--json", "--service", "submission"))
    door = lab.endpoint("sender.test", "submission")
    assert (values["port"], values["tls"], values["user"]) == (door.port, "starttls", "alice@sender.test")
    assert values["url"] == f"smtp://alice%40sender.test:alice@127.0.0.1:{door.port}"
    assert (values["sender"], values["recipient"]) == ("alice@example.org", "bob@example.com")
    there = lab.endpoint("recipient.test", "smtp").port
    assert f"SMTP_PORT={there}\n" in settings("--site", "recipient.test")


@pytest.mark.parametrize("service", ["pop3", "pop3s", "imap", "imaps"])
def test_reading_in_python(lab, settings, tmp_path, service):
    """The printed Python reads the INBOX of the second site, with a verified certificate."""
    import sys

    text = settings("--for", "python", "--service", service)
    done = subprocess.run([sys.executable, "-"], input=text, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert ("'OK'" if "imap" in service else "b'+OK") in done.stdout
    assert f"{lab.endpoint('recipient.test', service).port}" in text


@pytest.mark.judge
@pytest.mark.parametrize("service", ["pop3", "pop3s", "imap", "imaps"])
def test_reading_with_curl(settings, service):
    """The printed command of curl logs in and lists."""
    need("curl")
    command = settings("--for", "curl", "--service", service)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert ("INBOX" in done.stdout) is ("imap" in service)


@pytest.mark.judge
def test_reading_with_openssl(settings):
    """openssl trusts the certificate of IMAP, behind STARTTLS, too."""
    need("openssl")
    command = settings("--for", "openssl", "--service", "imap").strip() + " -verify_return_error"
    done = subprocess.run(
        ["sh", "-c", command], input="a LOGOUT\n", capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "a OK" in done.stdout


def test_who_does_not_read(lab, capsys):
    """A program that only sends has no settings to read messages with."""
    assert call("env", "--lab", str(lab.lab.folder), "--for", "django", "--service", "imap") == 2
    assert "django does not read messages: shell, python, curl" in capsys.readouterr().err


def test_no_such_place(lab, tmp_path, capsys):
    """Without a running lab, or for a site that it does not have, it says so."""
    assert call("env", "--lab", str(tmp_path)) == 3
    assert call("env", "--lab", str(lab.lab.folder), "--site", "else.test") == 2
    assert "has no smtp at else.test" in capsys.readouterr().err
