"""How one SMTP service is set up: what is possible there and who may come. The same for every connection."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maillab.mail.reply import Reply
from maillab.wire.limits import Limits
from maillab.wire.reception import Reception
from maillab.wire.sasl import People


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
        """The reply in the words of `strings`, with `value` filled in; the usual one where they have none."""
        words = self.strings.get(moment)
        return usual if words is None else Reply(int(words[:3]), "", (words[4:].format(value),))
