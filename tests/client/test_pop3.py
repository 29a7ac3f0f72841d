"""Fetching by POP3, against servers that know one dialogue."""

import io
import poplib
import socket
from typing import Any

import pytest

from maillab.client.pop3 import Fetched, FetchError, fetch, read_to_dot
from maillab.protocols.lines import stuff
from tests.support import run
from tests.wire.scripted import Script, client_context, play, server_context

LOGIN = "S: +OK ready\nC: USER bob\nS: +OK\nC: PASS se cret\nS: +OK\n"
UIDL = "C: UIDL\nS: +OK\nS: 1 aaa\nS: 2 bbb\nS: .\n"
QUIT = "C: QUIT\nS: +OK bye\n"
FIRST, SECOND = (
    b"Subject: one\r\n\r\n.dot\r\n..\r\n",
    b"Subject: two\r\n\r\n" + b"x" * 10_000 + b"\r\nbare\nline\rend\r\n",
)


def retr(number: int, message: bytes) -> str:
    """The dialogue of one message."""
    return f"C: RETR {number}\nS: +OK\nS| {(stuff(message) + b'.' + bytes([13, 10])).decode().encode('unicode_escape').decode()}\n"


def fetched(script: str | Script, *, implicit: bool = False, host: str = "127.0.0.1", **options: Any) -> Fetched:
    """Fetch against the script."""
    options = {"tls": "none", "plaintext_auth": True, "timeout": 5, **options}
    result = play(script, lambda port: fetch(host, port, "bob", "se cret", **options), implicit=implicit)
    assert isinstance(result, Fetched)
    return result


def test_messages_come_byte_for_byte() -> None:
    """Dots, long lines and strange line ends arrive as the server holds them, and nothing is deleted."""
    result = fetched(LOGIN + UIDL + retr(1, FIRST) + retr(2, SECOND) + QUIT)

    assert result == Fetched((("aaa", FIRST), ("bbb", SECOND)))


def test_known_messages_are_not_fetched_again() -> None:
    """A unique id that is known is skipped."""
    assert fetched(LOGIN + UIDL + retr(2, SECOND) + QUIT, known={"aaa"}) == Fetched((("bbb", SECOND),))


def test_messages_are_deleted_after_all_are_here() -> None:
    """Without `keep` what was fetched is deleted, at the end; what was known stays."""
    script = LOGIN + UIDL + retr(2, SECOND) + "C: DELE 2\nS: +OK\n" + QUIT

    assert fetched(script, known=["aaa"], keep=False) == Fetched((("bbb", SECOND),), ("bbb",))


def test_messages_that_are_no_longer_wanted() -> None:
    """Those that were fetched before are deleted by their ids; what is not there any more is not missed."""
    script = LOGIN + UIDL + retr(2, SECOND) + "C: DELE 1\nS: +OK\n" + QUIT

    assert fetched(script, known=["aaa"], remove=["aaa", "gone"]).removed == ("aaa",)


def test_messages_are_handed_over_before_anything_is_deleted() -> None:
    """Each message is handed over as it comes; where that fails, the server is told to delete nothing."""
    taken: list[tuple[str, bytes]] = []
    script = LOGIN + UIDL + retr(1, FIRST) + retr(2, SECOND) + "C: DELE 1\nS: +OK\nC: DELE 2\nS: +OK\n" + QUIT
    result = fetched(script, keep=False, taken=lambda uid, octets: taken.append((uid, octets)))
    assert result == Fetched((), ("aaa", "bbb"))
    assert taken == [("aaa", FIRST), ("bbb", SECOND)]

    def full(uid: str, octets: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(FetchError, match="No space"):
        fetched(LOGIN + UIDL + retr(1, FIRST), keep=False, taken=full)


def test_a_server_that_is_gone_at_quit() -> None:
    """Without an answer to QUIT nothing counts as deleted: the server may offer it again."""
    script = LOGIN + UIDL + retr(2, SECOND) + "C: DELE 2\nS: +OK\nC: QUIT\nCLOSE"

    assert fetched(script, known=["aaa"], keep=False).removed == ()


def test_a_server_without_uidl() -> None:
    """Without UIDL all messages are fetched, with empty ids."""
    script = LOGIN + "C: UIDL\nS: -ERR what\nC: STAT\nS: +OK 1 20\n" + retr(1, FIRST) + QUIT

    assert fetched(script, known=[""]).messages == (("", FIRST),)


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        ("S: -ERR busy\nGONE", "connect"),
        ("S: +OK\nC: USER bob\nS: +OK\nC: PASS se cret\nS: -ERR [AUTH] no\nGONE", "auth"),
        (LOGIN + "C: UIDL\nS: +OK\nS: x y\nS: .\nGONE", "list"),
        (LOGIN + "C: UIDL\nS: +OK\nS: 1\nS: .\nGONE", "list"),
        (LOGIN + UIDL + "C: RETR 1\nS: -ERR gone\nGONE", "retr"),
        (LOGIN + UIDL + "C: RETR 1\nS: +OK\nS: half a\nCLOSE", "retr"),
        ("CLOSE", "connect"),
    ],
)
def test_every_stage_has_its_name(script: str, stage: str) -> None:
    """Where it stopped is told; a session that broke off says no QUIT, so that nothing is deleted."""
    with pytest.raises(FetchError) as caught:
        fetched(script, keep=False)

    assert caught.value.stage == stage
    assert caught.value.text


