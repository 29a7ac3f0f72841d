"""A session of strangers who mean harm, exported, and each export run by the programs that it is made for.

Every field that a stranger fills, of every event, holds what some program would obey: shells, Python, swaks, browsers,
Markdown, Mermaid, terminals, archives. Each piece of harm makes a file, calls `alert`, or asks somebody else.
"""

import ast
import json
import mailbox
import os
import subprocess
import sys
import typing
import zipfile
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
from markdown_it import MarkdownIt

from maillab import events
from maillab.events import Authenticated, Carried, Closed, Leg, Opened, Said, Side
from maillab.mail.content import Content
from maillab.protocols.lines import stuff
from maillab.recording.export import FORMATS
from maillab.recording.session import Header, Mark, Session, Told, load, save
from maillab.testing import RunningLab
from tests.judges.test_http_clients import node as node_js
from tests.recording.export.sample import START, exported, talk
from tests.support import need

pytestmark = pytest.mark.judge

SOME = 6  # of so many pieces of harm one, where each costs seconds; all of them with `-m slow`
ELSEWHERE = "http://127.0.0.1:9/elsewhere"
HARM = [  # FILE stands for the file that is made where it is obeyed
    "$(touch FILE)", "`touch FILE`", "'; touch FILE; '", '"; touch FILE; "', "'\\''; touch FILE #", "\\'; touch FILE #",
    "\ntouch FILE\n", "\r\ntouch FILE\r\n", "\\\ntouch FILE\n", "|touch FILE|", "&touch FILE&", ">FILE", "EOF\ntouch FILE\nEOF",
    "MESSAGE\ntouch FILE\nMESSAGE", "\0touch FILE\0", "$'\\ntouch FILE\\n'", "!touch FILE", "x\u2028touch FILE\u2029",
    "--pipe=touch FILE", "-d@FILE", "@FILE", "%TO_ADDRESS%", "%%{init:{'securityLevel':'loose'}}%%", "\\n.\\nQUIT\\n",
    '"""\nopen("FILE","w")\n"""', "'''\nopen('FILE','w')\n'''", "'+str(open('FILE','w'))+'", '"+str(open("FILE","w"))+"',
    "\\'+str(open('FILE','w'))#", "{open('FILE','w')}", "\\N{BULLET}\\x00\\", "#\nopen('FILE','w')\n#", "\x0copen('FILE','w')\x0c",
    "</script><script>HARMED=1;alert(1)</script>", "</style></title></textarea></pre><svg onload=alert(2)>",
    "<img src=x onerror=alert(3)>", f"<img src={ELSEWHERE}>", "' onmouseover='alert(4)", '" autofocus onfocus="alert(5)',
    "<!--<script>", "--><script>alert(6)</script>", "]]><script>alert(7)</script>", "<a href=javascript:alert(8)>x</a>",
    "[x](javascript:alert(9))", f"![x]({ELSEWHERE})", "![x](x 'onerror=alert(10)')", f"[y]: {ELSEWHERE}", f"<{ELSEWHERE}>",
    "```\n<script>alert(11)</script>\n```", "``` ~~~ |\n|---|\n<svg/onload=alert(12)>", "\n\n<script>alert(13)</script>\n\n",
    "\n    click P1 call alert(14)\n", '; click P1 href "javascript:alert(15)"', "\nlink P1: x @ javascript:alert(16)\n",
    "$$x$$", "#quot;<b onclick=alert(17)>", "A->>B: <img src=x onerror=alert(18)>", "\nend\nNote over P1: x\n", "<br/><script>alert(19)</script>",
    "&lt;script&gt;alert(20)&lt;/script&gt;", "{{7*7}}${alert(21)}", "\x1b]0;owned\x07\x1b[2J\x1b[31m", "\x9b31m", "\u202egnp.exe\u202c",
    "../../../FILE", "/FILE", "C:\\FILE", "con.eml", "From evil@x.test Tue Dec  1 00:00:00 2026\r\n", ">From ", "a\0b", "x" * 300,
]  # fmt: skip


@pytest.fixture
def harm(tmp_path):
    """Each piece of harm, and the file that is there once one was obeyed."""
    file = tmp_path / "harmed"
    yield [text.replace("FILE", str(file)) for text in HARM]
    assert not file.exists()
    assert not list(Path("/").glob("FILE*"))


def filled(annotation, text, talk):
    """A value of this type that says nothing but `text`."""
    if annotation is str:
        return text
    if annotation is bytes:
        return text.encode("utf-8", "replace") + b"\r\n"
    if annotation is Content:
        octets = text.encode("utf-8", "replace")
        return Content(b"Subject: " + octets + b"\r\nFrom: " + octets + b"\r\n\r\n" + octets)
    if annotation in (int, float):
        return 1
    if annotation is bool:
        return False
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return built(annotation, text, talk)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple:
        kinds = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return tuple(filled(kind, text, talk) for kind in kinds)
    return filled(next(kind for kind in arguments if kind is not type(None)), text, talk)


