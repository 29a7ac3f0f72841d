"""Rules at connections: what is known there, whole talks on real sockets, and that nothing that was acknowledged is lost."""

import asyncio
import random
import ssl

import pytest

from maillab.events import Closed, RulePlayed
from maillab.logbook import Logbook
from maillab.protocols.smtp import SMTP
from maillab.rules.language import parse
from maillab.rules.live import Rules
from maillab.rules.rule import Kind, Stage
from maillab.wire.disturb import Hung, Point
from maillab.wire.disturber import OF_INTAKE, Disturber
from tests.support import run, wait_for
from tests.wire.scripted import client_context
from tests.wire.talking import Talker, door, talk
from tests.wire.test_driver import LOGIN, Hall

ENVELOPE = ("MAIL FROM:<a@a.test>", "RCPT TO:<bob@local.test>")
MESSAGE = b"hello\r\n.\r\n"


def rules(*texts: str) -> Rules:
    """A list of these."""
    return Rules(random.Random(1), map(parse, texts))


def disturber(*texts: str, known=lambda name: ()) -> Disturber:
    """The rules at a connection of SMTP."""
    point = Point(rules(*texts), Logbook(clock=lambda: 0.0), "relay-1", SMTP, "smtp", "local.test")
    return Disturber(point, known, "127.0.0.1", secure=False)


def played(talk: Disturber, line: bytes) -> bool:
    """Is a rule played at this command?"""
    talk.hear(line)
    return bool(talk.ask(Stage.COMMAND))


@pytest.mark.parametrize(
    ("condition", "line", "holds"),
    [
        ("to:bob*", b"RCPT TO:<bob@local.test> NOTIFY=NEVER\r\n", True),
        ("to:bob*", b"rcpt to: bob@local.test\r\n", True),
        ("to:bob*", b"RCPT TO:<carol@local.test>\r\n", False),
        ("to:carol*", b"DATA\r\n", True),
        ("to:dave*", b"DATA\r\n", False),
        ("from:*@a.test", b"MAIL FROM:<x@a.test>\r\n", True),
        ("from:", b"MAIL FROM:<>\r\n", True),
        ("hello:client.test", b"EHLO client.test\r\n", True),
        ("argument:*SIZE=9*", b"MAIL FROM:<x@a.test> SIZE=99\r\n", True),
        ("peer:127.*", b"NOOP\r\n", True),
        ("tls:no", b"NOOP\r\n", True),
        ("tls:yes", b"NOOP\r\n", False),
        ("user:", b"NOOP\r\n", True),
        ("-user:", b"NOOP\r\n", False),
        ("-to:*", b"\xff\xfe\r\n", False),
    ],
)
def test_conditions_ask_what_is_being_said_and_what_was(condition: str, line: bytes, holds: bool) -> None:
    """The argument of the command itself goes before what the dialogue remembers."""
    known = {"to": ("bob@local.test", "carol@local.test"), "from": ("a@a.test",), "hello": ("x",)}
    assert played(disturber(f"at command {condition} drop", known=lambda name: known.get(name, ())), line) is holds


def test_what_is_learned_counts_from_then_on() -> None:
    """A login; TLS."""
    talk = disturber("at noop user:alice* tls:yes drop")
    assert not played(talk, b"NOOP\r\n")
    talk.learn("user", "alice@local.test")
    talk.learn("tls", "yes")
    assert played(talk, b"NOOP\r\n")


@pytest.mark.parametrize(
    ("octets", "code"),
    [(b"250-a\r\n250 b\r\n", "250"), (b"550 5.1.1 no\r\n", "550"), (b"-ERR no\r\n", "-ERR"), (b"", "")],
)
def test_an_answer_is_asked_about_once(octets: bytes, code: str) -> None:
    """When its first octets are about to be said; its code is known."""
    talk = disturber(f"at answer code:{code} delay 1s")
    talk.hear(b"EHLO x\r\n")
    assert [effect.kind for effect in talk.ask_of_answer(octets)] == [Kind.DELAY]
    assert talk.ask_of_answer(b"550 more\r\n") == ()


