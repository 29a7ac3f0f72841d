"""Finding what a person asks for: 550, 5.1.1, RCPT, 250-PIPELINING, MX record, port 587, hộp thư, a pasted line."""

import re
from collections.abc import Sequence
from functools import cache

from maillab.protocols.protocol import AnswerLine, Protocol, Request
from maillab.views.gloss import Gloss, Lang, gloss, stock
from maillab.views.terms import find, fold, terms

LONGEST = 6  # words of a name that is looked for among others
NEAREST = 5  # suggestions
SIMILAR, ALIKE = 0.6, 0.8  # ratios of difflib: worth a suggestion; meant, but misspelt

_REPLY = re.compile(r"([2-5][0-9]{2})(?:[ -]+(\S.*))?\Z")
_CLASS = re.compile(r"([2-5])(?:[XY][XZ]|\.[XY]\.[XZ])\Z")
_ENHANCED = re.compile(r"([245X])\.([0-9]{1,3}\.[0-9]{1,3})\Z")
_TYPED = re.compile(r"[:=<\[0-9]|\A[A-Z+-]{3,}\b")  # a line of a talk, not a phrase that begins with "mail" or "data"
_SHAPES = {  # term: what looks so
    "mail address": re.compile(r"<?[^\s@<>]+@[^\s@<>]+>?"),
    "IP address": re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}"),
    "encoded word": re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?="),
    "host name": re.compile(r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}\.?"),
}
_MARK = re.compile(r"\A[CS]:\s+")  # who speaks, in a transcript
_PATH = re.compile(r"(?:MAIL\s+FROM|RCPT\s+TO)\s*:\s*\S", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z-]+):\s+\S")
_QUESTION = re.compile(
    r"\A(?:(?:what|who) (?:is|are|does) |explain )?(?:an? |the )?(.+?)(?: mean| (?:nghĩa )?là gì)?\s*\?*\Z",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"an?|and|are|between|difference|do|does|for|how|in|is|mean|of|or|the|to|versus|vs|what|why"
    r"|các|của|gì|giữa|hay|hoặc|khác|là|một|nào|nghĩa|nhau|những|sao|thế|và|vì|với",
    re.IGNORECASE,
)


def ask(words: Sequence[str], lang: Lang = "en") -> tuple[list[Gloss], list[str]]:
    """What these words mean, as one name where they are one, else name by name; and which are not known.

    >>> found, unknown = ask(["MX", "record", "port", "587", "xyzzy"])
    >>> [one.key for one in found], unknown
    (['MX record', 'port 587'], ['xyzzy'])
    """
    whole = _MARK.sub("", " ".join(words))
    if line := _field(whole, lang) or (_by_line(whole, lang) if _PATH.match(whole) else []):
        return line, []
    if known := look_up_phrase(words, lang) or _named(whole, lang) or _named(_bare(whole), lang):
        return known, []
    words = [word for word in words if word not in ("C:", "S:")]
    found, unknown = _in_pieces([piece for word in words for piece in _pieces(_MARK.sub("", word), lang)], lang)
    unknown = [word for word in unknown if not found or not _FILLER.fullmatch(word)]
    if unknown and _REPLY.match(whole):  # a pasted line: 354 Start mail input; end with a dot
        return _by_code(" ".join(whole.upper().split())[:200], lang), []
    return ([], [whole]) if len(words) > 1 and unknown and _near(whole, lang, ALIKE) else (found, unknown)


def look_up(word: str, lang: Lang = "en") -> list[Gloss]:
    """Everything that this word, code or line can mean; empty where nothing is known. Case does not matter.

    >>> [one.key for one in look_up("rcpt")], [one.key for one in look_up("5.1.1")]
    (['RCPT TO'], ['5.1.1', '5yz'])
    """
    asked = " ".join(word.upper().split())[:200]
    if not asked:
        return []
    if asked.isdigit() and (ports := find(word, lang)):
        return ports
    bare = word.strip()
    return _by_code(asked, lang) or _by_key(asked, lang) or _by_line(bare, lang) or _by_shape(bare, lang)


def look_up_phrase(words: Sequence[str], lang: Lang = "en") -> list[Gloss]:
    """Several words that are one thing: AUTH PLAIN, MAIL FROM, a pasted "550 5.1.1 no such user". Empty where not."""
    if len(words) < 2:
        return []
    asked = " ".join(" ".join(words).upper().split())[:200]
    pasted = _REPLY.match(asked) and _ENHANCED.match(words[1])
    return _named(asked, lang) or (_by_code(asked, lang) if pasted else [])


