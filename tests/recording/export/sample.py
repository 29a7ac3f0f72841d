"""Sessions for the tests of the exports: one written by hand, always the same; one of strangers who mean harm; the stories.

`python -m tests.recording.export.sample` writes the golden files again, after a format was changed on purpose.
"""

import functools
import tempfile
from pathlib import Path

from maillab.events import (
    Attempted,
    Authenticated,
    Carried,
    Certificate,
    Closed,
    Deferred,
    Delivered,
    Entry,
    Event,
    Leg,
    Opened,
    Queued,
    Read,
    Routed,
    Said,
    Secured,
    Side,
    Submitted,
    Transport,
)
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.mail.content import Content
from maillab.recording.export import FORMATS, export
from maillab.recording.session import Header, Mark, Session, Told
from maillab.stories.script import load
from maillab.stories.teller import StoryTeller
from tests.lookups import looked_up
from tests.support import run

GOLDEN = Path(__file__).parent / "golden"
START = 1_700_000_000.0
MESSAGE = (
    b"From: alice@sender.test\r\nTo: bob@recipient.test\r\nSubject: Xin ch\xc3\xa0o; #1 <b>\r\n\r\nHello Bob\r\n..\r\n"
)
STORED = b"Return-Path: <alice@sender.test>\r\n" + MESSAGE


def session(*events: Event, title: str = "A message", notes: tuple = ()) -> Session:
    """These events, a quarter of a second apart."""
    entries = tuple(Entry(seq, START + seq / 4, event) for seq, event in enumerate(events, 1))
    return Session(Header(title, START, "0.1.0"), entries, notes)


def talk(name: str, *lines: str, secure: bool = False) -> list[Event]:
    """`C: ...` and `S: ...` as events, CRLF added."""
    sides = {"C": Side.CLIENT, "S": Side.SERVER}
    return [Said(name, sides[line[0]], line[3:].encode() + b"\r\n", secure) for line in lines]


def secret(name: str, before: str, word: str, secure: bool = False) -> Said:
    """A client's line whose end is a secret."""
    line = f"{before}{word}\r\n".encode()
    return Said(name, Side.CLIENT, line, secure, (len(before), len(before) + len(word)))


def sample() -> Session:
    """One message: submitted inside TLS, looked up, put off once, relayed, fetched."""
    bob = ("bob@recipient.test",)
    return session(
        Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
        *talk("submit-1", "S: 220 mail.sender.test ESMTP maillab", "C: EHLO laptop.sender.test"),
        *talk("submit-1", "S: 250-mail.sender.test", "S: 250-SIZE 26214400", "S: 250 STARTTLS"),
        *talk("submit-1", "C: STARTTLS", "S: 220 Ready to start TLS"),
        Secured(
            "submit-1",
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            Certificate(
                "O=maillab, CN=localhost",
                "O=maillab",
                ("mx.sender.test", "mail.sender.test"),
                "3000-01-01T00:00:00Z",
                by_lab=True,
            ),
        ),
        *talk("submit-1", "C: EHLO laptop.sender.test", "S: 250-mail.sender.test", "S: 250 AUTH PLAIN", secure=True),
        secret("submit-1", "AUTH PLAIN ", "AGFsaWNlQHNlbmRlci50ZXN0AGh1bnRlcjI=", secure=True),
        Authenticated("submit-1", "alice@sender.test", "PLAIN"),
        *talk(
            "submit-1",
            "S: 235 2.7.0 Welcome",
            "C: MAIL FROM:<alice@sender.test>",
            "S: 250 2.1.0 Sender ok",
            secure=True,
        ),
        *talk("submit-1", "C: RCPT TO:<bob@recipient.test>", "S: 250 2.1.5 Recipient ok", secure=True),
        *talk("submit-1", "C: DATA", "S: 354 Send the message; end it with <CR><LF>.<CR><LF>", secure=True),
        Carried("submit-1", Side.CLIENT, Content(MESSAGE), True),
        *talk("submit-1", "C: .", secure=True),
        Submitted("submit-1", "L1", "alice@sender.test", bob, len(MESSAGE)),
        Queued("L1.1", "L1", "recipient.test", bob),
        *talk("submit-1", "S: 250 2.0.0 queued as L1", "C: QUIT", "S: 221 2.0.0 Goodbye", secure=True),
        Closed("submit-1", "quit"),
        Opened("lookup-1", Leg.LOOKUP, "dns", "ns.sender.test", transport=Transport.UDP),
        *looked_up("lookup-1", "recipient.test. IN MX", "recipient.test. 3600 IN MX 10 mx.recipient.test."),
        Closed("lookup-1", "answered"),
        Routed("L1.1", ("mx.recipient.test",)),
        Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test"),
        *talk("relay-1", "S: 220 mx.recipient.test ESMTP maillab", "C: EHLO mail.sender.test"),
        *talk("relay-1", "S: 250-mx.recipient.test", "S: 250 PIPELINING"),
        *talk("relay-1", "C: MAIL FROM:<alice@sender.test>", "C: RCPT TO:<bob@recipient.test>", "C: DATA"),
        *talk("relay-1", "S: 250 2.1.0 Sender ok", "S: 450 4.7.1 Greylisted", "S: 503 5.5.1 No valid recipients"),
        *talk("relay-1", "C: QUIT", "S: 221 2.0.0 Goodbye"),
        Closed("relay-1", "quit"),
        Attempted("L1.1", "mx.recipient.test", 450),
        Deferred("L1.1", bob, "450 4.7.1 Greylisted", 300),
        Opened("relay-2", Leg.RELAY, "smtp", "mx.recipient.test"),
        *talk(
            "relay-2", "S: 220 mx.recipient.test ESMTP maillab", "C: EHLO mail.sender.test", "S: 250 mx.recipient.test"
        ),
        *talk("relay-2", "C: MAIL FROM:<alice@sender.test>", "S: 250 2.1.0 Sender ok"),
        *talk("relay-2", "C: RCPT TO:<bob@recipient.test>", "S: 250 2.1.5 Recipient ok"),
        *talk("relay-2", "C: DATA", "S: 354 Send the message"),
        Carried("relay-2", Side.CLIENT, Content(MESSAGE)),
        *talk("relay-2", "C: ."),
        Delivered("relay-2", "bob@recipient.test", 1, len(STORED)),
        *talk("relay-2", "S: 250 2.0.0 Stored", "C: QUIT", "S: 221 2.0.0 Goodbye"),
        Closed("relay-2", "quit"),
        Attempted("L1.1", "mx.recipient.test", 250),
        Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mail.recipient.test"),
        *talk("retrieve-1", "S: +OK maillab POP3 ready", "C: USER bob@recipient.test", "S: +OK and your password?"),
        secret("retrieve-1", "PASS ", "hunter2"),
        Authenticated("retrieve-1", "bob@recipient.test", "USER"),
        *talk(
            "retrieve-1",
            "S: +OK maildrop has 1 message",
            "C: LIST",
            "S: +OK 1 messages",
            f"S: 1 {len(STORED) - 1}",
            "S: .",
        ),
        *talk("retrieve-1", "C: RETR 1", f"S: +OK {len(STORED) - 1} octets"),
        Carried("retrieve-1", Side.SERVER, Content(STORED)),
        *talk("retrieve-1", "S: ."),
        Read("retrieve-1", "bob@recipient.test", 1),
        *talk("retrieve-1", "C: QUIT", "S: +OK goodbye"),
        Closed("retrieve-1", "quit"),
        title="A message that was put off",
        notes=(
            Told("Alice writes.", "Alice viết thư.", 0, START),
            Mark("the lookup", 34, START + 34 / 4),
        ),
    )


