"""The proofs of the HTTP door: each method and path, asked as a program asks.

They run one after the other, each with a message of its own; what one turns on it turns off.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from maillab.endpoints import Endpoint
from maillab.protocols.services import POP3, SMTP
from maillab.recording.session import Header, Session, encode
from maillab.selftest.claim import Claim, Lie, unexpected
from maillab.selftest.smtp import SmtpTalk
from maillab.selftest.subject import ProvedDoor, token
from maillab.selftest.wire import PATIENCE

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


TRIES = 2000  # looks at a queue, until a message is in it


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What was answered to a question."""

    asked: str
    status: int
    octets: bytes

    def must_hold(self, words: str, status: int = 200) -> "HttpAnswer":
        """The answer itself, where it has this status and these words. Raises `Lie`."""
        if self.status != status or words.encode() not in self.octets:
            raise Lie(
                f"{self.asked}: {status} with {words!r} was expected, "
                f"and the answer is {self.status} with {self.octets[:200]!r}"
            )
        return self

    @property
    def json(self) -> Any:
        """What was answered, as values. Raises `Lie`."""
        try:
            return json.loads(self.octets)
        except ValueError as error:
            raise Lie(f"{self.asked}: the answer is no JSON: {self.octets[:200]!r}") from error


@dataclass(frozen=True, slots=True)
class HttpAsker:
    """Asks the door; `subject` is somebody at port 587 of their site."""

    door: Endpoint
    subject: ProvedDoor

    def ask(self, method: str, path: str, body: object = None, **query: str) -> HttpAnswer:
        """Ask, and hear the whole answer."""
        octets = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        whole = path + ("?" + urlencode(query) if query else "")
        link = HTTPConnection(self.door.host, self.door.port, timeout=PATIENCE)
        try:
            link.request(method, whole, octets)
            answer = link.getresponse()
            return HttpAnswer(f"{method} {whole}", answer.status, answer.read())
        except (OSError, HTTPException) as error:
            raise Lie(f"{method} {whole}: {error}") from error
        finally:
            link.close()

    def message(self, **more: object) -> tuple[str, str]:
        """Send a message by the API itself: its id, and the word that is its subject."""
        word, user = token(), self.subject.user
        wanted = {"From": {"Email": user}, "To": [{"Email": user}], "Subject": word, "Text": "hello", **more}
        return self.ask("POST", "/api/v1/send", wanted).must_hold("ID").json["ID"], word


def claims(door: Endpoint, subject: ProvedDoor) -> Iterator[Claim]:
    """Every route of the door."""
    from maillab.web.app import announced

    asker = HttpAsker(door, subject)
    for method, path in announced():
        proof = PROOFS.get(f"{method} {path}")
        yield Claim("", f"{method} {path}", None if proof is None else partial(proof, asker))


# ── the proofs ──


def _answers(path: str, words: str, **query: str) -> Callable[[HttpAsker], None]:
    def prove(asker: HttpAsker) -> None:
        asker.ask("GET", path, **query).must_hold(words)

    return prove


def _listed(asker: HttpAsker) -> None:
    ident, _ = asker.message()
    asker.ask("GET", "/api/v1/messages", limit="1").must_hold(ident)


def _marked(asker: HttpAsker) -> None:
    ident, word = asker.message()
    for read, query in ((True, "is:read"), (False, "is:unread")):
        asker.ask("PUT", "/api/v1/messages", {"IDs": [ident], "Read": read}).must_hold("")
        asker.ask("GET", "/api/v1/search", query=f"subject:{word} {query}").must_hold(ident)


def _removed(asker: HttpAsker) -> None:
    ident, _ = asker.message()
    other, _ = asker.message()
    asker.ask("DELETE", "/api/v1/messages", {"IDs": [ident]}).must_hold("")
    asker.ask("GET", f"/api/v1/message/{ident}").must_hold("", 404)
    asker.ask("GET", f"/api/v1/message/{other}").must_hold(other)


def _found(asker: HttpAsker) -> None:
    ident, word = asker.message()
    asker.ask("GET", "/api/v1/search", query=f"subject:{word}").must_hold(ident)


