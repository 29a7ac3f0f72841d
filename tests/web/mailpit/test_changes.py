"""What changed in the inboxes, worked out once for all."""

import json
from types import SimpleNamespace

from maillab.mail.content import Content
from maillab.web.caught import LATEST, CaughtMail
from maillab.web.digests import Digests
from maillab.web.mailpit.changes import ANEW, ChangeFeed
from maillab.web.news import Ring
from tests.recipient.stores import BOB, CAROL, HI, opened
from tests.support import run


def seen(mail):
    """As much of a context as is asked for."""
    digests = Digests()
    return SimpleNamespace(mail=mail, digest=lambda message: digests.of(message.id, lambda: mail.octets(message)))


def kinds(words):
    return [json.loads(word)["Type"] for word in words]


def test_everybody_hears_the_same(tmp_path):
    """Nothing of what was there before; then each word once, whoever asks first; nothing where no bell rang."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = CaughtMail(lambda: [BOB, CAROL], boxes.inbox, [])
            await boxes.deliver_all([(BOB, HI)])
            feed, bell = ChangeFeed(seen(mail)), Ring()
            assert (feed.now(), feed.since(0, bell)) == (0, ([], 0))
            await boxes.deliver_all([(BOB, HI)])
            assert feed.since(0, bell) == ([], 0)
            first, told = feed.since(0, Ring())
            assert (kinds(first), told) == (["new", "stats"], 2)
            assert feed.since(0, Ring()) == (first, 2)
            mail.remove([mail.find(LATEST)])
            assert kinds(feed.since(told, Ring())[0]) == ["delete", "stats"]
            mail.close()

    run(play())


def test_who_is_far_behind(tmp_path):
    """Asks for the list again: no words are kept without a bound."""

    async def play():
        async with opened(tmp_path) as boxes:
            mail = CaughtMail(lambda: [BOB, CAROL], boxes.inbox, [])
            feed = ChangeFeed(seen(mail), kept=2)
            told = feed.now()
            for number in range(3):
                await boxes.deliver_all([(CAROL, Content(b"Subject: %d\r\n\r\n" % number))])
            assert feed.since(told, Ring()) == ([ANEW], 4)
            assert kinds(feed.since(3, Ring())[0]) == ["stats"]
            mail.close()

    run(play())
