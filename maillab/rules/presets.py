"""Faults that a mail program should meet once, each a rule that is ready to be added. Quiet."""

PRESETS = {  # name: the rule, which a person may change before it holds; its answer says why, as a server would
    "tls": 'at {site} smtp mail tls:no answer 530 5.7.0 "Must issue STARTTLS first"',
    "busy": 'at {site} smtp accept answer 421 "Too busy, try again later"',  # no 4.3.2 in a greeting (RFC 2034 §4)
    "mail451": 'at {site} smtp mail answer 451 4.3.0 "Try again later"',
    "rcpt450": 'at {site} smtp rcpt answer 450 4.2.0 "Mailbox busy, try again later"',
    "twice": 'at {site} smtp rcpt answer 451 4.7.1 "Come back later" times 2',
    "rcpt550": 'at {site} smtp rcpt answer 550 5.1.1 "No such user"',
    "data451": "at {site} smtp data answer 451",
    "dot451": 'at {site} smtp content answer 451 4.3.0 "Try again later"',
    "dot554": 'at {site} smtp content answer 554 5.7.1 "Message refused"',
    "drop": "at {site} smtp content drop",
    "unheard": "at {site} smtp answer to content drop times 1",
    "slow": "at {site} smtp accept throttle 100/s",
    "cut": "at {site} pop3 retr truncate 200",
    "servfail": "at {site} query mx answer SERVFAIL",
}


def preset(name: str, site: str) -> str:
    """A rule that is ready to be used, for one site or ("") for all.

    >>> preset("data451", "recipient.test"), preset("data451", "")
    ('at recipient.test smtp data answer 451', 'at smtp data answer 451')
    """
    return " ".join(PRESETS[name].format(site=site).split())
