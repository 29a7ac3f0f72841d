"""The SMTP server on one connection, from outside, octet for octet."""

import asyncio
import contextlib
import smtplib
import socket
import ssl
import struct

import pytest

from maillab.events import Closed, Said, Stumbled, Tolerated, Warned
from maillab.mail.address import Address
from maillab.mail.reply import Reply, refused
from maillab.wire.faults import DROP, Fault, Faults
from maillab.wire.limits import Limits
from maillab.wire.smtp import VERBS
from maillab.wire.tls import Authority
from tests.support import longest_turn, settled, wait_for
from tests.wire.talking import Clerk, Everyone, Talker, door, talk

ENVELOPE = ("MAIL FROM:<a@a.test>", "RCPT TO:<b@local.test>")


def codes(replies):
    return [reply[:3] for reply in replies]


def test_a_message_is_taken_as_it_was_said(tmp_path):
    """The content behind DATA reaches the machine unstuffed, octet for octet, with its envelope."""
    replies, clerk = talk(tmp_path, *ENVELOPE, "DATA", b"Subject: x\r\n\r\n..\r\n..a\r\n\xff\r\n.\r\n", "QUIT")
    assert codes(replies) == ["250", "250", "354", "250", "221"]
    envelope, content = clerk.messages[0]
    assert content == b"Subject: x\r\n\r\n.\r\n.a\r\n\xff\r\n"
    assert envelope.sender == Address("a", "a.test")
    assert [str(recipient.address) for recipient in envelope.recipients] == ["b@local.test"]


def test_the_textbook_dialogue_is_borne_and_remarked_upon(tmp_path):
    """HELO alone, paths without brackets, bare LF: a person's dialogue works, and each liberty is named once."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, _):
            talker = await Talker.to(port)
            said = [
                b"HELO\n",
                b"MAIL FROM: sender@example.com\n",
                b"RCPT TO: b@local.test\n",
                b"DATA\n",
                b"hi\n\n..\n.\n",
                b"QUIT\n",
            ]
            replies = [await talker.say(line) for line in said]
            rules = [entry.event.rule for entry in book.since(0) if isinstance(entry.event, Tolerated)]
            return replies, clerk.messages, rules

    replies, messages, rules = asyncio.run(story())
    assert codes(replies) == ["250", "250", "250", "354", "250", "221"]
    assert messages[0][1] == b"hi\r\n\r\n.\r\n"
    assert len(rules) == len(set(rules)) == 4


def test_strict_doors_bear_nothing_of_that(tmp_path):
    """A strict door refuses a bare LF, a path without brackets, and HELO alone."""
    replies, _ = talk(tmp_path, "HELO", "MAIL FROM: a@a.test", b"NOOP\n", classroom=False)
    assert codes(replies) == ["501", "501", "500"]


def test_after_one_crlf_a_bare_lf_is_no_line_end(tmp_path):
    """A client that ever sent CRLF is a program: its bare LF is refused, and after three it is shown out (T094)."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            replies = [await talker.say("EHLO x"), await talker.say(b"NOOP\n"), await talker.say(b"NO\rOP\r\n")]
            return codes(replies), await talker.say(b"NOOP \x00\r\n"), await talker.rest()

    replies, last, rest = asyncio.run(story())
    assert replies == ["250", "500", "500"]
    assert last[:3] == "421"
    assert rest == ""


@pytest.mark.parametrize(
    "sequence",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r.\r",
        b"\r.\n",
        b"\r.\r\n",
        b"\n.\r",
        b"\r\n.\r",
        b"\r\n.\r\r\n",
        b"\r\r\n.\r\r\n",
    ],
)  # T080-T089
def test_no_second_message_is_smuggled_in(tmp_path, sequence):
    """Each sequence gives one final reply, 550 5.6.11, nothing is stored, and the connection goes on."""
    inner = b"MAIL FROM:<z@a.test>\r\nRCPT TO:<v@local.test>\r\nDATA\r\nS: x\r\n\r\nevil\r\n.\r\n"
    replies, clerk = talk(tmp_path, *ENVELOPE, "DATA", b"Subject: 1\r\n\r\nhi" + sequence + inner, "NOOP")
    assert replies[3].startswith("550 5.6.11")
    assert replies[4][:3] == "250"
    assert clerk.messages == []


