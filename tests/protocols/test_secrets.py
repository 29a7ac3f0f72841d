"""Where the secrets are."""

import base64

import pytest
import scramp

from maillab.protocols.secrets import NOTHING, Secrets

PASSWORD = "hunter2-canary"
TOKEN = base64.b64encode(b"\0alice\0" + PASSWORD.encode())


def visible(script):
    """What a reader sees of the client's lines: script rows are `C` or `S` and a line."""
    talk, seen = Secrets(), []
    for side, line in script:
        if side == "S":
            talk.server(line)
            continue
        start, end = talk.client(line)
        seen.append(line[:start] + line[end:])
    return b"".join(seen)


@pytest.mark.parametrize(
    "script",
    [
        [("C", b"AUTH PLAIN " + TOKEN + b"\r\n")],
        [("C", b"auth  plain\t" + TOKEN + b"  \r\n")],
        [("C", b"AUTH PLAIN\r\n"), ("S", b"334 \r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"AUTH PLAIN\r\n"), ("S", b"334\r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"AUTH LOGIN\r\n"), ("S", b"334 VXNlcm5hbWU6\r\n"), ("C", b"YWxpY2U=\r\n"), ("S", b"334 UGFzc3dvcmQ6\r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"AUTH LOGIN YWxpY2U=\r\n"), ("S", b"334 UGFzc3dvcmQ6\r\n"), ("C", TOKEN)],
        [("C", b"AUTH LOGIN\r\n"), ("S", b"535 no\r\n"), ("C", PASSWORD.encode() + b"\r\n")],
        [("C", b"AUTH LOGIN\r\n"), ("S", b"501 bad\r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"xAUTH PLAIN " + TOKEN + b"\r\n")],
        [("C", b"RSETAUTH LOGIN\r\n"), ("C", b"YWxpY2U=\r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"MAIL FROM:<a@b.test>AUTH PLAIN\r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"PASS " + PASSWORD.encode() + b" with blanks\r\n")],
        [("C", b"pass " + PASSWORD.encode())],
        [("C", b"APOP alice " + TOKEN + b"\r\n")],
        [("C", b"AUTH PLAIN\r\n"), ("S", b"+ \r\n"), ("C", TOKEN + b"\r\n")],
        [("C", b"AUTH=PLAIN " + TOKEN + b"\r\n")],
        [("C", b"AUTH PLAIN=" + TOKEN + b"\r\n")],
        [("C", b"AUTHPLAIN " + TOKEN + b"\r\n")],
        [("C", b"AUTH PLAIN\x00 " + TOKEN + b"\r\n")],
        [("C", b"AUTH " + TOKEN[:20] + b"\r\n"), ("C", TOKEN[20:] + b"\r\n")],
        [("C", b"AUTH LOGIN\r\n"), ("C", b"YWxpY2U=\r\n"), ("C", b"LIST/" + TOKEN + b"\r\n")],
        [("C", b"\x00PASS " + PASSWORD.encode() + b"\r\n")],
        [("C", b"PASS:" + PASSWORD.encode() + b"\r\n")],
        [("C", b"a LOGIN alice " + PASSWORD.encode() + b"\r\n")],
        [("C", b"USER alice\r\n"), ("S", b"+OK\r\n"), ("C", PASSWORD.encode() + b"\r\n")],
        [
            *[("C", b"PASS x\r\n"), ("S", b"-ERR no\r\n"), ("C", b"USER alice\r\n"), ("S", b"+OK\r\n")],
            ("C", PASSWORD.encode() + b"\r\n"),
        ],
        [
            *[("C", b"USER alice\r\n"), ("C", b"PASS x\r\n"), ("S", b"+OK\r\n"), ("S", b"-ERR no\r\n")],
            ("C", PASSWORD.encode() + b"\r\n"),
        ],
    ],
)  # fmt: skip
def test_no_carrier_of_a_password_is_visible(script):
    """In whatever way a password is said, right or wrong, it is pointed at (T307, T308)."""
    seen = visible(script)
    assert PASSWORD.encode() not in seen
    assert TOKEN not in seen


@pytest.mark.parametrize(
    "line",
    [
        b"AUTH PLAIN %s", b"AUTH PLAIN\r%s", b"AUTH\rPLAIN %s", b"PASS x\r%s", b"PASS\r%s", b"NOOP\rAUTH PLAIN %s",
        b"USER alice\rPASS %s", b"USER alice\x00PASS %s", b"\x1bAUTH PLAIN %s", b"AUTH PLAIN \x7f%s", b"USER alice %s",
        b"user  alice\t%s", b"AUHT PLAIN %s", b"ATUH LOGIN %s", b"AUT PLAIN %s", b"AUTHH %s", b"FOO PLAIN %s", b"PLAIN %s",
        b"X SCRAM-SHA-256 %s", b"xoauth2 %s", b"PSAS %s", b"PAS %s", b"PASSS %s", b"PSS %s", b"APPO alice %s",
        b"EHLO xAUTH PLAIN %s", b"NOOPPASS %s", b"VRFY a\rPASS %s", b"%s\rPASS x", b"NOOP\rPSAS %s",
        b"AUTHENTICATE PLAIN %s", b"Authorization: Basic %s", b"a1 LOGIN alice %s",
    ],
)  # fmt: skip
def test_what_may_be_a_secret_is_struck_out_to_the_end_of_the_line(line):
    """The kind: words that only look like none of a password's. Whatever follows them is hidden, up to the line's end."""
    for secret in (PASSWORD.encode(), TOKEN, PASSWORD.encode() + b"\r" + PASSWORD.encode()):
        talk, said = Secrets(), line % secret + b"\r\n"
        start, end = talk.client(said)
        assert PASSWORD.encode() not in said[:start]
        assert TOKEN not in said[:start]
        assert end == len(said) - 2


@pytest.mark.parametrize(
    "line",
    [b"FOO bar", b"EHLOO client.test", b"MALI FROM:<a@b.test>", b"RCTP TO:<a@b.test>", b"DAAT", b"QUTI", b"LSIT 1", b"RTER 1",
     b"GET /x HTTP/1.1", b"POST /x HTTP/1.1", b"HELP AUTH", b"USER alice", b"USER alice ", b"NOOP x\ty", b"", b" ", b"\xff\xfe x"],
)  # fmt: skip
def test_other_slips_of_the_pen_stay_readable(line):
    """A learner sees what was wrong with a command that could hold no password."""
    assert Secrets().client(line + b"\r\n") == NOTHING


def test_ordinary_lines_are_not_hidden():
    """Commands before, during and after a login stay readable, and so does everything after success."""
    script = [
        ("C", b"EHLO x\r\n"), ("C", b"AUTH PLAIN " + TOKEN + b"\r\n"), ("S", b"235 ok\r\n"),
        ("C", b"MAIL FROM:<a@b.test>\r\n"), ("C", b"FOO bar\r\n"), ("S", b"334 odd\r\n"), ("C", b"QUIT\r\n"),
    ]  # fmt: skip
    assert visible(script) == b"EHLO x\r\nAUTH PLAIN \r\nMAIL FROM:<a@b.test>\r\nFOO bar\r\nQUIT\r\n"


def test_the_rest_of_a_torn_line_is_no_command():
    """When the beginning of a line went elsewhere (into a chunk), its rest is hidden unless it is a command after all."""
    talk = Secrets()
    talk.torn()
    assert talk.client(b"NOOP\r\n") == NOTHING
    assert talk.client(b"hunter2\r\n") == NOTHING
    talk.torn()
    assert talk.client(b"hunter2\r\n") == (0, 7)
    assert talk.client(b"hunter2\r\n") == (0, 7)


def test_giving_up_is_no_secret():
    """`*` and an empty answer hide nothing."""
    script = [("C", b"AUTH PLAIN =\r\n"), ("S", b"334 \r\n"), ("C", b"*\r\n")]
    assert visible(script) == b"AUTH PLAIN =\r\n*\r\n"


def test_pop3_commands_after_a_login_are_visible():
    """+OK is a success, not a challenge: what follows is no secret."""
    script = [("C", b"PASS x\r\n"), ("S", b"+OK welcome\r\n"), ("C", b"UIDL\r\n"), ("C", b"XYZ\r\n")]
    assert visible(script) == b"PASS \r\nUIDL\r\nXYZ\r\n"


@pytest.mark.parametrize(("sign", "yes"), [(b"334 ", b"235 2.7.0 Ok\r\n"), (b"+ ", b"+OK\r\n")])
def test_what_a_server_proves_is_hidden(sign, yes):
    """With SCRAM's signature of the server a weak password could be guessed offline (RFC 5802 §9)."""
    talk = Secrets()
    client = scramp.ScramClient(["SCRAM-SHA-256"], "alice", PASSWORD)
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    keys = mechanism.make_auth_info(PASSWORD, iteration_count=4096)
    server = mechanism.make_server(lambda _: keys)
    said = client.get_client_first()
    talk.client(b"AUTH SCRAM-SHA-256 " + base64.b64encode(said.encode()) + b"\r\n")
    server.set_client_first(said)
    challenge = server.get_server_first()
    assert talk.server(sign + base64.b64encode(challenge.encode()) + b"\r\n") == (0, 0)
    client.set_server_first(challenge)
    said = client.get_client_final()
    talk.client(base64.b64encode(said.encode()) + b"\r\n")
    server.set_client_final(said)
    final = base64.b64encode(server.get_server_final().encode())
    assert talk.server(sign + final + b"\r\n") == (len(sign), len(sign + final))
    assert talk.client(b"\r\n") == (0, 0)
    assert talk.server(yes) == (0, 0)
    assert talk.server(sign + final + b"\r\n") == (0, 0)


def test_the_end_of_a_message_is_no_secret():
    """After a login that was refused a lone dot is shown; an answer to a challenge never is, even that one."""
    talk = Secrets()
    talk.client(b"AUTH PLAIN\r\n")
    talk.server(b"502 5.5.1 Nobody logs in here\r\n")
    assert talk.client(b"hunter2\r\n") == (0, 7)
    assert talk.client(b".\r\n") == NOTHING
    talk.client(b"AUTH LOGIN\r\n")
    talk.server(b"334 VXNlcm5hbWU6\r\n")
    assert talk.client(b".\r\n") == (0, 1)
