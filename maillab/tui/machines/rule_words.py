"""A rule in words, where it is one of the faults that are ready to use; any other stands as it is written."""

from collections.abc import Iterable, Sequence

from maillab.rules.presets import PRESETS, preset
from maillab.tui.texts import Texts


def rule_words(text: str, sites: Iterable[str], texts: Texts, here: str = "") -> str:
    """What it does, and where, if that is not `here`.

    >>> rule_words("at a.test smtp data answer 451", ["a.test"], Texts("en"))
    '451 to DATA · a.test'
    >>> rule_words("at rcpt drop", ["a.test"], Texts("en"))
    'at rcpt drop'
    """
    site, name = _preset_of(text, sites)
    if not name:
        return text
    where = site or texts("rule.everywhere")
    return texts(f"rule.new.{name}") + (f" · {where}" if site != here or not site else "")


def fault_and_place(text: str, sites: Sequence[str], texts: Texts) -> tuple[str, str]:
    """What it does, and at which server, for a sentence.

    >>> fault_and_place("at a.test smtp data answer 451", ["a.test"], Texts("en"))
    ('451 to DATA', 'a.test')
    >>> fault_and_place("at rcpt drop", ["a.test"], Texts("en"))
    ('rcpt drop', 'every server')
    """
    site, name = _preset_of(text, sites)
    if name:
        return texts(f"rule.new.{name}"), site or texts("rule.everywhere")
    written = text.removeprefix("at ").strip()
    place, _, rest = written.partition(" ")
    return (rest, place) if place in sites else (written, texts("rule.everywhere"))


def _preset_of(text: str, sites: Iterable[str]) -> tuple[str, str]:
    """Its site, "" for all, and its name, where it is one of the faults that are ready to use; else no name."""
    ways = ((site, name) for site in ("", *sites) for name in PRESETS)
    return next(((site, name) for site, name in ways if preset(name, site) == text), ("", ""))
