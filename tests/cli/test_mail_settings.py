"""How a program is told where a service is."""

import pytest

from maillab.cli.mail_settings import MailSettings, Program


@pytest.mark.parametrize(
    ("tls", "protocol", "told"),
    [
        ("none", "imap", "imap://a:p@h:1, plain, imap plain"),
        ("starttls", "imap", "imap://a:p@h:1, tls"),
        ("implicit", "pop3", "pop3s://a:p@h:1, tls, pop3 implicit"),
    ],
)
def test_which_lines_stand(tls, protocol, told):
    """A line stands where all words of its condition hold."""
    words = ("plain", "tls", "imap plain", "pop3 implicit", "login smtp")
    program = Program("", str, (("", "{url}"), *((word, word) for word in words)))
    settings = program.settings(MailSettings("h", 1, tls, "a", "p", "", "", "", protocol))
    assert settings.rstrip().split("\n") == told.split(", ")
