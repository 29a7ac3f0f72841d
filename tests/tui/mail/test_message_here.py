"""A message as it stands at one station of its way."""

from maillab.events import Carried, Entry, Side
from maillab.mail.content import Content
from maillab.tui.mail import message_here as module
from maillab.tui.mail.message_here import message_here
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.recording.told import record, told

EN = Texts("en")


def model_of(entries):
    model = Model()
    model.take(entries)
    model.learn()
    return model


def shown(model, entry, *, hexed=False):
    return ["".join(text for _, text in line) for line in message_here(model, entry, entry.event, EN, 90, hexed=hexed)]


def test_the_message_here():
    """The lines that came since the station before stand out."""
    model = model_of(told("seven-steps"))
    carried = [e for e in model.entries if isinstance(e.event, Carried)]
    at_submission, at_relay, at_home = (shown(model, one) for one in carried)
    assert not any(line.startswith("+ ") for line in at_submission)
    added = [line for line in at_relay if line.startswith("+ ")]
    assert added[0].startswith("+ Received: from")
    assert all(not line.startswith("+ Subject") for line in added)
    assert next(line for line in at_home if line.startswith("+ ")).startswith("+ Return-Path:")


def test_a_large_message():
    """A large message is shown from its beginning; that it was added to is seen all the same."""
    body = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 100_000
    model = model_of(
        [
            Entry(1, 1.0, Carried("submit-1", Side.CLIENT, Content(body))),
            Entry(2, 2.0, Carried("relay-1", Side.CLIENT, Content(b"Received: x\r\n" + body))),
        ]
    )
    lines = shown(model, model.entries[1])
    assert [line for line in lines if line.startswith("+ ")] == ["+ Received: x"]
    assert len(lines) < module.MESSAGE_LINES + 20


def test_a_message_whose_file_is_gone(tmp_path):
    """It says so."""
    gone = Content(b"", tmp_path / "gone", 0, 10)
    model = model_of([Entry(1, 1.0, Carried("relay-1", Side.CLIENT, gone))])
    assert shown(model, model.entries[0]) == [EN("explain.gone")]


def test_dots_after_bdat():
    """After BDAT no dot was added, and none is taken away."""
    model = model_of(record("S: 220\nC: BDAT 10 LAST\nMESSAGE ..two dots"))
    assert "  ..two dots" in shown(model, model.entries[3])
    model = model_of(record("S: 220\nC: DATA\nS: 354\nMESSAGE ..one dot"))
    assert "  .one dot" in shown(model, model.entries[4])
    assert shown(model, model.entries[4], hexed=True)[1].startswith("000000  2e 2e 6f")
