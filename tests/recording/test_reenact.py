"""A recorded talk said again, to servers that know their words by heart."""

import pytest

from maillab.events import Carried, Said, Secured, Side
from maillab.recording.compare import compare_talks
from maillab.recording.reenact import Means, Renewal, reenact
from maillab.recording.talks import talks
from maillab.testing import RunningLab
from maillab.wire.tls import unverified
from tests.recording.told import record, talk_from, talk_of, typed
from tests.support import free_ports, run
from tests.wire.scripted import play, server_context

FRESH = Renewal(lambda: 1_800_000_000.0, lambda n: "z" * n)
SIMPLE = "S: 220 mx\nC: MAIL FROM:<a@a.test>\nS: 250 ok\nC: DATA\nS: 354 go\nMESSAGE Subject: x||Hello|..\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye"


def again(talk, script, *, tls=None, waits=None, **options):
    """The outcome of saying a talk to a server that plays a script; `waits` hears how long it pauses, and it does not."""
    outcomes = []

    async def sleep(seconds):
        if waits is not None:
            waits.append(seconds)

    async def client(port):
        options.setdefault("context", unverified())
        outcomes.append(await reenact(talk, Means("127.0.0.1", port, patience=5, **options), lambda: 1.0, sleep))

    play(script, client, **({"tls": server_context()} if tls else {}))
    return outcomes[0]


def said(outcome, side=Side.CLIENT):
    return [e.event.line for e in outcome.entries if isinstance(e.event, Said) and e.event.side is side]


def test_the_lab_itself():
    """Submission, relay and fetching said again to a lab do the same as then, login and TLS included."""
    with RunningLab() as lab:
        for name, site, service, password in (
            ("submit-1", "sender.test", "submission", "alice"),
            ("retrieve-1", "recipient.test", "pop3", "bob"),
        ):
            if name == "retrieve-1":
                lab.fetch("bob@recipient.test", at_least=1)
            door = lab.endpoint(site, service)
            talk = talk_of("seven-steps", name)
            means = Means(
                door.host, door.port, context=unverified(), ask=lambda user, word=password: (user, word), fresh=FRESH
            )
            outcome = run(reenact(talk, means, lambda: 1.0))
            assert (outcome.failed, outcome.notes) == ("", ())
            assert compare_talks(talk, talks(outcome.entries)[0]) == ()
    assert any(isinstance(entry.event, Secured) for entry in outcome.entries) is False


def test_imap_again():
    """A talk of IMAP with its login, its literals, its IDLE and COMPRESS; a message is stored as it was."""
    script = (
        "S: * OK ready\nC: a LOGIN bob@recipient.test x\nS: a OK in\nC: b APPEND Drafts {12}\nS: + go\nMESSAGE Subject: x\nC: \n"
        "S: b OK [APPENDUID 1 1] stored\nC: c SELECT Drafts\nS: * 1 EXISTS\nS: c OK [READ-WRITE] open\n"
        "C: d FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {12}\nS: Subject: x\nS: )\nS: d OK done\n"
        "C: z COMPRESS DEFLATE\nS: z OK deflated\nC: e IDLE\nS: + idling\nC: DONE\nS: e OK done\nC: f LOGOUT\nS: * BYE bye\nS: f OK done"
    )
    with RunningLab() as lab:
        door = lab.endpoint("recipient.test", "imap")
        talk = talk_from(script, service="imap")
        means = Means(door.host, door.port, context=unverified(), ask=lambda user: (user, "bob"), fresh=FRESH)
        outcome = run(reenact(talk, means, lambda: 1.0))
        assert (outcome.failed, outcome.notes) == ("", ())
    assert b"\r\n" in said(outcome)
    assert [
        line.split()[1] for line in said(outcome, Side.SERVER) if line[:2] in (b"a ", b"b ", b"c ", b"d ", b"e ", b"f ")
    ] == [b"OK"] * 5
    contents = [entry.event for entry in outcome.entries if isinstance(entry.event, Carried)]
    assert [(one.side, one.content.whole()) for one in contents] == [
        (Side.CLIENT, b"Subject: x\r\n"), (Side.SERVER, b"Subject: x\r\n"),
    ]  # fmt: skip


def test_the_rest_of_a_refused_command():
    """What belongs behind a go-ahead is not said where none came."""
    told = talk_from(
        "S: * OK\nC: a APPEND x {12}\nS: + go\nMESSAGE Subject: x\nC: \nS: a OK\nC: b LOGOUT\nS: * BYE\nS: b OK",
        service="imap",
    )
    outcome = again(told, "S: * OK\nC: a APPEND x {12}\nS: a NO [TRYCREATE] no\nC: b LOGOUT\nS: * BYE\nS: b OK")
    assert "did not say go ahead" in outcome.notes[0]
    assert said(outcome)[-1] == b"b LOGOUT\r\n"