def _removed_found(asker: HttpAsker) -> None:
    ident, word = asker.message()
    asker.ask("DELETE", "/api/v1/search", query=f"subject:{word}").must_hold("")
    asker.ask("GET", f"/api/v1/message/{ident}").must_hold("", 404)


def _of_message(path: str, words: str = "") -> Callable[[HttpAsker], None]:
    """The message has these words there, or else its subject."""

    def prove(asker: HttpAsker) -> None:
        ident, word = asker.message(HTML="<p>hello</p>")
        asker.ask("GET", path.replace("{id}", ident)).must_hold(words or word)

    return prove


def _of_part(ending: str) -> Callable[[HttpAsker], None]:
    def prove(asker: HttpAsker) -> None:
        file = {"Content": base64.b64encode(_PICTURE).decode(), "Filename": "a.png", "ContentType": "image/png"}
        ident, _ = asker.message(Attachments=[file])
        part = asker.ask("GET", f"/api/v1/message/{ident}").json["Attachments"][0]["PartID"]
        answer = asker.ask("GET", f"/api/v1/message/{ident}/part/{part}{ending}").must_hold("")
        if answer.octets != _PICTURE:
            raise Lie(f"{answer.asked}: these are not the bytes of the picture")

    return prove


def _sent(asker: HttpAsker) -> None:
    ident, word = asker.message()
    asker.ask("GET", f"/api/v1/message/{ident}").must_hold(word)


def _tags_listed(asker: HttpAsker) -> None:
    tag = token()
    asker.message(Tags=[tag])
    asker.ask("GET", "/api/v1/tags").must_hold(tag)


def _tagged(asker: HttpAsker) -> None:
    (ident, _), tag = asker.message(), token()
    asker.ask("PUT", "/api/v1/tags", {"IDs": [ident], "Tags": [tag]}).must_hold("")
    asker.ask("GET", "/api/v1/search", query=f"tag:{tag}").must_hold(ident)


def _tag_renamed(asker: HttpAsker) -> None:
    tag, new = token(), token()
    ident, _ = asker.message(Tags=[tag])
    asker.ask("PUT", f"/api/v1/tags/{tag}", {"Name": new}).must_hold("")
    asker.ask("GET", "/api/v1/search", query=f"tag:{new}").must_hold(ident)


def _tag_removed(asker: HttpAsker) -> None:
    tag = token()
    asker.message(Tags=[tag])
    asker.ask("DELETE", f"/api/v1/tags/{tag}").must_hold("")
    if tag in asker.ask("GET", "/api/v1/tags").json:
        raise Lie(f"the tag {tag} is still there")


def _chaos_set(asker: HttpAsker) -> None:
    wanted = {"Sender": {"ErrorCode": 451, "Probability": 100}}
    asker.ask("PUT", "/api/v1/chaos", wanted).must_hold('"Probability":100')
    try:
        asker.ask("GET", "/maillab/v1/rules").must_hold("451")
    finally:
        asker.ask("PUT", "/api/v1/chaos", {})


def _entries(asker: HttpAsker) -> None:
    _, word = asker.message()
    asker.ask("GET", "/maillab/v1/entries", filter=f"subject:{word}").must_hold('"kind":"carried"')


def _waited(asker: HttpAsker) -> None:
    ident, word = asker.message()
    asker.ask("GET", "/maillab/v1/wait", query=f"subject:{word}", timeout="10s").must_hold(ident)


def _switched(asker: HttpAsker) -> None:
    path = f"/maillab/v1/machines/{quote(asker.subject.door.site)}/{POP3.name}"
    for deed, is_open in (("stop", False), ("start", True)):
        told = asker.ask("POST", f"{path}/{deed}").must_hold("doors").json["doors"]
        if [door["open"] for door in told if door["service"] == POP3.name] != [is_open]:
            raise Lie(f"{deed}: the door does not obey")


def _retried(asker: HttpAsker) -> None:
    asker.ask("POST", "/maillab/v1/queue/retry").must_hold("{}")


