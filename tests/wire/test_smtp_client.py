"""The client's end of an SMTP cable, against servers that know one dialogue."""

import asyncio
import base64
import hmac
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import scramp

from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.protocols.lines import stuff
from maillab.wire.outgoing import ContentError
from maillab.wire.reply_reader import (
    Declined,
    LineError,
    Lost,
    NotOffered,
    ProtocolError,
    TimedOut,
    TlsError,
    Unreachable,
)
from maillab.wire.smtp_client import SmtpClient, Timeouts, connect
from tests.support import run
from tests.wire.scripted import Heard, Script, client_context, only, play, server_context

ALICE = Address("alice", "sender.test")
BOB, CAROL = Recipient(Address("bob", "recipient.test")), Recipient(Address("carol", "recipient.test"))
BODY = b"Subject: hi\r\n\r\n.dots\r\n"
MESSAGE = Message(Envelope(ALICE, (BOB, CAROL)), Content(BODY))
HELLO = "S: 220 mx ESMTP\nC: EHLO a.test\n"
PIPELINED = HELLO + "S: 250-mx\nS: 250 PIPELINING\n"
STEPPED = HELLO + "S: 250 mx\n"
MAIL = "C: MAIL FROM:<alice@sender.test>\n"
RCPTS = "C: RCPT TO:<bob@recipient.test>\nC: RCPT TO:<carol@recipient.test>\n"
QUIT = "C: QUIT\nS: 221 bye\n"


def talk(
    script: str | Script,
    act: Callable[[SmtpClient], Awaitable[Any]],
    *,
    implicit: bool = False,
    ehlo: bool = True,
    **options: Any,
) -> Any:
    """Connect, EHLO, `act`, QUIT."""

    async def client(port: int) -> Any:
        options.setdefault("hello", "a.test")
        line = await connect("127.0.0.1", port, **options)
        try:
            if ehlo:
                await line.ehlo()
            result = await act(line)
            await line.quit()
            return result
        finally:
            line.close()

    return play(script, client, implicit=implicit)


def send(client: SmtpClient) -> Awaitable[Any]:
    """The message of these tests."""
    return client.transaction(MESSAGE)


def test_a_message_in_one_write() -> None:
    """With PIPELINING the whole envelope is said at once, and the content is stuffed."""
    heard = Heard()
    script = Script(
        PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 2.1.0 ok\nS: 250 2.1.5 ok\nS: 550 5.1.1 no\nS: 354 go\n"
        "C.\nS: 250 2.0.0 queued\n" + QUIT
    )

    result = talk(script, send, tap=heard)

    assert script.bodies == [b"Subject: hi\r\n\r\n..dots\r\n.\r\n"]
    assert [reply.code for reply in (result.mail, *result.rcpts, result.data)] == [250, 250, 550, 250]
    assert [reply.enhanced for reply in result.last_words] == ["2.0.0", "5.1.1"]
    said = [data for side, data in heard.said if side == "C"]
    assert said[1].endswith(b"\r\nDATA\r\n")
    assert said[1].count(b"\r\n") == 4


def test_a_message_step_by_step() -> None:
    """Without PIPELINING every command waits for its reply."""
    script = Script(
        STEPPED + MAIL + "S: 250 ok\nC: RCPT TO:<bob@recipient.test>\nS: 250 ok\n"
        "C: RCPT TO:<carol@recipient.test>\nS: 251 elsewhere\nC: DATA\nS: 354 go\nC.\nS: 250 queued\n" + QUIT
    )

    result = talk(script, send)

    assert [reply.code for reply in result.rcpts] == [250, 251]
    assert [reply.code for reply in result.last_words] == [250, 250]


def test_two_messages_on_one_connection() -> None:
    """A connection is used again after a message, and after a refused one."""
    once = MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nS: 250 queued\n"
    refused = MAIL + RCPTS + "C: DATA\nS: 451 later\nS: 503 no\nS: 503 no\nS: 503 no\nC: RSET\nS: 250 ok\n"

    async def act(client: SmtpClient) -> list[int | None]:
        results = [await client.transaction(MESSAGE) for _ in range(3)]
        assert client.usable
        return [result.data.code if result.data else None for result in results]

    assert talk(PIPELINED + once + refused + once + QUIT, act) == [250, None, 250]