def test_a_fresh_message_and_one_verbatim():
    """The message goes out dot-stuffed as it was; a date and an id are new unless it is said verbatim."""
    talk = talk_from(SIMPLE.replace("Subject: x", "Date: then|Message-ID: <12345678@a.test>"))
    script = (
        "S: 220 mx\nC: MAIL FROM:<a@a.test>\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 250 ok\nC: QUIT\nS: 221 bye\nCLOSE"
    )
    [fresh] = [
        e.event.content.whole() for e in again(talk, script, fresh=FRESH).entries if isinstance(e.event, Carried)
    ]
    assert fresh == b"Date: Fri, 15 Jan 2027 08:00:00 +0000\r\nMessage-ID: <zzzzzzzz@a.test>\r\n\r\nHello\r\n..\r\n"
    [old] = [e.event.content.whole() for e in again(talk, script).entries if isinstance(e.event, Carried)]
    assert old.startswith(b"Date: then\r\nMessage-ID: <12345678@a.test>\r\n")


def test_pauses_of_then_and_gaps():
    """At speed 1 it pauses as it did then; a gap lies before the connection, before each thing said, in a login too."""
    script = (
        "S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YQ==\nS: 334 UGFzc3dvcmQ6\n"
        "C: Yg==\nS: 235 ok\nC: QUIT\nS: 221 bye"
    )
    waits = []
    outcome = again(talk_from(script), script + "\nCLOSE", waits=waits, gap=2.0, ask=lambda _: ("a", "b"))
    assert (outcome.failed, outcome.notes) == ("", ())
    assert waits == [2.0] * 7
    slow = []
    again(
        talk_from(SIMPLE), SIMPLE.replace("MESSAGE Subject: x||Hello|..\nC: .", "C.") + "\nCLOSE", waits=slow, speed=0.5
    )
    assert slow == [2.0, 2.0, 4.0, 2.0]  # the message took a second of its own


def test_no_message_where_none_is_wanted():
    """A server that refuses DATA gets no message, and the talk goes on."""
    outcome = again(
        talk_from(SIMPLE),
        "S: 220 mx\nC: MAIL FROM:<a@a.test>\nS: 550 no\nC: DATA\nS: 503 no\nC: QUIT\nS: 221 bye\nCLOSE",
    )
    assert outcome.failed == ""
    assert "a message was not sent" in outcome.notes[0]


def test_no_message_that_was_not_recorded():
    """A server that wants a message where the recorded one did not is hung up on: nothing empty is delivered."""
    talk = talk_from("S: 220 mx\nC: DATA\nS: 554 no\nC: QUIT\nS: 221 bye")
    outcome = again(talk, "S: 220 mx\nC: DATA\nS: 354 go\nGONE")
    assert "does not have" in outcome.notes[0]
    assert said(outcome) == [b"DATA\r\n"]


def test_no_tls_no_password():
    """Where TLS is refused that was there then, no password is said, and the rest goes on; elsewhere it ends."""
    talk = talk_from(
        "S: 220 mx\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO a\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGEAYg==\nS: 235 in\nC: QUIT\nS: 221 bye"
    )
    outcome = again(
        talk,
        "S: 220 mx\nC: STARTTLS\nS: 502 no\nC: EHLO a\nS: 250-mx\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 bye\nCLOSE",
        ask=lambda _: ("a", "b"),
    )
    assert not any(b"AUTH" in line for line in said(outcome))
    assert any("not said in clear" in note for note in outcome.notes)
    careful = again(talk, "S: 220 mx\nC: STARTTLS\nS: 502 no\nGONE", careful=True)
    assert careful.failed == "lost"


def test_another_mechanism():
    """Where the recorded mechanism is not offered, the strongest that is takes its place; with a new password."""
    talk = talk_from(
        "S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGEAb2xk\nS: 235 in\nC: QUIT\nS: 221 bye"
    )
    outcome = again(
        talk,
        "S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: Ym9i\nS: 334 UGFzc3dvcmQ6\n"
        "C: bmV3\nS: 235 in\nC: QUIT\nS: 221 bye\nCLOSE",
        ask=lambda _: ("bob", "new"),
    )
    assert (outcome.failed, outcome.notes) == ("", ("logs in by LOGIN instead of PLAIN",))