def suggest(word: str, lang: Lang = "en") -> list[str]:
    """Up to five names that can be asked for: those that look like this one, else those that have to do with it.

    >>> suggest("RCTP")[0], suggest("mail transfer agnet")[0], suggest("hop thuu")[0]
    ('RCPT', 'mail transfer agent', 'hộp thư')
    """
    asked = fold(word[:60])[0]
    known = _names_to_suggest(lang)
    near = _near(word, lang, SIMILAR)
    if lang == "en":  # a word of the other language only where it is meant
        near = [name for name in near if known[name].isascii() or _likeness(asked, name) >= ALIKE]
    if asked.isdigit():
        near += [term.names[0] for term in terms() if term.kind == "port"]
    if len(near) < NEAREST and len(asked) > 2:
        parts = {part for part in asked.split() if len(part) > 3}
        near += [name for name in known if parts & set(name.split())]
        near += [name for name, words in _sentences(lang) if asked in words]
    return list(dict.fromkeys(known[name] for name in near if name in known))[:NEAREST]


def _near(word: str, lang: Lang, likeness: float) -> list[str]:
    """The names, as letters only, that look like this one."""
    from difflib import get_close_matches  # only an unknown word pays for it

    return get_close_matches(fold(word[:60])[0], _names_to_suggest(lang), n=NEAREST, cutoff=likeness)


def _likeness(asked: str, name: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name, asked).ratio()


def listed(lang: Lang = "en") -> list[Gloss]:
    """Everything that can be asked for, in the order of the tables."""
    return [one for one in stock(lang).values() if one.kind != "line"] + [term.gloss(lang) for term in terms()]


@cache
def _sentences(lang: Lang) -> list[tuple[str, set[str]]]:
    """Every name, as letters only, with the words of its explanation."""
    rows = [(one.key, one.text) for one in stock(lang).values()]
    rows += [(term.names[lang == "vi"], term.vi if lang == "vi" else term.en) for term in terms()]
    return [(fold(name)[0], set(re.findall(r"\w+", fold(text)[0]))) for name, text in rows]


@cache
def _names_to_suggest(lang: Lang) -> dict[str, str]:
    """Every name, as letters only: the name as it is written."""
    names = {fold(name)[0]: name for term in reversed(terms()) for name in reversed(term.names)}
    keys = [one.key.strip("=") for one in stock(lang).values() if one.kind != "line"]
    return names | {fold(name)[0]: name for key in reversed(keys) for name in (key, key.split()[0])}


def _bare(question: str) -> str:
    """What a question is about: what is a relay? → relay."""
    matched = _QUESTION.match(" ".join(question.split()))
    return matched[1] if matched else question


def _field(line: str, lang: Lang) -> list[Gloss]:
    """A pasted line of a header: the field that it is."""
    matched = _FIELD.match(line)
    return [one for one in find(matched[1], lang) if one.kind == "field"] if matched else []


def _in_pieces(pieces: list[str], lang: Lang) -> tuple[list[Gloss], list[str]]:
    """Name after name, the longest first: what they mean, and the words in between that mean nothing."""
    found: list[Gloss] = []
    unknown: list[str] = []
    while pieces:
        count, meanings = _longest(pieces, lang)
        found += [one for one in meanings if one not in found]
        unknown += [] if meanings else [pieces[0]]
        pieces = pieces[count:]
    return found, unknown


def _pieces(word: str, lang: Lang) -> list[str]:
    """The words of one argument; all of it where it is a line of a talk, and not just names one after the other."""
    pieces = word.split()
    line = len(pieces) < 2 or _REPLY.match(word) or (look_up(word, lang) and _in_pieces(pieces, lang)[1])
    return [word] if line else pieces


def _longest(pieces: list[str], lang: Lang) -> tuple[int, list[Gloss]]:
    """How many of the first words are one name, and what it means; one word, and nothing, where none is known."""
    for count in range(min(LONGEST, len(pieces)), 1, -1):
        if meanings := _named(" ".join(pieces[:count]), lang):
            return count, meanings
    return 1, look_up(pieces[0], lang)


def _named(name: str, lang: Lang) -> list[Gloss]:
    """What has exactly this name."""
    asked = " ".join(name.upper().split())[:200]
    return _by_whole_name(lang).get(asked, []) + find(name, lang)


