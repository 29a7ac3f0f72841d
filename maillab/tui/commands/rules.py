"""The rules of the lab: a list to add to, to edit, to switch off, to remove from, while the lab runs."""

from maillab.rules.language import RuleError
from maillab.tui.commands.asking import pick
from maillab.tui.context import WindowContext
from maillab.tui.questions import AskByKey, Choice, KeyAnswer, Prompt
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


async def rules(at: WindowContext, domain: str = "") -> None:
    """Show the rules until somebody has changed enough; new ones are of this site, if it is given."""
    while True:
        lab = at.host.lab
        assert lab is not None
        texts = at.texts
        choices = [
            Choice(
                str(listed.number),
                f"{texts('rule.on' if listed.on else 'rule.off')} {listed.text}",
                texts("rule.played", count=listed.played),
            )
            for listed in lab.rules.listed
        ]
        picked = await pick(at, texts("rule.title"), [*choices, Choice(ADD, texts("rule.add"))])
        if picked is None:
            return
        if picked == ADD:
            await _add_rule(at, domain)
        else:
            await _change_rule(at, int(picked))
        at.ui.refresh()


async def _add_rule(at: WindowContext, domain: str) -> None:
    from maillab.tui import lab_actions

    ready = {name: " ".join(rule.format(site=domain).split()) for name, rule in PRESETS.items()}
    choices = [Choice(name, at.texts(f"rule.new.{name}"), rule) for name, rule in ready.items()]
    if (picked := await pick(at, at.texts("rule.add"), choices)) is None:
        return
    value = ready[picked] + " " * (picked == "own")
    if text := await _written_rule(at, value):
        await at.host.ask(lambda lab: lab_actions.add_rule(lab, text))


async def _change_rule(at: WindowContext, number: int) -> None:
    from maillab.tui import lab_actions

    texts, lab = at.texts, at.host.lab
    assert lab is not None
    listed = lab.rules[number]
    switch = texts("rule.switch_off" if listed.on else "rule.switch_on")
    answers = [
        KeyAnswer("edit", "e", texts("rule.edit")),
        KeyAnswer("switch", "o", switch),
        KeyAnswer("remove", "d", texts("rule.remove")),
    ]
    match await at.ui.ask(AskByKey(listed.text, answers)):
        case "edit":
            if text := await _written_rule(at, listed.text):
                await at.host.ask(lambda lab: lab_actions.edit_rule(lab, number, text))
        case "switch":
            await at.host.ask(lambda lab: lab_actions.switch_rule(lab, number, on=not listed.on))
        case "remove":
            await at.host.ask(lambda lab: lab_actions.remove_rule(lab, number))


async def _written_rule(at: WindowContext, value: str) -> str:
    """A rule that somebody writes; "" for none."""

    def wrong_with(text: str) -> str:
        lab = at.host.lab
        assert lab is not None
        try:
            lab.config.rule(text)
        except RuleError as error:
            return pointed(at.texts.trouble(error.text), text, error.column, POINTED)
        return ""

    prompt = Prompt(at.texts("rule.write"), value=value, hint=at.texts("rule.hint"), check=wrong_with)
    return await at.ui.ask(prompt) or ""
