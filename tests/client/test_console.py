"""What a typed line means depends on what the server said; its answer is known to be whole."""

import base64

import pytest

from maillab.client.console import HELP, HELP_WITH_TAGS, Console, ConsoleStep
from maillab.client.vietnamese import VIETNAMESE
from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import Protocol, RequestKind
from maillab.protocols.smtp import SMTP


def greeted(protocol: Protocol = SMTP) -> Console:
    """A console that has heard the greeting."""
    console = Console(protocol)
    assert console.heard(b"220 ready\r\n" if protocol is SMTP else b"+OK ready\r\n")
    return console


def ask(console: Console, line: bytes, *answer: bytes) -> ConsoleStep:
    """Type a line and hear the answer to it, which is whole at its last line and not before."""
    step = console.typed(line)
    wholes = [console.heard(each + b"\r\n") for each in answer]
    assert wholes == [False] * (len(answer) - 1) + [True] * bool(answer)
    return step


def test_commands_are_sent_as_typed() -> None:
    """A line gets CR LF and is sent, right or wrong; an answer of many lines is one answer."""
    console = greeted()
    assert ask(console, b"ehlo me", b"250-mx", b"250-PIPELINING", b"250 HELP") == ConsoleStep(b"ehlo me\r\n", wait=True)
    assert ask(console, b"", b"500 what?") == ConsoleStep(b"\r\n", wait=True)
    assert ask(console, b"\xff", b"hello") == ConsoleStep(b"\xff\r\n", wait=True)
    assert ask(console, b".", b"500 what?") == ConsoleStep(b".\r\n", wait=True)


def test_content() -> None:
    """After 354 every line is content and no command of the console, up to a lone dot, which is answered."""
    console = greeted()
    ask(console, b"DATA", b"354 go ahead")
    assert console.expects is RequestKind.END
    assert [console.typed(line).wait for line in (b"QUIT", b".quit", b"..", b"")] == [False] * 4
    assert console.typed(b".quit").send == b".quit\r\n"
    assert "type two" in console.typed(b".quit").tell
    assert console.typed(b"..quit").tell == ""
    assert ask(console, b".", b"250 stored") == ConsoleStep(b".\r\n", wait=True)
    assert console.expects is RequestKind.COMMAND


def test_refused_data() -> None:
    """After another answer to DATA commands go on; and 354 to something else is no invitation."""
    console = greeted()
    ask(console, b"DATA", b"503 no recipients")
    assert console.expects is RequestKind.COMMAND
    ask(console, b"NOOP", b"354 what?")
    assert console.expects is RequestKind.COMMAND


def test_chunk() -> None:
    """BDAT's octets are counted with their line ends; the answer comes after the last."""
    console = greeted()
    assert not ask(console, b"bdat 10 LAST").wait
    assert [console.typed(b"abc").wait, console.typed(b".lp").wait] == [False, True]
    assert console.heard(b"250 ok\r\n")
    assert console.expects is RequestKind.COMMAND
    assert ask(console, b"BDAT 0 LAST", b"250 ok").wait


def test_login() -> None:
    """`.auth` logs in with PLAIN; inside a challenge it answers it; `.b64` answers those of LOGIN."""
    console = greeted()
    secret = base64.b64encode(b"\0alice\0pass word")
    assert ask(console, b".auth alice pass word", b"235 welcome").send == b"AUTH PLAIN " + secret + b"\r\n"
    ask(console, b"AUTH PLAIN", b"334 ")
    assert console.expects is RequestKind.RESPONSE
    assert ask(console, b".auth alice pass word", b"235 welcome").send == secret + b"\r\n"
    ask(console, b"AUTH LOGIN", b"334 VXNlcm5hbWU6")
    assert ask(console, b".b64 alice", b"334 UGFzc3dvcmQ6").send == b"YWxpY2U=\r\n"
    assert ask(console, b"YWxpY2U=", b"235 welcome").send == b"YWxpY2U=\r\n"
    assert console.expects is RequestKind.COMMAND


@pytest.mark.parametrize(
    ("line", "word"),
    [(b".auth", "USER"), (b".auth alice", "USER"), (b".b64", "TEXT"), (b".foo", ".foo"), (b".help", "QUIT")],
)
def test_words_of_the_console(line: bytes, word: str) -> None:
    """A line for the console is never sent; what it lacks is said."""
    step = greeted().typed(line)
    assert (step.send, step.wait, word in step.tell) == (b"", False, True)


def test_leaving() -> None:
    """`.quit` hangs up; QUIT is over when the server has answered it."""
    console = greeted()
    assert console.typed(b".quit") == ConsoleStep(leave=True)
    ask(console, b"QUIT", b"500 no")
    assert not console.over
    ask(console, b"quit", b"221 bye")
    assert console.over


