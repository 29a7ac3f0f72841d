"""`--record FILE`."""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from maillab.cli.main import build, run
from maillab.cli.record_option import OptionalRecord, RecordError
from maillab.events import Carried, Closed, Said, Submitted, Warned
from maillab.logbook import Logbook
from maillab.notice import NoticeError, running
from maillab.recording.session import load
from tests.cli.calling import against, call, pipe
from tests.serving import Serving


def wait_for_lab(folder):
    """The lab that another process starts there."""
    for _ in range(2000):
        with contextlib.suppress(NoticeError):
            if (lab := running(folder)) is not None:
                return lab
        time.sleep(0.01)
    raise TimeoutError


def kinds(path):
    """The kinds of events of a session."""
    return {type(entry.event) for entry in load(path).entries}


def test_nothing_is_named():
    """Without --record there is no record, and nothing is different."""
    with OptionalRecord() as tape:
        tape.told("a", "b")
        tape.close()


def test_a_place_where_nothing_can_be_written(tmp_path, capsys):
    """A file that cannot be made is exit 2 before anything starts, in every command."""
    file = str(tmp_path / "no" / "s.maillab")
    for command in (
        ["demo"],
        ["serve", "--ephemeral"],
        ["send", "--to", "bob@recipient.test", "--body", "x"],
        ["talk", "smtp"],
    ):
        assert call(*command, "--record", file) == 2
        assert f"cannot record in {file}: No such file or directory" in capsys.readouterr().err
    with pytest.raises(RecordError):
        OptionalRecord("/dev/null")


RECORDERS = (
    ["demo", "classic", "--speed", "0"],
    ["serve", "--ephemeral"],
    ["send", "--to", "bob@recipient.test", "--body", "x"],
    ["talk", "smtp"],
)


@pytest.mark.parametrize("command", RECORDERS, ids=lambda command: command[0])
def test_a_file_that_is_there(command, tmp_path, capsys):
    """Kind: an output file over a file that a person had. Every command that records leaves it as it is, with 2."""
    file = tmp_path / "thesis.doc"
    file.write_bytes(b"mine")
    assert call(*command, "--record", str(file)) == 2
    assert capsys.readouterr().err.endswith(
        f"maillab: cannot record in {file}: the file is there already\n  to replace it, add: --force\n"
    )
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"mine", ["thesis.doc"])


def test_every_command_that_records_is_tried():
    """The list above is that of the parser."""
    [commands] = [action for action in build()._actions if isinstance(action, argparse._SubParsersAction)]
    recording = {name for name, parser in commands.choices.items() if "--record" in parser._option_string_actions}
    assert recording == {command[0] for command in RECORDERS}


def test_a_run_that_fails_at_once(tmp_path, capsys):
    """With --force, too, a file is replaced only by something: a run in which nothing was said leaves it as it was."""
    file = tmp_path / "s.maillab"
    file.write_bytes(b"before")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        config = tmp_path / "lab.toml"
        config.write_text(f"dns_port = {port}\n[[sites]]\ndomain = 'a.test'\ntls = false\n"
                          "people = [{name = 'bob', password = 'b'}]\n"
                          "ports = {smtp = 0, submission = 0, pop3 = 0, imap = 0}\n")  # fmt: skip
        assert call("serve", "--ephemeral", "--config", str(config), "--record", str(file), "--force") == 3
    err = capsys.readouterr().err
    assert f"cannot listen on 127.0.0.1 port {port}" in err
    assert f"nothing was recorded: {file} was not written" in err
    assert (file.read_bytes(), sorted(os.listdir(tmp_path))) == (b"before", ["lab.toml", "s.maillab"])
    assert call("demo", "classic", "--speed", "0", "--record", str(file), "--force") == 0
    assert load(file).entries


