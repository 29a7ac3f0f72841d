"""Nothing that a stranger sends reaches the terminal but as text: every octet that the window writes is read strictly."""

import os
import re
import shlex
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color

from maillab.events import Carried, Closed, Entry, Leg, Opened, Read, Said, Side
from maillab.mail.content import Content
from maillab.recording.session import Header, Mark, Session, save
from maillab.tui.looks import sink
from maillab.views.safe import MARKS
from tests.serving import environment
from tests.support import free_ports, need
from tests.tui.hostile import corpus, specimens
from tests.tui.hostile.corpus import M1, M2, M3, MONSTERS, H, strings
from tests.tui.hostile.reading import TOKEN, UNSEEN, Reading, reading, unpacked
from tests.tui.hostile.sessions import NOW, Words, message, octets_of, session
from tests.tui.hostile.specimens import EN, SIZE, SPECIMENS, first_of, widget_classes
from tests.tui.terminals import Terminal

TRUE_COLOURS = {"COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
SEED = 2026


@contextmanager
def window(*arguments: str, folder: Path, size: tuple[int, int] = (100, 30), **variables: str) -> Iterator[Terminal]:
    """The real window on a real terminal; when it is left, all that it wrote is clean, and it has ended in order."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    with Terminal(*arguments, size=size, folder=folder, HOME=str(home), **TRUE_COLOURS, **variables) as terminal:
        yield terminal
        leave(terminal)
    check(terminal)


def leave(terminal: Terminal) -> None:
    """It answers the key that ends it: it is alive."""
    terminal.press("ctrl+q")
    assert terminal.wait(30) == 0, terminal.text
    assert terminal.is_as_it_was()


def check(terminal: Terminal) -> Reading:
    """Not one octet that is not Textual's own or text."""
    found = reading(bytes(terminal.written))
    assert found.octets > 1_000
    assert found.faults == (), found.faults[:5]
    assert "PWN" not in terminal.title
    return found


# ── the judge can say no ──

RUN = "\x1b[1;1H\x1b[38;2;1;2;3;48;2;4;5;6m{}\x1b[0m\r\n\x1b[2;1H\x1b[48;2;4;5;6m  \x1b[0m"
OBEYED = [text for text in corpus.FIXED if UNSEEN.search(text)]


@pytest.mark.parametrize("text", OBEYED, ids=ascii)
def test_what_the_judge_would_find(text):
    """Each hostile string in a text is a fault, between two texts, too; the same picture without it is none."""
    inside = "\x1b[?1049h" + RUN.format(f"before{text}behind")
    between = "\x1b[?1049h" + RUN.format("before") + text + RUN.format("behind")
    assert not reading(octets_of(inside)).clean
    token = TOKEN.match(text + "\x1b[1;1H")
    if token is None or token.end() != len(text):  # some are Textual's own; it writes no text without a style
        assert not reading(octets_of(between)).clean
    assert reading(("\x1b[?1049h" + RUN.format("before ␛[31m⟨202E⟩ việt 日本 [/nope]")).encode()).clean


def test_what_it_would_find_on_a_terminal(tmp_path):
    """A program that writes such strings as they are is found out on a real terminal: the title is taken, too."""
    (tmp_path / "message").write_bytes(b"before\n\x1b]0;PWN\x07\x1b]52;c;UFdOSVQ=\x07\x1b[31mred\xc2\x9b32m\nbehind")
    with Terminal(folder=tmp_path, command=["cat", "message"]) as terminal:
        terminal.wait()
        assert terminal.title == "PWN"
    assert not reading(bytes(terminal.written)).clean


def test_what_is_copied_is_told():
    """The clipboard is written in one form only, and the payload is known."""
    found = reading(b"\x1b[?1049h\x1b]52;c;SGk=\x07")
    assert found.clean
    assert [unpacked(one) for one in found.copied] == ["Hi"]


def test_strings():
    """The same of the same seed, others of another; every kind is among them."""
    made = strings(SEED, 2_000)
    assert made == strings(SEED, 2_000)
    assert made != strings(SEED + 1, 2_000)
    whole = "".join(made)
    for kind in ("\x1b[", "\x1b]52", "\x1b]8;", "\x1bP", "\x1b_", "\x9b", "\x07", "\b", "\r", "\ud800", "\u202e", "\u200b",
                 "\U000e0050", M1, M2, M3):  # fmt: skip
        assert kind in whole


def test_heaps_of_marks():
    """A character keeps a few of its combining marks: a terminal chokes on thousands (T276)."""
    [one] = sink.Guard().apply([Segment("xe" + "\u0301" * 100_000 + "y việt")], Color(0, 0, 0))
    assert one.text == "xe" + "\u0301" * MARKS + "y việt"


# ── every widget ──


def test_every_widget_is_fed():
    """Each module of widgets and dialogs has a specimen, so that a new one is not forgotten (T260, T265)."""
    rooms = {kind.__module__ for kind in widget_classes().values()}
    fed = {vars(specimens)[name].__module__ for name in vars(specimens) if name in widget_classes()}
    shared = {"maillab.tui.widgets.rows", "maillab.tui.widgets.bar", "maillab.tui.dialogs.frame",
              "maillab.tui.widgets.linefield", "maillab.tui.widgets.titled"}  # fmt: skip  # below the others
    assert rooms - fed == shared


class Nobody:
    """Looks at nothing."""

    def feed(self, octets: bytes) -> None:
        """Nothing is drawn."""


def feed(folder: Path, names: str, seed: int, count: str, layer: str = "both", seconds: float = 120) -> Reading:
    """Feed widgets on a terminal of their own; what was drawn."""
    command = [sys.executable, "-m", "tests.tui.hostile", names, str(seed), count, layer]
    with Terminal(size=SIZE, folder=folder, command=command, **TRUE_COLOURS) as terminal:
        terminal._stream = Nobody()  # the emulator would take longer than the program
        assert terminal.wait(seconds) == 0, bytes(terminal.written[-2_000:])
    found = check(terminal)
    assert found.copied == ()
    return found


def seen(found: Reading, name: str, first: int, count: int) -> None:
    """As many of the strings as a specimen promises were drawn."""
    drawn = sum(f"{number:04x}|" in found.text for number in range(first, first + count))
    assert drawn * 100 >= SPECIMENS[name].shown * count, f"{name}: {drawn} of {count} were drawn"


@pytest.mark.parametrize(
    ("layer", "seed"),
    [
        ("both", SEED),
        pytest.param("guard", SEED + 1, marks=pytest.mark.slow),
        pytest.param("safe", SEED + 2, marks=pytest.mark.slow),
    ],
)
def test_one_frame_of_every_widget(tmp_path, layer, seed):
    """Both layers together, and each without the other, keep every control off the wire (T260, T261, T262, T266, T270, T274).

    Without the guard what somebody types, and our own words, are not looked at; everything from outside still is.
    """
    names = [name for name, one in SPECIMENS.items() if layer != "safe" or not one.ours]
    found = feed(tmp_path, ",".join(names), seed, "frame", layer)
    for name in names:
        seen(found, name, first_of(name), SPECIMENS[name].room)
    if layer != "guard":
        assert "␛" in found.text
        assert "⟨202E⟩" in found.text


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECIMENS)
def test_ten_thousand_strings(tmp_path, name):
    """Ten thousand strings on every widget; two thousand where only a few stand on a screen (T260, T266, T270)."""
    count = 10_000 if SPECIMENS[name].room >= 20 else 2_000
    found = feed(tmp_path, name, SEED, str(count), seconds=900)
    seen(found, name, 0, count)
    print(f"{name}: {count} strings, {found.octets} octets, {len(found.faults)} faults")


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["guard", "safe"])
@pytest.mark.parametrize("name", SPECIMENS)
def test_each_layer_alone(tmp_path, name, layer):
    """The same by each of the layers alone (T270)."""
    if layer == "safe" and SPECIMENS[name].ours:
        pytest.skip("what is typed, and our own words, are the guard's")
    feed(tmp_path, name, SEED + 3, "400", layer, seconds=600)


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECIMENS)
def test_monsters_on_every_widget(tmp_path, name):
    """Strings of which each alone is too much: a megabyte in a line, heaps of marks, line ends, tabs (T276)."""
    feed(tmp_path, name, SEED, "monsters", seconds=600)


