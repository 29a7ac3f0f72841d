"""A door on a real socket, and someone who talks to it, octet for octet."""

import asyncio
import contextlib
import typing
from pathlib import Path

from maillab.logbook import Logbook
from maillab.mail.reply import Reply
from maillab.rules.live import Rules
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.smtp_server import SmtpDialogue
from maillab.wire.smtp_shell import SmtpShell
from maillab.wire.storage import refuse_without_room
from maillab.wire.tls import unverified


class Clerk:
    """A receptionist who takes everything for local.test, and keeps the messages."""

    def __init__(self):
        self.messages = []
        self.answer = Reply(250, "2.0.0", ("stored",))
        self.hold = None
        self.holding = asyncio.Event()  # set when a message is held
        self.fault = None
        self.room = 2**40  # octets on the disk

    def mail(self, caller, sender, octets):
        refuse_without_room(octets, self.room)

    def rcpt(self, caller, envelope, recipient):
        if recipient.address.domain != "local.test":
            return Reply(554, "5.7.1", ("Relaying denied",))
        return None

    async def message(self, caller, message):
        if self.hold:
            self.holding.set()
            await self.hold.wait()
        if self.fault:
            raise self.fault
        self.messages.append((message.envelope, message.content.whole()))
        return self.answer


class Everyone:
    """alice, whose password is secret."""

    takes_anything = False

    def password(self, user):
        return "secret" if user in ("alice", "alice@local.test") else None

    def canonical(self, user):
        return user if "@" in user else f"{user}@local.test"


async def at_once(seconds):
    """Waiting without waiting."""


@contextlib.asynccontextmanager
async def door(tmp_path: Path, **options):
    """An open door; gives (port, clerk, logbook, server)."""
    clerk, book = options.pop("reception", None) or Clerk(), Logbook(clock=lambda: 0.0)
    limits, implicit = options.pop("limits", Limits()), options.pop("implicit", None)
    tls, pause, make = options.pop("tls", None), options.pop("pause", at_once), options.pop("dialogue", None)
    rules = options.pop("rules", Rules())
    smtp = SmtpConfig(
        "mx.local.test", "local.test", clerk, options.pop("spool", tmp_path), limits,
        dsn=options.pop("dsn", True), tls=tls is not None, reference=lambda: "ref1", **options,
    )  # fmt: skip
    config = ListenerConfig(
        "smtp", "mx.local.test", make or (lambda talk, peer, secure: SmtpDialogue(smtp, talk, peer, secure=secure)),
        book, Gate(limits, lambda: 0.0), limits, starttls=tls, record=tmp_path, pause=pause, reference=lambda: "ref1",
        rules=rules, site="local.test",
    )  # fmt: skip
    server = Listener(config, SmtpShell)
    port = await server.start("127.0.0.1", 0, implicit)
    try:
        yield port, clerk, book, server
    finally:
        await server.close()
        for talker in Talker.open_ones:
            talker.close()
            with contextlib.suppress(OSError):
                await talker.writer.wait_closed()
        Talker.open_ones.clear()


class Talker:
    """One connection: `say` octets, `hear` one whole reply. Closed with the door."""

    open_ones: typing.ClassVar[list] = []

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.open_ones.append(self)

    @classmethod
    async def to(cls, port, *, greeting=True, tls=None):
        talker = cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls))
        if greeting:
            assert (await talker.hear()).startswith("220")
        return talker

    async def hear(self):
        lines = []
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 10)
            lines.append(line.decode("utf-8", "backslashreplace").rstrip("\r\n"))
            if line[3:4] != b"-":
                return "\n".join(lines)

    async def say(self, *lines):
        """Say lines (CRLF added to str, bytes as they are) in one segment, and give as many replies."""
        self.writer.write(b"".join(line if isinstance(line, bytes) else line.encode() + b"\r\n" for line in lines))
        return [await self.hear() for _ in lines] if len(lines) > 1 else await self.hear()

    async def rest(self):
        """All that is still said until the connection ends."""
        return (await asyncio.wait_for(self.reader.read(), 10)).decode("utf-8", "backslashreplace")

    async def starttls(self):
        assert (await self.say("STARTTLS")).startswith("220")
        await self.writer.start_tls(unverified())

    def close(self):
        self.writer.close()


def talk(tmp_path, *lines, **options):
    """Open a door, say EHLO and the lines one after another; gives the replies to the lines and the clerk."""

    async def story():
        async with door(tmp_path, **options) as (port, clerk, _book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO client.test")
            replies = [await talker.say(line) for line in lines]
            talker.close()
            return replies, clerk

    return asyncio.run(story())
