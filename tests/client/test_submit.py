"""Submission, against servers that know one dialogue."""

import base64
import email
import email.policy
import socket
from functools import partial
from typing import Any

import pytest

from maillab.client.compose import Draft, Mailbox, compose
from maillab.client.submit import SubmitError, SubmitResult, Writing, submit
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from tests.support import run
from tests.wire.scripted import Heard, Script, client_context, play, server_context

ALICE, BOB, CAROL = (
    Address("alice", "sender.test"),
    Address("bob", "recipient.test"),
    Address("carol", "recipient.test"),
)
MESSAGE = Message(Envelope(ALICE, (Recipient(BOB), Recipient(CAROL))), Content(b"Subject: hi\r\n\r\n.dot\r\n"))
PLAIN = base64.b64encode(b"\0alice\0secret").decode()
EHLO = "S: 220 msa\nC: EHLO [127.0.0.1]\nS: 250-msa\n"
OFFER = EHLO + "S: 250 AUTH PLAIN\n"
MAIL = "C: MAIL FROM:<alice@sender.test>\nS: 250 ok\n"
RCPTS = "C: RCPT TO:<bob@recipient.test>\nS: 250 ok\nC: RCPT TO:<carol@recipient.test>\n"
QUIT = "C: QUIT\nS: 221 bye\n"


def submitted(
    script: str | Script, message: Message | Writing = MESSAGE, *, implicit: bool = False, **options: Any
) -> Any:
    """Submit against the script."""
    options = {"tls": "none", "hello": "[127.0.0.1]", **options}
    return play(script, lambda port: submit(message, host="127.0.0.1", port=port, **options), implicit=implicit)


def stopped(script: str | Script, message: Message | Writing = MESSAGE, **options: Any) -> SubmitError:
    """The error with which it ends."""
    with pytest.raises(SubmitError) as caught:
        submitted(script, message, **options)
    return caught.value


def test_partial_refusal() -> None:
    """A message goes on with the recipients that are accepted, and each answer is reported."""
    script = Script(
        EHLO + "S: 250 OK\n" + MAIL + RCPTS + "S: 550 5.1.1 who?\nC: DATA\nS: 354 go\nC.\nS: 250 2.0.0 taken\n" + QUIT
    )

    result: SubmitResult = submitted(script)

    assert script.bodies == [b"Subject: hi\r\n\r\n..dot\r\n.\r\n"]
    assert result.accepted == (BOB,)
    assert [(str(address), reply.enhanced) for address, reply in result.refused] == [("carol@recipient.test", "5.1.1")]
    assert (result.mechanism, result.tls_version) == ("", "")


def test_submission_as_it_should_be() -> None:
    """STARTTLS, AUTH inside it, the message; the ear hears it in the clear."""
    heard = Heard()
    script = Script(
        EHLO
        + "S: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO [127.0.0.1]\nS: 250-msa\nS: 250-PIPELINING\nS: 250 AUTH PLAIN\n"
        f"C: AUTH PLAIN {PLAIN}\nS: 235 2.7.0 ok\nC: MAIL FROM:<alice@sender.test>\nC: RCPT TO:<bob@recipient.test>\n"
        "C: RCPT TO:<carol@recipient.test>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\nS: 250 taken\n"
        + QUIT,
        server_context("msa.test"),
    )

    result = submitted(
        script,
        tls="starttls",
        context=client_context(),
        server_hostname="msa.test",
        user="alice",
        password="secret",
        tap=heard,
    )

    assert (result.accepted, result.mechanism, result.tls_version) == ((BOB, CAROL), "PLAIN", "TLSv1.3")
    assert ("=", b"TLSv1.3") in heard.said
    assert ("C", b"QUIT\r\n") in heard.said


def test_implicit_tls() -> None:
    """Port 465: TLS before the greeting."""
    script = Script(OFFER + f"C: AUTH PLAIN {PLAIN}\nS: 535 5.7.8 no\n" + QUIT, server_context("msa.test"))
    options = {"tls": "implicit", "context": client_context(), "server_hostname": "msa.test", "implicit": True}

    error = stopped(script, user="alice", password="secret", **options)

    assert error.stage == "auth"
    assert error.reply is not None
    assert error.reply.code == 535


