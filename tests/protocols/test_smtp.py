"""How SMTP is written."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.mail.address import Address
from maillab.mail.reply import Refused
from maillab.protocols.smtp import (
    Hello,
    SmtpCommand,
    read_bdat,
    read_command,
    read_hello,
    read_mail,
    read_rcpt,
    unxtext,
    xtext,
)


def code(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.reply.code


def test_verbs_have_no_case_and_arguments_keep_theirs():
    """A verb is read in any case; what follows is kept."""
    assert read_command(b"rCpT TO:<Bob@x.test>") == SmtpCommand("RCPT", "TO:<Bob@x.test>")
    assert read_command(b"NOOP") == SmtpCommand("NOOP", "")


@pytest.mark.parametrize(
    "line", [b"", b" NOOP", b"X\x1b[31mEVIL\x07", b"NOOP \x00", b"NOOP a\rb", b"\xff", b"NOOP \xff", b"N\xc3\xb6"]
)
def test_lines_that_are_no_commands_are_500(line):
    """Control characters, 8-bit rubbish and missing verbs are 500 (T094, T102)."""
    assert code(read_command, line) == 500


def test_mail_parameters_keep_their_case():
    """DSN parameters are kept as they came, xtext and all."""
    mail = read_mail("FROM:<a@b.test> SIZE=12 BODY=8bitmime SMTPUTF8 RET=hdrs ENVID=Ab+2B3 AUTH=<>")
    assert (mail.sender, mail.size, mail.eight_bit, mail.smtputf8) == (Address("a", "b.test"), 12, True, True)
    assert (mail.ret, mail.envid, mail.tolerated) == ("HDRS", "Ab+2B3", ())


def test_null_sender_is_none():
    """The null reverse-path is None inside (T054)."""
    assert read_mail("FROM:<>").sender is None


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("FROM:<a@b.test> SIZE=-1", 501),  # T124
        ("FROM:<a@b.test> SIZE=", 501),
        ("FROM:<a@b.test> SIZE=1 SIZE=2", 501),
        ("FROM:<a@b.test> BODY=BINARYMIME", 555),
        ("FROM:<a@b.test> FOO=bar", 555),
        ("FROM:<a@b.test> RET=ALL", 501),
        ("FROM:<a@b.test> SMTPUTF8=1", 501),
        ("FROM:<a@b.test>SIZE=1", 501),
        ("FROM:<a@b.test", 501),  # T142
        ("FROM:a@b.test", 501),
        ("TO:<a@b.test>", 501),
        ("", 501),
        ("FROM:<nguyễn@b.test>", 553),
    ],
)
def test_wrong_mail_lines_have_their_codes(rest, expected):
    """Every wrong MAIL has the reply that RFC 5321 and its extensions name."""
    assert code(read_mail, rest) == expected


def test_a_huge_size_is_a_number_all_the_same():
    """SIZE of twenty digits is read, to be refused as too large and not as nonsense (T124)."""
    assert read_mail("FROM:<a@b.test> SIZE=99999999999999999999").size == 99999999999999999999


def test_what_learners_type_is_read_and_named():
    """Without brackets or with a space: read when lenient, and named so that it can be remarked upon."""
    mail = read_mail("FROM: sender@example.com", lenient=True)
    assert mail.sender == Address("sender", "example.com")
    assert mail.tolerated == ("space", "brackets")
    assert read_mail("from: <a@b.test> SIZE=1", lenient=True).tolerated == ("space",)
    assert read_rcpt("TO:bob@b.test NOTIFY=NEVER", lenient=True).recipient.notify == ("NEVER",)


@pytest.mark.parametrize("rest", ["FROM:a@b.test", "FROM: <a@b.test>", "FROM:<a@b.test>SIZE=1"])
def test_who_is_strict_reads_none_of_that(rest):
    """Without brackets, with a space after the colon, without one before a parameter: 501 (RFC 5321 section 3.3)."""
    assert code(read_mail, rest) == 501


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("TO:<>", 501),  # T149
        ("TO:", 501),
        ("TO:<a@b.test> NOTIFY=NEVER,SUCCESS", 501),
        ("TO:<a@b.test> NOTIFY=SOMETIMES", 501),
        ("TO:<a@b.test> ORCPT=bob@b.test", 501),
        ("TO:<a@b.test> SIZE=1", 555),
        ("TO:<=?utf-8?q?vv=40evil.test=0d=20?=@local.test>", 553),  # T136
        ("TO:<nguyễn@b.test>", 553),
    ],
)
def test_wrong_rcpt_lines_have_their_codes(rest, expected):
    """Every wrong RCPT has its reply."""
    assert code(read_rcpt, rest) == expected


def test_source_routes_are_ignored_not_followed():
    """A source route is read over: the mailbox behind it is what counts (T134)."""
    for route in ("@local.test:", "@[127.0.0.1]:", "@local.test,@x.test:"):
        assert read_rcpt(f"TO:<{route}victim@evil.test>").recipient.address == Address("victim", "evil.test")


def test_postmaster_needs_no_domain():
    """Only postmaster may come without a domain (T150)."""
    assert read_rcpt("TO:<Postmaster>").recipient.address == Address("Postmaster", "")
    assert code(read_rcpt, "TO:<bob>") == 501


def test_brackets_inside_quotes_do_not_end_the_path():
    """A > inside a quoted local part is part of the name."""
    assert read_rcpt('TO:<"a>b"@x.test>').recipient.address == Address("a>b", "x.test")


def test_dsn_parameters_of_rcpt():
    """NOTIFY is read in capitals, ORCPT is kept in its case."""
    recipient = read_rcpt("TO:<a@b.test> notify=Success,delay ORCPT=rfc822;Bob+2Bx@b.test").recipient
    assert (recipient.notify, recipient.orcpt) == (("SUCCESS", "DELAY"), "rfc822;Bob+2Bx@b.test")


@pytest.mark.parametrize("name", ["a", "mail.sender.test", "[127.0.0.1]", "[IPv6:::1]", "Alice"])
def test_names_of_hosts_are_taken(name):
    """Host names and address literals are who one may be."""
    assert read_hello(name, lenient=False) == read_hello(name, lenient=True) == Hello(name)


@pytest.mark.parametrize("name", ["\x1b]0;x\x07", "a b", "x" * 4096, "nhận.example", "", "-a", "a_b"])
def test_names_that_no_host_has_are_501(name):
    """Controls, blanks, 8-bit and overlong names are refused (T127)."""
    assert code(read_hello, name, lenient=False) == 501


def test_hello_alone_is_borne_in_classrooms():
    """HELO without a name is what the textbook types."""
    assert read_hello("", lenient=True) == Hello("unknown", ("hello",))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("my_app_1", "my_app_1"),
        ("host.example.test.", "host.example.test."),
        ("PC Hai", "PC?Hai"),
        ("MÁY-TÍNH", "M?Y-T?NH"),
        ('a(b)<c>;"d\\@[1]', "a?b??c???d???1?"),
    ],
)
def test_names_of_computers_are_borne_and_can_stand_in_a_trace_field(name, kept):
    """What a Received field could misread is replaced, as Postfix does it."""
    assert read_hello(name, lenient=True) == Hello(kept, ("hello-name",))


def test_a_name_longer_than_a_domain_is_never_borne():
    """255 octets, counted as UTF-8 (T127)."""
    assert read_hello("_" * 255, lenient=True).name == "_" * 255
    assert code(read_hello, "_" * 256, lenient=True) == 501
    assert code(read_hello, "á" * 128, lenient=True) == 501


def test_a_tab_is_a_blank():
    """Verbs end at a space or a tab, and blanks at the end are no argument."""
    assert read_command(b"NOOP\t") == read_command(b"NOOP \t ") == SmtpCommand("NOOP", "")
    assert read_command(b"BDAT\t5 LAST") == SmtpCommand("BDAT", "5 LAST")


@pytest.mark.parametrize("rest", ["", "-1", "x", "5 FIRST", "99999999999999999999999", "٣"])
def test_wrong_bdat_sizes_are_refused(rest):
    """BDAT counts in ASCII digits (T097)."""
    assert code(read_bdat, rest) == 501


@settings(max_examples=200, derandomize=True)
@given(st.text(max_size=30))
def test_xtext_round_trips(text):
    """What is written as xtext reads the same."""
    if text.isprintable():
        assert unxtext(xtext(text)) == text
        assert xtext(text).isascii()


@settings(max_examples=500, derandomize=True)
@given(st.text(alphabet='<>@[]()".,:;\\ =?a1-!%FROMTSIZEfromto', max_size=40), st.booleans())
def test_no_line_raises_anything_but_refused(text, lenient):
    """Whatever is typed, the answer is a reply (T146, T323)."""
    for call in (read_mail, read_rcpt):
        for prefix in ("", "FROM:", "TO:", "FROM:<", "TO:<"):
            with contextlib.suppress(Refused):
                call(prefix + text, lenient=lenient)
