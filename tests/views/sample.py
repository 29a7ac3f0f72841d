"""A small session for the tests of the filter: one message, refused for one recipient, and read by the other."""

from maillab import events as e
from maillab.mail.content import Content
from tests.lookups import looked_up

C, S = e.Side.CLIENT, e.Side.SERVER
MESSAGE = Content(
    b"From: Alice <alice@sender.test>\r\nTo: all@list.test\r\nSubject: =?utf-8?b?Q2jDoG8=?=\r\n\r\nThe invoice\r\n..\r\n"
)


def said(talk, lines):
    """Lines as `C: words` and `S: words`."""
    return [e.Said(talk, C if line[0] == "C" else S, line[3:].encode() + b"\r\n") for line in lines]


def session():
    """Its entries, one a second, from second 0."""
    happened = [
        e.Opened("submit-1", e.Leg.SUBMIT, "submission", "mail.sender.test"),
        *said(
            "submit-1", ["S: 220-mail.sender.test", "S: 220 ready", "C: EHLO x.test", "S: 250-HELP", "S: 250 STARTTLS"]
        ),
        *said("submit-1", ["C: STARTTLS", "S: 220 go"]),
        e.Secured("submit-1", "TLSv1.3"),
        e.Said("submit-1", C, b"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", True, (11, 31)),
        e.Authenticated("submit-1", "alice@sender.test", "PLAIN"),
        *said(
            "submit-1", ["S: 235 ok", "C: MAIL FROM:<alice@sender.test>", "C: RCPT TO:<bob@recipient.test>", "C: DATA"]
        ),
        *said("submit-1", ["S: 250 2.1.0 ok", "S: 250 2.1.5 ok", "S: 354 go"]),
        e.Carried("submit-1", C, MESSAGE),
        e.Submitted("submit-1", "L1", "alice@sender.test", ("bob@recipient.test", "eve@recipient.test"), 99),
        e.Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test", "eve@recipient.test")),
        *said("submit-1", ["C: .", "S: 250 2.0.0 queued", "C: QUIT", "S: 221 bye"]),
        e.Closed("submit-1", "quit"),
        e.Opened("lookup-1", e.Leg.LOOKUP, "dns", "ns.sender.test", transport=e.Transport.UDP),
        *looked_up("lookup-1", "recipient.test. IN MX", "recipient.test. 60 IN MX 10 mx.recipient.test."),
        e.Opened("lookup-2", e.Leg.LOOKUP, "dns", "ns.sender.test", transport=e.Transport.UDP),
        *looked_up("lookup-2", "mx.recipient.test. IN A", code="NXDOMAIN"),
        e.Routed("L1.1", ("mx.recipient.test",)),
        e.Opened("relay-1", e.Leg.RELAY, "smtp", "mx.recipient.test"),
        *said("relay-1", ["S: 220 hi", "C: EHLO y", "S: 250 y", "C: MAIL FROM:<alice@sender.test>", "S: 250 2.1.0 ok"]),
        *said("relay-1", ["C: RCPT TO:<bob@recipient.test>", "S: 250 2.1.5 ok", "C: RCPT TO:<eve@recipient.test>"]),
        *said("relay-1", ["S: 550 5.1.1 no eve", "C: BDAT 5 LAST"]),
        e.Carried("relay-1", C, Content(b"a\r\n\r\nb")),
        e.Delivered("relay-1", "bob@recipient.test", 1, 5),
        *said("relay-1", ["S: 451 4.3.0 later"]),
        e.Attempted("L1.1", "mx.recipient.test", 451),
        e.Failed("L1.1", ("eve@recipient.test",), "550 5.1.1 no eve"),
        e.Bounced("L1.1", "alice@sender.test", "failed", "L2"),
        e.Queued("L2.1", "L2", "sender.test", ("alice@sender.test",)),
        e.Closed("relay-1", "lost"),
        e.Opened("retrieve-1", e.Leg.RETRIEVE, "pop3", "mail.recipient.test"),
        *said("retrieve-1", ["S: +OK hi", "C: USER bob", "S: +OK"]),
        e.Said("retrieve-1", C, b"PASS hunter2\r\n", False, (5, 12)),
        *said("retrieve-1", ["S: +OK in", "C: LIST", "S: +OK", "S: 550 99", "S: .", "C: RETR 1", "S: +OK"]),
        e.Carried("retrieve-1", S, MESSAGE),
        *said("retrieve-1", ["S: .", "C: DELE 9", "S: -ERR no"]),
        e.Warned("lab", "weak on purpose"),
    ]
    return tuple(e.Entry(number, float(number - 1), event) for number, event in enumerate(happened, 1))