def test_refused_sender() -> None:
    """After a refused MAIL every recipient has MAIL's reply, and no RCPT is said step by step."""
    result = talk(STEPPED + MAIL + "S: 550 5.7.1 no\n" + QUIT.replace("C:", "C: RSET\nS: 250 ok\nC:", 1), send)

    assert [reply.code for reply in result.last_words] == [550, 550]
    assert result.data is None


def test_all_recipients_refused_but_data_accepted() -> None:
    """A server that says 354 although nobody was accepted gets a lone dot, and its answer counts for nothing."""
    script = Script(
        PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 550 no\nS: 450 later\nS: 354 go\nC.\nS: 554 nobody\n" + QUIT
    )

    result = talk(script, send)

    assert script.bodies == [b".\r\n"]  # RFC 2920 §3.1
    assert ([reply.code for reply in result.last_words], result.data) == ([550, 450], None)


def test_data_refused_after_refused_recipients() -> None:
    """A 503 to DATA after refused recipients says nothing new."""  # T173
    script = PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 550 no\nS: 550 no\nS: 503 no\nC: RSET\nS: 250 ok\n"

    result = talk(script + QUIT, send)

    assert ([reply.code for reply in result.last_words], result.data) == ([550, 550], None)


def test_dsn_size_and_eight_bit_as_offered() -> None:
    """The envelope's wishes travel when the server understands them, each recipient with its own."""
    bob = Recipient(BOB.address, ("NEVER",), "rfc822;b+2Bob@x.test")
    message = Message(Envelope(None, (bob, CAROL), True, False, "FULL", "Id+2B"), Content(BODY))
    script = HELLO + (
        "S: 250-mx\nS: 250-size 1000\nS: 250-8bitmime\nS: 250 DSN\n"
        "C: MAIL FROM:<> SIZE=22 BODY=8BITMIME RET=FULL ENVID=Id+2B\nS: 250 ok\n"
        "C: RCPT TO:<bob@recipient.test> NOTIFY=NEVER ORCPT=rfc822;b+2Bob@x.test\nS: 250 ok\n"
        "C: RCPT TO:<carol@recipient.test>\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 250 ok\n"
    )

    assert talk(script + QUIT, lambda client: client.transaction(message)).data.code == 250


def test_what_is_not_offered_is_not_said() -> None:
    """A UTF-8 address is not said to a server without SMTPUTF8; the connection stays good."""
    message = Message(Envelope(Address("thầy", "sender.test"), (BOB,), False, True), Content(BODY))

    async def act(client: SmtpClient) -> bool:
        with pytest.raises(NotOffered):
            await client.transaction(message)
        return client.usable

    assert talk(PIPELINED + QUIT, act)


