"""Rules in words."""

import pytest

from maillab.rules.presets import PRESETS, preset
from maillab.tui.machines.rule_words import rule_words
from maillab.tui.texts import Texts

SITES = ("sender.test", "recipient.test")


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("name", PRESETS)
def test_a_ready_fault(name, lang):
    """It is called as where it was chosen, with where it holds; in the pane of its own machine that is not said."""
    texts = Texts(lang)
    what = texts(f"rule.new.{name}")
    assert rule_words(preset(name, ""), SITES, texts) == f"{what} · {texts('rule.everywhere')}"
    assert rule_words(preset(name, SITES[1]), SITES, texts) == f"{what} · {SITES[1]}"
    assert rule_words(preset(name, SITES[1]), SITES, texts, SITES[1]) == what


def test_any_other_rule():
    """It stands as it is written."""
    assert rule_words("at sender.test rcpt drop", SITES, Texts("en"), SITES[0]) == "at sender.test rcpt drop"