def test_legal_pipelining_of_two_messages(tmp_path):
    """CRLF.CRLF ends a message, and the next may follow in the same segment (T079)."""

    async def story():
        async with door(tmp_path) as (port, clerk, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            one = b"MAIL FROM:<a@a.test>\r\nRCPT TO:<b@local.test>\r\nDATA\r\nx\r\n.\r\n"
            talker.writer.write(one + one + b"QUIT\r\n")
            return [(await talker.hear())[:3] for _ in range(9)], len(clerk.messages)

    assert asyncio.run(story()) == (["250", "250", "354", "250"] * 2 + ["221"], 2)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["MAIL FROM:<a@a.test>", "MAIL FROM:<a@a.test>"], "503"),
        (["RCPT TO:<b@local.test>"], "503"),
        (["DATA"], "503"),
        ([ENVELOPE[0], "DATA"], "503"),
        ([*ENVELOPE, "DATA now"], "501"),
        ([*ENVELOPE, "RSET", "DATA"], "503"),
        ([*ENVELOPE, "EHLO again", "DATA"], "503"),
        ([*ENVELOPE, "BDAT 0", "DATA"], "503"),  # T097
        (["FOO"], "500"),
        (["X\x1b[31mEVIL\x07"], "500"),  # T102
        (["STARTTLS"], "502"),
        (["AUTH PLAIN"], "502"),
        (["VRFY bob"], "252"),
        (["VRFY"], "501"),
        (["EXPN "], "501"),
        (["RSET x"], "501"),
        (["NOOP\t"], "250"),  # RFC 5321 section 4.1.1: blanks at the end are borne
        (["NOOP x y"], "250"),
        (["QUIT\t "], "221"),
        (["", " ", "\t", "NOOP"], "250"),  # an empty line is an error, and no reason to hang up
        (["MAIL FROM:<@>"], "501"),
        (["EXPN staff"], "252"),  # T128
        (["HELP"], "214"),
        (["MAIL FROM:<a@a.test> SIZE=26214401"], "552"),
        (["MAIL FROM:<a@a.test> SIZE=26214400"], "250"),
        (["MAIL FROM:<>"], "250"),
        ([ENVELOPE[0], "RCPT TO:<>"], "501"),  # T149
        ([ENVELOPE[0], "RCPT TO:<postmaster>"], "250"),  # T150
        ([ENVELOPE[0], "RCPT TO:<=?utf-8?q?vv=40evil.test=0d=20?=@local.test>"], "553"),  # T136
    ],
)
def test_every_state_has_its_answer(tmp_path, lines, expected):
    """What comes at the wrong moment or in the wrong words has the code that RFC 5321 names."""
    replies, _ = talk(tmp_path, *lines)
    assert replies[-1][:3] == expected
    assert "\x1b" not in replies[-1]


HOST_NAMES = ["my_app_1", "host.example.test.", "PC Hai", "MÁY-TÍNH", "-", "a..b", 'Hải\'s "PC" (home)']


def heard(tmp_path, *lines, **options):
    """Say lines; gives the codes of their replies, the messages taken, the rules that were bent."""

    async def story():
        async with door(tmp_path, **options) as (port, clerk, book, _):
            talker = await Talker.to(port)
            replies = [await talker.say(line) for line in lines]
            rules = [entry.event.why for entry in book.since(0) if isinstance(entry.event, Tolerated)]
            return replies, clerk.messages, rules

    return asyncio.run(story())


@pytest.mark.parametrize("name", HOST_NAMES)
def test_what_computers_are_really_called_is_borne_in_classrooms(tmp_path, name):
    """A name that is no host's is taken with the rule, as Postfix takes it; a strict door refuses it."""
    replies, _, rules = heard(tmp_path, f"EHLO {name}", f"HELO {name}")
    assert codes(replies) == ["250", "250"]
    assert len(rules) == 1
    assert "host's name" in rules[0]
    assert codes(heard(tmp_path, f"EHLO {name}", classroom=False)[0]) == ["501"]


def test_a_name_alone_is_somebody_of_this_site(tmp_path):
    """`<Alice>` is taken for Alice of the door's domain, as Postfix completes it, and remarked upon once."""
    lines = ["HELO Alice", "MAIL FROM: <Alice>", "RCPT TO: <bob>", "RCPT TO:carol", "DATA", b"x\r\n.\r\n"]
    replies, messages, rules = heard(tmp_path, *lines)
    assert codes(replies) == ["250", "250", "250", "250", "354", "250"]
    envelope = messages[0][0]
    assert envelope.sender == Address("Alice", "local.test")
    assert [str(recipient.address) for recipient in envelope.recipients] == ["bob@local.test", "carol@local.test"]
    assert sum("domain" in rule for rule in rules) == 1

    strict, *_ = heard(tmp_path, lines[0], "MAIL FROM:<Alice>", "MAIL FROM:<>", "RCPT TO:<bob>", classroom=False)
    assert codes(strict) == ["250", "501", "250", "501"]


