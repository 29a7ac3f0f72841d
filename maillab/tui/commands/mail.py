"""What is done with messages, at home or on the server: fetched, answered, marked, thrown away, saved, traced back."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.client.fields import ComposeError, Mailbox
from maillab.tui.commands import server_mail
from maillab.tui.commands.asking import ask_file, pick
from maillab.tui.commands.draft import go_on_with
from maillab.tui.context import WindowContext
from maillab.tui.machines.drafts import draft_of
from maillab.tui.machines.host import NotRunning
from maillab.tui.questions import Choice
from maillab.tui.state.server_mail import SEEN, ServerFolder, ServerMessage
from maillab.tui.state.shown import Live
from maillab.tui.subjects import HeldMessage, MessagePage, MessagePart, PersonsMail

if TYPE_CHECKING:
    from maillab.client.compose import Draft
    from maillab.client.local_store import LocalMessage, LocalStore
    from maillab.client.read import Attached, MimePart

# ── fetching ──


async def fetch(at: WindowContext, mail: PersonsMail, *, asked: bool = True) -> None:
    """What is new on the server comes into the list; nobody has `asked` where it is done every few seconds."""
    from maillab.client.pop3 import FetchError

    lab = at.host.lab
    if not isinstance(at.shown, Live) or not at.host.alive or lab is None:
        return
    if at.reads_on_server:
        async with at.home.fetching:  # one after the other: each may be for another folder
            await server_mail.look(at, mail.account, mail.folder or ServerFolder(), asked=asked)
        return
    if at.home.fetching.locked():
        return
    name, _, site = mail.account.partition("@")
    service = lab.config.fetch
    if not lab.is_open(site, service):
        if asked:
            at.ui.say(at.texts("say.door_stopped", who=name, site=site, service=service.upper()), bad=True)
        return
    async with at.home.fetching:
        try:
            await _fetch(at, mail.account)
        except FetchError as error:
            bare = error.stage == "auth" and any(not one.tls for one in lab.config.sites if one.domain == site)
            words = "say.no_tls_fetch" if bare else "say.not_fetched"
            at.ui.say(at.texts(words, who=name, site=site, service=service.upper(), why=error.text), bad=True)


async def _fetch(at: WindowContext, account: str) -> None:
    """A real talk, seen in the wire; what came of it is said."""
    from maillab.client.local_store import MailFolder
    from maillab.tui.machines import lab_actions

    shelf = at.home.shelf
    if shelf is None:
        return
    before = await asyncio.to_thread(shelf.counts, account)
    fetched = await at.host.ask(lambda lab: lab_actions.retrieve(lab, shelf, account, keep=at.home.leave))
    after = await asyncio.to_thread(shelf.counts, account)
    new = after[MailFolder.INBOX][0] - before[MailFolder.INBOX][0]
    if fetched.removed:
        at.ui.say(at.texts("say.removed", count=len(fetched.removed)), good=True)
    elif new:
        at.ui.say(at.texts("say.fetched", count=new), good=True)
    _changed(at)


async def watch(at: WindowContext, account: str, folder: ServerFolder) -> None:
    """Look at a folder whenever the server tells of something, until it is cancelled, or the server is stopped."""
    from maillab.client.pop3 import FetchError
    from maillab.tui.machines import by_imap

    home, loop, news = at.home, asyncio.get_running_loop(), asyncio.Event()
    place = account, folder.name

    def told() -> None:
        loop.call_soon_threadsafe(news.set)

    async def look_again() -> None:
        while True:
            await news.wait()
            news.clear()
            await fetch(at, PersonsMail(account, folder), asked=False)

    home.watching = place
    try:
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(look_again())
            await at.host.ask(lambda lab: by_imap.watch(lab, account, folder.name, told))
            looking.cancel()
    except* (FetchError, NotRunning, LookupError, OSError):
        pass  # it is tried again
    finally:
        if home.watching == place:
            home.watching = None


def watched(at: WindowContext, account: str) -> bool:
    """Is there a server that tells of new mail of this account, and is it asked to?"""
    lab = at.host.lab
    return (
        at.home.often
        and at.reads_on_server
        and lab is not None
        and lab.is_open(account.partition("@")[2], lab.config.fetch)
    )


def fetch_often(at: WindowContext) -> None:
    """Fetch every few seconds, or no longer."""
    at.home.often = not at.home.often
    on, off = ("say.watch_on", "say.watch_off") if at.reads_on_server else ("say.often_on", "say.often_off")
    at.ui.say(at.texts(on if at.home.often else off))
    at.ui.refresh()


def keep(at: WindowContext) -> None:
    """Leave messages on the server, or delete there what was fetched; by IMAP they are read there, and stay."""
    if at.reads_on_server:
        at.ui.say(at.texts("mail.stays"))
        return
    at.home.leave = not at.home.leave
    at.ui.say(at.texts("mail.keeps" if at.home.leave else "mail.takes"))
    at.ui.refresh()


# ── one message ──


async def change_mail(at: WindowContext, work: "Callable[[LocalStore], None]") -> bool:
    """Do something to the messages at home, in a thread; not while a session plays. Was it done?"""
    if not isinstance(at.shown, Live):
        at.ui.say(at.texts("say.replaying"), bad=True)
        return False
    if (shelf := at.home.shelf) is None:
        return False
    await asyncio.to_thread(work, shelf)
    _changed(at)
    return True


def _changed(at: WindowContext) -> None:
    at.home.changed()
    at.ui.refresh()


async def unread(at: WindowContext, message: HeldMessage) -> None:
    """Mark it read, or unread."""
    item = message.item
    if isinstance(item, ServerMessage):
        await server_mail.unread(at, item)
    else:
        await mark_read(at, item, seen=not item.seen)


async def mark_read(at: WindowContext, item: "LocalMessage | ServerMessage", *, seen: bool = True) -> None:
    """Somebody has read it, or not."""
    if isinstance(item, ServerMessage):
        await server_mail.mark(at, item, SEEN, wanted=seen)
    else:
        number = item.id
        await change_mail(at, lambda shelf: shelf.mark([number], seen=seen))


async def delete(at: WindowContext, message: HeldMessage) -> None:
    """Into the trash; out of the trash for good."""
    from maillab.client.local_store import MailFolder

    item = message.item
    if isinstance(item, ServerMessage):
        await server_mail.delete(at, item)
        return
    number = item.id
    if item.folder is MailFolder.TRASH:
        await _erase(at, number)
    elif await change_mail(at, lambda shelf: shelf.throw_away([number])):
        at.ui.say(at.texts("say.doomed" if item.uidl else "say.in_trash"), good=True)
    at.ui.go("mail", "messages")


async def _erase(at: WindowContext, number: int) -> None:
    """Out of the trash at home for good, which no key undoes: it is asked for."""
    if isinstance(at.shown, Live) and not await at.ui.confirm("erase", at.texts("ask.erase")):
        return
    if await change_mail(at, lambda shelf: shelf.erase([number])):
        at.ui.say(at.texts("say.erased_here"), good=True)


async def restore(at: WindowContext, message: HeldMessage) -> None:
    """Out of the trash."""
    from maillab.client.local_store import MailFolder

    item = message.item
    if isinstance(item, ServerMessage):
        await server_mail.restore(at, item)
    elif item.folder is MailFolder.TRASH:
        number = item.id
        if await change_mail(at, lambda shelf: shelf.take_back([number])):
            at.ui.say(at.texts("say.restored"), good=True)


async def answer(at: WindowContext, message: HeldMessage, how: str) -> None:
    """Begin an answer to a message, or a message that sends it on: reply, reply_all, forward, forward_attached."""
    from maillab.client import answer

    mode, octets = at.ui.where()[0], await _octets(at, message)
    if at.ui.where()[0] != mode:  # a server may take long, and whoever writes by then is not asked about that
        return
    me = Mailbox.parse(message.item.account)

    def write() -> "tuple[Draft, tuple[str, ...]]":
        match how:
            case "forward":
                return answer.forward_inline(octets, me, (), ""), ()
            case "forward_attached":
                return answer.forward_attached(octets, me, (), ""), ()
            case _:
                everyone = how == "reply_all"
                return answer.reply(octets, me, "", everyone=everyone), answer.left_out(octets, everyone=everyone)

    try:
        draft, left_out = await asyncio.to_thread(write)
    except ComposeError as error:
        at.ui.say(at.texts.trouble(str(error)), bad=True)
        return
    if left_out:
        at.ui.say(at.texts("say.left_out", who=", ".join(left_out)), bad=True)
    item, is_answer = message.item, how in ("reply", "reply_all")
    await go_on_with(at, draft_of(draft), answers=item if is_answer and isinstance(item, ServerMessage) else None)


async def save(at: WindowContext, what: HeldMessage | MessagePart) -> None:
    """Write the message, one of its files or parts where the person says; never over a file that is there."""
    from maillab.tui.mail.saving import proposed, save

    if isinstance(what, MessagePart):
        name, written = await _part_to_save(at, what)
    elif (chosen := await _what_to_save(at, what)) is not None:
        name, written = chosen
    else:
        return
    path = await ask_file(
        at, at.texts("save.where"), proposed(name), lambda where: asyncio.to_thread(save, where, written)
    )
    if path is not None:
        at.ui.say(at.texts("say.saved", path=path), good=True)


async def _what_to_save(at: WindowContext, message: HeldMessage) -> tuple[str, bytes] | None:
    """The message or one of its files, and a name for it; `None` where the person leaves."""
    from maillab.tui.mail import messageview

    octets = await _octets(at, message)
    opened = (await asyncio.to_thread(messageview.opened, octets)).message
    files = opened.attachments
    picked = await _which_file(at, len(octets), files)
    if picked is None:
        return None
    if picked == "message":
        return f"{opened.header('Subject') or 'message'}.eml", octets
    file = files[int(picked)]
    return file.name, file.octets


async def _which_file(at: WindowContext, octets: int, files: "tuple[Attached, ...]") -> str | None:
    if not files:
        return "message"
    choices = [Choice("message", at.texts("save.message"), f"{octets} B")]
    choices += [Choice(str(number), file.name, file.type) for number, file in enumerate(files)]
    return await pick(at, at.texts("save.title"), choices)


async def _part_to_save(at: WindowContext, what: MessagePart) -> tuple[str, bytes]:
    """The contents of a part, and a name for it."""
    from maillab.client.read import contents
    from maillab.tui.mail.tabs.parts import file_name

    octets = await _octets(at, what.message)
    part = await _part(octets, what.number)
    return file_name(part), await asyncio.to_thread(contents, octets, part)


async def open_outside(at: WindowContext, what: MessagePage | MessagePart) -> None:
    """Open a part, or the page of a message, in a browser: never without a question, and without loading anything."""
    from maillab.tui.mail import browser

    found = await _to_open(at, what)
    if found is None:
        at.ui.say(at.texts("needs.messagepage"), bad=True)
        return
    kind, octets = found
    if not browser.can_be_opened(kind):
        at.ui.say(at.texts("outside.kind", kind=kind), bad=True)
        return
    if not await at.ui.confirm("outside", at.texts("outside.ask", kind=kind)):
        return
    path = await asyncio.to_thread(browser.written, kind, octets)
    opened = await browser.open_in_browser(path)
    at.ui.say(at.texts("outside.opened" if opened else "outside.no_browser", path=path), bad=not opened, good=opened)


async def _to_open(at: WindowContext, what: MessagePage | MessagePart) -> tuple[str, bytes] | None:
    """A type and its bytes: those of a part, else the page of the message; `None` where it has none."""
    from maillab.client.read import contents, read
    from maillab.tui.mail import browser
    from maillab.tui.mail.tabs.parts import text_of_part

    octets = await _octets(at, what.message)
    if isinstance(what, MessagePage):
        pages = (await asyncio.to_thread(read, octets)).pages
        return ("text/html", browser.page_of(pages[0])) if pages else None
    part = await _part(octets, what.number)
    inner = await asyncio.to_thread(contents, octets, part)
    if part.type == "text/html":
        return part.type, browser.page_of(text_of_part(inner, part))
    return part.type, inner


async def _part(octets: bytes, number: int) -> "MimePart":
    from maillab.client.read import read

    return (await asyncio.to_thread(read, octets)).parts[number]


async def in_wire(at: WindowContext, message: HeldMessage) -> None:
    """Go to the line in the wire that carried the message."""
    from maillab.tui.mail.replayed_mailbox import ReplayedMailbox

    item = message.item
    seq = item.id if isinstance(item.id, int) else None
    if at.messages is at.home.shelf:
        octets = await _octets(at, message)
        seq = await asyncio.to_thread(ReplayedMailbox(at.live.model).find, item.account, octets)
    if seq is None:
        at.ui.say(at.texts("say.not_in_wire"), bad=True)
    else:
        at.ui.go("wire", "wire", seq)


async def _octets(at: WindowContext, message: HeldMessage) -> bytes:
    return await octets_of(at, message.item)


async def octets_of(at: WindowContext, item: "LocalMessage | ServerMessage") -> bytes:
    """A message as it came. Raises `KeyError` when it is gone, `NotAnswered` when the server does not give it."""
    if isinstance(item, ServerMessage):
        return await server_mail.octets(at, item)
    messages = at.messages
    assert messages is not None
    return await asyncio.to_thread(messages.octets, item.id)
