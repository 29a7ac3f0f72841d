"""What of an entry is searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.events import Carried, Delivered, Said, Side, Warned
from maillab.mail.content import Content
from maillab.views import searched
from maillab.views.searched import opened, raw, spoken, text_of, verb


def test_words_of_events():
    """A decision is its kind and its values; a message its octets; a line itself, without its end."""
    assert text_of(Delivered("relay-1", "bob@recipient.test", 1, 5)) == "delivered bob@recipient.test 1 5"
    assert text_of(Warned("lab", "x")) == "warned lab x"
    assert text_of(Carried("relay-1", Side.CLIENT, Content(b"a\r\n"))) == "a\r\n"
    assert text_of(Said("relay-1", Side.SERVER, b"250 \xff\r\n")) == "250 \ufffd"


@pytest.mark.parametrize(
    ("secret", "left"), [((0, 0), b"PASS x"), ((5, 6), b"PASS *"), ((5, 99), b"PASS *"), ((0, 99), b"*")]
)
def test_secrets_are_left_out(secret, left):
    """Where a secret stood there is a star, whatever its length."""
    assert spoken(Said("retrieve-1", Side.CLIENT, b"PASS x\r\n", False, secret)) == left


def test_a_message_is_opened():
    """Fields are unfolded and decoded, address fields found by name, coded parts read; all in small letters, NFC."""
    message = opened(
        Content(
            b"To: B\r\n <b@x.test>\r\nSubject: =?UTF-8?Q?Ch=C3=A0o?= =?utf-8?b?Ym4=?= =?x?q?y?=\r\n"
            b"Content-Type: multipart/mixed\r\n\r\n--=\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCa=\r\nf=C3=A9\r\n--=--\r\n"
        )
    )
    assert message.values("to") == ["b <b@x.test>"]
    assert "subject: chàobn=?x?q?y?=" in message.fields
    assert "café" in message.lines


def test_a_large_message_has_a_budget(tmp_path, monkeypatch):
    """Only so much of a message is looked at, in memory or in its file; a file that is gone is no error."""
    monkeypatch.setattr(searched, "LOOKED_AT", 100_000)
    path = tmp_path / "body"
    path.write_bytes(b"x" * 150_000)
    assert len(raw(Content(b"y" * 10, path, 0, 150_000))) == 100_000
    assert len(raw(Content(b"y" * 150_000))) == 100_000
    path.unlink()
    assert raw(Content(b"y" * 10, path, 0, 150_000)) == b"y" * 10


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [b"=?utf-8?b?", b"?=", b"\r\n", b" ", b"Content-Transfer-Encoding: base64", b"a", b"\n\n", b"--", b"\xff"]
        )
    ).map(b"".join)
)
def test_any_octets_are_a_message(octets):
    """Nothing is raised, whatever a message holds."""
    opened(Content(octets)).values("from")


def test_a_verb_in_capitals_is_no_part_of_another_word():
    """RCPT is not looked for in RCPTMAX; small letters find both."""
    assert verb("RCPT") is not None
    assert verb("rcpt") is verb("PIPELINING") is None
    assert not verb("RCPT").search("250-LIMITS RCPTMAX=1000")
    assert verb("RCPT").search("RCPT TO:<bob@b.test>")