def _job(asker: HttpAsker) -> None:
    """A message that a rule holds up is taken out of the queue."""
    site = asker.subject.door.site
    rule = asker.ask("POST", "/maillab/v1/rules", {"rule": f"at {site} {SMTP.name} mail answer 451"}).must_hold("", 201)
    try:
        with asker.subject.wire() as wire:
            talk = SmtpTalk(asker.subject, wire)
            talk.begin()
            talk.send(b"Subject: wait\r\n\r\nhello\r\n")
        job = next(filter(None, (_first_job(asker, site) for _ in range(TRIES))), None)
        if job is None:
            raise Lie("a message that nobody takes is in no queue")
        asker.ask("POST", f"/maillab/v1/queue/{quote(site)}/{job}/remove").must_hold("{}")
        if _first_job(asker, site) == job:
            raise Lie(f"the job {job} still waits")
    finally:
        asker.ask("DELETE", f"/maillab/v1/rules/{rule.json['number']}")


def _first_job(asker: HttpAsker, site: str) -> str | None:
    sites = asker.ask("GET", "/maillab/v1/machines").must_hold("sites").json["sites"]
    return next((job["job"] for each in sites if each["site"] == site for job in each["queue"]), None)


def _turned(asker: HttpAsker) -> None:
    before = asker.ask("GET", "/maillab/v1/clock").must_hold("now").json["now"]
    after = asker.ask("POST", "/maillab/v1/clock", {"advance": "1h"}).must_hold("now").json["now"]
    if after - before < 3600:
        raise Lie(f"the clock was turned by an hour, and went on by {after - before:.0f} s")


def _rule(asker: HttpAsker) -> int:
    answer = asker.ask("POST", "/maillab/v1/rules", {"rule": "at rcpt to:nobody answer 451", "on": False})
    return int(answer.must_hold("451", 201).json["number"])


def _rules_listed(asker: HttpAsker) -> None:
    number = _rule(asker)
    asker.ask("GET", "/maillab/v1/rules").must_hold(f'"number":{number},')
    asker.ask("DELETE", f"/maillab/v1/rules/{number}").must_hold("{}")


def _rule_changed(asker: HttpAsker) -> None:
    number = _rule(asker)
    asker.ask("PUT", f"/maillab/v1/rules/{number}", {"rule": "at rcpt to:nobody answer 550"}).must_hold("550")
    asker.ask("PUT", f"/maillab/v1/rules/{number}", {"on": False}).must_hold('"on":false')
    asker.ask("DELETE", f"/maillab/v1/rules/{number}").must_hold("{}")


def _rule_removed(asker: HttpAsker) -> None:
    number = _rule(asker)
    asker.ask("DELETE", f"/maillab/v1/rules/{number}").must_hold("{}")
    asker.ask("DELETE", f"/maillab/v1/rules/{number}").must_hold("", 404)


def _saved(asker: HttpAsker) -> str:
    name = token()
    octets = b"".join(encode(Session(Header(name, 0.0), ())))
    asker.ask("PUT", f"/maillab/v1/sessions/{name}", octets).must_hold(name, 201)
    return name


def _session_saved(asker: HttpAsker) -> None:
    name = _saved(asker)
    asker.ask("GET", "/maillab/v1/sessions").must_hold(name)


def _session_told(asker: HttpAsker) -> None:
    asker.ask("GET", f"/maillab/v1/sessions/{_saved(asker)}", format="maillab").must_hold("maillab")


def _session_entries(asker: HttpAsker) -> None:
    _, word = asker.message()
    asker.ask("GET", "/maillab/v1/sessions/live/entries", filter=f"subject:{word}").must_hold('"kind":"carried"')


def _mailhog_listed(asker: HttpAsker) -> None:
    _, word = asker.message()
    asker.ask("GET", "/api/v2/messages").must_hold(word)


def _mailhog_found(asker: HttpAsker) -> None:
    _, word = asker.message()
    asker.ask("GET", "/api/v2/search", kind="containing", query=word).must_hold(word)


def _mailhog_removed(asker: HttpAsker) -> None:
    ident, _ = asker.message()
    asker.ask("DELETE", f"/api/v1/messages/{ident}").must_hold("")
    asker.ask("GET", f"/api/v1/message/{ident}").must_hold("", 404)