def test_what_only_looks_like_a_name_alone_stays_refused(tmp_path):
    """Completing is for local parts: no other wrong address becomes right, and no way to another host."""
    wrong = ["<a b>", "<a@b@c>", "<.a>", "<a@>", "<=?utf-8?q?vv=40evil.test?=>", "<a,b>", "<(x)a>"]
    wrong += ['<"victim@evil.test">', "<victim%evil.test>", '<"victim%evil.test">', "<evil.test!victim>"]  # T131, T135
    replies, *_ = heard(tmp_path, "EHLO x", *(f"MAIL FROM:{path}" for path in wrong))
    assert {code[:2] for code in codes(replies[1:])} == {"50", "55"}


LF_MESSAGE = b"Subject: x\n\nhi\n.\nmore\n\r\n.\r\n"


def test_a_message_of_bare_lfs_is_stored_with_crlf_in_classrooms(tmp_path):
    """A program that speaks CRLF and sends a file of LFs (curl -T) is borne, with the rule; its dots end nothing."""
    replies, messages, rules = heard(tmp_path, "EHLO x", *ENVELOPE, "DATA", LF_MESSAGE, "NOOP")
    assert codes(replies[-3:]) == ["354", "250", "250"]
    assert [content for _, content in messages] == [b"Subject: x\r\n\r\nhi\r\n.\r\nmore\r\n\r\n"]
    assert len(rules) == 1
    assert "--crlf" in rules[0]


def test_a_message_of_bare_lfs_is_refused_by_a_strict_door_with_a_hint(tmp_path):
    """A strict door says what is wrong, and how curl does it right."""
    replies, messages, _ = heard(tmp_path, "EHLO x", *ENVELOPE, "DATA", LF_MESSAGE, "NOOP", classroom=False)
    assert replies[-2].startswith("550 5.6.11")
    assert "--crlf" in replies[-2]
    assert (replies[-1][:3], messages) == ("250", [])


ODD = {
    "long-line": (b"Subject: x\r\n\r\n" + b"a" * 999 + b"\r\n.\r\n", "998"),
    "nul": (b"Subject: x\r\n\r\na\x00b\r\n.\r\n", "NUL"),
    "eight-bit": (b"Subject: x\r\n\r\ncaf\xc3\xa9\r\n.\r\n", "8BITMIME"),
}


@pytest.mark.parametrize("odd", ODD)
def test_content_that_not_every_server_takes(tmp_path, odd):
    """Lines over 998 octets, NUL, 8-bit that was not announced: a classroom remarks and keeps the octets; strict refuses."""
    content, word = ODD[odd]
    replies, messages, rules = heard(tmp_path, "EHLO x", *ENVELOPE, "DATA", content)
    assert replies[-1].startswith("250")
    [(envelope, octets)] = messages
    assert octets == content[:-3]
    assert envelope.eight_bit is (odd == "eight-bit")  # so that the next server is told
    assert [word in rule for rule in rules] == [True]

    replies, messages, rules = heard(tmp_path, "EHLO x", *ENVELOPE, "DATA", content, "NOOP", classroom=False)
    assert replies[-2].startswith("550 5.6.0")
    assert (messages, rules, replies[-1][:3]) == ([], [], "250")


def test_eight_bit_that_was_announced(tmp_path):
    """Nobody remarks upon what was said beforehand."""
    mail = [ENVELOPE[0] + " BODY=8BITMIME", *ENVELOPE[1:]]
    for classroom in (True, False):
        _, messages, rules = heard(tmp_path, "EHLO x", *mail, "DATA", ODD["eight-bit"][0], classroom=classroom)
        assert (len(messages), rules) == (1, [])


@pytest.mark.parametrize(
    "line",
    [b"BDAT 6\n", b"BDAT 6 \x00\r\n", b"bdat\t6 FIRST\r\n", b"BDAT 6 \xff\r\n", b"BDAT 6" + b" " * 600 + b"\r\n"],
)
def test_no_chunk_is_ever_obeyed(tmp_path, line):
    """The kind: the next command is never read from content. A BDAT that cannot be read ends the talk."""

    async def story():
        async with door(tmp_path) as (port, clerk, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE)
            talker.writer.write(line + b"QUIT\r\n")
            return await talker.rest(), clerk.messages

    said, messages = asyncio.run(story())
    assert said[:2] == "50"
    assert (said.count("\r\n"), messages) == (1, [])


