"""How programs are pointed at a lab."""

import ast
import json
import shlex

import pytest

from maillab.cli.mail_settings import MailSettings
from maillab.cli.programs import SENDING

NASTY = 'it\'s "$HOME" \\ é'
PLAIN = MailSettings("127.0.0.1", 1025, "none", "", "", "alice@sender.test", "bob@recipient.test", "/lab/ca.pem")
STARTTLS = MailSettings(
    "127.0.0.1", 1587, "starttls", "alice@sender.test", NASTY, "alice@sender.test", "bob@x.test", "/l b/ca"
)
IMPLICIT = MailSettings(
    "127.0.0.1", 1465, "implicit", "alice@sender.test", NASTY, "alice@sender.test", "bob@x.test", "/l b/ca"
)


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("place", [PLAIN, STARTTLS, IMPLICIT], ids=["plain", "starttls", "implicit"])
def test_every_row_can_be_filled_in(name, place):
    """Every program is told the port, and nothing is left to be filled in."""
    text = SENDING[name].settings(place)
    assert str(place.port) in text
    assert text.endswith("\n")
    assert "{where}" not in text


@pytest.mark.parametrize("place", [PLAIN, STARTTLS, IMPLICIT], ids=["plain", "starttls", "implicit"])
def test_quoting(place):
    """A password with quotes, dollars and backslashes is the same text again in every language."""
    for name in ("django", "flask"):
        values = {}
        exec(SENDING[name].settings(place), values)
        assert values.get("EMAIL_HOST_PASSWORD", values.get("MAIL_PASSWORD", "")) == place.password
    ast.parse(SENDING["python"].settings(place))
    for name in ("shell", "node", "curl", "swaks", "openssl"):
        shlex.split(SENDING[name].settings(place), comments=True)
    words = shlex.split(SENDING["shell"].settings(place))
    assert [f"SMTP_PASSWORD={place.password}"] * bool(place.user) == [one for one in words if "_PASSWORD=" in one]


def test_java_escapes():
    """A properties file is plain ASCII; characters beyond the first plane are two units, as Java reads them."""
    place = MailSettings("127.0.0.1", 1587, "starttls", "a", "é😀\\", "", "", "")
    assert "password=\\u00e9\\ud83d\\ude00\\u005c\n" in SENDING["spring"].settings(place)
    assert json.loads('"\\u00e9\\ud83d\\ude00"') == "é😀"
