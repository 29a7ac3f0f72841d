"""The mail of the whole lab as one list."""

import pytest

from maillab.mail.content import Content
from maillab.recipient.folders import Change
from maillab.web import caught as caught_mail
from maillab.web.caught import DELETED, LATEST, SEEN, TAGGED, CaughtMail, NoSuchMessage
from tests.recipient.stores import BOB, CAROL, HI, opened
from tests.support import run

TRACE = (
    b"Received: from mail.sender.test ([127.0.0.1])\r\n\tby mx.recipient.test with ESMTP id R1;\r\n\tMon, 2 Jan\r\n"
    b"Received: from laptop ([127.0.0.1])\r\n\tby mail.sender.test with ESMTP id L1;\r\n\tMon, 2 Jan\r\n"
)


def copy(user, trace=TRACE):
    return Content(b"Delivered-To: " + user.encode() + b"\r\n" + trace + HI.whole())


def caught(boxes, bell=lambda: None):
    return CaughtMail(lambda: [BOB, CAROL], boxes.inbox, ["mail.sender.test"], bell)


def test_a_message_to_two_is_one(tmp_path):
    """Copies that came in one transaction are one message, for everybody whom the envelopes name."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            await boxes.deliver_all([(BOB, copy(BOB)), (CAROL, copy(CAROL)), (BOB, HI)])
            alone, together = mail.messages()
            assert [len(alone.copies), len(together.copies)] == [1, 2]
            assert (together.recipients, alone.recipients) == ((BOB, CAROL), ())
            assert mail.octets(together) == copy(BOB).whole()
            mail.close()

    run(play())


def test_a_message_that_borrows_a_trace_is_another_one(tmp_path):
    """Who greets as one of our machines, and has read a message, cannot hide another one behind it."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            forged = Content(copy(BOB).whole() + b"and transfer the money\r\n")
            await boxes.deliver_all([(BOB, copy(BOB)), (CAROL, copy(CAROL))])
            await boxes.deliver_all([(BOB, forged)])
            assert sorted(len(message.copies) for message in mail.messages()) == [1, 2]
            mail.close()

    run(play())


def test_tags_without_end(tmp_path, monkeypatch):
    """Strangers put only so many keywords on an inbox; those that are there already are put on the next message, too."""
    monkeypatch.setattr(caught_mail, "MOST_KEYWORDS", 4)

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            for tags in (b"a,b,c,d,e", b"f,A,g"):
                await boxes.deliver_all([(BOB, Content(b"X-Tags: " + tags + b"\r\n\r\n"))])
            found = [message.keywords - {TAGGED} for message in mail.messages()]
            assert sorted(map(sorted, found)) == [["a"], ["a", "b", "c", "d"]]
            mail.close()

    run(play())


def test_names_stay(tmp_path):
    """A message has the same id when the lab is started anew, and when one of its copies is gone."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver_all([(BOB, copy(BOB)), (CAROL, copy(CAROL)), (BOB, HI)])
            before = [message.id for message in caught(boxes).messages()]
        async with opened(tmp_path) as boxes:
            boxes.open(BOB).close([0])
            mail = caught(boxes)
            assert [message.id for message in mail.messages()] == before
            assert mail.find(before[1]).recipients == (CAROL,)
            mail.close()

    run(play())


def test_what_others_do_is_seen(tmp_path):
    """Deliveries, flags and removals by other doors are in the next list, and the bell rings."""

    async def play():
        rings = []
        async with opened(tmp_path) as boxes:
            mail = caught(boxes, lambda: rings.append(1))
            assert mail.messages() == ()
            await boxes.deliver(BOB, HI)
            [message] = mail.messages()
            assert (message.is_read, bool(rings)) == (False, True)
            view = boxes.account(BOB).select("INBOX", lambda: None)
            view.store([1], Change.ADD, [SEEN, "work", "$MDNSent"])
            [message] = mail.messages()
            assert (message.is_read, message.keywords) == (True, {"work", "$MDNSent"})
            boxes.open(BOB).close([0])
            assert mail.messages() == ()
            mail.close()

    run(play())


def test_what_is_done_here_is_done_to_every_copy(tmp_path):
    """Flags and removal reach all inboxes; other sessions are told."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            await boxes.deliver_all([(BOB, copy(BOB)), (CAROL, copy(CAROL)), (CAROL, HI)])
            view = boxes.account(CAROL).select("INBOX", lambda: None)
            other, message = mail.messages()
            mail.flag([message], Change.ADD, [SEEN])
            assert mail.find(message.id).is_read
            assert [row.uid for row in view.news().changed] == [1]
            mail.remove([message])
            assert [each.id for each in mail.messages()] == [other.id]
            assert [*view.news().gone] == [1]
            mail.close()

    run(play())