@pytest.mark.parametrize(
    ("faults", "lines", "expected"),
    [
        ([Fault("BDAT", 451)], [b"BDAT 6\r\nQUIT\r\n", "BDAT 0 LAST"], ["451", "451"]),
        ([Fault("BDAT", 451, times=1)], [b"BDAT 6\r\nQUIT\r\n", b"BDAT 6 LAST\r\nQUIT\r\n"], ["451", "503"]),
        ([Fault(".", 451, times=1)], ["DATA", b"x\r\n.\r\n", "DATA", *ENVELOPE], ["354", "451", "503", "250", "250"]),
        ([Fault(".", 552, times=1)], [b"BDAT 3 LAST\r\nx\r\n", *ENVELOPE, b"BDAT 3 LAST\r\nx\r\n"], ["552", "250", "250", "250"]),
    ],
)  # fmt: skip
def test_faults_leave_the_talk_in_order(tmp_path, faults, lines, expected):
    """A fault at content is said after the content was read, and the transaction is over (RFC 3030 section 2)."""
    replies, _ = talk(tmp_path, *ENVELOPE, *lines, faults=Faults(faults))
    assert codes(replies[2:]) == expected


@pytest.mark.parametrize("code", [DROP, 451])
def test_a_fault_at_the_dot_keeps_nothing_on_disk(tmp_path, code):
    """What was spooled of a message is gone when the fault is played."""
    spool = tmp_path / "spool"
    spool.mkdir()

    async def story():
        async with door(tmp_path, spool=spool, faults=Faults([Fault(".", code)])) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            talker.writer.write(b"y\r\n" * 100_000 + b".\r\nQUIT\r\n")
            await talker.rest()
            return list(spool.iterdir())

    assert asyncio.run(story()) == []


