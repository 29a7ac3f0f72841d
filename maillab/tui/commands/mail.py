"""What is done with messages that are at home: they are fetched, answered, marked, thrown away, saved, traced back."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.tui.commands.messages import MessageCommands
from maillab.tui.dialogs.picker import Choice

if TYPE_CHECKING:
    from maillab.client.compose import Draft
    from maillab.client.local_store import LocalMessage, LocalStore
    from maillab.client.read import Attached
    from maillab.tui.replayed_mailbox import ReplayedMailbox


class MailCommands(MessageCommands):
    """A part of the window."""

    leave_mail: bool = True  # on the server, when it is fetched
    often: bool = False  # new mail is fetched every few seconds
    _recalled: "ReplayedMailbox | None" = None

    # ── where messages are ──

    @property
    def home(self) -> "LocalStore | ReplayedMailbox | None":
        """The messages that can be looked at: those of the session that plays, else those of the lab's people."""
        if self.replayed is None:
            self._recalled = None
            return self.shelf
        if self._recalled is None or not self._recalled.is_of(self.replayed):
            from maillab.tui.replayed_mailbox import ReplayedMailbox

            self._recalled = ReplayedMailbox(self.replayed)
        self._recalled.renew()
        return self._recalled

    @property
    def readers(self) -> list[str]:
        """The accounts that there are."""
        if self.replayed is not None:
            home = self.home
            return home.accounts if home is not None and home is self._recalled else []
        return [account.address for account in self.host.lab.accounts] if self.host.lab is not None else []

    # ── what is done ──

    async def fetch_mail(self, account: str, *, keep: bool) -> None:
        """A real talk by POP3, seen in the wire; what came of it is said."""
        from maillab.client.local_store import MailFolder
        from maillab.tui import lab_actions

        shelf = self.shelf
        if shelf is None:
            return
        before = await asyncio.to_thread(shelf.counts, account)
        fetched = await self.host.ask(lambda lab: lab_actions.retrieve(lab, shelf, account, keep=keep))
        after = await asyncio.to_thread(shelf.counts, account)
        new = after[MailFolder.INBOX][0] - before[MailFolder.INBOX][0]
        if fetched.removed:
            self.say(self.texts("say.removed", count=len(fetched.removed)))
        elif new:
            self.say(self.texts("say.fetched", count=new))

    async def change_mail(self, work: "Callable[[LocalStore], None]") -> None:
        """Do something to the messages at home, in a thread; not while a session plays."""
        shelf = self.shelf
        if self.playback is not None:
            self.say(self.texts("say.replaying"), bad=True)
        elif shelf is not None:
            await asyncio.to_thread(work, shelf)

    async def answer_mail(self, item: "LocalMessage", how: str) -> None:
        """Begin an answer to a message, or a message that sends it on: reply, reply_all, forward, forward_attached."""
        from maillab.client import answer
        from maillab.client.fields import ComposeError, Mailbox
        from maillab.tui.drafts import draft_of

        home = self.home
        assert home is not None
        octets = await asyncio.to_thread(home.octets, item.id)
        me = Mailbox.parse(item.account)

        def write() -> "tuple[Draft, tuple[str, ...]]":
            match how:
                case "forward":
                    return answer.forward_inline(octets, me, (), ""), ()
                case "forward_attached":
                    return answer.forward_attached(octets, me, (), ""), ()
                case _:
                    everyone = how == "reply_all"
                    message = answer.reply(octets, me, "", everyone=everyone)
                    return message, answer.left_out(octets, everyone=everyone)

        try:
            message, left_out = await asyncio.to_thread(write)
        except ComposeError as error:
            self.say(self.texts.trouble(str(error)), bad=True)
            return
        if left_out:
            self.say(self.texts("say.left_out", who=", ".join(left_out)), bad=True)
        await self.go_on_with(draft_of(message))

    async def save_mail(self, item: "LocalMessage") -> None:
        """Write the message, or one of its files, where the person says; never over a file that is there."""
        from maillab.tui import messageview
        from maillab.tui.saving import proposed, save

        home = self.home
        assert home is not None
        octets = await asyncio.to_thread(home.octets, item.id)
        message = (await asyncio.to_thread(messageview.opened, octets)).message
        picked = await self._what_to_save(len(octets), message.attachments)
        if picked is None:
            return
        file = message.attachments[int(picked)] if picked != "message" else None
        name = file.name if file is not None else f"{message.header('Subject') or 'message'}.eml"
        written = file.octets if file is not None else octets
        path = await self.ask_until(
            self.texts("save.where"), proposed(name), lambda where: asyncio.to_thread(save, where, written)
        )
        if path is not None:
            self.say(self.texts("say.exported", path=path))

    async def _what_to_save(self, octets: int, files: "tuple[Attached, ...]") -> str | None:
        if not files:
            return "message"
        choices = [Choice("message", self.texts("save.message"), f"{octets} B")]
        choices += [Choice(str(number), file.name, file.type) for number, file in enumerate(files)]
        return await self.pick(self.texts("save.title"), choices)

    async def trace_mail(self, item: "LocalMessage") -> None:
        """Go to the line in the wire that carried the message."""
        from maillab.tui.replayed_mailbox import ReplayedMailbox

        home = self.home
        assert home is not None
        seq: int | None = item.id
        if home is self.shelf:
            octets = await asyncio.to_thread(home.octets, item.id)
            seq = await asyncio.to_thread(ReplayedMailbox(self.live).find, item.account, octets)
        if seq is None:
            self.say(self.texts("say.not_in_wire"), bad=True)
        else:
            self.show_in_wire(seq)
