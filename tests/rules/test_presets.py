"""Rules that are ready to be added."""

import pytest

from maillab.rules.language import parse
from maillab.rules.presets import PRESETS, preset


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_rule(name: str) -> None:
    """With a site, and without one."""
    assert parse(preset(name, "recipient.test")).site == "recipient.test"
    assert parse(preset(name, "")).site == ""
