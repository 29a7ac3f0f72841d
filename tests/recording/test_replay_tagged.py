"""What a recorded server of IMAP answers, without a socket, and to Python's imaplib on one."""

import imaplib
import random

import pytest

from maillab.events import Carried, Side
from maillab.recording.compare import compare_talks
from maillab.recording.reenact import Means, reenact
from maillab.recording.replay_server import ReplayPlan
from maillab.recording.replay_tagged import TaggedAnswers
from maillab.recording.talks import talks
from maillab.wire.tls import unverified
from tests.recording.test_replay_server import playing, thread
from tests.recording.told import talk_from, talk_of, told
from tests.wire.scripted import server_context

SPOKEN = [
    *[("imap", f"retrieve-{number}") for number in (1, 2, 3, 4)],
    *[("pop3-and-imap", f"retrieve-{number}") for number in (2, 3, 5)],
]

EXCEPT = ("AUTH", "COMPRESS", "unasked", "EXISTS", "RECENT", "EXPUNGE")  # who says DONE at once hears news behind it


def actor(text, **given):
    """One that plays a record that is written by hand, after its greeting."""
    made = TaggedAnswers(talk_from(text, service="imap", name="retrieve-1"), **given)
    made.greet()
    return made


def answers(made, *lines):
    return [made.hear(line).octets for line in lines]


@pytest.mark.parametrize("story", ["imap", "pop3-and-imap"])
def test_every_talk_is_tried(story):
    """All that these stories say in IMAP is said again below."""
    assert [(story, talk.name) for talk in talks(told(story)) if talk.service == "imap"] == [
        spoken for spoken in SPOKEN if spoken[0] == story
    ]


@pytest.mark.parametrize(("story", "name"), SPOKEN)
def test_a_record_against_itself(story, name):
    """A talk said again to its own stand-in does not differ, but for what a stand-in cannot do."""
    talk = talk_of(story, name)

    async def client(port):
        means = Means("127.0.0.1", port, context=unverified(), ask=lambda user: (user, "anything"), patience=5)
        return await reenact(talk, means, lambda: 1.0)

    outcome, entries, unknown = playing(ReplayPlan([talk], tls=server_context()), client)
    assert (outcome.failed, unknown) == ("", 0)
    rows = [row.text for row in compare_talks(talk, talks(outcome.entries)[0]) if row.mark in "+-"]
    assert [text for text in rows if not any(word in text for word in EXCEPT)] == []
    sent = [entry.event.content.whole() for entry in entries if isinstance(entry.event, Carried)]
    kept = [
        event.content.whole()
        for entry in told(story)
        if isinstance(event := entry.event, Carried) and event.talk == name
    ]
    assert sent == kept


def test_imaplib():
    """Another program, with tags of its own, reads the recorded message."""

    def client(port):
        with imaplib.IMAP4("127.0.0.1", port, timeout=10) as wire:
            assert "COMPRESS=DEFLATE" not in wire.capabilities
            wire.login("bob@recipient.test", "anything")
            wire.select("INBOX")
            return wire.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1]

    octets, entries, unknown = playing(ReplayPlan([talk_of("imap", "retrieve-1")]), thread(client))
    assert unknown == 0
    assert octets in [
        e.event.content.whole() for e in entries if isinstance(e.event, Carried) and e.event.side is Side.SERVER
    ]


def test_tags():
    """An answer ends with the tag of who asks, also where the tag stands in it."""
    made = actor('S: * OK\nC: a SEARCH RETURN () ALL\nS: * ESEARCH (TAG "a") ALL 1\nS: a OK Done')
    assert answers(made, b"x7 search return () all\r\n") == [b'* ESEARCH (TAG "x7") ALL 1\r\nx7 OK Done\r\n']


def test_the_folder_that_is_open():
    """The same question has in each folder the answer that it had there."""
    made = actor(
        "S: * OK\nC: a SELECT A\nS: a OK\nC: b FETCH 1 UID\nS: * 1 FETCH (UID 5)\nS: b OK\n"
        "C: c SELECT B\nS: c OK\nC: d FETCH 1 UID\nS: * 1 FETCH (UID 9)\nS: d OK"
    )
    assert answers(made, b"1 SELECT B\r\n", b"2 FETCH 1 UID\r\n")[1] == b"* 1 FETCH (UID 9)\r\n2 OK\r\n"
    assert answers(made, b"3 SELECT A\r\n", b"4 FETCH 1 UID\r\n")[1] == b"* 1 FETCH (UID 5)\r\n4 OK\r\n"


def test_news_and_idle():
    """What came unasked comes where it came; while somebody waits, as soon as they do."""
    made = actor("S: * OK\nC: a IDLE\nS: + waiting\nS: * 2 EXISTS\nC: DONE\nS: a OK Done\nC: b NOOP\nS: b OK")
    assert answers(made, b"z IDLE\r\n", b"DONE\r\n", b"y NOOP\r\n") == [
        b"+ waiting\r\n* 2 EXISTS\r\n", b"z OK Done\r\n", b"y OK\r\n",
    ]  # fmt: skip


