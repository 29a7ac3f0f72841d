"""`/api/v1/send`: a message is handed to the lab by submission, every line on the wire, and then awaited."""

import base64
import binascii
import secrets
from contextlib import suppress
from functools import partial
from itertools import count

from starlette.requests import Request
from starlette.responses import Response

from maillab.client.compose import Attachment, ComposeError, Draft, Mailbox, compose
from maillab.client.submit import SubmitError
from maillab.lab.person import hand_over
from maillab.mail.address import Address, AddressError
from maillab.mail.reply import Reply
from maillab.protocols.services import SMTP, SUBMISSION
from maillab.web.answering import BadQuestion, as_json, asked, context_of, worked_out
from maillab.web.caught import CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.shapes import Correspondent, Fault, OutgoingMessage, SentFile, SentMessage
from maillab.web.mailpit.tagging import tag
from maillab.web.tags import BadTag, keyword_of

ARRIVES = 10.0  # seconds within which a message has come, or is on its way for longer than anybody waits
LOOK = 0.5  # seconds between two looks where no bell rings: a new inbox has none


async def send(request: Request) -> Response:
    """Send a message; the answer has its id."""
    context = context_of(request)
    try:
        wanted = await asked(request, OutgoingMessage)
        _refuse_crowd(wanted, context.lab.config.limits.recipients)
        draft, keywords = await worked_out(partial(draft_of, wanted)), [keyword_of(name) for name in wanted.tags]
        message_id = f"<{secrets.token_hex(8)}@{draft.sender.address.ascii_domain}>"
        await _hand_over(context, draft, message_id)
    except (BadQuestion, BadTag, ComposeError, AddressError, LookupError) as error:
        return as_json(Fault(str(error)), 400)
    except SubmitError as error:
        return as_json(Fault(error.text), _status_of(error.reply))
    message = await _arrived(request, message_id.strip("<>"))
    if message is None:
        return as_json(Fault(f"taken, and not delivered within {ARRIVES:g} s; see the transcript of the lab"), 400)
    if keywords:
        await worked_out(lambda: tag(context, [message], keywords))
    return as_json(SentMessage(message.id))


def _refuse_crowd(wanted: OutgoingMessage, most: int) -> None:
    """Raises `BadQuestion` for more people than any door of the lab takes in one message."""
    if len(wanted.to) + len(wanted.cc) + len(wanted.bcc) > most:
        raise BadQuestion(f"a message has {most} recipients at most")


def _status_of(reply: Reply | None) -> int:
    """What the lab may take later is not the client's fault."""
    if reply is None or not reply.later:
        return 400
    return 507 if reply.code == 452 else 503


def draft_of(wanted: OutgoingMessage) -> Draft:
    """What is to be sent, as a person would write it. Raises `BadQuestion`, `AddressError`."""
    reply_to = ", ".join(_written(_mailbox(who)) for who in wanted.reply_to)
    headers = [*wanted.headers.items(), *([("Reply-To", reply_to)] if reply_to else [])]
    return Draft(
        _mailbox(wanted.sender),
        tuple(map(_mailbox, wanted.to)),
        tuple(map(_mailbox, wanted.cc)),
        tuple(Mailbox("", Address.parse(address)) for address in wanted.bcc),
        wanted.subject,
        wanted.text,
        wanted.html,
        tuple(map(_attachment, wanted.attachments)),
        headers=tuple(headers),
    )


async def _hand_over(context: HttpContext, draft: Draft, message_id: str) -> None:
    """At the submission door of its writer's site, or, for one who has no account, where programs hand in."""
    lab, sender = context.lab, draft.sender.address
    known = str(sender).lower() in {account.address.lower() for account in lab.accounts}
    word = secrets.token_hex(8)
    boundary = (f"=_{word}-{number}" for number in count(1)).__next__
    writing = partial(compose, draft, now=lab.clock.now(), message_id=message_id, boundary=boundary)
    await hand_over(lab, writing, sender, SUBMISSION.name if known else SMTP.name)


async def _arrived(request: Request, message_id: str) -> CaughtMessage | None:
    """The message with this Message-ID, once it lies in an inbox."""
    context = context_of(request)

    def look() -> CaughtMessage | None:
        for each in context.mail.messages()[:100]:
            with suppress(NoSuchMessage):  # another one, that has gone meanwhile
                if context.digest(each).message_id == message_id:
                    return each
        return None

    return await context.once(look, ARRIVES, LOOK, request.is_disconnected)


def _mailbox(who: Correspondent) -> Mailbox:
    return Mailbox(who.name, Address.parse(who.email))


def _written(who: Mailbox) -> str:
    name = who.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{who.address}>' if name else str(who.address)


def _attachment(file: SentFile) -> Attachment:
    """Its base64 may stand behind a data: URL, as browsers hand it out."""
    try:
        octets = base64.b64decode(file.content.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadQuestion(f'error decoding base64 attachment "{file.filename[:100]}": {error}') from None
    return Attachment(file.filename, file.content_type or "application/octet-stream", octets, file.content_id)
