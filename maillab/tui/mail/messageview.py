"""An opened message as lines, in each of the ways to look at it (messagetabs/), and which of them hold something.

Rules for this file: no Textual; whatever a stranger wrote comes out safe, and within a budget.
"""

from maillab.client.path import hops
from maillab.tui.looks.sink import Line
from maillab.tui.mail.tabs import page, parts, raw, route
from maillab.tui.mail.tabs.opened import LINES, OpenedMessage, opened, unread
from maillab.tui.mail.tabs.words import words
from maillab.tui.texts import Texts
from maillab.views import units

__all__ = ["LINES", "TABS", "OpenedMessage", "facts", "filled", "lines", "opened", "tab", "unread"]

TABS = ("text", "html", "html_source", "headers", "raw", "parts", "route")


def tab(open_message: OpenedMessage, name: str, texts: Texts, cells: int = 80) -> list[Line]:
    """The lines of one way to look at it, for so many columns where that matters."""
    message = open_message.message
    match name:
        case "html":
            return page.page(open_message, texts)
        case "html_source":
            return page.page_source(message, texts)
        case "headers":
            return raw.explained_headers(message, texts, cells)
        case "raw":
            return raw.raw(open_message.octets, texts)
        case "parts":
            return parts.tree(open_message)
        case "route":
            return route.route(message, texts)
        case _:
            return words(open_message, texts, cells)


def lines(open_message: OpenedMessage, name: str, part: int | None, cells: int, texts: Texts) -> list[Line]:
    """The lines of a tab; where one of the parts is opened in it, of that part."""
    if name == "parts" and part is not None:
        return parts.one(open_message, part, texts, cells)
    return tab(open_message, name, texts, cells)


def filled(open_message: OpenedMessage) -> frozenset[str]:
    """The tabs that hold something."""
    message = open_message.message
    empty = set() if message.pages else {"html", "html_source"}
    empty |= set() if hops(message.fields) else {"route"}
    empty |= set() if len(message.parts) > 1 or message.attachments else {"parts"}
    empty |= set() if message.fields else {"headers", "text"}
    return frozenset(TABS) - empty


def facts(open_message: OpenedMessage, texts: Texts) -> list[str]:
    """How large it is, and of how many parts where there are several."""
    parts = len(open_message.message.parts)
    size = units.size(len(open_message.octets))
    return [size, texts("message.parts", count=parts)] if parts > 1 else [size]