def test_nobody_there() -> None:
    """A port that answers nothing is stage connect."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError) as caught:
            run(fetch("127.0.0.1", free.getsockname()[1], "bob", "x", tls="none", plaintext_auth=True))

    assert caught.value.stage == "connect"


@pytest.mark.parametrize("bad", ["x\r\nDELE 1", "x\n", "\0"])
def test_no_argument_holds_a_command(bad: str) -> None:
    """A user or password with a line end is refused before anything is opened."""  # F-27
    for user, password in ((bad, "x"), ("x", bad)):
        with pytest.raises(ValueError, match="cannot hold"):
            run(fetch("127.0.0.1", 1, user, password, tls="none", plaintext_auth=True))


def test_no_password_without_tls() -> None:
    """A password goes in clear only when that is said."""
    with pytest.raises(FetchError, match="auth"):
        run(fetch("127.0.0.1", 1, "bob", "x", tls="none"))


def test_implicit_tls_and_stls() -> None:
    """TLS comes first, or by STLS, as asked; the certificate is checked."""
    talk = UIDL.replace("S: 1 aaa\nS: 2 bbb\n", "") + QUIT
    stls = "S: +OK ready\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\nTLS\n" + LOGIN.removeprefix("S: +OK ready\n")
    context = client_context()

    assert fetched(
        Script(LOGIN + talk, server_context("127.0.0.1")), implicit=True, tls="implicit", context=context
    ) == Fetched(())
    assert fetched(Script(stls + talk, server_context("127.0.0.1")), tls="starttls", context=context) == Fetched(())


def test_stls_not_offered() -> None:
    """A server without STLS is not spoken to in clear."""
    with pytest.raises(FetchError) as caught:
        fetched("S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: .\nGONE", tls="starttls", context=client_context())

    assert caught.value.stage == "tls"


def test_stls_injection() -> None:
    """Answers that come in clear with that of STLS are those of nobody: the ones inside TLS count."""  # T161
    clear = "S: +OK ready\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS| +OK go\\r\\n+OK\\r\\n+OK you are in\\r\\n\nTLS\n"
    inside = "C: USER bob\nS: +OK\nC: PASS se cret\nS: -ERR really not\nGONE"
    with pytest.raises(FetchError, match="really not") as caught:
        fetched(Script(clear + inside, server_context("127.0.0.1")), tls="starttls", context=client_context())

    assert caught.value.stage == "auth"


WIRE = b"..a\r\n.\n.b\r\n\r\n...\r\nc\r\r\n.\r\n"


@pytest.mark.parametrize("size", range(1, len(WIRE)))
def test_reading_to_the_dot_in_pieces(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However short the pieces are, only a dot alone on a line of CRLF ends a message."""
    monkeypatch.setattr("maillab.client.pop3._PIECE", max(size, 3))
    file = io.BytesIO(WIRE + b"+OK next\r\n")

    assert read_to_dot(file, 99) == b".a\r\n\n.b\r\n\r\n..\r\nc\r\r\n"
    assert file.read() == b"+OK next\r\n"


def test_a_message_without_end_is_bounded() -> None:
    """A server that never ends a message is left."""
    with pytest.raises(poplib.error_proto, match="a message of more than 1000"):
        read_to_dot(io.BytesIO(b"x" * 5000), 1000)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("C: UIDL\nS: +OK\n" + "S: 1 a\n" * 300 + "GONE", "a list of more than 1000 bytes"),
        (
            "C: UIDL\nS: -ERR what\nC: STAT\nS: +OK 999999999999999999 1\nGONE",
            "a mailbox of more than 1000000 messages",
        ),
    ],
)
def test_a_list_without_end_is_bounded(answer: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind: whoever reads a stranger's octets. A list that never ends, or a count that nobody can have, is left."""
    monkeypatch.setattr("maillab.client.pop3.LIST_OCTETS", 1000)
    with pytest.raises(FetchError, match=what) as caught:
        fetched(LOGIN + answer)
    assert caught.value.stage == "list"


# ── why the reading is ours: what the library still does ──────────────────────────────────────


def test_library_stops_at_long_lines() -> None:
    """poplib still refuses lines of more than 2048 octets, and drops line ends: when this fails, ours may go."""

    class Canned(poplib.POP3):
        def __init__(self, octets: bytes) -> None:
            self.file = io.BytesIO(octets)
            self._debugging = 0

        def _putcmd(self, line: str) -> None:
            """Say nothing."""

    with pytest.raises(poplib.error_proto, match="too long"):
        Canned(b"+OK\r\n" + b"x" * 3000 + b"\r\n.\r\n").retr(1)
    assert Canned(b"+OK\r\na\nb\r\n.\r\n").retr(1)[1] == [b"a", b"b"]
