"""Sending the message that is written, and what the server says of it."""

import asyncio
from typing import TYPE_CHECKING

from maillab.client.fields import ComposeError
from maillab.tui.commands import server_mail
from maillab.tui.commands.draft import FieldToFill, draft_file, moment, offer_anew
from maillab.tui.context import WindowContext
from maillab.tui.machines.drafts import ADDRESSES, people
from maillab.tui.machines.machine_state import shown_service
from maillab.tui.machines.machines_now import holder_of
from maillab.tui.state.drafting import Composing, SendDue, UnderWay
from maillab.tui.state.life import On, Starting
from maillab.tui.state.server_mail import ANSWERED, KeptDraft, ServerMessage
from maillab.tui.state.shown import Live
from maillab.views.safe import safe

if TYPE_CHECKING:
    from maillab.client.submit import SubmitResult
    from maillab.tui.machines.drafts import DraftForm

FIELDS = {"to": "to", "cc": "cc", "bcc": "bcc", "from": "sender", "sender": "sender", "header name": "headers"}
COMMANDS = {  # by the stage at which a server refuses
    "ehlo": "EHLO", "tls": "STARTTLS", "auth": "AUTH", "mail": "MAIL", "rcpt": "RCPT", "data": "DATA",
}  # fmt: skip
QUEUED = "queued as "  # so a server of the lab says which name a message has in its queue
UNKNOWN = "530"  # of a server that wants a login (RFC 4954 §6): who has an account logs in

OnServer = tuple[ServerMessage | None, tuple[str, KeptDraft] | None]  # what is answered, and where the draft is kept


class MessageGone:
    """A message was handed over: the Lab mode shows all that is said of it."""


GONE = MessageGone()


async def send(at: WindowContext) -> None:
    """Hand the message over; what the server says of it is said. While the lab starts it waits for its ports.

    So does what nobody has written yet: the message that is offered comes a moment after the ports are open. What is
    sent is seen: where something is typed by hand the form comes before it.
    """
    drafting = at.drafting
    is_early = isinstance(at.life, Starting) or (not drafting.known and drafting.is_untouched)
    if drafting.is_behind and at.ui.where()[0] == "lab":
        at.ui.go("lab", "compose", FieldToFill("text"))
    if is_early and isinstance(at.shown, Live) and isinstance(at.life, Starting | On):
        drafting.sending = SendDue()
        at.ui.say(at.texts("say.send_due"))
    elif not isinstance(drafting.sending, UnderWay) and at.living():
        await _hand_over(at)


async def send_what_is_due(at: WindowContext) -> None:
    """The lab runs: what somebody has sent before is sent now."""
    if isinstance(at.drafting.sending, SendDue):
        at.drafting.sending = Composing()
        await send(at)


async def _hand_over(at: WindowContext) -> None:
    from maillab.client.submit import SubmitError
    from maillab.tui.machines import lab_actions
    from maillab.wire.reply_reader import UNENCRYPTED

    drafting = at.drafting
    form, stamp, service = drafting.form, drafting.stamped(moment(at)), drafting.service
    on_server, place = (drafting.answers, drafting.kept), at.ui.where()
    drafting.sending = UnderWay()
    try:
        message = form.message()
        await asyncio.to_thread(lab_actions.written, message, stamp)  # before anybody hears of it
        at.ui.say(at.texts("say.sending"))
        before = at.said.words
        result = await at.host.ask(lambda lab: lab_actions.send(lab, message, stamp, service))
    except SubmitError as error:
        at.ui.say("")
        if why := _stopped(at, form.sender, service):
            at.ui.say(why, bad=True)
            return
        if error.text.startswith(UNKNOWN) and (why := _no_account(at, form.sender)):
            at.ui.say(at.texts("say.not_sent", why=why), bad=True)
            point_at(at, "sender", why)
            return
        words = "say.no_tls" if error.text == UNENCRYPTED else "say.refused" if error.reply else "say.not_sent"
        command = COMMANDS.get(error.stage) or at.texts("send.connection")
        at.ui.say(at.texts(words, command=command, why=error.text), bad=True)
        return
    except ComposeError as error:
        point_at(at, error.field, error.why)
        at.ui.say(at.texts("say.mend_first", field=_field(at, error)), bad=True)
        return
    finally:
        drafting.sending = Composing()
    address, octets = str(message.sender.address), result.message.content.whole()
    number = await _sent(at, form, octets, address)
    if at.ui.where() == place:  # whoever has gone elsewhere by then stays there: letters are commands in the wire
        at.ui.go(place[0], about=GONE)
    refused = ", ".join(str(address) for address, _ in result.refused)
    if refused:
        at.ui.say(at.texts("say.sent_not_to", who=refused), bad=True)
    elif not at.said.has_news_since(before):  # what became of it may be known and said by now
        _say_accepted(at, result)
    if number is not None and at.reads_on_server and address in at.readers:  # last: that server may take its time
        at.home.unfiled.setdefault(address, []).append(number)
        await _tidied_there(at, address, on_server)


