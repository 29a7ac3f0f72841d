"""DNS messages made again from the lines of the transcript, in which they stand as in a master file.

    recipient.test. IN MX ?
    NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.
    NXDOMAIN nobody.recipient.test. (SOA recipient.test. ns.recipient.test. ...)

What the lines do not tell (EDNS, the life of a SOA beside a "no") is left out or taken from what they do tell.
"""

import re
from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

_QUESTION = re.compile(r"(\S+) (IN) (\S+)")
_DENIED = re.compile(r"(\S+) (\S+)(?: IN \S+)? \(SOA (\S+) (\S+ \S+ \d+ \d+ \d+ \d+ (\d+))\)\Z")
_RECORD = re.compile(r"(\S+) (\d+) (IN) (\S+) (.+)\Z")
_MORE = re.compile(r"\.\.\. and \d+ more\Z")
_SECTIONS = {"REFERRAL": 1, "AUTHORITY": 1, "GLUE": 2}


class Unreadable(ValueError):  # noqa: N818 - said of the lines
    """These lines are no message that could be made again."""


def query(line: bytes, ident: int) -> dns.message.Message:
    """The question of a client's line. Raises `Unreadable`.

    >>> query(b"recipient.test. IN MX ?\\r\\n", 7).question[0].to_text()
    'recipient.test. IN MX'
    """
    try:
        words = line.decode("ascii").rstrip("\r\n")
        asked = _QUESTION.fullmatch(words.removesuffix(" ?"))
        if asked is None:
            raise Unreadable(words)
        made = dns.message.make_query(asked[1], asked[3], asked[2])
    except (UnicodeError, dns.exception.DNSException) as error:
        raise Unreadable(str(error)) from error
    made.id = ident
    made.flags &= ~dns.flags.RD  # a server that asks another for its own zone wants no recursion
    return made


def response(asked: dns.message.Message, lines: Sequence[bytes]) -> dns.message.Message:
    """The answer of a server's lines. Raises `Unreadable`."""
    made = dns.message.make_response(asked)
    made.flags &= ~dns.flags.RA
    for line in lines:
        try:
            _add(made, line.decode("ascii").rstrip("\r\n"))
        except (UnicodeError, ValueError, dns.exception.DNSException) as error:
            raise Unreadable(str(error)) from error
    return made


def _add(made: dns.message.Message, text: str) -> None:
    """What one line tells of the answer."""
    word, _, rest = text.partition(" ")
    if _MORE.match(text):
        return
    if word in _SECTIONS:
        _record(made, _SECTIONS[word], rest)
        return
    made.set_rcode(dns.rcode.NOERROR if word == "NODATA" else dns.rcode.from_text(word))
    for flag in (dns.flags.AA, dns.flags.TC):
        name = dns.flags.to_text(flag).lower()
        if rest == name or rest.startswith(f"{name} "):
            made.flags |= flag
            rest = rest[len(name) + 1 :]
    if denied := _DENIED.match(text):
        made.flags |= dns.flags.AA
        _record(made, 1, f"{denied[3]} {denied[5]} IN SOA {denied[4]}")  # RFC 2308 §5: as long as its last number
    elif _RECORD.match(rest):
        _record(made, 0, rest)


def _record(made: dns.message.Message, section: int, text: str) -> None:
    found = _RECORD.fullmatch(text)
    if found is None:
        raise Unreadable(text)
    name, seconds, rdclass, rdtype, data = found.groups()
    kinds = dns.rdataclass.from_text(rdclass), dns.rdatatype.from_text(rdtype)
    place = made.sections[section + 1]  # force_unique: records of one name stay in their order
    rrset = made.find_rrset(place, dns.name.from_text(name), *kinds, create=True, force_unique=True)
    rrset.add(dns.rdata.from_text(*kinds, data), int(seconds))