def test_content_is_slow_and_cut() -> None:
    """Seconds for octets, over all blocks of it."""
    talk = disturber("at content throttle 10/s", "at content truncate 30")
    talk.ask(Stage.CONTENT, OF_INTAKE)
    assert talk.read(20) == 2.0
    with pytest.raises(Hung):
        talk.read(10)


# ── whole talks ──


def codes(replies: list[str]) -> list[str]:
    """Their codes."""
    return [reply[:3] for reply in replies]


@pytest.mark.parametrize(
    ("rule", "lines", "expected"),
    [
        ('at rcpt to:bob* answer 451 4.7.1 "later" once', [ENVELOPE[1]], ["250", "451", "250"]),
        ("at rcpt to:carol* answer 451", [], ["250", "250"]),
        ("at command answer 421", [], ["421", "421"]),
        ("at bdat answer 451", [b"BDAT 6\r\nQUIT\r\n", "BDAT 0 LAST"], ["250", "250", "451", "451"]),
        ("at bdat answer 451 once", [b"BDAT 6\r\nQUIT\r\n", b"BDAT 6 LAST\r\nQUIT\r\n"], ["250", "250", "451", "503"]),
        (
            "at content answer 451 once",
            ["DATA", MESSAGE, "DATA", *ENVELOPE],
            ["250", "250", "354", "451", "503", "250", "250"],
        ),
        (
            "at content to:bob* from:a@a.test answer 552 once",
            [b"BDAT 3 LAST\r\nx\r\n", *ENVELOPE, b"BDAT 3 LAST\r\nx\r\n"],
            ["250", "250", "552", "250", "250", "250"],
        ),
        ("at answer to data garble", ["DATA", MESSAGE], ["250", "250", "354", "250"]),
    ],
)
def test_the_talk_stays_in_order(tmp_path, rule: str, lines: list, expected: list[str]) -> None:
    """What is refused by a rule at content is refused after it was read; the transaction is over (RFC 3030 §2)."""
    replies, _ = talk(tmp_path, *ENVELOPE, *lines, rules=rules(rule))
    assert codes(replies) == expected


def test_a_chunk_that_cannot_be_counted_ends_the_talk(tmp_path) -> None:
    """Also where a rule refuses it: what follows is content, of which nobody knows how much."""

    async def story() -> str:
        async with door(tmp_path, rules=rules("at bdat answer 451")) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE)
            talker.writer.write(b"BDAT x\r\nQUIT\r\n")
            return await talker.rest()

    said = run(story())
    assert (said[:3], said.count("\r\n")) == ("501", 1)


@pytest.mark.parametrize(
    ("rule", "stored", "said"),
    [
        ("at content drop", 0, ""),
        ("at content silence", 0, ""),
        ("at content answer 451", 0, "451"),
        ("at content truncate 10", 0, ""),
        ("at answer to content drop", 1, ""),
        ("at answer to content silence", 1, ""),
        ("at answer to content answer 451", 1, "451"),
        ("at answer to content truncate 2", 1, "25"),
    ],
)
def test_a_message_is_stored_or_not_acknowledged(tmp_path, rule: str, stored: int, said: str) -> None:
    """A rule may hide the 250, never say it for nothing; what was spooled is gone when a message is not taken."""
    spool = tmp_path / "spool"
    spool.mkdir()

    async def story():
        async with door(tmp_path, spool=spool, rules=rules(rule)) as (port, clerk, book, _):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            talker.writer.write(b"y\r\n" * 100_000 + b".\r\n")
            if "silence" in rule:
                await wait_for(book, lambda event: isinstance(event, RulePlayed))
                talker.writer.write(b"NOOP\r\n")
            try:
                said = await talker.reader.readline()
            except ConnectionResetError:  # the server hung up while content was still on its way
                said = b""
            talker.close()
            await wait_for(book, lambda event: isinstance(event, Closed))
            return said.decode(), len(clerk.messages), list(spool.iterdir())

    answer, messages, left = run(story())
    assert (answer[: len(said)], messages, left) == (said, stored, [])
    assert not answer.startswith("250")


