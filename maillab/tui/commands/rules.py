"""The rules of the lab: faults that are added, edited, switched off and removed in one list, while the lab runs."""

from typing import TYPE_CHECKING

from maillab.rules import presets
from maillab.tui.context import WindowContext
from maillab.tui.machines.rule_words import fault_and_place, rule_words
from maillab.tui.questions import TAB, Choice, Deed, Listing, ListItem, Pick, Prompt
from maillab.views.safe import clip, safe

if TYPE_CHECKING:
    from maillab.lab import Lab
    from maillab.rules.live import Listed

POINTED = 30  # cells of a rule from what is wrong in it on
OWN = "own"  # the preset that is only begun
ONCE = "once"  # as a rule ends that holds for one time
ONLY = "only "  # before a site: its faults are offered instead
WRITTEN, BEGUN = "written ", "begun "  # before a rule that was typed where a fault is chosen: whole, or not yet right
NEW = (*presets.PRESETS, OWN)  # what is offered, by names in the catalogue
ALSO = {  # other words for what comes of a fault
    "twice": "retry retries temporary greylist greylisting defer deferred later hoãn tạm thời danh sách xám",
    "rcpt550": "bounce permanent reject trả lại vĩnh viễn",
}


async def rules(at: WindowContext, domain: str = "") -> None:
    """Show the rules, to work on; new ones are of this site, if one is given. Where there are none, one is added.

    Whoever has added one wants to see what it does: no list stands in the way then.
    """
    added = await (at.ui.ask(listing(at, domain)) if _lab(at).rules.listed else add_rule(at, domain))
    if added:
        at.ui.say(added, good=True)


def listing(at: WindowContext, domain: str = "") -> Listing:
    """The list of rules, and what can be done in it."""
    texts = at.texts

    async def add(_: str) -> str:
        return await add_rule(at, domain)

    async def edit(number: str) -> str:
        return await _edit(at, int(number))

    async def turn(number: str) -> str:
        return await switch(at, int(number))

    async def remove(number: str) -> str:
        return await _remove(at, int(number))

    deeds = (
        Deed(("enter", "e"), texts("rule.edit"), edit),
        Deed(("space", "o"), texts("rule.switch"), turn),
        Deed(("a",), texts("rule.add"), add, alone=True, leaves=True),
        Deed(("d", "delete"), texts("rule.remove"), remove),
    )
    return Listing(texts("rule.title"), lambda: items(at), deeds, texts("rule.none"), texts("rule.help"))


def items(at: WindowContext) -> list[ListItem]:
    """The rules, each with how often it was played; none where the lab has ended while they were looked at."""
    texts, lab = at.texts, at.host.lab
    return [
        ListItem(
            str(listed.number),
            _in_words(at, listed.text),
            listed.on,
            texts("rule.played", count=listed.played),
            _note(at, listed),
        )
        for listed in (lab.rules.listed if lab is not None else ())
    ]


async def add_rule(at: WindowContext, domain: str) -> str:
    """Choose a fault, and let it hold at once, changed before where Tab asks for it; or type one. Gives what was done,
    "" for nothing.
    """
    choices = [
        Choice(
            name,
            at.texts(f"rule.new.{name}"),
            note(at, name, domain),
            aka=ALSO.get(name, ""),
            enter="write" if name == OWN else "",
        )
        for name in NEW
    ]
    choices += [] if domain else _one_server(at)

    def typed(text: str) -> Choice | None:
        rule = text.strip() if text.split()[0] == "at" else f"at {text.strip()}"
        if not _wrong_with(at, rule):
            return Choice(WRITTEN + rule, rule)
        return Choice(BEGUN + rule, rule, enter="write") if text.split()[0] == "at" else None

    title = at.texts("rule.inject", site=domain) if domain else at.texts("rule.inject_anywhere")
    question = Pick(
        title, choices, enter="inject", typed=typed, tab=at.texts("rule.once"), help=at.texts("rule.help_new")
    )
    if (picked := await at.ui.ask(question)) is None:
        return ""
    name = picked.removeprefix(TAB)
    if name.startswith(ONLY):
        return await add_rule(at, name.removeprefix(ONLY))
    is_written, rule = name.startswith((WRITTEN, BEGUN)), name.removeprefix(WRITTEN).removeprefix(BEGUN)
    text = rule if is_written else preset(name, domain) + " " * (name == OWN)
    if name != OWN and not name.startswith(BEGUN) and picked == name:
        return await inject(at, text)
    return await write(at, text if is_written or name == OWN else _once(text))


