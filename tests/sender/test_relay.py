"""Handing messages to one host."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from maillab.events import Warned
from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.sender.outcome import DeliveryVerdict
from maillab.sender.relay import RELAY_TIMEOUTS, Handed, OpportunisticTls, Relay, RelayPolicy
from maillab.sender.route import RouteStop
from maillab.wire.reply_reader import Declined, LineError, Lost, NotOffered, ProtocolError, TimedOut, Unreachable
from maillab.wire.smtp_client import Timeouts
from tests.sender.hosts import TEXT, Host, message
from tests.support import run
from tests.wire.scripted import only

STOP = RouteStop("mx.test", "127.0.0.1")
CA, STRANGER = trustme.CA(), trustme.CA()


def server_context(name: str = "mx.test", ca: trustme.CA = CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


def tls() -> OpportunisticTls:
    verified, unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    CA.configure_trust(verified)
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    return OpportunisticTls(verified, unverified)


def hand(host: Host, *messages: Message, **more: Any) -> tuple[list[Handed], list[str]]:
    """Open a connection to this host and hand over these messages; gives what became of them, and the warnings."""

    async def story() -> tuple[list[Handed], list[str]]:
        await host.start()
        book = Logbook(lambda: 0.0)
        relay = Relay(
            hello="out.test",
            logbook=book,
            **{"door": lambda _: ("127.0.0.1", host.port), "timeouts": Timeouts.all(5), **more},
        )
        try:
            connection = await relay.open(STOP)
            try:
                return [await connection.hand_over(one) for one in messages], warnings(book)
            finally:
                await connection.quit()
        finally:
            await host.stop()

    return run(story())


def warnings(book: Logbook) -> list[str]:
    return [entry.event.text for entry in book.since(0) if isinstance(entry.event, Warned)]


def refusal(host: Host, **more: Any) -> LineError:
    with pytest.raises(LineError) as caught:
        hand(host, **more)
    return caught.value


def test_messages_on_one_connection() -> None:
    """Several messages go over one connection, greeted once, ended with QUIT."""
    host = Host()
    handed, _ = hand(host, message("bob@a.test"), message("eve@a.test"))

    assert [one.code for one in handed] == [250, 250]
    assert host.connections == 1
    assert len(host.said("EHLO")) == 1
    assert host.lines[-1] == "QUIT"
    assert host.contents == [TEXT, TEXT]


def test_envelope_as_stored() -> None:
    """What is written on the wire is the envelope, parameters in their case."""  # T151 T169
    host = Host()
    bob = Recipient(Address("b b", "a.test"), ("SUCCESS", "DELAY"), "rfc822;Bob+2B@a.test")
    hand(host, Message(Envelope(Address("a", "b.test"), (bob,), ret="HDRS", envid="Ab+2B"), Content(TEXT)))

    assert host.said("MAIL") == [f"MAIL FROM:<a@b.test> SIZE={len(TEXT)} RET=HDRS ENVID=Ab+2B"]
    assert host.said("RCPT") == ['RCPT TO:<"b b"@a.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+2B@a.test']


def test_too_large() -> None:
    """A message larger than the host says it takes fails with 5.3.4 before a word about it is said."""  # T075
    host = Host(offers=("SIZE 20",))
    ((at_limit, above), _) = hand(
        host, message("bob@a.test", content=b"A: b\r\n\r\n" + b"x" * 10 + b"\r\n"), message("bob@a.test")
    )

    assert at_limit.code == 250
    assert above.outcomes[0].verdict is DeliveryVerdict.NEVER
    assert above.outcomes[0].reply.enhanced == "5.3.4"
    assert above.why
    assert not at_limit.why
    assert len(host.said("MAIL")) == 1


@pytest.mark.parametrize("size", ["", "0", "x", "9" * 5000, "-1"])
def test_odd_size_limits(size: str) -> None:
    """A SIZE without a sensible number is no limit."""
    assert hand(Host(offers=("PIPELINING", f"SIZE {size}".strip())), message("bob@a.test"))[0][0].code == 250


def test_eight_bit_without_8bitmime() -> None:
    """8-bit content is never sent to a host without 8BITMIME: 5.6.3; declared but absent 8-bit harms nothing."""  # T076
    host = Host(offers=("PIPELINING",))
    eight, declared = message("bob@a.test", content=b"A: b\r\n\r\n\xe9\r\n"), message("bob@a.test", eight_bit=True)
    ((no, yes), _) = hand(host, eight, declared)

    assert (no.outcomes[0].verdict, no.outcomes[0].reply.enhanced) == (DeliveryVerdict.NEVER, "5.6.3")
    assert yes.code == 250
    assert len(host.contents) == 1


def test_eight_bit_is_declared() -> None:
    """8-bit content is declared to a host with 8BITMIME, even if whoever handed it in forgot to."""
    host = Host()
    hand(host, message("bob@a.test", content=b"A: b\r\n\r\n\xe9\r\n"), message("bob@a.test"))

    assert ["BODY=8BITMIME" in line for line in host.said("MAIL")] == [True, False]


def test_eight_bit_in_a_file(tmp_path: Any) -> None:
    """8-bit octets are found in a file as well."""  # T076
    (tmp_path / "c").write_bytes(b"x" * 200_000 + b"\xe9\r\n")
    one = Message(message("bob@a.test").envelope, Content(b"A: b\r\n\r\n", tmp_path / "c", 0, 200_003))

    assert hand(Host(offers=("PIPELINING",)), one)[0][0].outcomes[0].reply.enhanced == "5.6.3"


def test_utf8_without_smtputf8() -> None:
    """A UTF-8 address or header for a host without SMTPUTF8 is 5.6.7; a message that only said so is sent."""  # T077
    host = Host(offers=("8BITMIME",))
    address = Message(Envelope(None, (Recipient(Address("zoë", "a.test")),), smtputf8=True), Content(TEXT))
    header = message("bob@a.test", content="Subject: ë\r\n\r\n".encode(), smtputf8=True)
    harmless = message("bob@a.test", smtputf8=True)
    ((first, second, third), _) = hand(host, address, header, harmless)

    assert [one.outcomes[0].reply.enhanced for one in (first, second)] == ["5.6.7", "5.6.7"]
    assert first.why
    assert second.why
    assert third.code == 250
    assert not third.why
    assert len(host.said("MAIL")) == 1


def test_success_reports_without_dsn() -> None:
    """Of those whom a host without DSN took, the ones who asked for success are named; with DSN nobody is."""
    glad = Recipient(Address("glad", "a.test"), ("SUCCESS",))
    calm = Recipient(Address("calm", "a.test"))
    refused = Recipient(Address("refused", "a.test"), ("SUCCESS",))
    one = Message(Envelope(None, (glad, calm, refused)), Content(TEXT))
    answers = {"RCPT <refused@a.test>": "550 no"}

    assert [o.recipient for o in hand(Host(answers, offers=("PIPELINING",)), one)[0][0].relayed] == [glad]
    assert hand(Host(answers), one)[0][0].relayed == ()


@pytest.mark.parametrize(
    ("answers", "kind", "stage"),
    [({"CONNECT": "554 no"}, Declined, "greet"), ({"CONNECT": "421 no"}, Declined, "greet"), ({"CONNECT": "DROP"}, Lost, "greet"),
     ({"CONNECT": "HTTP/1.1 400 Bad"}, ProtocolError, "greet"), ({"EHLO": "DROP"}, Lost, "ehlo"),
     ({"EHLO": "421 no"}, Declined, "ehlo"), ({"EHLO": "250-a\r\n550 b"}, ProtocolError, "ehlo")],
    ids=["554", "421", "drop", "http", "ehlo-drop", "ehlo-421", "disagree"],
)  # fmt: skip
def test_no_connection(answers: dict[str, str], kind: type[LineError], stage: str) -> None:
    """A host that does not welcome us is an error that knows its stage and reply."""  # T065 T165 T166
    error = refusal(Host(answers))

    assert (type(error), error.stage) == (kind, stage)


@pytest.mark.parametrize(("verb", "stage"), [("MAIL", "mail"), ("RCPT", "rcpt"), ("DATA", "data"), (".", "dot")])
def test_host_hangs_up(verb: str, stage: str) -> None:
    """A host that hangs up within a message is lost at that stage, 4.4.2."""  # T166
    with pytest.raises(Lost) as caught:
        hand(Host({verb: "DROP"}, offers=("SIZE",)), message("bob@a.test"))

    assert (caught.value.stage, caught.value.reply.enhanced) == (stage, "4.4.2")


@pytest.mark.parametrize(
    ("verb", "phase"),
    [("CONNECT", "greeting"), ("EHLO", "command"), ("MAIL", "mail"), ("RCPT", "rcpt"), ("DATA", "data"), (".", "dot")],
)
def test_host_keeps_silent(verb: str, phase: str) -> None:
    """A host that keeps silent is left when the time of that phase is over."""  # T072
    with pytest.raises(TimedOut) as caught:
        hand(Host({verb: "WAIT 250 ok"}, offers=("SIZE",)), message("bob@a.test"), timeouts=only(phase, 0.05))

    assert caught.value.reply.enhanced in ("4.4.1", "4.4.2")


def test_phases() -> None:
    """The times of the phases are those of RFC 5321, with 30 seconds to connect."""  # T072 T023
    t = RELAY_TIMEOUTS

    assert (t.connect, t.greeting, t.mail, t.rcpt, t.data, t.block, t.dot) == (30, 300, 300, 300, 120, 180, 600)


def test_extra_reply() -> None:
    """A reply that nobody asked for never answers the next command: protocol error."""  # T159
    with pytest.raises(ProtocolError) as caught:
        hand(Host({"MAIL": "250 ok\r\n250 EXTRA", "RCPT": "550 no"}, offers=("SIZE",)), message("bob@a.test"))

    assert caught.value.reply.enhanced == "4.5.0"


def test_nobody_there() -> None:
    """A refused connection, and a host that the lab does not have, are unreachable, 4.4.1."""

    def nowhere(_: RouteStop) -> tuple[str, int]:
        raise LookupError("mx.test")

    for door in (lambda _: ("127.0.0.1", 9), nowhere):
        error = refusal(Host(), door=door)
        assert isinstance(error, Unreachable)
        assert error.reply.enhanced == "4.4.1"


def test_nothing_leaves_loopback() -> None:
    """A host with an address outside this computer is never dialled."""  # T157
    error = refusal(Host(), door=lambda _: ("192.0.2.1", 25))

    assert isinstance(error, Unreachable)


def test_calling_is_told_before() -> None:
    """Who is interested hears the local address of a connection before the host can hear of it."""
    host = Host()
    seen: list[tuple[tuple[str, int], int]] = []
    hand(host, calling=lambda where: seen.append((where, host.connections)))

    (((ip, port), connections),) = seen
    assert ip == "127.0.0.1"
    assert port > 0
    assert connections == 0


# ── TLS ───────────────────────────────────────────────────────────────────────────────────────


def test_tls_where_offered() -> None:
    """Where STARTTLS is offered the message goes inside TLS, after a second EHLO, without a warning."""
    host = Host(offers=("STARTTLS", "PIPELINING"), secure_offers=("PIPELINING",), tls=server_context())
    handed, warned = hand(host, message("bob@a.test"), tls=tls())

    assert handed[0].code == 250
    assert warned == []
    assert len(host.said("EHLO")) == 2
    assert host.connections == 1


@pytest.mark.parametrize(("name", "ca"), [("mx.test", STRANGER), ("other.test", CA)], ids=["foreign", "misnamed"])
def test_wrong_certificate(name: str, ca: trustme.CA) -> None:
    """A certificate that is not the right one is written down, and the mail goes on, encrypted."""  # T163
    host = Host(offers=("STARTTLS", "PIPELINING"), secure_offers=("PIPELINING",), tls=server_context(name, ca))
    handed, warned = hand(host, message("bob@a.test"), tls=tls())

    assert handed[0].code == 250
    assert len(warned) == 1
    assert warned[0].startswith("certificate unverified")
    assert host.connections == 2
    assert host.lines.count("STARTTLS") == 2


def test_starttls_refused() -> None:
    """A host that refuses the STARTTLS that it offers gets the mail in clear, and that is written down."""
    handed, warned = hand(Host({"STARTTLS": "454 4.7.0 no"}, offers=("STARTTLS",)), message("bob@a.test"), tls=tls())

    assert handed[0].code == 250
    assert "mail goes in clear" in warned[0]


def test_handshake_fails() -> None:
    """Where the handshake fails altogether the mail goes in clear on a new connection, and that is written down."""
    answers = {"STARTTLS": "220 go\r\nrubbish"}
    handed, warned = hand(Host(answers, offers=("STARTTLS",), tls=server_context()), message("bob@a.test"), tls=tls())

    assert handed[0].code == 250
    assert "mail goes in clear" in warned[0]


# ── AUTH ──────────────────────────────────────────────────────────────────────────────────────

SECRET: dict[str, Any] = {"credentials": lambda host: ("relay", "hunter2") if host == "mx.test" else None}
AUTHED = ("STARTTLS", "PIPELINING")


def test_login_inside_tls() -> None:
    """Credentials for a host are used inside TLS, before the first message."""
    host = Host(offers=AUTHED, secure_offers=("PIPELINING", "AUTH PLAIN"), tls=server_context())
    handed, _ = hand(host, message("bob@a.test"), tls=tls(), **SECRET)

    assert handed[0].code == 250
    assert [line.split(" ")[:2] for line in host.said("AUTH")] == [["AUTH", "PLAIN"]]


def test_login_refused() -> None:
    """A refused login is later, whatever its code, and no message is offered."""  # T162
    host = Host({"AUTH": "535 5.7.8 no"}, offers=AUTHED, secure_offers=("AUTH PLAIN",), tls=server_context())
    error = refusal(host, tls=tls(), **SECRET)

    assert error.reply.later
    assert error.reply.enhanced == "4.7.0"
    assert "535" in error.reply.text
    assert host.said("MAIL") == []
    assert len(host.said("AUTH")) == 1


@pytest.mark.parametrize(
    "host",
    [lambda: Host(offers=("AUTH PLAIN",)), lambda: Host({"STARTTLS": "454 no"}, offers=("STARTTLS", "AUTH PLAIN")),
     lambda: Host(offers=AUTHED, secure_offers=("AUTH PLAIN",), tls=server_context(ca=STRANGER))],
    ids=["stripped", "refused", "stranger"],
)  # fmt: skip
def test_no_password_without_verified_tls(host: Callable[[], Host]) -> None:
    """Where STARTTLS was stripped, refused or is with a stranger, the password is not sent: later, and written down."""  # T162
    it = host()
    error = refusal(it, tls=tls(), **SECRET)

    assert isinstance(error, NotOffered)
    assert error.reply.enhanced == "4.7.0"
    assert it.said("AUTH") == []


def test_plaintext_login_where_the_lab_says_so() -> None:
    """With plaintext_auth the password goes in clear: for showing why it should not."""
    host = Host(offers=("AUTH PLAIN",))
    handed, _ = hand(host, message("bob@a.test"), plaintext_auth=True, **SECRET)

    assert handed[0].code == 250
    assert len(host.said("AUTH")) == 1


def test_no_way_to_log_in() -> None:
    """A host that offers no way to log in, where that was agreed on, makes the message wait."""
    error = refusal(Host(), plaintext_auth=True, **SECRET)

    assert error.reply.later


# ── idle connections ──────────────────────────────────────────────────────────────────────────


def lingering(policy: RelayPolicy, messages: int, between: Callable[[Host, Relay], Any]) -> tuple[Host, Any]:
    """Carry messages, let the connection keep_alive, and do something meanwhile."""

    async def story() -> tuple[Host, Any]:
        host = Host()
        await host.start()
        relay = Relay(
            hello="out.test", logbook=Logbook(lambda: 0.0), door=lambda _: ("127.0.0.1", host.port), policy=policy
        )
        connection = await relay.open(STOP)
        for _ in range(messages):
            await connection.hand_over(message("bob@a.test"))
        async with asyncio.TaskGroup() as group:
            group.create_task(relay.keep_alive(connection))
            await asyncio.sleep(0)
            result = between(host, relay)
        if result is connection:
            await connection.hand_over(message("bob@a.test"))
            await connection.quit()
        await host.stop()
        return host, result

    return run(story())


def test_idle_passage_is_taken() -> None:
    """A connection that carried several messages lingers, and who takes it goes on with it."""
    host, taken = lingering(RelayPolicy(idle=30), 2, lambda _, relay: relay.take_idle(STOP))

    assert taken is not None
    assert (host.connections, len(host.contents)) == (1, 3)
    assert host.lines.count("QUIT") == 1


@pytest.mark.parametrize(
    ("policy", "messages"),
    [
        (RelayPolicy(idle=30), 1),
        (RelayPolicy(idle=0), 2),
        (RelayPolicy(messages=2, idle=30), 2),
        (RelayPolicy(per_host=1, idle=30), 2),
    ],
    ids=["one", "zero", "worn", "wanted"],
)
def test_passage_that_does_not_linger(policy: RelayPolicy, messages: int) -> None:
    """A connection says QUIT at once after one message, at its limit, or where others wait for its place."""
    host, taken = lingering(policy, messages, lambda _, relay: relay.take_idle(STOP))

    assert taken is None
    assert host.lines[-1] == "QUIT"


def test_connection_to_a_host_that_was_just_visited_lingers() -> None:
    """One message after the other: the second connection lingers after its first message, and takes the third."""

    async def story() -> Host:
        host = Host()
        await host.start()
        door = ("127.0.0.1", host.port)
        relay = Relay(hello="out.test", logbook=Logbook(lambda: 0.0), door=lambda _: door, policy=RelayPolicy(idle=30))
        async with asyncio.TaskGroup() as group:
            for number in range(3):
                connection = relay.take_idle(STOP) or await relay.open(STOP)
                await connection.hand_over(message("bob@a.test"))
                kept = group.create_task(relay.keep_alive(connection))
                if number == 0:
                    await kept
                await asyncio.sleep(0)
            relay.leave()
        await host.stop()
        return host

    host = run(story())

    assert (host.connections, len(host.contents)) == (2, 3)
    assert host.lines.count("QUIT") == 2


def test_lingering_ends() -> None:
    """A connection that nobody takes says QUIT after its moment, or at once when the machine closes."""
    for policy, act in (
        (RelayPolicy(idle=0.01), lambda *_: None),
        (RelayPolicy(idle=30), lambda _, relay: relay.leave()),
    ):
        host, _ = lingering(policy, 2, act)
        assert host.lines[-1] == "QUIT"


def test_connections_per_host_are_bounded() -> None:
    """The sixth connection to one host waits until one of five has ended."""

    async def story() -> None:
        host = Host()
        await host.start()
        relay = Relay(hello="out.test", logbook=Logbook(lambda: 0.0), door=lambda _: ("127.0.0.1", host.port))
        connections = [await relay.open(STOP) for _ in range(5)]
        async with asyncio.TaskGroup() as group:
            sixth = group.create_task(relay.open(STOP))
            for _ in range(20):
                await asyncio.sleep(0)
            assert host.connections == 5
            connections.pop().close()
            await sixth
        for connection in [*connections, sixth.result()]:
            await connection.quit()
        await host.stop()

    run(story())


def test_failed_opening_frees_its_place() -> None:
    """A connection that could not be made takes no place."""

    async def story() -> None:
        relay = Relay(hello="out.test", logbook=Logbook(lambda: 0.0), door=lambda _: ("127.0.0.1", 9))
        for _ in range(12):
            with pytest.raises(Unreachable):
                await relay.open(STOP)

    run(story())
