"""A part of a message outside of the terminal: a file of its own, made harmless as far as possible, in a browser.

Rules for this file: only kinds that a browser shows are opened, under a name that is ours: what a stranger calls a
page may be a program to the desktop. Nothing that the browser prints reaches the terminal.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

_ENDINGS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
# No script runs and nothing is loaded from the network: neither pictures that tell who reads nor styles.
_POLICY = (
    '<meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'\">\n"
)
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_PATIENCE = 20.0  # seconds that a browser may take to come up


def can_be_opened(kind: str) -> bool:
    """Is it a type that a browser shows?

    >>> can_be_opened("text/html"), can_be_opened("application/x-desktop")
    (True, False)
    """
    return kind in _ENDINGS


def page_of(markup: str) -> bytes:
    """A page that loads nothing and runs nothing, as a file."""
    return ("<!DOCTYPE html>" + _POLICY + markup).encode("utf-8", "replace")


def written(kind: str, octets: bytes) -> Path:
    """A file of its own, which only its owner can read. Raises `OSError`."""
    folder = Path(tempfile.mkdtemp(prefix="maillab-"))
    path = folder / f"message{_ENDINGS[kind]}"
    path.write_bytes(octets)
    path.chmod(0o600)
    return path


async def open_in_browser(path: Path) -> bool:
    """Open a file in the person's browser; False where there is none, or it does not come up.

    A process of its own looks for it: whatever browsers print goes nowhere, and those for terminals are not offered.
    """
    silent = asyncio.subprocess.DEVNULL
    apart = {name: value for name, value in os.environ.items() if name != "TERM"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _OPEN, path.as_uri(), stdin=silent, stdout=silent, stderr=silent, env=apart,
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_PATIENCE):
            return await process.wait() == 0
    except TimeoutError:  # the browser runs as long as its window does, and who called it waits for that
        process.kill()
        await process.wait()
        return True