def _one_server(at: WindowContext) -> list[Choice]:
    """Whoever wants a fault at one server only goes to its faults."""
    sites = at.config.sites if at.config is not None else ()
    return [
        Choice(f"{ONLY}{site.domain}", at.texts("rule.only", site=site.domain), at.texts("rule.only_does"), enter="go")
        for site in sites
    ]


def _once(rule: str) -> str:
    """The rule for one time, if it does not say how often.

    >>> _once("at smtp rcpt answer 550"), _once("at smtp content drop times 1")
    ('at smtp rcpt answer 550 once', 'at smtp content drop times 1')
    """
    return rule if " times " in rule else f"{rule} {ONCE}"


async def write(at: WindowContext, value: str) -> str:
    """Let a rule be written, and hold; gives what was done, "" for nothing."""
    text = await _written_rule(at, value)
    return await inject(at, text) if text else ""


def preset(name: str, domain: str) -> str:
    """A rule that a person may change before it holds, for one site or ("") for all."""
    return f"at {domain}".strip() if name == OWN else presets.preset(name, domain)


def note(at: WindowContext, name: str, domain: str) -> str:
    """What stands beside a preset: its rule, or how one is written."""
    return at.texts("rule.own") if name == OWN else preset(name, domain)


async def inject(at: WindowContext, text: str) -> str:
    """One rule more. Gives what was done."""
    from maillab.tui.machines import lab_actions

    await at.host.ask(lambda lab: lab_actions.add_rule(lab, text))
    return _done(at, "say.rule_injected", text)


async def _edit(at: WindowContext, number: int) -> str:
    from maillab.tui.machines import lab_actions

    text = await _written_rule(at, _lab(at).rules[number].text, cursor=0)
    if not text:
        return ""
    await at.host.ask(lambda lab: lab_actions.edit_rule(lab, number, text))
    return _done(at, "say.rule_edited", text)


async def switch(at: WindowContext, number: int) -> str:
    """A rule on or off. Gives what was done."""
    from maillab.tui.machines import lab_actions

    listed = _lab(at).rules[number]
    await at.host.ask(lambda lab: lab_actions.switch_rule(lab, number, on=not listed.on))
    return _done(at, "say.rule_off" if listed.on else "say.rule_on", listed.text)


async def _remove(at: WindowContext, number: int) -> str:
    from maillab.tui.machines import lab_actions

    text = _lab(at).rules[number].text
    await at.host.ask(lambda lab: lab_actions.remove_rule(lab, number))
    return _done(at, "say.rule_removed", text)


def _done(at: WindowContext, key: str, text: str) -> str:
    at.ui.refresh()
    fault, place = fault_and_place(text, [site.domain for site in _lab(at).config.sites], at.texts)
    return at.texts(key, fault=fault, place=place)


def _in_words(at: WindowContext, text: str) -> str:
    return rule_words(text, [site.domain for site in _lab(at).config.sites], at.texts)


def _note(at: WindowContext, listed: "Listed") -> str:
    """How often it was played; of one that is said in words, how it is written."""
    written = "" if _in_words(at, listed.text) == listed.text else f"{listed.text}. "
    return written + at.texts("rule.over" if listed.over else "rule.note", met=listed.met, count=listed.played)


def _lab(at: WindowContext) -> "Lab":
    assert at.host.lab is not None
    return at.host.lab


async def _written_rule(at: WindowContext, value: str, cursor: int = -1) -> str:
    """A rule that somebody writes; "" for none. Of one that is longer than the field the part at the cursor is seen."""

    def wrong_with(text: str) -> str:
        return _wrong_with(at, text)

    prompt = Prompt(at.texts("rule.write"), value=value, hint=at.texts("rule.hint"), check=wrong_with, cursor=cursor)
    return await at.ui.ask(prompt) or ""


def _wrong_with(at: WindowContext, text: str) -> str:
    """What is wrong with a rule, and from where on: all of it stands above. "" for nothing."""
    from maillab.rules.language import RuleError

    try:
        _lab(at).config.rule(text)
    except RuleError as error:
        why, rest = at.texts.trouble(error.text), safe(text[error.column - 1 :]).strip()
        return at.texts("rule.wrong", why=why, rest=clip(rest, POINTED)) if rest else why
    return ""
