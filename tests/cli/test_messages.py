"""Messages as the command line asks for them and prints them."""

import argparse
import json

import pytest

from maillab.cli.messages import as_object, as_query, duration, how_many, one_line, show
from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery

RAW = (
    b"Return-Path: <>\r\nDelivered-To: bob@recipient.test\r\nFrom: Alice <alice@sender.test>\r\n"
    b"Subject: =?utf-8?q?M=C3=A3=1B?=\r\n\r\nYour code is 4711: https://x.test/a\r\n"
)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (['to:bob subject:"your code"'], 'to:bob subject:"your code"'),
        (["to:bob", "subject:your code"], 'to:bob subject:"your code"'),
        (["to:bob", '-subject:say "hi" \\'], 'to:bob -subject:"say \\"hi\\" \\\\"'),
        (["to:bob", "/a b/"], "to:bob /a b/"),
        (["to:bob", 'subject:"a b"'], 'to:bob subject:"a b"'),
        ([], ""),
    ],
)
def test_words_of_a_shell(words, query):
    """What the shell has taken the quotes of is one value; a whole query in one word stays as it is."""
    assert as_query(words) == query
    MessageQuery.parse(query)


def test_values(capsys):
    """Times have units, numbers begin with 1; everything else is refused with an example."""
    assert [duration(text) for text in ("10s", "500ms", "2min", "1.5")] == [10, 0.5, 120, 1.5]
    assert how_many("12") == 12
    for read, text in ((duration, "soon"), (duration, "-1s"), (how_many, "0"), (how_many, "x"), (how_many, "²")):
        with pytest.raises(argparse.ArgumentTypeError, match="expected"):
            read(text)


def test_printed():
    """A message is one safe line for a person, and an object with everything decoded for a program."""
    message = StoredMessage(RAW, "bob@recipient.test")
    assert one_line(message, "en") == "<> to bob@recipient.test: Mã"
    assert one_line(message, "vi") == "<> gửi bob@recipient.test: Mã"
    shown = json.loads(json.dumps(as_object(message)))
    assert shown["envelope"] == {"from": "", "to": ["bob@recipient.test"]}
    assert (shown["code"], shown["links"], shown["html"]) == ("4711", ["https://x.test/a"], False)
    assert shown["from"] == [{"name": "Alice", "address": "alice@sender.test"}]


def test_as_text(capsys):
    """With --text a message is as `maillab read` shows it."""
    args = argparse.Namespace(raw=False, links=False, code=False, text=True, json=False, lang="en")
    assert show([StoredMessage(RAW, "bob@recipient.test")], args)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "From: Alice <alice@sender.test>"
    assert "Your code is 4711: https://x.test/a" in lines
