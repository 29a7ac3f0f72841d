"""What a typist sees, as lines or as JSON."""

import io
import json
import sys

import pytest

from maillab.cli.talk_output import TalkOutput
from maillab.events import Closed, Delivered, Entry, Event, Leg, Opened, Said, Side, Tolerated


def entries(*events: Event) -> list[Entry]:
    """Entries of a logbook."""
    return [Entry(seq, 0.0, event) for seq, event in enumerate(events, 1)]


TALK = entries(
    Opened("submit-1", Leg.SUBMIT, "smtp", "127.0.0.1:1025"),
    Said("submit-1", Side.SERVER, b"220 mx \x1b[31m\r\n"),
    Said("submit-1", Side.CLIENT, b"AUTH PLAIN AGFsaWNl\r\n", secret=(11, 19)),
    Said("submit-1", Side.SERVER, b"535 no\r\n"),
    Closed("submit-1", "quit"),
)


class Terminal(io.StringIO):
    """A terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Yes."""
        return True


class Waiting:
    """A person's keyboard with its prompt on the screen."""

    is_person = True
    prompting = True


def test_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe both sides are printed, secrets are not, and no escape byte comes out."""
    page = TalkOutput(lang="en", glosses=False, as_json=False)
    for entry in TALK:
        page.said(entry)
    assert capsys.readouterr().out.splitlines() == [
        "== connected to 127.0.0.1:1025 (smtp)",
        "S: 220 mx ␛[31m",
        "C: AUTH PLAIN ‹redacted 8›",
        "S: ✗ 535 no",
        "== ended",
    ]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json every line has its side and its explanation."""
    page = TalkOutput(lang="vi", glosses=True, as_json=True)
    for entry in TALK:
        page.said(entry)
    page.tell("a\nb")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["side"] for row in rows] == ["console", "server", "client", "server", "console", "console", "console"]
    assert rows[3]["line"] == "535 no"
    assert rows[3]["gloss"]
    assert "AGFsaWNl" not in str(rows)


def test_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a typed line is not printed again, unless something else was sent in its place."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    page = TalkOutput(lang="en", glosses=False, as_json=False)
    page.typed = b"AUTH PLAIN AGFsaWNl"
    page.said(TALK[2])
    assert screen.getvalue() == ""
    page.typed = b".auth alice alice"
    page.said(TALK[2])
    assert screen.getvalue() == "C: AUTH PLAIN AGFsaWNl\n"


def test_prompt_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens while the prompt waits is written over it, and the prompt put below."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    page = TalkOutput(lang="en", glosses=False, as_json=False)
    page.keyboard = Waiting()
    page.tell("hello")
    assert screen.getvalue() == "\r== hello\nC: "


def test_facts(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a lab's logbook only decisions are shown; those about the typist's own talk need no name."""
    page = TalkOutput(lang="en", glosses=False, as_json=False)
    for entry in entries(
        TALK[0].event,
        Tolerated("submit-1", "RFC 5321", "brackets"),
        Opened("relay-1", Leg.RELAY, "smtp", "mx"),
        Said("relay-1", Side.SERVER, b"220 mx\r\n"),
        Delivered("relay-1", "bob@recipient.test", 1, 9),
    ):
        page.fact(entry)
    assert [line.partition("**")[0] for line in capsys.readouterr().out.splitlines()] == ["", "relay-1 "]


def test_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that knows ASCII alone gets ASCII."""
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))  # T281
    page = TalkOutput(lang="vi", glosses=True, as_json=False)
    for entry in TALK:
        page.said(entry)
    page.tell("máy chủ đồng ý")
    assert octets.getvalue().isascii()
    assert b"\x1b" not in octets.getvalue()


def test_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word is broken at the edge; what goes on is set in below the words of the server."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr("maillab.cli.talk_output.columns", lambda stream: 30)
    monkeypatch.setenv("NO_COLOR", "1")
    page = TalkOutput(lang="en", glosses=True, as_json=False)
    for entry in entries(
        Opened("submit-1", Leg.SUBMIT, "smtp", "127.0.0.1:1025"),
        Said("submit-1", Side.SERVER, b"220 mail.sender.test ESMTP maillab\r\n"),
    ):
        page.said(entry)
    rows = terminal.getvalue().splitlines()
    assert rows[:3] == ["== connected to 127.0.0.1:1025", "   (smtp)", "S: 220 mail.sender.test ESMTP"]
    assert rows[3].startswith("   maillab  ┆ ")
    assert all(len(row) <= 30 and row.startswith("   ") for row in rows[3:])
