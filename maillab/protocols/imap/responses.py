"""What a server says, as octets (RFC 9051 §7): strings in quotes or as literals, envelopes, structures, whole lines.

Rules for this file: no CR, no LF, no NUL and nothing beyond ASCII ever stands in quotes or outside a literal, whatever
a stranger wrote into a message; where UTF-8 was agreed on, `utf8` lets valid UTF-8 into quotes (RFC 6855 §3).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from maillab.protocols.imap.flags import in_order_of_flags
from maillab.protocols.imap.names import SEPARATOR, encode_utf7
from maillab.protocols.imap.sequence import compact
from maillab.protocols.imap.values import (
    BodyPart,
    Disposition,
    ImapAddress,
    ImapEnvelope,
    Multipart,
    Pairs,
    SinglePart,
    StatusItem,
)

NIL = b"NIL"
CRLF = b"\r\n"
QUOTED_OCTETS = 1_000  # what is longer goes as a literal, so that no line grows without bound

_QUOTABLE = re.compile(rb"[ !#-\[\]-~]*")
_ESCAPABLE = re.compile(rb'["\\]')
_ESCAPES = 4  # a string with more of them goes as a literal: not every client undoes them
_ATOM = re.compile(rb"""[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+""")
_NOT_TEXT = re.compile(r"[^ -~]")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_EMPTY_PART = SinglePart(lines=0)


class StatusWord(StrEnum):
    """The words that a status line begins with (RFC 9051 §7.1)."""

    OK = "OK"
    NO = "NO"
    BAD = "BAD"
    BYE = "BYE"


# ── strings ──


def literal_head(octets: int, *, binary: bool = False) -> bytes:
    """What announces a literal; its octets follow.

    >>> literal_head(12), literal_head(3, binary=True)
    (b'{12}\\r\\n', b'~{3}\\r\\n')
    """
    return b"%s{%d}\r\n" % (b"~" if binary else b"", octets)


def literal(octets: bytes) -> bytes:
    """A literal. It cannot hold NUL (RFC 9051 §9: CHAR8): 0x80 stands for each, as in Dovecot.

    >>> literal(b"a\\r\\nb")
    b'{4}\\r\\na\\r\\nb'
    """
    return literal_head(len(octets)) + octets.replace(b"\x00", b"\x80")


def string(octets: bytes, *, utf8: bool = False) -> bytes:
    """A string, in quotes if it can stand there, else as a literal.

    >>> string(b'say "hi"'), string("thư".encode()), string("thư".encode(), utf8=True)
    (b'"say \\\\"hi\\\\""', b'{4}\\r\\nth\\xc6\\xb0', b'"th\\xc6\\xb0"')
    """
    if len(octets) <= QUOTED_OCTETS:
        if _QUOTABLE.fullmatch(octets):
            return b'"' + octets + b'"'
        escaped, escapes = _ESCAPABLE.subn(rb"\\\g<0>", octets)
        if escapes <= _ESCAPES and not _CONTROL.search(octets) and (octets.isascii() or (utf8 and _is_utf8(octets))):
            return b'"' + escaped + b'"'
    return literal(octets)


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def nstring(octets: bytes | None, *, utf8: bool = False) -> bytes:
    """A string, or NIL.

    >>> nstring(None), nstring(b"")
    (b'NIL', b'""')
    """
    return NIL if octets is None else string(octets, utf8=utf8)


def astring(octets: bytes, *, utf8: bool = False) -> bytes:
    """A word as it stands, if it is one and does not read as NIL; else a string.

    >>> astring(b"INBOX"), astring(b"a b"), astring(b"nil")
    (b'INBOX', b'"a b"', b'"nil"')
    """
    return octets if _ATOM.fullmatch(octets) and octets.upper() != NIL else string(octets, utf8=utf8)


def mailbox(name: str, *, utf8: bool = False) -> bytes:
    """A mailbox's name: as modified UTF-7, or where `utf8` was agreed on, as UTF-8.

    >>> mailbox("Thư"), mailbox("Thư", utf8=True), mailbox("To do")
    (b'Th&AbA-', b'"Th\\xc6\\xb0"', b'"To do"')
    """
    return astring(name.encode("utf-8", "replace") if utf8 else encode_utf7(name), utf8=utf8)


def flag_list(flags: Iterable[str]) -> bytes:
    """Flags in parentheses.

    >>> flag_list({"Work", "\\\\Seen"})
    b'(\\\\Seen Work)'
    """
    return parenthesised(flag.encode("ascii", "replace") for flag in in_order_of_flags(flags))


def parenthesised(words: Iterable[bytes]) -> bytes:
    """Words in parentheses."""
    return b"(" + b" ".join(words) + b")"


# ── what a message is ──


def envelope(value: ImapEnvelope, *, utf8: bool = False) -> bytes:
    """An envelope (RFC 9051 §7.5.2)."""
    senders = _addresses(value.senders, utf8=utf8)
    others = (value.sender, value.reply_to, value.to, value.cc, value.bcc)
    return parenthesised(
        (
            nstring(value.date, utf8=utf8),
            nstring(value.subject, utf8=utf8),
            senders,
            *(senders if people is value.senders else _addresses(people, utf8=utf8) for people in others),
            nstring(value.in_reply_to, utf8=utf8),
            nstring(value.message_id, utf8=utf8),
        )
    )


def body_structure(part: BodyPart, *, extended: bool = True, utf8: bool = False) -> bytes:
    """What a message consists of; `extended` for BODYSTRUCTURE, else for BODY (RFC 9051 §7.5.2).

    >>> body_structure(SinglePart(octets=5, lines=1), extended=False)
    b'("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 5 1)'
    """
    if isinstance(part, Multipart):
        return _multipart(part, extended=extended, utf8=utf8)
    words = [
        *_media(part),
        _pairs(part.parameters, utf8=utf8),
        nstring(part.content_id, utf8=utf8),
        nstring(part.description, utf8=utf8),
        string(part.encoding, utf8=utf8),
        _count(part.octets),
    ]
    if _has_message(part) and part.envelope is not None and part.inner is not None:
        words += (envelope(part.envelope, utf8=utf8), body_structure(part.inner, extended=extended, utf8=utf8))
        words.append(_count(part.lines))
    elif part.kind.upper() == b"TEXT":
        words.append(_count(part.lines))
    if extended:
        words += (nstring(part.md5, utf8=utf8), *_extension(part, utf8=utf8))
    return parenthesised(words)


def _multipart(part: Multipart, *, extended: bool, utf8: bool) -> bytes:
    parts = b"".join(
        body_structure(inner, extended=extended, utf8=utf8) for inner in part.parts or (_EMPTY_PART,)
    )  # one at least (RFC 9051 §9: body-type-mpart)
    words = [parts, string(part.subtype)]
    if extended:
        words += (_pairs(part.parameters, utf8=utf8), *_extension(part, utf8=utf8))
    return parenthesised(words)


def _has_message(part: SinglePart) -> bool:
    return part.kind.upper() == b"MESSAGE" and part.subtype.upper() in (b"RFC822", b"GLOBAL")


def _media(part: SinglePart) -> tuple[bytes, bytes]:
    """Type and subtype. A message/rfc822 that was not looked into has no form of its own: it is told as octets."""
    if _has_message(part) and (part.envelope is None or part.inner is None):
        return b'"APPLICATION"', b'"OCTET-STREAM"'
    return string(part.kind), string(part.subtype)


def _extension(part: BodyPart, *, utf8: bool) -> tuple[bytes, bytes, bytes]:
    """Disposition, languages, location (RFC 9051 §7.5.2)."""
    languages = parenthesised(string(language) for language in part.languages) if part.languages else NIL
    return _disposition(part.disposition, utf8=utf8), languages, nstring(part.location, utf8=utf8)


def _disposition(value: Disposition | None, *, utf8: bool) -> bytes:
    return NIL if value is None else parenthesised((string(value.kind), _pairs(value.parameters, utf8=utf8)))


def _pairs(pairs: Pairs, *, utf8: bool) -> bytes:
    return parenthesised(string(word, utf8=utf8) for pair in pairs for word in pair) if pairs else NIL


def _addresses(addresses: Sequence[ImapAddress], *, utf8: bool) -> bytes:
    """One after the other without a space (RFC 9051 §9: env-from)."""
    return b"(" + b"".join(_address(one, utf8=utf8) for one in addresses) + b")" if addresses else NIL


def _address(one: ImapAddress, *, utf8: bool) -> bytes:
    return parenthesised(nstring(field, utf8=utf8) for field in (one.name, one.route, one.mailbox, one.host))


def _count(number: int | None) -> bytes:
    return b"%d" % (number or 0)


# ── lines ──


def status(condition: StatusWord, text: str, code: str = "", tag: bytes = b"*") -> bytes:
    """A status line, tagged or not; `code` is its response code without brackets (RFC 9051 §7.1).

    >>> status(StatusWord.NO, "No such mailbox", "NONEXISTENT", b"a1")
    b'a1 NO [NONEXISTENT] No such mailbox\\r\\n'
    """
    told = " ".join(word for word in (condition.value, f"[{code}]" if code else "", text or "-") if word)
    return tag + b" " + _NOT_TEXT.sub("?", told).encode("ascii") + CRLF


def go_ahead(text: bytes = b"") -> bytes:
    """The line that lets a client go on (RFC 9051 §7.6): with its literal, or its login, `text` being a challenge.

    >>> go_ahead(b"OK"), go_ahead()
    (b'+ OK\\r\\n', b'+ \\r\\n')
    """
    return b"+ " + text + CRLF


def untagged(*words: bytes) -> bytes:
    """A line of data.

    >>> untagged(b"3", b"EXPUNGE")
    b'* 3 EXPUNGE\\r\\n'
    """
    return b"* " + b" ".join(words) + CRLF


def numbered(number: int, word: str) -> bytes:
    """EXISTS, EXPUNGE, RECENT (RFC 9051 §7.4, §7.5).

    >>> numbered(12, "EXISTS")
    b'* 12 EXISTS\\r\\n'
    """
    return b"* %d %s\r\n" % (number, word.encode("ascii"))


def listing(
    word: str,
    name: str,
    attributes: Iterable[str] = (),
    *,
    utf8: bool = False,
    child_info: Iterable[str] = (),
) -> bytes:
    """A line of LIST or LSUB (RFC 9051 §7.3.1). `child_info`: which of the mailboxes below were chosen (RFC 5258 §4).

    >>> listing("LIST", "a/b", ["\\\\HasNoChildren"])
    b'* LIST (\\\\HasNoChildren) "/" a/b\\r\\n'
    """
    words = [word.encode("ascii"), parenthesised(one.encode("ascii") for one in attributes), _separator()]
    words.append(mailbox(name, utf8=utf8))
    extended = []
    if told := [string(one.encode("ascii")) for one in child_info]:
        extended.append(b'"CHILDINFO" ' + parenthesised(told))
    return untagged(*words, *((parenthesised(extended),) if extended else ()))


def namespace() -> bytes:
    """One namespace, of one's own mailboxes, and no other (RFC 2342 §5)."""
    return untagged(b"NAMESPACE", b'(("" ' + _separator() + b"))", NIL, NIL)


def mailbox_status(name: str, items: Mapping[StatusItem, int | str], *, utf8: bool = False) -> bytes:
    """The answer to STATUS; MAILBOXID is a `str` (RFC 8474 §4.3).

    >>> mailbox_status("INBOX", {StatusItem.MESSAGES: 2, StatusItem.MAILBOXID: "F1"})
    b'* STATUS INBOX (MESSAGES 2 MAILBOXID (F1))\\r\\n'
    """
    told = (
        f"{item.value} ({value})" if isinstance(value, str) else f"{item.value} {value}"
        for item, value in items.items()
    )
    return untagged(b"STATUS", mailbox(name, utf8=utf8), parenthesised(one.encode("ascii") for one in told))


def search(numbers: Iterable[int], modseq: int | None = None) -> bytes:
    """The answer to SEARCH as RFC 3501 has it; the order is kept (RFC 7162 §3.1.5 for `modseq`).

    >>> search([2, 5]), search([])
    (b'* SEARCH 2 5\\r\\n', b'* SEARCH\\r\\n')
    """
    return _found(b"SEARCH", numbers, modseq)


def sort(numbers: Iterable[int], modseq: int | None = None) -> bytes:
    """The answer to SORT (RFC 5256 §4)."""
    return _found(b"SORT", numbers, modseq)


def _found(word: bytes, numbers: Iterable[int], modseq: int | None) -> bytes:
    words = [word, *(b"%d" % number for number in numbers)]
    if modseq is not None and words[1:]:
        words.append(b"(MODSEQ %d)" % modseq)
    return untagged(*words)


def extended_search(
    tag: bytes,
    *,
    by_uid: bool,
    least: int | None = None,
    most: int | None = None,
    count: int | None = None,
    found: Iterable[int] | None = None,
    modseq: int | None = None,
    in_order: bytes = b"",
) -> bytes:
    """ESEARCH (RFC 9051 §7.3.4); only what is given is told, and of what was not found nothing.

    `in_order` is a set that is not to be sorted, as of SORT (RFC 5267 §3).

    >>> extended_search(b"a1", by_uid=True, least=2, count=3, found=[2, 3, 9])
    b'* ESEARCH (TAG "a1") UID MIN 2 COUNT 3 ALL 2:3,9\\r\\n'
    """
    words = [b"ESEARCH", b"(TAG " + string(tag) + b")", *([b"UID"] if by_uid else [])]
    for name, number in ((b"MIN", least), (b"MAX", most), (b"COUNT", count)):
        if number is not None:
            words += (name, b"%d" % number)
    if everything := in_order or compact(found or ()):
        words += (b"ALL", everything)
    if modseq is not None:
        words += (b"MODSEQ", b"%d" % modseq)
    return untagged(*words)


def vanished(uids: Iterable[int], *, earlier: bool = False) -> bytes:
    """UIDs that are gone (RFC 7162 §3.2.10); `earlier`: before this session looked.

    >>> vanished([5, 6], earlier=True)
    b'* VANISHED (EARLIER) 5:6\\r\\n'
    """
    return untagged(b"VANISHED", *([b"(EARLIER)"] if earlier else []), compact(uids))


def _separator() -> bytes:
    return f'"{SEPARATOR}"'.encode("ascii")
