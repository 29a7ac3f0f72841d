"""The numbers in answers of POP3."""

from maillab.protocols.follower import Follower
from maillab.protocols.pop3 import POP3
from maillab.views.fields.listing import blocks
from tests.views.fields.words import EN, VI, told


def parts(command, *lines, say=EN):
    talk = Follower(POP3, greeted=True)
    talk.client(command)
    heard = [talk.server(line) for line in lines]
    return told(blocks(heard[-1], lines[-1].decode().strip(), say))


def test_stat():
    """How many, and how many bytes."""
    assert parts(b"STAT\r\n", b"+OK 2 1500\r\n") == {
        "+OK": "done",
        "2": "messages in the mailbox",
        "1500": "bytes in all (1.5 kB)",
    }


def test_rows_of_a_list():
    """Number and size, number and name; also where one alone was asked for."""
    assert parts(b"LIST\r\n", b"+OK\r\n", b"1 620\r\n", say=VI)["1"] == "số thứ tự của thư, trong phiên này"
    assert parts(b"UIDL\r\n", b"+OK\r\n", b"1 12345\r\n")["12345"] == "name of the message, the same in every session"
    assert parts(b"LIST 1\r\n", b"+OK 1 620\r\n")["620"] == "bytes"


def test_words_for_people():
    """The first line of a long answer, and an answer to something else, have no fields."""
    assert parts(b"LIST\r\n", b"+OK 2 messages\r\n") == {}
    assert parts(b"NOOP\r\n", b"+OK 2 3\r\n") == parts(b"STAT\r\n", b"-ERR 2 3\r\n") == {}
