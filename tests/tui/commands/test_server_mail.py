"""What is done with mail that lies on the server, by IMAP."""

import asyncio
from dataclasses import replace

import pytest

from maillab.client.local_store import MailFolder
from maillab.events import Delivered
from maillab.lab.person import read_mail
from maillab.tui.commands import draft, machines, mail, send, server_mail
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.state.home import MailBefore
from maillab.tui.state.server_mail import ARCHIVE, FLAGGED, SEEN, TRASH, ServerFolder
from maillab.tui.subjects import Machine, PersonsMail, ServerHeld
from tests.tui.fake_ui import context, happened, living, ui_of

ALICE, BOB = "alice@sender.test", "bob@recipient.test"
INBOX = ServerFolder()


def told(tmp_path, story, *answers):
    """Tell a story in which Bob has looked at his inbox, where one message lies."""

    async def looked(at):
        await send.send(at)
        await happened(at, Delivered)
        await look(at)
        await story(at, here(at))

    return living(context(tmp_path, *answers), looked)


async def look(at, folder=INBOX):
    await mail.fetch(at, PersonsMail(BOB, folder))


def here(at, folder=INBOX):
    """Bob's one message in a folder."""
    [item] = at.home.on_server(BOB).items(folder)
    return ServerHeld(item)


def there(at):
    """How many messages are in each of Bob's folders where there are any, as he knows it."""
    return {one.name: one.messages for one in at.home.on_server(BOB).folders if one.messages}


async def elsewhere(at, errand):
    """What another program of Bob's does."""

    async def work(lab):
        async with read_mail(lab, BOB) as mail:
            return await errand(mail)

    return await at.host.ask(work)


def test_looking_and_reading(tmp_path):
    """The folders of the server, and what is in one; a message is asked for once, and is unread as before."""

    async def story(at, message):
        names = [one.name for one in at.home.on_server(BOB).folders]
        assert names == ["INBOX", "Drafts", "Sent", "Archive", "Junk", "Trash"]
        octets = await mail.octets_of(at, message.item)
        assert b"Subject: Hello from the laboratory\r\n" in octets
        assert await mail.octets_of(at, message.item) is octets
        assert not (await elsewhere(at, lambda mail: mail.listed())).messages[0].seen

    told(tmp_path, story)


def test_marking(tmp_path):
    """Read and important, here and on the server; and no longer."""

    async def story(at, message):
        await mail.unread(at, message)
        await server_mail.important(at, here(at))
        assert (here(at).item.seen, here(at).item.is_important) == (True, True)
        assert (await elsewhere(at, lambda mail: mail.listed())).messages[0].flags == {SEEN, FLAGGED}
        await mail.unread(at, here(at))
        await server_mail.important(at, here(at))
        assert (await elsewhere(at, lambda mail: mail.listed())).messages[0].flags == frozenset()

    told(tmp_path, story)


def test_what_was_read_before(tmp_path):
    """It waits for nobody when the lab starts again, and whoever reads it once more takes nothing from what waits."""

    async def read(at, message):
        await mail.unread(at, message)

    async def again(at):
        assert at.home.before[BOB] == MailBefore(1, 0, frozenset({1}))

    told(tmp_path, read)
    living(context(tmp_path), again)


def test_moving(tmp_path):
    """Into the archive, the trash, back, into a folder that is chosen; out of the trash for good."""

    async def story(at, message):
        known = at.home.on_server(BOB)
        await server_mail.archive(at, message)
        assert there(at) == {"Archive": 1}
        await look(at, archive := known.folder_for(ARCHIVE))
        await mail.delete(at, here(at, archive))
        assert there(at) == {"Trash": 1}
        assert ui_of(at).said[-1] == at.texts("say.in_trash")
        await look(at, trash := known.folder_for(TRASH))
        await mail.restore(at, here(at, trash))
        assert there(at) == {"INBOX": 1}
        await look(at)
        await server_mail.move(at, here(at))
        await look(at, ServerFolder("Junk", "\\Junk"))
        assert there(at) == {"Junk": 1}
        await mail.delete(at, here(at, ServerFolder("Junk", "\\Junk")))
        await look(at, trash)
        await mail.delete(at, here(at, trash))  # the answer is no
        assert there(at) == {"Trash": 1}
        await mail.delete(at, here(at, trash))
        assert ui_of(at).asked[-2:] == [at.texts("ask.erase")] * 2
        assert there(at) == {}
        assert not (await elsewhere(at, lambda mail: mail.listed("Trash"))).messages
        assert ui_of(at).complained == []

    told(tmp_path, story, "Junk", False, True)


