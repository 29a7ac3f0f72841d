"""A recorded server's answers, found by state, verb and argument."""

import base64
import random

import pytest

from maillab.events import Leg
from maillab.recording.compare import compare_talks
from maillab.recording.replay_answers import ReplayAnswers, sequence
from maillab.recording.replay_steps import steps
from maillab.recording.talks import talks
from tests.recording.told import talk_from, talk_of, told

TWO = (
    "S: 220 mx\nC: EHLO a.test\nS: 250-mx\nS: 250-AUTH SCRAM-SHA-256 LOGIN PLAIN\nS: 250 STARTTLS\n"
    "C: MAIL FROM:<a@a.test>\nS: 250 2.1.0 ok\nC: RCPT TO:<b@b.test>\nS: 550 5.1.1 no b\nC: RCPT TO:<c@b.test>\nS: 250 2.1.5 c\n"
    "C: DATA\nS: 354 go\nMESSAGE Subject: x\nC: .\nS: 451 4.3.0 later\nC: QUIT\nS: 221 bye"
)


def ask(actor, line):
    return actor.hear(line.encode() + b"\r\n")


def test_answers_are_found_by_argument():
    """Recipients in another order get their own answers; a stranger gets the next one."""
    actor = ReplayAnswers(talk_from(TWO))
    assert actor.greet().octets == b"220 mx\r\n"
    ask(actor, "EHLO other.test")
    ask(actor, "mail from:<A@A.test> SIZE=3")
    assert ask(actor, "RCPT TO:<c@b.test>").octets == b"250 2.1.5 c\r\n"
    assert ask(actor, "RCPT TO:<d@b.test>").octets == b"550 5.1.1 no b\r\n"
    assert actor.unknown == 0
    assert ask(actor, "RCPT TO:<e@b.test>").octets.startswith(b"451")
    assert actor.unknown == 1


def test_a_message_is_refused_as_then():
    """DATA asks for a message, and the message gets the recorded 451."""
    actor = ReplayAnswers(talk_from(TWO))
    for line in ("EHLO a.test", "MAIL FROM:<a@a.test>", "RCPT TO:<c@b.test>"):
        ask(actor, line)
    assert ask(actor, "DATA").then == "message"
    assert actor.message().octets == b"451 4.3.0 later\r\n"
    assert ask(actor, "QUIT").then == "close"


def test_an_offer_that_can_be_kept():
    """SCRAM is not offered, since nobody here knows the password; STARTTLS only with a certificate."""
    offer = ask(ReplayAnswers(talk_from(TWO)), "EHLO a.test").octets
    assert offer == b"250-mx\r\n250-AUTH LOGIN PLAIN\r\n250 STARTTLS\r\n"
    offer = ask(ReplayAnswers(talk_from(TWO), can_secure=False), "EHLO a.test").octets
    assert offer == b"250-mx\r\n250 AUTH LOGIN PLAIN\r\n"
    only_scram = talk_from("S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 AUTH SCRAM-SHA-256")
    assert ask(ReplayAnswers(only_scram), "EHLO a").octets == b"250 mx\r\n"


@pytest.mark.parametrize(
    ("extra", "octets", "then"), [("451", b"451", ""), ("drop", b"", "close"), ("live", b"252", "")]
)
def test_extra(extra, octets, then):
    """What the record does not know is refused for now, dropped, or answered like a strict server."""
    reaction = ask(ReplayAnswers(talk_from(TWO), extra=extra), "VRFY bob")
    assert reaction.octets.startswith(octets)
    assert reaction.then == then


def test_the_record_and_the_strict_server_agree():
    """Of the kind: one side recorded, the other live. What the record took and offered holds for what comes after."""
    actor = ReplayAnswers(
        talk_from("S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 AUTH PLAIN LOGIN\nC: MAIL FROM:<a@a.test>\nS: 250 ok"),
        extra="live",
    )
    said = ["EHLO a", "AUTH LOGIN", "YQ==", "Yg==", "MAIL FROM:<a@a.test>", "RCPT TO:<b@b.test>", "DATA"]
    assert [ask(actor, line).octets[:3] for line in said] == [b"250", b"334", b"334", b"235", b"250", b"250", b"354"]
    assert actor.message().octets[:3] == b"250"
    mailbox = ReplayAnswers(talk_of("seven-steps", "retrieve-1"), extra="live")
    for line in ("USER bob@recipient.test", "PASS x"):
        ask(mailbox, line)
    assert ask(mailbox, "STAT").octets.startswith(b"+OK 1 ")
    assert ask(mailbox, "DELE 1").octets == b"+OK deleted\r\n"
    assert ask(mailbox, "STAT").octets == b"+OK 0 0\r\n"


@pytest.mark.parametrize("line", ["BDAT", "BDAT x", "BDAT 5 LASTx", "DATA x"])
def test_no_content_follows_what_the_ear_would_not_hear(line):
    """Of the kind: two readers of one stream. Where the ear expects a command next, so does the server."""
    actor = ReplayAnswers(talk_from(TWO), extra="live")
    for before in ("EHLO a.test", "MAIL FROM:<a@a.test>", "RCPT TO:<c@b.test>"):
        ask(actor, before)
    reaction = ask(actor, line)
    assert (reaction.octets[:3], reaction.then) == (b"501", "")


