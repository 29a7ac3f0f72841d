"""What is done with mail that lies on the server, by IMAP: listed, read, marked, moved, erased.

Rules for this file: what the server did is known here only after it said so; a server that is stopped, gone or slow
leaves everything as it was, and why is said.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from maillab.client.fields import ComposeError
from maillab.tui.commands.asking import pick
from maillab.tui.commands.draft import go_on_with
from maillab.tui.context import WindowContext
from maillab.tui.machines.drafts import form_of, is_plain, to_keep
from maillab.tui.machines.host import NotRunning
from maillab.tui.questions import Choice
from maillab.tui.state.server_mail import (
    ARCHIVE,
    DRAFTS,
    FLAGGED,
    SEEN,
    TRASH,
    KeptDraft,
    ServerFolder,
    ServerMessage,
    folder_name,
)
from maillab.tui.subjects import ServerHeld

if TYPE_CHECKING:
    from maillab.client.imap import RemoteMail

T = TypeVar("T")


class NotAnswered(RuntimeError):  # noqa: N818 - named for what is the case
    """The server did not do what it was asked for; the text says why, to a person."""


# ── asking the server ──


async def ask(at: WindowContext, account: str, errand: "Callable[[RemoteMail], Awaitable[T]]") -> T:
    """What comes of an errand in the talk with the server of an account. Raises `NotAnswered`."""
    from maillab.client.pop3 import FetchError
    from maillab.tui.machines.by_imap import ServerTalks

    home, lab = at.home, at.host.lab
    name, _, site = account.partition("@")
    if lab is None or not at.host.alive:
        raise NotAnswered(at.texts("say.starting"))
    service = lab.config.fetch
    words = {"who": name, "site": site, "service": service.upper()}
    if not lab.is_open(site, service):
        raise NotAnswered(at.texts("say.door_stopped", **words))
    if home.talks is None:
        home.talks = ServerTalks()
    talks = home.talks
    try:
        return await at.host.ask(lambda lab: talks.do(lab, account, errand))
    except FetchError as error:
        bare = error.stage == "auth" and any(not one.tls for one in lab.config.sites if one.domain == site)
        text = "say.no_tls_fetch" if bare else "say.no_answer"
        raise NotAnswered(at.texts(text, why=error.text, **words)) from error
    except KeyError as error:
        raise NotAnswered(at.texts("say.not_there")) from error
    except (NotRunning, LookupError, OSError) as error:
        raise NotAnswered(at.texts("say.no_answer", why=str(error), **words)) from error


async def look(at: WindowContext, account: str, folder: ServerFolder, *, asked: bool) -> None:
    """Ask the server for its folders, and what is in one; what came and went there meanwhile is said.

    Nobody has `asked` where it is done by itself: then only what was looked at may be looked at again.
    """
    known = at.home.on_server(account)
    before = known.lists.get(folder.name)
    try:
        await file_copies(at, account)
        folders, listing = await ask(at, account, lambda mail: mail.look(folder.name, before))
    except NotAnswered as error:
        if asked:
            at.ui.say(str(error), bad=True)
        return
    mine = known.lists.get(folder.name)  # as it is now: something may have been done here meanwhile
    known.tell(folders, folder.name, listing)
    if mine is not None and listing is not None and mine.validity == listing.validity:
        had, has = ({message.uid for message in told.messages} for told in (mine, listing))
        # who looks elsewhere by now reads it, too
        where = {"folder": folder_name(folder, at.texts), "who": account.partition("@")[0]}
        if gone := len(had - has):
            at.ui.say(at.texts("say.gone_there", count=gone, **where))
        elif new := len(has - had):
            at.ui.say(at.texts("say.new_there", count=new, **where))
    _changed(at)


async def file_copies(at: WindowContext, account: str) -> None:
    """What was sent goes from home into the folder for that; where there is none it stays, and why is said.

    Raises `NotAnswered`; then it goes the next time.
    """
    from maillab.tui.machines.by_imap import put_sent

    home = at.home
    shelf, waiting = home.shelf, home.unfiled.get(account, [])
    while waiting and shelf is not None:
        number = waiting.pop(0)
        if (copy := await asyncio.to_thread(shelf.item, number)) is None:
            continue  # it was erased meanwhile
        held = await asyncio.to_thread(shelf.octets, number)
        try:
            folder = await ask(at, account, partial(put_sent, octets=held, at=copy.stored))
        except NotAnswered:
            waiting.insert(0, number)
            raise
        if folder:
            await asyncio.to_thread(shelf.erase, [number])
            home.on_server(account).came(folder, unseen=False)
        else:
            at.ui.say(at.texts("say.not_kept", why=at.texts("say.no_sent")), bad=True)


async def octets(at: WindowContext, item: ServerMessage) -> bytes:
    """A message as it lies there, asked for once. Raises `NotAnswered`."""
    known = at.home.on_server(item.account)
    if (held := known.octets(item)) is None:
        place = item.folder.name, item.remote.uid
        held = await ask(at, item.account, lambda mail: mail.octets(*place, validity=item.validity))
        known.keep(item, held)
    return held


# ── changing something there ──


async def _change(at: WindowContext, item: ServerMessage, errand: "Callable[[RemoteMail], Awaitable[object]]") -> bool:
    """Was it done? If not, why is said."""
    if not at.living():
        return False
    try:
        await ask(at, item.account, errand)
    except NotAnswered as error:
        at.ui.say(str(error), bad=True)
        return False
    return True


def _changed(at: WindowContext) -> None:
    at.home.changed()
    at.ui.refresh()


async def mark(at: WindowContext, item: ServerMessage, flag: str, *, wanted: bool) -> bool:
    """Put a flag on a message, or take it away. Was it done?"""
    place = item.folder.name, [item.remote.uid], [flag]
    done = await _change(at, item, lambda mail: mail.flag(*place, wanted=wanted, validity=item.validity))
    if done:
        at.home.on_server(item.account).marked(item, flag, wanted=wanted)
        _changed(at)
    return done


async def unread(at: WindowContext, item: ServerMessage) -> None:
    """Mark it read, or unread."""
    await mark(at, item, SEEN, wanted=not item.seen)


async def important(at: WindowContext, message: ServerHeld) -> None:
    """Mark it as important, or no longer."""
    await mark(at, message.item, FLAGGED, wanted=not message.item.is_important)


async def move(at: WindowContext, message: ServerHeld) -> None:
    """Into a folder that somebody chooses."""
    item, known = message.item, at.home.on_server(message.item.account)
    folders = [ServerFolder(one.name, one.special) for one in known.folders if one.name != item.folder.name]
    choices = [Choice(one.name, folder_name(one, at.texts), _named(one, at)) for one in folders]
    if not choices:
        at.ui.say(at.texts("move.nowhere"), bad=True)
        return
    chosen = await pick(at, at.texts("move.title"), choices)
    target = known.folder(chosen) if chosen is not None else None
    if target is not None:
        await _move(at, item, target)


def _named(folder: ServerFolder, at: WindowContext) -> str:
    """How a folder is called on the server, where the window calls it by what it is for."""
    return folder.name if folder.name != folder_name(folder, at.texts) else ""


async def archive(at: WindowContext, message: ServerHeld) -> None:
    """Into the folder for what is done with."""
    await _move_for(at, message.item, ARCHIVE)


async def delete(at: WindowContext, item: ServerMessage) -> None:
    """Into the trash; out of the trash for good, which no key undoes: it is asked for."""
    if item.folder.special != TRASH:
        await _move_for(at, item, TRASH)
        return
    if not at.living() or not await at.ui.confirm("erase", at.texts("ask.erase")):
        return
    place = item.folder.name, [item.remote.uid]
    if await _change(at, item, lambda mail: mail.erase(*place, validity=item.validity)):
        _gone(at, item)
        at.ui.say(at.texts("say.erased"), good=True)


async def restore(at: WindowContext, item: ServerMessage) -> None:
    """Out of the trash, into the inbox."""
    inbox = next((one for one in at.home.on_server(item.account).folders if ServerFolder(one.name).is_inbox), None)
    if item.folder.special == TRASH and inbox is not None:
        await _move(at, item, ServerFolder(inbox.name))


async def _move_for(at: WindowContext, item: ServerMessage, special: str) -> None:
    target = at.home.on_server(item.account).folder_for(special)
    if target is None:
        at.ui.say(at.texts("say.no_folder", folder=folder_name(ServerFolder("", special), at.texts)), bad=True)
    elif target.name != item.folder.name:
        await _move(at, item, target)


async def _move(at: WindowContext, item: ServerMessage, target: ServerFolder) -> None:
    place = item.folder.name, [item.remote.uid], target.name
    if await _change(at, item, lambda mail: mail.move(*place, validity=item.validity)):
        _gone(at, item, target.name)
        words = "say.in_trash" if target.special == TRASH else "say.moved_to"
        at.ui.say(at.texts(words, folder=folder_name(target, at.texts)), good=True)


def _gone(at: WindowContext, item: ServerMessage, target: str = "") -> None:
    """It lies in another folder, or nowhere: the list comes to the front, without it, if nobody has left it since."""
    at.home.on_server(item.account).gone(item, target)
    _changed(at)
    if at.ui.where()[0] == "mail":  # a server may take long, and whoever writes by then goes on writing
        at.ui.go("mail", "messages")


# ── what is being written ──


async def keep_draft(at: WindowContext) -> None:
    """Keep what is written in the folder for drafts of its writer; what was kept of it before goes, then."""
    if not at.living():
        return
    if not at.reads_on_server:
        at.ui.say(at.texts("draft.by_imap"), bad=True)
        return
    async with at.drafting.keeping:
        await _keep(at)


async def _keep(at: WindowContext) -> None:
    from maillab.tui.machines import by_imap, lab_actions

    drafting, form, begun = at.drafting, at.drafting.form, at.drafting.begun
    try:
        draft, now = form.message(), at.now
        message = await asyncio.to_thread(lab_actions.written, draft, drafting.stamped(now))
    except ComposeError as error:
        at.ui.say(at.texts("draft.not_kept", why=error.why), bad=True)
        return
    account, octets = str(draft.sender.address), to_keep(form, message.content.whole())
    before = drafting.kept[1] if drafting.kept is not None and drafting.kept[0] == account else None
    try:
        kept = await ask(at, account, lambda mail: by_imap.put_draft(mail, octets, now, before))
    except NotAnswered as error:
        at.ui.say(at.texts("draft.not_kept", why=str(error)), bad=True)
        return
    if kept is None:
        at.ui.say(at.texts("say.no_folder", folder=folder_name(ServerFolder("", DRAFTS), at.texts)), bad=True)
        return
    if drafting.begun == begun:  # else another message stands there by then, and must not take the place of this one
        drafting.kept = account, kept
    known = at.home.on_server(account)
    if before is not None:
        known.erased(before)
    known.came(kept.folder, unseen=False)
    at.ui.say(at.texts("draft.kept", who=account))
    _changed(at)


async def edit(at: WindowContext, message: ServerHeld) -> None:
    """Go on with a message that is kept in the folder for drafts."""
    item = message.item
    if item.folder.special != DRAFTS:
        at.ui.say(at.texts("draft.only_there"), bad=True)
        return
    mode, held = at.ui.where()[0], await octets(at, item)
    form, whole = await asyncio.to_thread(lambda: (form_of(held), is_plain(held)))
    if at.ui.where()[0] != mode:  # as where a message is answered
        return
    kept = KeptDraft(item.folder.name, item.validity, item.remote.uid)
    if not whole:  # what comes of it must not take its place
        at.ui.say(at.texts("draft.has_html"), bad=True)
    await go_on_with(at, form, kept=(item.account, kept) if whole else None)


async def drop_draft(at: WindowContext, account: str, kept: KeptDraft) -> None:
    """It has gone, or is kept elsewhere: its copy in the folder for drafts goes, too. What is there already is gone."""
    if not kept.uid:
        return
    with suppress(NotAnswered):
        await ask(at, account, lambda mail: mail.erase(kept.folder, [kept.uid], validity=kept.validity))
        at.home.on_server(account).erased(kept)