def test_another_program(tmp_path):
    """What it does is seen at the next look, and said; what it has removed cannot be done anything with."""

    async def story(at, message):
        uid = message.item.remote.uid
        await elsewhere(at, lambda mail: mail.flag("INBOX", [uid], [FLAGGED]))
        await look(at)
        assert here(at).item.is_important
        await elsewhere(at, lambda mail: mail.move("INBOX", [uid], "Trash"))
        with pytest.raises(server_mail.NotAnswered, match="no longer there"):
            await mail.octets_of(at, message.item)
        await look(at)
        assert there(at) == {"Trash": 1}
        assert at.texts("say.gone_there", count=1, folder="Inbox", who="bob") in ui_of(at).said

    told(tmp_path, story)


def test_a_server_that_is_stopped(tmp_path):
    """It is said, with what to do; everything is as it was, and what is sent is kept at home."""

    async def story(at, message):
        await machines.power(at, Machine("recipient.test"))
        why = at.texts("say.door_stopped", who="bob", site="recipient.test", service="IMAP")
        for work in (server_mail.archive(at, message), mail.delete(at, message), mail.unread(at, message), look(at)):
            ui_of(at).complained.clear()
            await work
            assert ui_of(at).complained == [why]
        assert here(at) == message
        with pytest.raises(server_mail.NotAnswered):
            await mail.octets_of(at, message.item)

    told(tmp_path, story)


def test_no_folder_for_it(tmp_path):
    """Where the server has no trash nothing is thrown away, and why is said."""

    async def story(at, message):
        known = at.home.on_server(BOB)
        known.folders = tuple(one for one in known.folders if one.special != TRASH)
        await mail.delete(at, message)
        assert ui_of(at).complained == [at.texts("say.no_folder", folder="Trash")]
        assert here(at) == message

    told(tmp_path, story)


def test_answering(tmp_path):
    """A message counts as answered when the answer has gone, whose copy lies in Sent on the server and not at home."""

    async def story(at, message):
        await mail.answer(at, message, "reply")
        assert not here(at).item.is_answered
        await send.send(at)
        assert here(at).item.is_answered
        assert there(at) == {"INBOX": 1, "Sent": 1}
        assert at.home.shelf.counts(BOB)[MailFolder.SENT] == (0, 0)
        assert ui_of(at).complained == []

    told(tmp_path, story)


def test_a_draft_on_the_server(tmp_path):
    """It is kept there with Bcc, opened from there, kept anew in the place of the old one, and gone when it is sent."""

    async def story(at, message):
        drafts = ServerFolder("Drafts", "\\Drafts")
        form = replace(at.drafting.form, sender=BOB, to=ALICE, bcc="carol@recipient.test", headers="X-Mood: fine")
        form = replace(form, text="A whole line.\n")  # as a message ends
        at.drafting.put(form)
        await server_mail.keep_draft(at)
        await look(at, drafts)
        at.drafting.put(DraftForm())
        await server_mail.edit(at, here(at, drafts))
        assert at.drafting.form == form
        at.drafting.typed(replace(form, subject="Another"))
        await server_mail.keep_draft(at)
        await look(at, drafts)
        assert here(at, drafts).item.subject == "Another"
        await send.send(at)
        assert there(at) == {"INBOX": 1, "Sent": 1}
        assert not (await elsewhere(at, lambda mail: mail.listed("Drafts"))).messages
        assert ui_of(at).complained == []

    told(tmp_path, story)


def test_a_draft_that_is_not_kept(tmp_path):
    """What is no message yet, or a server that is stopped: why is said, and it is kept here as before."""

    async def story(at, message):
        form = replace(at.drafting.form, sender=BOB, to="")
        at.drafting.put(form)
        await server_mail.keep_draft(at)
        at.drafting.put(replace(form, to=ALICE))
        await machines.power(at, Machine("recipient.test"))
        await server_mail.keep_draft(at)
        assert [words.partition(":")[0] for words in ui_of(at).complained] == ["The draft is kept here only"] * 2
        assert at.drafting.kept is None

    told(tmp_path, story)


