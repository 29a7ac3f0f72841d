"""The message that is being written: what it says, how far its sending is, and what was offered or sent before.

Rules for this file: no Textual. The form tells what is typed (`typed`); a command puts another message there (`put`),
and the form shows it when it sees a newer `version`.
"""

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from msgspec import Struct

from maillab.protocols.services import SUBMISSION
from maillab.tui.machines.drafts import DraftForm

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.tui.machines.lab_actions import Stamp
    from maillab.tui.state.server_mail import KeptDraft, ServerMessage
    from maillab.tui.texts import Texts


class Composing(Struct, frozen=True):
    """It is written, nothing else."""


class SendDue(Struct, frozen=True):
    """It will be sent as soon as the lab runs."""


class UnderWay(Struct, frozen=True):
    """A server is taking it."""


Sending = Composing | SendDue | UnderWay


@dataclass(slots=True)
class Drafting:
    """`form` is the message as it stands; `service` takes it."""

    form: DraftForm = field(default_factory=DraftForm)
    service: str = SUBMISSION.name
    sending: Sending = field(default_factory=Composing)
    is_behind: bool = False  # SMTP is typed by hand where the form was: what is sent must be seen
    version: int = 0  # grows when somebody else than the form has changed the message
    stamp: "Stamp | None" = None  # date, id and boundaries, once they were shown
    sent: DraftForm | None = None  # was sent; the form still shows it, and it is not kept again
    offered: DraftForm | None = None  # as it was made, before somebody wrote in it
    goes_once: bool = False  # an answer, or a message that is sent on: when it has gone, nobody sends it again
    answers: "ServerMessage | None" = None  # is answered by it, and marked so when it has gone
    kept: "tuple[str, KeptDraft] | None" = None  # the account, and where it is kept on its server
    begun: int = 0  # messages; whoever waits for a server finds out by it whether another one stands here meanwhile
    known: bool = False  # the message that was kept before has been looked at
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)  # one is kept after the other, and the last one stays
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)  # the same on the server

    def typed(self, form: DraftForm) -> None:
        """The form says something else now."""
        self.form, self.stamp = form, None

    def begin(
        self,
        form: DraftForm,
        *,
        goes_once: bool,
        answers: "ServerMessage | None" = None,
        kept: "tuple[str, KeptDraft] | None" = None,
    ) -> None:
        """Another message, in which nobody has written yet."""
        self.begun += 1
        self.offered, self.goes_once, self.answers, self.kept = form, goes_once, answers, kept
        self.put(form)

    def put(self, form: DraftForm) -> None:
        """The message as it goes on: with another text, other files."""
        self.typed(form)
        self.version += 1

    @property
    def is_untouched(self) -> bool:
        """Has nobody written in it since it was offered or sent?"""
        return self.form in (DraftForm(), self.sent, self.offered)

    def stamped(self, now: float) -> "Stamp":
        """Date, id and boundaries of this message: the id that is shown will be sent, with the date of its sending."""
        if self.stamp is None:
            from maillab.tui.machines.lab_actions import Stamp

            site = self.form.sender.rpartition("@")[2].strip("> ") or "localhost"
            domain = site if site.isascii() and "@" not in site and " " not in site else "localhost"
            self.stamp = Stamp(now, f"<{secrets.token_hex(8)}@laptop.{domain}>", secrets.token_hex(6))
        self.stamp = replace(self.stamp, now=now)
        return self.stamp


def first_message(config: "Config | None", texts: "Texts") -> DraftForm:
    """A message from the first person of the lab to the first one of another site."""
    if config is None or not config.sites:
        return DraftForm()
    home, away = config.sites[0], config.sites[min(1, len(config.sites) - 1)]
    sender, whom = home.people[0].name, away.people[-1 if away is home else 0].name
    return DraftForm(
        f"{sender}@{home.domain}",
        f"{whom}@{away.domain}",
        subject=texts("draft.subject"),
        text=texts("draft.text", whom=whom.capitalize(), sender=sender.capitalize()),
    )
