"""An opened message on a command line."""

import hashlib

from maillab.cli.language import speaking
from maillab.cli.opened import as_lines, as_object
from maillab.client.read import read

MESSAGE = (
    b"Received: from a.test by b.test with ESMTP id 1; Thu, 1 Jan 2026 00:00:00.5 +0000\r\n"
    b"From: =?utf-8?q?Ch=C3=A0o?= <a@x.test>\r\nTo: b@x.test, everybody\r\nReply-To: r@x.test\r\nSubject: hi \x1b[2J\r\n"
    b"Date: Thu, 1 Jan 2026 07:00:00 +0700\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b'--b\r\nContent-Type: text/html\r\n\r\n<p>see <a href="https://x.test/a">this</a>\xe2\x80\xae</p>\r\n'
    b"--b\r\nContent-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--\r\n"
)


def test_object() -> None:
    """Programs get everything decoded: people, moments in UTC, links, files with their digest, what was wrong."""
    found = as_object(read(MESSAGE))

    assert found["from"] == [{"name": "Chào", "address": "a@x.test"}]
    assert (found["to"], found["cc"]) == ([{"name": "", "address": "b@x.test"}], [])
    assert found["reply_to"] == [{"name": "", "address": "r@x.test"}]
    assert (found["date"], found["html"], found["links"]) == ("2026-01-01T00:00:00Z", True, ["https://x.test/a"])
    assert found["text"] == "see this\u202e\n"
    assert found["attachments"] == [
        {"name": "a.bin", "type": "text/plain", "size": 2, "sha256": hashlib.sha256(b"hi").hexdigest()}
    ]
    assert found["received"] == [
        {"by": "b.test", "from": "a.test", "with": "ESMTP", "at": "2026-01-01T00:00:00.500000Z"}
    ]
    assert found["notes"] == ["not a valid mail address: everybody"]


def test_nothing() -> None:
    """A message without anything is an object all the same."""
    found = as_object(read(b""))

    assert (found["subject"], found["from"], found["date"], found["text"], found["html"]) == ("", [], None, "", False)
    assert as_object(read(b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\n"))["date"] is None


def test_lines() -> None:
    """A person gets lines, of which none acts; links and files follow the text."""
    lines = as_lines(read(MESSAGE))

    assert lines[:2] == ["From: Chào <a@x.test>", "To: b@x.test, everybody"]
    assert lines[-3:] == ["", "[1] https://x.test/a  (host: x.test)", "[a.bin, text/plain, 2 bytes]"]
    assert "see this[1]⟨202E⟩" in lines
    assert not any("\x1b" in line or "\n" in line for line in lines)
    with speaking("vi"):
        assert "[ghi chú: được ghi nhưng không phải địa chỉ gửi thư được: everybody]" in as_lines(read(MESSAGE))