def test_another_message_while_a_draft_is_kept(tmp_path, monkeypatch):
    """What is begun before the server has said that it keeps a draft is no part of that: to send it erases nothing."""
    ask = server_mail.ask

    async def slowly(at, account, errand):
        found = await ask(at, account, errand)
        draft.offer_anew(at)
        return found

    async def story(at, message):
        at.drafting.put(replace(at.drafting.form, sender=BOB, to=ALICE))
        with monkeypatch.context() as patch:
            patch.setattr(server_mail, "ask", slowly)
            await server_mail.keep_draft(at)
        assert at.drafting.kept is None
        at.drafting.put(replace(at.drafting.form, sender=BOB, to=ALICE))
        await send.send(at)
        assert len((await elsewhere(at, lambda mail: mail.listed("Drafts"))).messages) == 1

    told(tmp_path, story)


def test_a_draft_that_is_kept_twice_in_a_row(tmp_path):
    """The second time takes the place of the first, also where the server is slower than the keys."""

    async def story(at, message):
        at.drafting.put(replace(at.drafting.form, sender=BOB, to=ALICE))
        await asyncio.gather(server_mail.keep_draft(at), server_mail.keep_draft(at))
        assert len((await elsewhere(at, lambda mail: mail.listed("Drafts"))).messages) == 1

    told(tmp_path, story)


def test_a_slow_server_while_an_answer_goes(tmp_path, monkeypatch):
    """An answer that has gone cannot be sent again while the server of its writer takes its time with the copy."""
    ask, again = server_mail.ask, []

    async def slowly(at, account, errand):
        if not again:
            again.append(at.drafting.form)
        return await ask(at, account, errand)

    async def story(at, message):
        await mail.answer(at, message, "reply")
        form = at.drafting.form
        monkeypatch.setattr(server_mail, "ask", slowly)
        await send.send(at)
        assert again[0] != form
        assert at.texts("say.sent") in ui_of(at).said

    told(tmp_path, story)


def test_whoever_went_elsewhere_meanwhile(tmp_path):
    """When a slow server has moved a message nobody is taken away from where they write by then."""

    async def story(at, message):
        ui_of(at).place = "lab", "compose"
        await server_mail.archive(at, message)
        assert there(at) == {"Archive": 1}
        assert ("mail", "messages", None) not in ui_of(at).gone

    told(tmp_path, story)


@pytest.mark.parametrize("what", ["answer", "edit"])
def test_whoever_writes_elsewhere_meanwhile(tmp_path, monkeypatch, what):
    """When a slow server gives a message at last, nobody who writes another one by then is asked about that."""
    ask = server_mail.ask

    async def slowly(at, account, errand):
        found = await ask(at, account, errand)
        ui_of(at).place = "lab", "compose"
        return found

    async def story(at, message):
        drafts = ServerFolder("Drafts", "\\Drafts")
        at.drafting.put(form := replace(at.drafting.form, sender=BOB, to=ALICE, text="half written"))
        await server_mail.keep_draft(at)
        await look(at, drafts)
        monkeypatch.setattr(server_mail, "ask", slowly)
        ui_of(at).place, gone = ("mail", "messages"), len(ui_of(at).gone)
        if what == "answer":
            await mail.answer(at, message, "reply")
        else:
            await server_mail.edit(at, here(at, drafts))
        assert (at.drafting.form, ui_of(at).asked, len(ui_of(at).gone)) == (form, [], gone)

    told(tmp_path, story)


def test_a_draft_with_more_than_a_form_can_say(tmp_path):
    """HTML that another program has written is not lost: the draft stays, whatever comes of its text."""
    octets = f"From: {BOB}\r\nTo: {ALICE}\r\nContent-Type: text/html\r\n\r\n<p>some <b>words</b></p>\r\n".encode()

    async def story(at, message):
        drafts = ServerFolder("Drafts", "\\Drafts")
        await elsewhere(at, lambda mail: mail.put("Drafts", octets))
        await look(at, drafts)
        await server_mail.edit(at, here(at, drafts))
        assert ui_of(at).complained == [at.texts("draft.has_html")]
        await server_mail.keep_draft(at)
        assert len((await elsewhere(at, lambda mail: mail.listed("Drafts"))).messages) == 2

    told(tmp_path, story)