def test_chunks_that_the_ear_hears():
    """However the blanks are, as many octets are content as the ear takes for content."""
    for line in ("BDAT 5", "bdat 5 LAST", "BDAT\t5", "BDAT  5 last "):
        reaction = ask(ReplayAnswers(talk_from(TWO), extra="live"), line)
        assert (reaction.then, reaction.chunk) == ("chunk", 5)


def test_quit_is_always_answered():
    """QUIT that the record does not know is a goodbye all the same."""
    reaction = ask(ReplayAnswers(talk_from("S: 220 mx")), "QUIT")
    assert (reaction.octets[:3], reaction.then) == (b"221", "close")


def test_a_record_that_breaks_off():
    """Where the recorded server hung up, this one does."""
    actor = ReplayAnswers(talk_from("S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@a.test>"))
    ask(actor, "EHLO a")
    assert ask(actor, "MAIL FROM:<a@a.test>").then == "close"


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        (["AUTH PLAIN AGEAYg=="], [b"235"]),
        (["AUTH PLAIN", "AGEAYg=="], [b"334", b"235"]),
        (["AUTH LOGIN", "YQ==", "Yg=="], [b"334", b"334", b"235"]),
        (["AUTH LOGIN YQ==", "Yg=="], [b"334", b"235"]),
        (["AUTH CRAM-MD5", "YSAx"], [b"334", b"235"]),
        (["AUTH LOGIN", "*"], [b"334", b"501"]),
    ],
)
def test_logins(lines, answers):
    """A login by any mechanism ends as the recorded one did."""
    talk = talk_from("S: 220 mx\nC: EHLO a\nS: 250 mx\nC: AUTH PLAIN AGEAYg==\nS: 235 in")
    actor = ReplayAnswers(talk)
    assert [ask(actor, line).octets[:3] for line in lines] == answers


def test_a_login_refused_at_once():
    """A server that refused AUTH before any password refuses it so again; one that refused the password, then."""
    early = ReplayAnswers(talk_from("S: 220 mx\nC: AUTH LOGIN\nS: 538 encrypt first"))
    assert ask(early, "AUTH LOGIN").octets.startswith(b"538")
    late = ReplayAnswers(
        talk_from("S: 220 mx\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC? YQ==\nS: 334 UGFzc3dvcmQ6\nC? YQ==\nS: 535 no")
    )
    assert base64.b64decode(ask(late, "AUTH LOGIN").octets[4:]) == b"Username:"
    assert ask(late, "YQ==").octets.startswith(b"334")
    assert ask(late, "YQ==").octets.startswith(b"535")


def test_pop3():
    """A mailbox plays itself: any password, the recorded list, the recorded message, as often as it is asked for."""
    actor = ReplayAnswers(talk_of("seven-steps", "retrieve-1"))
    assert actor.greet().octets.startswith(b"+OK")
    for line in ("USER bob@recipient.test", "PASS whatever"):
        assert ask(actor, line).octets.startswith(b"+OK")
    for _ in range(2):
        reaction = ask(actor, "RETR 1")
        assert reaction.octets.endswith(b"\r\n.\r\n")
        assert b"Hello from the laboratory" in reaction.contents[0].whole()
    assert ask(actor, "DELE 1").octets.startswith(b"-ERR [SYS/TEMP]")


def test_tls_forgets():
    """After TLS the answers of inside TLS are given."""
    actor = ReplayAnswers(talk_of("seven-steps", "submit-1"))
    assert b"AUTH" not in ask(actor, "EHLO a.test").octets
    assert ask(actor, "STARTTLS").then == "tls"
    actor.secured()
    assert b"250-AUTH CRAM-MD5 PLAIN LOGIN\r\n" in ask(actor, "EHLO a.test").octets


def test_sequence():
    """A stand-in plays the talks of one leg, or the one that was named."""
    found = talks(told("bounce"))
    assert {talk.leg for talk in sequence(found)} == {Leg.SUBMIT}
    assert [talk.name for talk in sequence(found, "relay-1")] == ["relay-1"]
    with pytest.raises(LookupError):
        sequence(found, "relay-9")
    with pytest.raises(LookupError):
        sequence([])


def test_whatever_was_recorded_and_whatever_is_said():
    """Records in any disorder and clients that say anything meet with answers, never with an error."""
    dice = random.Random(1)
    words = [
        b"EHLO a",
        b"AUTH PLAIN",
        b"AUTH LOGIN x",
        b"*",
        b"",
        b"\xff\x00",
        b"BDAT 9",
        b"BDAT",
        b"DATA",
        b"USER",
        b"RETR 1",
        b"PASS x",
    ]
    for _ in range(60):
        entries = [entry for entry in told("seven-steps") if dice.random() < 0.8]
        if dice.random() < 0.5:
            dice.shuffle(entries)
        for talk in talks(entries):
            actor = ReplayAnswers(talk, extra=dice.choice(["451", "drop", "live"]), can_secure=dice.random() < 0.5)
            actor.greet()
            for _ in range(20):
                actor.hear(dice.choice(words) + b"\r\n")
                if dice.random() < 0.2:
                    actor.message()
            if talk.protocol != "dns":
                steps(talk)
            compare_talks(talk, talks(told("seven-steps"))[0])


def test_what_no_stand_in_plays():
    """A look-up: whoever asks a name server asks it by UDP."""
    with pytest.raises(LookupError):
        sequence([talk_of("seven-steps", "lookup-1")])
    assert sequence([talk_of("seven-steps", "lookup-1"), talk_of("seven-steps", "retrieve-1")])[0].service == "pop3"
