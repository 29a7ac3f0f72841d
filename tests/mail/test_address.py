"""The one address parser."""

import contextlib
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.mail.address import ATEXT, Address, AddressError, parse_domain


def code(text):
    with pytest.raises(AddressError) as caught:
        Address.parse(text)
    return caught.value.reply.code


@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?vv=40evil.test=0d=20?=@local.test",  # T136
        "=?utf-8?q?v=40w=3e=0d=0aRCPT=20TO:=3cvictim=40evil.test=3e?=@local.test",  # T137
        "=?utf-8?q?a=0d=0aBcc:_victim=40evil.test,_b?=@local.test",  # T138
        "=?unicode_escape?q?=5Cx0aX?=@local.test",
        "=?utf-8?q?..=2f..=2fetc=2fpasswd?=@local.test",  # T140
        "user@=?utf-8?q?evil=2etest?=",  # T139
        '"=?utf-8?q?x?="@local.test',
        "a\x00b@local.test",  # T141
        "a\tb@local.test",
        '"a\x1b[31m"@local.test',
        "victim@\uff4cocal.test",  # T143
        "victim@evil\u3002local.test",
        "victim@evil\xadlocal.test",
        "a" * 65 + "@local.test",  # T148
        "a@" + "b" * 63 + ("." + "b" * 63) * 3 + ".test",
    ],
)
def test_names_that_are_never_allowed_are_553(text):
    """What looks like an address but is never allowed is answered 553."""
    assert code(text) == 553


@pytest.mark.parametrize(
    "text",
    [
        "", '"', '"\\"', "@", "a@", "@b.test", "a@[", "@[\t", "\r@[", "a", "victim%evil.test", '"victim@evil.test"',  # T131, T146
        "victim@evil.test@local.test",  # T132
        "victim@evil.test@[127.0.0.1]",
        "evil.test!victim",
        "a(comment)@local.test",  # T142
        " a@local.test ",
        "victim@(local.test)evil.test",
        "victim@[2130706433]", "victim@#2130706433", "victim@[127.1]", "victim@127.1",  # T145
        "a..b@local.test", ".a@local.test", "a.@local.test", "a@-b.test", "a@b-.test", "a@b..test",
        "a@local.test\x00.evil.test", "a@" + "b" * 64 + ".test", "a@local.test.",  # T144, T148
        "(" * 400, "(" * 1000,  # T147
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    """What RFC 5321 does not call a mailbox is answered 501 or 553, never with an exception of another kind."""
    assert code(text) in (501, 553)


@pytest.mark.parametrize(
    ("text", "local", "domain"),
    [
        ("bob@recipient.test", "bob", "recipient.test"),
        ("Bob@RECIPIENT.TEST", "Bob", "recipient.test"),
        ("victim%evil.test@local.test", "victim%evil.test", "local.test"),  # T130
        ('"victim@evil.test"@local.test', "victim@evil.test", "local.test"),  # T133
        ("evil.test!victim@local.test", "evil.test!victim", "local.test"),  # T135
        ('"a b"@x.test', "a b", "x.test"),
        ('"a\\"b"@x.test', 'a"b', "x.test"),
        ('""@x.test', "", "x.test"),
        ("a@[127.0.0.1]", "a", "[127.0.0.1]"),
        ("a@[IPv6:::1]", "a", "[IPv6:::1]"),
        ("a" * 64 + "@b.test", "a" * 64, "b.test"),  # T148
        ("a/b@x.test", "a/b", "x.test"),
        ("nguyễn@nhận.example", "nguyễn", "nhận.example"),
    ],
)
def test_a_mailbox_is_read_as_it_stands(text, local, domain):
    """A mailbox is taken literally: nothing in a local part means a second address."""
    assert Address.parse(text) == Address(local, domain)


def test_what_an_atom_is_made_of():
    """Letters, digits, some signs (RFC 5322 §3.2.3), and everything beyond ASCII (RFC 6532 §3.2)."""
    ascii = {chr(code) for code in range(128) if re.fullmatch(ATEXT, chr(code))}
    assert ascii == {*string.ascii_letters, *string.digits, *"!#$%&'*+-/=?^_`{|}~"}
    assert all(re.fullmatch(ATEXT, char) for char in "\u0080ếж\U0010ffff")


def test_path_traversal_is_no_dot_string():
    """Two dots in a row are refused before anyone could think of a path (T140)."""
    assert code("../../etc/passwd@local.test") == 501


def test_path_of_256_octets_passes_and_257_does_not():
    """The limit of RFC 5321 §4.5.3.1.3 holds at the octet (T148)."""
    domain = ".".join(["d" * 61, "d" * 61, "d" * 61])
    fits = "a" * (256 - 2 - 1 - len(domain) - 5) + "@" + domain + ".test"
    assert len(fits) + 2 == 256

    assert Address.parse(fits).domain.endswith(".test")
    assert code("a" + fits) == 553


def test_idn_domains_have_an_a_label():
    """An internationalised domain is asked of DNS as its A-label."""
    assert Address.parse("binh@gửi.example").ascii_domain == "xn--gi-xct.example"


def test_key_folds_ascii_case_and_normal_form_only():
    """Two spellings of one mailbox share a key; lookalikes do not (T153, T154)."""
    assert Address.parse("BOB@x.test").key == Address.parse("bob@X.TEST").key
    assert Address("nguye\u0302\u0303n", "x.test").key == Address("nguy\u1ec5n", "x.test").key
    assert Address("аdmin", "x.test").key != Address("admin", "x.test").key
    assert Address("İ", "x.test").key != Address("i", "x.test").key


printable = st.text(st.characters(min_codepoint=1, max_codepoint=0x2FF), max_size=40)


@settings(max_examples=500, derandomize=True)
@given(printable, printable)
def test_parse_after_format_gives_the_same(local, domain):
    """Whatever is accepted is written back so that it reads the same: policy, route and wire see one object (T151, T152)."""
    for text in (f"{local}@{domain}", f"{local}@x.test", f'"{local}"@x.test'):
        try:
            address = Address.parse(text)
        except AddressError:
            continue
        assert Address.parse(str(address)) == address
        assert str(address).isprintable()
        assert parse_domain(address.domain) == address.domain


@settings(max_examples=300, derandomize=True)
@given(st.text(alphabet='<>@[]()".,:;\\ \t\r\n=?a1-!%\x00\xff', max_size=30))
def test_no_input_raises_anything_but_addresserror(text):
    """No input makes the parser raise anything else (T146)."""
    with contextlib.suppress(AddressError):
        Address.parse(text)


@pytest.mark.parametrize(
    ("text", "why"), [("bob@@nowhere", "two @"), ("a@b@c", "two @"), ("bob@", "no domain after the @")]
)
def test_what_is_wrong_with_an_at_sign_is_said_in_few_words(text, why):
    """It fits the line below a field, and names what is wrong."""
    with pytest.raises(AddressError, match=f"Bad address: {why}"):
        Address.parse(text)
