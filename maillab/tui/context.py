"""All that a command gets: settings, words, the lab, what is known, and the way to the person.

Rules for this file: no Textual. It holds and does nothing, but for questions that every command asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.tui.complaints import complaint
from maillab.tui.machines.host import Host
from maillab.tui.machines.machine_state import of_session
from maillab.tui.machines.notices import Notices
from maillab.tui.playing.playback import Playback
from maillab.tui.reading.model import Model
from maillab.tui.settings import Settings
from maillab.tui.state.conversation import Conversation
from maillab.tui.state.drafting import Drafting
from maillab.tui.state.home import HomeMail
from maillab.tui.state.life import LabDown, Life, Off, config_of, why_down
from maillab.tui.state.record import RecordKeeping
from maillab.tui.state.said import SaidWords
from maillab.tui.state.shown import Live, Replay, Shown
from maillab.tui.texts import Texts
from maillab.tui.ui import Ui

if TYPE_CHECKING:
    from maillab.client.local_store import LocalStore
    from maillab.config import Config
    from maillab.tui.mail.replayed_mailbox import ReplayedMailbox


@dataclass(slots=True)
class WindowContext:
    """`live` is the living lab, `shown` what is seen: the same, or a session that plays."""

    settings: Settings
    texts: Texts
    host: Host
    ui: Ui
    live: Live
    shown: Shown
    auto_ports: bool = False
    auto_http: bool = False
    life: Life = field(default_factory=Off)
    drafting: Drafting = field(default_factory=Drafting)
    conversation: Conversation = field(default_factory=Conversation)
    records: RecordKeeping = field(default_factory=RecordKeeping)
    notices: Notices | None = None  # made when there is something to tell
    said: SaidWords = field(default_factory=SaidWords)
    home: HomeMail = field(default_factory=HomeMail)
    recent: list[str] = field(default_factory=list)  # what was used of the palette, the last one first
    minute: int = 0  # since 1970, of the lab's clock when it was looked at last
    own_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by action, where a person chose others

    def take_free_ports(self) -> None:
        """From the next start of the lab on."""
        self.auto_ports = self.auto_http = True

    @property
    def model(self) -> Model:
        """The model that the screens show."""
        return self.shown.model

    @property
    def playback(self) -> Playback | None:
        """The session that plays, if one does."""
        return self.shown.playback if isinstance(self.shown, Replay) else None

    @property
    def config(self) -> "Config | None":
        """The configuration of the lab, as soon as it is known."""
        return config_of(self.life)

    @property
    def trouble(self) -> str:
        """Why the lab does not run, "" where it does or is on its way."""
        return why_down(self.life)

    @property
    def is_temporary(self) -> bool:
        """Will the lab's folder be deleted with the lab?"""
        lab = self.host.lab
        return lab is not None and lab.folder != self.settings.lab

    @property
    def now(self) -> float:
        """The moment that is shown, in seconds since 1970: the lab's, or that of the session."""
        lab = self.host.lab
        return lab.clock.now() if isinstance(self.shown, Live) and lab is not None else self.model.now

    @property
    def messages(self) -> "LocalStore | ReplayedMailbox | None":
        """The messages that can be looked at in Mail."""
        return self.home.messages(self.shown)

    @property
    def reads_on_server(self) -> bool:
        """Do people read their mail where it lies, by IMAP? What a session shows was brought home, by whatever."""
        return isinstance(self.shown, Live) and self.host.lab is not None and self.host.lab.reads_by_imap

    @property
    def readers(self) -> list[str]:
        """The accounts that there are."""
        if isinstance(self.shown, Replay):
            return self.home.recalled(self.shown).accounts
        return [account.address for account in self.host.lab.accounts] if self.host.lab is not None else []

    @property
    def nobodys(self) -> frozenset[str]:
        """Those of them that are no person's: nobody reads there but who looks for what came astray."""
        if isinstance(self.shown, Replay):
            return of_session(self.shown.playback.recording.header).unless_empty
        return self.host.lab.config.nobodys if self.host.lab is not None else frozenset()

    @property
    def sessions_folder(self) -> Path:
        """Where the records of this lab are."""
        lab = self.host.lab
        folder = lab.folder if lab is not None else self.settings.lab
        return (folder or Path.cwd()) / "sessions"

    @property
    def can_send(self) -> bool:
        """Is there a lab to send by, or one on its way?"""
        return isinstance(self.shown, Live) and not isinstance(self.life, LabDown)

    def complain(self, error: BaseException | None) -> None:
        """Say an error, in the language of the window."""
        self.ui.say(self.texts.trouble(complaint(error)), bad=True)

    def living(self) -> bool:
        """Is there a lab to ask, and is it the one that is shown? If not, say so."""
        if isinstance(self.shown, Replay):
            self.ui.say(self.texts("say.replaying"), bad=True)
            return False
        if self.host.alive:
            return True
        if why := self.trouble:
            self.ui.say(self.texts("say.no_lab", why=why), bad=True)
        else:  # no fault, and over in a moment
            self.ui.say(self.texts("say.starting"))
        return False
