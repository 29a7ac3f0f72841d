"""The message that is being written: kept, offered, shown as it will go, gone on with; and its files."""

import asyncio
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.client.compose import Attachment
from maillab.client.fields import ComposeError
from maillab.protocols.services import of_a_site
from maillab.tui.commands.asking import ask_file, choose, pick
from maillab.tui.commands.editing import EditorError, edited
from maillab.tui.context import WindowContext
from maillab.tui.looks.sink import Line, piece
from maillab.tui.machines import drafts
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.questions import Choice
from maillab.tui.state.drafting import first_message
from maillab.tui.state.life import DownBy, LabDown
from maillab.tui.state.shown import Live
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.units import size

if TYPE_CHECKING:
    from maillab.tui.state.server_mail import KeptDraft, ServerMessage

BESIDE = "draft-2.json"  # in the lab's folder: a message that was written while another was kept
SAVED_AFTER = 1.0  # seconds after the last key
SHOWN_OCTETS = 65_536  # of the message that are shown octet for octet


@dataclass(frozen=True, slots=True)
class FieldToFill:
    """A field of the form to go to; `why` something is wrong with it, "" for nothing."""

    field: str
    why: str = ""


# ── keeping ──


def draft_file(at: WindowContext) -> Path | None:
    """Where the message is kept while it is written: in the folder of the lab, while no other process has it."""
    lab = at.host.lab
    if lab is not None:
        return lab.folder / "draft.json"
    is_taken = isinstance(at.life, LabDown) and at.life.by is DownBy.FOLDER
    ours = at.settings.lab if not is_taken and isinstance(at.shown, Live) else None
    return ours / "draft.json" if ours is not None else None


def draft_to_keep(at: WindowContext) -> Path | None:
    """The same, where there is something to keep: what has gone is kept elsewhere.

    While nobody has looked at the message that is kept there, another one is kept beside it.
    """
    drafting = at.drafting
    path = draft_file(at) if drafting.form != drafting.sent else None
    if path is None or not path.parent.is_dir():
        return None
    return path.with_name(BESIDE) if not drafting.known and path.exists() else path


async def keep_draft(at: WindowContext) -> None:
    """Write down the message that is being written, in a thread. Raises `OSError`."""
    async with at.drafting.saving:
        if (path := draft_to_keep(at)) is not None:
            await asyncio.to_thread(drafts.save, at.drafting.form, path)


def typed(at: WindowContext, form: DraftForm) -> None:
    """The form says something else: it is written down when nobody has typed for a moment."""
    at.drafting.typed(form)
    keep_soon(at)


def keep_soon(at: WindowContext) -> None:
    """Write the message down in a moment, if nobody types meanwhile."""
    at.ui.attempt(_keep_later(at), group="draft", alone=True)


async def _keep_later(at: WindowContext) -> None:
    await asyncio.sleep(SAVED_AFTER)
    at.ui.attempt(keep_draft(at))  # an errand of its own: a key that is typed now must not cancel it half-way


def offer_first(at: WindowContext) -> None:
    """While the lab starts the form shows what will be offered, unless somebody has begun to write."""
    drafting = at.drafting
    if not drafting.known and drafting.is_untouched:
        drafting.offered = first_message(at.config, at.texts)
        drafting.put(drafting.offered)
        at.ui.news()


async def offer_draft(at: WindowContext) -> None:
    """What was being written when the window closed last, else a message that can be sent at once.

    Where somebody has written something since, they say which of the two they go on with; until they have, the one
    is kept beside the other.
    """
    drafting = at.drafting
    if drafting.known:
        return
    path = draft_file(at)
    kept = beside = None
    if path is not None:
        kept = await asyncio.to_thread(drafts.load, path)
        beside = await asyncio.to_thread(drafts.load, path.with_name(BESIDE))
    written = beside if drafting.is_untouched else drafting.form
    if written is not None and kept is not None and kept != written:
        question = at.texts("ask.two_messages", subject=kept.subject)
        choice = await choose(at, "title.draft", question, k="ask.kept_message", n="ask.new_message", unasked=True)
        if choice is None:
            return
        if choice == "ask.kept_message":
            written = kept
        elif written is not beside:
            written = drafting.form  # somebody may have gone on writing meanwhile
    drafting.offered = first_message(at.config, at.texts)
    drafting.put(written or kept or drafting.offered)
    at.ui.news()
    if path is not None:
        drafting.known = True
        await asyncio.to_thread(path.with_name(BESIDE).unlink, missing_ok=True)
        if drafting.form is written:
            await keep_draft(at)


async def go_on_with(
    at: WindowContext,
    form: DraftForm,
    *,
    answers: "ServerMessage | None" = None,
    kept: "tuple[str, KeptDraft] | None" = None,
) -> None:
    """Go on with this message: an answer, one that is sent on, one that was kept on the server; what is half written
    is asked about.
    """
    drafting = at.drafting
    at_stake = not drafting.is_untouched and drafting.form != first_message(at.config, at.texts)
    if at_stake and not drafting.form.is_empty and not await at.ui.confirm("draft", at.texts("ask.clear")):
        return
    drafting.begin(form, goes_once=True, answers=answers, kept=kept)
    keep_soon(at)
    at.ui.go("lab", "compose", FieldToFill("text" if form.to else "to"))


