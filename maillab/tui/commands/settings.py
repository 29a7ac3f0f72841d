"""What can be set while the lab runs, and how the window looks: a list that stays open."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from maillab.protocols.services import IMAP, POP3, SERVICES
from maillab.tui.commands import everywhere, mail, rules
from maillab.tui.commands.lab import use
from maillab.tui.context import WindowContext
from maillab.tui.questions import Deed, Listing, ListItem
from maillab.views.units import size

if TYPE_CHECKING:
    from maillab.config import Config, Site
    from maillab.rules.live import Listed

GREYLIST = 120  # seconds
REQUIRE = "require "  # begins the name of a setting that is a rule
READING, CATCHING, WINDOW = "reading", "catching", "window"  # headings
SWITCHES = {  # on or off, by heading
    READING: {"plaintext": "plaintext_pop3", "plaintext_imap": "plaintext_imap"},
    CATCHING: {"catch_examples": "catch_examples", "catch_all": "catch_all"},
}
CONFIGURED = {name: of for named in SWITCHES.values() for name, of in named.items()}
OFTEN = "often"  # the switch of fetching every few seconds
LOOKS: dict[str, Callable[[WindowContext], Any]] = {
    "theme": everywhere.theme,
    "language": everywhere.language,
    "explain": lambda at: at.ui.do("transcript.explain"),
}


async def settings(at: WindowContext) -> None:
    """Switch the lab's settings one after the other; a theme and a language are chosen outside of the list."""

    async def switch(name: str) -> str:
        return fetch_often(at) if name == OFTEN else await change(at, name)

    def items() -> list[ListItem]:
        config = at.config
        return by_heading([*switches(at, config), *looks(at)]) if config is not None else looks(at)

    texts = at.texts
    switching = Deed(("enter", "space"), texts("settings.switch"), switch)
    left = await at.ui.ask(Listing(texts("settings.title"), items, [switching], help=texts("settings.help")))
    if left is not None:
        work = LOOKS[left](at)
        if work is not None:
            await work


def by_heading(items: Sequence[ListItem]) -> list[ListItem]:
    """Those with one heading together, in the order in which headings come first."""
    headings = list(dict.fromkeys(item.under for item in items))
    return sorted(items, key=lambda item: headings.index(item.under))


def switches(at: WindowContext, config: "Config") -> list[ListItem]:
    """What can be switched of the lab, and how it is now."""
    texts = at.texts
    items = [_item(at, "strictness", texts("settings.strictness"), None, config.strictness)]
    for site in config.sites:
        items += _of_a_site(at, config, site)
    items.append(_item(at, "fetch", texts("settings.fetch"), None, config.fetch.upper(), READING))
    for under, named in SWITCHES.items():
        items += [
            _item(at, name, texts(f"settings.{name}"), getattr(config, of), "", under) for name, of in named.items()
        ]
    return items


def _of_a_site(at: WindowContext, config: "Config", site: "Site") -> list[ListItem]:
    texts, domain = at.texts, site.domain
    others = [other.domain for other in config.sites if other is not site]
    waits = texts("settings.seconds", seconds=site.greylist) if site.greylist else ""

    def item(name: str, on: bool | None, state: str = "", other: str = "") -> ListItem:
        label = texts(f"settings.{name}", site=domain, other=other)
        there = texts(f"settings.there.{name}", other=other)
        made = _item(at, f"{name} {domain} {other}".rstrip(), label, on, state)
        return msgspec.structs.replace(made, under=domain, there=there)

    return [
        item("tls", site.tls),
        item("require", _is_required(at, domain)),
        item("limit", None, size(site.message_limit or config.limits.message)),
        item("greylist", bool(site.greylist), waits),
        *(item("auth", other in site.server_auth, other=other) for other in others),
    ]


def _item(
    at: WindowContext, name: str, label: str, on: bool | None, state: str = "", under: str = "", *, leaves: bool = False
) -> ListItem:
    heading = at.texts(f"settings.under.{under}") if under else ""
    return ListItem(name, label, on, state, at.texts(f"settings.note.{name.partition(' ')[0]}"), leaves, heading)