@pytest.mark.parametrize(
    ("protocol", "verb", "go"), [(SMTP, b"starttls", b"220 go ahead"), (POP3, b"STLS", b"+OK go ahead")]
)
def test_tls(protocol: Protocol, verb: bytes, go: bytes) -> None:
    """The handshake is due after the server's go-ahead to the right command, and after nothing else."""
    console = greeted(protocol)
    assert not console.tls_due
    ask(console, verb, b"454 no" if protocol is SMTP else b"-ERR no")
    assert not console.tls_due
    ask(console, verb, go)
    assert console.tls_due
    console.secured()
    assert not console.tls_due
    ask(console, b"NOOP", go)
    assert not console.tls_due


def test_deflating() -> None:
    """Both sides deflate after the server's OK to COMPRESS, and after nothing else."""
    console = at_imap()
    ask(console, b"COMPRESS DEFLATE", b"a1 NO active")
    assert not console.deflate_due
    ask(console, b"COMPRESS DEFLATE", b"a2 OK from here on")
    assert console.deflate_due
    ask(console, b"NOOP", b"a3 OK done")
    assert not console.deflate_due


def test_pop3_answers() -> None:
    """Answers of many lines end with a lone dot, where the command has such an answer and it is +OK."""
    console = greeted(POP3)
    ask(console, b"LIST", b"+OK", b"1 100", b"+OK", b".")
    ask(console, b"LIST 1", b"+OK 1 100")
    ask(console, b"RETR 1", b"+OK 100 octets", b"Subject: x", b"", b"..", b".")
    ask(console, b"top 9 0", b"-ERR no such message")
    ask(console, b"CAPA", b"+OK", b"USER", b".")
    ask(console, b"AUTH PLAIN", b"+ ")
    assert console.expects is RequestKind.RESPONSE
    ask(console, b".auth bob bob", b"+OK")
    ask(console, b"QUIT", b"+OK bye")
    assert console.over


def test_languages() -> None:
    """The console speaks Vietnamese too."""
    assert Console(SMTP, "vi").typed(b".help").tell == VIETNAMESE[HELP]


def at_imap() -> Console:
    """A console that has heard the greeting of IMAP."""
    console = Console(IMAP)
    assert console.heard(b"* OK ready\r\n")
    return console


def test_tags_are_made_for_the_typist() -> None:
    """Where a line begins with its verb; a tag that was typed stays, and what is no command is sent as it is."""
    console = at_imap()
    assert ask(console, b"select inbox", b"* 3 EXISTS", b"a1 OK").send == b"a1 select inbox\r\n"
    assert ask(console, b"uid fetch 1 uid", b"a2 OK").send == b"a2 uid fetch 1 uid\r\n"
    assert ask(console, b"x7 NOOP", b"x7 OK").send == b"x7 NOOP\r\n"
    assert ask(console, b"nonsense", b"* BAD no tag").send == b"nonsense\r\n"
    assert ask(console, b"", b"* BAD no tag").send == b"\r\n"


def test_a_literal_is_typed() -> None:
    """The go-ahead is awaited, then as many bytes are content as were announced; the line's end ends the command."""
    console = at_imap()
    assert ask(console, b"APPEND INBOX {14}", b"+ go").wait
    assert console.typed(b"Subject: x") == ConsoleStep(b"Subject: x\r\n")
    assert ask(console, b"hi", b"a1 OK stored") == ConsoleStep(b"hi\r\n", wait=True)
    assert ask(console, b"NOOP", b"a2 OK").send == b"a2 NOOP\r\n"
    assert ask(console, b"APPEND INBOX {4+}") == ConsoleStep(b"a3 APPEND INBOX {4+}\r\n")
    assert console.typed(b"hi") == ConsoleStep(b"hi\r\n")
    assert ask(console, b"", b"a3 OK stored") == ConsoleStep(b"\r\n", wait=True)
    ask(console, b"LOGIN {3}", b"+ go")
    assert ask(console, b"bob x", b"a4 OK").send == b"bob x\r\n"
    ask(console, b"APPEND INBOX {9}", b"a5 NO too large")
    assert ask(console, b"NOOP", b"a6 OK").send == b"a6 NOOP\r\n"


def test_news_are_no_answer() -> None:
    """They come in IDLE, and at any time: the typist waits for the answer with the tag."""
    console = at_imap()
    ask(console, b"IDLE", b"+ idling")
    assert not console.heard(b"* 4 EXISTS\r\n")
    assert ask(console, b"DONE", b"a1 OK") == ConsoleStep(b"DONE\r\n", wait=True)
    assert not console.heard(b"* 5 EXISTS\r\n")
    ask(console, b"LOGOUT", b"* BYE", b"a2 OK")
    assert console.over


def test_the_console_logs_in_to_imap() -> None:
    """`.auth` says AUTHENTICATE, with a tag; STARTTLS leads to TLS."""
    console = at_imap()
    assert ask(console, b".auth bob x", b"a1 OK").send == b"a1 AUTHENTICATE PLAIN AGJvYgB4\r\n"
    ask(console, b"AUTHENTICATE PLAIN", b"+ ")
    assert ask(console, b".auth bob x", b"a2 OK").send == b"AGJvYgB4\r\n"
    ask(console, b"STARTTLS", b"a3 OK go ahead")
    assert console.tls_due
    assert Console(IMAP, "vi").typed(b".help").tell == VIETNAMESE[HELP_WITH_TAGS]
