"""`maillab serve`."""

import contextlib
import http.client
import json
import os
import re
import resource
import signal
import smtplib
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from maillab.cli.main import run
from maillab.cli.printer import Printer
from maillab.cli.serve import _announce
from maillab.config import default
from maillab.endpoints import Account
from maillab.recording.session import load
from tests.cli.calling import call
from tests.serving import Serving
from tests.support import wait_until


def serve(*argv, descriptors=0):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    env = {
        name: value for name, value in os.environ.items() if name != "PYTHONASYNCIODEBUG"
    }  # it remarks upon start-up
    return subprocess.Popen(
        [sys.executable, "-m", "maillab", "serve", *argv],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, preexec_fn=limit if descriptors else None,
    )  # fmt: skip


def greeting(port):
    """The first octets of what a server says; b"" where it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        return line.recv(3)


def test_json_first_says_where_everything_is(tmp_path):
    """The first line names lab, endpoints and accounts; then one object an entry; SIGTERM ends it with code 0."""
    with serve("--lab", str(tmp_path / "lab"), "--ports", "auto", "--json") as process:
        ready = json.loads(process.stdout.readline())
        doors = {(door["site"], door["service"]): door for door in ready["endpoints"]}
        submission = doors["sender.test", "submission"]
        with socket.create_connection(("127.0.0.1", submission["port"])) as line:
            line.recv(100)
            line.sendall(b"QUIT\r\n")
            line.recv(100)
        entries = [json.loads(process.stdout.readline()) for _ in range(5)]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert errors == ""
    assert ready["event"] == "ready"
    assert ready["lab"] == str(tmp_path / "lab")
    assert (submission["tls"], submission["auth"], submission["host"]) == ("starttls", True, "127.0.0.1")
    assert {service for _, service in doors} == {
        "smtp",
        "submission",
        "submissions",
        "pop3",
        "pop3s",
        "imap",
        "imaps",
        "dns",
    }
    assert {"address": "alice@sender.test", "password": None} in ready["accounts"]  # stdout is no terminal
    assert [entry["kind"] for entry in entries] == ["opened", "said", "said", "said", "closed"]
    assert entries[2]["text"].endswith("QUIT")


def test_only_what_matches_is_printed():
    """With --filter the transcript holds the entries that match; what they answer is known all the same."""
    with serve("--ephemeral", "--ports", "auto", "--json", "--filter", "verb:quit side:server") as process:
        ready = json.loads(process.stdout.readline())
        port = next(door["port"] for door in ready["endpoints"] if door["service"] == "smtp")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.recv(100)
            line.sendall(b"EHLO x.test\r\nQUIT\r\n")
            while line.recv(1000):
                pass
        entry = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=20)
    assert entry["text"].startswith("221 ")
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_wrong_filter_is_exit_2(capsys):
    """A filter that cannot be read is shown, with a caret below the place."""
    assert run(["serve", "--ephemeral", "--ports", "auto", "--filter", "leg:relay code:six"]) == 2
    assert capsys.readouterr().err.split("\n")[1:3] == ["  leg:relay code:six", "                 ^"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_in_time(number):
    """Ctrl-C, SIGTERM and SIGHUP end it within two seconds, with code 0 and no noise."""
    with serve("--ephemeral", "--ports", "auto") as process:
        while process.stdout.readline() != "Ctrl-C ends the lab.\n":
            pass
        process.send_signal(number)
        _, errors = process.communicate(timeout=2)
    assert (process.returncode, errors) == (0, "")


def test_a_busy_port_is_exit_3(tmp_path, capsys):
    """A port that is taken: which, for what, and the command that helps."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = tmp_path / "lab.toml"
        config.write_text(
            f"[[sites]]\ndomain = 'a.test'\npeople = [{{ name = 'a', password = 'a' }}]\nports = {{ smtp = {port} }}\n"
        )
        assert run(["serve", "--ephemeral", "--config", str(config)]) == 3
    said = capsys.readouterr().err
    assert f"port {port} for smtp" in said
    assert "maillab serve --ports auto" in said


