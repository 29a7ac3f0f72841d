"""`maillab` alone, and the commands that open the window: on real terminals, and where there is none."""

import io
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from maillab.cli.window import instead, parse, show, unfit
from maillab.recording.session import load
from tests.house import ROOT
from tests.serving import environment
from tests.tui.terminals import Terminal

SEVEN = ROOT / "examples" / "sessions" / "seven-steps.maillab"


SGR_COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:[34][0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


class Tty(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self):
        return True


def has_arrived(lines):
    """Does a line show a way with four stations that are done?"""
    return any(line.count("✓") == 4 for line in lines)


def sure(terminal):
    """Leave a temporary lab whose messages nobody recorded."""
    terminal.see("This lab is temporary")
    terminal.press("q")


def test_where_no_window_fits():
    """No terminal, or one that cannot move its cursor."""
    assert unfit(Tty(), Tty(), {"TERM": "xterm"}) is None
    assert "needs a terminal" in unfit(Tty(), io.StringIO(), {"TERM": "xterm"})
    assert "needs a terminal" in unfit(None, Tty(), {})
    for term in ("dumb", "unknown", ""):
        assert f"TERM={term}" in unfit(Tty(), Tty(), {"TERM": term})


def test_what_works_instead():
    """Every command, and the one to begin with."""
    from maillab.cli.commands import COMMANDS

    assert all(f"maillab {name}" in instead() for name in COMMANDS)
    assert "Begin with: maillab demo" in instead()


def test_options():
    """Looks, the lab, a record."""
    args = parse(["--theme", "light", "--no-mouse", "--ascii", "--ephemeral", "--lang", "vi"])
    assert (args.theme, args.no_mouse, args.ascii, args.ephemeral, args.lang) == ("light", True, True, True, "vi")
    with pytest.raises(SystemExit):
        parse(["--theme", "pink"])


def test_a_command_behind_options(capsys):
    """It is told where it belongs, as a line to paste."""
    with pytest.raises(SystemExit):
        parse(["--lang", "vi", "replay", "a b.maillab"])
    assert capsys.readouterr().err.endswith("  try: maillab replay --lang vi 'a b.maillab'\n")
    with pytest.raises(SystemExit):
        parse(["--lang", "vi", "dance"])
    assert capsys.readouterr().err.endswith("unrecognized arguments: dance\n")


def test_a_record_that_is_there(tmp_path, capsys):
    """Kind: an output file over a file that a person had. The window does not open over one, unless told to."""
    (tmp_path / "mine").write_bytes(b"mine")
    assert show(parse(["--ephemeral", "--record", str(tmp_path / "mine")])) == 2
    assert "to replace it, add: --force" in capsys.readouterr().err
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_in_a_pipe():
    """It says what to run instead, without an escape, and that is no failure."""
    done = subprocess.run(
        [sys.executable, "-m", "maillab"], capture_output=True, env=environment(), timeout=30, check=False
    )
    assert done.returncode == 0
    assert b"maillab demo" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr


def test_dumb_terminal(tmp_path):
    """So does a terminal that says it is dumb (T281)."""
    with Terminal(folder=tmp_path, TERM="dumb") as terminal:
        assert terminal.wait() == 0
        assert "TERM=dumb" in terminal.text
        assert b"\x1b" not in terminal.written


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_message_by_keys(tmp_path, size):
    """From the start to the message that Bob reads, by a handful of keys on a real terminal; then the terminal is as it was."""
    with Terminal("--ephemeral", size=size, folder=tmp_path, afresh=True) as terminal:
        terminal.see("● LIVE", "^S  Send the draft")
        terminal.press("ctrl+s")
        terminal.see("alice", "DELIVERED")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        terminal.press("2")
        terminal.see("Mailboxes", "Hello from the laboratory")
        terminal.press("enter")
        terminal.see("this message crosses two servers")
        terminal.press("ctrl+q")
        sure(terminal)
        assert terminal.wait() == 0
        assert terminal.is_as_it_was()


def test_a_browser_beside_the_window(tmp_path):
    """--http opens the HTTP door of the window's own lab, and the title says where; what it is asked is the same lab."""
    with Terminal("--ephemeral", "--http", "0", size=(120, 40), folder=tmp_path) as terminal:
        terminal.see("● LIVE", "^S  Send the draft", "in a browser")
        address = re.search(r"● LIVE +(http://127\.0\.0\.1:\d+)", terminal.text)[1]
        terminal.press("ctrl+s")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        with urllib.request.urlopen(f"{address}/maillab/v1/wait?query=to:bob&timeout=10s", timeout=20) as answer:
            assert json.load(answer)["messages"][0]["Subject"].startswith("Hello from the laboratory")
        terminal.press("ctrl+q")
        sure(terminal)
        assert terminal.wait() == 0
        assert terminal.is_as_it_was()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)