def test_large_content_from_a_file(tmp_path: Any) -> None:
    """A content of megabytes goes out by blocks, byte for byte."""
    lines = b"".join(b"." * (n % 5) + b"line %d\r\n" % n for n in range(120_000))
    path = tmp_path / "message"
    path.write_bytes(b"skip" + lines)
    message = Message(Envelope(ALICE, (BOB,)), Content(b"Subject: x\r\n\r\n", path, 4, len(lines)))
    wire: list[bytes] = []

    class Ear(Heard):
        def client(self, data: bytes) -> None:
            wire.append(data)

    async def act(client: SmtpClient) -> None:
        assert (await client.transaction(message)).data.code == 552

    rcpt = "C: RCPT TO:<bob@recipient.test>\n"
    script = PIPELINED + MAIL + rcpt + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nS: 552 full\n" + QUIT
    talk(script, act, tap=Ear())

    content = b"".join(wire).split(b"DATA\r\n", 1)[1]
    assert content == stuff(b"Subject: x\r\n\r\n" + lines) + b".\r\nQUIT\r\n"


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        (
            PIPELINED + MAIL + RCPTS + "C: DATA\nS| 250 ok\\r\\n250 EXTRA\\r\\n550 no\\r\\n354 go\\r\\n550 x\\r\\n",
            "data",
        ),
        (STEPPED + MAIL + "S: 250 ok\nS: 250 EXTRA\n", "rcpt"),  # T159
        (STEPPED + MAIL + "S: 250 ok\nC: RCPT TO:<bob@recipient.test>\nS: 354 what\n", "rcpt"),  # T168
        (STEPPED + MAIL + "S: 354 what\n", "mail"),
        (PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 250 ok\n", "data"),  # T168
        (PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nS: 354 go\n", "dot"),
        (STEPPED + MAIL + "S: 550-a\nS: 250 b\n", "mail"),  # T165
        (STEPPED + MAIL + "S: 999 ok\n", "mail"),
        (STEPPED + MAIL + "S: HTTP/1.1 400 Bad Request\n", "mail"),
    ],
)
def test_out_of_step_is_a_protocol_error(script: str, stage: str) -> None:
    """Replies that nobody asked for, and replies of the wrong kind, end the talk for now: 451 4.5.0."""

    async def act(client: SmtpClient) -> ProtocolError:
        with pytest.raises(ProtocolError) as caught:
            await client.transaction(MESSAGE)
        assert not client.usable
        return caught.value

    error = talk(script, act)

    assert (error.stage, error.reply.code, error.reply.enhanced) == (stage, 451, "4.5.0")


def test_extra_reply_in_a_pipeline_shows_itself() -> None:
    """An extra reply inside a pipeline shifts the others; the next exchange finds out before anybody is believed."""  # T159
    shifted = "C: DATA\nS: 250 ok\nS: 250 EXTRA\nS: 550 no\nS: 550 no\n"  # the 354 is still to come

    async def act(client: SmtpClient) -> None:
        with pytest.raises(ProtocolError):
            await client.transaction(MESSAGE)

    talk(PIPELINED + MAIL + RCPTS + shifted + "C: RSET\nS: 354 go\n", act)


def test_octets_after_the_last_answer_spoil_only_what_follows() -> None:
    """A message that was taken stays taken; the connection with more octets on it is not used again."""
    script = (
        PIPELINED
        + MAIL
        + RCPTS
        + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nS: 250 queued\nS: 250 more\n"
    )

    async def act(client: SmtpClient) -> tuple[int, bool]:
        return (await client.transaction(MESSAGE)).data.code, client.usable

    assert talk(script, act) == (250, False)


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        ("CLOSE", "greet"),  # T166
        ("S: 220 mx\nC: EHLO a.test\nCLOSE", "ehlo"),
        (STEPPED + MAIL + "CLOSE", "mail"),
        (STEPPED + MAIL + "S: 250 ok\nC: RCPT TO:<bob@recipient.test>\nCLOSE", "rcpt"),
        (PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nCLOSE", "data"),
        (PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nCLOSE", "dot"),
    ],
)
def test_lost_connection_names_its_stage(script: str, stage: str) -> None:
    """Wherever the server hangs up, the message waits (4.4.2), and the stage tells whether it may have been taken."""
    with pytest.raises(Lost) as caught:
        talk(script, send)

    assert (caught.value.stage, caught.value.reply.enhanced) == (stage, "4.4.2")