def test_pipelined_commands_behind_a_rule_are_not_answered_by_accident(tmp_path) -> None:
    """After a silence the next command ends the talk: its answer would be taken for the one that is missing."""

    async def story():
        async with door(tmp_path, rules=rules("at rcpt silence once")) as (port, clerk, book, _):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            talker.writer.write("\r\n".join([*ENVELOPE, ENVELOPE[1], "BDAT 2 LAST", "x", "QUIT", ""]).encode())
            said = await talker.rest()
            ended = await wait_for(book, lambda event: isinstance(event, Closed))
            return said, clerk.messages, ended.event.why

    said, messages, why = run(story())
    assert (codes(said.split("\r\n")), messages, why) == (["250", ""], [], "unanswered, by a rule")


def test_what_was_said_before_a_rule_hangs_up_is_heard(tmp_path) -> None:
    """Answers that were held back for one segment leave before the connection ends."""

    async def story():
        async with door(tmp_path, rules=rules("at data drop")) as (port, *_):
            talker = await Talker.to(port)
            talker.writer.write("\r\n".join(["EHLO x", *ENVELOPE, "DATA", ""]).encode())
            return await talker.rest()

    assert run(story()).endswith("250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n")


def test_a_rule_is_played_before_the_machine_works(tmp_path) -> None:
    """Who waits because of a rule when the machine is switched off is told so, and the message is not taken."""

    async def story():
        waiting, never = asyncio.Event(), asyncio.Event()

        async def pause(seconds):
            waiting.set()
            await never.wait()

        async with door(tmp_path, rules=rules("at content delay 1h"), pause=pause) as (port, clerk, _, server):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            talker.writer.write(MESSAGE)
            await waiting.wait()
            await server.close()
            return await talker.rest(), clerk.messages

    said, messages = run(story())
    assert (said[:3], messages) == ("421", [])


@pytest.mark.parametrize(
    ("rule", "check"),
    [
        ("at retr truncate 9", lambda said, whole: said == whole[:9]),
        ("at retr fragment 3", lambda said, whole: said == whole),
        ("at answer to retr answer -ERR", lambda said, whole: said == b"-ERR refused on purpose, by a rule\r\n"),
        ('at retr replace "+OK"', lambda said, whole: said == b"+OK\r\n"),
        ("at retr silence", lambda said, whole: said == b""),
    ],
)
def test_a_message_that_is_read_is_disturbed_to_its_end(rule: str, check) -> None:
    """Status, lines and the last dot are one answer; the logbook has what was said."""

    async def retrieved(*texts: str) -> bytes:
        async with Hall() as hall:
            hall.config.rules = rules(*texts)
            said = await hall.talk(LOGIN + b"RETR 1\r\nQUIT\r\n")
            return said.partition(b"octets)\r\n")[2].removesuffix(b"+OK goodbye, 0 deleted\r\n")

    whole = run(retrieved())
    assert whole.endswith(b"\r\n.\r\n")
    assert check(run(retrieved(rule)), whole)


@pytest.mark.parametrize("effect", ["drop", "reset", "stall", "delay 1s"])
def test_a_handshake_from_the_first_octet_is_disturbed(effect: str) -> None:
    """It is a talk of its own; a delay is followed by TLS."""

    async def story() -> list[str]:
        async with Hall(implicit=True, limits={"handshake": 0.2 if effect == "stall" else 10.0}) as hall:
            hall.config.rules = rules(f"at pop3s tls {effect}")
            try:
                reader, writer = await hall.call(ssl=client_context(), server_hostname="mail.recipient.test")
            except (OSError, ssl.SSLError):
                said = b""
            else:
                said = await reader.readline()
                writer.close()
            await hall.closed()
            assert any(isinstance(event, RulePlayed) for event in hall.events)
            return [said[:3].decode(), *(event.why for event in hall.events if isinstance(event, Closed))][:2]

    ends = {"drop": "dropped by a rule", "reset": "reset by a rule", "stall": "TLS begins", "delay 1s": "TLS begins"}
    assert run(story()) == ["+OK" if effect == "delay 1s" else "", ends[effect]]