def test_a_message_by_mouse(tmp_path):
    """The same by clicks alone."""
    with Terminal("--ephemeral", size=(120, 40), folder=tmp_path) as terminal:
        terminal.see("● LIVE", "bob@recipient.test")
        terminal.click("^S Send")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        terminal.click("2 Mail")
        terminal.see("bob · Inbox · 1", "Hello from the laboratory")
        for _ in range(2):
            terminal.click("Hello from the laboratory")
        terminal.see("this message crosses two servers")
        terminal.click("^Q Quit")
        sure(terminal)
        assert terminal.wait() == 0


@pytest.mark.parametrize("key", ["2", "3", "4"])
def test_every_mode(tmp_path, key):
    """Each mode is drawn by the real driver, and can be left."""
    words = {"2": "Mailboxes", "3": "Conversations", "4": "Saved sessions"}[key]
    with Terminal("--ephemeral", size=(120, 40), folder=tmp_path) as terminal:
        terminal.see("● LIVE")
        terminal.press("escape")
        terminal.quiet()
        terminal.press(key)
        terminal.see(words)
        terminal.press("1")
        terminal.see("New message")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_without_unicode(tmp_path):
    """Where the terminal is not UTF-8, and where one wishes it, everything is drawn with ASCII (T281)."""
    for variables, arguments in (
        ({"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}, ()),
        ({}, ("--ascii",)),
    ):
        with Terminal("--ephemeral", *arguments, size=(100, 30), folder=tmp_path, **variables) as terminal:
            terminal.see("LIVE", "- New message")
            assert bytes(terminal.written).isascii()
            terminal.press("ctrl+q")
            assert terminal.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(("--theme", "ansi-dark"), {}), (("--theme", "ansi-light"), {}), ((), {"TERM": "linux"})],
)
def test_the_colours_of_the_terminal(tmp_path, arguments, variables):
    """Themes of sixteen colours ask for those sixteen alone, from the first picture on: they are their owner's."""
    with Terminal(
        "--ephemeral", *arguments, size=(100, 30), folder=tmp_path, COLORTERM="truecolor", **variables
    ) as one:
        one.see("LIVE", "bob@recipient.test")
        one.press("ctrl+s")
        one.until(lambda: has_arrived(one.lines), "four stations")
        asked = b";".join(re.findall(rb"\x1b\[([0-9;]*)m", bytes(one.written)))
        assert b"8;2;" not in asked
        assert b"8;5;" not in asked
        assert {b"32", b"36"} & set(asked.split(b";"))


def test_no_colour(tmp_path):
    """NO_COLOR is respected: no colour is asked for, only weights (https://no-color.org)."""
    with Terminal("--ephemeral", size=(100, 30), folder=tmp_path, NO_COLOR="1") as terminal:
        terminal.see("LIVE", "bob@recipient.test")
        terminal.press("ctrl+s")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        terminal.press("2")
        terminal.see("Hello from the laboratory")
        terminal.quiet()
        cells = [cell for line in terminal._screen.buffer.values() for cell in line.values()]
        assert {colour for cell in cells for colour in (cell.fg, cell.bg)} == {"default"}
        assert not SGR_COLOUR.search(terminal.written)
        assert any(cell.reverse for cell in cells)  # what is chosen can be seen
        terminal.press("ctrl+q")
        sure(terminal)
        assert terminal.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals(tmp_path, number):
    """A signal ends it in order: the terminal as it was, the message and the record kept, the lab closed."""
    with Terminal(
        "--lab", str(tmp_path / "lab"), "--ports", "auto", "--record", str(tmp_path / "r.maillab"),
        size=(100, 30), folder=tmp_path,
    ) as terminal:  # fmt: skip
        terminal.see("● LIVE", "REC", "bob@recipient.test")
        terminal.press("ctrl+s")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        terminal.press("1", "f6", "f6", "f6")
        terminal.signal(number)
        assert terminal.wait() == 0, bytes(terminal.written[-20_000:]).decode("utf-8", "replace")
        assert terminal.is_as_it_was()
    assert any(type(entry.event).__name__ == "Delivered" for entry in load(tmp_path / "r.maillab").entries)


