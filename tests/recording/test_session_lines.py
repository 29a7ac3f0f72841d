"""One line of a session file."""

import json
import typing

import pytest

from maillab import events
from maillab.events import Entry, Said, Side
from maillab.recording import session_lines
from maillab.recording.session_lines import (
    SAID,
    SHORT,
    SessionError,
    decode,
    encode,
    entry_of,
    line_of,
    octets_of,
    schema,
    text_of,
)


def said(line, secret=(0, 0)):
    """An entry of a line of the client."""
    return Entry(1, 5.0, Said("submit-1", Side.CLIENT, line, secret=secret))


def there_and_back(entry):
    """The entry after it was written and read."""
    return entry_of(decode(encode(line_of(entry))))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n",
        bytes(range(256)),
        b"caf\xe9 au lait\r\n",
        "Việt Nam 🙂\r\n".encode(),
        b"\xed\xa0\x80",
        b"\xc2",
        b"\\u0000\"'",
    ],
)
def test_octets_come_back(octets):
    """Every octet comes back as it was, whatever it means."""
    assert octets_of(text_of(octets)) == octets
    assert there_and_back(said(octets)) == said(octets)


def test_octets_can_be_read():
    """UTF-8 stands as itself; other text as Latin-1, what is no text as base64."""
    assert text_of("thư\r\n".encode()) == "thư\r\n"
    assert text_of(b"caf\xe9\r\n").latin1 == "café\r\n"
    assert text_of(b"\x89PNG\x00\x01").base64


def test_a_line_moves_no_cursor():
    """Controls, turns of direction and what cannot be seen are escaped: a session can be shown by `cat`."""
    line = encode(line_of(said("a\x1b[2J\x7f\x9b\u202e\u2028\u200b\ufeff\U000e0041ă\r\n".encode()))).decode()
    assert all(char.isprintable() for char in line.rstrip("\n"))
    assert "ă" in line
    assert there_and_back(said("\x7f\U000e0041".encode())) == said("\x7f\U000e0041".encode())


