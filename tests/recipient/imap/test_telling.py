"""What a session hears of others."""

from maillab.protocols.imap.names import INBOX
from maillab.recipient.imap import telling
from tests.recipient.imap.shelves import HI
from tests.recipient.imap.staging import Stage


def test_silence_while_nothing_happens():
    """Without a bell nobody is asked, and nothing is told."""
    stage = Stage(["selected"])
    looking = stage.dialogue.session.looking
    assert list(telling.tell(stage.dialogue.session, looking)) == []


def test_many_changes_are_told_in_parts():
    """A thousand flags are told in several answers, so that others can be served in between."""
    stage = Stage(["logged in", "empty"])
    folder = stage.shelves.bob.all[INBOX]
    for _ in range(1200):
        folder.put(HI)
    stage.hear(b"b SELECT INBOX\r\n")
    view = stage.shelves.bob.select(INBOX, lambda: None)
    view.store(range(1, 1201), "+", ["\\Seen"])
    looking = stage.dialogue.session.looking
    looking.tracker.learn(looking.view.news())
    answers = [
        turn.octets.count(b"\n") for turn in telling.said(stage.dialogue.session, looking, looking.tracker.tell())
    ]
    assert answers == [500, 500, 200]


def test_keywords_are_announced_once():
    """A keyword that the client has not heard of is announced before it is told."""
    stage = Stage(["selected"])
    stage.happens(["flags", "1", "Work"])
    told = stage.heard(b"c NOOP\r\n")
    assert told[0].endswith(b"Work)\r\n")
    stage.happens(["flags", "2", "work", "Work"])
    assert not any(line.startswith(b"* FLAGS") and b"Work" not in line for line in stage.heard(b"d NOOP\r\n"))