def test_the_terminal_hangs_up(tmp_path):
    """Whoever closes the terminal leaves no process behind, and loses nothing."""
    with Terminal("--lab", str(tmp_path / "lab"), "--ports", "auto", size=(100, 30), folder=tmp_path) as terminal:
        terminal.see("● LIVE", "bob@recipient.test")
        terminal.press("ctrl+s")
        terminal.until(lambda: has_arrived(terminal.lines), "four stations")
        terminal.hang_up()
        assert terminal.ended(20)
    assert len(list((tmp_path / "lab" / "mail").rglob("new/*"))) == 1


def test_stopped_and_gone_on(tmp_path):
    """^Z gives the terminal back, and fg goes on where it was (through a shell, as people do)."""
    with Terminal(
        size=(100, 30), folder=tmp_path, command=["bash", "--norc", "-i"], PS1="READY> ", HISTFILE="",
    ) as terminal:  # fmt: skip
        terminal.see("READY>")
        terminal.press(f"{sys.executable} -m maillab --ephemeral\r")
        terminal.see("● LIVE", "Hello from the labora")
        terminal.quiet()
        terminal.press("ctrl+z")
        terminal.see("Stopped")
        terminal.press("echo between\r")
        terminal.see("between")
        before = len(terminal.written)
        terminal.press("fg\r")
        terminal.until(lambda: b"Hello from the labora" in terminal.written[before:], "the window, drawn anew")
        terminal.press("ctrl+q")
        terminal.until(lambda: bytes(terminal.written).rstrip().endswith(b"READY>"), "the prompt")
        terminal.press("exit\r")
        terminal.wait()


def test_too_small(tmp_path):
    """A terminal of 20x5 gets a sentence; when it grows, the window."""
    with Terminal("--ephemeral", size=(20, 5), folder=tmp_path) as terminal:
        terminal.see("40")
        terminal.resize(100, 30)
        terminal.see("New message", "● LIVE")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_a_busy_port(tmp_path):
    """The window opens, says who has the port, and takes free ones with one key."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        (tmp_path / "lab.toml").write_text(
            f'dns_port = 0\n[[sites]]\ndomain = "a.test"\npeople = [{{name = "ann", password = "x"}}]\nports = {{smtp = {port}}}\n'
        )
        with Terminal(
            "--lab", str(tmp_path / "lab"), "--config", str(tmp_path / "lab.toml"), size=(100, 30), folder=tmp_path
        ) as terminal:
            terminal.see(f"Port {port} (SMTP) is taken by", "Use free ports")
            terminal.press("f")
            terminal.see("● LIVE")
            terminal.press("ctrl+q")
            assert terminal.wait() == 0


def test_a_session(tmp_path):
    """`maillab replay FILE` plays it in the window; what is no session is told before one opens."""
    with Terminal("replay", str(SEVEN), size=(100, 30), folder=tmp_path) as terminal:
        terminal.see("▶ REPLAY", "Alice's mail program")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    (tmp_path / "none.maillab").write_bytes(b"nothing")
    with Terminal("replay", str(tmp_path / "none.maillab"), folder=tmp_path) as terminal:
        assert terminal.wait() == 2
        assert b"\x1b[?1049h" not in terminal.written


def test_a_story(tmp_path):
    """`maillab demo` tells it in the window; with --print it is printed, here as everywhere."""
    with Terminal("demo", "seven-steps", size=(100, 30), folder=tmp_path) as terminal:
        terminal.see("▶ REPLAY", "Alice's mail program")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    with Terminal("demo", "--print", "--speed", "0", folder=tmp_path) as terminal:
        assert terminal.wait() == 0
        assert b"\x1b[?1049h" not in terminal.written


def test_a_folder_that_cannot_be_written(tmp_path):
    """A lab that cannot live where it should says so; a temporary one is offered."""
    (tmp_path / "file").write_text("")
    with Terminal("--lab", str(tmp_path / "file" / "lab"), size=(100, 30), folder=tmp_path) as terminal:
        terminal.see("temporary")
        terminal.press("t")
        terminal.see("● LIVE")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_a_file_of_settings_that_is_wrong(tmp_path):
    """What is wrong in it is named, and the default lab is offered."""
    (tmp_path / "lab.toml").write_text("sitse = 1\n")
    with Terminal(
        "--lab", str(tmp_path / "lab"), "--config", str(tmp_path / "lab.toml"), "--ports", "auto",
        size=(100, 30), folder=tmp_path,
    ) as terminal:  # fmt: skip
        terminal.see("sitse", "Use the default lab")
        terminal.press("d")
        terminal.see("● LIVE")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