def test_the_last_word_is_heard_by_who_is_still_sending(tmp_path):
    """After 100 pipelined NOOPs the 421 arrives, because the door lingers over what was sent behind them."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            for _ in range(20):
                talker.writer.write(b"NOOP\r\n" * 10_000)
            with contextlib.suppress(ConnectionError):
                return (await talker.rest()).split("\r\n")[-2:]

    said = asyncio.run(story())
    assert said is not None
    assert said[0].startswith("421 4.7.0")


def test_no_block_of_commands_holds_up_the_loop(tmp_path):
    """The kind: work per block without a pause. Whatever a client sends in one block, others wait at most 100 ms."""
    blocks = [
        b"NOOP\r\n" * 10_900,
        b"\r\n" * 32_000,
        b"\n" * 65_000,
        b"".join([b"EHLO x\r\n", b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n" * 2_500]),
        b"EHLO x\r\n" + b"MAIL FROM:<a@a.test>\r\nRSET\r\n" * 2_000,
        b"QUIT\r\n" + b"AUTH PLAIN x\r\n" * 4_000,
        b"".join([b"EHLO x\r\n", b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n", b"BDAT 1\r\nx" * 6_000]),
    ]

    async def say(port, block):
        talker = await Talker.to(port)
        talker.writer.write(block)
        talker.writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await talker.rest()

    async def story():
        async with door(tmp_path) as (port, *_):
            return [await longest_turn(say(port, block)) for block in blocks]

    assert max(asyncio.run(story())) < 0.1


def test_a_refused_message_leaves_little_in_the_record(tmp_path):
    """A message beyond the limit is recorded only as far as memory holds it, however long it goes on."""

    async def story():
        async with door(tmp_path, limits=Limits(message=1_000_000)) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            for _ in range(60):
                talker.writer.write(b"0123456789abcd\r\n" * 8192)
                await talker.writer.drain()
            said = await talker.say(b".\r\n")
            warned = [entry.event.text for entry in book.since(0) if isinstance(entry.event, Warned)]
            return said[:3], warned, sum(path.stat().st_size for path in tmp_path.iterdir())

    said, warned, octets = asyncio.run(story())
    assert said == "552"
    assert "only the first 262144 octets" in warned[0]
    assert octets == 262_144


def test_nothing_before_hello(tmp_path):
    """A transaction needs a greeting first."""

    async def story():
        async with door(tmp_path) as (port, *_):
            return await (await Talker.to(port)).say("MAIL FROM:<a@a.test>")

    assert asyncio.run(story()).startswith("503")


def test_advertised_is_what_works(tmp_path):
    """EHLO names what works now: without TLS and people neither STARTTLS nor AUTH; HELP names every verb there is."""
    replies, _ = talk(tmp_path, "EHLO again", "HELP")
    keywords = [line[4:].split()[0] for line in replies[0].split("\n")[1:]]
    assert keywords == [
        "PIPELINING",
        "SIZE",
        "ENHANCEDSTATUSCODES",
        "8BITMIME",
        "SMTPUTF8",
        "CHUNKING",
        "DSN",
        "LIMITS",
        "HELP",
    ]
    assert set(VERBS) <= set(replies[1].split())


def test_extensions_do_what_they_promise(tmp_path):
    """8BITMIME, SMTPUTF8 and the DSN parameters arrive in the envelope, in their case."""
    replies, clerk = talk(
        tmp_path,
        "MAIL FROM:<nguyễn@a.test> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=Ab+2B3",
        "RCPT TO:<b@local.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;B@local.test",
        "DATA",
        "Subject: Chào\r\n\r\n.".encode() + b"\r\n",
    )
    assert codes(replies) == ["250", "250", "354", "250"]
    envelope, _ = clerk.messages[0]
    assert (envelope.eight_bit, envelope.smtputf8, envelope.ret, envelope.envid) == (True, True, "HDRS", "Ab+2B3")
    assert envelope.recipients[0].notify == ("SUCCESS", "DELAY")
    assert envelope.recipients[0].orcpt == "rfc822;B@local.test"


def test_reports_are_not_taken_where_none_are_made(tmp_path):
    """A door without delivery reports neither offers DSN nor takes its parameters."""
    lines = [
        "EHLO x",
        "MAIL FROM:<a@a.test> RET=HDRS",
        ENVELOPE[0],
        "RCPT TO:<b@local.test> NOTIFY=SUCCESS",
        ENVELOPE[1],
    ]
    replies, _ = talk(tmp_path, *lines, dsn=False)
    assert "DSN" not in replies[0]
    assert codes(replies[1:]) == ["555", "250", "555", "250"]


def test_chunks_are_counted_not_searched(tmp_path):
    """BDAT takes exactly so many octets; a dot on its own line is data (T097)."""
    replies, clerk = talk(tmp_path, *ENVELOPE, b"BDAT 7\r\na\r\n.\r\nb", b"BDAT 2 LAST\r\n\r\n", "NOOP")
    assert codes(replies) == ["250", "250", "250", "250", "250"]
    assert clerk.messages[0][1] == b"a\r\n.\r\nb\r\n"


def test_refused_chunks_are_read_all_the_same(tmp_path):
    """The octets of a chunk that is not wanted are never taken for commands (T096, T097)."""
    replies, clerk = talk(
        tmp_path, b"BDAT 6 LAST\r\nQUIT\r\n", "MAIL FROM:<a@a.test>", b"BDAT 6\r\nRSET\r\n", "RCPT TO:<b@local.test>"
    )
    assert codes(replies) == ["503", "250", "503", "250"]
    assert clerk.messages == []


def test_a_chunk_of_unknown_size_ends_the_talk(tmp_path):
    """When nobody knows how much follows, nothing behind it is obeyed (T096)."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            return await talker.say(b"BDAT five LAST\r\nQUIT\r\n"), await talker.rest()

    reply, rest = asyncio.run(story())
    assert (reply[:3], rest) == ("501", "")


def test_a_chunk_that_nobody_can_mean_ends_the_talk(tmp_path):
    """A chunk a little too large is read and refused; one of twenty digits is not waited for (T097)."""
    small = Limits(message=10)
    replies, _ = talk(tmp_path, *ENVELOPE, b"BDAT 12 LAST\r\n1234567890\r\n", "NOOP", limits=small)
    assert codes(replies[2:]) == ["552", "250"]

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            return await talker.say("BDAT 99999999999999999999 LAST"), await talker.rest()

    reply, rest = asyncio.run(story())
    assert (reply[:3], rest) == ("552", "")


def test_bare_line_ends_in_chunks_are_refused_too(tmp_path):
    """What would have to be changed on the next hop is refused here."""
    replies, clerk = talk(tmp_path, *ENVELOPE, b"BDAT 4 LAST\r\na\nb\n")
    assert replies[-1].startswith("550 5.6.11")
    assert clerk.messages == []