def _events(asker: HttpAsker) -> None:
    """RFC 6455 §4: the connection becomes a websocket, and tells of a message that comes."""
    ask = (
        f"GET /api/events HTTP/1.1\r\nHost: {asker.door.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with asker.subject.wire_to(asker.door) as wire:
        wire.say(ask.encode())
        if b" 101 " not in (line := wire.line()):
            raise unexpected("/api/events", line)
        while wire.line() != b"\r\n":
            pass
        asker.message()
        first, length = wire.octets(2)
        if first != 0x81 or not length:  # RFC 6455 §5.2: one whole frame of text
            raise Lie(f"/api/events: a frame that begins with {first:#x} is no text")


_V1, _M = "/maillab/v1", "/api/v1/message/{id}"
PROOFS: dict[str, Callable[[HttpAsker], None]] = {
    "GET /livez": _answers("/livez", ""),
    "GET /readyz": _answers("/readyz", ""),
    "GET /api/v1/info": _answers("/api/v1/info", '"Version"'),
    "GET /api/v1/webui": _answers("/api/v1/webui", '"ChaosEnabled":true'),
    "GET /api/v1/messages": _listed,
    "PUT /api/v1/messages": _marked,
    "DELETE /api/v1/messages": _removed,
    "GET /api/v1/search": _found,
    "DELETE /api/v1/search": _removed_found,
    f"GET {_M}": _of_message(_M),
    f"GET {_M}/headers": _of_message(f"{_M}/headers"),
    f"GET {_M}/raw": _of_message(f"{_M}/raw"),
    f"GET {_M}/part/{{part}}": _of_part(""),
    f"GET {_M}/part/{{part}}/thumb": _of_part("/thumb"),
    "GET /view/{id}.html": _of_message("/view/{id}.html", "<p>hello</p>"),
    "GET /view/{id}.txt": _of_message("/view/{id}.txt", "hello"),
    "POST /api/v1/send": _sent,
    "GET /api/v1/tags": _tags_listed,
    "PUT /api/v1/tags": _tagged,
    "PUT /api/v1/tags/{tag}": _tag_renamed,
    "DELETE /api/v1/tags/{tag}": _tag_removed,
    "GET /api/v1/chaos": _answers("/api/v1/chaos", '"Probability":0'),
    "PUT /api/v1/chaos": _chaos_set,
    "GET /api/v1/openapi.json": _answers("/api/v1/openapi.json", '"openapi":"3.1.0"'),
    "WEBSOCKET /api/events": _events,
    "GET /api/v2/messages": _mailhog_listed,
    "GET /api/v2/search": _mailhog_found,
    "DELETE /api/v1/messages/{id}": _mailhog_removed,
    f"GET {_V1}/ready": _answers(f"{_V1}/ready", '"event":"ready"'),
    f"GET {_V1}/entries": _entries,
    f"GET {_V1}/wait": _waited,
    f"GET {_V1}/machines": _answers(f"{_V1}/machines", '"doors"'),
    f"POST {_V1}/machines/{{site}}/{{service}}/{{deed}}": _switched,
    f"POST {_V1}/queue/retry": _retried,
    f"POST {_V1}/queue/{{site}}/{{job}}/{{deed}}": _job,
    f"GET {_V1}/clock": _answers(f"{_V1}/clock", '"now"'),
    f"POST {_V1}/clock": _turned,
    f"GET {_V1}/rules": _rules_listed,
    f"POST {_V1}/rules": _rules_listed,
    f"PUT {_V1}/rules/{{number}}": _rule_changed,
    f"DELETE {_V1}/rules/{{number}}": _rule_removed,
    f"GET {_V1}/sessions": _session_saved,
    f"GET {_V1}/sessions/{{name}}": _session_told,
    f"GET {_V1}/sessions/{{name}}/entries": _session_entries,
    f"PUT {_V1}/sessions/{{name}}": _session_saved,
    "GET /": _answers("/", "<!DOCTYPE html>"),
    "GET /view/{id}": _of_message("/view/{id}", "<!DOCTYPE html>"),
    "GET /search": _answers("/search", "<!DOCTYPE html>"),
    "GET /page/{name:path}": _answers("/page/main.js", "import"),
}
