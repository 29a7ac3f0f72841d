"""A program's questions beside those of a record."""

from maillab.events import Carried, Closed, Entry, Leg, Opened, Said, Side
from maillab.mail.content import Content
from maillab.recording.program import difference, differences
from maillab.recording.talks import talks


def talk(*lines, message=b"", name="submit-1"):
    """A talk in which the client says these lines, each is answered, and a message follows DATA."""
    events = [Opened(name, Leg.SUBMIT, "smtp", "mx.a.test"), Said(name, Side.SERVER, b"220 hi\r\n")]
    for line in lines:
        answer = b"354 go\r\n" if line == b"DATA" else b"250 ok\r\n"
        events += [Said(name, Side.CLIENT, line + b"\r\n"), Said(name, Side.SERVER, answer)]
        if line == b"DATA":
            events += [Carried(name, Side.CLIENT, Content(message)), Said(name, Side.CLIENT, b".\r\n"),
                       Said(name, Side.SERVER, b"250 ok\r\n")]  # fmt: skip
    events.append(Closed(name, "quit"))
    return talks(Entry(number, 0.0, event) for number, event in enumerate(events, 1))[0]


def test_what_does_not_count():
    """The name in EHLO, sizes, ids of envelopes, mechanisms of logins and a QUIT at the end."""
    one = talk(b"EHLO a", b"AUTH PLAIN x", b"MAIL FROM:<a@b.test> SIZE=1 ENVID=x", b"QUIT")
    other = talk(b"EHLO b", b"AUTH LOGIN", b"MAIL from:<a@b.test> size=22")
    assert difference(one, other) == ""


def test_what_counts():
    """The first difference is named, with the command that has it."""
    mail = talk(b"EHLO a", b"MAIL FROM:<a@b.test>")
    assert difference(mail, talk(b"EHLO a", b"MAIL FROM:<>")) == (
        "submit-1, command 2: the record has MAIL FROM:<a@b.test>; the program said MAIL FROM:<>"
    )
    assert difference(mail, talk(b"EHLO a")).endswith("the program said nothing more")
    assert difference(mail, talk(b"EHLO a", b"MAIL FROM:<a@b.test>", b"VRFY x")).endswith(
        "command 3: the program said VRFY x; the record has nothing more"
    )


def test_messages():
    """Of a message From, To, Cc and Subject count, folded or not, without the numbers of a subject."""
    known = talk(b"DATA", message=b"Subject: Order\r\n A-10293\r\nto: bob@b.test\r\nDate: 1\r\n\r\nSubject: not\r\n")
    assert difference(known, talk(b"DATA", message=b"To:  bob@b.test\r\nSubject: Order B-9981234\r\n\r\n")) == ""
    assert "the record has To: bob@b.test; the program said To: carol@b.test" in difference(
        known, talk(b"DATA", message=b"To: carol@b.test\r\nSubject: Order B-9981234\r\n\r\n")
    )


def test_talks():
    """Each talk that did not come is named; one that comes after the last must be as the last."""
    one, two = talk(b"NOOP"), talk(b"HELP", name="submit-2")
    assert differences([one, two], [one]) == ["submit-2: the program did not connect"]
    assert differences([one], [one, one]) == []
    assert differences([one], [one, two]) == ["submit-1, command 1: the record has NOOP; the program said HELP"]
