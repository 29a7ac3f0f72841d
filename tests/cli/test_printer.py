"""Printing a running lab."""

import io
import json
import subprocess
import sys

import pytest

from maillab.cli.printer import Printer
from maillab.events import Carried, Entry, Leg, Opened, Said, Side
from maillab.mail.content import Content

ENTRIES = [
    Entry(1, 0.0, Opened("submit-1", Leg.SUBMIT, "submission", "mx.a.test")),
    Entry(2, 0.1, Said("submit-1", Side.CLIENT, b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", False, (11, 27))),
    Entry(3, 0.2, Said("submit-1", Side.SERVER, b"550 \x1b]0;PWN\x07\r\n")),
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def printed(monkeypatch, stream, **options):
    monkeypatch.setattr(sys, "stdout", stream)
    printer = Printer(lang="en", glosses=False, **{"as_json": False, **options})
    for entry in ENTRIES:
        printer.entry(entry)
    printer.told("The \x1b[31mend")
    return stream.getvalue()


def test_piped_output_holds_no_escape_byte_and_no_secret(monkeypatch):
    """In a pipe there are neither colours nor what a stranger sent, and passwords are redacted (T264)."""
    said = printed(monkeypatch, io.StringIO())
    assert "\x1b" not in said
    assert "AGFsaWNlAGFsaWNl" not in said
    assert "redacted 16" in said


def test_json_holds_none_either(monkeypatch):
    """The same for `--json`: kind, talk, leg and text on every line."""
    said = printed(monkeypatch, io.StringIO(), as_json=True)
    objects = [json.loads(line) for line in said.splitlines()]
    assert "\x1b" not in said
    assert "AGFsaWNlAGFsaWNl" not in said
    assert [(one["kind"], one["leg"]) for one in objects[:3]] == [
        ("opened", "submit"),
        ("said", "submit"),
        ("said", "submit"),
    ]
    assert all({"seq", "at", "talk", "text"} <= set(one) for one in objects[:3])


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("NO_COLOR", False)])
def test_colours_are_for_terminals_that_want_them(monkeypatch, variable, coloured):
    """A terminal gets our own colours, unless NO_COLOR says otherwise; never a stranger's bytes."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    if variable:
        monkeypatch.setenv(variable, "1")
    said = printed(monkeypatch, Terminal())
    assert ("\x1b[" in said) is coloured
    assert "\x1b]0" not in said
    assert "\x07" not in said


def test_json_has_the_header_of_a_message(monkeypatch):
    """An entry that carries a message has its header fields, decoded."""
    monkeypatch.setattr(sys, "stdout", stream := io.StringIO())
    printer = Printer(lang="en", glosses=False, as_json=True)
    printer.entry(Entry(1, 0.0, Said("submit-1", Side.CLIENT, b"MAIL FROM:<a@b.test>\r\n")), shown=False)
    content = Content(b"Subject: =?utf-8?q?M=C3=A3?=\r\n\r\nx\r\n")
    printer.entry(Entry(2, 0.0, Carried("submit-1", Side.CLIENT, content)))
    assert json.loads(stream.getvalue())["fields"] == {"subject": ["Mã"]}


def test_without_entries_nothing_is_loaded_for_them():
    """A lab that prints its services alone does without what reads messages: 5 MB of it."""
    program = (
        "import sys\nfrom maillab.cli.printer import Printer\n"
        'Printer(lang="en", glosses=False, as_json=True, entries=False)\nprint("maillab.client.read" in sys.modules)'
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "False\n"


def test_how_many_lines_it_took(monkeypatch):
    """Who shows entries at a reader's pace hears how many lines there are to read."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    printer = Printer(lang="en", glosses=False, as_json=False, content=20)
    taken = []
    for entry in (*ENTRIES, Entry(4, 0.3, Carried("submit-1", Side.CLIENT, Content(b"a\r\nb\r\nc\r\n")))):
        printer.entry(entry)
        taken.append(printer.lines)
    assert taken == [1, 1, 1, 3]
