"""The messages that people had at a moment of a session."""

import pytest

from maillab.client.local_store import MailFolder
from maillab.events import Carried, Entry, Leg, Opened, Read, Said, Side, Submitted
from maillab.mail.content import Content
from maillab.tui.mail.replayed_mailbox import ReplayedMailbox
from maillab.tui.reading.model import Model
from tests.recording.told import told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


def test_a_story():
    """At its end the writer has a copy and the reader the message, as it came."""
    home = ReplayedMailbox(model_of(told("seven-steps")))
    assert home.accounts == ["alice@sender.test", "bob@recipient.test"]
    [sent] = home.items("alice@sender.test", MailFolder.SENT)
    [got] = home.items("bob@recipient.test", MailFolder.INBOX)
    assert sent.subject == got.subject != ""
    assert home.octets(got.id).startswith(b"Return-Path: ")
    assert home.octets(got.id).endswith(home.octets(sent.id))
    assert got.octets == len(home.octets(got.id))
    assert home.counts("bob@recipient.test") == {
        MailFolder.INBOX: (1, 0),
        MailFolder.SENT: (0, 0),
        MailFolder.TRASH: (0, 0),
    }
    assert home.items("bob@recipient.test", MailFolder.TRASH) == []


def test_before_it_was_fetched():
    """Nobody has a message before it was fetched, and it is there from then on."""
    entries = told("seven-steps")
    fetched = next(n for n, entry in enumerate(entries) if isinstance(entry.event, Read))
    model = model_of(entries[:fetched])
    home = ReplayedMailbox(model)
    assert home.items("bob@recipient.test", MailFolder.INBOX) == []
    model.take(entries[fetched:])
    assert home.items("bob@recipient.test", MailFolder.INBOX) == []  # until somebody looks
    home.renew()
    assert len(home.items("bob@recipient.test", MailFolder.INBOX)) == 1
    assert home.is_of(model)


def chunked():
    return [
        Entry(number, float(number), event)
        for number, event in enumerate(
            (
                Opened("submit-1", Leg.SUBMIT, "submission", "mx.a.test"),
                Said("submit-1", Side.CLIENT, b"BDAT 18\r\n"),
                Carried("submit-1", Side.CLIENT, Content(b"Subject: x\r\n\r\n..\r\n")),
                Said("submit-1", Side.CLIENT, b"BDAT 4 LAST\r\n"),
                Carried("submit-1", Side.CLIENT, Content(b".e\r\n")),
                Submitted("submit-1", "L1", "a@a.test", ("b@b.test",), 22),
            ),
            1,
        )
    ]


def test_pieces():
    """A message in pieces is one, and its dots are its own."""
    home = ReplayedMailbox(model_of(chunked()))
    [item] = home.items("a@a.test", MailFolder.SENT)
    assert home.octets(item.id) == b"Subject: x\r\n\r\n..\r\n.e\r\n"
    assert item.octets == 22


def test_finding_one():
    """A message at home is found again by its octets."""
    home = ReplayedMailbox(model_of(told("seven-steps")))
    [item] = home.items("bob@recipient.test", MailFolder.INBOX)
    assert home.find("bob@recipient.test", home.octets(item.id)) == item.id
    assert home.find("bob@recipient.test", b"another") is None
    assert home.find("carol@recipient.test", home.octets(item.id)) is None


def test_what_is_kept_no_longer(tmp_path):
    """A message of entries that are gone is gone, and one whose file is gone cannot be read."""
    model = model_of(chunked())
    home = ReplayedMailbox(model)
    model.forget(4)
    home.renew()
    assert home.items("a@a.test", MailFolder.SENT) == []
    with pytest.raises(KeyError):
        home.octets(3)
    entries = chunked()
    entries[2] = Entry(3, 3.0, Carried("submit-1", Side.CLIENT, Content(b"", tmp_path / "gone", 0, 9)))
    home = ReplayedMailbox(model_of(entries))
    [item] = home.items("a@a.test", MailFolder.SENT)
    with pytest.raises(OSError, match="gone"):
        home.octets(item.id)
    assert home.find("a@a.test", b"x") is None
