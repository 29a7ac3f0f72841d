"""The subject of a message."""

import pytest

from maillab.mail.content import Content
from maillab.views.subject import subject_of


@pytest.mark.parametrize(
    ("field", "subject"),
    [
        (b"Subject: =?utf-8?q?Xin_ch=C3=A0o?= b\r\n", "Xin chào b"),
        (b"subject:folded\r\n here\r\n", "folded here"),
        (b"Subject: =?utf-8?b?!!!?=\r\n", "=?utf-8?b?!!!?="),
        (b"Subject: =?nosuch?q?a?=\r\n", "=?nosuch?q?a?="),
        (b"Subject: \x1b[31m\xff\r\n", "␛[31m\\xff"),
        (b"Subject:\r\n", ""),
        (b"X: y\r\n\r\nSubject: of the text\r\n", ""),
    ],
)
def test_subjects(field: bytes, subject: str) -> None:
    """The subject is read as mail programs read it, and is harmless, whatever stands there."""
    assert subject_of(Content(field)) == subject


def test_a_message_that_is_gone(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A file that is kept no longer has no subject."""
    assert subject_of(Content(b"", tmp_path / "gone", 0, 9)) == ""
