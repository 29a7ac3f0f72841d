"""What a line means, in one sentence and in the reader's language; the stock is `glosses.csv` beside this file.

Rules for this file: it explains and never judges; it reads words only, and imports little, so that
`maillab explain 550` answers at once. Columns of the table: protocol, kind, key, rfc, and one for each language.
"""

import binascii
import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from maillab.protocols.protocol import AnswerKind, AnswerLine, Protocol, Request, RequestKind

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_WORDS = 64  # characters of a command in which its first two words stand
_LOOKED_AT = 4096  # octets of a line; no word that has a gloss stands further on
_REPLY = re.compile(r"([2-5][0-9]{2})(?:[ -](.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"\s*([245])\.([0-9]{1,3}\.[0-9]{1,3})(?=\s|\Z)")
_COMMAND_REFUSED = ("500", "502", "503")  # each says more exactly what X.5.1 means (RFC 3463 §3.6)
_COLON = re.compile(r"\s*:\s*")
_CODE = re.compile(r"-ERR\s+(\[[^\]\s]+\])", re.IGNORECASE)
_STATUS = re.compile(r"(\S+) (OK|NO|BAD|PREAUTH|BYE)(?=\s|\Z)(?:\s+\[([A-Za-z0-9-]{1,40}))?", re.IGNORECASE)
_DATA = re.compile(r"\* (?:[0-9]+ )?([A-Za-z]+)(?=\s|\Z)")
_LISTING = re.compile(r"[0-9]+\s+\S+\Z")
_HEADER = re.compile(r"id [0-9]+, opcode ")
_NULL_MX = re.compile(r"\bMX\s+0\s+\.(?:\s|\Z)")
_TEXT_RECORDS = {"v=spf1": "TXT v=spf1", "_domainkey": "TXT _domainkey", "v=dkim1": "TXT _domainkey"}
_TEXT_RECORDS |= dict.fromkeys(("_dmarc", "v=dmarc1"), "TXT _dmarc")
_TEXT_RECORDS |= dict.fromkeys(("_mta-sts", "v=stsv1"), "TXT _mta-sts")


class Gloss(NamedTuple):
    """One explanation: `key` is the word, `rfc` where it is defined ("5321 §4.1.1.2; 1870"), `text` a sentence."""

    protocol: str
    kind: str
    key: str
    rfc: str
    text: str

    @property
    def source(self) -> str:
        """Where to read more, as people write it.

        >>> Gloss("smtp", "verb", "STARTTLS", "3207 §4; 8314", "").source
        'RFC 3207 §4, RFC 8314'
        """
        return ", ".join(f"RFC {part}" if part[:1].isdigit() else part for part in self.rfc.split("; "))


@cache
def stock(lang: Lang) -> dict[tuple[str, str, str], Gloss]:
    """All glosses in one language, in the order of the table, by protocol, kind and key."""
    return _table(Path(__file__).with_name("glosses.csv"), lang)


@cache
def _table(path: Path, lang: Lang) -> dict[tuple[str, str, str], Gloss]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        keys = ((row, (row["protocol"], row["kind"], row["key"])) for row in rows)
        return {key: Gloss(*key, row["rfc"], row[lang]) for row, key in keys}


def glosses_of(protocol: Protocol, lang: Lang) -> dict[tuple[str, str, str], Gloss]:
    """The table in which the words of a protocol are explained."""
    return stock(lang) if protocol.glosses is None else _table(protocol.glosses, lang)


def gloss(protocol: Protocol, heard: Request | AnswerLine, line: bytes, lang: Lang = "en") -> Gloss | None:
    """Explain one line of a talk, given without its secret; `None` where there is nothing to say.

    `heard` is what the follower of the talk told of the line. Nothing is ever raised.

    >>> from maillab.protocols.follower import Follower
    >>> from maillab.protocols.smtp import SMTP
    >>> follower = Follower(SMTP, greeted=True)
    >>> gloss(SMTP, follower.client(b"EHLO client.sender.test"), b"EHLO client.sender.test").key
    'EHLO'
    >>> gloss(SMTP, follower.server(b"250-PIPELINING"), b"250-PIPELINING").key
    'PIPELINING'
    """
    text = line[:_LOOKED_AT].decode("utf-8", "replace").strip()
    if isinstance(heard, Request) and protocol.verbs:
        return _request(protocol, heard, text, lang)
    explain = _EXPLAINED.get(protocol.name)
    if explain is not None:
        return explain(heard, text, lang)
    return glosses_of(protocol, lang).get((protocol.name, "reply", text.partition(" ")[0].upper()))


def content_gloss(protocol: Protocol, lang: Lang = "en") -> Gloss | None:
    """What is said beside the content of a message on its way."""
    return glosses_of(protocol, lang).get((protocol.name, "line", "content"))


def _request(protocol: Protocol, request: Request, text: str, lang: Lang) -> Gloss | None:
    """A client's line: a step of a login, the end of a content, else a command by its first words or its verb."""
    glosses, name = glosses_of(protocol, lang), protocol.name
    match request.kind:
        case RequestKind.RESPONSE:
            return glosses.get((name, "line", "*" if text == "*" else "base64"))
        case RequestKind.END:
            return glosses.get((name, "verb", "."))
        case RequestKind.REST:
            return glosses.get((name, "line", text.upper())) or glosses.get((name, "line", "rest"))
        case RequestKind.COMMAND if request.tag:
            return _tagged(glosses, protocol, request)
        case RequestKind.COMMAND:
            words = " ".join(_COLON.sub(":", text[:_WORDS].upper()).split()[:2])
            key = request.row.gloss or request.verb
            is_slip = " " in key and " " in words and not words.startswith(key)  # MAIL FORM: names no sender
            return glosses.get((name, "verb", words)) or (None if is_slip else glosses.get((name, "verb", key)))


def _tagged(glosses: Mapping[tuple[str, str, str], Gloss], protocol: Protocol, request: Request) -> Gloss | None:
    """A command behind its tag; of one that names messages by their UID, that is said, too."""
    verb, name = request.verb, protocol.name
    argument = request.argument[:_WORDS].decode("utf-8", "replace").upper().split()[:1]
    found = glosses.get((name, "verb", " ".join([verb, *argument]))) or glosses.get((name, "verb", verb))
    by_uid = glosses.get((name, "verb", "UID")) if argument == ["UID"] else None
    if found is None or by_uid is None:
        return found
    return Gloss(name, "verb", verb, f"{found.rfc}; {by_uid.rfc}", f"{found.text} {by_uid.text}")


def _smtp_reply(heard: Request | AnswerLine, text: str, lang: Lang) -> Gloss | None:
    """Reply line: a keyword after EHLO, else what the code means and then what the enhanced code adds."""
    matched = _REPLY.match(text)
    if not matched:
        return None
    glosses = stock(lang)
    code, rest = matched[1], matched[2] or ""
    asked = heard.request if isinstance(heard, AnswerLine) else None
    if code == "250" and asked is not None and asked.row.offers:
        word = re.split(r"[\s=]", rest, maxsplit=1)[0].upper()
        if keyword := glosses.get(("smtp", "keyword", word)):
            return keyword
    if code == "250" and asked is not None and asked.completes:
        return glosses["smtp", "reply", "250 ."]
    greets = isinstance(heard, AnswerLine) and asked is None
    meaning = glosses.get(("smtp", "reply", f"{code} greeting")) if greets else None
    meaning = meaning or glosses.get(("smtp", "reply", code)) or glosses["smtp", "class", f"{code[0]}yz"]
    if code == "334":
        return _with_challenge(meaning, rest)
    enhanced = _ENHANCED.match(rest)
    if not enhanced or enhanced[1] != code[0] or code[0] == "2":  # a success needs no second sentence
        return meaning
    if enhanced[2] == "5.1" and code in _COMMAND_REFUSED:
        return meaning
    detail = glosses.get(("smtp", "enhanced", f"X.{enhanced[2]}"))
    if detail is None:
        return meaning
    key = f"{code} {enhanced[1]}.{enhanced[2]}"
    return Gloss("smtp", "reply", key, f"{meaning.rfc}; {detail.rfc}", f"{meaning.text} {detail.text}")


def _pop3_reply(heard: Request | AnswerLine, text: str, lang: Lang) -> Gloss | None:
    """Status line with its code in brackets, or a line of a listing."""
    glosses = stock(lang)
    if isinstance(heard, Request):
        return None
    if not heard.first:
        return _pop3_row(heard, text, lang)
    match heard.kind:
        case AnswerKind.CHALLENGE:
            return _with_challenge(glosses["pop3", "reply", "+"], text[1:].strip())
        case AnswerKind.GOOD:
            return glosses.get(("pop3", "line", f"+OK {_agreed_to(heard)}"), glosses["pop3", "reply", "+OK"])
        case AnswerKind.PERMANENT:
            meaning, named = glosses["pop3", "reply", "-ERR"], _CODE.match(text)
            detail = glosses.get(("pop3", "code", named[1].upper())) if named else None
            if detail is None:
                return meaning
            return Gloss("pop3", "reply", f"-ERR {detail.key}", f"{meaning.rfc}; {detail.rfc}", detail.text)
        case _:
            return None


def _imap_reply(heard: Request | AnswerLine, text: str, lang: Lang) -> Gloss | None:
    """A status line by the code in brackets, or by what was asked; else a line of data by its word."""
    glosses = stock(lang)
    if isinstance(heard, Request):
        return None
    if text[:1] == "+":
        return _imap_go_ahead(heard, text, lang)
    status = _STATUS.match(text)
    if status is None:
        data = _DATA.match(text)
        if data is None:
            return glosses["imap", "line", "told"] if not heard.first else None
        return glosses.get(("imap", "line", f"* {data[1].upper()}"))
    tag, word, code = status[1], status[2].upper(), (status[3] or "").upper()
    meaning = glosses["imap", "reply", word]
    greets = heard.request is None and code == "CAPABILITY"
    logs_in = heard.request is not None and heard.request.row.login and word == "OK"
    if code and not greets and not logs_in and (detail := glosses.get(("imap", "code", f"[{code}]"))):
        return Gloss("imap", "reply", f"{word} {detail.key}", f"{meaning.rfc}; {detail.rfc}", detail.text)
    if tag == "*":
        key = "OK ready" if word == "OK" and heard.request is None and heard.first and greets else f"* {word}"
    else:
        key = f"{word} {_alike(heard.request.verb)}" if heard.request is not None else word
    return glosses.get(("imap", "line", key), meaning)


def _alike(verb: str) -> str:
    """The verb whose success means the same."""
    return {"AUTHENTICATE": "LOGIN", "EXAMINE": "SELECT"}.get(verb, verb)


def _imap_go_ahead(heard: AnswerLine, text: str, lang: Lang) -> Gloss:
    glosses = stock(lang)
    meaning = glosses["imap", "reply", "+"]
    if heard.kind is AnswerKind.CHALLENGE:
        return _with_challenge(meaning, text[1:].strip())
    return glosses.get(("imap", "line", f"+ {heard.request.verb}"), meaning) if heard.request is not None else meaning


def _agreed_to(heard: AnswerLine) -> str:
    """What a +OK says yes to: the greeting asks nothing, an answer of many lines begins, a command is done."""
    if not heard.last:
        return "many"
    if heard.request is None:
        return "ready"
    return "PASS" if heard.request.verb in ("APOP", "AUTH") else heard.request.verb


def _pop3_row(heard: AnswerLine, text: str, lang: Lang) -> Gloss | None:
    """A line after the first of an answer."""
    glosses = stock(lang)
    if heard.last:
        return glosses["pop3", "line", "."]
    if heard.request is not None and heard.request.row.offers:
        return glosses.get(("pop3", "keyword", text.partition(" ")[0].upper()))
    if heard.request is not None and _LISTING.match(text):
        return glosses.get(("pop3", "line", heard.request.verb))
    return None


def _with_challenge(meaning: Gloss, challenge: str) -> Gloss:
    """The gloss with the server's challenge decoded, where that is plain text; a challenge is no secret."""
    try:
        words = binascii.a2b_base64(challenge[:400].encode(), strict_mode=True).decode("ascii")
    except ValueError:
        return meaning
    return meaning._replace(text=f"{meaning.text} [“{words}”]") if words and words.isprintable() else meaning


def _dns(_heard: Request | AnswerLine, text: str, lang: Lang) -> Gloss | None:
    """A question or an answer in the words of a zone file, or the name of a response code."""
    glosses = stock(lang)
    if _HEADER.match(text):
        return glosses["dns", "line", "header"]
    words = [word.strip("?,;:()") for word in text.split()]
    for key in words:
        if key != "NOERROR" and (code := glosses.get(("dns", "code", key))):
            return code
    for key in words:
        if key == "MX" and _NULL_MX.search(text):
            key = "null MX"
        elif key == "TXT":
            lower = text.lower()
            key = next((name for sign, name in _TEXT_RECORDS.items() if sign in lower), key)
        if record := glosses.get(("dns", "record", key)):
            return record
    return glosses["dns", "code", "NOERROR"] if "NOERROR" in words else None  # a record, where there is one, says more


_EXPLAINED = {"smtp": _smtp_reply, "pop3": _pop3_reply, "imap": _imap_reply, "dns": _dns}
