"""Logging in again."""

import pytest

from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.smtp import SMTP
from maillab.recording.login_again import LoginAgain
from maillab.recording.replay_steps import PLAIN_LOGIN, LoginStep
from tests.support import run


def log_in(step, answers, *, protocol=SMTP, who=("bob", "pw"), offered=None, greeting=b""):
    """What was said and noted when the server gives these answers."""
    said, notes, left = [], [], list(answers)

    async def command(line):
        said.append(line.strip())
        return left.pop(0)

    run(LoginAgain(protocol, lambda _: who, command, notes.append).log_in(step, offered, greeting))
    return said, notes


def test_the_first_response_comes_when_it_came_then():
    """PLAIN says its response at once if that is how it was recorded, else after the challenge; POP3 alike."""
    assert log_in(LoginStep("PLAIN", "bob", initial=True), [b"235 in"])[0] == [b"AUTH PLAIN AGJvYgBwdw=="]
    assert log_in(LoginStep("PLAIN", "bob"), [b"334 ", b"235 in"])[0] == [b"AUTH PLAIN", b"AGJvYgBwdw=="]
    assert log_in(LoginStep("PLAIN", "bob"), [b"+ ", b"+OK"], protocol=POP3)[0] == [b"AUTH PLAIN", b"AGJvYgBwdw=="]


def test_logins_of_imap():
    """They have a tag; a word that needs quotes gets them."""
    plain = LoginStep("PLAIN", "bob")
    assert log_in(plain, [b"+ ", b"login OK in"], protocol=IMAP)[0] == [b"login AUTHENTICATE PLAIN", b"AGJvYgBwdw=="]
    step = LoginStep(PLAIN_LOGIN, "bob")
    assert log_in(step, [b"login OK in"], protocol=IMAP, who=("bob@b.test", 'p "\\w'))[0] == [
        b'login LOGIN bob@b.test "p \\"\\\\w"'
    ]


def test_cram_md5():
    """The digest is worked out from the challenge of now (RFC 2195 section 2)."""
    challenge = b"334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    said, _ = log_in(LoginStep("CRAM-MD5", ""), [challenge, b"235 in"], who=("tim", "tanstaaftanstaaf"))
    assert said[1] == b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"


def test_a_mechanism_that_nobody_here_knows():
    """Where neither the recorded mechanism nor another is possible, nothing is said."""
    assert log_in(LoginStep("GSSAPI", ""), [], offered={"GSSAPI"}) == (
        [],
        ["GSSAPI is not offered here, nor another way; did not log in"],
    )


@pytest.mark.parametrize("who", [("bob", "a\r\nDELE 1"), ("b\0b", "pw")])
def test_nothing_slips_in(who):
    """A name or password with a line end or NUL is never said."""
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        log_in(LoginStep("USER", "bob"), [], protocol=POP3, who=who)


def test_a_user_who_is_refused_says_no_password():
    """PASS waits for the +OK to USER."""
    assert log_in(LoginStep("USER", "bob"), [b"-ERR"], protocol=POP3)[0] == [b"USER bob"]


@pytest.mark.parametrize("challenge", [b"334 !!", b"334 " + b"A" * 5])
def test_a_challenge_that_is_no_base64(challenge):
    """A server that says nonsense is an error, not an answer."""
    with pytest.raises(ValueError):  # noqa: PT011 - of base64, whose words are not ours
        log_in(LoginStep("CRAM-MD5", ""), [challenge, b"235 in"])


def test_a_server_that_cheats():
    """SCRAM that succeeds without the server's proof is an error (RFC 5802)."""
    with pytest.raises(ValueError, match="SCRAM"):
        log_in(LoginStep("SCRAM-SHA-256", "", initial=True), [b"235 in"])
