"""Messages and sessions full of hostile strings."""

import base64
from collections.abc import Sequence

from maillab import events
from maillab.events import Carried, Closed, Entry, Leg, Opened, Said, Secured, Side
from maillab.mail.content import Content
from maillab.recording.session import Comment, Header, Mark, Note, Session, Told

NOW = 1_700_000_000.0
_QUERY, _RESPONSE = bytes.fromhex("0001 0000 0001 0000 0000 0000"), bytes.fromhex("0001 8400 0001 0001 0000 0000")


class Words:
    """Hostile strings, one after the other, round and round."""

    def __init__(self, given: Sequence[str]) -> None:
        self._given = list(given)
        self._place = -1

    def __call__(self) -> str:
        self._place += 1
        return self._given[self._place % len(self._given)]

    def octets(self) -> bytes:
        """The next one as octets."""
        return octets_of(self())

    def header(self) -> bytes:
        """The next one as the value of a header field: by turns as it is, and encoded so that every octet arrives."""
        octets = self.octets()
        if self._place % 2:
            return b"=?utf-8?b?" + base64.b64encode(octets) + b"?="
        return octets.replace(b"\r", b"").replace(b"\n", b"")

    def field(self, *, strict: bool) -> bytes:
        """The next one as the name of a header field; `strict`: of characters that may stand in one."""
        octets = self.octets()
        return bytes(octet for octet in octets if 32 < octet < 127 and octet != 58) if strict else octets

    def name(self) -> str:
        """The next one as the name of a file."""
        return octets_of(self()).replace(b"/", b"").replace(b"\0", b"")[:180].decode("utf-8", "surrogateescape")