def test_line_limits_hold_at_the_octet(tmp_path):
    """512 octets with CRLF is a command, 513 is none; MAIL with its extensions may be longer (RFC 5321 §4.5.3.1.4, T100)."""
    fits = b"NOOP " + b"x" * (512 - 7) + b"\r\n"
    replies, _ = talk(
        tmp_path,
        fits,
        b"NOOP " + b"x" * (513 - 7) + b"\r\n",
        b"MAIL FROM:<a@a.test> ENVID=" + b"x" * 100 + b" " * 400 + b"\r\n",
    )
    assert codes(replies) == ["250", "500", "250"]


def test_a_line_without_end_ends_the_talk(tmp_path):
    """Octets that never become a line are not listened to, and not written down, for ever (T100)."""

    async def story():
        async with door(tmp_path) as (port, _clerk, book, _server):
            talker = await Talker.to(port)
            with contextlib.suppress(ConnectionError):
                for _ in range(40):
                    talker.writer.write(b"x" * 65_536)
                    await talker.writer.drain()
            with contextlib.suppress(ConnectionError):
                await talker.rest()
            return sum(len(entry.event.line) for entry in book.since(0) if isinstance(entry.event, Said))

    assert asyncio.run(story()) < 2_000_000


def test_an_unfinished_message_leaves_nothing_in_the_spool(tmp_path):
    """A client that goes away in the middle of a large message takes its spool file with it."""
    spool = tmp_path / "spool"
    spool.mkdir()

    async def story():
        async with door(tmp_path, spool=spool) as (port, _clerk, book, server):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            talker.writer.write((b"y" * 70 + b"\r\n") * 10_000 + b"\n.\n")
            await wait_for(book, lambda event: isinstance(event, Warned))  # of the lonely dot: all has been read
            assert list(spool.iterdir())
            talker.writer.transport.abort()
            async with asyncio.timeout(10):
                await server._empty.wait()
            await asyncio.sleep(0)
            return list(spool.iterdir())

    assert asyncio.run(story()) == []


def test_recipients_messages_errors_and_junk_have_limits(tmp_path):
    """Each limit holds at the count and not before (T103, T104, T109)."""
    few = Limits(recipients=2, messages=1, errors=2, junk=3)

    replies, _ = talk(tmp_path, *ENVELOPE, "RCPT TO:<c@local.test>", "RCPT TO:<d@local.test>", limits=few)
    assert codes(replies) == ["250", "250", "250", "452"]

    replies, _ = talk(tmp_path, *ENVELOPE, "DATA", b".\r\n", "MAIL FROM:<a@a.test>", limits=few)
    assert codes(replies) == ["250", "250", "354", "250", "421"]

    replies, _ = talk(tmp_path, "FOO", "FOO", "FOO", limits=few)
    assert codes(replies) == ["500", "500", "421"]

    replies, _ = talk(tmp_path, "NOOP", "NOOP", "NOOP", limits=few)  # EHLO was the first
    assert codes(replies) == ["250", "250", "421"]


def test_size_limit_holds_at_the_octet(tmp_path):
    """A message of exactly the limit is taken, one octet more is 552, and the rest is no command (T093)."""
    small = Limits(message=10)
    replies, clerk = talk(
        tmp_path,
        *ENVELOPE,
        "DATA",
        b"12345678\r\n.\r\n",
        *ENVELOPE,
        "DATA",
        b"123456789\r\n.\r\n",
        "NOOP",
        limits=small,
    )
    assert codes(replies) == ["250", "250", "354", "250", "250", "250", "354", "552", "250"]
    assert len(clerk.messages) == 1


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space", "/secret/path"), ValueError("x\r\n250 OK"), TimeoutError(), RecursionError()]
)
def test_our_own_faults_are_451_with_a_reference(tmp_path, fault):
    """No fault of ours shows its text on the wire: the client gets 451 and a reference, the logbook the truth (T101)."""
    clerk = Clerk()
    clerk.fault = fault

    async def story():
        async with door(tmp_path, reception=clerk) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            replies = [await talker.say(line) for line in (*ENVELOPE, "DATA", b"x\r\n.\r\n", "NOOP")]
            return replies, [entry.event for entry in book.since(0) if isinstance(entry.event, Stumbled)]

    replies, stumbles = asyncio.run(story())
    assert replies[3] == "451 4.3.0 Something failed here, not with you; reference ref-1"
    assert replies[4][:3] == "250"
    assert stumbles[0].reference == "ref-1"
    assert type(fault).__name__ in stumbles[0].what


