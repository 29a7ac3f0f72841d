"""COMPRESS: all that is said from now on is deflated."""

from tests.recipient.imap.staging import Stage


def test_once_and_by_deflate_alone():
    """It is agreed on once; then it is offered no more; other ways of squeezing are not known."""
    stage = Stage(["logged in"])
    assert stage.heard(b"a COMPRESS LZW\r\n") == [b"a BAD Only DEFLATE is known here\r\n"]
    assert stage.heard(b"b COMPRESS deflate\r\n") == [b"b OK Deflated from here on\r\n", "deflated"]
    assert stage.heard(b"c COMPRESS DEFLATE\r\n") == [b"c NO [COMPRESSIONACTIVE] It is deflated already\r\n"]
    assert b"COMPRESS" not in stage.heard(b"d CAPABILITY\r\n")[0]
