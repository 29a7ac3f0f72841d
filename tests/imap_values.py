"""What an IMAP server answers, as values: two servers say the same in other words, and these compare equal.

Read here and nowhere else: neither server's own code has a part in it. A string is `bytes`, however it was said; a word
is `str`; words in parentheses are a list. What has no order is a set or a dict.
"""

import re
from dataclasses import dataclass, field

_LITERAL = re.compile(rb"~?\{([0-9]+)\}\r\n")
_WORD = re.compile(rb'(?:[^ ()\[\]"{\r\n]|\[[^\]]*\])+')
_STATUS = re.compile(rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([^\]]*)\])?")


@dataclass
class Told:
    """One answer: how it ended, with which code; what was told in it, kind and values; remarks, by their code."""

    word: str
    code: str
    lines: list = field(default_factory=list)
    remarks: dict = field(default_factory=dict)

    def of(self, kind):
        """The values of all lines of a kind."""
        return [values for one, values in self.lines if one == kind]


def told(octets):
    """What an answer says, its lines sorted by their kinds.

    >>> told(b'* 2 FETCH (UID 7 BODY[] {2}\\r\\nhi)\\r\\na OK [READ-ONLY] Well\\r\\n')
    Told(word='OK', code='READ-ONLY', lines=[('FETCH', [2, {'UID': '7', 'BODY[]': b'hi'}])], remarks={})
    """
    answer = Told("", "")
    for line in lines(octets):
        tag, _, rest = line.partition(b" ")
        if match := _STATUS.match(rest):
            word, code = match[1].decode(), (match[2] or b"").decode()
            if tag != b"*":
                answer.word, answer.code = word, code
            else:
                name, _, arguments = code.partition(" ")
                answer.remarks[name or word] = arguments
        else:
            answer.lines.append(of_kind(parsed(rest)))
    answer.lines.sort(key=lambda line: (line[0], "" if line[0] == "EXPUNGE" else str(line[1])))
    return answer


def of_kind(words):
    """Kind and values of a line that is no status.

    >>> of_kind(parsed(b"12 EXISTS")), of_kind(parsed(b"FLAGS (work)"))
    (('EXISTS', [12]), ('FLAGS', [['WORK']]))
    """
    first, *words = words
    if first.isdigit():
        kind, *words = words
        return kind.upper(), [int(first), *map(_items, words)]
    kind = first.upper()
    match kind:
        case "SEARCH":
            return kind, sorted(map(int, words))
        case "ESEARCH":
            words = [word for word in words if not isinstance(word, list)]
            by_uid = words[:1] == ["UID"]
            return kind, [by_uid, _items(words[by_uid:])]
        case "FLAGS":
            return kind, [_set(words[0])]
        case "LIST" | "LSUB":
            return kind, [_set(words[0]), words[1], _mailbox(words[2]), *words[3:]]
        case "VANISHED":
            return kind, [*words[:-1], _numbers(words[-1])]
        case "STATUS":
            return kind, [_mailbox(words[0]), _items(words[1])]
    return kind, words


def _numbers(said):
    """The numbers of a set."""
    spans = [tuple(map(int, span.split(":"))) for span in said.split(",")]
    return sorted({number for span in spans for number in range(min(span), max(span) + 1)})


def _items(words):
    """Names and values; the names of items, and flags, are the same in small letters and in capitals."""
    items = {str(name).upper().replace('"', ""): value for name, value in zip(words[::2], words[1::2], strict=True)}
    return items | ({"FLAGS": _set(items["FLAGS"])} if "FLAGS" in items else {})


def _set(words):
    return sorted({word.upper() for word in words})


def _mailbox(word):
    octets = word.encode() if isinstance(word, str) else word
    return octets.upper() if octets.upper() == b"INBOX" else octets  # RFC 9051 §5.1


def lines(octets):
    """The lines of an answer, each with the literals in it.

    >>> lines(b"* a {2}\\r\\n\\r\\n b\\r\\nx OK\\r\\n")
    [b'* a {2}\\r\\n\\r\\n b', b'x OK']
    """
    found, start, at = [], 0, 0
    while (end := octets.find(b"\r\n", at)) >= 0:
        literal = re.search(rb"\{([0-9]+)\}\Z", octets[at:end])
        if literal:
            at = end + 2 + int(literal[1])
            continue
        found.append(octets[start:end])
        start = at = end + 2
    assert start == len(octets), octets[start:]
    return found


def parsed(line):
    """The words of a line.

    >>> parsed(b'LIST (\\\\Sent) "/" "a b"'), parsed(b'x NIL "NIL" BODY[HEADER.FIELDS (A)] (b ())')
    (['LIST', ['\\\\Sent'], b'/', b'a b'], ['x', 'NIL', b'NIL', 'BODY[HEADER.FIELDS (A)]', ['b', []]])
    """
    stack, at = [[]], 0
    while at < len(line):
        octet = line[at : at + 1]
        if octet == b" ":
            at += 1
        elif octet == b"(":
            stack.append([])
            at += 1
        elif octet == b")":
            inner = stack.pop()
            stack[-1].append(inner)
            at += 1
        elif octet == b'"':
            end = at + 1
            while line[end] != 0x22:
                end += 2 if line[end] == 0x5C else 1
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", line[at + 1 : end]))
            at = end + 1
        elif match := _LITERAL.match(line, at):
            stack[-1].append(line[match.end() : match.end() + int(match[1])])
            at = match.end() + int(match[1])
        else:
            match = _WORD.match(line, at)
            assert match, line[at : at + 50]
            stack[-1].append(match[0].decode("utf-8", "replace"))
            at = match.end()
    (words,) = stack
    return words
