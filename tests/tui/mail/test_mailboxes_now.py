"""What lies in everybody's mailboxes now."""

from types import SimpleNamespace

from maillab.client.local_store import LocalStore, MailFolder
from maillab.tui.machines.host import NotRunning
from maillab.tui.mail.mailboxes_now import mailboxes_now
from tests.support import run

ALICE, BOB, RELAY = "alice@sender.test", "bob@recipient.test", "relay@recipient.test"


class HostThatKnows:
    """A lab on whose servers these messages lie."""

    def __init__(self, names):
        self._names = names

    async def ask(self, work):
        async def name_mail():
            return self._names

        if self._names is None:
            raise NotRunning
        return await work(SimpleNamespace(name_mail=name_mail))


def context(shelf, names, **changes):
    given = {
        "messages": shelf, "readers": [ALICE, BOB, RELAY], "playback": None, "nobodys": frozenset({RELAY}), "home": SimpleNamespace(shelf=shelf),
        "host": HostThatKnows(names), "reads_on_server": False,
    }  # fmt: skip
    return SimpleNamespace(**(given | changes))


def test_at_home_and_on_the_server(tmp_path):
    """What was not fetched yet is counted, by the names that the server has for it; what was is not counted twice."""
    shelf = LocalStore(tmp_path / "home.db")
    shelf.put(BOB, b"Subject: x\r\n\r\n", 0.0, uidl="a")
    boxes = run(mailboxes_now(context(shelf, {BOB: frozenset("abc")})))
    assert [(box.address, box.waiting, box.new) for box in boxes] == [(ALICE, 0, 0), (BOB, 2, 3), (RELAY, 0, 0)]
    assert [box.is_persons for box in boxes] == [True, True, False]
    assert boxes[1].folders[MailFolder.INBOX] == (1, 1)
    shelf.close()


def test_without_a_lab(tmp_path):
    """What is at home is known all the same; where there is nothing at home, nothing is."""
    shelf = LocalStore(tmp_path / "home.db")
    shelf.put(BOB, b"\r\n", 0.0)
    assert [box.new for box in run(mailboxes_now(context(shelf, None)))] == [0, 1, 0]
    assert run(mailboxes_now(context(None, None))) == []
    shelf.close()


def test_at_a_moment_of_a_session():
    """What was delivered and fetched by nobody so far is still on the server."""
    folders = {MailFolder.INBOX: (1, 0)}
    messages = SimpleNamespace(counts=lambda who: folders if who == BOB else {})
    model = SimpleNamespace(boxes={BOB: SimpleNamespace(unread={1, 2})})
    boxes = run(mailboxes_now(context(None, None, messages=messages, playback=object(), model=model)))
    assert [(box.address, box.waiting) for box in boxes] == [(ALICE, 0), (BOB, 2), (RELAY, 0)]
    assert not boxes[-1].is_persons
