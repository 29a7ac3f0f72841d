"""What a line means, in one sentence and in the reader's language; the stock is `glosses.csv` beside this file.

Rules for this file: it explains and never judges; it reads words only, and imports little, so that
`maillab explain 550` answers at once. Columns of the table: protocol, kind, key, rfc, and one for each language.
"""

import binascii
import csv
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_LOOKED_AT = 4096  # octets of a line; no word that has a gloss stands further on
_REPLY = re.compile(r"([2-5][0-9]{2})(?:[ -](.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"\s*([245])\.([0-9]{1,3}\.[0-9]{1,3})(?=\s|\Z)")
_NULL_PATH = re.compile(r"MAIL\s+FROM\s*:\s*<>", re.IGNORECASE)
_LAST_CHUNK = re.compile(r"(?:\.|BDAT\s+[0-9]+\s+LAST)\Z", re.IGNORECASE)
_LOGIN_STEP = re.compile(r"334(?:[ -]|\Z)|\+(?: |\Z)")
_CODE = re.compile(r"-ERR\s+(\[[^\]\s]+\])", re.IGNORECASE)
_LISTING = re.compile(r"[0-9]+\s+\S+\Z")
_NULL_MX = re.compile(r"\bMX\s+0\s+\.(?:\s|\Z)")
_TEXT_RECORDS = {"v=spf1": "TXT v=spf1", "_domainkey": "TXT _domainkey", "v=dkim1": "TXT _domainkey"}
_TEXT_RECORDS |= {
    "_dmarc": "TXT _dmarc",
    "v=dmarc1": "TXT _dmarc",
    "_mta-sts": "TXT _mta-sts",
    "v=stsv1": "TXT _mta-sts",
}


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
    with Path(__file__).with_name("glosses.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["protocol"], row["kind"], row["key"]): Gloss(
                row["protocol"], row["kind"], row["key"], row["rfc"], row[lang]
            )
            for row in csv.DictReader(file)
        }


def gloss(protocol: str, side: str, line: bytes, previous: bytes = b"", lang: Lang = "en") -> Gloss | None:
    """Explain one line of a talk; `None` where there is nothing to say.

    `protocol` is smtp, pop3 or dns, `side` client or server. `previous` is what the line answers: for a server's line
    the client's command, for a client's line the last that the server said. Nothing is ever raised.

    >>> gloss("smtp", "server", b"250-PIPELINING", b"EHLO client.sender.test").key
    'PIPELINING'
    >>> gloss("smtp", "server", b"550 5.1.1 No such mailbox").key
    '550 5.1.1'
    """
    text = line[:_LOOKED_AT].decode("utf-8", "replace").strip()
    before = previous[:_LOOKED_AT].decode("utf-8", "replace").strip()
    if protocol == "dns":
        return _dns(text, lang)
    if protocol not in ("smtp", "pop3"):
        return None
    if side == "client":
        return _command(protocol, text, before, lang)
    return _smtp_reply(text, before, lang) if protocol == "smtp" else _pop3_reply(text, before, lang)


def content_gloss(protocol: str, lang: Lang = "en") -> Gloss | None:
    """What is said beside the content of a message on its way."""
    return stock(lang).get((protocol, "line", "content"))


def _command(protocol: str, text: str, before: str, lang: Lang) -> Gloss | None:
    """A client's line: a step of a login after a challenge, a verb otherwise."""
    found = stock(lang)
    if _LOGIN_STEP.match(before):
        return found[protocol, "line", "*" if text == "*" else "base64"]
    verb, *rest = text.upper().split(maxsplit=2) or [""]
    key = verb
    if protocol == "smtp" and verb == "MAIL":
        key = "MAIL FROM:<>" if _NULL_PATH.match(text) else "MAIL FROM"
    elif protocol == "smtp" and verb == "RCPT":
        key = "RCPT TO"
    elif verb == "AUTH" and rest and (protocol, "verb", f"AUTH {rest[0]}") in found:
        key = f"AUTH {rest[0]}"
    return found.get((protocol, "verb", key))


def _smtp_reply(text: str, before: str, lang: Lang) -> Gloss | None:
    """Reply line: a keyword after EHLO, else what the code means and then what the enhanced code adds."""
    matched = _REPLY.match(text)
    if not matched:
        return None
    found = stock(lang)
    code, rest = matched[1], matched[2] or ""
    if code == "250" and before[:4].upper() in ("EHLO", "LHLO"):
        word = re.split(r"[\s=]", rest, maxsplit=1)[0].upper()
        if keyword := found.get(("smtp", "keyword", word)):
            return keyword
    if code == "250" and _LAST_CHUNK.match(before):
        return found["smtp", "reply", "250 ."]
    meaning = found.get(("smtp", "reply", code)) or found["smtp", "class", f"{code[0]}yz"]
    if code == "334":
        return _with_challenge(meaning, rest)
    enhanced = _ENHANCED.match(rest)
    if not enhanced or enhanced[1] != code[0] or code[0] == "2":  # a success needs no second sentence
        return meaning
    detail = found.get(("smtp", "enhanced", f"X.{enhanced[2]}"))
    whole = f"{code} {enhanced[1]}.{enhanced[2]}"
    return (
        Gloss("smtp", "reply", whole, f"{meaning.rfc}; {detail.rfc}", f"{meaning.text} {detail.text}")
        if detail
        else meaning
    )


def _pop3_reply(text: str, before: str, lang: Lang) -> Gloss | None:
    """Status line with its code in brackets, or a line of a listing."""
    found = stock(lang)
    if _LOGIN_STEP.match(text):
        return _with_challenge(found["pop3", "reply", "+"], text[1:].strip())
    status = text.split(maxsplit=1)[0].upper() if text else ""
    if status in ("+OK", "-ERR"):
        meaning = found["pop3", "reply", status]
        named = _CODE.match(text)
        detail = found.get(("pop3", "code", named[1].upper())) if named else None
        if detail is None:
            return meaning
        return Gloss("pop3", "reply", f"-ERR {detail.key}", f"{meaning.rfc}; {detail.rfc}", detail.text)
    if text == ".":
        return found["pop3", "line", "."]
    verb = before.split(maxsplit=1)[0].upper() if before else ""
    if verb == "CAPA":
        return found.get(("pop3", "keyword", status))
    if verb in ("LIST", "UIDL") and _LISTING.match(text):
        return found["pop3", "line", verb]
    return None


def _with_challenge(meaning: Gloss, challenge: str) -> Gloss:
    """The gloss with the server's challenge decoded, where that is plain text; a challenge is no secret."""
    try:
        words = binascii.a2b_base64(challenge[:400].encode(), strict_mode=True).decode("ascii")
    except ValueError:
        return meaning
    return meaning._replace(text=f"{meaning.text} [“{words}”]") if words and words.isprintable() else meaning


def _dns(text: str, lang: Lang) -> Gloss | None:
    """A question or an answer in the words of a zone file, or the name of a response code."""
    found = stock(lang)
    words = [word.strip("?,;:()") for word in text.split()]
    for key in words:
        if key != "NOERROR" and (code := found.get(("dns", "code", key))):
            return code
    for key in words:
        if key == "MX" and _NULL_MX.search(text):
            key = "null MX"
        elif key == "TXT":
            lower = text.lower()
            key = next((name for sign, name in _TEXT_RECORDS.items() if sign in lower), key)
        if record := found.get(("dns", "record", key)):
            return record
    return found["dns", "code", "NOERROR"] if "NOERROR" in words else None  # a record, where there is one, says more
