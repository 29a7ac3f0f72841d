"""Finding the messages of a session."""

from maillab.events import Carried, Closed, Secured, Side
from maillab.mail.content import Content
from maillab.recording.export.messages import messages
from tests.recording.export.sample import MESSAGE, sample, session, talk


def carried(octets, side=Side.CLIENT):
    return Carried("relay-1", side, Content(octets))


def found(*events):
    return [(message.sender, message.octets) for message in messages(session(*events).entries)]


def test_every_hop_has_its_copy():
    """The message of the sample is handed over on each leg, and its dots are those of its writer."""
    copies = list(messages(sample().entries))
    assert len(copies) >= 2
    assert all(copy.octets.endswith(b"\r\n.\r\n") for copy in copies if b"\r\n..\r\n" in MESSAGE)


def test_two_messages_in_one_talk():
    """A dot ends a message; the next has its own sender; what a server carries is not a client's."""
    first = talk("relay-1", "C: MAIL FROM:<a@x.test> SIZE=9", "C: RCPT TO:<b@y.test>", "C: DATA", "S: 354 go")
    second = talk("relay-1", "S: 550 no", "C: MAIL FROM:<>", "C: DATA", "S: 354 go")
    end = talk("relay-1", "C: .")
    assert found(*first, carried(b"..a\r\n.b\r\n"), *end, *second, *end, carried(b"x", Side.SERVER)) == [
        ("a@x.test", b".a\r\nb\r\n"),
        ("", b""),
    ]


def test_chunks():
    """After BDAT nothing is unstuffed; the last chunk ends the message, also where it is empty."""
    one = talk("relay-1", "C: MAIL FROM:<a@x.test>", "C: BDAT 4")
    assert found(*one, carried(b"..a\r"), *talk("relay-1", "C: BDAT 1 LAST"), carried(b"\n")) == [
        ("a@x.test", b"..a\r\n")
    ]
    assert found(*one, carried(b"..a\r"), *talk("relay-1", "C: BDAT 0 LAST")) == [("a@x.test", b"..a\r")]


def test_what_is_no_message(tmp_path):
    """A message that broke off, was taken back, or whose file is gone is left out."""
    begun = talk("relay-1", "C: MAIL FROM:<a@x.test>", "C: DATA")
    end = talk("relay-1", "C: .")
    assert found(*begun, carried(b"x"), Closed("relay-1", "lost"), *end) == []
    assert found(*begun, Secured("relay-1", "TLSv1.3"), *end) == []
    assert found(*begun, *talk("relay-1", "C: RSET"), *end) == []
    assert found(*begun, Carried("relay-1", Side.CLIENT, Content(b"", tmp_path / "gone", 0, 9)), *end) == []
