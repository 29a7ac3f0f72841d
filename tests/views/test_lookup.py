"""A person finds what a word means, however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.gloss import stock
from maillab.views.lookup import look_up, look_up_phrase, suggest


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("354", ["354"]),
        ("250", ["250", "250 ."]),
        ("250-PIPELINING", ["PIPELINING", "250", "250 ."]),
        ("250 size 100", ["SIZE", "250", "250 ."]),
        ("5.1.1", ["5.1.1", "5yz"]),
        ("4.7.1", ["4.7.1", "4yz"]),
        ("X.1.1", ["X.1.1"]),
        ("5.9.9", ["5yz"]),
        ("550 5.1.1 No such mailbox", ["550", "5.1.1"]),
        ("599", ["5yz"]),
        ("5xx", ["5yz"]),
        ("4yz", ["4yz"]),
        ("5.x.x", ["5yz"]),
        ("rcpt", ["RCPT TO"]),
        ("RCPT TO", ["RCPT TO"]),
        ("mail", ["MAIL FROM", "MAIL FROM:<>"]),
        ("MAIL FROM:<a@b.test>", ["MAIL FROM"]),
        ("+OK", ["+OK"]),
        ("-ERR", ["-ERR"]),
        ("err", ["-ERR"]),
        ("[IN-USE]", ["[IN-USE]"]),
        ("sys/temp", ["[SYS/TEMP]"]),
        ("mx", ["MX"]),
        ("null  mx", ["null MX"]),
        ("notify", ["NOTIFY="]),
        ("recipient.test. IN MX 10 mx.recipient.test.", ["MX"]),
        ("nonsense", []),
        ("", []),
        ("  ", []),
    ],
)
def test_words_are_found(word: str, keys: list[str]) -> None:
    """Codes, classes, verbs, lines and their parts lead to their glosses."""
    assert [one.key for one in look_up(word)] == keys


def test_one_word_of_several_protocols() -> None:
    """A verb that SMTP, POP3 and IMAP share is explained for each."""
    assert [one.protocol for one in look_up("noop")] == ["smtp", "pop3", "imap"]


def test_every_key_finds_itself() -> None:
    """Whatever is in the table can be looked up under its own name, in lower case too."""
    for (_, kind, key), gloss in stock("vi").items():
        if kind != "line":
            assert gloss in look_up(key.lower(), "vi"), key


def test_phrases() -> None:
    """Several words are one thing when the table or a pasted reply says so."""
    assert [one.key for one in look_up_phrase(["mail", "from"])] == ["MAIL FROM"]
    assert [one.protocol for one in look_up_phrase(["AUTH", "PLAIN"])] == ["smtp", "pop3"]
    assert [one.key for one in look_up_phrase(["550", "5.1.1", "no", "such", "user"])] == ["550", "5.1.1"]
    assert look_up_phrase(["550", "RCPT"]) == []
    assert look_up_phrase(["550"]) == []


@pytest.mark.parametrize(
    ("word", "meant"), [("RCTP", "RCPT"), ("STARTLS", "STARTTLS"), ("555.1", "555"), ("pipelinning", "PIPELINING")]
)
def test_near_misses_are_named(word: str, meant: str) -> None:
    """A misspelt word leads to the right one."""
    assert meant in suggest(word)


@given(st.text())
def test_anything_may_be_asked(word: str) -> None:
    """No question is too odd: an answer or none."""
    assert isinstance(look_up(word), list)
    assert isinstance(suggest(word[:80]), list)
