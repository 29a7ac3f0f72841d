"""Header fields, written."""

from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.fields import ComposeError, Mailbox, clean, mailbox_list, message_ids, parameter, unstructured
from maillab.client.people import people
from maillab.mail.address import Address
from maillab.mail.decode import parameters, words

BOB = Address("bob", "recipient.test")
LINE = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300).map(
    lambda text: clean("x", text)
)


def unfolded(field: bytes) -> str:
    """The value of one written field."""
    assert field.endswith(b"\r\n")
    lines = field[:-2].split(b"\r\n")
    assert all(line.startswith(b" ") and line.strip() for line in lines[1:])
    assert all(len(line) <= 998 and not line.endswith((b"\r", b"\n")) for line in lines)
    return b"".join(lines).decode().partition(":")[2].removeprefix(" ")


@pytest.mark.parametrize(
    "bad", ["\r", "\n", "\r\n", "\0", "\u2028", "\u2029", "\x85", "\x0b", "\x1b", "\x7f", "\ud800"]
)
def test_line_ends_are_refused(bad: str) -> None:
    """No field value, name, address list or file name can hold what ends a line, or hides; the field is named."""  # T252
    for at in ("", "a"):
        with pytest.raises(ComposeError) as caught:
            unstructured("Subject", f"{at}{bad}Bcc: evil@x.test", utf8=True)
        assert caught.value.field == "Subject"
        with pytest.raises(ComposeError, match=r"^To: "):
            mailbox_list("To", [Mailbox(f"{at}{bad}", BOB)], utf8=True)


@pytest.mark.parametrize("name", ["X\r\nBcc", "X\n", "", "X Y", "X:", "é", "X" * 77, "X\0"])
def test_field_names(name: str) -> None:
    """A field name is printable ASCII without colon and space."""  # T252
    with pytest.raises(ComposeError, match="header name"):
        unstructured(name, "x", utf8=True)


def test_a_mailbox_with_a_line_end_in_its_address() -> None:
    """An address that was built by hand with a line end in it is refused, too."""
    with pytest.raises(ComposeError, match="To"):
        mailbox_list("To", [Mailbox("", Address("a\r\nb", "x.test"))], utf8=False)


@given(LINE)
def test_subject_is_ascii_and_comes_back(text: str) -> None:
    """Any line of text survives as encoded words, in ASCII, on lines of at most 78 where words are encoded."""
    field = unstructured("Subject", text, utf8=False)

    assert field.isascii()
    value = unfolded(field)
    assert words(value) == text
    if "=?utf-8?" in value:
        assert all(len(line) <= 78 for line in field.split(b"\r\n"))
        assert str(make_header(decode_header(value))) == text


@given(LINE)
def test_subject_raw_with_smtputf8(text: str) -> None:
    """With SMTPUTF8 the same line comes back, and no line is over the limit."""
    assert words(unfolded(unstructured("Subject", text, utf8=True))) == text


def test_what_stands_as_it_is() -> None:
    """Plain ASCII is not encoded; what looks like an encoded word is."""
    assert unstructured("Subject", "Hello, world", utf8=False) == b"Subject: Hello, world\r\n"
    assert unstructured("Subject", "", utf8=False) == b"Subject:\r\n"
    assert b"=?utf-8?" in unstructured("Subject", "=?x?q?y?=", utf8=False)
    assert unstructured("Subject", "Chào bạn", utf8=True) == "Subject: Chào bạn\r\n".encode()


@pytest.mark.parametrize("word", ["a" * 2000, "ạ" * 2000])
@pytest.mark.parametrize("utf8", [False, True])
def test_one_endless_word(word: str, utf8: bool) -> None:
    """A word longer than a line may be is cut into encoded words."""  # T170
    assert str(make_header(decode_header(unfolded(unstructured("Subject", word, utf8=utf8))))) == word


def test_decomposed_text_is_composed() -> None:
    """Text goes out in NFC, however it was typed."""
    assert unstructured("Subject", "Cha\u0300o", utf8=True) == "Subject: Chào\r\n".encode()


@given(st.lists(LINE.map(lambda name: " ".join(name.split())[:200]), min_size=1, max_size=4), st.booleans())
def test_names_come_back(names: list[str], utf8: bool) -> None:
    """Any display name survives with its address, and none can add another address."""
    field = mailbox_list("To", [Mailbox(name, BOB) for name in names], utf8=utf8)

    assert utf8 or field.isascii()
    assert people(unfolded(field)) == tuple(Mailbox(name, BOB) for name in names)


def test_names_as_written() -> None:
    """Atoms stand alone, the rest of ASCII in quotes, everything else in words or raw."""
    people_ = [Mailbox("Bob B", BOB), Mailbox('B, "Bob"', BOB), Mailbox("", BOB), Mailbox("Bưởi", BOB)]

    assert mailbox_list("Cc", people_, utf8=True).decode() == (
        'Cc: Bob B <bob@recipient.test>,\r\n "B, \\"Bob\\"" <bob@recipient.test>,\r\n bob@recipient.test,\r\n'
        ' "Bưởi" <bob@recipient.test>\r\n'
    )
    assert mailbox_list("From", people_[3:], utf8=False) == b"From: =?utf-8?b?Qsaw4bufaQ==?= <bob@recipient.test>\r\n"


@given(LINE)
def test_file_names_come_back(name: str) -> None:
    """Any file name survives RFC 2231, on short lines."""
    written = parameter("filename", name)

    assert written.isascii()
    assert all(len(line) <= 78 for line in written.split("\r\n"))
    assert parameters(f"attachment{written}".replace("\r\n", ""))[1]["filename"] == [name]


@pytest.mark.parametrize("bad", ["", "x", "<x>", "<a@b", "<a b@c>", "<a@b>\r\nX: y", "<a@b><c@d>", "<é@x>"])
def test_message_ids(bad: str) -> None:
    """What is no message id does not become one."""
    assert message_ids("References", ["<a@b>"] * 9).count(b"\r\n") == 1
    assert message_ids("References", ["<a@b>"] * 30).count(b"\r\n") > 1
    with pytest.raises(ComposeError, match="References"):
        message_ids("References", ["<a@b>", bad])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bob@recipient.test", ""),
        (" Bob <bob@recipient.test> ", "Bob"),
        ('"B, \\"Bob\\"" <bob@recipient.test>', 'B, "Bob"'),
        ("<bob@recipient.test>", ""),
        ('"Bob <x@y>" <bob@recipient.test>', "Bob <x@y>"),
    ],
)
def test_what_a_person_types(typed: str, name: str) -> None:
    """A name and an address are read as people write them."""
    assert Mailbox.parse(typed) == Mailbox(name, BOB)


@pytest.mark.parametrize("typed", ["", "Bob", "<>", "a@b.test, c@d.test", "bob@recipient.test\r\nX: y", "Bob <bob>"])
def test_what_is_no_address(typed: str) -> None:
    """A typed address has no second one behind it."""
    with pytest.raises(ValueError, match=r"Bad address|not allowed|local part"):
        Mailbox.parse(typed)
