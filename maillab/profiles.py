"""Named sets of settings, a row each: what holds where a configuration is silent (`profile = "app"`)."""

from typing import Any

from maillab.protocols.services import IMAP, IMAPS, POP3, POP3S, SMTP, SUBMISSION, SUBMISSIONS

_CLOSED = {service.name: -1 for service in (SUBMISSION, SUBMISSIONS, POP3S, IMAP, IMAPS)}

PROFILES: dict[str, dict[str, Any]] = {
    "classroom": {},  # the default lab: it bears what learners type, and names the rule
    "app": {"catch_all": True, "http_port": 8025},  # for programs under test: takes mail for every address there is
    "hcmus": {  # a drop-in for the Test Mail Server of a course on sockets: its ports, its words, any user
        "sites": [
            {
                "domain": "hcmus.test",
                "people": [{"name": "postmaster", "password": "postmaster"}],
                "ports": {SMTP.name: 2225, POP3.name: 3335, **_CLOSED},
                "tls": False,
                "mailboxes": "anybody",
                "strings": "test-mail-server",
                "leniency": ["order"],
                "services": {
                    SMTP.name: {"login": "off", "without": [*SMTP.extensions]},
                    POP3.name: {"login": "anybody", "without": ["SASL", "STLS", "UTF8", "LANG"]},
                },
            }
        ]
    },
    "strict": {"strictness": "strict"},  # bears nothing that an RFC forbids, and takes no password that is none
}