def test_a_list_is_made_of_what_has_changed(tmp_path, monkeypatch):
    """However it came about, the list is the one that somebody who looks for the first time sees; and only what has
    changed was looked at for it.
    """

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            await boxes.deliver_all(
                [(user, copy(user, TRACE.replace(b"L1", b"L%d" % at))) for at in range(40) for user in (BOB, CAROL)]
            )
            asked = []
            looked_at = mail._message
            monkeypatch.setattr(mail, "_message", lambda name: asked.append(name) or looked_at(name))

            def agree(most):
                asked.clear()
                now = mail.messages()
                assert len(asked) <= most
                assert now == caught(boxes).messages()
                assert [mail.find(message.id) for message in now] == [*now]
                return now

            assert len(agree(40)) == 40
            await boxes.deliver(CAROL, HI)
            newest, *others = agree(1)
            mail.flag(others[::7], Change.ADD, [SEEN])
            agree(6)
            boxes.account(BOB).select("INBOX", lambda: None).store([3, 5], Change.ADD, [SEEN])
            agree(2)
            boxes.open(BOB).close([0])
            mail.remove([newest, others[5]])
            assert len(agree(3)) == 39
            assert agree(0)
            mail.close()

    run(play())


def test_another_copy_stands_in(tmp_path):
    """What one recipient has just removed is read where another has it."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            await boxes.deliver_all([(BOB, copy(BOB)), (CAROL, copy(CAROL))])
            [message] = mail.messages()
            boxes.open(BOB).close([0])
            assert mail.octets(message) == copy(CAROL).whole()
            mail.close()

    run(play())


def test_only_what_is_named_is_removed(tmp_path):
    """A message that somebody else has marked for removal stays theirs to remove."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            await boxes.deliver_all([(BOB, HI), (BOB, HI)])
            boxes.account(BOB).select("INBOX", lambda: None).store([1], Change.ADD, [DELETED])
            newest, oldest = mail.messages()
            mail.remove([newest])
            assert [message.id for message in mail.messages()] == [oldest.id]
            mail.close()

    run(play())


def test_what_is_gone(tmp_path):
    """Nothing is found by a name that nobody has; a message that just went away is gone."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = caught(boxes)
            with pytest.raises(NoSuchMessage):
                mail.find(LATEST)
            await boxes.deliver(BOB, HI)
            message = mail.find(LATEST)
            boxes.open(BOB).close([0])
            for ask in (lambda: mail.octets(message), lambda: mail.find(message.id)):
                with pytest.raises(NoSuchMessage):
                    ask()
            mail.remove([message])  # who removes it again finds it done
            mail.close()

    run(play())


def test_tags_of_the_sender_are_put_once(tmp_path):
    """X-Tags become keywords when the message is first seen, and stay off once they are taken off."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, Content(b"X-Tags: red, to do\r\n" + HI.whole()))
            mail = caught(boxes)
            [message] = mail.messages()
            assert message.keywords == {"red", "to&ACA-do", TAGGED}
            mail.flag([message], Change.REMOVE, ["red"])
            assert mail.messages()[0].keywords == {"to&ACA-do", TAGGED}
            mail.close()
            assert caught(boxes).messages()[0].keywords == {"to&ACA-do", TAGGED}

    run(play())
