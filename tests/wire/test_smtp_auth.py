"""AUTH at an SMTP door."""

import asyncio
import base64

import pytest

from maillab.events import Authenticated
from maillab.wire.limits import Limits
from tests.wire.talking import Everyone, Talker, door, talk

WEAK = {"people": Everyone(), "plaintext_auth": True}


def b64(text):
    return base64.b64encode(text.encode()).decode()


GOOD, BAD = b64("\0alice\0secret"), b64("\0alice\0wrong")


def codes(replies):
    return [reply[:3] for reply in replies]


@pytest.mark.parametrize(
    "lines",
    [
        ["AUTH PLAIN " + GOOD],
        ["auth plain " + GOOD],  # T120
        ["AUTH PLAIN", GOOD],
        ["AUTH LOGIN", b64("alice"), b64("secret")],
        ["AUTH LOGIN " + b64("alice@local.test"), b64("secret")],
    ],
)
def test_ways_to_log_in(tmp_path, lines):
    """PLAIN and LOGIN work with and without an initial response, in any case, by name or whole address."""
    replies, _ = talk(tmp_path, *lines, **WEAK)
    assert replies[-1] == "235 2.7.0 Welcome, alice@local.test"
    assert codes(replies[:-1]) == ["334"] * (len(lines) - 1)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["AUTH"], "504"),
        (["AUTH KERBEROS"], "504"),
        (["AUTH PLAIN ="], "535"),  # T119
        (["AUTH PLAIN !!!"], "501"),
        (["AUTH PLAIN", "*"], "501"),
        (["AUTH PLAIN", ""], "535"),
        (["AUTH PLAIN " + b64("alice\0secret")], "535"),
        (["AUTH PLAIN " + b64("\0alice\0secret\0")], "535"),
        (["AUTH PLAIN " + base64.b64encode(b"\0\xff\0x").decode()], "535"),
        (["AUTH PLAIN " + BAD], "535"),
        (["AUTH PLAIN " + GOOD, "AUTH PLAIN " + GOOD], "503"),  # T121
        (["MAIL FROM:<a@a.test>", "AUTH PLAIN " + GOOD], "503"),
    ],
)
def test_every_wrong_way_has_its_code(tmp_path, lines, expected):
    """Malformed is 501, wrong is 535 whatever the reason, at the wrong time is 503."""
    replies, _ = talk(tmp_path, *lines, **WEAK)
    assert replies[-1][:3] == expected


def test_auth_needs_tls_unless_the_door_is_weak(tmp_path):
    """Without TLS AUTH is neither offered nor accepted (T116)."""
    replies, _ = talk(tmp_path, "EHLO again", "AUTH PLAIN " + GOOD, people=Everyone())
    assert "AUTH" not in replies[0]
    assert replies[1].startswith("538 5.7.11")


def test_responses_may_be_as_long_as_rfc_4954_says(tmp_path):
    """12,288 octets with CRLF are read, one more is 500, and what follows is a command again (T119, T122)."""
    fits = b"A" * 12_284 + b"\r\n"
    replies, _ = talk(tmp_path, "AUTH PLAIN", fits, "AUTH PLAIN", b"A" * 12_300 + b"\r\n", "NOOP", **WEAK)
    assert codes(replies) == ["334", "535", "334", "500", "250"]


def test_three_wrong_passwords_end_the_talk(tmp_path):
    """The third wrong password is 421 and the end; each answer took longer than the one before (T117, T118)."""
    waits = []

    async def pause(seconds):
        waits.append(seconds)

    async def story():
        async with door(tmp_path, pause=pause, **WEAK) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            replies = [await talker.say("AUTH PLAIN " + BAD) for _ in range(3)]
            return codes(replies), await talker.rest()

    assert asyncio.run(story()) == (["535", "535", "421"], "")
    assert waits == [Limits().auth_floor, 2.0, 4.0]


def test_a_login_is_told(tmp_path):
    """Who logged in, and how, is in the logbook; SCRAM proves both sides."""

    async def story():
        async with door(tmp_path, **WEAK) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            await talker.say("AUTH LOGIN " + b64("alice"))
            await talker.say(b64("secret"))
            return [entry.event for entry in book.since(0) if isinstance(entry.event, Authenticated)]

    assert asyncio.run(story()) == [Authenticated("relay-1", "alice@local.test", "LOGIN")]


@pytest.mark.parametrize("initial", ["=", GOOD])
def test_an_initial_response_where_the_server_begins(tmp_path, initial):
    """RFC 4954 section 4: a mechanism that begins with a challenge takes no initial response; it is no wrong password."""
    replies, _ = talk(tmp_path, *[f"AUTH CRAM-MD5 {initial}"] * 5, "AUTH PLAIN " + GOOD, **WEAK)

    assert codes(replies) == ["501"] * 5 + ["235"]
