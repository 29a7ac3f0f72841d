"""One message, opened: its fields, its files, its page."""

import base64
import re
from urllib.parse import quote, unquote

import pytest

from maillab.client.read import read
from maillab.web.mailpit.opened import with_pictures
from tests.support import run
from tests.web.asking import asking

PNG = bytes.fromhex("89504e470d0a1a0a")
PAGE = (
    b"From: Alice <alice@sender.test>\r\nTo: bob@recipient.test\r\nDate: Mon, 21 Sep 2026 13:33:20 +0000\r\n"
    b"Subject: Page\r\nList-Unsubscribe: <mailto:off@x.test>, <https://x.test/off>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
    b"Content-Type: text/html\r\n\r\n<script>alert(1)</script><p>Hi <img src=\"cid:logo\"> <img src=cid:other>\r\n--r\r\n"
    b"Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(PNG) + b"\r\n--r--\r\n--m\r\nContent-Type: text/html; name=\"../../evil\xc3\xa9.html\"\r\n"
    b"Content-Disposition: attachment\r\n\r\n<script>alert(2)</script>\r\n--m--\r\n"
)  # fmt: skip


def test_a_message(tmp_path):
    """Everything that it says; it is read from then on, whether it is named by its id or as the latest."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(PAGE)
            message = (await ask.get("/api/v1/message/latest")).json
            assert (message["Subject"], message["Date"]) == ("Page", "2026-09-21T13:33:20.000Z")
            assert (message["ReturnPath"], message["Text"].strip()[:2]) == ("alice@sender.test", "Hi")
            assert message["ListUnsubscribe"]["Links"] == ["mailto:off@x.test", "https://x.test/off"]
            [picture], [page] = message["Inline"], message["Attachments"]
            assert (picture["ContentID"], picture["Size"]) == ("logo", len(PNG))
            assert (page["ContentType"], "/" in page["FileName"]) == ("text/html", False)
            [listed] = await ask.listed()
            assert (listed["Read"], listed["ID"]) == (True, message["ID"])
            headers = (await ask.get(f"/api/v1/message/{message['ID']}/headers")).json
            assert (headers["Subject"], headers["Mime-Version"]) == (["Page"], ["1.0"])
            assert (await ask.get("/api/v1/message/latest/raw")).body.endswith(PAGE)

    run(play())


def test_a_file_is_never_run(tmp_path):
    """It is to be saved, by a safe name, and a browser that opens it runs nothing."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(PAGE)
            answer = await ask.get("/api/v1/message/latest/part/2")
            assert answer.body == b"<script>alert(2)</script>"
            place = answer.headers["Content-Disposition"]
            assert (place.startswith("attachment; filename*=UTF-8''"), "/" in place.partition("''")[2]) == (True, False)
            assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert (await ask.get("/api/v1/message/latest/part/1/thumb")).body == PNG
            empty = await ask.get("/api/v1/message/latest/part/2/thumb")
            assert (empty.headers["Content-Type"], b"script" in empty.body) == ("image/svg+xml", False)

    run(play())


@pytest.mark.parametrize(
    "name",
    [
        "x\r\nSet-Cookie: a=b",
        'a".txt"; filename="b.exe',
        "hóa đơn.pdf",
        "../../etc/passwd",
        "a\u202egpj.exe",
        "\x00",
        ";",
    ],
)
def test_the_name_of_a_file_to_be_saved(tmp_path, name):
    """Whatever it is, the answer has one field for it, percent-encoded, and no other (T292; RFC 6266, RFC 8187)."""
    content = (
        b"From: a@sender.test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; name*=utf-8''"
        + quote(name).encode()
        + b"\r\nContent-Disposition: attachment; filename*=utf-8''"
        + quote(name).encode()
        + b"\r\n\r\nx\r\n"
    )

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(content)
            [file] = (await ask.get("/api/v1/message/latest")).json["Attachments"]
            answer = await ask.get(f"/api/v1/message/latest/part/{file['PartID']}")
            assert re.fullmatch(
                r"attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+", answer.headers["Content-Disposition"]
            )
            assert "Set-Cookie" not in answer.headers
            assert not {*"/\\\r\n\x00"} & {*unquote(answer.headers["Content-Disposition"].partition("''")[2])}

    run(play())


def test_its_page(tmp_path):
    """The HTML as it is, in a sandbox, with its own pictures in it; and its text."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(PAGE)
            answer = await ask.get("/view/latest.html")
            picture = base64.b64encode(PNG).decode()
            assert f'<img src="data:image/png;base64,{picture}"> <img src=cid:other>' in answer.text
            policy = answer.headers["Content-Security-Policy"]
            assert ("allow-scripts" in policy, "img-src data:" in policy, "http" in policy) == (False, True, False)
            assert (await ask.get("/view/latest.txt")).text.strip().startswith("Hi")

    run(play())


def test_pictures_of_other_servers(tmp_path):
    """They are loaded when a person has asked our page for them; a link of somebody else's asks in vain."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(PAGE)
            for site, allowed in (("same-origin", True), ("cross-site", False), ("none", False)):
                asked = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": "navigate"}
                policy = (await ask.get("/view/latest.html?elsewhere=1", **asked)).headers["Content-Security-Policy"]
                assert ("img-src data: http: https:;" in policy) == allowed
                assert policy.count("http") == 2 * allowed
            assert "http" not in (await ask.get("/view/latest.html?elsewhere=1")).headers["Content-Security-Policy"]

    run(play())


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/message/unknown", "/api/v1/message/..%2f..%2fetc", "/api/v1/message/latest/part/9",
        "/api/v1/message/latest/part/0", "/api/v1/message/latest/part/x", "/api/v1/message/latest/part/9/thumb",
        "/view/unknown.html", "/view/latest.html", "/api/v1/message/latest/html-check", "/no/where", "/view/",
    ],
)  # fmt: skip
def test_what_is_not_there(tmp_path, path):
    """It is answered with 404, in words."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            answer = await ask.get(path)
            assert (answer.status, bool(answer.text)) == (404, True)

    run(play())


def test_pictures_have_a_bound(monkeypatch):
    """What would make a page endless is left out of it."""
    monkeypatch.setattr("maillab.web.mailpit.opened.PICTURES", len(PNG) - 1)

    assert "data:" not in with_pictures(read(PAGE))


@pytest.mark.parametrize(
    "tag", ["link rel=preconnect", "LINK\nrel=preconnect", "link/rel=dns-prefetch", "iframe", "Frame"]
)
def test_no_browser_is_led_to_the_sender(tag):
    """Chromium opens a connection for a frame, though the policy allows nothing."""
    html = with_pictures(read(f'Content-Type: text/html\r\n\r\n<p><{tag} src="http://a.test">links</p>'.encode()))

    assert (f"<{tag}" in html, "links" in html) == (False, True)