def looks(at: WindowContext) -> list[ListItem]:
    """What can be chosen of the window."""
    texts = at.texts
    worn = dict(everywhere.themes(at)).get(at.ui.colours(), "…")
    return [
        _item(at, OFTEN, texts("settings.often"), at.home.often, "", READING),
        _item(at, "explain", texts("settings.explain"), at.ui.explains(), "", WINDOW, leaves=True),
        _item(at, "theme", texts("theme.title"), None, worn, WINDOW, leaves=True),
        _item(at, "language", texts("settings.language"), None, texts("settings.spoken"), WINDOW, leaves=True),
    ]


def fetch_often(at: WindowContext) -> str:
    """New mail is fetched every few seconds, or no longer; gives how it is now."""
    mail.fetch_often(at)
    return at.texts("settings.now.often.on" if at.home.often else "settings.now.often.off")


async def change(at: WindowContext, name: str) -> str:
    """Switch one thing to what it is not; gives, and says, how it is now."""
    if name.startswith(REQUIRE):
        await _require(at, name.removeprefix(REQUIRE))
        config = at.config
        assert config is not None
    else:
        config = await use(at, lambda config: changed(config, name))
    item = next(item for item in switches(at, config) if item.value == name)
    at.ui.say(result := _as_it_is_now(at, item), good=True)
    return result


def _as_it_is_now(at: WindowContext, item: ListItem) -> str:
    """What a setting does from now on, and where, in a sentence."""
    kind, *named = item.value.split()
    site, other, *_ = [*named, "", ""]
    way = "" if item.on is None else ".on" if item.on else ".off"
    return at.texts(f"settings.now.{kind}{way}", site=site, other=other, state=item.state)


def _tls_rule(at: WindowContext, domain: str) -> "Listed | None":
    """The rule that requires TLS there, if it is in the list of rules."""
    lab = at.host.lab
    text = rules.preset("tls", domain)
    return next((one for one in (lab.rules.listed if lab is not None else ()) if one.text == text), None)


def _is_required(at: WindowContext, domain: str) -> bool:
    rule = _tls_rule(at, domain)
    return rule is not None and rule.on


async def _require(at: WindowContext, domain: str) -> None:
    """TLS is required by a rule, which stands in the list of rules: switch it, or put it there."""
    if (rule := _tls_rule(at, domain)) is not None:
        await rules.switch(at, rule.number)
    else:
        await rules.inject(at, rules.preset("tls", domain))


def changed(config: "Config", name: str) -> "Config":
    """The configuration with one thing switched."""
    from maillab.tui.machines import lab_actions
    from maillab.tui.machines.config_changes import LIMITS

    match name.split():
        case ["strictness"]:
            other: Any = "strict" if config.strictness == "classroom" else "classroom"
            return msgspec.structs.replace(config, strictness=other)
        case ["fetch"]:
            chosen = POP3 if SERVICES[config.fetch].protocol is IMAP.protocol else IMAP
            return msgspec.structs.replace(config, fetch=chosen.name)
        case [alone] if setting := CONFIGURED.get(alone):
            return msgspec.structs.replace(config, **{setting: not getattr(config, setting)})
        case ["tls", domain]:
            return lab_actions.with_site(config, domain, tls=not lab_actions.site_of(config, domain).tls)
        case ["greylist", domain]:
            seconds = 0 if lab_actions.site_of(config, domain).greylist else GREYLIST
            return lab_actions.with_site(config, domain, greylist=seconds)
        case ["limit", domain]:
            sizes = [*LIMITS]  # the next one, and round the end; one that a file has set goes first
            limit = lab_actions.site_of(config, domain).message_limit
            return lab_actions.with_site(
                config, domain, message_limit=sizes[sizes.index(limit) - 1 if limit in sizes else 0]
            )
        case ["auth", domain, other]:
            return lab_actions.with_server_auth(config, domain, other)
    raise LookupError(f"there is no setting {name}")