# ── as it will go ──


async def source(at: WindowContext) -> tuple[list[Line], list[Line]]:
    """The message octet for octet, with its envelope; and its header alone."""
    from maillab.tui.machines.lab_actions import written

    form, stamp = at.drafting.form, at.drafting.stamped(moment(at))
    try:
        message = await asyncio.to_thread(lambda: written(form.message(), stamp))
    except ComposeError as error:
        known = error.field in (*drafts.ADDRESSES, "subject")
        field = at.texts(f"field.{error.field}") if known else error.field
        wrong: list[Line] = [(piece("bad", f"{field}: {at.texts.trouble(error.why)}"),)]
        return wrong, wrong
    envelope = message.envelope
    lines: list[Line] = [
        (("heading", at.texts("source.envelope")),),
        (piece("client", f"MAIL FROM:<{envelope.sender}>"),),
        *((piece("client", f"RCPT TO:<{recipient.address}>"),) for recipient in envelope.recipients),
        (),
        (("heading", at.texts("source.octets", octets=len(message.content))),),
    ]
    whole = message.content.whole()
    octets = [(("plain", safe(line + b"\r\n", ends=True)),) for line in whole[:SHOWN_OCTETS].split(b"\r\n")[:-1]]
    head = [(("plain", safe(line)),) for line in message.content.head().split(b"\r\n")[:-2]]
    return [*lines, *octets], list(head)


def moment(at: WindowContext) -> float:
    """The date of a message that is written now: the lab's, which may have been turned."""
    lab = at.host.lab
    if lab is not None:
        return lab.clock.now()
    return datetime.now(UTC).timestamp()


# ── what is done with it ──


async def attach(at: WindowContext) -> None:
    """Add a file."""
    file = await ask_file(
        at, at.texts("attach.title"), f"{Path.cwd()}{os.sep}", lambda text: asyncio.to_thread(drafts.attached, text)
    )
    if file is not None:
        _go_on(at, with_file(at.drafting.form, file))
        at.ui.say(at.texts("say.attached", name=safe(file.name), size=size(len(file.octets))), good=True)


async def detach(at: WindowContext) -> None:
    """Remove a file."""
    files = at.drafting.form.files
    choices = [Choice(file.name, file.name, file.type) for file in files]
    if choices and (name := await pick(at, at.texts("detach.title"), choices)) is not None:
        form = at.drafting.form
        _go_on(at, replace(form, files=tuple(file for file in form.files if file.name != name)))
        at.ui.say(at.texts("say.detached", name=safe(name)), good=True)


async def service(at: WindowContext) -> None:
    """Choose the service that takes the message."""
    chosen = await pick(at, at.texts("service.title"), service_choices(at.texts.lang))
    if chosen is not None:
        at.drafting.service = chosen
        at.ui.refresh()


async def clear(at: WindowContext) -> None:
    """Begin anew, after a question if something was written that was not sent."""
    drafting = at.drafting
    is_gone = drafting.form.is_empty or drafting.form == drafting.sent
    if is_gone or await at.ui.confirm("draft", at.texts("ask.clear")):
        offer_anew(at)
        keep_soon(at)
        at.ui.news()


def offer_anew(at: WindowContext) -> None:
    """The message that can be sent at once, in place of what was written."""
    at.drafting.begin(first_message(at.config, at.texts), goes_once=False)


async def editor(at: WindowContext) -> None:
    """The body in $VISUAL or $EDITOR; the lab goes on meanwhile."""
    try:
        text = drafts.cleaned(await edited(at, at.drafting.form.text, "message.txt"))
    except EditorError as error:
        at.ui.say(at.texts("say.no_editor", editor=error.editor, why=error.why), bad=True)
        return
    if len(text) > drafts.MOST_TEXT:
        _go_on(at, with_file(at.drafting.form, Attachment("message.txt", "text/plain", text.encode())))
        at.ui.say(at.texts("say.text_attached", name="message.txt"), bad=True)
    else:
        _go_on(at, replace(at.drafting.form, text=text))


def _go_on(at: WindowContext, form: DraftForm) -> None:
    """The message has another text, or other files."""
    at.drafting.put(form)
    keep_soon(at)
    at.ui.news()


def with_file(form: DraftForm, file: Attachment) -> DraftForm:
    """The message with one file more."""
    return replace(form, files=(*form.files, file))


def service_choices(lang: Lang) -> list[Choice]:
    """The services at which a message can be handed over, those with a login first."""
    takers = sorted((row for row in of_a_site() if row.takes_messages), key=lambda row: not row.for_people)
    return [Choice(row.name, f"{row.name} ({row.port})", row.purpose_in(lang)) for row in takers]