def test_a_machine_may_refuse_a_message(tmp_path):
    """What the machine refuses at the end of a message is said as it said it."""
    clerk = Clerk()
    clerk.fault = refused(452, "4.3.1", "Disk full")
    replies, _ = talk(tmp_path, *ENVELOPE, "DATA", b"x\r\n.\r\n", reception=clerk)
    assert replies[-1] == "452 4.3.1 Disk full"


@pytest.mark.parametrize(
    "first",
    [b"POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\n", b"CONNECT x:25 HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01\n"],
)
def test_strangers_to_smtp_get_one_reply(tmp_path, first):
    """A browser or a TLS hello on a plain port is answered once, and nothing behind it is obeyed (T111)."""

    async def story():
        async with door(tmp_path) as (port, *_):
            return await (await Talker.to(port)).say(first), await (await Talker.to(port)).say(first)

    async def all_said():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            talker.writer.write(first)
            return await talker.rest()

    assert asyncio.run(all_said()).count("\r\n") == 1
    assert asyncio.run(story())[0].startswith("500")


def test_faults_are_played_and_told(tmp_path):
    """A door told to misbehave does so at the verb, as often as it was told, and drops without a word."""
    replies, _clerk = talk(
        tmp_path, *ENVELOPE, "RCPT TO:<b@local.test>", faults=Faults([Fault("RCPT", 451, "4.7.1", "later", 1)])
    )
    assert replies[1:] == ["451 4.7.1 later", "250 2.1.5 Recipient ok"]

    async def dropped():
        async with door(tmp_path, faults=Faults([Fault("CONNECT", 554), Fault("MAIL", DROP)])) as (port, *_):
            return await (await Talker.to(port, greeting=False)).rest()

    assert asyncio.run(dropped()).startswith("554")

    async def silent():
        async with door(tmp_path, faults=Faults([Fault("MAIL", DROP)])) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            talker.writer.write(b"MAIL FROM:<a@a.test>\r\n")
            return await talker.rest()

    assert asyncio.run(silent()) == ""


def test_lonely_dots_are_explained_in_the_logbook(tmp_path):
    """A program that ends its message with LF.LF hears nothing, and the logbook says why."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, _):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            talker.writer.write(b"hi\n.\n")
            await wait_for(book, lambda event: isinstance(event, Warned))
            return (await talker.say(b"\r\n.\r\n"))[:3], clerk.messages[0][1]

    assert asyncio.run(story()) == ("250", b"hi\r\n.\r\n\r\n")  # as RFC 5321 §2.3.8 reads it, with CR LF everywhere


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def test_starttls_forgets_and_encrypts(tmp_path, authority):
    """After STARTTLS the talk begins anew: no greeting, no envelope, no second STARTTLS, and AUTH appears (T113, T114)."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), people=Everyone()) as (port, *_):
            talker = await Talker.to(port)
            plain = await talker.say("EHLO x")
            await talker.say("MAIL FROM:<a@a.test>")
            await talker.starttls()
            forgotten = await talker.say("RCPT TO:<b@local.test>")
            secure = await talker.say("EHLO x")
            return plain, forgotten[:3], secure, (await talker.say("STARTTLS"))[:3]

    plain, forgotten, secure, again = asyncio.run(story())
    assert "STARTTLS" in plain
    assert "AUTH" not in plain  # T116
    assert "AUTH SCRAM-SHA-256" in secure
    assert "STARTTLS" not in secure
    assert (forgotten, again) == ("503", "503")


