"""A client of the command line trusts whom it was told to trust."""

import ssl
from pathlib import Path

import pytest

from maillab.cli.trust import named, trusting
from maillab.wire.tls import Authority


def test_authorities(tmp_path: Path) -> None:
    """A lab's authority is trusted where it exists, and names are checked."""
    before = len(trusting([tmp_path / "none.pem"]).get_ca_certs())
    context = trusting([Authority(tmp_path).certificate])
    assert len(context.get_ca_certs()) == before + 1
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_anybody() -> None:
    """Only who asks for it trusts anybody."""
    context = trusting([], anybody=True)
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)


def test_no_certificate(tmp_path: Path) -> None:
    """A file that is no certificate is an error, not nobody."""
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(OSError):  # noqa: PT011 - ssl.SSLError, whose text is OpenSSL's
        trusting([tmp_path / "ca.pem"])


def test_the_file_of_ca_must_be_there(tmp_path: Path) -> None:
    """No `--ca` is no authority; a name that leads nowhere is told at once."""
    (tmp_path / "ca.pem").touch()
    assert named(None) == ()
    assert named(str(tmp_path / "ca.pem")) == (tmp_path / "ca.pem",)
    with pytest.raises(FileNotFoundError):
        named(str(tmp_path / "other.pem"))
