"""Named sets of settings, a row each: what holds where a configuration is silent (`profile = "app"`)."""

from typing import Any

from maillab.services import EXTENSIONS

PROFILES: dict[str, dict[str, Any]] = {
    "classroom": {},  # the default lab: it bears what learners type, and names the rule
    "app": {"catch_all": True},  # for programs under test: takes mail for every address there is
    "hcmus": {  # a drop-in for the Test Mail Server of a course on sockets: its ports, its words, any user
        "sites": [
            {
                "domain": "hcmus.test",
                "people": [{"name": "postmaster", "password": "postmaster"}],
                "ports": {"smtp": 2225, "pop3": 3335, "submission": -1, "submissions": -1, "pop3s": -1},
                "tls": False,
                "mailboxes": "anybody",
                "strings": "test-mail-server",
                "leniency": ["order"],
                "services": {
                    "smtp": {"login": "off", "without": [*EXTENSIONS["smtp"]]},
                    "pop3": {"login": "anybody", "without": ["SASL", "STLS", "UTF8", "LANG"]},
                },
            }
        ],
    },
    "strict": {"strictness": "strict"},  # bears nothing that an RFC forbids, and takes no password that is none
}
