"""A protocol is a value: with one value and one row more, everything that follows, explains, replays or exports knows it.

The sketch has two verbs, its answers say ok or no, and its explanations come along.
"""

import csv

import pytest

from maillab.events import Closed, Leg, Opened
from maillab.logbook import Logbook
from maillab.protocols.protocol import AnswerKind, Protocol, Verb, table
from maillab.protocols.services import SERVICES, Service
from maillab.recording.compare import compare_talks
from maillab.recording.export import FORMATS
from maillab.recording.reenact import Means, reenact
from maillab.recording.replay_server import ReplayPlan, ReplayServer
from maillab.recording.talks import talks
from maillab.tui.reading.explanation import explain
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.filter import parse, select
from maillab.views.transcript import Transcript
from maillab.views.verdict import Verdict
from tests.cli.calling import against, pipe
from tests.recording.export.capture import packets
from tests.recording.export.sample import exported, session, talk
from tests.support import run

COLUMNS = ("protocol", "kind", "key", "rfc", "en", "vi")
GLOSSES = (
    ("echo", "verb", "SAY", "862", "Wants to hear its words again.", "Muốn nghe lại lời mình."),
    ("echo", "verb", "STOP", "862", "Has heard enough.", "Nghe đủ rồi."),
    ("echo", "reply", "OK", "862", "Here they are again.", "Đây, nghe lại này."),
)
LINES = ("S: ok ready", "C: SAY hello", "S: ok hello", "C: SHOUT", "S: no", "C: STOP", "S: ok")


def kind(line):
    """How an answer of the sketch says how it went."""
    return AnswerKind.GOOD if line[:2] == b"ok" else AnswerKind.PERMANENT


@pytest.fixture(autouse=True)
def echo(monkeypatch, tmp_path):
    """The value, and its row in the table of services."""
    path = tmp_path / "glosses.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((COLUMNS, *GLOSSES))
    protocol = Protocol(
        "echo",
        table(Verb("SAY", typed=("SAY ",)), Verb("STOP", typed=("STOP",), ends=True)),
        kind=kind,
        refusal=b"no\r\n",
        glosses=path,
    )
    row = Service("echo", protocol, 7, Leg.RETRIEVE, "programs hear themselves", "chương trình nghe lại chính mình")
    monkeypatch.setitem(SERVICES, "echo", row)
    return protocol


def said(*lines):
    """A session with one talk of it."""
    return session(
        Opened("retrieve-1", Leg.RETRIEVE, "echo", "echo.test"),
        *talk("retrieve-1", *lines),
        Closed("retrieve-1", "quit"),
    )


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Wants to hear its words again."), ("vi", "Muốn nghe lại lời mình.")]
)
def test_the_transcript_explains_it(lang, words):
    """Every line has its explanation in the language of the reader, and a refusal is seen as one."""
    view = Transcript(lang=lang, glosses=True)
    rows = [row for entry in said(*LINES).entries for row in view.rows(entry)][2:-1]

    assert rows[0].gloss.text == words
    assert [row.gloss is not None for row in rows] == [True, True, False, False, True, True]
    assert [row.verdict for row in rows] == [Verdict.OK] * 3 + [Verdict.ERROR] + [Verdict.OK] * 2


def test_filters_and_the_inspector_know_it():
    """An answer belongs to its request, whoever asks."""
    entries = said(*LINES).entries
    model = Model()
    model.take(entries)

    assert [entry.seq for entry in select(parse("proto:echo verb:say"), entries)] == [3, 4]
    assert any("SAY hello" in text for line in explain(model, entries[3], Texts("en"), 80) for _, text in line)


def test_it_is_typed_by_hand(monkeypatch, capsys):
    """`talk` has it, explains it, and hangs up when the server has answered the last verb."""
    pipe(monkeypatch, b"SAY hello\nSTOP\n")
    script = "S: ok ready\nC: SAY hello\nS: ok hello\nC: STOP\nS: ok\nGONE"

    assert against(script, lambda place: ["talk", "echo", place, "--tls", "none"]) == 0
    out = capsys.readouterr().out
    assert "C: SAY hello  ┆ Wants to hear its words again." in out
    assert "S: ok hello  ┆ Here they are again." in out


def test_it_is_said_again():
    """A recorded talk is re-enacted against its own stand-in, and nothing differs."""
    [recorded] = talks(said(*LINES).entries)

    async def both():
        logbook = Logbook(lambda: 1.0)
        house = ReplayServer(ReplayPlan([recorded]), logbook)
        port = await house.start()
        try:
            return await reenact(recorded, Means("127.0.0.1", port, patience=5), lambda: 1.0), house.unknown
        finally:
            await house.close()

    outcome, unknown = run(both())
    assert (outcome.failed, outcome.notes, unknown) == ("", (), 0)
    assert compare_talks(recorded, talks(outcome.entries)[0]) == ()


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"eml", "mbox", "swaks"}))
def test_every_export_has_it(name):
    """What is said stands in each format; a capture has it on its port. Only what holds messages alone has nothing."""
    octets = exported(name, said(*LINES))

    assert b"SAY hello" in octets
    if name in ("md", "html"):
        assert b"Wants to hear its words again." in octets
    if name == "pcapng":
        assert {min(packet.ports) for packet in packets(octets)} == {7}
