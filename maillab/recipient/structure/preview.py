"""The beginning of a message, as a list of messages shows it (RFC 8970): at most 200 characters of its first text."""

import re

from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import TEXT, Entity, entities
from maillab.recipient.structure.words import part_text

CHARACTERS = 200  # RFC 8970 §3.1: at most 256
OCTETS = 16_384  # of a text that are looked at
FIRST = 1_000  # characters that are looked at first, and the most that are made one line

_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff\\s]+"
)
_QUOTED = re.compile(r"(?m)^>.*$")


def preview(headers: Headers, root: Entity) -> str:
    """The first words that the message says; "" where it says none.

    >>> preview(Headers(b"Subject: x\\r\\n\\r\\n> you said\\r\\nHello,\\r\\n  Bob\\r\\n"), Entity(TEXT, 0, 14, 42, 3))
    'Hello, Bob'
    """
    texts = [entity for entity in entities(root) if entity.kind == TEXT]
    plain = [entity for entity in texts if not _is_page(headers, entity)]
    for entity in [*plain[:2], *texts[:3]]:
        text = part_text(headers, entity, OCTETS)
        for shown in (_unquoted(text[:FIRST]), _unquoted(text), text):
            if said := _one_line(shown[:FIRST]):
                return said[:CHARACTERS].rstrip()
    return ""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.isprintable() else _INVISIBLE.sub(" ", line).strip()


def _unquoted(text: str) -> str:
    return _QUOTED.sub("", text) if ">" in text else text


def _is_page(headers: Headers, entity: Entity) -> bool:
    return headers.content_type(entity.start, entity.body).named.lower() == "text/html"