def _say_accepted(at: WindowContext, result: "SubmitResult") -> None:
    """That a server has the message, and where its queue is on hold that, too: nothing else is heard of it then."""
    reply = next(reply for reply in result.answers.last_words if reply.ok)
    name = reply.lines[-1].rpartition(QUEUED)[2]
    if site := holder_of(at, name):
        at.ui.say(at.texts("say.sent_held", name=safe(name), site=site), good=True)
    else:
        at.ui.say(at.texts("say.sent"))


def _field(at: WindowContext, error: ComposeError) -> str:
    """Which field is wrong; why, stands below it."""
    name = FIELDS.get(error.field.lower(), error.field)
    if name == "headers":
        return at.texts("tab.compose.headers")
    return at.texts(f"field.{name}") if name in ADDRESSES else safe(error.field)


def _stopped(at: WindowContext, sender: str, service: str) -> str:
    """Which server of the lab nobody reaches because its machine is stopped; "" where it runs."""
    from maillab.lab.person import site_for

    lab, address = at.host.lab, people(sender)[0].address
    if lab is None:
        return ""
    site = site_for(lab, address)
    if lab.is_open(site, service):
        return ""
    return at.texts("say.door_stopped", who=safe(address.local), site=site, service=shown_service(service))


def _no_account(at: WindowContext, sender: str) -> str:
    """Why nobody could log in: whose address this is has no mailbox in the lab; "" where they have one."""
    address = str(people(sender)[0].address)
    if address in at.readers:
        return ""
    known = ", ".join(who for who in at.readers if who not in at.nobodys)
    return at.texts("say.no_account", who=safe(address), known=safe(known))


async def _sent(at: WindowContext, form: "DraftForm", octets: bytes, address: str) -> int | None:
    """A copy goes to the sender's own messages, and its number there is given. The message may be sent once more, but
    no answer.

    What was written meanwhile is another message, and is kept.
    """
    from maillab.client.local_store import MailFolder

    shelf, lab, drafting = at.home.shelf, at.host.lab, at.drafting
    number = None
    if shelf is not None and lab is not None:
        now = lab.clock.now()
        number = await asyncio.to_thread(lambda: shelf.put(address, octets, now, folder=MailFolder.SENT, seen=True))
        at.home.changed()
    drafting.stamp, drafting.sent = None, form
    async with drafting.saving:
        if drafting.form == form and (path := draft_file(at)) is not None:
            await asyncio.to_thread(path.unlink, missing_ok=True)
    if drafting.form == form and (drafting.goes_once or form.in_reply_to):
        offer_anew(at)
    return number


async def _tidied_there(at: WindowContext, address: str, on_server: OnServer) -> None:
    """What the message answers or replaces on the server is seen to; its copy goes there once somebody has looked."""
    if at.home.on_server(address).folders:
        try:
            await server_mail.file_copies(at, address)
        except server_mail.NotAnswered as error:
            at.ui.say(at.texts("say.not_kept", why=str(error)), bad=True)
    await _tidied(at, on_server)
    at.home.changed()
    at.ui.refresh()


async def _tidied(at: WindowContext, on_server: OnServer) -> None:
    """What it answers is marked so; what was kept of it while it was written goes, now that all of it is elsewhere."""
    answered, kept = on_server
    if answered is not None:
        await server_mail.mark(at, answered, ANSWERED, wanted=True)
    if kept is not None:
        await server_mail.drop_draft(at, *kept)
        if at.drafting.kept == kept:
            at.drafting.kept = None


def point_at(at: WindowContext, field: str, why: str) -> None:
    """Something is wrong with a field of the message: go there."""
    at.ui.go("lab", "compose", FieldToFill(FIELDS.get(field.lower(), field.lower()), at.texts.trouble(why)))
