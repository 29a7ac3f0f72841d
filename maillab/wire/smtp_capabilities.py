"""What EHLO answers: the extensions that an SMTP service offers to this client at this moment (RFC 5321 §4.1.1.1).

To add one: its keyword here, its name in the table of services (`protocols/services.py`), and what it does in
`wire/smtp_server.py`.
"""

from maillab.wire.reception import Caller
from maillab.wire.sasl import mechanisms
from maillab.wire.smtp_config import SmtpConfig


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
