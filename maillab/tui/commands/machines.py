"""What may be done to the machines, and how they stand."""

from maillab.protocols.services import PROGRAMS
from maillab.tui.commands.rules import RuleCommands
from maillab.tui.machine_state import MachineState, ServiceState, of_session


class MachineCommands(RuleCommands):
    """A part of the window."""

    def machines(self) -> MachineState:
        """What is known of the machines that are shown."""
        if self.playback is not None:
            return of_session(self.playback.recording.header)
        lab = self.host.lab
        if lab is None:
            return MachineState(trouble=self.trouble)
        config = lab.config
        alive = self.host.alive
        doors = tuple(
            ServiceState(
                e.site, e.service, e.port, e.tls, lab.is_open(e.site, e.service), e.purpose == PROGRAMS.purpose
            )
            for e in lab.endpoints
            if e.site
        )
        accounts = [account.address for account in lab.accounts]
        return MachineState(
            tuple(site.domain for site in config.sites),
            doors,
            {site.domain: tuple(who for who in accounts if who.endswith(f"@{site.domain}")) for site in config.sites},
            self.mail_before,
            frozenset(site.domain for site in config.sites if alive and lab.dispatcher(site.domain).paused),
            {site.domain: self._notes(site.domain) for site in config.sites},
            self.trouble,
        )

    def _notes(self, domain: str) -> tuple[str, ...]:
        """What is unusual about a site."""
        from maillab.tui.lab_actions import site_of

        assert self.host.lab is not None
        config, texts = self.host.lab.config, self.texts
        site = site_of(config, domain)
        notes = []
        if site.greylist:
            notes.append(texts("note.greylist", seconds=site.greylist))
        if not site.tls:
            notes.append(texts("note.no_tls"))
        rules = [listed for listed in self.host.lab.rules.listed if listed.on and listed.rule.site in ("", domain)]
        notes += [texts("note.rule", rule=listed.text) for listed in rules]
        if config.strictness == "strict":
            notes.append(texts("note.strict"))
        return tuple(notes)

    async def machine_asks(self, what: str, site: str, services: tuple[str, ...], about: str) -> None:
        """Do what was asked for in a machine's pane; `about` is the job or the person under the cursor."""
        from maillab.tui import lab_actions

        ask, texts = self.host.ask, self.texts
        match what:
            case "power":
                lab = self.host.lab
                on = lab is not None and not any(lab.is_open(site, service) for service in services)
                await ask(lambda lab: lab_actions.power(lab, site, services, on=on))
            case "pause":
                await ask(lambda lab: lab_actions.pause(lab, site))
            case "retry":
                if not await ask(lambda lab: lab_actions.retry(lab, site, about if "." in about else "")):
                    self.say(texts("say.no_job"), bad=True)
            case "remove" | "bounce" if "." in about:
                sure = await self.is_sure(texts(f"ask.{what}", job=about))
                if sure and not await ask(lambda lab: getattr(lab.dispatcher(site), what)(about)):
                    self.say(texts("say.no_job"), bad=True)
            case "remove" | "bounce":
                self.say(texts("say.no_job_here"), bad=True)
            case "rules":
                await self.change_rules(site)
            case "add":
                await self.add_person(site)
            case "greylist" | "tls":
                await self.change(f"{what} {site}")
        self.news()
