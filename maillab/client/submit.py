"""Handing a message to the sender's server: one talk from greeting to QUIT (RFC 6409).

Rules for this file: TLS and AUTH happen exactly as asked, or the talk ends; nothing is retried in a weaker way.
"""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Literal, Protocol

from maillab.client.fields import ComposeError
from maillab.mail.address import Address
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.wire.outgoing import ContentError
from maillab.wire.reply_reader import Declined, LineError
from maillab.wire.smtp_client import SmtpClient, Tap, Timeouts, TransactionResult, connect

TlsMode = Literal["none", "starttls", "implicit"]


class Writing(Protocol):
    """A message that is written when it is known what the server offers: `functools.partial(compose, draft, ...)`."""

    def __call__(self, *, eight_bit: bool, utf8: bool) -> Message:
        """The message for such a server. Raises `ComposeError`."""
        ...


class SubmitError(Exception):
    """The message was not taken. `reply` is the server's own, `None` when the fault is not its word.

    `stage` is one of connect, greet, ehlo, tls, auth, mail, rcpt, data.
    """

    def __init__(self, stage: str, reply: Reply | None, text: str) -> None:
        super().__init__(f"{stage}: {text}")
        self.stage = stage
        self.reply = reply
        self.text = text


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """The message was taken for at least one recipient; what was said to each is in `answers`."""

    message: Message
    answers: TransactionResult
    mechanism: str = ""  # of SASL, "" without AUTH
    tls_version: str = ""  # "" without TLS

    @property
    def accepted(self) -> tuple[Address, ...]:
        """For whom the server took it."""
        return tuple(address for address, reply in self._fates if reply.ok)

    @property
    def refused(self) -> tuple[tuple[Address, Reply], ...]:
        """For whom it did not, and why."""
        return tuple((address, reply) for address, reply in self._fates if not reply.ok)

    @property
    def _fates(self) -> list[tuple[Address, Reply]]:
        addresses = [recipient.address for recipient in self.message.envelope.recipients]
        return list(zip(addresses, self.answers.last_words, strict=True))


async def submit(
    message: Message | Writing,
    *,
    host: str,
    port: int,
    hello: str = "localhost",
    user: str = "",
    password: str = "",
    tls: TlsMode = "starttls",
    context: ssl.SSLContext | None = None,
    server_hostname: str | None = None,
    plaintext_auth: bool = False,
    pipelining: bool = True,
    tap: Tap | None = None,
    timeout: float | None = None,
) -> SubmitResult:
    """Submit one message; logs in when `user` is given, by the strongest mechanism offered.

    `context` without one is the system's; `timeout` is in seconds for every phase, without one RFC 5321's. Raises
    `SubmitError`, also when every recipient was refused.
    """
    timeouts = Timeouts.all(timeout) if timeout is not None else Timeouts()
    if tls != "none" and context is None:
        context = await asyncio.to_thread(ssl.create_default_context)
    try:
        client = await connect(
            host, port, hello=hello, tls_context=context if tls == "implicit" else None,
            server_hostname=server_hostname, tap=tap, timeouts=timeouts,
        )  # fmt: skip
        try:
            await client.ehlo()
            if tls == "starttls" and context is not None:
                await client.starttls(context, server_hostname)
                await client.ehlo()
            if user:
                await client.login(user, password, plaintext_auth=plaintext_auth)
            return await _hand_over(client, message, pipelining)
        except asyncio.CancelledError:
            client.close()
            raise
        finally:
            await client.quit()
    except LineError as error:
        stage = "data" if error.stage == "dot" else error.stage
        if isinstance(error, Declined) or error.reply.code == 421:
            raise SubmitError(stage, error.reply, error.reply.text) from error
        raise SubmitError(stage, None, " ".join(error.reply.lines)) from error


async def _hand_over(client: SmtpClient, message: Message | Writing, pipelining: bool) -> SubmitResult:
    if not isinstance(message, Message):
        try:
            offers = client.extensions
            _refuse_too_large(message, offers.get("SIZE", ""))
            # written in a thread: attachments of megabytes are no reason to stand still
            message = await asyncio.to_thread(message, eight_bit="8BITMIME" in offers, utf8="SMTPUTF8" in offers)
        except ComposeError as error:
            raise SubmitError("mail", None, str(error)) from error
    try:
        answers = await client.transaction(message, pipelining=pipelining)
    except (ContentError, OSError) as error:
        raise SubmitError("data", None, str(error)) from error
    result = SubmitResult(message, answers, client.mechanism, client.tls_version)
    if not result.accepted:
        stage, reply = _refusal(answers)
        raise SubmitError(stage, reply, reply.text)
    return result


def _refuse_too_large(message: Writing, size: str) -> None:
    """The server said how much it takes (RFC 1870 §3): more is not written, and not offered. Raises `SubmitError`."""
    least, most = getattr(message, "least", 0), int(size) if size.isascii() and size.isdigit() else 0
    if most and least > most:
        raise SubmitError("mail", None, f"the message has more than {least} bytes, and the server takes {most} (SIZE)")


def _refusal(answers: TransactionResult) -> tuple[str, Reply]:
    """The stage at which nobody was left, and the reply that did it."""
    if not answers.mail.ok:
        return "mail", answers.mail
    if answers.data is not None:
        return "data", answers.data
    return "rcpt", answers.rcpts[0]
