"""Every advisory that was published for Mailpit, up to its version 1.30.5, as an attack on this lab's door.

What speaks to the outside in Mailpit (checks of links and HTML, proxy of screenshots, webhooks, release) is not here at
all; what is here is attacked as it was there.
"""

import asyncio
import base64
import contextlib
import json
import socket
import struct
import zlib

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from maillab.web.guard import LARGEST
from maillab.web.mailpit.routes import ROWS
from maillab.web.ours.routes import ROWS as OURS
from tests.lab.test_desk import mail_of
from tests.support import run, settled
from tests.web.asking import asking

BOB = "bob@recipient.test"
LETTER = {"From": {"Email": "alice@sender.test"}, "To": [{"Email": BOB}], "Subject": "x", "Text": "x"}


def links_to(port):
    """A message that leads to a port of this computer, by every way that Mailpit followed, and by the detours."""
    places = [
        "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[::127.0.0.1]", "2130706433", "0x7f000001", "0.0.0.0", "100.64.0.1", "169.254.169.254",
    ]  # fmt: skip
    urls = [f"http://{place}:{port}/{number}" for number, place in enumerate(places)]
    tags = [
        '<link rel=stylesheet href="{}">',
        '<img src="{}">',
        '<a href="{}">x</a>',
        "<style>@import url({});</style>",
    ]
    html = "".join(tag.format(url) for url in urls for tag in tags)
    text = "\r\n".join(urls)
    return (
        "From: eve@elsewhere.example\r\nTo: bob@recipient.test\r\nSubject: links\r\nMIME-Version: 1.0\r\n"
        "List-Unsubscribe: <" + urls[0] + ">\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    ).encode()


def test_nothing_is_fetched(tmp_path):
    """GHSA-8v65-47jx-7mfr, GHSA-6jxm-fv7w-rw5j, GHSA-mpf7-p9x7-96r3, GHSA-j3fj-qppj-fmmc, GHSA-w4mc-hhc6-xp28,
    GHSA-w4vj-r5pg-3722 (requests that the server makes for whoever sends a message): no route asks any address.
    """

    async def play():
        with socket.create_server(("127.0.0.1", 0)) as elsewhere:
            port = elsewhere.getsockname()[1]
            elsewhere.setblocking(False)
            async with asking(tmp_path) as ask:
                await ask.bring(links_to(port))
                url = f"http://127.0.0.1:{port}/x"
                for path in ("link-check", "link-check?follow=true", "html-check", "sa-check"):
                    assert (await ask.get(f"/api/v1/message/latest/{path}")).status == 404
                for path in (f"/proxy?url={url}", f"/screenshot?url={url}", "/api/v1/webhook", "/api/v1/screenshot"):
                    assert (await ask.get(path)).status == 404
                release = {"To": [BOB], "SMTP": url}
                assert (await ask("POST", "/api/v1/message/latest/release", release)).status == 404
                for row in (*ROWS, *OURS):
                    if row.method == "GET":
                        await ask.get(row.path.format(id="latest", part="2", name="live", number=1))
            with pytest.raises(BlockingIOError):  # nobody has come
                elsewhere.accept()

    run(play())


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://localhost:1", "http://127.0.0.1", "https://x"])
def test_websockets_of_strangers(tmp_path, origin):
    """GHSA-524m-q5m7-79mm (a page of a stranger reads what comes); 1.29.3 (an origin is host and port)."""

    async def play():
        async with asking(tmp_path) as ask:
            with pytest.raises(InvalidStatus, match="403"):
                await connect(f"ws://127.0.0.1:{ask.port}/api/events", additional_headers={"Origin": origin})

    run(play())


SPLIT = [
    "\r\nX-Injected: 1",
    "\rX-Injected: 1",
    "\nX-Injected: 1",
    "\x00",
    "\r\n\r\nX-Injected: 1",
    "\u2028X-Injected: 1",
]


async def codes_of(lab, sender, to, subject):
    """Say a whole message over SMTP, whatever is answered; gives the codes of all replies."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lab.endpoint("sender.test", "smtp").port)
    lines = ["EHLO x", f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA", f"Subject: {subject}", "", "x", ".", "QUIT"]
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    replies = b""
    with contextlib.suppress(ConnectionError):
        while octets := await asyncio.wait_for(reader.read(65_536), 20):
            replies += octets
    writer.close()
    return [line[:3].decode() for line in replies.split(b"\r\n") if line]


@pytest.mark.parametrize("split", SPLIT)
def test_header_injection(tmp_path, split):
    """GHSA-54wq-72mp-cq7c (line ends in an address become fields): over HTTP and over SMTP, no field is injected."""
    changes = [
        {"From": {"Email": f"alice@sender.test{split}"}},
        {"From": {"Email": f'"a{split}"@sender.test'}},
        {"From": {"Email": "alice@sender.test", "Name": f"Alice{split}"}},
        {"To": [{"Email": f"bob@recipient.test{split}"}]},
        {"To": [{"Email": BOB, "Name": f"Bob{split}"}]},
        {"Subject": f"x{split}"},
        {"Headers": {"X-A": f"1{split}"}},
        {"Headers": {f"X-A{split}": "1"}},
        {"Tags": [f"a{split}"]},
        {"Attachments": [{"Content": "eA==", "Filename": f"a{split}.txt", "ContentType": f"text/plain{split}"}]},
    ]

    async def play():
        async with asking(tmp_path) as ask:
            assert "354" in await codes_of(ask.lab, "a@sender.test", BOB, "innocent")
            for change in changes:
                answer = await ask("POST", "/api/v1/send", LETTER | change)
                assert answer.status in (200, 400), answer.text
            for sender, to in (
                (f"a{split}@sender.test", BOB),
                (f'"a{split}"@sender.test', BOB),
                ("a@sender.test", f"bob{split}@recipient.test"),
                ("a@sender.test", f'"bob{split}"@recipient.test'),
            ):
                codes = await codes_of(ask.lab, sender, to, "smuggled")
                assert "354" not in codes, (sender, to)
                assert any(code.startswith("5") for code in codes), (sender, to)
            await settled(lambda: ask.lab.at_rest)
            came = await mail_of(ask.lab, BOB)
            assert sum(b"Subject: innocent\r\n" in octets for octets in came) == 1
            assert sum(b"Subject: x" in octets for octets in came) >= 1
            assert not any(b"smuggled" in octets for octets in came)
            for octets in came:
                head = octets.partition(b"\r\n\r\n")[0]
                assert b"\nX-Injected" not in head.replace(b"\r", b"\n")
                assert b"\x00" not in head

    run(play())


def test_names_are_no_paths(tmp_path):
    """GHSA-qx5x-85p8-vg4j (the id of a message becomes the name of a file): ids are ours, and no name leads anywhere."""
    content = (
        b"Message-ID: <../../../../tmp/evil@x>\r\nFrom: a@sender.test\r\nMIME-Version: 1.0\r\nSubject: ../../x\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; name=../../x\r\n"
        b'Content-Disposition: attachment; filename="../../../etc/passwd"\r\n\r\nx\r\n--b--\r\n'
    )

    async def play():
        async with asking(tmp_path / "lab") as ask:
            await ask.bring(content)
            [message] = await ask.listed()
            assert message["ID"].isalnum()
            saved = await ask.get("/api/v1/message/latest/raw?dl=1")
            assert saved.headers["Content-Disposition"] == f'attachment; filename="{message["ID"]}.eml"'
            part = await ask.get("/api/v1/message/latest/part/1")
            assert not {"/", "\\"} & {*part.headers["Content-Disposition"].partition("''")[2]}
            for name in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cx"):
                for path in (f"/api/v1/message/{name}/raw", f"/view/{name}.txt", f"/maillab/v1/sessions/{name}"):
                    answer = await ask.get(path)
                    assert (answer.status, b"root:" in answer.body) == (404, False), path
        assert [path.name for path in tmp_path.iterdir()] == ["lab"]

    run(play())


@pytest.mark.parametrize(
    "row", [row for row in (*ROWS, *OURS) if row.method != "GET"], ids=lambda r: f"{r.method} {r.path}"
)
def test_bodies_are_bounded(tmp_path, row):
    """GHSA-fpxj-m5q8-fphw, GHSA-28pq-6qxg-wg5r (bodies without a bound): every route that takes one has a bound."""

    async def play():
        async with asking(tmp_path) as ask:
            path = row.path.format(id="x", tag="a", site="s", service="smtp", deed="stop", job="j", number=1, name="n")
            answer = await ask(row.method, path, b"", Content_Length=str(LARGEST + 1))
            assert answer.status == 413
            many = b'{"IDs":[' + b'"",' * 400_000 + b'""]}'
            if row.body is not None:
                answer = await ask(row.method, path, many)
                assert answer.status == 400

    run(play())


def test_lines_are_bounded(tmp_path):
    """GHSA-w878-pj84-3j5v (endless command lines in SMTP and POP3): none is held, whichever port it comes to."""

    async def play():
        async with asking(tmp_path) as ask:
            for door in ask.lab.endpoints:
                if door.tls == "implicit" or door.service in ("dns", "http"):
                    continue
                reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
                await reader.readline()
                sent = 0
                with contextlib.suppress(ConnectionError):
                    while sent < 64 << 20 and not reader.at_eof():
                        writer.write(b"A" * (1 << 16))
                        await writer.drain()
                        sent += 1 << 16
                        if reader._buffer:  # it has been answered
                            break
                with contextlib.suppress(ConnectionError):
                    said = await reader.read(100)
                    assert said.startswith((b"5", b"-ERR", b"*", b"4")) or not said
                assert sent < 8 << 20, door.service
                writer.close()

    run(play())


def test_one_line_beyond_the_largest_message(tmp_path):
    """GHSA-r553-m4fv-5v97 (a line of DATA without an end is held whole): it is refused, and nothing is stored."""

    async def play():
        async with asking(tmp_path) as ask:
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.lab.endpoint("sender.test", "smtp").port)
            for line in (b"EHLO x", b"MAIL FROM:<a@sender.test>", b"RCPT TO:<bob@recipient.test>", b"DATA"):
                writer.write(line + b"\r\n")
            while b"354" not in await reader.readline():
                pass
            with contextlib.suppress(ConnectionError):
                for _ in range(ask.lab.config.limits.message // (1 << 20) + 2):
                    writer.write(b"x" * (1 << 20))
                    await writer.drain()
                writer.write(b"\r\n.\r\nQUIT\r\n")
                said = await reader.read()
                assert b"\r\n250 " not in said
                assert said.startswith(b"5")
            writer.close()
            assert not await ask.listed()

    run(play())


def test_a_picture_of_a_million_pixels_a_side(tmp_path):
    """GHSA-75mr-qw9x-3r39 (a thumbnail is made of what a header announces): no picture is ever decoded here."""
    head = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    png = b"\x89PNG\r\n\x1a\n" + chunk

    async def play():
        async with asking(tmp_path) as ask:
            letter = {
                **LETTER,
                "Attachments": [
                    {"Content": base64.b64encode(png).decode(), "Filename": "a.png", "ContentType": "image/png"}
                ],
            }
            assert (await ask("POST", "/api/v1/send", letter)).status == 200
            [file] = (await ask.get("/api/v1/message/latest")).json["Attachments"]
            answer = await ask.get(f"/api/v1/message/latest/part/{file['PartID']}/thumb")
            assert answer.body == png

    run(play())


def test_html_of_strangers(tmp_path):
    """1.1.4, 1.19.3, 1.29.3 (stored scripts, a policy that was bypassed, a Content-ID as a pattern): nothing runs."""
    page = (
        b"From: eve@elsewhere.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><img src=cid:a><img src=cid:logo onerror=alert(2)>"
        b'<meta http-equiv="Content-Security-Policy" content="script-src *"><base href="http://evil.test/">\r\n'
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <.*>\r\n\r\nPNG\r\n--b\r\nContent-Type: text/html\r\n"
        b"Content-Disposition: attachment; filename=x.html\r\n\r\n<script>alert(3)</script>\r\n--b--\r\n"
    )

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(page)
            message = (await ask.get("/api/v1/message/latest")).json
            files = [
                f"/api/v1/message/latest/part/{f['PartID']}" for f in (*message["Inline"], *message["Attachments"])
            ]
            for path in ("/view/latest.html", "/api/v1/message/latest/raw", *files):
                answer = await ask.get(path)
                policy = answer.headers["Content-Security-Policy"]
                assert answer.status == 200
                assert policy.startswith("sandbox; default-src 'none'"), path
                assert len(answer.headers.get_all("Content-Security-Policy")) == 1
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                if path in files:
                    assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "data:image" not in (await ask.get("/view/latest.html")).text, "a name is no pattern"
            told = await ask.get("/api/v1/message/latest")
            assert told.headers["Content-Type"] == "application/json"
            assert "'none'" in told.headers["Content-Security-Policy"]
            assert json.loads(told.body)["HTML"]

    run(play())
