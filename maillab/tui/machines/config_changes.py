"""What is different between two configurations of a running lab, as events: the transcript says which setting it was.

Rules for this file: quiet; the words are those of `views.words`, which says them in the reader's language.
"""

from collections.abc import Iterator

from maillab.config import Config, Site
from maillab.events import Adjusted
from maillab.protocols.services import IMAP, IMAPS, POP3, POP3S

SETTING = "setting"

_OF_LAB: dict[str, dict[object, str]] = {  # a value of the configuration: how it is said
    "strictness": {"strict": "strictness: strict", "classroom": "strictness: classroom"},
    "plaintext_pop3": {False: "POP3 passwords without TLS: off", True: "POP3 passwords without TLS: on"},
    "plaintext_imap": {False: "IMAP passwords without TLS: off", True: "IMAP passwords without TLS: on"},
    "fetch": {
        POP3.name: "mail is fetched by POP3",
        POP3S.name: "mail is fetched by POP3S",
        IMAP.name: "mail is fetched by IMAP",
        IMAPS.name: "mail is fetched by IMAPS",
    },
    "catch_examples": {
        False: "mail for example domains is caught: off",
        True: "mail for example domains is caught: on",
    },
    "catch_all": {False: "mail for every domain is caught: off", True: "mail for every domain is caught: on"},
}
_OF_SITE: dict[str, dict[object, str]] = {
    "tls": {False: "TLS: off", True: "TLS: on"},
    "greylist": {False: "greylisting: off", True: "greylisting: on"},
}
LIMITS: dict[int, str] = {  # octets of a message at a site: how they are said
    0: "size limit of a message: that of the lab",
    10_000: "size limit of a message: 10 kB",
    100_000: "size limit of a message: 100 kB",
    1_000_000: "size limit of a message: 1 MB",
}


def changes(before: Config, after: Config) -> list[Adjusted]:
    """One event for each thing that was changed.

    >>> from maillab.config import default
    >>> import msgspec
    >>> changes(default(), msgspec.structs.replace(default(), strictness="strict"))
    [Adjusted(where='lab', what='setting', value='strictness: strict')]
    """
    told = [*_of_lab(before, after)]
    for old, new in zip(before.sites, after.sites, strict=True):
        told += _of_site(old, new)
    return told


def _of_lab(before: Config, after: Config) -> Iterator[Adjusted]:
    for name, words in _OF_LAB.items():
        if getattr(before, name) != getattr(after, name):
            yield Adjusted("lab", SETTING, words[getattr(after, name)])


def _of_site(before: Site, after: Site) -> Iterator[Adjusted]:
    for name, words in _OF_SITE.items():
        if getattr(before, name) != getattr(after, name):
            yield Adjusted(after.domain, SETTING, words[bool(getattr(after, name))])
    if before.message_limit != after.message_limit:
        yield Adjusted(after.domain, SETTING, LIMITS[after.message_limit])
    for other in sorted(after.server_auth.keys() - before.server_auth.keys()):
        yield Adjusted(after.domain, "login", other)
    for other in sorted(before.server_auth.keys() - after.server_auth.keys()):
        yield Adjusted(after.domain, "no login", other)
    known = {person.name for person in before.people}
    for person in after.people:
        if person.name not in known:
            yield Adjusted(after.domain, "mailbox", f"{person.name}@{after.domain}")
