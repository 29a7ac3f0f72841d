"""Faults that a mail program should meet once, each a rule that is ready to be added. Quiet."""

PRESETS = {  # name: the rule, which a person may change before it holds
    "tls": 'at {site} smtp mail tls:no answer 530 5.7.0 "Must issue STARTTLS first"',
    "busy": "at {site} smtp accept answer 421",
    "mail451": "at {site} smtp mail answer 451",
    "rcpt450": "at {site} smtp rcpt answer 450",
    "rcpt550": "at {site} smtp rcpt answer 550",
    "data451": "at {site} smtp data answer 451",
    "dot451": "at {site} smtp content answer 451",
    "dot554": "at {site} smtp content answer 554",
    "drop": "at {site} smtp content drop",
    "unheard": "at {site} smtp answer to content drop times 1",
    "slow": "at {site} smtp accept throttle 100/s",
    "cut": "at {site} pop3 retr truncate 200",
    "servfail": "at {site} query mx answer SERVFAIL",
}


def preset(name: str, site: str) -> str:
    """A rule that is ready to be used, for one site or ("") for all.

    >>> preset("busy", "recipient.test"), preset("busy", "")
    ('at recipient.test smtp accept answer 421', 'at smtp accept answer 421')
    """
    return " ".join(PRESETS[name].format(site=site).split())
