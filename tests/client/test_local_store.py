"""The messages that people have at home."""

import random
import sqlite3
import stat
import threading

import pytest

from maillab.client.local_store import LocalStore, MailFolder

BOB, CAROL = "bob@recipient.test", "carol@recipient.test"
MESSAGE = b"From: Alice <alice@sender.test>\r\nSubject: hi\r\nDate: Thu, 1 Jan 1970 00:01:00 +0000\r\n\r\n\xff\x00\r\n"


FIRST_VERSION = """
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, folder TEXT, uidl TEXT, seen INTEGER, doomed INTEGER,
    octets INTEGER, stored REAL, sender TEXT, recipient TEXT, subject TEXT, at REAL, mixed INTEGER);
CREATE INDEX by_folder ON letters (account, folder, id);
CREATE TABLE contents (id INTEGER PRIMARY KEY, octets BLOB);
INSERT INTO letters VALUES (1, 'bob@recipient.test', 'inbox', 'u', 0, 0, 3, 1.0, 'a@b.test', '', 'old', NULL, 0);
INSERT INTO contents VALUES (1, 'abc');
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path):
    """Where the shelf stands."""
    return tmp_path / "home.db"


@pytest.fixture
def shelf(path):
    """An empty one."""
    shelf = LocalStore(path)
    yield shelf
    shelf.close()


def test_a_message_is_kept(path, shelf):
    """A message is listed with its digest and comes back octet for octet, also after a restart; only its owner reads it."""
    number = shelf.put(BOB, MESSAGE, 5.0, uidl="u1")
    shelf.close()
    again = LocalStore(path)
    [item] = again.items(BOB, MailFolder.INBOX)
    assert (item.id, item.uidl, item.seen, item.octets, item.stored) == (number, "u1", False, len(MESSAGE), 5.0)
    assert (item.sender, item.subject, item.at) == ("Alice <alice@sender.test>", "hi", 60.0)
    assert again.octets(number) == MESSAGE
    assert again.item(number) == item
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again.close()


def test_people_do_not_see_each_other(shelf):
    """Each account has its own folders, the newest message first, and its own names of the server."""
    first, second = (shelf.put(BOB, MESSAGE, at, uidl=f"u{at}") for at in (1.0, 2.0))
    shelf.put(CAROL, MESSAGE, 3.0, uidl="u1.0", seen=True)
    shelf.put(BOB, MESSAGE, 4.0, folder=MailFolder.SENT, seen=True)
    assert [item.id for item in shelf.items(BOB, MailFolder.INBOX)] == [second, first]
    assert shelf.counts(BOB) == {MailFolder.INBOX: (2, 2), MailFolder.SENT: (1, 0), MailFolder.TRASH: (0, 0)}
    assert shelf.known(BOB) == {"u1.0", "u2.0"}
    assert shelf.known(CAROL) == {"u1.0"}


def test_reading(shelf):
    """A message that was read counts no more as new, and can be made new again."""
    number = shelf.put(BOB, MESSAGE, 1.0)
    shelf.mark([number], seen=True)
    assert shelf.counts(BOB)[MailFolder.INBOX] == (1, 0)
    shelf.mark([number], seen=False)
    assert shelf.counts(BOB)[MailFolder.INBOX] == (1, 1)


def test_throwing_away(shelf):
    """In the trash a message is doomed on the server, until it is taken back; the server's removal takes only its name."""
    number = shelf.put(BOB, MESSAGE, 1.0, uidl="u1")
    here = shelf.put(BOB, MESSAGE, 1.0)
    shelf.throw_away([number, here])
    assert shelf.doomed(BOB) == {"u1"}
    assert [item.doomed for item in shelf.items(BOB, MailFolder.TRASH)] == [False, True]
    shelf.take_back([number])
    assert shelf.doomed(BOB) == frozenset()
    shelf.throw_away([number])
    shelf.removed(BOB, ["u1"])
    assert (shelf.known(BOB), shelf.doomed(BOB)) == (frozenset(), frozenset())
    assert len(shelf.items(BOB, MailFolder.TRASH)) == 2


