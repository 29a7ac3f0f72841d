"""Finding a gloss by the word that a person typed: 550, 5.1.1, RCPT, 250-PIPELINING, +OK, MX."""

import re
from collections.abc import Sequence

from maillab.views.gloss import Gloss, Lang, gloss, stock

_REPLY = re.compile(r"([2-5][0-9]{2})(?:[ -]+(\S.*))?\Z")
_CLASS = re.compile(r"([2-5])(?:[XY][XZ]|\.[XY]\.[XZ])\Z")
_ENHANCED = re.compile(r"([245X])\.([0-9]{1,3}\.[0-9]{1,3})\Z")


def look_up(word: str, lang: Lang = "en") -> list[Gloss]:
    """Everything that this word, code or line can mean; empty where nothing is known. Case does not matter.

    >>> [one.key for one in look_up("rcpt")], [one.key for one in look_up("5.1.1")]
    (['RCPT TO'], ['5.1.1', '5yz'])
    """
    asked = " ".join(word.upper().split())[:200]
    if not asked:
        return []
    return _by_code(asked, lang) or _by_key(asked, lang) or _by_line(word.strip(), lang)


def look_up_phrase(words: Sequence[str], lang: Lang = "en") -> list[Gloss]:
    """Several words that are one thing: AUTH PLAIN, MAIL FROM, a pasted "550 5.1.1 no such user". Empty where not."""
    if len(words) < 2:
        return []
    asked = " ".join(" ".join(words).upper().split())[:200]
    exact = [one for (_, kind, key), one in stock(lang).items() if kind != "line" and key.upper() == asked]
    pasted = _REPLY.match(asked) and _ENHANCED.match(words[1])
    return exact or (_by_code(asked, lang) if pasted else [])


def suggest(word: str, lang: Lang = "en") -> list[str]:
    """Up to five words that have a gloss and look like this one.

    >>> suggest("RCTP")[0]
    'RCPT'
    """
    from difflib import get_close_matches  # only a misspelt word pays for it

    known = {key for gloss in stock(lang).values() if gloss.kind != "line" for key in _names(gloss.key.upper())}
    return get_close_matches(" ".join(word.upper().split())[:60], sorted(known), n=5, cutoff=0.5)


def _by_code(asked: str, lang: Lang) -> list[Gloss]:
    """Numbers: 550, 599 (by its class), 5xx, 5.1.1, X.1.1, "550 5.1.1 any text", 250-PIPELINING."""
    found = stock(lang)
    if one := _CLASS.match(asked):
        return [found["smtp", "class", f"{one[1]}yz"]]
    if one := _ENHANCED.match(asked):
        return _enhanced(one[1], one[2], lang)
    one = _REPLY.match(asked)
    if not one:
        return []
    code, rest = one[1], one[2] or ""
    replies = [g for key in (code, f"{code} .") if (g := found.get(("smtp", "reply", key)))]
    replies = replies or [found["smtp", "class", f"{code[0]}yz"]]
    first = rest.split(maxsplit=1)[0] if rest else ""
    if detail := _ENHANCED.match(first):
        return [*replies, *_enhanced(detail[1], detail[2], lang)[:1]]
    keyword = found.get(("smtp", "keyword", first.partition("=")[0])) if code == "250" else None
    return [keyword, *replies] if keyword else replies


def _enhanced(digit: str, rest: str, lang: Lang) -> list[Gloss]:
    """The detail under the number that was asked for, then its class: 5.1.1 is X.1.1 of class 5yz."""
    found = stock(lang)
    detail = found.get(("smtp", "enhanced", f"X.{rest}"))
    named = [detail._replace(key=f"{digit}.{rest}")] if detail else []
    return named if digit == "X" else [*named, found["smtp", "class", f"{digit}yz"]]


def _by_key(asked: str, lang: Lang) -> list[Gloss]:
    """Words: the whole key first, else a part of it that people say alone (RCPT, OK, IN-USE, NOTIFY)."""
    entries = [(key.upper(), one) for (_, kind, key), one in stock(lang).items() if kind != "line"]
    exact = [one for key, one in entries if key == asked]
    part = [one for key, one in entries if key != asked and asked in _names(key)]
    return exact + part


def _names(key: str) -> set[str]:
    """Under which words a key in capitals is known: itself, its first word, and itself without signs."""
    bare = key.strip("+-[]=")
    return {key, key.split()[0], bare} - {""} if bare else {key}


def _by_line(line: str, lang: Lang) -> list[Gloss]:
    """A whole line of a talk: MAIL FROM:<a@b.test> SIZE=12, -ERR [IN-USE] busy, recipient.test. MX 10 mx."""
    if len(line.split()) < 2 and ":" not in line:
        return []
    raw = line.encode("utf-8", "replace")
    tries = [("smtp", "client"), ("pop3", "client"), ("pop3", "server"), ("dns", "server")]
    return [one for protocol, side in tries if (one := gloss(protocol, side, raw, b"", lang))]
