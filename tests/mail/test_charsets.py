"""Octets of strangers as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.charsets import known, text_of


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "idna", "uu", "a\0b", "x" * 100_000, "punycode"])
def test_character_sets_that_are_none(charset: str) -> None:
    """A codec of Python that is no character set of mail is not used; the text is shown as Latin-1, and that is said."""  # T248
    assert text_of(b"\x41\xe9", charset) == ("Aé", False)


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("똠".encode("cp949"), "ks_c_5601-1987", "똠"),
        ("똠".encode("cp949"), "EUC-KR", "똠"),
        ("镕".encode("gbk"), "gb2312", "镕"),
        ("①".encode("cp932"), "Shift_JIS", "①"),
        (b"\xad\xa1", "euc-jp", "①"),
        (b"\x93so\x94", "iso-8859-1", "“so”"),
        (b"\x93so\x94", "us-ascii", "“so”"),
        (b"a\x81b", "windows-1252", "a\x81b"),
        ("İ".encode("cp1254"), "iso-8859-9", "İ"),
        ("€".encode("cp1252"), "latin1", "€"),
        ("שלום".encode("iso8859-8"), "iso-8859-8-i", "שלום"),
        ("chào".encode("utf-16"), "utf-16", "chào"),
        ("chào".encode("utf-16-be"), "utf-16be", "chào"),
        (b"Ti\xeang Vi\xea\xf2t", "windows-1258", "Tiêng Việt"),
        (b"\xa3\xe1", "big5", "€"),
        (b"\xa0A", "koi8-r", "═A"),
        (b"\x1b$B%F%9%H\x1b(B!", "iso-2022-jp", "テスト!"),
        (b'\x1b$B-!\x1b(I1\x1b(J~\x1b$(D0"\x1b(B', "iso-2022-jp", "①ｱ~丄"),
        (b'\x1b$B$"\r\n\x1b(Babc', "iso-2022-jp", "あ\r\nabc"),
        (b"\x02\xd0", "viscii", "ẲĐ"),
        (b"\xef\xbb\xbfhi", "utf-8", "hi"),
    ],
)
def test_sets(octets: bytes, charset: str, text: str) -> None:
    """Labels mean what writers mean by them: the wider set, in NFC."""
    assert text_of(octets, charset)[0] == text
    assert known(charset)


@pytest.mark.parametrize(
    "charset", ["utf-8", "gb2312", "shift_jis", "euc-kr", "big5", "euc-jp", "iso-8859-1", "windows-1258"]
)
def test_one_wrong_octet(charset: str) -> None:
    """One octet that is in no set costs a character, never the whole text."""
    words = {
        "utf-8": "Chào bạn",
        "iso-8859-1": "café",
        "windows-1258": "đó",
        "euc-kr": "안녕하세요",
        "euc-jp": "日本語",
    }.get(charset, "中文大全")
    text, understood = text_of(
        words.encode({"gb2312": "gb18030", "euc-kr": "cp949"}.get(charset, charset)) + b"  \xff", charset
    )

    assert text.startswith(words)
    assert not understood or charset in ("iso-8859-1", "windows-1258", "shift_jis")  # in which it is a character


@pytest.mark.parametrize(
    ("octets", "text", "understood"),
    [
        ("Chào".encode(), "Chào", True),
        (b"caf\xe9", "café", False),
        ("Chào bạn".encode() + b"\xff", "Chào bạn\ufffd", False),
        (b"plain", "plain", True),
    ],
)
def test_no_name(octets: bytes, text: str, understood: bool) -> None:
    """A text that names no set is UTF-8, or nearly, or else of Windows; that it was a guess is known."""
    assert text_of(octets) == (text, understood)


@given(
    st.binary(),
    st.sampled_from(["", "utf-8", "iso-2022-jp", "viscii", "big5", "utf-16", "hz", "iso-2022-kr", "x", "gb2312"]),
)
def test_nothing_raises(octets: bytes, charset: str) -> None:
    """Any octets are some text in any set."""
    assert isinstance(text_of(octets, charset)[0], str)
