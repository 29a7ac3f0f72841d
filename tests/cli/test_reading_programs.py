"""How programs that read mail are pointed at a lab."""

import ast
import shlex
from dataclasses import replace

import pytest

from maillab.cli.reading_programs import READING
from tests.cli.test_programs import IMPLICIT, STARTTLS

PLAIN = replace(STARTTLS, tls="none")


@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize("protocol", ["pop3", "imap"])
@pytest.mark.parametrize("place", [PLAIN, STARTTLS, IMPLICIT], ids=["plain", "starttls", "implicit"])
def test_every_row_can_be_filled_in(name, protocol, place):
    """Every program is told the port, and the text is one that its language can read."""
    text = READING[name].settings(replace(place, protocol=protocol))
    assert str(place.port) in text
    assert "smtp" not in text
    if name == "python":
        ast.parse(text)
        assert protocol.replace("3", "") + "lib" in text
    else:
        shlex.split(text, comments=True)


def test_quoting():
    """A password with quotes and dollars is the same text again."""
    words = shlex.split(READING["shell"].settings(replace(IMPLICIT, protocol="imap")))
    assert f"IMAP_PASSWORD={IMPLICIT.password}" in words
    assert f"IMAP_CA_FILE={IMPLICIT.certificate}" in words
