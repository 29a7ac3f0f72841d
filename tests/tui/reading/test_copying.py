"""Text to take along."""

import pytest

from maillab.tui.reading.copying import FORMS, copied
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.recording.told import record, told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


@pytest.fixture
def model():
    return model_of(told("seven-steps"))


def entry_of(model, talk, begin):
    return next(e for e in model.of_talk(talk) if getattr(e.event, "line", b"").startswith(begin))


def test_a_line(model):
    """As it was said, with who said it."""
    assert copied(model, entry_of(model, "relay-1", b"QUIT"), "line", "en") == "relay-1 C: QUIT\n"


def test_an_exchange(model):
    """The command and all that answers it, wherever in it the cursor stands."""
    expected = copied(model, entry_of(model, "relay-1", b"EHLO"), "exchange", "en")
    assert expected.startswith("relay-1 C: EHLO mail.sender.test\nrelay-1 S: 250-")
    assert copied(model, entry_of(model, "relay-1", b"250-SIZE"), "exchange", "en") == expected


def test_a_talk(model):
    """From the greeting to the goodbye."""
    lines = copied(model, entry_of(model, "relay-1", b"EHLO"), "talk", "en").splitlines()
    assert any(line.startswith("relay-1 S: 220 ") for line in lines)
    assert any(line.startswith("relay-1 S: 221 ") for line in lines)


def test_a_script(model):
    """What the client said, to be typed again; never a password."""
    script = copied(model, entry_of(model, "relay-1", b"EHLO"), "telnet", "en").splitlines()
    assert script[0].startswith("EHLO ")
    assert script[-1] == "QUIT"
    assert "DATA" in script
    assert "." in script
    secret = model_of(record("S: +OK\nC? PASS hunter2", service="pop3", name="retrieve-1"))
    assert "hunter2" not in copied(secret, secret.entries[2], "telnet", "en")


def test_a_command(model):
    """A command that says it again."""
    assert "swaks" in copied(model, entry_of(model, "relay-1", b"EHLO"), "swaks", "en")


def test_a_message(model):
    """As a file would have it: without the dots of the wire."""
    assert "\r\nSubject: " in copied(model, entry_of(model, "relay-1", b"QUIT"), "eml", "en")
    dotted = model_of(record("S: 220\nC: DATA\nS: 354\nMESSAGE ..one dot\nC: .\nS: 250"))
    assert copied(dotted, dotted.entries[1], "eml", "en") == ".one dot\r\n"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_a_terminal_obeys(form):
    """Of the kind: text that another program will run. No control character of a stranger is taken along, in any form."""
    wild = "\x1d\x1b[2J\x03\u202e\x85"
    said = f"S: 220 {wild}\nC: EHLO {wild}\nS: 250 ok\nC: MAIL FROM:<a@a.test>\nS: 250 ok\nC: RCPT TO:<b@b.test>\nS: 250 ok\n"
    talk = model_of(record(f"{said}C: DATA\nS: 354\nMESSAGE A: {wild}|\t!touch x|{wild}\nC: .\nS: 250"))
    for entry in talk.entries[1:4]:
        text = copied(talk, entry, form, "en")
        assert text
        assert not [char for char in text if not char.isprintable() and char not in "\r\n"]


def test_nothing_of_the_kind(model):
    """Where there is nothing of the kind it says so."""
    lookup = entry_of(model, "lookup-1", b"")
    with pytest.raises(LookupError):
        copied(model, lookup, "eml", "en")
    empty = model_of(record("S: 220 hi"))
    with pytest.raises(LookupError):
        copied(empty, empty.entries[0], "telnet", "en")


def test_forms_have_names():
    """Every form has a name in both languages."""
    for lang in ("en", "vi"):
        assert all(Texts(lang)(f"copy.{form}") for form in FORMS)