def test_nobody_to_log_in():
    """Without a password there is no login, and no word of the recorded one (T310)."""
    talk = talk_of("seven-steps", "retrieve-1")
    script = "S: +OK\nC: UIDL\nS: -ERR no\nC: RETR 1\nS: -ERR no\nC: QUIT\nS: +OK\nCLOSE"
    outcome = again(talk, script)
    assert outcome.notes == ("nobody gave a password; did not log in",)


def test_apop():
    """APOP is worked out from the greeting of today (RFC 1939 section 7)."""
    talk = talk_from("S: +OK <1@old>\nC: APOP mrose 0123\nS: +OK\nC: QUIT\nS: +OK", service="pop3")
    script = (
        "S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\nC: APOP mrose c4c9334bac560ecc979e58001b3e22fb\n"
        "S: +OK\nC: QUIT\nS: +OK\nCLOSE"
    )
    assert again(talk, script, ask=lambda _: ("mrose", "tanstaaf")).failed == ""
    assert "APOP is not possible" in again(talk, "S: +OK\nC: QUIT\nS: +OK\nCLOSE", ask=lambda _: ("m", "t")).notes[0]


@pytest.mark.parametrize(
    ("script", "failed"),
    [("S: 421 no\nCLOSE", "lost"), ("CLOSE", "lost"), ("S| 220-a\\r\\n\nCLOSE", "lost")],
)
def test_a_server_that_leaves(script, failed):
    """A server that closes or hangs up ends the talk, and that is an outcome."""
    assert again(talk_from(SIMPLE), script).failed == failed


def test_nobody_there():
    """Nobody at the port is an outcome without entries; so is silence."""

    async def closed():
        [port] = free_ports(1)
        return await reenact(talk_from(SIMPLE), Means("127.0.0.1", port, patience=2), lambda: 1.0)

    outcome = run(closed())
    assert (outcome.failed, outcome.entries) == ("connect", ())


def test_silence():
    """A server that says nothing is not waited for any longer than was said."""
    outcomes = []

    async def client(port):
        outcomes.append(await reenact(talk_from(SIMPLE), Means("127.0.0.1", port, patience=0.05), lambda: 1.0))

    play("GONE", client)
    assert outcomes[0].failed == "timeout"


MESSAGE = (
    "C: MAIL FROM:<alice@sender.test>\nS: 250 ok\nC: RCPT TO:<bob@recipient.test>\nS: 250 ok\nC: DATA\nS: 354 go\n"
    "MESSAGE Subject: x||..|Hello\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye"
)


@pytest.mark.parametrize(("service", "site"), [("smtp", "recipient.test"), ("submission", "sender.test")])
def test_a_person_at_a_keyboard(service, site):
    """Of the kind: one side recorded, the other live. Lines that ended in LF alone are said so, and the message ends;
    after a login, which is said with CR LF, it is, too.
    """
    login = "C: AUTH PLAIN\nS: 334 \nC? x\nS: 235 ok\n" if service == "submission" else ""
    tls = "C: STARTTLS\nS: 220 go\nTLS\nC: EHLO a.test\nS: 250 mx\n" if login else ""
    [talk] = talks(typed(record(f"S: 220 mx\nC: EHLO a.test\nS: 250 mx\n{tls}{login}{MESSAGE}", service=service)))
    with RunningLab() as lab:
        door = lab.endpoint(site, service)
        means = Means(door.host, door.port, context=unverified(), ask=lambda _: ("alice", "alice"), patience=5)
        outcome = run(reenact(talk, means, lambda: 1.0))
        assert outcome.failed == "", (outcome.notes, said(outcome), said(outcome, Side.SERVER))
        assert all(line.endswith(b"\r\n") == bool(login) for line in said(outcome))
        assert lab.fetch("bob@recipient.test", at_least=1)[0].endswith(b"Subject: x\r\n\r\n.\r\nHello\r\n")


def test_original_timing():
    """With a speed the recorded pauses are kept: here one second at a hundred times the speed."""
    talk = talk_from("S: 220 mx\nC: QUIT\nS: 221 bye")
    assert again(talk, "S: 220 mx\nC: QUIT\nS: 221 bye\nCLOSE", speed=100.0).failed == ""


def test_dns_is_not_said_again():
    """A look-up cannot be said again."""
    with pytest.raises(ValueError, match="only SMTP and POP3"):
        run(reenact(talk_of("seven-steps", "lookup-1"), Means("127.0.0.1", 1), lambda: 1.0))