# ── markup: every cell is clicked ──

ESCAPE, COPY, END = b"\x1b[27u", b"\x03", b"\x1b[1;5F"  # in forms that nothing which follows can be taken for a part of
MARKUP = (M1, M2, M3)


def send(terminal: Terminal, octets: bytes) -> None:
    """Write as fast as they are taken; what comes meanwhile is read."""
    for place in range(0, len(octets), 1_000):
        os.write(terminal._master, octets[place : place + 1_000])
        terminal.read(0)


def click_everything(terminal: Terminal, lines: range) -> None:
    """Click on every cell of these lines in which something stands; what is asked for afterwards is answered when the
    clicks have been.
    """
    cells = terminal.cells
    places = [(x, y + 1) for y in lines for x, cell in enumerate(cells[y], 1) if not cell.isspace()]
    send(terminal, "".join(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" for x, y in places).encode())


def marked_up(path: Path) -> Path:
    """A session whose every word would act, were it markup."""
    save(session(MARKUP), path)
    return path


def test_a_click_on_every_cell(tmp_path):
    """No word of a message, of a list or of the transcript acts when it is clicked; nothing is written (T265, T267)."""
    session = marked_up(tmp_path / "markup.maillab")
    with window("replay", str(session), folder=tmp_path, size=(100, 20)) as terminal:
        terminal.see("▶ REPLAY")
        terminal.press(END)
        terminal.see("[@click=app.quit]x[/]")
        click_everything(terminal, range(3, 18))
        terminal.press("2")
        terminal.see("Inbox", "[/nope] [bold")
        terminal.press("\r")
        terminal.see("Text", "[/nope] [bold")
        click_everything(terminal, range(3, 18))
        terminal.press("f1")
        terminal.see(EN("keys.mail"))
        terminal.press(ESCAPE)
    assert not list(tmp_path.rglob("*.svg"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECIMENS)
def test_a_click_on_every_cell_of_every_widget(tmp_path, name):
    """The same on each of them alone (T265, T266, T267, T268)."""
    command = [sys.executable, "-m", "tests.tui.hostile", name, "0", "markup", "both", "stays"]
    with Terminal(size=SIZE, folder=tmp_path, command=command, **TRUE_COLOURS) as terminal:
        if SPECIMENS[name].shown:
            terminal.see("nope]")
        terminal.quiet()
        click_everything(terminal, range(SIZE[1]))
        terminal.press(b"\x1b[24~")
        assert terminal.wait(60) == 7
    check(terminal)
    assert not list(tmp_path.rglob("*.svg"))


# ── the real window: a session ──


def home_of(folder: Path) -> Path:
    """The folder of saved sessions of somebody whose home this is."""
    sessions = folder / "home" / ".local" / "share" / "maillab" / "lab" / "sessions"
    sessions.mkdir(parents=True)
    return sessions


def test_a_session(tmp_path):
    """Every field of a session is hostile: it is played, looked at in every mode, filtered, searched, copied, explained
    (T260, T261, T262, T266, T273, T274).
    """
    given = [text for text in strings(SEED + 4, 400)]
    whole = session(given)
    words = Words(given)
    sessions = home_of(tmp_path)
    for _ in range(6):
        save(session(given[30:]), sessions / f"{words.name()}.maillab")
    (sessions / f"{words.name()}.maillab").write_bytes(b"\x1b]0;PWN\x07")
    (sessions / f"{words.name()}.maillab").write_bytes(b'{"format":"maillab session","\\u001b]0;PWN\\u0007":1}\n')
    path = tmp_path / "\x1b]0;PWN\x07\u202e.maillab"
    save(whole, path)
    with window("replay", str(path), folder=tmp_path) as terminal:
        look_at_the_wire(terminal, len(whole.entries))
        look_at_the_mail(terminal)
        look_at_the_sessions(terminal)
        terminal.press("1")
        terminal.see(f"╭─ {EN('compose.message')}")
    found = reading(bytes(terminal.written))
    assert len(found.copied) == 2
    for one in found.copied:
        assert unpacked(one)
        assert not UNSEEN.search(unpacked(one).replace("\n", ""))


def shut(terminal: Terminal, text: str) -> None:
    """Leave the dialog or the field in which this stands."""
    terminal.press(ESCAPE)
    terminal.until(lambda: text not in terminal.text, f"the end of {text!r}")


def look_at_the_wire(terminal: Terminal, entries: int) -> None:
    """Lines, the Explain pane in words and in octets, talks, filters, what is found, marks, help, the palette."""
    terminal.see("▶ REPLAY", "Conversations")
    terminal.press(END)
    terminal.see(f"line {entries} of {entries}")
    terminal.press(
        "g", *"jjjjjjjj", "\r", *"jjjj", "x", *"jjjj", "x", "w", "t", "t", "G", *"kkkkkk", "\x15", "\x15", "w", "y"
    )
    terminal.press(b"\x1b[C", b"\x1b[C", b"\x1b[D", b"\x1b[D", "d", "d", "d", "'")
    terminal.press("f")
    terminal.see(EN("filter.hint"))
    terminal.press(
        b"\x1b[200~" + octets_of(M1 + H).replace(b"\x1b[201~", b"").replace(b"\xed\xa0\x80", b"") + b"\x1b[201~"
    )
    terminal.see(written := f"{EN('filter.name')}  [@click=app.quit]x[/]")
    shut(terminal, written)
    terminal.press("/")
    terminal.see(EN("find.hint"))
    terminal.press(*"PWN")
    terminal.see(f"{EN('find.name')}  PWN")
    terminal.press("\r")
    terminal.until(lambda: f"{EN('find.name')}  PWN" not in terminal.text, "the end of the search")
    terminal.press("n", "N", "Y")
    terminal.see(EN("copy.talk"))
    terminal.press(*"talk", "\r")
    terminal.until(lambda: EN("copy.talk") not in terminal.text, "the choice")
    terminal.press("s")
    terminal.see(EN("seek.title"))
    shut(terminal, EN("seek.title"))
    terminal.press("f1")
    terminal.see(EN("keys.reading"))
    shut(terminal, EN("keys.reading"))
    terminal.press("\x10")
    terminal.see(EN("dialog.search"))
    shut(terminal, EN("dialog.search"))
    terminal.press(b"\x1b[17~", b"\x1b[17~", *"gjjj", "\r", *"jjj", "\r", "z", "z")


def look_at_the_mail(terminal: Terminal) -> None:
    """Accounts, messages, one of them in every way to look at it, its files."""
    terminal.press("2")
    terminal.see("Mailboxes", EN("tab.message.parts"))
    terminal.press("\r")
    _leaf_through(terminal)
    terminal.press("s")
    terminal.see(EN("save.title"))
    terminal.press(b"\x1b[B", b"\x1b[B", "\r")
    terminal.see(EN("save.where"))
    shut(terminal, EN("save.where"))
    terminal.press("f6", "g", "\r")
    terminal.press("\r")
    _leaf_through(terminal)
    terminal.press("/")
    terminal.see(EN("mail.search_hint"))
    shut(terminal, EN("mail.search_hint"))


def _leaf_through(terminal: Terminal) -> None:
    """A message in every way to look at it."""
    for _ in range(5):
        terminal.press(b"\x1b[6~", b"\x1b[6~", "]")


def look_at_the_sessions(terminal: Terminal) -> None:
    """Files, a look into each, what is done with one."""
    terminal.press("4")
    terminal.see("Saved sessions", "Preview", "!")
    terminal.press(*"jjjjjjjj", *"kkkk", "n")
    terminal.see(EN("session.name"))
    shut(terminal, EN("session.name"))
    terminal.press("d")
    terminal.see(" y  Move it")
    terminal.press("n")
    terminal.until(lambda: " y  Move it" not in terminal.text, "the answer")
    terminal.press("e")
    terminal.see(EN("export.title"))
    shut(terminal, EN("export.title"))


def test_lone_surrogates(tmp_path):
    """They are in a session file, in the message that was being written, and in what is copied of it (T282).

    Beside it names of actions and of keys that are none, in the configuration, which are told (T262).
    """
    (tmp_path / "lab.toml").write_text('[keys]\n"\\u001b]0;PWN\\u0007\\u202e" = "x"\n')
    lab = tmp_path / "lab"
    lab.mkdir()
    (lab / "draft.json").write_bytes(
        b'{"sender":"alice@sender.test","to":"bob@recipient.test","cc":"","bcc":"","subject":"s\\ud800","text":'
        b'"before \\udfff\\ud800\\u001b]0;PWN\\u0007\\u202e behind","headers":"X: \\ud800","in_reply_to":"",'
        b'"files":[["\\ud800\\u001b.x","\\udc80/x","eA=="]],"references":[]}'
    )
    (tmp_path / "odd.maillab").write_bytes(b'{"format":"maillab session","version":1,"title":"\\ud800"}\n')
    with window("--lab", str(lab), "--config", "lab.toml", "--ports", "auto", folder=tmp_path) as terminal:
        terminal.see("● LIVE", "before", "Attached", "␛]0;PWN␇⟨202E⟩")
        terminal.click("before")
        terminal.press(b"\x1b[1;2F", COPY)
        terminal.until(lambda: b"\x1b]52;c;" in terminal.written, "the copy")
        terminal.press("\x13")
        terminal.see(EN("field.subject"))
    [one] = reading(bytes(terminal.written)).copied
    assert "before" in unpacked(one)
    with Terminal("replay", str(tmp_path / "odd.maillab"), folder=tmp_path, **TRUE_COLOURS) as terminal:
        assert terminal.wait() == 2


def test_a_hostile_line_is_copied(tmp_path):
    """A line of the transcript, and what is marked with the mouse: one OSC 52 each, ours, of text alone (T273)."""
    entries = [
        Entry(1, NOW, Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test")),
        Entry(2, NOW, Said("relay-1", Side.SERVER, b"220 here " + octets_of(H) + b"\r\n")),
    ]
    save(Session(Header("copied"), tuple(entries)), tmp_path / "one.maillab")
    with window("replay", str(tmp_path / "one.maillab"), folder=tmp_path) as terminal:
        terminal.see("REPLAY")
        terminal.press(END)
        terminal.see("220 here")
        terminal.press("G", "y")
        terminal.see("✓ Copied: relay-1 S: 220 here")
        line = next(n for n, text in enumerate(terminal.lines) if "220 here" in text)
        start = terminal.lines[line].index("220 here")
        drag = f"\x1b[<0;{start + 1};{line + 1}M\x1b[<32;{start + 9};{line + 1}M\x1b[<32;{start + 40};{line + 1}M"
        terminal.press(f"{drag}\x1b[<0;{start + 40};{line + 1}m".encode())
        terminal.quiet()
        terminal.press(COPY)
        terminal.until(lambda: terminal.written.count(b"\x1b]52;c;") == 2, "the second copy")
    for one in map(unpacked, reading(bytes(terminal.written)).copied):
        assert "220 here" in one
        assert "␛]52;c;UFdOSVQ=␇" in one or "␛]52;c;UFdOSVQ" in one
        assert not UNSEEN.search(one.replace("\n", ""))


# ── the real window: a living lab ──


def talk(port: int, lines: list[bytes]) -> None:
    """Say these lines to a server, whatever it answers, until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), 5) as caller:
        try:
            caller.recv(1_000)
            for line in lines:
                caller.sendall(line.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n")
                if not caller.recv(4_000):
                    return
        except OSError:
            return


def test_a_living_lab(tmp_path):
    """Hostile messages by SMTP, hostile commands to SMTP and POP3, hostile names to DNS; Bob reads his mail and answers
    (T260, T261, T262).
    """
    smtp, pop3, dns = free_ports(3)
    (tmp_path / "lab.toml").write_text(
        f'dns_port = {dns}\nfetch = "pop3"\n'
        '[[sites]]\ndomain = "sender.test"\npeople = [{name = "alice", password = "x"}]\n'
        "ports = {smtp = 0, submission = 0, submissions = 0, pop3 = 0, pop3s = 0, imap = 0, imaps = 0}\n"
        '[[sites]]\ndomain = "recipient.test"\npeople = [{name = "bob", password = "x"}]\n'
        f"ports = {{smtp = {smtp}, submission = 0, submissions = 0, pop3 = {pop3}, pop3s = 0, imap = 0, imaps = 0}}\n"
        '[keys]\n"app.record" = "\\u001b]0;PWN\\u0007\\u202e"\n'
    )
    given = [re.sub("[\r\n\0]", "", text) for text in strings(SEED + 5, 200)]
    words = Words(given)
    with window("--lab", str(tmp_path / "lab"), "--config", str(tmp_path / "lab.toml"), folder=tmp_path) as terminal:
        terminal.see("● LIVE")
        for html in (False, True):
            with smtplib.SMTP("127.0.0.1", smtp, local_hostname="x.evil.test") as client:
                client.sendmail("mallory@evil.test", ["bob@recipient.test"], message(words, html=html))
        for port in (smtp, pop3):
            talk(port, [b"EHLO " + words.octets(), *(words.octets() for _ in range(6)), b"USER " + words.octets()])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            for _ in range(4):
                label = words.octets()[:60]
                question = bytes([len(label)]) + label + b"\x04test\0\0\x10\0\x01"
                caller.sendto(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0" + question, ("127.0.0.1", dns))
        terminal.click("3 Wire")
        terminal.see("Conversations")
        terminal.press("G", *"kkkkkkkkkk", "\r", "x")
        terminal.press("2")
        terminal.see("Mailboxes", "bob", "mallory")
        terminal.press("\r")
        _leaf_through(terminal)
        terminal.press("r")
        terminal.see("New message", "Re:")
        terminal.press(b"\x1bOS", b"\x1bOS")
        terminal.see("Re:")
        terminal.press("\x13")
        terminal.quiet()
    assert any(
        "evil.test" in path.read_text("utf-8", "replace")
        for path in (tmp_path / "lab").rglob("*")
        if "new" in str(path) and path.is_file()
    )


def _slow(config: str, name: str) -> object:
    return pytest.param(config, id=name, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    "config",
    [
        pytest.param('"\\u001b]0;PWN\\u0007\\u202e[@click=app.quit]x[/]" = 1\n', id="a key"),
        _slow("dns_port = \x1b]0;PWN\x07\n", "no TOML"),
        _slow('[[sites]]\ndomain = "\\u001b]0;PWN\\u0007[/nope] [bold"\n', "a domain"),
        _slow('[[sites]]\ndomain = "a.test"\npeople = [{name = "\\u001b]0;PWN\\u0007", password = ""}]\n', "a person"),
    ],
)
def test_a_configuration(tmp_path, config):
    """What is wrong with a hostile configuration is told safely, in a file of a hostile name (T262)."""
    name = tmp_path / "\x1b]0;PWN\x07[@click=app.quit]x[⁄].toml"
    name.write_text(config)
    with window("--lab", str(tmp_path / "lab"), "--config", str(name), "--ports", "auto", folder=tmp_path) as terminal:
        terminal.see(EN("ask.default_config"))
        click_everything(terminal, range(15, 20))
        shut(terminal, EN("ask.no_lab"))  # the card goes on offering the default one


@pytest.mark.parametrize(
    "octets",
    [
        b"\x1b]0;PWN\x07", b'{"format":"maillab session\\u001b]0;PWN\\u0007","version":1}\n',
        b'{"format":"maillab session","version":1,"\\u001b]0;PWN\\u0007":"\x1b]0;PWN\x07"}\n',
    ],
)  # fmt: skip
def test_a_session_that_is_none(tmp_path, octets):
    """Why it cannot be played is told safely (T262)."""
    path = tmp_path / "\x1b]0;PWN\x07\u202e.maillab"
    path.write_bytes(octets)
    with Terminal("replay", str(path), folder=tmp_path, size=(200, 24), **TRUE_COLOURS) as terminal:
        assert terminal.wait() == 2
    assert "PWN" not in terminal.title
    found = reading(bytes(terminal.written))
    assert found.faults == ()


CRASH = """
import sys
from pathlib import Path
from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.tui import app
from maillab.tui.settings import Settings

def boom(self):
    raise AssertionError({words!r})

app.Window._second_passed = boom
lab = Path("lab")
lab.mkdir()
sys.exit(app.run(Settings(lab, lambda: LoadedConfig(default(), ""), "en", auto_ports=True)))
"""


def test_a_crash(tmp_path):
    """The words of a fault, on the terminal and in the file that is left behind (T262, T280)."""
    (tmp_path / "crash.py").write_text(CRASH.format(words=H + M2), "utf-8")
    with Terminal(folder=tmp_path, command=[sys.executable, "crash.py"], size=(100, 30), **TRUE_COLOURS) as terminal:
        assert terminal.wait(30) == 1
        assert "␛]52;c;UFdOSVQ=␇" in terminal.text.replace("\n", "")
    # The bell of a fault is Textual's: one, behind whatever was being drawn.
    found = reading(re.sub(rb"(?<=[Hhlm])\x07(?=\x1b\[)", b"", bytes(terminal.written), count=1))
    assert found.faults == ()
    report = (tmp_path / "lab" / "crash.txt").read_text("utf-8")
    assert not UNSEEN.search(report.replace("\n", ""))


# ── too much ──


@pytest.mark.parametrize(
    "chosen",
    [(MONSTERS[0], MONSTERS[2], MONSTERS[4]), pytest.param(MONSTERS[3:], marks=pytest.mark.slow)],
    ids=["some", "others"],
)
def test_monsters_in_messages_and_in_the_transcript(tmp_path, chosen):
    """A megabyte in one line, a hundred thousand line ends, tabs, marks: the window answers every key (T276)."""
    monsters = [octets_of(monster) for monster in chosen]
    happened: list[object] = [Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mx.recipient.test")]
    for number, octets in enumerate(monsters, 1):
        body = b"Subject: monster %d\r\n\r\n%s\r\n" % (number, octets)
        happened += [
            Said("retrieve-1", Side.CLIENT, octets[:900_000] + b"\r\n"),
            Said("retrieve-1", Side.CLIENT, b"RETR 1\r\n"),
        ]
        happened += [
            Carried("retrieve-1", Side.SERVER, Content(body)),
            Read("retrieve-1", "bob@recipient.test", number),
        ]
    happened.append(Closed("retrieve-1", "quit"))
    entries = tuple(Entry(seq, NOW + seq, event) for seq, event in enumerate(happened, 1))
    save(Session(Header("monsters"), entries, (Mark("end", 3, NOW),)), tmp_path / "m.maillab")
    with window("replay", "m.maillab", folder=tmp_path, size=(100, 30)) as terminal:
        terminal.see("REPLAY")
        terminal.press(END)
        terminal.see(f"line {len(entries)} of {len(entries)}")
        for number in range(len(entries) - 1, 1, -1):  # the end of the talk, which was due, has no row
            terminal.press("k")
            terminal.see(f", line {number - 1}")
            terminal.press("\r")
            if not isinstance(entries[number - 2].event, Carried):  # which unfolds; another is read in the pane below
                terminal.see("┏━ Explain")
                terminal.press(ESCAPE)
                terminal.see("┏━ Wire")
        terminal.press("w", "w", "2")
        terminal.see("Mailboxes", f"Inbox · {len(monsters)}")
        for number in range(len(monsters), 0, -1):
            terminal.press("g", *"j" * (len(monsters) - number), "\r")
            terminal.until(lambda n=number: f"Subject   monster {n}" in terminal.text, f"message {number}", 60)
            terminal.press("]", "]", b"\x1b[F", "]", ESCAPE)  # once round all tabs that hold something
    assert reading(bytes(terminal.written)).copied == ()


def test_resizes_while_it_loads(tmp_path):
    """A terminal of one cell, of a stamp, of a wall, while thousands of lines come in: the window stays (T278)."""
    given = Words(strings(SEED + 6, 500))
    entries = tuple(
        Entry(seq, NOW + seq / 1_000, Said("relay-1", Side.SERVER, b"250 " + given.octets()))
        for seq in range(1, 20_001)
    )
    save(Session(Header("long"), entries), tmp_path / "long.maillab")
    with window("replay", "long.maillab", folder=tmp_path, size=(80, 24)) as terminal:
        emulator, terminal._stream = terminal._stream, Nobody()
        terminal.until(lambda: b"REPLAY" in terminal.written, "the window")
        terminal.press(END)
        for size in ((1, 1), (20, 5), (500, 200), (1, 200), (500, 1), (39, 9), (160, 50), (1, 1), (100, 30)):
            terminal.resize(*size)
            terminal.press("k")
        terminal.until(lambda: not terminal.read(0.3), "the rest")
        terminal._stream = emulator
        terminal.resize(101, 30)
        terminal.see("of 20000", "Wire")


# ── what is pasted ──


def pasted(terminal: Terminal, octets: bytes) -> None:
    """Paste into what has the focus, as a terminal does that takes out nothing but the mark of the end."""
    while b"\x1b[201~" in octets:
        octets = octets.replace(b"\x1b[201~", b"")
    send(terminal, b"\x1b[200~" + octets + b"\x1b[201~")


def test_pasting(tmp_path):
    """What is pasted into a message is text: no key of it is pressed, nothing is sent, nothing is left (T279)."""
    keys = (
        b"\x11\x13\x1b\x11"
        + b"x" * 40
        + b"\x1b\x13\x1b[20\x1b[201~1~\x1bOP\x1b[17~\x10"
        + octets_of(M1)
        + b"\xc2\x9b201~"
    )
    with window("--ephemeral", folder=tmp_path) as terminal:
        terminal.see("● LIVE", "Dear Bob")
        terminal.click("Dear Bob")
        pasted(terminal, b"begin " + keys * 500 + b" the end")
        terminal.see("the end")
        assert "New message" in terminal.text
        pasted(terminal, (keys + b"x" * 1_000) * 1_000)
        terminal.see(EN("compose.too_much")[:20])
        for _ in range(3):
            terminal.press(b"\x1b[Z")
            pasted(terminal, b"\x1b[200~" + keys)
        terminal.press("z")
        terminal.see("New message")
        assert "▷ relay" in terminal.text
    assert b"Hello" in terminal.written


# ── a terminal of somebody else ──


@pytest.mark.judge
def test_tmux(tmp_path):
    """After everything hostile was looked at, tmux has the title and the buffers that it had before (T263)."""
    tmux = [need("tmux"), "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    path = tmp_path / "hostile.maillab"
    save(session([H, M1, *strings(SEED + 7, 60)]), path)
    (tmp_path / "raw").write_bytes(b"\x1b]2;PWN\x07\x1b]52;c;UFdOSVQ=\x07")
    alive = {**environment(), **TRUE_COLOURS, "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(tmp_path)}

    def ask(*words: str) -> str:
        done = subprocess.run([*tmux, *words], capture_output=True, text=True, env=alive, timeout=30, check=False)
        return done.stdout + done.stderr

    def until(*texts: str, gone: str = "") -> None:
        screen = ""
        for _ in range(1_000):  # questions, of some milliseconds each
            screen = ask("capture-pane", "-p", "-t", "lab")
            if all(text in screen for text in texts) and not (gone and gone in screen):
                return
        raise AssertionError(f"{texts} did not come true; the screen:\n{screen}")

    ask("new-session", "-d", "-s", "lab", "-x", "120", "-y", "40", "-c", str(tmp_path), "env PS1='READY> ' sh")
    try:
        ask("set-option", "-g", "set-clipboard", "on")
        ask("set-option", "-g", "allow-rename", "on")
        ask("set-buffer", "mine")
        ask("select-pane", "-t", "lab", "-T", "mine")
        ask("send-keys", "-t", "lab", shlex.join([sys.executable, "-m", "maillab", "replay", str(path)]), "Enter")
        until("REPLAY", "Conversations")
        ask("send-keys", "-t", "lab", "C-End", "g", "j", "j", "j", "Enter", "x")
        until("line 123 of 123")
        ask("send-keys", "-t", "lab", "2")
        until("Mailboxes", "Inbox")
        ask("send-keys", "-t", "lab", "Enter", "]", "]", "4")
        until("Saved sessions")
        ask("send-keys", "-t", "lab", "C-q")
        until("READY>", gone="Saved sessions")
        assert ask("display-message", "-p", "-t", "lab", "#{pane_title}").strip() == "mine"
        assert ask("list-buffers", "-F", "#{buffer_sample}").strip() == "mine"
        ask("send-keys", "-t", "lab", "cat raw; echo 'be''hind'", "Enter")
        until("behind")
        assert ask("display-message", "-p", "-t", "lab", "#{pane_title}").strip() == "PWN"  # it can be taken
        assert "PWNIT" in ask("list-buffers", "-F", "#{buffer_sample}")
    finally:
        ask("kill-server")
