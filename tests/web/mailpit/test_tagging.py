"""Tags over HTTP are keywords in IMAP."""

from maillab.lab.person import read_mail
from tests.support import run
from tests.web.asking import asking


def test_tags(tmp_path):
    """Set, shown, renamed, removed; a mail program sees them as keywords, and what it sets is a tag."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            [message] = await ask.listed()
            await ask("PUT", "/api/v1/tags", {"IDs": [message["ID"]], "Tags": ["to do", "red"]})
            assert (await ask.get("/api/v1/tags")).json == ["red", "to do"]
            async with read_mail(ask.lab, "bob@recipient.test") as mail:
                [seen] = (await mail.listed()).messages
                assert seen.flags == {"red", "to&ACA-do"}
                await mail.flag("INBOX", [seen.uid], ["blue"])
            await ask("PUT", "/api/v1/tags/to%20do", {"Name": "done"})
            assert [each["Tags"] for each in await ask.listed("tag:done")] == [["blue", "done", "red"]]
            await ask("DELETE", "/api/v1/tags/red")
            await ask("PUT", "/api/v1/tags", {"IDs": [message["ID"]], "Tags": ["done"]})
            assert (await ask.get("/api/v1/tags")).json == ["done"]

    run(play())


def test_what_is_no_tag(tmp_path):
    """A name that none can have, and a tag that nobody has, are refused."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            [message] = await ask.listed()
            for method, path, body in [
                ("PUT", "/api/v1/tags", {"IDs": [message["ID"]], "Tags": ["$x"]}),
                ("PUT", "/api/v1/tags/unknown", {"Name": "x"}),
                ("PUT", "/api/v1/tags/unknown", {}),
                ("DELETE", "/api/v1/tags/unknown", None),
            ]:
                assert (await ask(method, path, body)).status == 400

    run(play())
