"""What is borne for learners' sake."""

import re

from maillab.wire.tolerated import TOLERATED


def test_every_rule_names_its_rfc_and_says_what_is_right():
    """A remark teaches only when it says where the rule stands, and what to type instead."""
    for rule, why in TOLERATED.values():
        assert re.fullmatch(r"RFC \d+ section [\d.]+", rule)
        assert why
        assert not why.endswith(".")