def test_what_is_sent_behind_starttls_is_never_obeyed(tmp_path, authority):
    """Commands injected behind STARTTLS in clear end the talk (T112)."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"])) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            talker.writer.write(b"STARTTLS\r\nNOOP\r\n")
            return await talker.rest()

    said = asyncio.run(story())
    assert said.startswith("503")
    assert said.count("\r\n") == 1


@pytest.mark.parametrize("hello", [b"EHLO plain\r\n", b"\x16\x03\x01\x00\x05hello", b""])
def test_a_failed_handshake_ends_the_talk_in_time(tmp_path, authority, hello):
    """Rubbish, plain text or silence instead of a handshake: the talk ends within the limit, without noise (T115)."""

    async def story():
        limits = Limits(handshake=0.2)
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), limits=limits) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("STARTTLS")
            talker.writer.write(hello)
            await asyncio.wait_for(talker.reader.read(), 5)
            await wait_for(book, lambda event: isinstance(event, Closed))

    asyncio.run(story())


@pytest.mark.parametrize("end", ["rubbish", "half-close", "reset", "stall", "distrust", "switched off"])
def test_every_end_of_a_handshake_is_counted_once(tmp_path, authority, end):
    """The kind: a connection that ends in any way makes room for the next. Here STARTTLS that comes to nothing."""

    async def story():
        limits = Limits(handshake=0.2 if end == "stall" else 10, per_address=1, connections=1)
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), limits=limits) as (port, _, book, server):
            for _ in range(2):
                talker = await Talker.to(port)
                assert (await talker.say("STARTTLS")).startswith("220")
                if end == "distrust":
                    with contextlib.suppress(ssl.SSLError, ConnectionError):
                        await talker.writer.start_tls(ssl.create_default_context(), server_hostname="mx.local.test")
                elif end == "half-close":
                    talker.writer.write_eof()
                elif end == "reset":
                    linger = struct.pack("ii", 1, 0)
                    talker.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    talker.writer.transport.abort()
                elif end == "switched off":
                    for connection in tuple(server._drivers):
                        connection.dismiss()
                elif end == "rubbish":
                    talker.writer.write(b"EHLO plain\r\n")
                await settled(lambda: not server._drivers)
            await Talker.to(port)  # is greeted
            return [entry.event.why for entry in book.since(0) if isinstance(entry.event, Closed)]

    assert len(asyncio.run(story())) == 2


def test_implicit_tls_speaks_tls_first(tmp_path, authority):
    """Port 465: TLS before the greeting, then no STARTTLS on offer (RFC 8314)."""

    async def story():
        context = authority.server(["mx.local.test"])
        options = {"tls": context, "implicit": context, "people": Everyone()}
        async with door(tmp_path, **options) as (port, _, book, _server):

            def client():
                with smtplib.SMTP_SSL("localhost", port, "client.test", context=authority.client()) as smtp:
                    smtp.login("alice", "secret")
                    return smtp.has_extn("starttls"), smtp.has_extn("auth")

            seen = await asyncio.to_thread(client)
            return seen, book.since(0)[0].event.secure

    assert asyncio.run(story()) == ((False, True), True)


def test_stdlib_client_sends_through_starttls(tmp_path, authority):
    """The stdlib's smtplib, a stranger, verifies the lab's certificate, logs in and sends."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), people=Everyone()) as (port, clerk, *_):

            def client():
                with smtplib.SMTP("localhost", port, "client.test") as smtp:
                    smtp.starttls(context=authority.client())
                    smtp.login("alice@local.test", "secret")
                    return smtp.sendmail("a@a.test", ["b@local.test", "c@local.test"], b"Subject: x\r\n\r\n.\r\nhi\r\n")

            refused_ones = await asyncio.to_thread(client)
            return refused_ones, clerk.messages[0][1]

    assert asyncio.run(story()) == ({}, b"Subject: x\r\n\r\n.\r\nhi\r\n")


def test_a_reply_of_the_machine_is_said_as_it_is(tmp_path):
    """A refusal at RCPT carries the machine's own words."""
    clerk = Clerk()
    clerk.rcpt = lambda *_: Reply(550, "5.1.1", ("No such mailbox",))
    replies, _ = talk(tmp_path, *ENVELOPE, reception=clerk)
    assert replies[-1] == "550 5.1.1 No such mailbox"


@pytest.mark.parametrize("error", [TimeoutError("disk"), ConnectionResetError("disk"), PermissionError("disk")])
@pytest.mark.parametrize("verb", ["mail", "rcpt", "message"])
def test_the_disk_is_not_the_socket(tmp_path, verb, error):
    """The kind: an error of our disk taken for the socket's. It is 451 and an entry, and the talk goes on."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, _):

            def fail(*_):
                raise error

            setattr(clerk, verb, fail)
            talker = await Talker.to(port)
            said = [await talker.say(line) for line in ("EHLO x", *ENVELOPE, "DATA")]
            said += [await talker.say("Subject: x\r\n\r\nhi\r\n.")] if verb == "message" else []
            return (
                said,
                await talker.say("NOOP"),
                [e.event.what for e in book.since(0) if isinstance(e.event, Stumbled)],
            )

    said, noop, what = asyncio.run(story())
    assert [line[:3] for line in said].count("451") == 1
    assert (noop[:3], what) == ("250", [f"{type(error).__name__}: disk"])
