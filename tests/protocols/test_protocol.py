"""A protocol as a value: its table of verbs, and what counts of a line."""

import pytest

from maillab.protocols.dns import DNS
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import UNKNOWN, AnswerForm, AnswerKind, ContentForm, Protocol, Verb, first_word, table
from maillab.protocols.smtp import SMTP


@pytest.mark.parametrize("protocol", [SMTP, POP3, DNS, UNKNOWN])
@pytest.mark.parametrize("line", [b"", b"\r\n", b"\xff\xfe\x00 \r\n", b"-" * 70_000, b"25", b"250", b"+", b". \r\n"])
def test_no_line_is_too_odd_to_be_read(protocol, line):
    assert protocol.kind(line) in AnswerKind
    assert isinstance(protocol.verdict(line), str)
    assert isinstance(protocol.verb_of(line), str)
    assert isinstance(protocol.text(line), bytes)
    assert protocol.chunk(line) == (0, False)
    assert protocol.goes_on(None, line, line) in (True, False)


@pytest.mark.parametrize(
    ("protocol", "line", "kind"),
    [
        (SMTP, b"250-mx\r\n", AnswerKind.GOOD),
        (SMTP, b"354 go ahead\r\n", AnswerKind.GO_AHEAD),
        (SMTP, b"334 \r\n", AnswerKind.CHALLENGE),
        (SMTP, b"334\r\n", AnswerKind.CHALLENGE),
        (SMTP, b"421 4.3.2 closing\r\n", AnswerKind.TEMPORARY),
        (SMTP, b"550", AnswerKind.PERMANENT),
        (SMTP, b"650 what\r\n", AnswerKind.OTHER),
        (SMTP, b"5500 what\r\n", AnswerKind.OTHER),
        (POP3, b"+OK\r\n", AnswerKind.GOOD),
        (POP3, b"-err no\r\n", AnswerKind.PERMANENT),
        (POP3, b"+ \r\n", AnswerKind.CHALLENGE),
        (POP3, b"+\r\n", AnswerKind.CHALLENGE),
        (POP3, b"1 120\r\n", AnswerKind.OTHER),
        (DNS, b"no.test. IN MX NXDOMAIN", AnswerKind.PERMANENT),
        (DNS, b"a.test. IN MX SERVFAIL", AnswerKind.TEMPORARY),
        (DNS, b"a.test. 60 IN MX 10 mx.a.test.", AnswerKind.GOOD),
        (UNKNOWN, b"250 ok\r\n", AnswerKind.OTHER),
    ],
)
def test_the_line_of_a_server_says_how_it_went(protocol, line, kind):
    assert protocol.kind(line) is kind


@pytest.mark.parametrize(
    ("protocol", "line", "verdict"),
    [
        (SMTP, b"250 2.1.5 Recipient ok\r\n", "250 2.1.5"),
        (SMTP, b"250-PIPELINING\r\n", "250"),
        (SMTP, b"hello\r\n", "hello"),
        (POP3, b"-ERR [IN-USE] busy\r\n", "-ERR [IN-USE]"),
        (POP3, b"+OK 2 320\r\n", "+OK"),
        (POP3, b"\xff\r\n", "\\xff"),
    ],
)
def test_of_a_status_line_its_codes_count_and_not_its_words(protocol, line, verdict):
    assert protocol.verdict(line) == verdict


def test_an_offer_is_read_alike_in_every_protocol():
    """RFC 5321 §4.1.1.1, RFC 2449 §5; what is offered in two lines is one offer."""
    ehlo = [b"250-mx.test\r\n", b"250-AUTH=PLAIN\r\n", b"250-auth login\r\n", b"250 SIZE 1000\r\n"]
    assert SMTP.offers(ehlo) == {"AUTH": ("PLAIN", "LOGIN"), "SIZE": ("1000",)}
    capa = [b"+OK\r\n", b"SASL PLAIN\r\n", b"UIDL\r\n", b".\r\n"]
    assert POP3.offers(capa) == {"SASL": ("PLAIN",), "UIDL": ()}
    assert SMTP.offers([]) == {}


def test_a_verb_that_nobody_knows_has_a_row_that_says_nothing():
    assert SMTP.verb("XYZZY") == Verb("XYZZY")
    assert SMTP.verb("DATA").content is ContentForm.DOTTED
    assert POP3.verb("RETR").answer is AnswerForm.MESSAGE


@pytest.mark.parametrize("protocol", [SMTP, POP3])
def test_every_verb_stands_under_its_own_name(protocol):
    assert all(name == row.name == row.name.upper() for name, row in protocol.verbs.items())
    assert all(words.startswith(row.name) for row in protocol.verbs.values() for words in row.typed)


def test_bdat_announces_as_many_octets_as_a_server_would_take():
    lines = [b"BDAT 5 LAST\r\n", b"bdat 7\n", b"BDAT 5", b"BDAT 5 x\r\n", b"DATA\r\n"]
    assert [SMTP.chunk(line) for line in lines] == [(5, True), (7, False), (0, False), (0, False), (0, False)]


def test_a_protocol_needs_no_more_than_a_name():
    echo = Protocol("echo", table(Verb("SAY")))
    assert (echo.kind(b"hello"), echo.chunk(b"SAY x")[0], echo.text(b"x")) == (AnswerKind.OTHER, 0, b"x")
    assert not echo.goes_on(None, b"hello", b"hello")
    with pytest.raises(AttributeError):
        echo.name = "other"


def test_a_verb_is_the_first_word_whatever_blanks_stand_around_it():
    assert [first_word(line) for line in (b" \tmail\tFROM:<>\r\n", b"\r\n", b"\xff")] == ["MAIL", "", "�"]
