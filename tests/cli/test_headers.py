"""The headers of the messages that pass."""

from pathlib import Path

from maillab.cli.headers import MessageHeaders
from maillab.events import Carried, Closed, Entry, Said, Side
from maillab.mail.content import Content

HEAD = b"Subject: =?utf-8?q?M=C3=A3?=\r\nReceived: one\r\nreceived: two\r\n\r\n"


def heard(*events):
    heads = MessageHeaders()
    return [heads.fields(Entry(number, 0.0, event)) for number, event in enumerate(events, start=1)]


def client(line):
    return Said("submit-1", Side.CLIENT, line)


def carried(octets, talk="submit-1"):
    return Carried(talk, Side.CLIENT, Content(octets))


def test_decoded():
    """Each field has its values in order, decoded and safe to print."""
    *_, fields = heard(client(b"MAIL FROM:<a@b.test>\r\n"), client(b"DATA\r\n"), carried(HEAD + b"x: y\r\n"))
    assert fields == {"subject": ["Mã"], "received": ["one", "two"]}
    asked = Said("retrieve-1", Side.CLIENT, b"retr 1\r\n")
    [_, fields] = heard(asked, Carried("retrieve-1", Side.SERVER, Content(b"Subject: \x1b[31mred\r\n\r\n")))
    assert "\x1b" not in fields["subject"][0]


def test_pieces():
    """Of a message in pieces only the first has a header; the next message on the connection has its own."""
    mail, chunk = client(b"MAIL FROM:<>\r\n"), client(b"BDAT 10\r\n")
    found = heard(mail, chunk, carried(HEAD), chunk, carried(b"a: b\r\n"), mail, chunk, carried(b"c: d\r\n\r\n"))
    assert [fields for fields in found if fields] == [{"subject": ["Mã"], "received": ["one", "two"]}, {"c": ["d"]}]


def test_nothing_to_read():
    """Content of another talk, of a talk that ended, or in a file that is gone has no fields."""
    mail = client(b"MAIL FROM:<>\r\n")
    gone = Carried("submit-1", Side.CLIENT, Content(b"", Path("/nowhere/at/all"), 0, 9))
    assert heard(mail, carried(HEAD, "submit-2"))[-1] is None
    assert heard(mail, Closed("submit-1", "quit"), carried(HEAD))[-1] is None
    assert heard(mail, gone)[-1] is None
