"""THE FLY'S REPORTS: a saved session in the formats of other programs and people, one file a format, each a row of
`FORMATS`.

No report holds a secret: `export` redacts every entry first, and a format is given what is left.
A format yields octets as it goes; it opens no file, asks no clock, and makes harmless what came from outside.
"""

import dataclasses
import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maillab.recording.session import Session


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """One format. `options` are the keywords that its `export` takes; `whole`: half a talk means nothing in it."""

    module: str
    ending: str
    what: str
    options: frozenset[str] = frozenset()
    whole: bool = False
    binary: bool = False


_BOTH, _READ = frozenset({"lang", "notation"}), frozenset({"lang", "content"})

FORMATS = {
    "text": Format("text", ".txt", "the transcript, in the notation of RFCs, swaks or curl", _BOTH | _READ),
    "json": Format("json", ".json", "one JSON array, an object an entry", _BOTH | {"lines"}),
    "md": Format(
        "md", ".md", "Markdown: a table of contents, a table for each conversation, every line explained", _READ
    ),
    "html": Format("html", ".html", "one page that needs no network: ladder, transcript, filters", _READ),
    "mermaid": Format("mermaid", ".mmd", "a Mermaid sequence diagram", _READ),
    "pcapng": Format("pcapng", ".pcapng", "a capture for Wireshark, TLS shown decrypted", whole=True, binary=True),
    "cast": Format("cast", ".cast", "a recording for asciinema, at reading speed", _BOTH | _READ),
    "swaks": Format("swaks", ".sh", "swaks command lines that send the messages again", whole=True),
    "eml": Format("eml", ".zip", "the messages as .eml files, in an archive", whole=True, binary=True),
    "mbox": Format("mbox", ".mbox", "the messages as one mbox (mboxrd)", whole=True),
    "pytest": Format("pytest_", ".py", "a test that re-enacts the clients against a server", whole=True),
}


def export(session: "Session", name: str, **options: Any) -> Iterator[bytes]:
    """The session in a format of `FORMATS`, in pieces. Raises `LookupError`, and `TypeError` for an option it lacks."""
    format = FORMATS[name]
    if unknown := options.keys() - format.options:
        raise TypeError(f"{name} has no option {', '.join(sorted(unknown))}")
    from maillab.recording.redact import redacted

    clean = dataclasses.replace(session, entries=tuple(redacted(entry) for entry in session.entries))
    pieces: Iterator[bytes] = importlib.import_module(f"{__name__}.{format.module}").export(clean, **options)
    return pieces