HOSTILE = "</script><script>alert(1)</script>\x1b[31m\u202e`|]]>--><img src=x onerror=alert(1)>\"'; DROP #1 %%{init}%% $$x$$ &lt;"


def hostile() -> Session:
    """Every field that a stranger fills holds what might run, break a page, or obey a terminal."""
    octets = HOSTILE.encode() + b"\x00\xff"
    mail = f"MAIL FROM:<{HOSTILE}@x.test>".encode()
    return session(
        Opened("submit-1", Leg.SUBMIT, "submission", f"mail.{HOSTILE}"),
        Said("submit-1", Side.SERVER, b"220 " + octets + b"\r\n"),
        Said("submit-1", Side.CLIENT, b"EHLO " + octets + b"\r\n"),
        Said("submit-1", Side.SERVER, b"250-" + octets + b"\r\n"),
        Said("submit-1", Side.SERVER, b"250 " + octets + b"\r\n"),
        Said("submit-1", Side.CLIENT, mail + b"\r\n"),
        Said("submit-1", Side.SERVER, b"250 ok\r\n"),
        Said("submit-1", Side.CLIENT, b"RCPT TO:<$(touch /tmp/pwned)@x.test>\r\n"),
        Said("submit-1", Side.SERVER, b"250 ok\r\n"),
        Said("submit-1", Side.CLIENT, b"DATA\r\n"),
        Said("submit-1", Side.SERVER, b"354 go\r\n"),
        Carried(
            "submit-1", Side.CLIENT, Content(b"Subject: " + octets + b"\r\n\r\nMESSAGE\r\n```\r\n</pre>\r\n" + octets)
        ),
        Said("submit-1", Side.CLIENT, b".\r\n"),
        Submitted("submit-1", HOSTILE, f"{HOSTILE}@x.test", (HOSTILE,), 12),
        Said("submit-1", Side.SERVER, b'550 """ + exit() + """\\\r\n'),
        Closed("submit-1", HOSTILE),
        title=HOSTILE,
        notes=(Mark(HOSTILE, 3, START + 1), Told(HOSTILE, HOSTILE, 5, START + 2)),
    )


@functools.cache
def story(name: str) -> Session:
    """What was seen while a story was told on real sockets."""

    async def telling() -> tuple[Entry, ...]:
        with tempfile.TemporaryDirectory() as place, LabFolder(Path(place)) as folder:
            async with Lab(load(name).config, folder.path, auto_ports=True) as lab:
                await StoryTeller(load(name), lab, lambda _: None).tell()
                return tuple(lab.logbook.since(0))

    return Session(Header(load(name).title.en, START, "0.1.0"), run(telling()))


def golden(name: str) -> Path:
    """Where the golden file of a format is."""
    return GOLDEN / f"sample{FORMATS[name].ending}.golden"


def exported(name: str, one: Session, **options) -> bytes:
    """The whole export in one piece."""
    return b"".join(export(one, name, **options))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for format_name in FORMATS:
        golden(format_name).write_bytes(exported(format_name, sample()))
