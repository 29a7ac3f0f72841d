"""The phrases: complete in every language."""

import re
import string
from pathlib import Path

import pytest

from maillab.protocols import pop3 as grammar
from maillab.recipient import login, pop3
from maillab.recipient.phrases import VIETNAMESE, No, ok, phrase

SAID = re.compile(r'(?:\b(?:No|Junk|_ok|Malformed)\(|ok\(self\._language, |phrase\(tag, )["\']([^"\']+)["\']')


def fields(text):
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def test_every_phrase_is_translated():
    """What the code says stands in the table, and the table holds nothing that is not said."""
    sources = "".join(Path(module.__file__).read_text() for module in (pop3, login, grammar))
    said = set(SAID.findall(sources)) | {"log in first", "too late, you are logged in"}

    assert said == set(VIETNAMESE)


@pytest.mark.parametrize("text", VIETNAMESE)
def test_translations_fit(text):
    """A translation has the same gaps to fill in, and is one line that is not English."""
    assert fields(VIETNAMESE[text]) == fields(text)
    assert VIETNAMESE[text].isprintable()
    assert VIETNAMESE[text] != text
    assert phrase("en", text) == text


def test_lines():
    """Yes and no are status lines, with their code in brackets."""
    assert ok("en", "{} octets", 3) == b"+OK 3 octets\r\n"
    assert No("message {} is deleted", 1).wire("vi") == "-ERR thư 1 đã bị xoá\r\n".encode()
    assert No("the mailbox is in use", code="IN-USE").wire("en") == b"-ERR [IN-USE] the mailbox is in use\r\n"
