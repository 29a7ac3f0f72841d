"""The message that is being written: kept, shown as it will go, sent."""

import asyncio
import os
import secrets
import shlex
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.client.compose import Attachment
from maillab.client.fields import ComposeError
from maillab.protocols.services import of_a_site
from maillab.tui import drafts
from maillab.tui.commands.base import BESIDE, complaint
from maillab.tui.commands.general import General
from maillab.tui.dialogs.picker import Choice
from maillab.tui.drafts import DraftForm
from maillab.tui.sink import Line, piece
from maillab.views.safe import safe

if TYPE_CHECKING:
    from textual.timer import Timer

    from maillab.tui.lab_actions import Stamp
    from maillab.tui.widgets.compose import ComposePane

SAVED_AFTER = 1.0  # seconds after the last key
SHOWN_OCTETS = 65_536  # of the message that are shown octet for octet


class MessageCommands(General):
    """A part of the window."""

    service: str  # the service at which messages are handed over
    sending: bool = False
    stamp: "Stamp | None"  # of the message that is being written

    # ── keeping ──

    async def offer_draft(self) -> None:
        """What was being written when the window closed last, else a message that can be sent at once.

        Where somebody has written something since, they say which of the two they go on with; until they have, the one
        is kept beside the other.
        """
        if self.draft_known:
            return
        path = self.draft_file
        kept = beside = None
        if path is not None:
            kept = await asyncio.to_thread(drafts.load, path)
            beside = await asyncio.to_thread(drafts.load, path.with_name(BESIDE))
        offered = (DraftForm(), self.draft_sent, self.draft_offered)
        written = beside if self.draft in offered else self.draft
        if written is not None and kept is not None and kept != written:
            question = self.texts("ask.two_messages", subject=kept.subject)
            choice = await self.choose(question, k="ask.kept_message", n="ask.new_message", unasked=True)
            if choice is None:
                return
            if choice == "ask.kept_message":
                written = kept
            elif written is not beside:
                written = self.draft  # somebody may have gone on writing meanwhile
        self.draft_offered = self.new_draft()
        self.draft = written or kept or self.draft_offered
        self.fill_draft()
        if path is not None:
            self.draft_known = True
            await asyncio.to_thread(path.with_name(BESIDE).unlink, missing_ok=True)
            if self.draft is written:
                await self.keep_draft()

    def new_draft(self) -> DraftForm:
        """A message from the first person of the lab to the first one of another site."""
        config = self.config
        if config is None or not config.sites:
            return DraftForm()
        home, away = config.sites[0], config.sites[min(1, len(config.sites) - 1)]
        sender, whom = home.people[0].name, away.people[-1 if away is home else 0].name
        return DraftForm(
            f"{sender}@{home.domain}",
            f"{whom}@{away.domain}",
            subject=self.texts("draft.subject"),
            text=self.texts("draft.text", whom=whom.capitalize(), sender=sender.capitalize()),
        )

    def draft_changed(self, draft: DraftForm) -> None:
        """Another message to keep: it is written down when nobody has typed for a moment."""
        self.draft, self.stamp = draft, None
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(SAVED_AFTER, lambda: self.attempt(self.keep_draft(), group="draft"))

    _saving: "Timer | None" = None

    # ── as it will go ──

    def stamped(self) -> "Stamp":
        """Date, id and boundaries of this message: what is shown is what will be sent."""
        if self.stamp is None:
            from maillab.tui.lab_actions import Stamp

            lab = self.host.lab
            now = lab.clock.now() if lab is not None else datetime.now(UTC).timestamp()
            site = self.draft.sender.rpartition("@")[2].strip("> ") or "localhost"
            domain = site if site.isascii() and "@" not in site and " " not in site else "localhost"
            self.stamp = Stamp(now, f"<{secrets.token_hex(8)}@laptop.{domain}>", secrets.token_hex(6))
        return self.stamp

    async def source(self) -> tuple[list[Line], list[Line]]:
        """The message octet for octet, with its envelope; and its header alone."""
        from maillab.tui.lab_actions import written

        draft, stamp = self.draft, self.stamped()
        try:
            message = await asyncio.to_thread(lambda: written(draft.message(), stamp))
        except ComposeError as error:
            known = error.field in (*drafts.ADDRESSES, "subject")
            field = self.texts(f"field.{error.field}") if known else error.field
            wrong: list[Line] = [(piece("bad", f"{field}: {error.why}"),)]
            return wrong, wrong
        envelope = message.envelope
        lines: list[Line] = [
            (("heading", self.texts("source.envelope")),),
            (piece("client", f"MAIL FROM:<{envelope.sender}>"),),
            *((piece("client", f"RCPT TO:<{recipient.address}>"),) for recipient in envelope.recipients),
            (),
            (("heading", self.texts("source.octets", octets=len(message.content))),),
        ]
        whole = message.content.whole()
        octets = [(("plain", safe(line + b"\r\n", ends=True)),) for line in whole[:SHOWN_OCTETS].split(b"\r\n")[:-1]]
        head = [(("plain", safe(line)),) for line in message.content.head().split(b"\r\n")[:-2]]
        return [*lines, *octets], list(head)

    # ── sending ──

    def action_send(self) -> None:
        self.attempt(self.send_message())

    async def send_message(self) -> None:
        """Hand the message over; what the server says of it is said."""
        from maillab.client.submit import SubmitError

        if not self.living() or self.sending:
            return
        from maillab.tui import lab_actions

        draft, stamp, service = self.draft, self.stamped(), self.service
        self.sending = True
        try:
            message = draft.message()
            await asyncio.to_thread(lab_actions.written, message, stamp)  # before anybody hears of it
            self.say(self.texts("say.sending"))
            result = await self.host.ask(lambda lab: lab_actions.send(lab, message, stamp, service))
        except SubmitError as error:
            self.say("")
            self.say(self.texts("say.refused", stage=error.stage, why=error.text), bad=True)
            return
        except ComposeError as error:
            self.point_at(error.field, error.why)
            return
        finally:
            self.sending = False
        await self._sent(draft, result.message.content.whole(), str(message.sender.address))
        refused = ", ".join(str(address) for address, _ in result.refused)
        self.say(self.texts("say.sent_not_to", who=refused) if refused else self.texts("say.sent"), bad=bool(refused))

    async def _sent(self, draft: DraftForm, octets: bytes, address: str) -> None:
        """A copy goes to the sender's own messages; the wire comes to the front. The message may be sent once more.

        What was written meanwhile is another message, and is kept.
        """
        from maillab.client.local_store import MailFolder

        shelf, lab = self.shelf, self.host.lab
        if shelf is not None and lab is not None:
            now = lab.clock.now()
            await asyncio.to_thread(lambda: shelf.put(address, octets, now, folder=MailFolder.SENT, seen=True))
        self.stamp, self.draft_sent = None, draft
        async with self.saving:
            if self.draft == draft and (path := self.draft_file) is not None:
                await asyncio.to_thread(path.unlink, missing_ok=True)
        if (screen := self.at) is not None:
            screen.message_gone()

    def point_at(self, field: str, why: str) -> None:
        """Something is wrong with a field of the message: go there."""
        from maillab.tui.widgets.compose import ComposePane

        names = {"to": "to", "cc": "cc", "bcc": "bcc", "from": "sender", "sender": "sender", "header name": "headers"}
        name = names.get(field.lower(), field.lower())

        def point() -> None:
            if (screen := self.at) is not None:
                for pane in screen.query(ComposePane):
                    screen.front("compose", focus=False)
                    pane.point_at(name, why)

        self.go("lab", point)

    async def go_on_with(self, draft: DraftForm) -> None:
        """Go on with this message: an answer, or one that is sent on; what is half written is asked about."""
        from maillab.tui.widgets.compose import ComposePane

        at_stake = self.draft not in (DraftForm(), self.draft_sent, self.draft_offered, self.new_draft())
        if at_stake and not self.draft.is_empty and not await self.is_sure(self.texts("ask.clear")):
            return
        self.draft_offered = draft
        self.draft_changed(draft)

        def fill() -> None:
            self.fill_draft()
            if (screen := self.at) is not None:
                for pane in screen.query(ComposePane):
                    pane.show_tab("form")
                    screen.front("compose", focus=False)
                    pane.begin_at("text" if draft.to else "to")

        self.go("lab", fill)

    def fill_draft(self) -> None:
        """Show the message that is to be gone on with."""
        from maillab.tui.widgets.compose import ComposePane

        lab = self.host.lab
        for screen in self.modes():
            for pane in screen.query(ComposePane):
                pane.write(self.draft)
                pane.know([account.address for account in lab.accounts] if lab is not None else [])

    # ── what the pane asks for ──

    async def compose_asks(self, what: str, pane: "ComposePane") -> None:
        """Do what was asked for in the pane."""
        match what:
            case "attach":
                await self._attach_file(pane)
            case "detach":
                choices = [Choice(file.name, file.name, file.type) for file in pane.files]
                if choices and (name := await self.pick(self.texts("detach.title"), choices)) is not None:
                    pane.take_off(name)
            case "editor":
                await self._edit(pane)
            case "service":
                await self._choose_service()
            case "clear":
                if pane.draft.is_empty or await self.is_sure(self.texts("ask.clear")):
                    pane.write(self.new_draft())

    async def _attach_file(self, pane: "ComposePane") -> None:
        file = await self.ask_until(
            self.texts("attach.title"), f"{Path.cwd()}{os.sep}", lambda text: asyncio.to_thread(drafts.attached, text)
        )
        if file is not None:
            pane.attach(file)

    async def _choose_service(self) -> None:
        lab = self.host.lab
        if lab is None:
            return
        service = await self.pick(self.texts("service.title"), service_choices(self.texts.lang))
        if service is not None:
            self.service = service
            self.news()

    async def _edit(self, pane: "ComposePane") -> None:
        """The body in $VISUAL or $EDITOR; the lab goes on meanwhile."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            command = shlex.split(editor) or ["vi"]
        except ValueError as error:
            self.say(self.texts("say.no_editor", editor=editor, why=error), bad=True)
            return
        with tempfile.TemporaryDirectory(prefix="maillab-") as folder:
            file = Path(folder) / "message.txt"
            file.write_text(pane.draft.text, "utf-8")
            trouble = ""
            with self.batch_update(), self.suspend():  # nothing is drawn: the terminal is somebody else's
                try:  # within: Textual does not come back where an error leaves it
                    process = await asyncio.create_subprocess_exec(*command, str(file))
                    if code := await process.wait():
                        trouble = self.texts("say.editor_failed", code=code)
                except OSError as error:
                    trouble = complaint(error)
            if trouble:
                self.say(self.texts("say.no_editor", editor=command[0], why=trouble), bad=True)
                return
            text = drafts.cleaned(await asyncio.to_thread(file.read_text, "utf-8", "replace"))
        if len(text) > drafts.MOST_TEXT:
            pane.attach(Attachment("message.txt", "text/plain", text.encode()))
            self.say(self.texts("say.text_attached", name="message.txt"), bad=True)
        else:
            pane.write(replace(pane.draft, text=text))


def service_choices(lang: str) -> list[Choice]:
    """The services at which a message can be handed over, those with a login first."""
    takers = sorted((row for row in of_a_site() if row.takes_messages), key=lambda row: not row.for_people)
    return [Choice(row.name, f"{row.name} ({row.port})", row.purpose_in(lang)) for row in takers]
