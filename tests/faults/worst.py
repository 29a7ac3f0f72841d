"""The worst that can be said at each door: the longest, the deepest, the most; and what costs a careless reader most."""

import base64
import json
import random
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

WHO = b"bob@recipient.test"
Many = Callable[[int], int]  # of something: all of it, or a part


@dataclass(frozen=True)
class Attack:
    """What is said at a door, in one go: all of it waits for the server from the first moment on."""

    name: str
    service: str
    octets: bytes
    answered: bool = True  # else the server hangs up without a word

    def __str__(self) -> str:
        return f"{self.service}: {self.name}"


def pour(port: int, octets: bytes, *, hang_up: bool = True) -> int:
    """Say this, hang up at this side, and hear the answers to their end; gives how many octets they had."""
    heard = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:

        def say() -> None:
            try:
                client.sendall(octets)
                if hang_up:
                    client.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the server has heard enough

        speaker = threading.Thread(target=say)
        speaker.start()
        try:
            while block := client.recv(1 << 20):
                heard += len(block)
        except ConnectionError:
            pass
        speaker.join()
    return heard


def query(port: int, wires: list[bytes]) -> int:
    """Datagrams, one after the other, and what is answered within a moment; gives how many answers came."""
    answers = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.05)
        for wire in wires:
            client.sendto(wire, ("127.0.0.1", port))
        for _ in wires:
            try:
                client.recv(65_535)
            except TimeoutError:
                break
            answers += 1
    return answers


