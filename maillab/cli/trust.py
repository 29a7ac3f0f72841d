"""Whom a client of the command line trusts when it speaks TLS."""

import ssl
from collections.abc import Iterable
from pathlib import Path

from maillab.folder import path_of


def named(authority: str | None) -> tuple[Path, ...]:
    """The file of `--ca`. Raises `OSError` when it cannot be read: a wrong name is told now, not taken for "none"."""
    if not authority:
        return ()
    path = path_of(authority)
    path.read_bytes()
    return (path,)


def trusting(authorities: Iterable[Path], *, anybody: bool = False) -> ssl.SSLContext:
    """A context that trusts what the system trusts and these authorities, where their files exist; or `anybody`.

    Raises `OSError` (with `ssl.SSLError`) for a file that is no certificate.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    for path in authorities:
        if path.exists():
            context.load_verify_locations(path)
    if anybody:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