def test_erasing(shelf):
    """What is erased is gone; its name stays until the server has deleted it: it is not fetched again."""
    number, here = shelf.put(BOB, MESSAGE, 1.0, uidl="u1"), shelf.put(BOB, MESSAGE, 1.0)
    shelf.erase([number, here])
    assert shelf.counts(BOB) == {MailFolder.INBOX: (0, 0), MailFolder.SENT: (0, 0), MailFolder.TRASH: (0, 0)}
    assert (shelf.known(BOB), shelf.doomed(BOB)) == ({"u1"}, {"u1"})
    for gone in (number, here):
        with pytest.raises(KeyError):
            shelf.octets(gone)
    shelf.removed(BOB, ["u1"])
    assert shelf.known(BOB) == frozenset()
    assert shelf.item(number) is None


def test_all_or_nothing(shelf):
    """A message that cannot be kept whole is not kept at all."""
    shelf._db.execute("DROP TABLE contents")
    with pytest.raises(sqlite3.Error):
        shelf.put(BOB, MESSAGE, 1.0)
    assert shelf.items(BOB, MailFolder.INBOX) == []


def test_a_file_of_the_first_version(path):
    """A file without the recipient of the envelope is brought up to date; its messages stay, new ones have it."""
    old = sqlite3.connect(path)
    old.executescript(FIRST_VERSION)
    old.close()
    for _ in range(2):  # the second time there is nothing to do
        shelf = LocalStore(path)
        assert [(item.subject, item.delivered_to) for item in shelf.items(BOB, MailFolder.INBOX)][-1] == ("old", "")
        shelf.put(BOB, b"Delivered-To: x@example.com\r\n" + MESSAGE, 5.0)
        assert shelf.items(BOB, MailFolder.INBOX)[0].delivered_to == "x@example.com"
        shelf.close()


def test_from_many_threads(shelf):
    """Messages put by several threads at once are all there."""
    threads = [threading.Thread(target=lambda: [shelf.put(BOB, MESSAGE, 1.0) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.counts(BOB)[MailFolder.INBOX] == (80, 80)


def test_a_file_that_is_none(path):
    """What is no database is set aside, as it was, and said; messages can be kept again."""
    path.write_bytes(b"not a database" * 100)
    shelf = LocalStore(path)
    aside = path.with_name(f"{path.name}.bad")
    assert aside.read_bytes().startswith(b"not")
    assert str(aside) in shelf.problems[0]
    shelf.put(BOB, MESSAGE, 1.0)
    shelf.close()
    again = LocalStore(path)
    assert (len(again.items(BOB, MailFolder.INBOX)), again.problems) == (1, ())
    again.close()


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.slow)])
def test_one_wrong_octet(tmp_path, count):
    """The kind: a database with one wrong octet. The shelf opens, shows its folders, and takes more."""
    shelf = LocalStore(tmp_path / "whole.db")
    for number in range(12):
        shelf.put(BOB, MESSAGE + b"x" * number, 1.0, uidl=f"u{number}")
    shelf.close()
    octets, dice, damaged = (tmp_path / "whole.db").read_bytes(), random.Random(9), 0
    for number in range(count):
        path = tmp_path / f"{number}.db"
        place, wrong = dice.randrange(len(octets)), dice.randrange(1, 256)
        path.write_bytes(octets[:place] + bytes([octets[place] ^ wrong]) + octets[place + 1 :])
        try:
            shelf = LocalStore(path)
            kept = shelf.items(BOB, MailFolder.INBOX)
            shelf.counts(BOB)
            new = shelf.put(BOB, MESSAGE, 2.0)
            assert shelf.octets(new) == MESSAGE
            shelf.close()
        except Exception as error:
            raise AssertionError(f"octet {place} xor {wrong}") from error
        assert len(kept) >= 11 or shelf.problems, f"octet {place} xor {wrong}"
        damaged += bool(shelf.problems)
    assert damaged
