"""The mailboxes of the lab as a tree."""

from dataclasses import replace

from maillab.client.local_store import MailFolder
from maillab.client.remote import RemoteFolder
from maillab.tui.looks.sink import width
from maillab.tui.mail.mailboxes import (
    MailboxCounts,
    drawn,
    has_folder,
    how_filled,
    is_inbox,
    likely,
    something_came,
    tree,
)
from maillab.tui.mail.mailboxes import emptied as emptied_words
from maillab.tui.state.server_mail import ServerFolder
from maillab.tui.texts import Texts
from tests.tui.mail.test_maillist import message
from tests.tui.words import words

EN = Texts("en")
ALICE, CAUGHT, RELAY = "alice@sender.test", "caught@sender.test", "relay@sender.test"
BOB, CAROL = "bob@recipient.test", "carol@recipient.test"


def box(address, inbox=(0, 0), sent=0, trash=0, waiting=0):
    folders = {MailFolder.INBOX: inbox, MailFolder.SENT: (sent, 0), MailFolder.TRASH: (trash, 0)}
    return MailboxCounts(address, folders, waiting, is_persons=address not in (CAUGHT, RELAY))


def lines(boxes, here=None, cells=22, texts=EN):
    return ["".join(text for _, text in drawn(row, cells)).rstrip() for row in tree(boxes, here, texts)]


def test_by_site():
    """Each mailbox stands under its site: how many messages are new, else how many there are, else a dash."""
    boxes = [box(ALICE, (2, 1)), box(BOB, (3, 0)), box(CAROL)]
    assert lines(boxes) == [
        "sender.test", "  alice       1 unread", "recipient.test", "  bob                3", "  carol              –",
    ]  # fmt: skip


def test_other_folders_of_the_one_that_is_looked_at():
    """Sent and Trash come up under the mailbox that is selected, and nowhere else."""
    rows = tree([box(ALICE, sent=4), box(BOB)], (ALICE, MailFolder.SENT), EN)
    assert [(row.text, row.count) for row in rows] == [
        ("sender.test", ""), ("alice", "–"), ("Sent", "4"), ("Trash", "–"), ("recipient.test", ""), ("bob", "–"),
    ]  # fmt: skip
    assert [row.place for row in rows][1:4] == [
        (ALICE, MailFolder.INBOX), (ALICE, MailFolder.SENT), (ALICE, MailFolder.TRASH),
    ]  # fmt: skip


def test_what_was_not_fetched_yet():
    """Messages on the server are new before anybody fetched them; and counted with those that are unread at home."""
    boxes = [box(BOB, (2, 1), waiting=500), box(CAROL, waiting=1)]
    assert lines(boxes) == ["recipient.test", "  bob       501 unread", "  carol       1 unread"]
    assert all(row.is_new for row in tree(boxes, None, EN)[1:])
    assert lines(boxes, (BOB, MailFolder.INBOX))[2] == "    Sent             –"


def test_folders_of_a_server():
    """Who reads by IMAP sees the server's, each with what is unread; what is at home has a heading of its own."""
    server = (
        RemoteFolder("INBOX", "", 9, 2),
        RemoteFolder("Entwürfe", "\\Drafts", 1, 0),
        RemoteFolder("Work", "", 4, 4),
    )
    bob = replace(box(BOB, (1, 1), sent=3), inbox=(9, 2), server=server)
    boxes = [bob, replace(box(CAROL), inbox=(5, 0))]
    assert lines(boxes, (BOB, ServerFolder())) == [
        "recipient.test", "  bob         2 unread", "    Drafts           1", "    Work      4 unread", "    at home",
        "      Inbox          1", "      Sent           3", "  carol              5",
    ]  # fmt: skip
    assert [row.place for row in tree(boxes, (BOB, ServerFolder()), EN)][1:4] == [
        (BOB, ServerFolder()), (BOB, ServerFolder("Entwürfe", "\\Drafts")), (BOB, ServerFolder("Work")),
    ]  # fmt: skip
    assert [has_folder(bob, folder) for folder in (ServerFolder("Work"), ServerFolder("x"))] == [True, False]
    assert not replace(box(CAUGHT), inbox=(1, 0)).is_empty