def test_send_through_a_lab(tmp_path, capsys):
    """The whole way of a message through a lab of our own is recorded, and the transcript comes out of it again."""
    file = tmp_path / "s.maillab"
    assert call("send", "--to", "bob@recipient.test", "--body", "x" * 600_000, "--record", str(file)) == 0
    live = capsys.readouterr().out
    ports = [site["ports"].get("smtp", 0) for site in load(file).header.lab["sites"]]
    assert all(port > 2000 for port in ports)  # those that were open, not those of the configuration
    assert {Submitted, Carried, Closed} <= kinds(file)
    largest = max(len(e.event.content) for e in load(file).entries if isinstance(e.event, Carried))
    assert largest > 600_000
    assert call("replay", str(file), "--content", "none") == 0
    assert capsys.readouterr().out.startswith(live)


def test_send_to_a_server(tmp_path, capsys):
    """A talk with any server is recorded as it was said."""
    file = tmp_path / "s.maillab"
    script = "S: 220 hi\nC: EHLO client.sender.test\nS: 250 hi\nC: MAIL FROM:<alice@sender.test>\nS: 550 no\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\nCLOSE"
    against(
        script,
        lambda at: [
            "send",
            "--server",
            at,
            "--from",
            "alice@sender.test",
            "--to",
            "b@c.test",
            "--body",
            "x",
            "--record",
            str(file),
        ],
    )
    said = [entry.event.line for entry in load(file).entries if isinstance(entry.event, Said)]
    assert said[:2] == [b"220 hi\r\n", b"EHLO client.sender.test\r\n"]
    assert b"550 no\r\n" in said


def test_talk(tmp_path, monkeypatch, capsys):
    """What is typed into a lab is recorded; a password is not, also where it is typed as a command (T308)."""
    file = tmp_path / "s.maillab"
    pipe(monkeypatch, b"USER bob@recipient.test\nPASS c4nary-wrong\nc4nary-typed\nQUIT\n")
    assert call("talk", "pop3", "--record", str(file)) == 0
    octets = file.read_bytes()
    assert b"c4nary" not in octets
    assert "PASS ‹redacted 12›".encode() in octets
    assert octets.count("‹redacted 12›".encode()) == 2


def test_serve(tmp_path):
    """A lab that serves records until it ends; secrets that its screen shows do not reach the file (T309)."""
    import smtplib

    file = tmp_path / "s.maillab"
    with Serving("--record", str(file), "--show-secrets") as lab:
        door = next(d for d in lab.ready["endpoints"] if d["service"] == "smtp" and d["site"] == "recipient.test")
        with smtplib.SMTP(door["host"], door["port"], local_hostname="client.test") as client:
            client.ehlo()
            client.docmd("AUTH PLAIN c4naryc4nary")
        assert (tmp_path / "s.maillab.part").exists()
    octets = file.read_bytes()
    assert b"AUTH PLAIN" in octets
    assert b"c4nary" not in octets
    assert Closed in kinds(file)
    assert load(file).header.title == "s"  # it is called like its file


def test_trouble_becomes_an_entry(tmp_path, capsys):
    """Kind: trouble told to nobody. A record that stops is told of once in the logbook, which goes on, and on stderr,
    because --quiet and --filter print no entry of it.
    """
    import errno

    async def story():
        book, warned = Logbook(lambda: 5.0), asyncio.Event()
        with OptionalRecord(str(tmp_path / "s.maillab")) as tape:
            tape.follow(book)
            book.subscribe(lambda entry: warned.set() if isinstance(entry.event, Warned) else None)

            def fail(octets):
                raise OSError(errno.ENOSPC, "No space left on device")

            tape._recorder._writer.write = fail
            book.append(Closed("submit-1", "quit"))
            async with asyncio.timeout(10):
                await warned.wait()
            book.append(Closed("submit-2", "quit"))
        return [entry.event for entry in book.since(0)]

    events = asyncio.run(story())
    text = f"the record {tmp_path / 's.maillab'} stopped: No space left on device; the mail goes on"
    assert events == [Closed("submit-1", "quit"), Warned("record", text), Closed("submit-2", "quit")]
    assert capsys.readouterr().err == f"maillab: {text}\n"