def test_a_second_lab_in_the_same_folder_is_exit_3(tmp_path, capsys):
    """One process per folder; the second is told the first's pid."""
    with serve("--lab", str(tmp_path), "--ports", "auto", "--json") as first:
        first.stdout.readline()
        assert run(["serve", "--lab", str(tmp_path), "--ports", "auto"]) == 3
        first.terminate()
        first.communicate(timeout=20)
    assert f"process {first.pid}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("strictness = 'lax'", "`strictness`"),
        ("[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nzone = '@ MX'", "zone a.test"),
        ("[[zones]]\norigin = 'z.test'\ntext = '$INCLUDE /etc/passwd'", "z.test"),
    ],
)
def test_a_wrong_configuration_is_exit_2(tmp_path, capsys, text, words):
    """A wrong configuration or zone is named, exit code 2, no traceback (T219)."""
    (tmp_path / "lab.toml").write_text(text)
    assert run(["serve", "--ephemeral", "--ports", "auto", "--config", str(tmp_path / "lab.toml")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "root:" not in said


@pytest.mark.parametrize("argv", [[], ["--json"]])
def test_a_reader_who_goes_away_ends_it_without_noise(tmp_path, argv):
    """`maillab serve | head`: the client that speaks next is answered, then the lab ends with code 0."""
    lab = tmp_path / "lab"
    with serve("--lab", str(lab), "--ports", "auto", *argv) as process:
        said = ""
        while "smtp" not in said:
            said = process.stdout.readline()
        port = int(re.search(r'127.0.0.1(?:", "port": |:)(\d+)', said)[1])
        process.stdout.close()
        assert greeting(port) in (b"220", b"421")
        errors = process.stderr.read()
        assert process.wait(timeout=20) == 0
    assert errors == ""


def test_what_asyncio_complains_of_is_told_once(tmp_path):
    """Clients beyond the last descriptor wait or are sent away; the transcript says why, once, and stderr nothing (T035)."""
    with serve("--ephemeral", "--ports", "auto", "--json", descriptors=56) as process, contextlib.ExitStack() as lines:
        ready = json.loads(process.stdout.readline())
        port = next(door["port"] for door in ready["endpoints"] if door["service"] == "smtp")
        for _ in range(60):
            lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        for text in process.stdout:
            entry = json.loads(text)
            if entry["kind"] == "warned":
                break
        assert "Too many open files" in entry["text"]
        lines.close()
        wait_until(lambda: greeting(port) == b"220")  # the crowd is not cleared away at once
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert said.count("out of system resource") <= 2  # the row and the object's own field of one more


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("terminal", "asked", "shown"), [(0, 0, False), (0, 1, True), (1, 0, True)])
def test_passwords_are_for_terminals(as_json, terminal, asked, shown, capsys, monkeypatch, tmp_path):
    """Kind: a secret in a log. Table and --json have passwords on a terminal, and where somebody asks for them."""
    lab = SimpleNamespace(folder=tmp_path, endpoints=(), accounts=(Account("a@b.test", "c4nary"),),
                          authority=SimpleNamespace(certificate=tmp_path), config=default())  # fmt: skip
    monkeypatch.setattr(sys.stdout, "isatty", lambda: bool(terminal), raising=False)
    _announce(lab, Printer(lang="en", glosses=False, as_json=as_json), as_json=as_json, secrets=bool(asked))
    out = capsys.readouterr().out
    assert ("a@b.test" in out, "c4nary" in out) == (True, shown)


def test_a_reader_who_has_seen_enough():
    """`serve --json | head -1` ends by itself, without waiting for mail, and is no failure."""
    line = f"set -o pipefail; {sys.executable} -m maillab serve --ephemeral --ports auto --json | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["event"] == "ready"


def test_rules_of_the_command_line_are_played():
    """`serve --rule` disturbs a real client, and says which rule it was."""
    rule = 'at recipient.test smtp rcpt to:bob* answer 451 4.7.1 "come back" times 1'
    with Serving("--rule", rule) as lab:
        with smtplib.SMTP(lab.host, lab.port("smtp"), local_hostname="client.test") as client:
            client.ehlo()
            client.mail("alice@sender.test")
            assert client.rcpt("bob@recipient.test") == (451, b"4.7.1 come back")
            assert client.rcpt("bob@recipient.test")[0] == 250
        played = lab.wait(lambda entry: entry["kind"] == "ruleplayed")
    assert played["rule"] == rule
    assert played["effect"] == 'answer 451 4.7.1 "come back"'


def test_rules_that_met_nothing_are_told_at_the_end():
    """One line for each: whoever named the wrong service learns it."""
    met, idle = "at recipient.test smtp noop answer 451", "at sender.test submission content answer 451 times 2"
    with (
        Serving("--rule", met, "--rule", idle) as lab,
        smtplib.SMTP(lab.host, lab.port("smtp"), local_hostname="client.test") as client,
    ):
        assert client.noop()[0] == 451
    assert [line for line in lab.errors().splitlines() if "rule" in line] == [f"maillab: this rule met nothing: {idle}"]


def ask(port, path, token=""):
    """What the HTTP door of a lab answers."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as link:
        link.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return link.getresponse().read()


def test_programs_may_ask_over_http():
    """--http opens the door, and everybody who looks for the lab finds it; without it there is none."""
    with Serving("--http", "0") as serving:
        assert ask(serving.port("http", ""), "/livez") == b"OK"
        command = [sys.executable, "-m", "maillab", "ready", "--json", "--lab", str(serving.lab)]
        told = subprocess.run(command, capture_output=True)
        assert "http" in {door["service"] for door in json.loads(told.stdout)["endpoints"]}
    with Serving() as serving:
        assert "http" not in {door["service"] for door in serving.ready["endpoints"]}


def test_a_profile_opens_the_http_door():
    """The lab for programs under test has one, on a free port where all are free; -1 opens none."""
    with Serving("--profile", "app") as serving:
        assert ask(serving.port("http", ""), "/readyz") == b"OK"
    with Serving("--profile", "app", "--http", "-1") as serving:
        assert "http" not in {door["service"] for door in serving.ready["endpoints"]}


def test_a_busy_port_for_http(capsys):
    """It is named as any other; a word that is no port is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--ephemeral", "--ports", "auto", "--http", str(port)]) == 3
        assert f"cannot listen on 127.0.0.1 port {port} for http" in capsys.readouterr().err
    assert call("serve", "--http", "web") == 2
    assert "a port is expected" in capsys.readouterr().err


def test_other_computers_need_a_token():
    """--listen makes one and says it once, on stderr alone; without --listen the door is on 127.0.0.1 alone (T283)."""
    with Serving("--http", "0", "--listen", "0.0.0.0") as serving:
        port = serving.port("http", "")
        said = dict(line.split(": ", 1) for line in serving.errors().splitlines())
        token, link = said["token of the HTTP door"], said["in a browser, once"]
        assert ask(port, "/api/v1/info").startswith(b"this lab asks for its token")
        assert b'"Version"' in ask(port, "/api/v1/info", token)
        assert link.startswith(f"http://127.0.0.1:{port}/enter/")
        assert b"refresh" in ask(port, link.partition(str(port))[2])
        assert token not in json.dumps(serving.ready)
        hosts = {door["service"]: door["host"] for door in serving.ready["endpoints"]}
        assert {host for service, host in hosts.items() if service != "http"} == {"127.0.0.1"}
        assert hosts["http"] == "0.0.0.0"
    with Serving("--http", "0") as serving:
        assert {door["host"] for door in serving.ready["endpoints"]} == {"127.0.0.1"}
        assert not serving.errors()


def test_a_token_of_ones_own():
    """It is asked for on loopback, too, and is never repeated."""
    with Serving("--http", "0", "--listen", "127.0.0.1", "--http-token", "correct-horse-battery") as serving:
        port = serving.port("http", "")
        assert ask(port, "/api/v1/info").startswith(b"this lab asks for its token")
        assert b'"Version"' in ask(port, "/api/v1/info", "correct-horse-battery")
        assert "horse" not in serving.errors() + json.dumps(serving.ready)


def test_a_token_of_the_environment():
    """It guards the door where there is one, and is no wrong use where there is none: it is meant for other programs."""
    exported = {"MAILLAB_HTTP_TOKEN": "correct-horse-battery"}
    with Serving("--http", "0", variables=exported) as serving:
        port = serving.port("http", "")
        assert ask(port, "/api/v1/info").startswith(b"this lab asks for its token")
        assert b'"Version"' in ask(port, "/api/v1/info", "correct-horse-battery")
        assert "horse" not in serving.errors() + json.dumps(serving.ready)
    with Serving(variables=exported) as serving:
        assert not {door["service"] for door in serving.ready["endpoints"]} & {"http"}


def test_a_token_of_the_environment_that_is_none(monkeypatch, capsys):
    """It is looked at as one of the command line, and not repeated."""
    monkeypatch.setenv("MAILLAB_HTTP_TOKEN", "swordfish")
    assert run(["serve", "--ephemeral", "--ports", "auto", "--http", "0"]) == 2
    told = capsys.readouterr().err
    assert "16 or more" in told
    assert "swordfish" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--http", "--listen", "example.net"], "an IP address is expected"),
        (["--http", "--http-token", "swordfish"], "16 or more"),
        (["--listen", "0.0.0.0"], "add: --http"),
        (["--http-token", "correct-horse-battery"], "add: --http"),
        (["--profile", "app", "--http", "-1", "--listen", "::"], "add: --http"),
    ],
)
def test_what_cannot_be_listened_at(words, said, capsys):
    """It is refused before anything is opened, and a token is not repeated."""
    assert call("serve", "--ephemeral", "--ports", "auto", *words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "swordfish" not in told


def test_an_address_of_another_computer(capsys):
    """It is said that this computer has none such (RFC 5737 §3: nobody has)."""
    assert run(["serve", "--ephemeral", "--ports", "auto", "--http", "0", "--listen", "203.0.113.77"]) == 3
    told = capsys.readouterr().err
    assert "cannot listen on 203.0.113.77" in told
    assert "no network card" in told


@pytest.mark.parametrize(
    ("options", "why"), [(("--http", "0"), "the HTTP door acts on"), (("--rule", "at rcpt answer 451"), "rules are")]
)
def test_what_processes_cannot_do(options, why, capsys):
    """What acts on all machines at once needs them in one process: said at once, with what to leave out."""
    assert call("serve", "--ephemeral", "--ports", "auto", "--processes", *options) == 2
    assert f"maillab: --processes: {why}" in capsys.readouterr().err


def test_processes_end_with_ctrl_c(tmp_path):
    """A terminal sends Ctrl-C to all of them: the lab ends in order, with code 0, and tells all that happened."""
    with subprocess.Popen(
        [sys.executable, "-m", "maillab", "serve", "--lab", tmp_path / "lab", "--ports", "auto", "--json", "--processes"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        ready = json.loads(process.stdout.readline())
        port = next(door["port"] for door in ready["endpoints"] if door["service"] == "pop3")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.recv(100)
            line.sendall(b"QUIT\r\n")
            line.recv(100)
        os.killpg(process.pid, signal.SIGINT)
        told, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert [json.loads(line)["kind"] for line in told.splitlines()] == ["opened", "said", "said", "said", "closed"]


def test_a_process_that_dies_ends_the_lab():
    """A lab without one of its sites is none: the code says so, and the sentence which."""
    with Serving("--processes") as lab:
        os.kill(lab.family[1], signal.SIGKILL)
        lab.wait(lambda entry: entry["kind"] == "warned")
        assert lab.outlast() == 1
    assert "has ended by itself, and its doors with it" in lab.errors()


def test_a_record_of_processes(tmp_path):
    """A session holds what every process said, in order, and none of it twice."""
    with Serving("--processes", "--record", str(tmp_path / "s.maillab")) as lab:
        with smtplib.SMTP("127.0.0.1", lab.port("smtp", "sender.test"), "program.test") as smtp:
            smtp.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: x\r\n\r\nhello\r\n")
        lab.wait(lambda entry: entry["kind"] == "closed" and entry["talk"].startswith("relay"))
        assert lab.stop()[0] == 0
    told = load(tmp_path / "s.maillab").entries
    assert [entry.seq for entry in told] == [*range(1, len(told) + 1)]
    kinds = [type(entry.event).__name__.lower() for entry in told]
    assert kinds == [entry["kind"] for entry in lab.entries]
    assert kinds.index("submitted") < kinds.index("routed") < kinds.index("delivered") < kinds.index("attempted")
