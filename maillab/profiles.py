"""Named sets of settings, a row each: what holds where a configuration is silent (`profile = "app"`)."""

from typing import Any

PROFILES: dict[str, dict[str, Any]] = {
    "classroom": {},  # the default lab: it bears what learners type, and names the rule
    "app": {"catch_all": True},  # for programs under test: takes mail for every address there is
    "strict": {"strictness": "strict"},  # bears nothing that an RFC forbids, and takes no password that is none
}
