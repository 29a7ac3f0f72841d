"""A connection that is typed into."""

import asyncio
import contextlib

import pytest

from maillab.client.by_hand import ByHand, Endless, ServiceAddress
from maillab.events import Carried, Closed, Opened, Said, Secured
from maillab.logbook import Logbook
from maillab.wire.tap import TypedEar
from maillab.wire.tls import unverified
from tests.support import run
from tests.wire.scripted import Script, play, server_context


def typed(script, *lines, protocol="smtp", tls=None, first=False):
    """Type lines, each when the answer to the one before is whole; what was said, and the talk."""
    book, hands = Logbook(lambda: 1.0), []

    async def client(port):
        hand = ByHand(ServiceAddress("127.0.0.1", port, protocol, first), book, unverified)
        hands.append(hand)
        try:
            await hand.connect()
            for line in (None, *lines):
                step = await hand.say(line) if line is not None else None
                while (step is None or step.wait) and not hand.lost and not await hand.hear():
                    pass
                if hand.console.tls_due:
                    await hand.secure()
        finally:
            await hand.close()

    play(Script(script, tls) if tls else script, client, implicit=first)
    return [entry.event for entry in book.since(0)], hands[0]


def test_what_is_typed_is_said():
    """Lines go as they are typed, each with its end; both sides are in the logbook, in one order."""
    events, hand = typed("S: 220 hi\nC: what now\nS: 500 what\nC: QUIT\nS: 221 bye\nCLOSE", b"what now", b"QUIT")
    assert isinstance(events[0], Opened)
    assert [e.line for e in events if isinstance(e, Said)] == [
        b"220 hi\r\n", b"what now\r\n", b"500 what\r\n", b"QUIT\r\n", b"221 bye\r\n"
    ]  # fmt: skip
    assert events[-1] == Closed("submit-1", "quit")
    assert hand.console.over


def test_what_is_typed_as_a_message_is_told_line_by_line():
    """Whoever types it sees each line as it goes out, and the dot that ends it."""
    book = Logbook(lambda: 1.0)
    script = "S: 220 hi\nC: DATA\nS: 354 go\nC.\nS: 250 ok\nCLOSE"
    told = []

    async def client(port):
        hand = ByHand(ServiceAddress("127.0.0.1", port, "smtp"), book, unverified, ear=TypedEar)
        await hand.connect()
        await hand.hear()
        await hand.say(b"DATA")
        await hand.hear()
        for line in (b"Subject: x", b"", b"..", b"."):
            before = book.since(0)[-1].seq
            await hand.say(line)
            told.append([entry.event for entry in book.since(before)])
        await hand.hear()
        await hand.close()

    play(Script(script), client)
    assert [[type(event) for event in events] for events in told] == [[Carried], [Carried], [Carried], [Said]]
    assert [events[0].content.whole() for events in told[:3]] == [b"Subject: x\r\n", b"\r\n", b"..\r\n"]
    assert told[3][0].line == b".\r\n"


def test_tls_is_begun_at_the_go_ahead():
    """After the go-ahead the handshake is done; what was said in clear behind it does not count."""  # T161
    script = "S: 220 hi\nC: STARTTLS\nS| 220 go\\r\\n250 injected\\r\\n\nTLS\nC: NOOP\nS: 250 real\nCLOSE"
    events, _ = typed(script, b"STARTTLS", b"NOOP", tls=server_context())
    assert any(isinstance(event, Secured) for event in events)
    assert events[-2].line == b"250 real\r\n"
    assert events[-2].secure


def test_much_that_was_said_in_clear_is_not_heard_inside():
    """What waits to be heard when TLS begins was said in clear, however much it is (CVE-2011-0411)."""
    flood = "x" * 12_288
    script = f"S: 220 hi\nC: STARTTLS\nS| 220 go\\r\\n250 {flood}\\r\\n\nTLS\nC: NOOP\nS: 250 real\nCLOSE"
    events, _ = typed(script, b"STARTTLS", b"NOOP", tls=server_context())
    secured = next(at for at, event in enumerate(events) if isinstance(event, Secured))
    assert [event.line for event in events[secured + 1 :] if isinstance(event, Said)] == [b"NOOP\r\n", b"250 real\r\n"]


@pytest.mark.parametrize(
    ("protocol", "said", "what"),
    [
        ("smtp", b"2" * 10_000, "a line"),
        ("smtp", (b"250-" + b"x" * 500 + b"\r\n") * 10, "a reply"),
        ("pop3", b"+" * 10_000, "a line"),
    ],
)
def test_what_has_no_end_is_hung_up_on(protocol, said, what):
    """The kind: whoever reads a stranger's octets. Line and reply are bounded."""

    async def listen(hand):
        while True:
            await hand.hear()

    async def flood(_reader, writer):
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(said)
                await writer.drain()
        writer.close()

    async def story():
        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        port, book = server.sockets[0].getsockname()[1], Logbook(lambda: 1.0)
        hand = ByHand(ServiceAddress("127.0.0.1", port, protocol), book, unverified)
        await hand.connect()
        with pytest.raises(Endless, match=f"sends {what}"):
            await listen(hand)
        await hand.close()
        server.close()
        return sum(len(entry.event.line) for entry in book.since(0) if isinstance(entry.event, Said))

    assert 65_536 <= run(story()) < 1_200_000


def test_tls_first_and_pop3():
    """At a door that begins with TLS the first word is said inside it; POP3 has long answers."""
    script = "S: +OK\nC: CAPA\nS: +OK\nS: TOP\nS: .\nC: QUIT\nS: +OK\nCLOSE"
    events, hand = typed(script, b"CAPA", b"QUIT", protocol="pop3s", tls=server_context(), first=True)
    assert all(event.secure for event in events if isinstance(event, Said | Opened))
    assert hand.place.protocol.name == "pop3"


def test_a_server_that_hangs_up():
    """When the other side is gone, that is known, and the talk ends as lost."""
    events, hand = typed("S: 220 hi\nC: NOOP\nCLOSE", b"NOOP")
    assert hand.lost
    assert events[-1] == Closed("submit-1", "lost")


def test_nobody_there():
    """Where nobody listens, the error comes out of connecting, and closing does nothing."""

    async def client():
        hand = ByHand(ServiceAddress("127.0.0.1", 1, "smtp"), Logbook(lambda: 1.0), unverified)
        with pytest.raises(OSError, match="Connect"):
            await hand.connect()
        await hand.close()

    asyncio.run(client())
