"""What is worked out of messages: made when nobody waits, or when it is asked for; kept as long as it is fresh."""

import asyncio
import threading

from maillab.durable import promising
from maillab.recipient.folders import Change
from maillab.recipient.summaries import NO_SUMMARIES, Made, Summarising
from tests.recipient.stores import BOB, HI, maildir, opened, put
from tests.support import run


class Making:
    """Summaries are the first words, after a number of the version; counts how many were made."""

    def __init__(self, version=1):
        self.version, self.made, self.enough = version, 0, threading.Event()
        self.wanted = 0
        self.mark_of_fields = b""  # where it is another than that of summaries

    def make(self, content):
        self.made += 1
        if self.made == self.wanted:
            self.enough.set()
        known = self.mark + content.whole()
        return Made(known[: len(self.mark) + 5], known, content.whole().upper())

    @property
    def mark(self):
        return b"%d:" % self.version

    @property
    def summarising(self):
        now = self.mark
        return Summarising(
            self.make,
            lambda blob: blob.startswith(now),
            lambda content: Made(b"h" + now + content.whole()[:5], now + content.whole()),
            lambda blob: blob.startswith((now, b"h" + now)),
            lambda content: Made(words=content.whole().upper()),
            self.mark_of_fields or now,
        )


def played(tmp_path, making, work):
    async def play():
        async with opened(tmp_path, summarising=making.summarising) as boxes:
            return await asyncio.to_thread(lambda: work(boxes, boxes.account(BOB)))

    with promising(False):
        return run(play())


def test_made_when_asked_for(tmp_path):
    """Whatever was not worked out yet is worked out now; one that is gone has none; a copy has that of its original."""

    def work(boxes, bob):
        put(bob, "INBOX", b"one\r\n", b"two\r\n")
        view = bob.select("INBOX", lambda: None)
        assert view.words([2, 9]) == [b"TWO\r\n", None]
        assert view.summaries([2, 1, 9]) == [b"1:two\r\n", b"1:one\r\n", None]
        assert view.words([2, 1]) == [b"TWO\r\n", b"ONE\r\n"]
        view.copy([1], "Sent")
        before = making.made
        there = bob.select("Sent", lambda: None)
        assert there.summaries([1]) == [b"1:one\r\n"]
        assert making.made == before
        view.close()
        there.close()

    making = Making()
    played(tmp_path, making, work)


def test_made_when_nobody_waits(tmp_path):
    """Messages of a person who reads by IMAP are worked out by the writer as soon as nobody waits for it."""

    async def play():
        async with opened(tmp_path, summarising=making.summarising) as boxes:
            await boxes.deliver_all([(BOB, HI), (BOB, HI.prefixed(b"X: y\r\n"))])
            assert making.made == 0
            making.wanted = 2
            bob = await asyncio.to_thread(boxes.account, BOB)
            view = await asyncio.to_thread(bob.select, "INBOX", lambda: None)
            assert await asyncio.to_thread(making.enough.wait, 5)
            making.enough.clear()
            making.wanted = 3
            await boxes.deliver(BOB, HI.prefixed(b"Z: y\r\n"))
            assert await asyncio.to_thread(making.enough.wait, 5)
            assert await asyncio.to_thread(view.summaries, [3]) == [b"1:Z: y\r"]
            view.close()

    making = Making()
    with promising(False):
        run(play())


def test_made_anew(tmp_path):
    """One of another version is not given out."""

    def work(boxes, bob):
        view = bob.select("INBOX", lambda: None)
        got = view.summaries([row.uid for row in view.rows])
        view.close()
        return got

    played(tmp_path, Making(1), lambda _, bob: put(bob, "INBOX", b"one\r\n"))
    assert played(tmp_path, Making(1), work) == [b"1:one\r\n"]
    assert played(tmp_path, Making(2), work) == [b"2:one\r\n"]
    assert played(tmp_path, Making(3), lambda _, bob: bob.select("INBOX", lambda: None).words([1])) == [b"ONE\r\n"]
    assert played(tmp_path, Making(2), work) == [b"2:one\r\n"]
    again = Making(2)
    assert played(tmp_path, again, work) == [b"2:one\r\n"]
    assert again.made == 0


def test_a_message_that_cannot_be_read(tmp_path):
    """It has no summary, and the others have theirs."""

    def work(boxes, bob):
        put(bob, "INBOX", b"one\r\n", b"two\r\n")
        view = bob.select("INBOX", lambda: None)
        view.store([2], Change.ADD, ["\\Deleted"])
        view.expunge()
        put(bob, "INBOX", b"three\r\n")
        view.news()
        for file in (maildir(tmp_path) / "new").iterdir():
            if file.read_bytes() == b"one\r\n":
                file.unlink()
        got = view.summaries([1, 2, 3])
        view.close()
        return got

    got = played(tmp_path, Making(), work)
    assert got[1:] == [None, b"1:three"]
    assert got[0] in (None, b"1:one\r\n")  # the writer may have been faster


def test_what_headers_say_is_had_first(tmp_path):
    """It is kept, takes the place of nothing that says more, and what says more takes its place."""

    def work(boxes, bob):
        put(bob, "INBOX", b"one\r\n", b"two\r\n")
        view = bob.select("INBOX", lambda: None)
        try:
            return [
                view.headings([1, 2, 9]),
                view.headings([1]),
                view.summaries([1]),
                view.headings([1]),
                view.words([1, 2]),
            ]
        finally:
            view.close()

    making = Making()
    got = played(tmp_path, making, work)
    assert got[0][2] is None
    assert [blob.removeprefix(b"h") for blob in got[0][:2]] == [b"1:one\r\n", b"1:two\r\n"]
    assert [blob.removeprefix(b"h") for blob in got[1]] == [b"1:one\r\n"]
    assert got[2:] == [[b"1:one\r\n"], [b"1:one\r\n"], [b"ONE\r\n", b"TWO\r\n"]]


def test_messages_that_mention_something(tmp_path):
    """Those in whose fields it stands, and those of whose fields nothing is known that was made in the way of today."""

    def work(boxes, bob):
        view = bob.select("INBOX", lambda: None)
        view.headings([row.uid for row in view.rows])
        found = [view.mentioning(octets) for octets in (b"tw", b"o", b"x")]
        view.close()
        return found

    played(tmp_path, Making(1), lambda _, bob: put(bob, "INBOX", b"one\r\n", b"two\r\n", b"three\r\n"))
    assert played(tmp_path, Making(1), work) == [[2], [1, 2], []]
    another_day = Making(1)
    another_day.mark_of_fields = b"2:"
    assert played(tmp_path, another_day, work) == [[1, 2, 3]] * 3


def test_no_summaries():
    """A store that nobody told how to make them has empty ones."""
    assert NO_SUMMARIES.make(HI) == NO_SUMMARIES.make_heading(HI) == NO_SUMMARIES.make_words(HI) == Made(b"", b"", b"")
    assert NO_SUMMARIES.is_fresh(b"")
    assert NO_SUMMARIES.has_heading(b"")
