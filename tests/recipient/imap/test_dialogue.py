"""The IMAP dialogue, played without a socket: the conversations of tests/dialogues and what they cannot say."""

import errno
import sqlite3

import pytest

from maillab.mail.reply import refused
from maillab.recipient.folders import HasChildren
from maillab.wire.turns import Ending
from tests.dialogues.reading import files, given, name, read
from tests.recipient.imap.staging import Stage, act

FILES = files("imap")


@pytest.mark.parametrize("octet_by_octet", [False, True], ids=["line by line", "octet by octet"])
@pytest.mark.parametrize("path", FILES, ids=name)
def test_dialogue(path, octet_by_octet, tmp_path):
    """Each conversation of tests/dialogues goes as it is written, to the last word."""
    steps = read(path)
    stage = Stage(given(steps), tmp_path)
    for step in steps:
        if complaint := act(stage, step, octet_by_octet=octet_by_octet):
            pytest.fail(f"{step.where}: expected {step.mark} {step.text!r}, but {complaint}", pytrace=False)

    assert stage.told == [], path.name
    if stage.over:
        stage.over = False
        stage.play(stage.dialogue.lost())
        assert stage.shelves.open_views == []
    assert list(tmp_path.iterdir()) == []


def failing(error):
    """A stage on which bob's folders cannot be had."""
    stage = Stage(["logged in"])

    def status(_name):
        raise error

    stage.shelves.bob.status = status
    return stage.heard(b"a STATUS INBOX (MESSAGES)\r\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (refused(452, "4.2.0", "No room for more mailboxes"), b"a NO [LIMIT] No room for more mailboxes\r\n"),
        (HasChildren("x"), b"a NO [HASCHILDREN] There are folders below it\r\n"),
    ],
)
def test_why_it_is_not_obeyed(error, told):
    """What a store says becomes NO with its code."""
    assert failing(error) == [told]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            b"a NO [OVERQUOTA] There is no room for it; reference n1\r\n",
        ),
        (OSError(errno.EIO, "I/O error"), b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n"),
        (OSError(errno.EMFILE, "Too many"), b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n"),
        (FileNotFoundError("the index"), b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n"),
        (sqlite3.OperationalError("busy"), b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n"),
    ],
)
def test_trouble_with_the_disk(error, told):
    """It is told with a code that says how long it may last, and a reference; the logbook knows the cause."""
    assert failing(error) == [f"stumbles {type(error).__name__}: {error}", told]


def test_messages_that_are_gone():
    """Somebody else has removed what is asked for: that is no trouble."""
    stage = Stage(["selected"])

    def expunge(uids=None):
        raise FileNotFoundError("message 1 is gone")

    stage.dialogue.session.looking.view.expunge = expunge
    assert stage.heard(b"a EXPUNGE\r\n") == [b"a NO [EXPUNGEISSUED] Some of these messages are gone\r\n"]


def test_a_folder_that_cannot_be_made():
    """What is missing then is no message, also where somebody looks into a folder."""
    stage = Stage(["selected"])

    def create(name, special=None):
        raise FileNotFoundError("the lab")

    stage.shelves.bob.create = create
    told = stage.heard(b"a CREATE x\r\n")
    assert told[-1].startswith(b"a NO [UNAVAILABLE] The disk cannot do it now; reference ")


def test_our_own_fault():
    """A fault of ours is told as a reference, never as itself; the talk goes on."""  # T101
    told = failing(RuntimeError("a bug"))
    assert told[0].startswith("stumbles RuntimeError")
    assert told[1] == b"a NO [SERVERBUG] Something failed here, not with you; reference ref1\r\n"


def test_no_room():
    """A client for whom there is no room hears BYE and is sent away."""
    stage = Stage()
    stage.told = []
    stage.play(stage.dialogue.turn_away())
    assert stage.told == [b"* BYE [UNAVAILABLE] Too many connections, come back later\r\n", "closes refused"]


@pytest.mark.parametrize("ending", Ending)
def test_last_words(ending):
    """The server says why it ends a talk."""
    assert Stage().dialogue.farewell(ending).startswith(b"* BYE ")


def test_what_a_rule_says():
    """Before the greeting it is BYE; then it has the tag of the command, if there is one, unless it is BYE."""
    imap = Stage().dialogue
    imap._greeted = False
    assert imap.dressed(b"NO come back\r\n") == b"* BYE come back\r\n"
    list(imap.greet())
    assert imap.dressed(b"NO come back\r\n") == b"* NO come back\r\n"
    imap._tag = b"a"
    assert imap.dressed(b"BAD what?\r\n") == b"a BAD what?\r\n"
    assert imap.dressed(b"BYE now\r\n") == b"* BYE now\r\n"
    assert imap.dressed(b"") == b""