@pytest.mark.parametrize(
    ("script", "stage", "phase"),
    [
        ("GONE", "greet", "greeting"),
        ("S: 220 mx\nC: EHLO a.test\nGONE", "ehlo", "command"),
        (STEPPED + MAIL + "GONE", "mail", "mail"),
        (STEPPED + MAIL + "S| 250-o\nGONE", "mail", "mail"),
        (PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nGONE", "dot", "dot"),
    ],
)
def test_silence_ends_in_time(script: str, stage: str, phase: str) -> None:
    """A phase without an answer ends after its time, and the connection is closed."""  # T160
    with pytest.raises(TimedOut) as caught:
        talk(script, send, timeouts=only(phase, 0.05))

    assert (caught.value.stage, caught.value.reply.code) == (stage, 451)


def test_a_server_that_does_not_read() -> None:
    """A server that stops reading ends the message after the time for a block."""  # T167

    async def client(port: int) -> LineError:
        line = await connect("127.0.0.1", port, hello="a.test", timeouts=Timeouts(block=0.05))
        await line.ehlo()
        with pytest.raises(TimedOut) as caught:
            await line.transaction(Message(MESSAGE.envelope, Content(b"x" * 70 + b"\r\n" * 20_000_000)))
        return caught.value

    async def main() -> LineError:
        over = asyncio.Event()

        async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mx\r\n")
            await reader.readline()
            writer.write(b"250-mx\r\n250 PIPELINING\r\n")
            for _ in range(4):
                await reader.readline()
            writer.write(b"250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n")
            await over.wait()
            writer.transport.abort()

        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        async with server:
            error = await client(server.sockets[0].getsockname()[1])
            over.set()
            await asyncio.sleep(0)
        return error

    assert run(main()).stage == "data"


def test_early_refusal_of_a_large_content() -> None:
    """A server that refuses in the middle of a content and hangs up is heard."""
    message = Message(Envelope(ALICE, (BOB,)), Content((b"x" * 70 + b"\r\n") * 300_000))
    script = PIPELINED + MAIL + "C: RCPT TO:<bob@recipient.test>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\n"

    async def client(port: int) -> tuple[int, bool]:
        line = await connect("127.0.0.1", port, hello="a.test")
        await line.ehlo()
        result = await line.transaction(message)
        assert result.data is not None
        return result.data.code, line.usable

    class Early(Script):
        async def perform(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.steps.append("C: " + "x" * 70)
            await self._until_here(reader, writer)
            writer.write(b"552 5.3.4 too big\r\n")
            await writer.drain()
            while await reader.read(65536):
                pass

        async def _until_here(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            steps, pending = self.steps, b""
            for step in steps:
                if step.startswith("S: "):
                    pending += step[3:].encode() + b"\r\n"
                    continue
                writer.write(pending)
                pending = b""
                await self._hear(step, step, reader, writer)

    assert play(Early(script), client) == (552, False)


def test_421_answers_everything_after_it() -> None:
    """A 421 in mid-transaction is the answer for all that was still open, at once; nothing more is said."""  # T172
    script = PIPELINED + MAIL + RCPTS + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 421 4.3.2 shutting down\nCLOSE"

    result = talk(script, send)

    assert [reply.code for reply in result.last_words] == [421, 421]
    result = talk(STEPPED + MAIL + "S: 421 bye\nGONE", send)
    assert [reply.code for reply in result.last_words] == [421, 421]


def test_421_that_nobody_asked_for() -> None:
    """A server that says 421 while nothing is asked of it has lost the connection for the next message, with its reason."""

    async def act(client: SmtpClient) -> LineError:
        for _ in range(1000):
            if not client.usable:
                break
            await asyncio.sleep(0.001)
        with pytest.raises(Lost) as caught:
            await client.transaction(MESSAGE)
        return caught.value

    error = talk(STEPPED + "S: 421 4.4.2 idle too long\nCLOSE", act)

    assert (error.stage, error.reply.text) == ("mail", "421 4.4.2 idle too long")


@pytest.mark.parametrize("content", [b"a\nb\r\n", b"Subject: x\r\n\r\nhi\n.\r\nMAIL FROM:<z@a.test>\r\n"])
def test_no_smuggling(content: bytes) -> None:
    """A lone LF never leaves: the connection is closed before an end mark."""  # T171
    message = Message(Envelope(ALICE, (BOB,)), Content(content))

    async def act(client: SmtpClient) -> bool:
        with pytest.raises(ContentError):
            await client.transaction(message)
        return client.usable

    rcpt = "C: RCPT TO:<bob@recipient.test>\n"
    assert not talk(PIPELINED + MAIL + rcpt + "C: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nGONE", act)


def test_greetings() -> None:
    """A greeting that is no welcome is declined with the server's own reply; several lines are one welcome."""
    with pytest.raises(Declined) as caught:
        talk("S: 554 5.3.2 no service", send)

    assert (caught.value.stage, caught.value.reply.code) == ("greet", 554)
    assert talk("S: 220-mx\nS: 220 ready\n" + QUIT, async_none, ehlo=False) is None
    with pytest.raises(ProtocolError):
        talk("S: 354 what", send)


async def async_none(client: SmtpClient) -> None:
    """Do nothing."""


def test_helo_where_ehlo_is_unknown() -> None:
    """An old server is spoken to with HELO, and nothing is supposed of it."""  # RFC 5321 §3.2
    script = "S: 220 mx\nC: EHLO a.test\nS: 502 what\nC: HELO a.test\nS: 250 mx\n" + QUIT

    async def act(client: SmtpClient) -> dict[str, str]:
        return client.extensions

    assert talk(script, act) == {}


@pytest.mark.parametrize("hello", ["", "a b", "a\r\nQUIT", "máy.test"])
def test_the_name_for_ehlo_is_one_word(hello: str) -> None:
    """A name that would end the command early is refused before anything is opened."""
    with pytest.raises(ValueError, match="EHLO"):
        run(connect("127.0.0.1", 1, hello=hello))


def test_nobody_there() -> None:
    """A port on which nobody listens is unreachable: 4.4.1."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as caught:
            run(connect("127.0.0.1", free.getsockname()[1], hello="a.test"))

    assert (caught.value.stage, caught.value.reply.enhanced) == ("connect", "4.4.1")
    assert caught.value.reply.text.endswith(": Connection refused")


def test_a_socket_of_ones_own() -> None:
    """A connected socket can be handed in instead of a host."""

    async def client(port: int) -> str:
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setblocking(False)
        line = await connect("", 0, hello="a.test", sock=sock)
        await line.quit()
        return line.greeting.text

    assert play("S: 220 mx\n" + QUIT, client) == "220 mx"


# ── TLS ───────────────────────────────────────────────────────────────────────────────────────

STARTTLS = HELLO + "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\n"


def upgrade(name: str) -> Callable[[SmtpClient], Awaitable[str]]:
    """STARTTLS for the server called `name`, then EHLO."""

    async def act(client: SmtpClient) -> str:
        await client.starttls(client_context(), name)
        await client.ehlo()
        assert "STARTTLS" not in client.extensions
        return client.tls_version

    return act


def test_starttls() -> None:
    """The talk goes on inside TLS, EHLO is said again, and the ear hears plain octets throughout."""
    heard = Heard()
    script = Script(STARTTLS + "S: 220 go\nTLS\nC: EHLO a.test\nS: 250 mx\n" + QUIT, server_context())

    assert talk(script, upgrade("mx.recipient.test"), tap=heard) == "TLSv1.3"
    assert heard.said[4:] == [
        ("S", b"220 go\r\n"),
        ("=", b"TLSv1.3"),
        ("C", b"EHLO a.test\r\n"),
        ("S", b"250 mx\r\n"),
        ("C", b"QUIT\r\n"),
        ("S", b"221 bye\r\n"),
    ]


def test_implicit_tls() -> None:
    """On port 465 TLS comes first; the certificate is checked and can be looked at."""
    script = Script(STEPPED + QUIT, server_context())

    async def act(client: SmtpClient) -> tuple[str, bool]:
        return client.tls_version, bool(client.certificate)

    options = {"tls_context": client_context(), "server_hostname": "mx.recipient.test"}
    assert talk(script, act, implicit=True, **options) == ("TLSv1.3", True)


@pytest.mark.parametrize("implicit", [False, True])
def test_wrong_name_in_the_certificate(implicit: bool) -> None:
    """A certificate for another name ends the talk at stage tls."""  # T163

    async def client(port: int) -> None:
        context, name = client_context(), "mx.other.test"
        tls = {"tls_context": context, "server_hostname": name} if implicit else {}
        line = await connect("127.0.0.1", port, hello="a.test", **tls)
        await line.ehlo()
        await line.starttls(context, name)

    async def main() -> TlsError:
        tls = server_context()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mx\r\n")
            await reader.readline()
            writer.write(b"250-mx\r\n250 STARTTLS\r\n")
            await reader.readline()
            writer.write(b"220 go\r\n")
            try:
                await writer.start_tls(tls)
            except (ssl.SSLError, ConnectionError):
                pass
            writer.transport.abort()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls if implicit else None)
        async with server:
            with pytest.raises(TlsError) as caught:
                await client(server.sockets[0].getsockname()[1])
        return caught.value

    error = run(main())
    assert (error.stage, error.reply.enhanced) == ("tls", "4.7.5")
    assert "mx.other.test" in error.reply.text


def test_starttls_refused_or_missing() -> None:
    """A refusal is the server's own; a missing offer is said by us, and nothing goes over the wire."""
    with pytest.raises(Declined) as declined:
        talk(STARTTLS + "S: 454 4.7.0 not today\nGONE", upgrade("x.test"))
    with pytest.raises(NotOffered) as missing:
        talk(STEPPED, upgrade("x.test"))

    assert (declined.value.stage, declined.value.reply.code) == ("tls", 454)
    assert missing.value.stage == "tls"


@pytest.mark.parametrize("extra", ["250-INJECTED\\r\\n250 AUTH PLAIN\\r\\n", "2"])
def test_starttls_injection(extra: str) -> None:
    """Plain octets that come with the 220 are a protocol error, before the handshake."""  # T161
    with pytest.raises(ProtocolError) as caught:
        talk(STARTTLS + f"S| 220 go\\r\\n{extra}\nGONE", upgrade("mx.recipient.test"))

    assert caught.value.stage == "tls"


# ── AUTH ──────────────────────────────────────────────────────────────────────────────────────


def b64(text: str) -> str:
    """Base64 of a text."""
    return base64.b64encode(text.encode()).decode()


def offering(mechanisms: str) -> str:
    """A server that offers these."""
    return HELLO + f"S: 250-mx\nS: 250 AUTH {mechanisms}\n"


def prove(password: str = "secret") -> Callable[[SmtpClient], Awaitable[str]]:
    """Log in as alice without TLS, as the lab allows when it is told to."""

    async def act(client: SmtpClient) -> str:
        await client.login("alice", password, plaintext_auth=True)
        return client.mechanism

    return act


def test_login_plain_and_login() -> None:
    """PLAIN says it at once, LOGIN in two answers, an over-long PLAIN waits for its 334."""
    plain = f"C: AUTH PLAIN {b64(chr(0) + 'alice' + chr(0) + 'secret')}\nS: 235 2.7.0 ok\n"
    login = (
        f"C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {b64('alice')}\nS: 334 UGFzc3dvcmQ6\nC: {b64('secret')}\nS: 235 ok\n"
    )
    long = f"C: AUTH PLAIN\nS: 334\nC: {b64(chr(0) + 'alice' + chr(0) + 'x' * 500)}\nS: 235 ok\n"

    assert talk(offering("=PLAIN") + plain + QUIT, prove()) == "PLAIN"  # T174
    assert talk(offering("LOGIN") + login + QUIT, prove()) == "LOGIN"
    assert talk(offering("PLAIN") + long + QUIT, prove("x" * 500)) == "PLAIN"


def test_login_cram_md5() -> None:
    """The challenge is answered with a digest (RFC 2195 §2)."""
    challenge = b64("<1.2@mx>")
    digest = b64("alice " + hmac.new(b"secret", b"<1.2@mx>", "md5").hexdigest())
    script = offering("PLAIN CRAM-MD5") + f"C: AUTH CRAM-MD5\nS: 334 {challenge}\nC: {digest}\nS: 235 ok\n"

    assert talk(script + QUIT, prove()) == "CRAM-MD5"


def scram_server(password: str, cheat: bool) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server that offers SCRAM-SHA-256; one that cheats says 235 without proof."""
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    known = mechanism.make_auth_info(password, iteration_count=4096)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        exchange = mechanism.make_server(lambda user: known)
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n")
        exchange.set_client_first(base64.b64decode((await reader.readline()).split()[2]).decode())
        writer.write(b"334 " + b64(exchange.get_server_first()).encode() + b"\r\n")
        final = base64.b64decode(await reader.readline()).decode()
        try:
            exchange.set_client_final(final)
        except scramp.ScramException:
            writer.write(b"535 5.7.8 no\r\n")
        else:
            if not cheat:
                writer.write(b"334 " + b64(exchange.get_server_final()).encode() + b"\r\n")
                assert await reader.readline() == b"\r\n"
            writer.write(b"235 2.7.0 ok\r\n")
        await reader.readline()
        writer.write(b"221 bye\r\n")
        writer.close()

    return serve


def scram(password: str, *, cheat: bool = False) -> str:
    """Log in by SCRAM at a server that knows "secret"."""

    async def main() -> str:
        server = await asyncio.start_server(scram_server("secret", cheat), "127.0.0.1", 0)
        async with server:
            client = await connect("127.0.0.1", server.sockets[0].getsockname()[1], hello="a.test")
            try:
                await client.ehlo()
                return await prove(password)(client)
            finally:
                await client.quit()

    return run(main())


def test_login_scram() -> None:
    """SCRAM-SHA-256 is preferred; a wrong password is 535; a server without proof is not believed."""
    assert scram("secret") == "SCRAM-SHA-256"
    with pytest.raises(Declined) as declined:
        scram("wrong")
    with pytest.raises(ProtocolError) as cheated:
        scram("secret", cheat=True)

    assert declined.value.reply.code == 535
    assert cheated.value.stage == "auth"


def test_after_a_refusal_no_second_mechanism() -> None:
    """A refused password is not said again in a weaker way."""  # T174
    plain = f"C: AUTH PLAIN {b64(chr(0) + 'alice' + chr(0) + 'secret')}\nS: 535 5.7.8 no\n"

    with pytest.raises(Declined) as caught:
        talk(offering("LOGIN PLAIN") + plain + "GONE", prove())

    assert (caught.value.stage, caught.value.reply.enhanced) == ("auth", "5.7.8")


def test_no_password_without_tls() -> None:
    """Without TLS nothing is said of the password, also when STARTTLS was stripped from the offer."""  # T162
    with pytest.raises(NotOffered) as caught:
        talk(offering("PLAIN") + "GONE", lambda client: client.login("alice", "secret"))

    assert (caught.value.stage, caught.value.reply.code) == ("auth", 538)


@pytest.mark.parametrize("mechanisms", ["", "GSSAPI XOAUTH2"])
def test_no_mechanism_in_common(mechanisms: str) -> None:
    """An empty or unknown offer is named, and nothing is said."""  # T174
    with pytest.raises(NotOffered):
        talk(offering(mechanisms) + "GONE", prove())


@pytest.mark.parametrize("challenge", ["334 ***", "334 caf\xe9", "334-a\nS: 334 b!"])
def test_a_challenge_that_is_no_base64(challenge: str) -> None:
    """Nonsense in a challenge is the server's fault."""
    with pytest.raises(ProtocolError):
        talk(offering("CRAM-MD5") + f"C: AUTH CRAM-MD5\nS: {challenge}\nGONE", prove())


def test_cancelled_in_mid_talk() -> None:
    """Whoever gives up waiting leaves no connection behind on which the late answer would be taken for another."""  # T160

    async def act(client: SmtpClient) -> bool:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await client.transaction(MESSAGE)
        return client.usable

    assert not talk(STEPPED + MAIL + "GONE", act)
