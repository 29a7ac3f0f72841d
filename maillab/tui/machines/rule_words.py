"""A rule in words, where it is one of the faults that are ready to use; any other stands as it is written."""

from collections.abc import Iterable

from maillab.rules.presets import PRESETS, preset
from maillab.tui.texts import Texts


def rule_words(text: str, sites: Iterable[str], texts: Texts, here: str = "") -> str:
    """What it does, and where, if that is not `here`.

    >>> rule_words("at a.test smtp data answer 451", ["a.test"], Texts("en"))
    '451 to DATA · a.test'
    >>> rule_words("at rcpt drop", ["a.test"], Texts("en"))
    'at rcpt drop'
    """
    for site in ("", *sites):
        for name in PRESETS:
            if preset(name, site) == text:
                where = site or texts("rule.everywhere")
                return texts(f"rule.new.{name}") + (f" · {where}" if site != here or not site else "")
    return text