def request(method: str, path: str, body: bytes = b"", **fields: str) -> bytes:
    """One question over HTTP; the connection ends with its answer."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"Content-Length: {len(body)}"] if body else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


# ── messages ──


def message(content: bytes) -> bytes:
    """All that is said to hand it over."""
    stuffed = content.replace(b"\n.", b"\n..")
    begin = b"EHLO x\r\nMAIL FROM:<%s> BODY=8BITMIME\r\nRCPT TO:<%s>\r\nDATA\r\n" % (WHO, WHO)
    return begin + stuffed + b"\r\n.\r\nQUIT\r\n"


def nested(depth: int) -> bytes:
    """A part inside a part inside a part."""
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"MIME-Version: 1.0\r\n" + head + b"\r\nx\r\n"


def in_each_other(depth: int) -> bytes:
    """A message inside a message inside a message."""
    return b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\nx\r\n"


def many_parts(count: int) -> bytes:
    """Parts beside each other."""
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * count
        + b"--b--\r\n"
    )


def field(name: bytes, value: bytes) -> bytes:
    """A message of which one field says this."""
    return name + b": " + value + b"\r\nSubject: x\r\n\r\nx\r\n"


FOLD = b"\r\n "


def messages(many: Many) -> dict[str, bytes]:
    """Messages that are hard to read, by what is hard about them."""
    return {
        "nested 20,000 deep": nested(many(20_000)),
        "messages in each other, 20,000": in_each_other(many(20_000)),
        "100,000 parts": many_parts(many(100_000)),
        "20,000 fields": b"".join(b"X-%d: y\r\n" % n for n in range(many(20_000))) + b"\r\nx\r\n",
        "20,000 Received": b"Received: from a by b; Thu, 1 Jan 1970 00:00:00 +0000\r\n" * many(20_000) + b"\r\nx\r\n",
        "one field of 1 MB, folded": field(b"Subject", FOLD.join([b"x" * 70] * many(14_000))),
        "nested comments": field(b"To", FOLD.join([b"(" * 900] * 200)),
        "comments that never end": field(b"From", FOLD.join([b"(\\" * 400] * 200)),
        "quoted pairs": field(b"To", FOLD.join([b'"' + b"\\a" * 400] * 200)),
        "200,000 addresses": field(b"To", FOLD.join([b"a@b.test," * 90] * many(2_000))),
        "groups in groups": field(b"Cc", FOLD.join([b"a:" * 400] * 200)),
        "angle brackets": field(b"To", FOLD.join([b"<" * 900] * 200)),
        "encoded words": field(b"Subject", FOLD.join([b"=?utf-8?q?=c3=a9?=" * 40] * many(1_500))),
        "encoded words that are none": field(b"Subject", FOLD.join([b"=?" * 400] * many(1_000))),
        "parameters in pieces": field(b"Content-Type", FOLD.join([b"text/plain"] + [b"; a*%d*=utf-8''x" % n for n in range(many(20_000))])),
        "references": field(b"References", FOLD.join([b"<a@b.test> " * 50] * many(2_000))),
        "dates": field(b"Date", FOLD.join([b"Mon, 1 Jan 1970 " * 40] * 400)),
        "a boundary of blanks": field(b"Content-Type", b'multipart/mixed; boundary="' + b" " * 900 + b'"') + b"\r\n-- \r\n" * many(50_000),
        "dashes": b"Content-Type: multipart/mixed; boundary=-\r\n\r\n" + b"--\r\n---\r\n" * many(100_000),
        "lines of nothing, 5 MB": b"\r\n" * many(2_500_000),
        "lines of dots, 5 MB": b"Subject: x\r\n\r\n" + b".\r\n" * many(1_600_000),
        "one line of 5 MB": b"Subject: x\r\n\r\n" + b"x" * many(5_000_000),
        "quoted-printable of equal signs": b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * many(3_000_000),
        "base64 of nothing": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=\r\n" * many(1_000_000),
        "uuencoded": b"Subject: x\r\n\r\n" + b"begin 644 x\r\n" * many(200_000),
        "HTML in each other": b"Content-Type: text/html\r\n\r\n" + b"<div><b><i>" * many(100_000),
        "HTML of table cells": b"Content-Type: text/html\r\n\r\n" + b"<table><td>" * many(100_000),
        "HTML of attributes": b"Content-Type: text/html\r\n\r\n<a " + b"".join(b"x%d=y " % n for n in range(many(100_000))) + b">",
        "HTML of comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * many(300_000),
        "HTML of entities": b"Content-Type: text/html\r\n\r\n" + b"&amp" * many(300_000),
        "links": b"Subject: x\r\n\r\n" + b"http://a.test/" * many(100_000),
        "combining marks": b"Content-Type: text/plain; charset=utf-8\r\n\r\na" + "\u0300\u0323".encode() * many(300_000),
        "UTF-7": b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AGE-" * many(300_000),
    }  # fmt: skip


# ── what is said ──


def _smtp(many: Many) -> list[Attack]:
    hello = b"EHLO x\r\n"
    begun = hello + b"MAIL FROM:<%s>\r\n" % WHO
    sender = b"MAIL FROM:<%s>\r\n"
    chance = random.Random(1).randbytes
    return [
        *(Attack(name, "smtp", message(content)) for name, content in messages(many).items()),
        Attack("an endless line", "smtp", b"x" * many(8_000_000)),
        Attack("1,000 lines of 64 KB", "smtp", (b"x" * many(65_000) + b"\r\n") * 100),
        Attack("line ends", "smtp", b"\r\n" * many(1_000_000)),
        Attack("chance", "smtp", chance(many(4_000_000))),
        Attack("10,000 recipients", "smtp", begun + b"RCPT TO:<%s>\r\n" % WHO * many(10_000)),
        Attack("messages in one go", "smtp", message(b"Subject: x\r\n\r\nx")[:-6] * 1 + b"".join(
            message(b"x")[8:-6] for _ in range(many(300))) + b"QUIT\r\n"),
        Attack("chunks of one octet", "smtp", begun + b"RCPT TO:<%s>\r\n" % WHO + b"BDAT 1\r\nx" * many(20_000)),
        Attack("chunks of nothing", "smtp", begun + b"RCPT TO:<%s>\r\n" % WHO + b"BDAT 0\r\n" * many(20_000)),
        Attack("commands that are none", "smtp", b"X\r\n" * many(100_000)),
        Attack("hellos", "smtp", hello * many(20_000)),
        Attack("quoted pairs", "smtp", hello + sender % (b'"' + b"\\\\" * 200 + b'"@b.test')),
        Attack("a route", "smtp", hello + sender % (b"@a.test," * 50 + b":a@b.test")),
        Attack("labels", "smtp", hello + sender % (b"a@" + b"a." * 200 + b"test")),
        Attack("international labels", "smtp", hello + b"MAIL FROM:<a@%s> SMTPUTF8\r\n" % ("\u0390" * 120).encode()),
        Attack("combining marks", "smtp", hello + b"MAIL FROM:<%s@b.test> SMTPUTF8\r\n" % ("\u0300\u0323" * 120).encode()),
        Attack("parameters", "smtp", hello + b"MAIL FROM:<%s>" % WHO + b" A=B" * 240 + b"\r\n"),
        Attack("a login of 12 KB", "submission", hello + b"AUTH PLAIN " + b"A" * many(12_000) + b"\r\n"),
        Attack("a login of nothing", "submission", hello + b"AUTH LOGIN\r\n" + b"A" * many(1_000_000)),
    ]  # fmt: skip


def _pop3(many: Many) -> list[Attack]:
    inside = b"USER bob\r\nPASS bob\r\n"
    return [
        Attack("an endless line", "pop3", b"x" * many(8_000_000)),
        Attack("line ends", "pop3", b"\r\n" * many(1_000_000)),
        Attack("chance", "pop3", random.Random(2).randbytes(many(2_000_000))),
        Attack("lists", "pop3", inside + b"LIST\r\nUIDL\r\n" * many(2_000)),
        Attack("all messages, and their beginnings", "pop3", inside + b"".join(
            b"TOP %d 1000000\r\nRETR %d\r\n" % (n, n) for n in range(1, len(messages(many)) + 2))),
        Attack("all are removed and put back", "pop3", inside + b"DELE 1\r\nRSET\r\n" * many(5_000)),
    ]  # fmt: skip


def _imap(many: Many) -> list[Attack]:
    attacks = {
        "sets": b"FETCH " + b",".join(b"%d:*" % n for n in range(1, many(9_000))) + b" FLAGS",
        "huge ranges": b"UID FETCH " + b",".join([b"1:4294967295"] * many(4_500)) + b" FLAGS",
        "a set of single numbers": b"UID SEARCH UID " + b",".join(b"%d" % n for n in range(1, many(200_000), 19)),
        "searches in each other": b"SEARCH " + b"OR NOT " * many(8_000) + b"ALL ALL",
        "not not": b"SEARCH " + b"NOT " * many(15_000) + b"ALL",
        "brackets": b"SEARCH " + b"(" * many(30_000) + b"ALL" + b")" * many(30_000),
        "texts": b"SEARCH " + b"TEXT a " * many(9_000),
        "no texts": b"SEARCH " + b"OR TEXT zqx " * many(5_000) + b"ALL",
        "headers": b"SEARCH " + b'HEADER "To" zqx ' * many(4_000),
        "sort": b"SORT (" + b"REVERSE SUBJECT " * 200 + b"DATE) UTF-8 ALL",
        "threads": b"THREAD REFERENCES UTF-8 ALL",
        "subjects": b"THREAD ORDEREDSUBJECT UTF-8 ALL",
        "stars": b'LIST "" "' + b"*a" * 450 + b'"',
        "percents": b'LIST "" "' + b"%a" * 450 + b'"',
        "patterns": b'LIST "" (' + b"*% " * many(15_000) + b"*)",
        "sections": b"FETCH 1:* (" + b" ".join(b"BODY.PEEK[%d.MIME]" % n for n in range(1, 101)) + b")",
        "a deep section": b"FETCH 1:* BODY.PEEK[" + b"1." * 400 + b"1]",
        "fields": b"FETCH 1:* BODY.PEEK[HEADER.FIELDS (" + b"X " * many(20_000) + b"X)]",
        "structures": b"FETCH 1:* (ENVELOPE BODYSTRUCTURE PREVIEW)",
        "everything": b"FETCH 1:* BODY.PEEK[]",
        "text of every part": b"FETCH 1:* (BODY.PEEK[1] BODY.PEEK[1.1] BINARY.PEEK[1] BINARY.SIZE[1])",
        "keywords": b"STORE 1 +FLAGS (" + b" ".join(b"k%d" % n for n in range(many(9_000))) + b")",
        "flags": b"STORE 1:* FLAGS.SILENT (" + b"\\Flagged " * many(5_000) + b"\\Seen)",
        "literals": b"LIST " + b"{0+}\r\n" * many(9_000) + b' ""',
        "identity": b"ID (" + b'"a" "b" ' * many(7_000) + b")",
        "quresync": b"SELECT INBOX (QRESYNC (1 1 " + b",".join(b"%d" % n for n in range(1, many(9_000))) + b"))",
        "statuses": b"LIST \"\" * RETURN (STATUS (MESSAGES UIDNEXT SIZE UNSEEN))",
        "a name": b'CREATE "' + b"a/" * 450 + b'a"',
        "international": b"CREATE &" + b"AGE" * 300 + b"-",
    }  # fmt: skip
    begin = b"a LOGIN bob bob\r\nb SELECT INBOX\r\nc ENABLE QRESYNC\r\n"
    return [
        Attack("an endless line", "imap", b"x" * many(8_000_000)),
        Attack("line ends", "imap", b"\r\n" * many(1_000_000)),
        Attack("an endless line of somebody", "imap", begin + b"d " + b"x" * many(8_000_000)),
        Attack("a literal that is never asked for", "imap", b"a LOGIN {%d+}\r\n" % 10**9 + b"x" * many(4_000_000)),
        Attack("many commands", "imap", begin + b"d NOOP\r\n" * many(50_000)),
        Attack("many searches", "imap", begin + b"d SEARCH UNSEEN\r\n" * many(5_000)),
        Attack("many that are none", "imap", b"d X\r\n" * many(50_000)),
        *(Attack(name, "imap", begin + b"d " + octets + b"\r\ne LOGOUT\r\n") for name, octets in attacks.items()),
    ]


def _http(many: Many) -> list[Attack]:
    hostile = base64.b64encode(b"x" * many(3_000_000)).decode()
    long = "a" * many(8_000)
    send = {"From": {"Email": WHO.decode()}, "To": [{"Email": WHO.decode()}], "Text": "x"}
    asked = {
        "an endless line": b"x" * many(8_000_000) + b"\r\n\r\n",
        "an endless header": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * many(500_000),
        "brackets": request("POST", "/api/v1/send", b"[" * many(4_000_000)),
        "lists": request("PUT", "/api/v1/messages", b'{"IDs":[' + b'"a",' * many(500_000) + b'"a"]}'),
        "objects": request("POST", "/api/v1/send", b"[" + b"{}," * many(1_000_000) + b"{}]"),
        "numbers": request("PUT", "/api/v1/chaos", b'{"Sender":{"Probability":' + b"9" * many(1_000_000) + b"}}"),
        "a large file": request("POST", "/api/v1/send", json.dumps(
            {**send, "Attachments": [{"Content": "AAAA" * many(9_000_000), "Filename": "x"}]}).encode()),
        "a text of quotes": request("POST", "/api/v1/send", json.dumps({**send, "Text": '",' * many(6_000_000)}).encode()),
        "1,000 people": request("POST", "/api/v1/send", json.dumps(
            {**send, "To": [{"Email": f"bob+{n}@recipient.test"} for n in range(many(1_000))]}).encode()),
        "a file": request("POST", "/api/v1/send", json.dumps(
            {**send, "Attachments": [{"Content": hostile, "Filename": "x"}]}).encode()),
        "many people": request("POST", "/api/v1/send", json.dumps(
            {**send, "To": [{"Email": f"bob+{n}@recipient.test"} for n in range(many(20_000))]}).encode()),
        "a long text": request("POST", "/api/v1/send", json.dumps({**send, "Text": "é" * many(3_000_000)}).encode()),
        "a long text of HTML": request("POST", "/api/v1/send", json.dumps({**send, "HTML": "<p>é" * many(500_000)}).encode()),
        "fields": request("POST", "/api/v1/send", json.dumps(
            {**send, "Headers": {f"X-{n}": "y" for n in range(many(20_000))}}).encode()),
        "a subject": request("POST", "/api/v1/send", json.dumps({**send, "Subject": "é" * many(500_000)}).encode()),
        "a long query": request("GET", f"/api/v1/search?query={long}"),
        "quotes": request("GET", "/api/v1/search?query=" + "%22" * many(2_500)),
        "brackets in a query": request("GET", "/api/v1/search?query=" + "(" * many(7_000)),
        "words": request("GET", "/api/v1/search?query=" + "a+" * many(3_500)),
        "a pattern": request("GET", "/maillab/v1/entries?filter=/(a%2B)%2B$/&limit=1000"),
        "patterns": request("GET", "/maillab/v1/entries?filter=" + "/.*.*.*x/+" * 400),
        "a list": request("GET", "/api/v1/messages?limit=1000"),
        "a rule": request("POST", "/maillab/v1/rules", json.dumps({"rule": "at rcpt to:" + "*a" * many(50_000) + " drop"}).encode()),
        "a session": request("PUT", "/maillab/v1/sessions/x", b'{"maillab":3}\n' + b"[" * many(4_000_000)),
        "a packed session": request("PUT", "/maillab/v1/sessions/x", b"\x1f\x8b" + b"\0" * many(4_000_000)),
        "a slash": request("GET", "/" * many(60_000)),
        "fields of a question": request("GET", "/api/v1/messages", Cookie="a=b; " * many(10_000)),
    }  # fmt: skip
    return [Attack(name, "http", octets) for name, octets in asked.items()]


def _dns(many: Many) -> list[Attack]:
    wires = dns_wires()
    stream = b"".join(struct.pack("!H", len(wire)) + wire for wire in wires * many(50))
    return [
        Attack("questions over TCP", "dns", stream),
        Attack("a message that is never whole", "dns", b"\xff\xff" + b"x" * many(60_000), answered=False),
        Attack("empty messages", "dns", b"\0\0" * many(500_000), answered=False),
        Attack("chance", "dns", random.Random(3).randbytes(many(2_000_000)), answered=False),
    ]


def dns_wires() -> list[bytes]:
    """Questions: pointers in circles, labels without end, many questions, many records."""
    head = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0)
    name = b"".join(b"\x01a" for _ in range(120)) + b"\0"
    loop = b"\xc0\x0c"
    ask = struct.pack("!HH", 15, 1)
    full = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 16) + name + ask
    record = name + struct.pack("!HHIH", 1, 1, 0, 4) + b"\x7f\0\0\1"
    return [
        head + loop + ask,
        head + name + ask,
        head + b"\x3f" + b"a" * 63 + b"\xc0\x0c" + ask,
        full + record * 16,
        full + (b"\xc0\x0c" + struct.pack("!HHIH", 41, 4096, 0, 3_000) + b"\0" * 3_000),
        struct.pack("!HHHHHH", 7, 0x0100, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF) + name * 12,
        head + b"\x0brecipient\x00\x04test\0" + ask,
    ]


def attacks(service: str, share: int = 1) -> list[Attack]:
    """Those on a service, or each of a size of one `share`th; the messages are handed over first, so that they are read."""
    made = {"smtp": _smtp, "pop3": _pop3, "imap": _imap, "http": _http, "dns": _dns}
    return made[service](lambda count: max(1, count // share))
