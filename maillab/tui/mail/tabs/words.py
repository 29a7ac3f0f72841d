"""The text of a message under the fields that people look at: who, when, about what, which files came with it."""

import unicodedata
from collections.abc import Sequence

from maillab.client.path import ReceivedHop, hops
from maillab.client.read import Readable, contents
from maillab.tui.looks.sink import Line, Piece, piece
from maillab.tui.mail.tabs.opened import OpenedMessage, body_lines, label
from maillab.tui.mail.tabs.page import link_lines, page
from maillab.tui.mail.tabs.report import report_lines
from maillab.tui.texts import Texts
from maillab.views import units
from maillab.views.report import TYPES

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")  # whose letters look like one another's
_REPORTS = 10  # of one message that are shown


def words(open_message: OpenedMessage, texts: Texts, cells: int) -> list[Line]:
    """The message as it is read: fields, files, remarks, text; a delivery report as a table."""
    message = open_message.message
    lines: list[Line] = []
    for name in ("From", "To", "Cc", "Reply-To", "Date", "Subject"):
        if value := message.header(name):
            lines.append([label(texts(f"header.{name.lower()}")), *_person(name, value, texts)])
    if way := _way(hops(message.fields)):
        lines.append([label(texts("header.way")), piece("plain", way)])
    lines += _files(message, texts)
    lines += [[("warn", texts("message.note")), piece("warn", note.said(texts.lang))] for note in message.notes]
    return [*lines, (), *_body(open_message, texts), *_reports(open_message, texts, cells)]


def _body(open_message: OpenedMessage, texts: Texts) -> list[Line]:
    """The text; of a message that has only a page, that page."""
    message = open_message.message
    if message.pages and not any(part.type == "text/plain" and not part.name for part in message.parts):
        lines = page(open_message, texts)
        if any(text.strip() for line in lines for _, text in line):
            return lines
    return [*body_lines(message.shown.rstrip("\n")), *link_lines(message.links, texts)]


def _files(message: Readable, texts: Texts) -> list[Line]:
    lines: list[Line] = []
    for number, file in enumerate((file for file in message.attachments if file.type not in TYPES), 1):
        head = label(texts("message.file", number=number))
        lines.append([head, piece("bold", file.name), piece("dim", f" ({file.type}, {units.size(len(file.octets))})")])
        others = [name for name in file.names[1:] if name != file.names[0]]
        if others or (file.names and file.names[0] != file.name):
            lines.append([("warn", " " * 10 + texts("message.names")), piece("warn", " | ".join(file.names[:5]))])
    return lines


def _reports(open_message: OpenedMessage, texts: Texts, cells: int) -> list[Line]:
    lines: list[Line] = []
    for part in [part for part in open_message.message.parts if part.type in TYPES][:_REPORTS]:
        lines += [(), (("heading", texts("report.title")),)]
        lines += report_lines(contents(open_message.octets, part), texts, cells)
    return lines


def _person(name: str, value: str, texts: Texts) -> list[Piece]:
    """A field's value; a name that mixes alphabets is pointed at (T275)."""
    pieces = [piece("bold" if name == "Subject" else "plain", value)]
    if name in ("From", "Reply-To") and mixes_alphabets(value):
        pieces.append(("bad", " " + texts("message.mixed")))
    return pieces


def mixes_alphabets(text: str) -> bool:
    """Has a word letters of two alphabets that look alike?

    >>> mixes_alphabets("paypal"), mixes_alphabets("p\\u0430yp\\u0430l")
    (False, True)
    """
    for word in text[:1_000].split():
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
        if len(scripts & set(_SCRIPTS)) > 1:
            return True
    return False


def _way(received: Sequence[ReceivedHop]) -> str:
    """Who had it, one after the other, and how long each took."""
    stations, before = [], None
    for hop in received:
        late = round(hop.at - before) if before is not None and hop.at is not None else 0
        took = f" (+{late} s)" if late else ""  # no header has parts of a second
        stations.append(f"{hop.by}{took}")
        before = hop.at
    return " ━▶ ".join(stations)
