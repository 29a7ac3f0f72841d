"""What a server has told of the mail that lies on it."""

from maillab.client.local_store import MailFolder
from maillab.client.message_summary import Digest
from maillab.client.remote import FolderListing, RemoteFolder, RemoteMessage
from maillab.tui.state import server_mail
from maillab.tui.state.server_mail import FLAGGED, SEEN, KeptDraft, ServerFolder, ServerMail, folder_name
from maillab.tui.texts import Texts

BOB = "bob@recipient.test"
INBOX, TRASH = ServerFolder(), ServerFolder("Trash", "\\Trash")
FOLDERS = (RemoteFolder("Work", "", 0, 0), RemoteFolder("Trash", "\\Trash", 2, 1), RemoteFolder("INBOX", "", 9, 9))


def remote(uid, *flags):
    return RemoteMessage(uid, frozenset(flags), 99, 0.0, Digest("Ann <a@x.test>", BOB, f"Number {uid}", None, 0))


def told(*messages, validity=7):
    """Bob's server has told of its folders, and what is in the inbox."""
    mail = ServerMail(BOB)
    mail.tell(FOLDERS, "INBOX", FolderListing(validity, messages))
    return mail


def counts(mail):
    return {one.name: (one.messages, one.unseen) for one in mail.folders}


def test_what_was_told():
    """Folders in their order, counted by what is in their lists; messages with the newest first."""
    mail = told(remote(3, SEEN), remote(5))
    assert counts(mail) == {"INBOX": (2, 1), "Trash": (2, 1), "Work": (0, 0)}
    assert [item.subject for item in mail.items(INBOX)] == ["Number 5", "Number 3"]
    assert mail.items(TRASH) == []
    assert (mail.folder_for("\\Trash"), mail.folder("Work"), mail.folder("x")) == (TRASH, ServerFolder("Work"), None)


def test_a_folder_that_is_gone():
    """Its list goes with it."""
    mail = told(remote(3))
    mail.tell(FOLDERS[1:2], "INBOX", None)
    assert mail.lists == {}


def test_marking():
    """A flag shows at once, and the count of unread messages follows."""
    mail = told(remote(3), remote(5))
    mail.marked(mail.items(INBOX)[0], SEEN, wanted=True)
    mail.marked(mail.items(INBOX)[0], FLAGGED, wanted=True)
    newest, other = mail.items(INBOX)
    assert (newest.seen, newest.is_important, other.seen, other.is_important) == (True, True, False, False)
    mail.marked(newest, FLAGGED, wanted=False)
    assert not mail.items(INBOX)[0].is_important
    assert counts(mail)["INBOX"] == (2, 1)


def test_moving():
    """A message that was moved is in no list any more, and is counted where it went."""
    mail = told(remote(3), remote(5, SEEN))
    for item in mail.items(INBOX):
        assert mail.has(item)
        mail.gone(item, "Trash")
        assert not mail.has(item)
    assert mail.items(INBOX) == []
    assert counts(mail) == {"INBOX": (0, 0), "Trash": (4, 2), "Work": (0, 0)}


def test_moving_twice():
    """Whoever was quicker than the server, and asked for it twice, has moved it once."""
    mail = told(remote(3))
    item = mail.items(INBOX)[0]
    for _ in range(2):
        mail.gone(item, "Trash")
    assert counts(mail) == {"INBOX": (0, 0), "Trash": (3, 2), "Work": (0, 0)}


def test_numbers_of_another_time():
    """Under another validity a UID is the name of another message."""
    mail = told(remote(3))
    item = mail.items(INBOX)[0]
    mail.tell(FOLDERS, "INBOX", FolderListing(8, (remote(3),)))
    assert not mail.has(item)


def test_other_names():
    """A message of another validity is another message: what is done with it changes nothing here."""
    mail = told(remote(3))
    [old] = told(remote(3), validity=6).items(INBOX)
    mail.marked(old, SEEN, wanted=True)
    mail.gone(old)
    mail.erased(KeptDraft("INBOX", 6, 3))
    assert [item.seen for item in mail.items(INBOX)] == [False]
    mail.erased(KeptDraft("INBOX", 7, 3))
    assert mail.items(INBOX) == []


def test_opened_messages(monkeypatch):
    """They are not asked for twice, until there are too many octets of them: then the oldest goes."""
    mail = told(remote(3), remote(5))
    newest, other = mail.items(INBOX)
    monkeypatch.setattr(server_mail, "KEPT", 10)
    mail.keep(newest, b"12345678")
    assert (mail.octets(newest), mail.octets(other)) == (b"12345678", None)
    mail.keep(other, b"12345678")
    assert (mail.octets(newest), mail.octets(other)) == (None, b"12345678")


def test_names_of_folders():
    """By what they are for, in the language of the window; others by their own."""
    vi = Texts("vi")
    assert folder_name(ServerFolder("Inbox"), vi) == folder_name(MailFolder.INBOX, vi) == vi("folder.inbox")
    assert folder_name(ServerFolder("Gesendet", "\\Sent"), vi) == vi("folder.sent")
    assert (folder_name(ServerFolder("Work"), vi), folder_name(ServerFolder("All", "\\All"), vi)) == ("Work", "All")
