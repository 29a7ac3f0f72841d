"""Every route of Mailpit's API: one table, from which the doors are made and the description is written."""

from starlette.requests import Request
from starlette.responses import Response

from maillab.web.answering import not_found
from maillab.web.mailpit import about, chaos, lists, opened, sending, tagging
from maillab.web.mailpit import shapes as s
from maillab.web.routes import ApiRoute, Handler

_MESSAGE = "/api/v1/message/{id}"
_PAGE = ("start", "limit")

ROWS = (
    ApiRoute("GET", "/livez", about.live, "Does it answer?"),
    ApiRoute("GET", "/readyz", about.ready, "Can the inboxes be read?"),
    ApiRoute("GET", "/api/v1/info", about.info, "The program, and how much the lab holds", s.Info),
    ApiRoute("GET", "/api/v1/webui", about.settings, "What a page for Mailpit wants to know", s.PageSettings),
    ApiRoute("GET", "/api/v1/messages", lists.listed, "A page of all messages, the newest first", s.Page, query=_PAGE),
    ApiRoute("PUT", "/api/v1/messages", lists.mark, "Mark messages as read or unread", body=s.ReadState),
    ApiRoute("DELETE", "/api/v1/messages", lists.remove, "Remove these messages; without ids, all", body=s.Chosen),
    ApiRoute(
        "GET", "/api/v1/search", lists.found, "A page of the messages that a query means", s.Page,
        query=("query", *_PAGE, "tz"),
    ),
    ApiRoute("DELETE", "/api/v1/search", lists.remove_found, "Remove what a query means", query=("query", "tz")),
    ApiRoute("GET", _MESSAGE, opened.opened, "A message, which is read from now on; latest is the newest", s.Whole),
    ApiRoute("GET", f"{_MESSAGE}/headers", opened.header, "Every field of its header", s.HeaderValues),
    ApiRoute("GET", f"{_MESSAGE}/raw", opened.raw, "Its bytes"),
    ApiRoute("GET", f"{_MESSAGE}/part/{{part}}", opened.part_octets, "The bytes of one of its files", bytes),
    ApiRoute("GET", f"{_MESSAGE}/part/{{part}}/thumb", opened.thumbnail, "A picture of one of its files", bytes),
    ApiRoute("GET", "/view/{id}.html", opened.page, "Its HTML, for a frame"),
    ApiRoute("GET", "/view/{id}.txt", opened.text, "Its text"),
    ApiRoute("POST", "/api/v1/send", sending.send, "Send a message by submission", s.SentMessage, s.OutgoingMessage),
    ApiRoute("GET", "/api/v1/tags", tagging.listed, "Every tag", list[str]),
    ApiRoute("PUT", "/api/v1/tags", tagging.put, "Give messages these tags, and no others", body=s.Tagging),
    ApiRoute("PUT", "/api/v1/tags/{tag}", tagging.rename, "Call a tag something else", body=s.NewName),
    ApiRoute("DELETE", "/api/v1/tags/{tag}", tagging.remove, "Take a tag away, wherever it is"),
    ApiRoute("GET", "/api/v1/chaos", chaos.shown, "What is refused at random", s.Triggers),
    ApiRoute("PUT", "/api/v1/chaos", chaos.put, "Refuse so often from now on", s.Triggers, s.Triggers),
)  # fmt: skip

LEFT_OUT = {  # of Mailpit's API: path, and why
    f"{_MESSAGE}/html-check": "maillab does not judge HTML by mail programs",
    f"{_MESSAGE}/link-check": "maillab follows no links: nothing here reaches the network",
    f"{_MESSAGE}/sa-check": "maillab asks no SpamAssassin",
    f"{_MESSAGE}/release": "maillab releases nothing to the Internet; send it with your own client",
}


def left_out(why: str) -> Handler:
    """The answer where a route of Mailpit is not here."""

    async def answer(request: Request) -> Response:
        return not_found(f"{why} (see maillab help http)")

    return answer
