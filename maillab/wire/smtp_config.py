"""What one SMTP service offers, bears and asks: the same for every connection."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maillab.mail.reply import Reply
from maillab.wire.limits import Limits
from maillab.wire.reception import Caller, Reception
from maillab.wire.sasl import People, mechanisms
from maillab.wire.strings import worded


@dataclass(slots=True)
class SmtpConfig:
    """`people` may log in (None: nobody). `tls`: STARTTLS is possible. `without` are extensions that are neither
    announced nor obeyed. `strings` are replies in another program's words (wire/strings.py), `leniency` what is borne
    beyond classrooms: "order" is MAIL without a greeting. `spool` is where content on its way in may be written;
    `reference` gives a new word each time.
    """

    hostname: str
    domain: str  # whose postmaster is meant when no domain is said
    reception: Reception
    spool: Path
    limits: Limits = field(default_factory=Limits)
    people: People | None = None
    plaintext_auth: bool = False
    dsn: bool = False  # delivery reports are made by the machine behind: where none is, the one before makes its own
    tls: bool = False
    without: frozenset[str] = frozenset()
    strings: Mapping[str, str] = field(default_factory=dict)
    leniency: frozenset[str] = frozenset()
    classroom: bool = True
    reference: Callable[[], str] = lambda: secrets.token_hex(4)

    def offers(self, extension: str) -> bool:
        """Is this extension announced and obeyed here?"""
        return extension not in self.without and (extension != "DSN" or self.dsn)

    def worded(self, moment: str, usual: Reply, value: object = "") -> Reply:
        """The usual reply, or the one in another program's words."""
        return worded(self.strings, moment, usual, value)


def capabilities(config: SmtpConfig, caller: Caller) -> tuple[str, ...]:
    """The EHLO keywords for this caller at this moment: each is true, and a test uses each."""
    limits = config.limits
    words = ["PIPELINING", f"SIZE {limits.message}"]  # RFC 2920, RFC 1870
    if config.tls and not caller.secure:
        words.append("STARTTLS")  # RFC 3207 §4.2
    if config.people is not None and may_authenticate(config, caller):
        words.append("AUTH " + " ".join(mechanisms(config.people)))  # RFC 4954 §3
    words += ["ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "CHUNKING"]  # RFC 2034, 6152, 6531, 3030
    words += ["DSN"] if config.dsn else []  # RFC 3461 §4
    words.append(f"LIMITS MAILMAX={limits.messages} RCPTMAX={limits.recipients}")  # RFC 9422
    return tuple(word for word in (*words, "HELP") if word.partition(" ")[0] not in config.without)


def may_authenticate(config: SmtpConfig, caller: Caller) -> bool:
    """Is AUTH possible now: somebody to be, and TLS unless the service is weak on purpose (RFC 4954 §4)?"""
    possible = config.people is not None and not caller.user and "AUTH" not in config.without
    return possible and (caller.secure or config.plaintext_auth)