@cache
def _by_whole_name(lang: Lang) -> dict[str, list[Gloss]]:
    """Every entry under its key in capitals."""
    found: dict[str, list[Gloss]] = {}
    for (_, kind, key), one in stock(lang).items():
        if kind != "line":
            found.setdefault(key.upper(), []).append(one)
    return found


def _by_code(asked: str, lang: Lang) -> list[Gloss]:
    """Numbers: 550, 599 (by its class), 5xx, 5.1.1, X.1.1, "550 5.1.1 any text", 250-PIPELINING."""
    glosses = stock(lang)
    if number := _CLASS.match(asked):
        return [glosses["smtp", "class", f"{number[1]}yz"]]
    if number := _ENHANCED.match(asked):
        return _enhanced(number[1], number[2], lang)
    if not (reply := _REPLY.match(asked)):
        return []
    code, rest = reply[1], reply[2] or ""
    replies = [
        meaning for key in (code, f"{code} .", f"{code} greeting") if (meaning := glosses.get(("smtp", "reply", key)))
    ]
    replies = replies or [glosses["smtp", "class", f"{code[0]}yz"]]
    first = rest.split(maxsplit=1)[0] if rest else ""
    if detail := _ENHANCED.match(first):
        return [*replies, *_enhanced(detail[1], detail[2], lang)[:1]]
    keyword = glosses.get(("smtp", "keyword", first.partition("=")[0])) if code == "250" else None
    return [keyword, *replies] if keyword else replies


def _enhanced(digit: str, rest: str, lang: Lang) -> list[Gloss]:
    """The detail under the number that was asked for, then its class: 5.1.1 is X.1.1 of class 5yz."""
    glosses = stock(lang)
    detail = glosses.get(("smtp", "enhanced", f"X.{rest}"))
    named = [detail._replace(key=f"{digit}.{rest}")] if detail else []
    return named if digit == "X" else [*named, glosses["smtp", "class", f"{digit}yz"]]


def _by_key(asked: str, lang: Lang) -> list[Gloss]:
    """Words: the whole name first, else a part of a key that people say alone (RCPT, OK, IN-USE, NOTIFY)."""
    name, value, _ = asked.partition("=")
    exact = _named(asked, lang) or (_named(f"{name}=", lang) if value else [])
    return exact + [one for key, one in _by_name(lang).get(asked, ()) if key != asked]


@cache
def _by_name(lang: Lang) -> dict[str, list[tuple[str, Gloss]]]:
    """Every entry with its key in capitals, under each word that it is known by."""
    found: dict[str, list[tuple[str, Gloss]]] = {}
    for (_, kind, key), one in stock(lang).items():
        if kind != "line":
            for name in _names(key.upper()):
                found.setdefault(name, []).append((key.upper(), one))
    return found


def _names(key: str) -> set[str]:
    """Under which words a key in capitals is known: itself, its first word, and itself without signs."""
    bare = key.strip("+-[]=")
    return {key, key.split()[0], bare} - {""} if bare else {key}


def _by_shape(word: str, lang: Lang) -> list[Gloss]:
    """What kind of thing an example is: bob@example.com, 192.0.2.1, mx.recipient.test."""
    return next((find(name, lang) for name, shape in _SHAPES.items() if shape.fullmatch(word)), [])


def _by_line(line: str, lang: Lang) -> list[Gloss]:
    """A whole line of a talk: MAIL FROM:<a@b.test> SIZE=12, -ERR [IN-USE] busy, recipient.test. MX 10 mx."""
    if (len(line.split()) < 2 and ":" not in line) or not _TYPED.search(line):
        return []
    from maillab.protocols.dns import DNS  # only a line that was pasted pays for the syntax of the protocols
    from maillab.protocols.follower import Follower
    from maillab.protocols.imap import IMAP
    from maillab.protocols.pop3 import POP3
    from maillab.protocols.smtp import SMTP

    raw = line.encode("utf-8", "replace")
    heard: list[tuple[Protocol, Request | AnswerLine]] = [
        *((protocol, Follower(protocol, greeted=True).client(raw)) for protocol in (SMTP, POP3, IMAP)),
        *((protocol, Follower(protocol, greeted=True).server(raw)) for protocol in (POP3, IMAP, DNS)),
    ]
    return [meaning for protocol, what in heard if (meaning := gloss(protocol, what, raw, lang))]