def test_a_secret_is_struck_out():
    """A secret is replaced by its length in the file (T309), by as many * in the entry, and its place is known."""
    line = encode(line_of(said(b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", (11, 27))))
    assert b"AGFsaWNl" not in line
    assert "‹redacted 16›".encode() in line
    assert entry_of(decode(line)) == said(b"AUTH PLAIN ****************\r\n", (11, 27))


def test_a_struck_line_stays_the_same():
    """What was struck out once is written the same way again (T313)."""
    once = encode(line_of(said(b"PASS hunter2\r\n", (5, 12))))
    assert encode(line_of(entry_of(decode(once)))) == once


def test_a_mark_that_was_said_is_no_mark():
    """Somebody who says ‹redacted 12› has said that, and it hides nothing."""
    line = "NOOP ‹redacted 12›\r\n".encode()
    assert there_and_back(said(line)) == said(line)


@pytest.mark.parametrize("place", ["[0,0]", "[5,4]", "[5,11]", "[4,12]", "[5,99999999]", "[-1,3]", "[1]"])
def test_a_mark_in_a_wrong_place(place):
    """A mark stands where the line says it stands, with its number, or the file is damaged."""
    line = encode(line_of(said(b"PASS hunter2\r\n", (5, 12)))).replace(b"[5,12]", place.encode())
    with pytest.raises(SessionError):
        entry_of(decode(line))


def test_a_secret_out_of_bounds():
    """A place outside the line hides what is within it, or nothing; it never fails."""
    assert b"hunter2" not in encode(line_of(said(b"hunter2", (-5, 99))))
    assert encode(line_of(said(b"NOOP\r\n", (9, 12)))) == encode(line_of(said(b"NOOP\r\n")))


def test_a_key_twice():
    """A key that stands twice in a line is refused (T297), however it is spaced."""
    for line in (
        b'{"e":"Closed","n":1,"t":1,"talk":"a","talk":"b","why":"quit"}',
        b'{"e":"Said","n":1,"t":1,"talk" :"a","talk":"b","side":"client","line":"x"}',
        b'{"format":"maillab session","format":"maillab session","version":1}',
    ):
        with pytest.raises(SessionError):
            decode(line)
    assert decode(b'{ "n" : 1, "t": 1, "talk": "a", "why": "quit", "e": "Closed" }').talk == "a"


@pytest.mark.parametrize(
    "line",
    [
        b'{"e":"Closed","n":0,"t":1,"talk":"a","why":"b"}',
        b'{"e":"Closed","n":1.5,"t":1,"talk":"a","why":"b"}',
        b'{"e":"Closed","n":"1","t":1,"talk":"a","why":"b"}',
        b'{"e":"Closed","n":1,"t":1e400,"talk":"a","why":"b"}',
        b'{"e":"Closed","n":1,"t":NaN,"talk":"a","why":"b"}',
        b'{"e":"Closed","n":1,"t":1,"talk":"\\ud800","why":"b"}',
        b'{"e":"Closed","n":1,"t":1,"talk":"a","why":"b","more":1}',
        b'{"e":"Closed","n":1,"t":1,"talk":"a"}',
        b'{"e":"Nothing","n":1,"t":1}',
        b'{"e":"Secured","n":1,"t":1,"talk":"a","version":"","certificate":{}}',
        b'{"e":"Secured","n":1,"t":1,"talk":"a","version":"","certificate":"CN=a"}',
        b'{"e":"Secured","n":1,"t":1,"talk":"a","version":"","certificate":'
        b'{"subject":"","issuer":"","names":[],"until":"","key":""}}',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"both","line":""}',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":{"latin1":"\\u0100"}}',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":{"base64":"?"}}',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":{"base64":"YQ==","latin1":"a"}}',
        b'{"e":"Said","n":1,"t":1,"talk":"a","side":"client","line":{}}',
        b'{"e":"Carried","n":1,"t":1,"talk":"a","side":"client","content":"","path":"/dev/zero"}',
        b"\xef\xbb\xbf{}",
        '{"e":"Closed"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"e":' * 100_000,
        b"9" * 5_000,
        b"",
        b"null",
    ],
)
def test_hostile_lines(line):
    """Wrong types, unknown kinds and keys, numbers out of range and text that is none are refused (T296, T297, T302)."""
    with pytest.raises(SessionError) as caught:
        entry_of(decode(line))
    assert "\n" not in str(caught.value)


def test_a_name_that_is_no_text():
    """A lone surrogate in a reason costs one character of it, not the record."""
    entry = Entry(1, 1.0, events.Warned("lab", "bad name \udcff \\ud8ff"))
    assert there_and_back(entry).event == events.Warned("lab", "bad name ? \\ud8ff")


def test_every_event_has_a_shape():
    """The schema knows the line of every event there is, and of every note."""
    kinds = {kind.__name__ for kind in typing.get_args(events.Event)}
    tags = set()
    for shape in schema()["$defs"].values():
        tags |= set(shape.get("properties", {}).get("e", {}).get("enum", []))
    assert tags == kinds | {"more", "mark", "told"}
    assert json.loads(json.dumps(schema())) == schema()
    assert session_lines.VERSION == 3


def test_what_is_said_again_is_kept_once():
    """Of short lines one copy is kept, up to a bound; of long ones none, so that a reader stays small."""
    short, long = (encode(line_of(said(text))) for text in (b"250 ok\r\n", b"x" * (SHORT + 1)))
    known = {}
    first, second = (entry_of(decode(short), known).event for _ in range(2))
    assert first.line is second.line
    assert first.talk is second.talk
    assert entry_of(decode(long), known).event.line == b"x" * (SHORT + 1)
    assert known == {b"250 ok\r\n": b"250 ok\r\n"}
    full = {b"%d" % number: b"" for number in range(SAID)}
    assert entry_of(decode(short), full).event.line == b"250 ok\r\n"
    assert len(full) == SAID
