"""The steps of a login, without its secrets."""

from base64 import b64encode

from maillab.views.fields.login import challenge, command, response
from tests.views.fields.words import EN, VI, told


def blob(text):
    return b64encode(text.encode())


def test_plain():
    """Who logs in is told, the password not, not even its length."""
    found = told(command(b"AUTH PLAIN " + blob("\0alice\0hunter2"), True, EN))
    assert found["base64"] == ("three words separated by NUL: nothing, alice (the user), the password (not shown)")
    assert "bob (làm thay cho)" in told(command(b"AUTH PLAIN " + blob("bob\0al\0x"), True, VI))["base64"]


def test_behind_a_tag():
    """The same of IMAP."""
    found = told(command(b"a1 AUTHENTICATE PLAIN " + blob("\0alice\0hunter2"), True, EN))
    assert list(found) == ["AUTHENTICATE", "PLAIN", "base64"]
    assert "alice" in found["base64"]
    begun = [b"a1 AUTHENTICATE LOGIN\r\n", b"+ " + blob("Username:") + b"\r\n"]
    assert "alice" in told(response(blob("alice"), True, begun, EN))["base64"]


def test_login():
    """The name is what is asked for first; what is asked for then is the password."""
    begun = [b"AUTH LOGIN\r\n", b"334 " + blob("Username:") + b"\r\n"]
    assert "alice" in told(response(blob("alice"), True, begun, EN))["base64"]
    second = [*begun, blob("alice"), b"334 " + blob("Password:") + b"\r\n"]
    assert "hunter2" not in str(response(blob("hunter2"), True, second, EN))
    assert "hunter2" not in str(response(blob("hunter2"), True, [], EN))  # nobody knows what was asked
    assert "alice" in told(command(b"AUTH LOGIN " + blob("alice"), True, EN))["base64"]


def test_cram():
    """The name; the hash is not shown, a weak password could be guessed from it."""
    begun = [b"AUTH CRAM-MD5\r\n", b"334 " + blob("<1@mx.test>")]
    found = str(response(blob("alice 0123456789abcdef"), True, begun, EN))
    assert "alice" in found
    assert "0123456789abcdef" not in found


def test_scram():
    """Every attribute with its meaning, but for the proofs."""
    found = told(command(b"AUTH SCRAM-SHA-256 " + blob("n,,n=alice,r=abc"), True, EN))
    assert found["n=alice"] == "the user"
    found = told(response(blob("c=biws,r=abc,p=cHJvb2Y="), True, [b"AUTH SCRAM-SHA-256"], EN))
    assert "p=…" in found
    assert "cHJvb2Y" not in str(found)
    assert told(challenge(b"334 " + blob("r=abc,s=QQ==,i=4096"), EN))["i=4096"].startswith("rounds")


def test_challenges():
    """Their text is decoded; one that is no text is said to be none."""
    assert told(challenge(b"334 " + blob("Password:"), EN))["base64"] == "of “Password:”"
    assert told(challenge(b"+ /////w==\r\n", EN))["base64"] == "of binary data"
    assert list(told(challenge(b"+ \r\n", EN))) == ["+"]
    assert challenge(b"250 ok", EN) == []


def test_in_a_record():
    """There the secret is struck out, and said to be."""
    found = told(command(b"AUTH PLAIN ****", False, EN))
    assert found["base64"] == "not recorded: it may contain a secret"
    assert told(response(b"*", False, [], EN)) == {"*": "the client gives up this login"}
    assert told(command(b"AUTH EXTERNAL =", False, EN))["="] == "an empty first answer"
    assert command(b"PASS x", True, EN) == response(b"", True, [], EN) == []