def built(kind, text, talk):
    """A struct in which every field is so; but for the name of the talk, and what is a secret."""
    hints = typing.get_type_hints(kind)
    values = {name: filled(hints[name], text, talk) for name in kind.__struct_fields__ if name != "secret"}
    return kind(**values | ({"talk": talk} if "talk" in values and talk else {}))


def conversation(number, text):
    """A message that was handed over, in every field of which the stranger had his say; and half of one by POP3, by IMAP."""
    name, octets = f"relay-{number}", text.encode("utf-8", "replace")
    word = "".join(char for char in text if char.isprintable() and char not in '"\\<>')
    yield Opened(name, Leg.RELAY, "smtp", f"mx.recipient.test{text if number % 2 else ''}")
    yield from [
        Said(name, side, mark + octets + b"\r\n") for side, mark in ((Side.SERVER, b"220 "), (Side.CLIENT, b"EHLO "))
    ]
    yield from talk(name, "S: 250 ok", f'C: MAIL FROM:<"{word}"@sender.test>', "S: 250 ok")
    yield from talk(
        name, f'C: RCPT TO:<"{word}"@recipient.test>', "S: 250 ok", "C: RCPT TO:<bob@recipient.test>", "S: 250 ok"
    )
    content = b"Subject: " + octets.replace(b"\r\n", b" ") + b"\r\n\r\n" + octets + b"\r\n"
    yield from talk(name, "C: DATA", "S: 354 go")
    yield Carried(name, Side.CLIENT, Content(stuff(content)))
    yield Said(name, Side.CLIENT, b".\r\n")
    yield Said(name, Side.SERVER, b"250 " + octets + b"\r\n")
    for kind in typing.get_args(events.Event):
        if kind not in (Opened, Closed) and (kind is not Authenticated or number % 3 == 0):
            yield built(kind, text, name)
    for leg, service, lines in (
        (Leg.RETRIEVE, "pop3", (b"+OK ", b"USER ", b"+OK ", b"RETR 1 ", b"+OK ")),
        (Leg.RETRIEVE, "imap", (b"* OK ", b"a SELECT ", b"a OK ", b"b FETCH 1 ", b"b OK ")),
    ):
        other = f"{service}-{number}"
        yield Opened(other, leg, service, text)
        yield from (
            Said(other, (Side.SERVER, Side.CLIENT)[at % 2], line + octets + b"\r\n") for at, line in enumerate(lines)
        )
        yield Closed(other, text)
    yield from (built(kind, text, text) for kind in (Opened, Said, Carried, Closed))
    yield Closed(name, text)


def session_of(harm):
    """All conversations one after the other; the title, the marks, the narration and the configuration are hostile, too."""
    everything = [event for number, text in enumerate(harm, 1) for event in conversation(number, text)]
    entries = tuple(events.Entry(seq, START + seq / 4, event) for seq, event in enumerate(everything, 1))
    lab = {text: [text, {text: text}] for text in harm}
    notes = tuple(
        note
        for seq, text in enumerate(harm, 1)
        for note in (Mark(text, seq, START + seq), Told(text, text, seq, START))
    )
    return Session(Header("".join(harm), START, harm[0], lab=lab, note=harm[1]), entries, notes)


def test_a_session_of_a_stranger_is_kept(harm, tmp_path):
    """It is one that can be saved and opened: exports are made of what comes out of a file."""
    save(session_of(harm), tmp_path / "hostile.maillab")
    assert load(tmp_path / "hostile.maillab").entries == session_of(harm).entries


def test_shell(harm, tmp_path):
    """The script for swaks runs to its end, hands messages to a lab, and obeys nobody."""
    need("swaks")
    over = tmp_path / "over"
    script = exported("swaks", session_of(harm)) + f"\n: > {over}\n".encode()
    with RunningLab(folder=tmp_path / "lab") as lab:
        door = lab.endpoint("recipient.test", "smtp")
        done = subprocess.run(
            ["sh"], input=script, cwd=tmp_path, capture_output=True, timeout=240, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SMTP": f"{door.host}:{door.port}", "PASSWORD": "x"},
        )  # fmt: skip
        lab.settle()
        arrived = lab.messages()
    assert over.exists(), done.stderr[-2000:]
    commands, logins = script.count(b"swaks --server"), script.count(b"SWAKS_OPT_auth_password")
    assert len(arrived) == commands - logins, "nobody logs in at the port of a relay: swaks gives up"
    assert len(arrived) > 15
    assert {path.name for path in tmp_path.iterdir()} == {"lab", "over"}


def test_python_says_nothing_else(harm):
    """The test file is Python that parses, and that calls nothing but what such tests call, with literals."""
    octets = exported("pytest", session_of(harm))
    tree = ast.parse(octets)
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    assert len(names) > len(harm)
    calls = {
        ast.unparse(node.func)
        for test in tree.body
        if isinstance(test, ast.FunctionDef) and test.name in names
        for node in ast.walk(test)
        if isinstance(node, ast.Call)
    }
    assert calls <= {
        "Talk",
        "pytest.skip",
        "bytes",
        *(f"talk.{word}" for word in ("expect", "say", "command", "rest", "send", "login", "start_tls")),
    }