@pytest.mark.parametrize(
    ("script", "stage", "code"),
    [
        ("S: 554 no service\nGONE", "greet", 554),
        ("S: 220 msa\nC: EHLO [127.0.0.1]\nS: 421 busy\nGONE", "ehlo", 421),
        ("S: 220 msa\nC: EHLO [127.0.0.1]\nS: 550 no\nC: HELO [127.0.0.1]\nS: 550 no\n" + QUIT, "ehlo", 550),
        (EHLO + "S: 250 x\n" + MAIL.replace("250 ok", "530 5.7.0 log in") + "C: RSET\nS: 250 ok\n" + QUIT, "mail", 530),
        (EHLO + "S: 250 x\n" + MAIL + RCPTS.replace("250 ok", "550 no") + "S: 450 no\nC: RSET\nS: 250 ok\n" + QUIT, "rcpt", 550),
        (EHLO + "S: 250 x\n" + MAIL + RCPTS + "S: 250 ok\nC: DATA\nS: 451 no\nC: RSET\nS: 250 ok\n" + QUIT, "data", 451),
        (EHLO + "S: 250 x\n" + MAIL + RCPTS + "S: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 554 spam\n" + QUIT, "data", 554),
        (EHLO + "S: 250 x\n" + MAIL + RCPTS + "S: 250 ok\nC: DATA\nS: 354 go\nC.\nCLOSE", "data", None),
        (EHLO + "S: 250 x\n" + MAIL.replace("250 ok", "rubbish"), "mail", None),
        ("CLOSE", "greet", None),
    ],
)  # fmt: skip
def test_every_stage_has_its_name(script: str, stage: str, code: int | None) -> None:
    """Where a submission stopped is told, with the server's reply where it gave one."""
    error = stopped(script)

    assert (error.stage, error.reply.code if error.reply else None) == (stage, code)
    assert error.text


def test_connect_stage() -> None:
    """A port that answers nothing is stage connect."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(SubmitError) as caught:
            run(submit(MESSAGE, host="127.0.0.1", port=free.getsockname()[1], tls="none"))

    assert (caught.value.stage, caught.value.reply) == ("connect", None)


def test_stripped_starttls() -> None:
    """Where STARTTLS is missing from the offer, neither password nor message is sent."""  # T162
    error = stopped(OFFER + QUIT, tls="starttls", context=client_context(), user="alice", password="secret")

    assert (error.stage, error.reply) == ("tls", None)


def test_no_password_in_clear() -> None:
    """Without TLS a password is sent only when that is said in so many words."""  # T162
    taken = MAIL + RCPTS + "S: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 250 ok\n" + QUIT
    assert stopped(OFFER + QUIT, user="alice", password="secret").stage == "auth"

    result = submitted(
        OFFER + f"C: AUTH PLAIN {PLAIN}\nS: 235 ok\n" + taken, user="alice", password="secret", plaintext_auth=True
    )
    assert result.mechanism == "PLAIN"


def test_a_slow_server() -> None:
    """The time-out is for each phase, and its stage is told."""
    assert stopped("S: 220 msa\nC: EHLO [127.0.0.1]\nGONE", timeout=0.05).stage == "ehlo"


def writing(local: str) -> Writing:
    """A draft that is written when the server is known."""
    draft = Draft(
        Mailbox("", ALICE), (Mailbox("Bưởi", Address(local, "recipient.test")),), subject="Chào", text="Chào bạn"
    )
    return partial(compose, draft, now=0, message_id="<1@sender.test>", boundary=lambda: "b")


@pytest.mark.parametrize(
    ("offer", "encoding", "parameters"), [("8BITMIME", "8bit", " BODY=8BITMIME"), ("HELP", "base64", "")]
)
def test_a_draft_is_written_for_the_server(offer: str, encoding: str, parameters: str) -> None:
    """What the server offers decides how the text is encoded."""
    script = Script(
        EHLO
        + f"S: 250 {offer}\nC: MAIL FROM:<alice@sender.test>{parameters}\nS: 250 ok\nC: RCPT TO:<bob@recipient.test>\nS: 250 ok\n"
        "C: DATA\nS: 354 go\nC.\nS: 250 ok\n" + QUIT
    )

    submitted(script, writing("bob"))

    message = email.message_from_bytes(script.bodies[0][:-3], policy=email.policy.default)
    assert (message["content-transfer-encoding"], message["subject"]) == (encoding, "Chào")


def test_a_draft_that_needs_smtputf8() -> None:
    """A UTF-8 address goes to a server that offers SMTPUTF8, and is refused here for one that does not."""
    script = EHLO + (
        "S: 250-8BITMIME\nS: 250 SMTPUTF8\nC: MAIL FROM:<alice@sender.test> BODY=8BITMIME SMTPUTF8\nS: 250 ok\n"
        "C: RCPT TO:<bưởi@recipient.test>\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 250 ok\n"
    )

    assert [str(address) for address in submitted(script + QUIT, writing("bưởi")).accepted] == ["bưởi@recipient.test"]
    error = stopped(EHLO + "S: 250 8BITMIME\n" + QUIT, writing("bưởi"))
    assert (error.stage, error.reply) == ("mail", None)
    assert "SMTPUTF8" in error.text


def test_a_content_that_cannot_be_sent(tmp_path: Any) -> None:
    """A lone LF, or a file that is gone, stops the message before its end mark."""
    script = EHLO + "S: 250 x\n" + MAIL + RCPTS + "S: 250 ok\nC: DATA\nS: 354 go\nGONE"
    for content in (Content(b"a\nb\r\n"), Content(b"", tmp_path / "gone", 0, 10)):
        error = stopped(script, Message(MESSAGE.envelope, content))
        assert (error.stage, error.reply) == ("data", None)
