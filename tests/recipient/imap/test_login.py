"""Who it is: mechanisms, and a name that is none."""

import base64
import hmac

import pytest
from scramp import ScramClient

from maillab.events import Authenticated
from maillab.wire.turns import Admit, Decided
from tests.recipient.imap.staging import Stage


def test_the_login_is_an_event():
    """Whoever proves who they are is written down, in canonical form, before they are told."""
    turns = Stage().dialogue.hear(b"a LOGIN bob bob\r\n")
    assert next(turns) == Admit("bob@recipient.test")
    assert turns.send(True) == Decided(Authenticated("retrieve-1", "bob@recipient.test", "LOGIN"))


@pytest.mark.parametrize("initial", [True, False])
def test_scram(initial):
    """SCRAM-SHA-256 works with and without an initial response; the server's proof comes as a last challenge."""
    stage = Stage()
    client = ScramClient(["SCRAM-SHA-256"], "bob", "bob")
    first = base64.b64encode(client.get_client_first().encode())
    if initial:
        stage.hear(b"a AUTHENTICATE SCRAM-SHA-256 " + first + b"\r\n")
    else:
        assert stage.heard(b"a authenticate scram-sha-256\r\n") == [b"+ \r\n"]
        stage.hear(first + b"\r\n")
    client.set_server_first(base64.b64decode(stage.told[-1][2:]).decode())
    (proof,) = stage.heard(base64.b64encode(client.get_client_final().encode()) + b"\r\n")
    client.set_server_final(base64.b64decode(proof[2:]).decode())
    assert stage.heard(b"\r\n")[0].startswith(b"a OK [CAPABILITY ")


def test_cram_md5():
    """CRAM-MD5: a digest of the challenge."""
    stage = Stage()
    (challenge,) = stage.heard(b"a AUTHENTICATE CRAM-MD5\r\n")
    digest = hmac.new(b"bob", base64.b64decode(challenge[2:]), "md5").hexdigest()
    assert stage.heard(base64.b64encode(f"bob {digest}".encode()) + b"\r\n")[0].startswith(b"a OK")


@pytest.mark.parametrize("line", [b'a LOGIN "b\xff" x', b"a LOGIN {3+}\r\n\xff\xfe\xfd x", b"a LOGIN nobody bob"])
def test_names_that_nobody_has(line):
    """A name that is no text, or nobody's, is a wrong name, or no command; nobody gets in."""  # T200
    told = [line for line in Stage().heard(line + b"\r\n") if isinstance(line, bytes)]
    assert told[-1].startswith((b"a NO [AUTHENTICATIONFAILED]", b"a BAD"))


def test_a_literal_with_blanks_is_a_password():
    """Carol's password has blanks at its end: said as a literal, it is hers."""
    stage = Stage()
    told = stage.heard(b"a LOGIN carol {11+}\r\ntwo  words \r\n")
    assert told[0].startswith(b"a OK")
