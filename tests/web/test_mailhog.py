"""MailHog's lists."""

from maillab.web import mailhog
from tests.support import run
from tests.web.asking import HELLO, asking

MIXED = (
    b"From: a@sender.test\r\nTo: bob@recipient.test\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCh=C3=A0o\r\n"
    b"--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--\r\n"
)


def test_a_list(tmp_path):
    """Envelope, header, body and parts as they travelled."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(MIXED)
            answer = (await ask.get("/api/v2/messages")).json
            [item] = answer.pop("items")
            assert answer == {"total": 1, "count": 1, "start": 0}
            assert item["From"] == {"Relays": None, "Mailbox": "alice", "Domain": "sender.test", "Params": ""}
            assert [to["Mailbox"] for to in item["To"]] == ["bob"]
            assert item["Content"]["Headers"]["Subject"] == ["parts"]
            text, table = item["MIME"]["Parts"]
            assert (text["Body"], text["Headers"]["Content-Transfer-Encoding"]) == ("Ch=C3=A0o", ["quoted-printable"])
            assert table["Headers"]["Content-Disposition"] == ['attachment; filename="a.csv"']
            assert "--b--" in item["Raw"]["Data"]

    run(play())


def test_a_search(tmp_path):
    """By sender, by recipient, by what is in it; another kind is refused."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(HELLO)
            await ask.bring(MIXED, "carol@recipient.test")
            for query, count in [
                ("kind=from&query=ALICE", 1), ("kind=to&query=carol@", 1), ("kind=to&query=bob@", 2),
                ("kind=containing&query=482910", 1), ("query=nothing", 0), ("kind=to&query=bob&start=1&limit=5", 1),
            ]:  # fmt: skip
                assert (await ask.get(f"/api/v2/search?{query}")).json["count"] == count, query
            assert (await ask.get("/api/v2/search?kind=odd&query=x")).status == 400

    run(play())


def test_removal(tmp_path):
    """One message, then all; the answers are empty for clients that read JSON."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            await ask.bring()
            [newest, _] = await ask.listed()
            answer = await ask("DELETE", f"/api/v1/messages/{newest['ID']}")
            assert (answer.status, answer.body) == (200, b"")
            assert (await ask("DELETE", f"/api/v1/messages/{newest['ID']}")).status == 404
            answer = await ask("DELETE", "/api/v1/messages")
            assert (answer.status, answer.body, await ask.listed()) == (200, b"", [])

    run(play())


def test_a_page_of_large_messages(tmp_path, monkeypatch):
    """It holds fewer than were asked for, and one at least: fifty of 25 MB are gigabytes of JSON."""
    monkeypatch.setattr(mailhog, "ROOM", 3 * len(HELLO))

    async def play():
        async with asking(tmp_path) as ask:
            for _ in range(5):
                await ask.bring()
            page = (await ask.get("/api/v2/messages")).json
            assert (page["total"], 1 <= page["count"] < 5, len(page["items"])) == (5, True, page["count"])
            rest = (await ask.get("/api/v2/messages?start=4")).json
            assert rest["count"] == 1

    run(play())
