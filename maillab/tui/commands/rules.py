"""The rules of the lab: a list to add to, to edit, to switch off, to remove from, while the lab runs."""

from maillab.rules.language import RuleError
from maillab.tui.commands.lab import LabCommands
from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.picker import Choice
from maillab.tui.dialogs.prompt import Prompt
from maillab.views.pointed import pointed

ADD = "add"
POINTED = 20  # columns on either side of what is wrong: both fit a dialog of the smallest terminal
PRESETS = {  # name in the catalogue: the rule, which a person may change before it holds
    "own": "at {site} ",
    "busy": "at {site} smtp accept answer 421",
    "mail451": "at {site} smtp mail answer 451",
    "rcpt450": "at {site} smtp rcpt answer 450",
    "rcpt550": "at {site} smtp rcpt answer 550",
    "data451": "at {site} smtp data answer 451",
    "dot451": "at {site} smtp content answer 451",
    "dot554": "at {site} smtp content answer 554",
    "drop": "at {site} smtp content drop",
    "unheard": "at {site} smtp answer to content drop times 1",
    "slow": "at {site} smtp accept throttle 100/s",
    "cut": "at {site} pop3 retr truncate 200",
    "servfail": "at {site} query mx answer SERVFAIL",
}


class RuleCommands(LabCommands):
    """A part of the window."""

    def action_rules(self) -> None:
        if self.living():
            self.attempt(self.change_rules(""))

    async def change_rules(self, domain: str) -> None:
        """Show the rules until somebody has changed enough; new ones are of this site, if it is given."""
        while True:
            lab = self.host.lab
            assert lab is not None
            texts = self.texts
            choices = [
                Choice(
                    str(listed.number),
                    f"{texts('rule.on' if listed.on else 'rule.off')} {listed.text}",
                    texts("rule.played", count=listed.played),
                )
                for listed in lab.rules.listed
            ]
            picked = await self.pick(texts("rule.title"), [*choices, Choice(ADD, texts("rule.add"))])
            if picked is None:
                return
            if picked == ADD:
                await self._add_rule(domain)
            else:
                await self._change_rule(int(picked))
            self.news()

    async def _add_rule(self, domain: str) -> None:
        from maillab.tui import lab_actions

        ready = {name: " ".join(rule.format(site=domain).split()) for name, rule in PRESETS.items()}
        choices = [Choice(name, self.texts(f"rule.new.{name}"), rule) for name, rule in ready.items()]
        if (picked := await self.pick(self.texts("rule.add"), choices)) is None:
            return
        value = ready[picked] + " " * (picked == "own")
        if text := await self._written_rule(value):
            await self.host.ask(lambda lab: lab_actions.add_rule(lab, text))

    async def _change_rule(self, number: int) -> None:
        from maillab.tui import lab_actions

        texts, lab = self.texts, self.host.lab
        assert lab is not None
        listed = lab.rules[number]
        switch = texts("rule.switch_off" if listed.on else "rule.switch_on")
        answers = [("edit", "e", texts("rule.edit")), ("switch", "o", switch), ("remove", "d", texts("rule.remove"))]
        match await self.ask_for(AskDialog(listed.text, answers)):
            case "edit":
                if text := await self._written_rule(listed.text):
                    await self.host.ask(lambda lab: lab_actions.edit_rule(lab, number, text))
            case "switch":
                await self.host.ask(lambda lab: lab_actions.switch_rule(lab, number, on=not listed.on))
            case "remove":
                await self.host.ask(lambda lab: lab_actions.remove_rule(lab, number))

    async def _written_rule(self, value: str) -> str:
        """A rule that somebody writes; "" for none."""
        prompt = Prompt(self.texts("rule.write"), value=value, hint=self.texts("rule.hint"), check=self._wrong_with)
        return str(await self.ask_for(prompt) or "")

    def _wrong_with(self, text: str) -> str:
        lab = self.host.lab
        assert lab is not None
        try:
            lab.config.rule(text)
        except RuleError as error:
            return pointed(self.texts.trouble(error.text), text, error.column, POINTED)
        return ""
