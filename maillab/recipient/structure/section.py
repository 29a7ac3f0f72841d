"""Sections of a message, BODY[1.2.HEADER.FIELDS (To)]<0.512>: places in its octets, where they can be.

RFC 9051 §6.4.5. Whoever asks for a place reads no more than that, and need not have the message in memory.
"""

from collections.abc import Sequence

from maillab.mail.content import Content
from maillab.mail.transfer import unpacked
from maillab.protocols.imap.fetch import BodySection, SectionForm, SectionKind
from maillab.recipient.structure.bodystructure import encoding_of
from maillab.recipient.structure.header import end_of_header, places, values
from maillab.recipient.structure.parts import MESSAGE, MULTIPART, Entity, path_of

_FIELDS = (SectionForm.FIELDS, SectionForm.FIELDS_NOT)


class UnknownEncoding(Exception):  # noqa: N818 - what the client is told
    """The transfer encoding of a part cannot be undone: NO [UNKNOWN-CTE] (RFC 3516 §4.3)."""


def section(content: Content, root: Entity, wanted: BodySection) -> Content | None:
    """What the section holds, its partial cut out; None (NIL) where the message has no such section.

    Raises `UnknownEncoding`, and `OSError` when the file is gone.

    >>> message = Content(b"Subject: hi\\r\\n\\r\\nHello\\r\\n")
    >>> section(message, Entity(1, 0, 15, 22, 1), BodySection((1,), partial=(1, 3))).whole()
    b'ell'
    """
    place = located(root, wanted.path, wanted.form)
    if place is None:
        return None
    found = content.between(*place)
    if wanted.form in _FIELDS:
        names = [name.lower() for name in wanted.fields]
        found = Content(header_fields(found.whole(), names, without=wanted.form is SectionForm.FIELDS_NOT))
    elif wanted.kind is not SectionKind.BODY and wanted.path:
        found = _decoded(content, root, wanted.path, found)
    return cut(found, wanted.partial)


def of_header_and_text(message: bytes, wanted: BodySection) -> Content:
    """The same for a section that is no part's, of a message in memory: only the end of its header is looked for.

    >>> of_header_and_text(b"a: b\\r\\n\\r\\nHello", BodySection(form=SectionForm.TEXT)).start
    b'Hello'
    """
    body = end_of_header(message, 0, len(message))
    found = message[body:] if wanted.form is SectionForm.TEXT else message[:body]
    if wanted.form in _FIELDS:
        names = [name.lower() for name in wanted.fields]
        found = header_fields(found, names, without=wanted.form is SectionForm.FIELDS_NOT)
    return cut(Content(found), wanted.partial)


def cut(content: Content, partial: tuple[int, int] | None) -> Content:
    """From an octet on, so many of them; beyond the end there is nothing (RFC 9051 §6.4.5)."""
    if partial is None:
        return content
    first, octets = partial
    return content.between(min(first, len(content)), min(first + octets, len(content)))


def located(root: Entity, path: Sequence[int], form: SectionForm) -> tuple[int, int] | None:
    """Where a section begins and ends; of HEADER.FIELDS, the header in which they are. None where there is none."""
    entity = path_of(root, path)
    if entity is None:
        return None
    if path and form not in (SectionForm.WHOLE, SectionForm.MIME):
        if entity.kind != MESSAGE:
            return None  # RFC 9051 §6.4.5.1: of a message inside alone
        entity = entity.children[0]
    match form:
        case SectionForm.WHOLE:
            return (entity.body if path else entity.start), entity.end
        case SectionForm.TEXT:
            return entity.body, entity.end
        case _:
            return entity.start, entity.body


def header_fields(header: bytes, names: Sequence[bytes], *, without: bool = False) -> bytes:
    """The fields of these names (in small letters) as they stand, or all others, and the empty line, if there is one.

    >>> header_fields(b"To: a\\r\\nX: y\\r\\n z\\r\\n\\r\\n", [b"x"])
    b'X: y\\r\\n z\\r\\n\\r\\n'
    """
    wanted = frozenset(names)
    found = list(places(header))
    kept = [header[begin:stop] for name, begin, _, stop in found if (name in wanted) != without]
    if kept and not kept[-1].endswith(b"\n"):
        kept.append(b"\r\n")
    ends = found[-1][3] if found else 0
    return b"".join([*kept, b"\r\n" if ends < len(header) else b""])  # RFC 9051 §6.4.5.1


def _decoded(content: Content, root: Entity, path: Sequence[int], found: Content) -> Content:
    """A part without its transfer encoding; what is made of parts has none of its own (RFC 2045 §6.4)."""
    entity = path_of(root, path)
    if entity is None or entity.kind in (MULTIPART, MESSAGE):
        return found
    header = content.between(entity.start, entity.body).whole()
    encoding = encoding_of(values(header, [b"content-transfer-encoding"])).decode("ascii", "replace").lower()
    if encoding in ("7bit", "8bit", "binary"):
        return found
    opened = unpacked(found.whole(), encoding)
    if not opened.is_known:
        raise UnknownEncoding(encoding)
    return Content(opened.octets)
