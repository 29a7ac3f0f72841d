"""The lab itself: starting it, its record, its clock, its people and its settings."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maillab import durable
from maillab.tui.bindings import UNBOUND, KeysError, keymap
from maillab.tui.commands.base import Base, complaint
from maillab.tui.dialogs.picker import Choice
from maillab.tui.dialogs.prompt import Prompt
from maillab.tui.model import Model
from maillab.tui.widgets.keybar import KeyBar
from maillab.views.safe import safe

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.endpoints import BusyPort

LOOK = 1 / 20  # seconds between two looks at the doors while the lab starts
MOST_LINES = 12  # of a question
GREYLIST = 120  # seconds

SWITCHES = {"plaintext": "plaintext_pop3", "catch_examples": "catch_examples", "catch_all": "catch_all"}  # on or off
MOMENTS = (("60", "minute"), ("300", "minutes5"), ("3600", "hour"), ("86400", "day"), ("432000", "days5"))


class LabCommands(Base):
    """A part of the window."""

    own_keys: dict[str, tuple[str, ...]]
    auto_ports: bool
    mail_before: dict[str, int]  # messages that lay in each mailbox when the lab began
    recorded_before: bool = False  # the record that was asked for at the start was begun
    turning: bool = False  # a record is being begun, or ended

    # ── starting ──

    async def start_lab(self) -> None:
        """Read the configuration, start the servers, say what went wrong; the window stays whatever happens."""
        self.trouble = ""
        try:
            loaded = await asyncio.to_thread(self.settings.find_config)
        except (ValueError, OSError) as error:
            await self._without_configuration(error)
            return
        self.config = loaded.config
        self._take_looks(loaded.config)
        await self._start(loaded.config, self.settings.lab)

    def _take_looks(self, config: "Config") -> None:
        """The keys and the colours that the configuration asks for."""
        if config.theme and not self.settings.theme:
            self.wear(config.theme)
        try:
            chosen = keymap(config.keys)
        except KeysError as error:
            self.say(self.texts("say.keys", why=error), bad=True)
            return
        self.own_keys = {name: tuple(keys.split(",")) if keys != UNBOUND else () for name, keys in chosen.items()}
        self.set_keymap(chosen)
        for bar in self.at.query(KeyBar) if self.at is not None else ():
            bar.changed()

    async def _without_configuration(self, error: Exception) -> None:
        self.trouble = complaint(error)
        self.news()
        question = self.texts("ask.config", why=self.trouble)
        if await self.choose(question, d="ask.default_config", n="ask.no_lab", unasked=True) == "ask.default_config":
            from maillab.config import default

            self.trouble, self.config = "", default()
            await self._start(self.config, self.settings.lab)

    async def _start(self, config: "Config", folder: Path | None) -> None:
        from maillab.endpoints import BusyPort
        from maillab.folder import FolderError

        if not self.host.starting and not self.host.alive:
            await self._clear_away()
        if self.host.starting or self.host.alive:  # also where somebody was quicker
            return
        self.folder_taken = False
        looking = self.set_interval(LOOK, self.news)  # each door is shown as it opens
        try:
            await self.host.start(config, folder, auto_ports=self.auto_ports)
        except BusyPort as error:
            await self._ports_are_busy(config, error)
            return
        except FolderError as error:
            await self._folder_is_taken(str(error))
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the window goes on and says it
            self.trouble = complaint(error)
            self.say(self.texts("say.no_lab", why=self.trouble), bad=True)
            self.news()
            return
        finally:
            looking.stop()
        await self._started()

    async def _clear_away(self) -> None:
        """What is left of a lab that ended by itself: its record is finished, its numbers mean nothing any more."""
        if self.host.begun:
            await self.host.stop()
        self.live = Model()
        shelf, self.shelf = self.shelf, None
        if shelf is not None:
            await asyncio.to_thread(shelf.close)

    async def _started(self) -> None:
        """The doors are open: what people have at home is read, a record begins where one was asked for."""
        from maillab.tui.lab_actions import shelf_of

        lab = self.host.lab
        assert lab is not None
        self.trouble = ""
        try:
            self.shelf = await asyncio.to_thread(shelf_of, lab.folder)
        except Exception as error:  # noqa: BLE001 - messages at home cannot be read: everything else works
            self.say(self.texts("say.no_shelf", why=complaint(error)), bad=True)
        for problem in self.shelf.problems if self.shelf is not None else ():
            self.say(problem, bad=True)
        self.mail_before = await self.host.ask(lambda lab: lab.count_mail())
        if self.settings.record is not None:
            first = not self.recorded_before
            path = self.settings.record if first else self._new_record()  # never over what is whole
            self.recorded_before = self.turning = True
            try:
                await self._record_in(path, replace=first and self.settings.replace_record)
            except OSError as error:
                self.say(self.texts("say.record_stopped", why=complaint(error)), bad=True)
            finally:
                self.turning = False
        await self.offer_draft()
        self.news()

    async def _ports_are_busy(self, config: "Config", error: "BusyPort") -> None:
        """Who holds which of the doors, and one key for free ones."""
        from maillab.listeners import listeners

        owners = await asyncio.to_thread(listeners)
        doors = [(port, service) for port, service, _ in config.doors if port in owners]
        lines = []
        for port, service in doors or [(error.port, error.service)]:
            who = safe(str(owner)) if (owner := owners.get(port)) is not None else self.texts("say.somebody")
            lines.append(self.texts("say.busy", port=port, service=service, who=who))
        self.trouble = "\n".join(lines[:MOST_LINES])
        self.news()
        match await self.choose(self.trouble, f="ask.free_ports", r="ask.again", n="ask.no_lab", unasked=True):
            case "ask.free_ports":
                self.action_free_ports()
            case "ask.again":
                self.attempt(self.start_lab())

    async def _folder_is_taken(self, why: str) -> None:
        self.trouble, self.folder_taken = why, True
        self.news()
        match await self.choose(why, t="ask.temporary", r="ask.again", n="ask.no_lab", unasked=True):
            case "ask.temporary":
                assert self.config is not None
                self.trouble, self.auto_ports = "", True
                await self._start(self.config, None)
            case "ask.again":
                self.attempt(self.start_lab())

    def action_free_ports(self) -> None:
        if not self.host.alive and not self.host.starting:
            self.auto_ports = True
            self.attempt(self.start_lab())

    # ── the record ──

    def action_record(self) -> None:
        """Begin a record of the lab, from its beginning; or finish it. A key that is held down does it once."""
        if not self.turning:
            self.turning = True
            self.attempt(self._record())

    async def _record(self) -> None:
        try:
            if self.host.recording:
                path = await self.host.finish_record()
                trouble = self.host.record_trouble
                saved = self.texts("say.recorded", path=path) if path else self.texts("say.recorded_nothing")
                self.say(trouble or saved, bad=bool(trouble))
            elif self.living():
                await self._record_in(self._new_record())
        finally:
            self.turning = False
        self.news()

    def _new_record(self) -> Path:
        """A name that nothing has: the lab's own time, as a person names a file."""
        name = f"{datetime.fromtimestamp(self.now()).astimezone():%Y-%m-%d %H.%M.%S}"
        names = (name, *(f"{name} ({number})" for number in range(2, 100)))
        paths = [self.sessions_folder() / f"{stem}.maillab" for stem in names]
        return next((path for path in paths if not path.exists()), paths[-1])

    async def _record_in(self, path: Path, *, replace: bool = False) -> None:
        await asyncio.to_thread(durable.make_folder, path.parent)
        await self.host.record(path, self.texts("record.title"), replace=replace)
        self.say(self.texts("say.recording", path=path))

    def sessions_folder(self) -> Path:
        """Where the records of this lab are."""
        lab = self.host.lab
        folder = lab.folder if lab is not None else self.settings.lab
        return (folder or Path.cwd()) / "sessions"

    def action_mark(self) -> None:
        self.attempt(self._mark())

    async def _mark(self) -> None:
        if not self.host.recording:
            self.say(self.texts("say.not_recording"), bad=True)
            return
        name = await self.ask_for(Prompt(self.texts("mark.name")))
        if name:
            self.host.mark(name)
            self.say(self.texts("say.marked", name=name))

    # ── time and settings ──

    def action_clock(self) -> None:
        if self.living():
            self.attempt(self._clock())

    async def _clock(self) -> None:
        from maillab.tui import lab_actions

        choices = [Choice(seconds, self.texts(f"clock.{name}")) for seconds, name in MOMENTS]
        picked = await self.pick(self.texts("clock.title"), choices)
        if picked is not None:
            await self.host.ask(lambda lab: lab_actions.advance(lab, float(picked)))

    def action_settings(self) -> None:
        if self.living():
            self.attempt(self._settings())

    async def _settings(self) -> None:
        lab = self.host.lab
        assert lab is not None
        choices = [Choice(name, label, note) for name, label, note in self._switches(lab.config)]
        picked = await self.pick(self.texts("settings.title"), choices)
        if picked is not None:
            await self.change(picked)

    def _switches(self, config: "Config") -> list[tuple[str, str, str]]:
        """What can be switched, and how it is now."""
        texts = self.texts

        def on_off(on: bool) -> str:
            return texts("on" if on else "off")

        rows: list[tuple[str, str, str]] = [("strictness", texts("settings.strictness"), config.strictness)]
        for site in config.sites:
            domain, greylist = site.domain, f"{site.greylist} s" if site.greylist else texts("off")
            rows.append((f"tls {domain}", texts("settings.tls", site=domain), on_off(site.tls)))
            rows.append((f"greylist {domain}", texts("settings.greylist", site=domain), greylist))
            for other in (other.domain for other in config.sites if other is not site):
                label = texts("settings.auth", site=domain, other=other)
                rows.append((f"auth {domain} {other}", label, on_off(other in site.server_auth)))
        rows += [(name, texts(f"settings.{name}"), on_off(getattr(config, of))) for name, of in SWITCHES.items()]
        return rows

    async def change(self, what: str) -> None:
        """Switch one thing to what it is not."""
        import msgspec

        from maillab.tui import lab_actions

        def changed(config: "Config") -> "Config":
            match what.split():
                case ["strictness"]:
                    other: Any = "strict" if config.strictness == "classroom" else "classroom"
                    return msgspec.structs.replace(config, strictness=other)
                case [name] if setting := SWITCHES.get(name):
                    return msgspec.structs.replace(config, **{setting: not getattr(config, setting)})
                case ["tls", domain]:
                    return lab_actions.with_site(config, domain, tls=not lab_actions.site_of(config, domain).tls)
                case ["greylist", domain]:
                    seconds = 0 if lab_actions.site_of(config, domain).greylist else GREYLIST
                    return lab_actions.with_site(config, domain, greylist=seconds)
                case ["auth", domain, other]:
                    return lab_actions.with_server_auth(config, domain, other)
            return config

        await self.use(changed)

    async def use(self, change: "Callable[[Config], Config]") -> None:
        """Let the lab go on with its configuration, changed so."""
        from maillab.tui import lab_actions

        self.config = await self.host.ask(lambda lab: lab_actions.switch(lab, change))
        self.say(self.texts("say.switched"))
        self.news()

    def action_add_person(self) -> None:
        if self.living():
            self.attempt(self.add_person(""))

    async def add_person(self, domain: str) -> None:
        """Ask for a name and a password, and give them a mailbox."""
        from maillab.tui import lab_actions

        lab = self.host.lab
        assert lab is not None
        domain = domain or lab.config.sites[-1].domain
        question = Prompt(self.texts("person.address"), value=f"@{domain}", hint=self.texts("person.hint"))
        address = await self.ask_for(question)
        if not address:
            return
        password = await self.ask_for(Prompt(self.texts("person.password", who=address), secret=True))
        if password:
            await self.use(lambda config: lab_actions.with_person(config, address, password))
            self.say(self.texts("say.moved_in", who=address))