def test_literals_and_logins():
    """Octets are taken, whatever they are; any password is right, and the record says what comes of it."""
    made = actor(
        "S: * OK\nC: a LOGIN bob bob\nS: a OK in\nC: b APPEND Sent {3}\nS: + go\nC: abc\nC: \nS: b OK [APPENDUID 1 2] Done"
    )
    waits = made.hear(b"1 LOGIN {3}\r\n")
    assert (waits.octets, waits.then, waits.chunk) == (b"+ Go on\r\n", "chunk", 3)
    assert made.message().octets == b""
    assert answers(made, b" pass\r\n") == [b"1 OK in\r\n"]
    at_once = made.hear(b"2 APPEND Sent {5+}\r\n")
    assert (at_once.octets, at_once.chunk) == (b"", 5)
    assert made.hear(b"\r\n").octets == b"2 OK [APPENDUID 1 2] Done\r\n"
    made = actor(
        "S: * OK\nC: a AUTHENTICATE PLAIN\nS: +\nC: x\nS: a NO wrong\nC: b AUTHENTICATE PLAIN\nS: +\nC: x\nS: b OK in"
    )
    assert answers(made, b"1 AUTHENTICATE PLAIN\r\n", b"AGEAYg==\r\n") == [b"+ \r\n", b"1 NO wrong\r\n"]
    assert answers(made, b"2 AUTHENTICATE PLAIN\r\n", b"*\r\n") == [b"+ \r\n", b"2 BAD Cancelled\r\n"]
    assert answers(made, b"3 AUTHENTICATE PLAIN AGEAYg==\r\n") == [b"3 OK in\r\n"]


def test_another_way_to_log_in():
    """Who logs in by another way than the program of then is answered as that one was."""
    made = actor("S: * OK\nC: a LOGIN bob bob\nS: a NO wrong\nC: b LOGIN bob bob\nS: b OK in")
    assert answers(made, b"1 AUTHENTICATE PLAIN AGEAYg==\r\n", b"2 AUTHENTICATE PLAIN AGEAYg==\r\n") == [
        b"1 NO wrong\r\n", b"2 OK in\r\n",
    ]  # fmt: skip


def test_what_cannot_be_done_is_not_offered():
    """Where there is no certificate there is no STARTTLS; nothing is deflated, and SCRAM proves nothing."""
    offer = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=SCRAM-SHA-256 AUTH=PLAIN COMPRESS=DEFLATE] ready"
    made = TaggedAnswers(talk_from(f"{offer}\nC: a COMPRESS DEFLATE\nS: a OK", service="imap"), can_secure=False)
    assert made.greet().octets == b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n"
    assert answers(made, b"z COMPRESS DEFLATE\r\n") == [b"z NO Nothing is deflated here\r\n"]


@pytest.mark.parametrize(
    ("extra", "noop", "create"),
    [
        ("451", b"a BAD The record", b"b BAD The record"),
        ("live", b"a OK Done", b"b NO Not done here"),
        ("drop", b"", b""),
    ],
)
def test_what_the_record_does_not_know(extra, noop, create):
    """It is counted, and answered with its tag; everybody may say goodbye."""
    made = actor("S: * OK", extra=extra)
    told = answers(made, b"a NOOP\r\n", b"b CREATE x\r\n")
    assert told[0].startswith(noop)
    assert told[1].startswith(create)
    assert made.unknown == 2
    bye = made.hear(b"c LOGOUT\r\n")
    assert bye.then == "close"
    assert extra == "drop" or bye.octets == b"* BYE Goodbye\r\nc OK Done\r\n"


def test_where_the_record_ends():
    """A server that hung up does so again: with its last word, or without one."""
    assert actor("S: * OK\nC: a NOOP").hear(b"x NOOP\r\n").then == "close"
    gone = actor("S: * OK\nC: a NOOP\nS: a OK\nS: * BYE bored").hear(b"x NOOP\r\n")
    assert (gone.octets, gone.then) == (b"x OK\r\n* BYE bored\r\n", "close")


def test_anything_at_all():
    """Whatever is said, in whatever order, is answered with something."""
    dice = random.Random(5)
    words = [
        b"a",
        b"*",
        b"",
        b"DONE",
        b"x SELECT {3}",
        b"a IDLE",
        b"b AUTHENTICATE PLAIN",
        b"c LOGIN a b",
        b"d UID FETCH 1 (BODY.PEEK[])",
    ]
    for story, name in SPOKEN:
        made = TaggedAnswers(
            talk_of(story, name), extra=dice.choice(["451", "drop", "live"]), can_secure=dice.random() < 0.5
        )
        made.greet()
        for _ in range(60):
            made.hear(dice.choice(words) + b"\r\n")
            made.message()