def test_no_number_is_cut():
    """However narrow it is, the name gives way; words and numbers have a gap in every language."""
    for cells in (14, 18, 22, 40):
        for texts in (EN, Texts("vi")):
            for row in tree([box("somebody.with.a.name@x.test", (9_999, 9_999), 7, 8)], None, texts):
                line = "".join(text for _, text in drawn(row, cells))
                assert row.count in line
                assert not row.depth or f" {row.count}" in line
                assert width(drawn(row, cells)) <= cells


def test_two_people_of_one_name():
    """They stand under their own sites."""
    assert lines([box("bob@a.test"), box("bob@b.test")])[0::2] == ["a.test", "b.test"]


def test_mailboxes_for_mail_that_is_caught():
    """They are there as soon as something was caught, and while they are looked at."""
    assert lines([box(ALICE), box(CAUGHT), box(RELAY)]) == lines([box(ALICE)])
    assert any("caught" in line for line in lines([box(ALICE), box(CAUGHT, waiting=1)]))
    assert any("caught" in line for line in lines([box(ALICE), box(CAUGHT)], (CAUGHT, MailFolder.INBOX)))


def test_hostile_names():
    """A name that would act on a terminal is text."""
    assert "\x1b" not in "".join(lines([box("\x1b]0;x\x07@\u202ex.test")]))


def test_which_is_looked_at_first():
    """Where the newest message came to; else what is new; else where there is anything; never an empty catch-all."""
    assert likely([box(ALICE), box(BOB, (1, 0)), box(CAROL, (1, 1))], [BOB]) == BOB
    assert likely([box(ALICE), box(BOB), box(CAROL, waiting=1)], [BOB]) == CAROL
    assert likely([box(ALICE, sent=1), box(BOB), box(CAROL)], []) == ALICE
    assert likely([box(ALICE), box(CAUGHT), box(BOB)], [CAUGHT]) == BOB
    assert likely([box(ALICE), box(CAUGHT)], []) == ALICE
    assert likely([], []) == ""


def test_an_inbox_that_was_emptied():
    """It is said where its messages are, and how they come back; of an inbox that never had any nothing is."""
    emptied = [MailboxCounts("bob@b.test", {MailFolder.TRASH: (1, 0)}), MailboxCounts("carol@b.test")]
    said = emptied_words(emptied, "bob@b.test", words())
    assert said == "Inbox is empty. 1 message in Trash: there D restores it."
    assert emptied_words(emptied, "carol@b.test", words()) == ""
    there = [MailboxCounts("bob@b.test", inbox=(0, 0), server=(RemoteFolder("Bin", "\\Trash", 2, 0),))]
    assert emptied_words(there, "bob@b.test", words()) == "Inbox is empty. 2 messages in Trash: there D restores it."


def test_how_a_folder_is_filled():
    """It is said where it is empty: at home or on the server, and of one that is for nothing in particular."""
    sent = how_filled(MailFolder.SENT, "bob", words())
    assert "bob sends" in sent
    assert how_filled(ServerFolder("Gesendet", "\\Sent"), "bob", words()) == sent
    assert "F7" in how_filled(ServerFolder("Drafts", "\\Drafts"), "bob", words())
    assert how_filled(ServerFolder("Junk", "\\Junk"), "bob", words()) == how_filled(ServerFolder("x"), "bob", words())


def test_an_inbox():
    """At home, or on the server."""
    folders = (MailFolder.INBOX, MailFolder.SENT, ServerFolder(), ServerFolder("Drafts", "\\Drafts"))
    assert [is_inbox(folder) for folder in folders] == [True, False, True, False]


def test_something_came():
    """A message on the server, or an unread one that was not in the list; not one that somebody has seen there."""
    place, old, new = (BOB, MailFolder.INBOX), message(1), message(2)
    assert something_came([old], [old], [box(BOB, waiting=1)], place)
    assert not something_came([old], [old], [box(BOB), box(CAROL, waiting=1)], place)
    assert something_came([new, old], [old], [box(BOB)], place)
    assert not something_came([message(2, seen=True), old], [old], [box(BOB)], place)
    assert not something_came([], [old], [box(BOB)], None)
