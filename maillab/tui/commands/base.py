"""What all commands lean on: the settings, the models, the host, and how something is said to the person."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.events import Event, Key
from textual.worker import Worker, WorkerState

from maillab.tui import drafts
from maillab.tui.host import Host
from maillab.tui.model import Model
from maillab.tui.playback import Playback
from maillab.tui.refresher import Refresher
from maillab.tui.settings import Settings
from maillab.tui.texts import Texts
from maillab.tui.theme import THEMES, choose
from maillab.tui.typeahead import PATIENCE, TypedAhead

if TYPE_CHECKING:
    from maillab.client.local_store import LocalStore
    from maillab.config import Config
    from maillab.recording.session import Session
    from maillab.tui.dialogs.picker import Choice
    from maillab.tui.drafts import DraftForm
    from maillab.tui.screens.base import ModeScreen


T = TypeVar("T")

BESIDE = "draft-2.json"  # in the lab's folder: a message that was written while another was kept
LULL = 0.7  # seconds without a key, after which nobody is typing any more


class Base(App[int]):
    """The state of the window. `live` is the model of the living lab, `replayed` that of a session that plays."""

    settings: Settings
    texts: Texts
    live: Model
    replayed: Model | None
    playback: Playback | None
    host: Host
    refresher: Refresher
    config: "Config | None"
    shelf: "LocalStore | None"
    draft: "DraftForm"
    trouble: str  # why the lab does not run, "" where it does or is on its way
    folder_taken: bool = False  # another process has the lab's folder
    draft_known: bool = False  # the message that was kept before has been looked at
    draft_sent: "DraftForm | None" = None  # was sent; the form still shows it, and it is not saved again
    draft_offered: "DraftForm | None" = None  # a message as it was made, before somebody wrote in it
    saving: asyncio.Lock  # one message is kept after the other, and the last one stays
    typeahead: TypedAhead
    typed_at: float = 0.0  # when a key was pressed last, in seconds of the clock that only goes forward
    worded: asyncio.Event  # no mode is being made anew, in another language

    @property
    def model(self) -> Model:
        """The model that the screens show."""
        return self.replayed if self.replayed is not None else self.live

    @property
    def at(self) -> "ModeScreen | None":
        """The mode that is shown, below whatever dialog stands before it."""
        from maillab.tui.screens.base import ModeScreen

        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, ModeScreen)), None)

    def modes(self) -> "Iterator[ModeScreen]":
        """Every mode that was gone to, shown or not."""
        from maillab.tui.screens.base import ModeScreen

        for stack in self._screen_stacks.values():
            yield from (screen for screen in stack if isinstance(screen, ModeScreen) and screen.is_mounted)

    @property
    def draft_file(self) -> Path | None:
        """Where the message is kept while it is written: in the folder of the lab, while no other process has it."""
        lab = self.host.lab
        if lab is not None:
            return lab.folder / "draft.json"
        ours = self.settings.lab if not self.folder_taken and self.playback is None else None
        return ours / "draft.json" if ours is not None else None

    @property
    def draft_to_keep(self) -> Path | None:
        """The same, where there is something to keep: what has gone is kept elsewhere.

        While nobody has looked at the message that is kept there, another one is kept beside it.
        """
        path = self.draft_file if self.draft != self.draft_sent else None
        if path is None or not path.parent.is_dir():
            return None
        return path.with_name(BESIDE) if not self.draft_known and path.exists() else path

    async def offer_draft(self) -> None:
        """Go on with the message that was kept, or begin one."""
        raise NotImplementedError

    async def keep_draft(self) -> None:
        """Write down the message that is being written, in a thread. Raises `OSError`."""
        async with self.saving:
            if (path := self.draft_to_keep) is not None:
                await asyncio.to_thread(drafts.save, self.draft, path)

    def now(self) -> float:
        """The moment that is shown, in seconds since 1970: the lab's, or that of the session."""
        lab = self.host.lab
        return lab.clock.now() if self.playback is None and lab is not None else self.model.now

    def news(self) -> None:
        """Bring the mode that is shown up to date. A window that closes takes the widgets of its modes away first."""
        if self.is_running and (screen := self.at) is not None and screen.is_mounted:
            screen.news()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Tell the user something for some seconds: in the status line, or, where it matters, on top of everything."""
        from maillab.views.safe import safe

        if not bad and (screen := self.at) is not None and screen.whisper(text):
            return
        lines = "\n".join(safe(line) for line in text.split("\n")[:12])
        self.notify(lines, severity="error" if bad else "information", timeout=10 if bad else 4, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """What a peer wrote is harmless wherever it is pasted: the guard is that of the screen; line ends stay."""
        from maillab.views.safe import safe

        lines = (line.removesuffix("\r").replace("\t", " ") for line in text.split("\n"))
        super().copy_to_clipboard(("\r\n" if "\r\n" in text else "\n").join(map(safe, lines)))

    def attempt(self, work: Coroutine[Any, Any, object], *, group: str = "errands", alone: bool = False) -> Worker[Any]:
        """Do something that takes time; what goes wrong is said, and nothing ends by it.

        `alone` cancels the other tasks of the same group.
        """
        return self.run_worker(work, group=group, exit_on_error=False, exclusive=alone)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.say(complaint(event.worker.error), bad=True)

    # ── what is typed ──

    async def on_event(self, event: Event) -> None:
        """What is typed while another screen is on its way is for that one."""
        if isinstance(event, Key) and not event.is_forwarded:
            self.typed_at = time.monotonic()
        if not self.typeahead.keep(event):
            await super().on_event(event)

    def expect_screen(self) -> None:
        """Another screen was asked for: what is typed from now on is for it."""
        self.typeahead.expect()
        self.set_timer(PATIENCE + 0.1, self._give_up)

    def screen_is_here(self) -> None:
        """It has come, and has the focus."""
        self.call_later(self._type_on)

    async def _give_up(self) -> None:
        if self.typeahead.in_vain:
            await self._type_on()

    async def _type_on(self) -> None:
        for event in self.typeahead.arrived():
            await self.on_event(event)

    # ── asking ──

    async def choose(self, question: str, *, unasked: bool = False, **answers: str) -> str | None:
        """One of the answers, by the name of its text; `None` where the question is left. Each is given by its key.

        A question that nobody asked for waits until typing stops, so that no key that is typed answers it.
        """
        from maillab.tui.dialogs.ask import AskDialog

        while unasked and (wait := self.typed_at + LULL - time.monotonic()) > 0:  # noqa: ASYNC110 - for nothing to happen
            await asyncio.sleep(wait)
        listed = [(name, key, self.texts(name)) for key, name in answers.items()]
        answer: str | None = await self.ask_for(AskDialog(question, listed))
        return answer

    async def is_sure(self, question: str) -> bool:
        """Is the answer yes?"""
        return await self.choose(question, y="yes", n="no") == "yes"

    async def ask_for(self, dialog: Any) -> Any:
        """What a dialog gives; called from a worker."""
        await self.worded.wait()
        answers: asyncio.Queue[Any] = asyncio.Queue()
        self.expect_screen()
        await self.push_screen(dialog, answers.put_nowait)
        self.screen_is_here()
        return await answers.get()

    async def ask_until(self, title: str, value: str, work: "Callable[[str], Awaitable[T]]") -> "T | None":
        """Do something with what somebody types, `None` when they give up. Where it cannot be done it is asked again:
        what was typed stays, and why stands below it.
        """
        from maillab.tui.dialogs.prompt import Prompt

        hint = ""
        while text := await self.ask_for(Prompt(title, value=value, hint=hint)):
            try:
                return await work(text)
            except (OSError, ValueError) as error:
                value, hint = text, getattr(error, "strerror", None) or str(error)
        return None

    async def export(self, session: "Callable[[], Awaitable[Session]]", stem: str = "maillab") -> None:
        """Write a session in the format and to the place that somebody chooses."""
        from maillab.tui.dialogs.picker import Choice
        from maillab.tui.exporting import export_to, file_name, formats

        kind = await self.pick(self.texts("export.title"), [Choice(name, name, what) for name, what in formats()])
        if kind is None:
            return
        entries, place = await session(), str(Path.cwd() / file_name(kind, stem))
        path = await self.ask_until(
            self.texts("export.path"), place, lambda where: export_to(where, kind, entries, self.texts.lang)
        )
        if path is not None:
            self.say(self.texts("say.exported", path=path))

    async def pick(self, title: str, choices: "Sequence[Choice]") -> str | None:
        """The value that somebody chooses; `None` for nothing."""
        from maillab.tui.dialogs.picker import Picker

        picked: str | None = await self.ask_for(Picker(title, choices, nothing=self.texts("palette.nothing")))
        return picked

    def wear(self, name: str) -> None:
        """The theme of this name, or where no colours are wanted the one that comes nearest."""
        self.theme = THEMES[choose(name, self.settings.term, colours=not self.no_color)].name

    def living(self) -> bool:
        """Is there a lab to ask, and is it the one that is shown? If not, say so."""
        if self.playback is not None:
            self.say(self.texts("say.replaying"), bad=True)
            return False
        if not self.host.alive:
            self.say(self.texts("say.no_lab", why=self.trouble or self.texts("say.starting")), bad=True)
            return False
        return True


def complaint(error: BaseException | None) -> str:
    """An error in a sentence, without a trace of where it happened; of several, the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is None:
        return ""
    if isinstance(error, OSError) and error.strerror:
        from maillab.wire.reply_reader import why_not

        why, where = why_not(error), f"{error.filename}: " if error.filename else ""
        return f"{where}{why[:1].lower()}{why[1:]}"
    from maillab.client.pop3 import FetchError

    text = str(error) or type(error).__name__
    plain = isinstance(error, OSError | ValueError | LookupError | RuntimeError | FetchError)
    return text if plain else f"{type(error).__name__}: {text}"