@pytest.mark.parametrize("step", [SOME, pytest.param(1, marks=pytest.mark.slow)])
def test_python(harm, tmp_path, step):
    """Running it obeys nobody, whatever its tests find."""
    octets = exported("pytest", session_of(harm[::step]))
    (tmp_path / "test_it.py").write_bytes(octets)
    with RunningLab(folder=tmp_path / "lab") as lab:
        doors = {
            f"MAILLAB_{door.service.upper()}": f"{door.host}:{door.port}"
            for door in lab.lab.endpoints
            if door.site == "recipient.test"
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_it.py"],
            cwd=tmp_path, env={**os.environ, **doors}, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
    assert "error" not in done.stdout.splitlines()[-1], done.stdout[-2000:]
    assert "passed" in done.stdout.splitlines()[-1] or "failed" in done.stdout.splitlines()[-1]


DRAWING = """<!doctype html><meta charset=utf-8><script src="{library}"></script><body><script>
window.drawn = null;
mermaid.initialize({{ startOnLoad: false, securityLevel: "loose", maxTextSize: 1e9, maxEdges: 1e9 }});
mermaid.render("d", {text}).then(
  (made) => {{ document.body.innerHTML = made.svg; window.drawn = "drawn"; }},
  (error) => {{ window.drawn = String(error); }});
</script>"""


@pytest.mark.parametrize("step", [SOME, pytest.param(1, marks=pytest.mark.slow)])
def test_browser(harm, tmp_path, step):
    """The page, Markdown where HTML is let through, and the diagram where all is allowed: nothing runs, and nobody is asked.

    Everything that can be pressed is pressed; no link leads to a script.
    """
    need("playwright-core")
    library = Path(need("mermaid")) / "dist" / "mermaid.min.js"
    session = session_of(harm)
    (tmp_path / "page.html").write_bytes(exported("html", session))
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(exported("md", session).decode())
    (tmp_path / "markdown.html").write_text(f"<!doctype html><meta charset=utf-8><body>{markdown}", "utf-8")
    names = ["page.html", "markdown.html"]
    for number in range(0, len(harm), 12 * step):
        diagram = json.dumps(
            exported("mermaid", session_of(harm[number : number + 12 * step : step])).decode()
        ).replace("<", "\\u003c")
        names.append(f"diagram-{number}.html")
        (tmp_path / names[-1]).write_text(DRAWING.format(library=library.as_uri(), text=diagram), "utf-8")
    told = node_js(
        "exports_in_chromium.js", need("chromium"), *((tmp_path / name).as_uri() for name in names), seconds=300
    )
    for name, seen in told.items():
        assert (name, seen["dialogs"], seen["elsewhere"], seen["errors"], seen["ran"], seen["links"]) == (
            name,
            [],
            [],
            [],
            False,
            [],
        )
        assert seen["words"] > 1000, name
        assert seen["drawn"] in (None, "drawn"), name
    assert told["markdown.html"]["scripts"] == 0
    assert len(told) == len(names)


def test_archives(harm, tmp_path):
    """Messages in an archive unpack below the folder and nowhere else; the mbox has as many as the archive."""
    session = session_of(harm)
    archive = tmp_path / "session.zip"
    archive.write_bytes(exported("eml", session))
    folder = tmp_path / "unpacked"
    folder.mkdir()
    subprocess.run([need("unzip"), "-q", archive, "-d", folder], check=True, timeout=60, stdin=subprocess.DEVNULL)
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
    assert all(name.isascii() and name.isprintable() and not set(name) & set("\\:*?\"<>|$`;&'") for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {"session.zip", "unpacked"}
    box = tmp_path / "session.mbox"
    box.write_bytes(exported("mbox", session))
    with closing(mailbox.mbox(box, create=False)) as messages:
        assert len(messages) == len(names)


def test_machines_that_read(harm, tmp_path):
    """jq reads the array and the lines, tshark the capture, asciinema's form is JSON in every line."""
    session = session_of(harm)
    for name, options in (("json", {}), ("json", {"lines": True})):
        octets = exported(name, session, **options)
        done = subprocess.run([need("jq"), "-c", "."], input=octets, capture_output=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    capture = tmp_path / "session.pcapng"
    capture.write_bytes(exported("pcapng", session))
    done = subprocess.run([need("tshark"), "-V", "-r", capture], capture_output=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    lines = exported("cast", session).decode().splitlines()
    assert {json.loads(line)[1] for line in lines[1:]} <= {"o", "m"}  # what is shown, and marks


def test_every_format_is_run():
    """A format that is new is run here, too."""
    assert set(FORMATS) == {"text", "json", "md", "html", "mermaid", "pcapng", "cast", "swaks", "eml", "mbox", "pytest"}