def octets_of(text: str) -> bytes:
    """A string as octets, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def message(words: Words, *, html: bool = False) -> bytes:
    """A message that is hostile in every field and in every part; one of HTML has a header that is whole."""
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"\r\n".join(words.octets() for _ in range(6))
    page = (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<title>%s</title><h1>%s</h1><p>%s</p><pre>%s</pre>"
        b'<a href="https://evil.test/%s">%s</a><img alt="%s">&#27;]0;PWN&#7;&#x202e;&#x9b;31m'
    ) % tuple(words.octets() for _ in range(7))
    percent = b"".join(b"%%%02x" % octet for octet in words.octets())
    quoted = words.header().replace(b'"', b"")
    parts = [
        page if html else plain,
        b"Content-Type: application/x; name=\"%s\"\r\nContent-Disposition: attachment; filename*=utf-8''%s\r\n\r\nx"
        % (quoted, percent),
        b'Content-Type: text/plain; charset="%s"\r\nContent-Transfer-Encoding: %s\r\nContent-Description: %s\r\n\r\n%s'
        % (words.header(), words.header(), words.header(), words.octets()),
        b"Content-Type: message/rfc822\r\n\r\nFrom: %s <a@b.test>\r\nSubject: %s\r\n\r\n%s"
        % (words.header(), words.header(), words.octets()),
    ]
    head = (
        b"Received: from %s by %s with %s id %s; Mon, 23 Nov 2026 10:00:02 +0000\r\n"
        b"From: %s <mallory@evil.test>\r\nTo: %s <bob@recipient.test>\r\nCc: %s\r\nReply-To: %s\r\nDate: %s\r\n"
        b'Subject: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\nX-%s: %s\r\n\r\n'
    ) % (*(words.header() for _ in range(10)), words.field(strict=html), words.header())
    return head + b"".join(b"--b\r\n%s\r\n" % part for part in parts) + b"--b--\r\n"


def session(given: Sequence[str]) -> Session:
    """A session in which every field of everything that can happen is hostile: two messages, each sent and read."""
    words = Words(given)
    happened: list[events.Event] = []
    for number in (1, 2):
        happened += _journey(words, number)
    entries = tuple(Entry(seq, NOW + seq / 100, event) for seq, event in enumerate(happened, 1))
    notes: list[Note] = [Told(words(), words(), 0, NOW), Comment(words().replace("\r", ""), 0)]
    notes += [Mark(words(), seq, NOW + seq / 100) for seq in range(5, len(entries), 9)]
    people = [{"name": words()} for _ in range(3)]
    lab = {"sites": [{"domain": words(), "people": people}, {"domain": words(), "people": people}], words(): words()}
    return Session(Header(words(), NOW, lab=lab, note=words()), entries, tuple(notes))


def _label(words: Words) -> bytes:
    """The next one as a label of a name (RFC 1035 §3.1)."""
    octets = words.octets()[:63] or b"x"
    return bytes([len(octets)]) + octets


def _record(words: Words) -> bytes:
    """The next one as a TXT record."""
    text = _label(words)
    return b"\xc0\x0c\0\x10\0\1\0\0\0\x3c" + len(text).to_bytes(2, "big") + text


def _secured(talk: str, word: str) -> Secured:
    """The same word everywhere."""
    return Secured(talk, word, word, events.Certificate(word, word, (word,), word))


def _journey(words: Words, number: int) -> list[events.Event]:
    """One message's way."""
    submit, relay, lookup, pop = (f"{name}-{number}" for name in ("submit", "relay", "lookup", "retrieve"))
    odd, name, job, box = words(), words(), words(), f"{words()}@{words()}"
    content = Content(message(words, html=number == 2))
    return [
        Opened(odd, Leg.SUBMIT, words(), words()),
        Said(odd, Side.SERVER, b"220 " + words.octets()),
        Closed(odd, words()),
        Opened(submit, Leg.SUBMIT, "submission", words()),
        *_said(submit, Side.SERVER, b"220 %s\r\n", words),
        *_said(submit, Side.CLIENT, b"EHLO %s\r\n", words),
        *_said(submit, Side.SERVER, b"250-%s\r\n", words, 3),
        *_said(submit, Side.SERVER, b"250 %s\r\n", words),
        _secured(submit, words()),
        *_said(submit, Side.CLIENT, b"%s\r\n", words, 3),
        *_said(submit, Side.SERVER, b"500 5.5.2 %s\r\n", words, 2),
        events.Authenticated(submit, words(), words()),
        *_said(submit, Side.CLIENT, b"MAIL FROM:<%s>\r\n", words),
        *_said(submit, Side.SERVER, b"250 %s\r\n", words),
        *_said(submit, Side.CLIENT, b"RCPT TO:<%s>\r\n", words),
        *_said(submit, Side.SERVER, b"550 %s\r\n", words),
        Said(submit, Side.CLIENT, b"DATA\r\n"),
        *_said(submit, Side.SERVER, b"354 %s\r\n", words),
        Carried(submit, Side.CLIENT, content),
        events.Submitted(submit, name, box, (f"{words()}@{words()}", words()), len(content)),
        events.Queued(job, name, words(), (words(), words())),
        Closed(submit, words()),
        Opened(lookup, Leg.LOOKUP, "dns", words()),
        *_said(lookup, Side.CLIENT, b"%s IN MX\r\n", words),
        *_said(lookup, Side.SERVER, b"%s 60 IN TXT \"x\"\r\n", words, 3),
        events.Packet(lookup, Side.CLIENT, _QUERY + _label(words) + b"\0\0\x0f\0\1"),
        events.Packet(lookup, Side.SERVER, _RESPONSE + _label(words) + b"\0\0\x10\0\1" + _record(words)),
        events.Packet(lookup, Side.SERVER, words.octets()),
        events.Routed(job, (words(), words())),
        Opened(relay, Leg.RELAY, "smtp", words()),
        *_said(relay, Side.SERVER, b"%s\r\n", words, 3),
        Carried(relay, Side.CLIENT, content),
        events.Attempted(job, words(), 450),
        events.Deferred(job, (words(),), words(), 60),
        events.Delivered(relay, box, number, len(content)),
        events.Tolerated(relay, words(), words()),
        events.RulePlayed(relay, words(), words()),
        Opened(pop, Leg.RETRIEVE, "pop3", words()),
        *_said(pop, Side.SERVER, b"+OK %s\r\n", words),
        *_said(pop, Side.CLIENT, b"USER %s\r\n", words),
        *_said(pop, Side.SERVER, b"-ERR %s\r\n", words),
        Said(pop, Side.CLIENT, b"RETR 1\r\n"),
        *_said(pop, Side.SERVER, b"+OK %s\r\n", words),
        Carried(pop, Side.SERVER, content),
        events.Read(pop, box, number),
        events.Removed(pop, box, (number,)),
        *([events.Failed(job, (words(),), words())] if number == 2 else []),
        events.Bounced(job, words(), words(), words()),
        events.Dropped(words(), words()),
        events.Queued(words(), words(), words(), (words(),)),
        events.Deferred(words(), (words(),), words(), 90),
        events.Warned(words(), words()),
        events.Stumbled(words(), words(), words()),
    ]  # fmt: skip


def _said(talk: str, side: Side, form: bytes, words: Words, times: int = 1) -> list[events.Event]:
    return [Said(talk, side, form % words.octets()) for _ in range(times)]
