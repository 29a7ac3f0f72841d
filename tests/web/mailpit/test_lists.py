"""Lists of messages: pages, searches, read states, removal."""

import pytest

from maillab.web.caught import CaughtMail, NoSuchMessage
from tests.support import run
from tests.web.asking import HELLO, asking

BOMBS = (b'{"IDs": [' + b"[]," * 1_000_000 + b"[]]}", b'{"IDs": [' + b'"a",' * 1_000_000 + b'"a"]}')
OTHER = b"From: Eve <eve@sender.test>\r\nTo: nobody@shop.example\r\nSubject: Offer\r\n\r\nBuy\r\n"


def test_a_page(tmp_path):
    """The newest first; numbers count all that there are, and all that were meant."""

    async def play():
        async with asking(tmp_path) as ask:
            for _ in range(3):
                await ask.bring()
            await ask.bring(OTHER, "nobody@shop.example")
            page = (await ask.get("/api/v1/search?query=to:bob&start=1&limit=1")).json
            [message] = page.pop("messages")
            assert page == {
                "total": 4, "unread": 4, "count": 1, "messages_count": 3, "messages_unread": 3, "start": 1, "tags": [],
            }  # fmt: skip
            assert (message["From"], message["Subject"]) == ({"Name": "Alice", "Address": "alice@sender.test"}, "Hello")
            assert (await ask.listed())[0]["Subject"] == "Offer"
            odd = (await ask.get("/api/v1/messages?start=x&limit=-1")).json
            assert (odd["start"], odd["count"]) == (0, 4)

    run(play())


def test_recipients_that_no_field_names(tmp_path):
    """One message to three people is one; who is in no field is in Bcc."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(HELLO, "bob@recipient.test", "carol@recipient.test", "nobody@shop.example")
            [message] = await ask.listed()
            assert [to["Address"] for to in message["To"]] == ["bob@recipient.test"]
            assert {to["Address"] for to in message["Bcc"]} == {"carol@recipient.test", "nobody@shop.example"}
            assert len(await ask.listed("addressed:carol")) == 1

    run(play())


def test_read_and_unread(tmp_path):
    """By id, by a query, or all; a name may be written in any case."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            await ask.bring(OTHER, "nobody@shop.example")
            offer, hello = await ask.listed()

            async def read():
                return {each["Subject"] for each in await ask.listed("is:read")}

            assert (
                await ask("PUT", "/api/v1/messages", {"IDs": [hello["ID"]], "Read": True}, Accept="*/*")
            ).text == "ok"
            assert await read() == {"Hello"}
            await ask("PUT", "/api/v1/messages", {"search": "subject:offer", "read": True})
            assert await read() == {"Hello", "Offer"}
            await ask("PUT", "/api/v1/messages", {})
            assert await read() == set()
            await ask("PUT", "/api/v1/messages", {"IDs": [offer["ID"], "unknown"], "Read": True})
            assert await read() == {"Offer"}

    run(play())


def test_one_that_goes_meanwhile(tmp_path, monkeypatch):
    """A page, MailHog's too, and a search tell the others; who sends just then hears of what was sent."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            await ask.bring(OTHER, "nobody@shop.example")
            content_of = CaughtMail.content_of

            def gone(self, copy):
                if copy.account.startswith("bob@"):
                    raise NoSuchMessage(copy.account)
                return content_of(self, copy)

            monkeypatch.setattr(CaughtMail, "content_of", gone)
            assert [each["Subject"] for each in await ask.listed()] == ["Offer"]
            assert [each["Subject"] for each in await ask.listed("is:unread")] == ["Offer"]
            assert (await ask.get("/api/v2/messages")).json["count"] == 1
            letter = {"From": {"Email": "alice@sender.test"}, "To": [{"Email": "carol@recipient.test"}], "Text": "x"}
            assert (await ask("POST", "/api/v1/send", letter)).status == 200

    run(play())


def test_removal(tmp_path):
    """By id and by query; what others are waiting for stays."""

    async def play():
        async with asking(tmp_path) as ask:
            for _ in range(2):
                await ask.bring()
            await ask.bring(OTHER, "nobody@shop.example")
            _, newer, older = await ask.listed()
            await ask("DELETE", "/api/v1/messages", {"IDs": [newer["ID"]]})
            assert [each["ID"] for each in await ask.listed("subject:hello")] == [older["ID"]]
            for _ in range(2):  # the second time there is nothing left to remove
                assert (await ask("DELETE", "/api/v1/search?query=subject:hello")).status == 200
            assert [each["Subject"] for each in await ask.listed()] == ["Offer"]

    run(play())


@pytest.mark.parametrize(
    "path", ["search", "search?query=", "search?query=to:", "search?query=before:whenever", "messages/"]
)
def test_removal_of_nothing_in_particular(tmp_path, path):
    """A script whose variable is empty does not remove what everybody else waits for."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            assert (await ask("DELETE", f"/api/v1/{path}")).status in (400, 404)
            assert len(await ask.listed()) == 1

    run(play())


def test_questions_that_are_none(tmp_path):
    """They are answered with 400 and what is wrong, and change nothing."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for body in (b"{", b"[1]", b'{"IDs": "x"}', b'{"IDs": [1]}', b"[" * 100_000, *BOMBS):
                answer = await ask("DELETE", "/api/v1/messages", body)
                assert (answer.status, bool(answer.text)) == (400, True)
            assert len(await ask.listed()) == 1

    run(play())