def test_trouble_at_the_end(tmp_path, capsys):
    """A record that fails when it is closed is told of on stderr."""
    tape = OptionalRecord(str(tmp_path / "s.maillab"))

    def fail():
        raise OSError(28, "No space left on device")

    tape._recorder._writer.finish = fail
    tape.mark("here")
    tape.close()
    tape.close()
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("s.maillab stopped: No space left on device; the mail goes on")


def test_moments_of_a_story(tmp_path):
    """Each time the narrator speaks is a mark: replay can begin at a step."""
    file = tmp_path / "s.maillab"
    assert run(["demo", "seven-steps", "--speed", "0", "--record", str(file)]) == 0
    session = load(file)
    assert [mark.name for mark in session.marks] == [f"step-{n}" for n in range(1, 8)]
    third = next(entry.event for entry in session.entries if entry.seq > session.marks[2].after)
    assert third.leg == "lookup"


def test_moments_of_a_talk(tmp_path, monkeypatch):
    """.mark NAME in a talk is a mark of its record."""
    file = tmp_path / "s.maillab"
    pipe(monkeypatch, b".mark before\nNOOP\n.mark\nQUIT\n")
    assert call("talk", "smtp", "--record", str(file)) == 0
    session = load(file)
    assert [mark.name for mark in session.marks] == ["before"]
    after = next(entry.event for entry in session.entries if entry.seq > session.marks[0].after)
    assert after.line == b"NOOP\r\n"


def test_a_full_disk_and_a_story(tmp_path, capsys, monkeypatch):
    """With a full disk a story is told to its end all the same, and the trouble is shown."""
    from maillab.recording.session_files import SessionWriter

    write = SessionWriter.write

    def full(self, octets):
        if self.octets > 2_000:
            raise OSError(28, "No space left on device")
        write(self, octets)

    monkeypatch.setattr(SessionWriter, "write", full)
    assert run(["demo", "classic", "--speed", "0", "--record", str(tmp_path / "s.maillab")]) == 0
    said = capsys.readouterr()
    assert "No space left on device" in said.out + said.err
    assert not (tmp_path / "s.maillab").exists()
    assert load(tmp_path / "s.maillab.part").entries


def test_killed(tmp_path):
    """After kill -9 the part that was written can be loaded."""
    import smtplib

    file = tmp_path / "s.maillab"
    with Serving("--record", str(file)) as lab:
        door = next(d for d in lab.ready["endpoints"] if d["service"] == "smtp")
        with smtplib.SMTP(door["host"], door["port"], local_hostname="client.test") as client:
            client.ehlo()
        for _ in range(200):
            if b'"Closed"' in (tmp_path / "s.maillab.part").read_bytes():
                break
            lab._process.poll()
            os.sched_yield()
            signal.sigtimedwait([], 0.05)
        lab._process.kill()
        lab._process.wait()
    assert Closed in kinds(tmp_path / "s.maillab.part")


def test_a_full_disk_under_the_log(tmp_path):
    """Kind: an error of output taken for the end. `serve > log` on a full disk says so and serves on; then it is 1."""
    import smtplib

    command = f"exec {sys.executable} -m maillab serve --lab {tmp_path} --ports auto < /dev/null > /dev/full"
    with subprocess.Popen(["bash", "-c", command], stderr=subprocess.PIPE, text=True) as process:
        try:
            door = wait_for_lab(tmp_path).endpoint("sender.test", "smtp")
            with smtplib.SMTP(door.host, door.port, "me.test", timeout=10) as wire:
                wire.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: x\r\n\r\nHi\r\n")
                assert wire.noop()[0] == 250
        finally:
            process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (1, "maillab: cannot write to standard output: No space left on device\n")
