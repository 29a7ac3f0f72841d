"""The one address type and its one parser (RFC 5321 §4.1.2, RFC 6531 §3.3).

Rules for this file: nothing is ever decoded, and what was parsed is what is looked up, routed and written.
An encoded word (RFC 2047) in an envelope is an attack, not a name; it is refused here, for everyone.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from maillab.mail.normal import normal
from maillab.mail.reply import Refused, Reply

LOCAL_PART_OCTETS = 64  # RFC 5321 §4.5.3.1.1
DOMAIN_OCTETS = 255  # RFC 5321 §4.5.3.1.2
PATH_OCTETS = 256  # RFC 5321 §4.5.3.1.3, with the angle brackets

REMEMBERED = 1024  # addresses: most of them come again and again

# Classes that say what is not in them: of a range that goes on to U+10FFFF Python makes a table, for some milliseconds.
ATEXT = r'[^\x00-\x20\x7f"(),.:;<>@\[\\\]]'  # RFC 5322 §3.2.3: no specials; RFC 6532 §3.2: and all beyond ASCII
_DOT_STRING = re.compile(rf"{ATEXT}+(?:\.{ATEXT}+)*")
_QUOTED_STRING = re.compile(r'"(?:[^\x00-\x1f"\\\x7f]|\\[ -~])*"')
_LDH_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[^?]*\?.*\?=")
_ROUTING = re.compile(r'["%!]')
_NUMERIC_TLD = re.compile(r"(?:.*\.)?[0-9]+\Z")


class AddressError(Refused, ValueError):
    """Not an address of RFC 5321; `reply` is what a server says to it (501 for syntax, 553 for a name not allowed)."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: local part without quotes, domain in lower case (or an address literal with its brackets).

    `domain` is "" for the bare `postmaster` of RFC 5321 §4.1.1.3 only.

    >>> Address.parse("bob+shop@Recipient.Test")
    Address(local='bob+shop', domain='recipient.test')
    >>> str(Address("a b", "recipient.test"))
    '"a b"@recipient.test'
    """

    local: str
    domain: str

    @staticmethod
    def parse(text: str, home: str = "") -> "Address":
        """Read `Mailbox` of RFC 5321 §4.1.2. Raises `AddressError`.

        `home` is the domain of a local part that stands alone; without it, such a one is an error. A local part that
        old servers took for the way to another host (quotes, %, !) is never completed.

        >>> str(Address.parse("Alice", home="sender.test"))
        'Alice@sender.test'
        """
        return _parse(text, home)

    @property
    def is_ascii(self) -> bool:
        """Can travel without SMTPUTF8."""
        return self.local.isascii() and self.domain.isascii()

    @property
    def ascii_domain(self) -> str:
        """The domain as DNS knows it: A-labels (RFC 5891)."""
        return in_a_labels(self.domain)

    @property
    def key(self) -> tuple[str, str]:
        """What two spellings of one mailbox share: NFC, ASCII letters folded, nothing else guessed."""
        return _key(self.local, self.domain)

    def __str__(self) -> str:
        return _written(self.local, self.domain)


@lru_cache(REMEMBERED)
def _parse(text: str, home: str) -> Address:
    if not text.isprintable():
        raise _not_allowed("control character in an address")
    if _ENCODED_WORD.search(text):
        raise _not_allowed("encoded word in an address; envelopes are never decoded")
    local, at = _read_local(text)
    if home and at == len(text) and not _ROUTING.search(text):
        text = f"{text}@{home}"
    if text[at : at + 1] != "@":
        raise _syntax("an address is written name@domain")
    if "@" in text[at + 1 :]:
        raise _syntax("two @" if text.count("@", at) == 2 else "more than one @")
    if not text[at + 1 :]:
        raise _syntax("no domain after the @")
    address = Address(local, parse_domain(text[at + 1 :]))
    if len(str(address).encode()) + 2 > PATH_OCTETS:
        raise _not_allowed("path longer than 256 bytes")
    return address


@lru_cache(REMEMBERED)
def _key(local: str, domain: str) -> tuple[str, str]:
    return normal("NFC", local).translate(_LOWER), in_a_labels(domain)


@lru_cache(REMEMBERED)
def _written(local: str, domain: str) -> str:
    if not _DOT_STRING.fullmatch(local):
        local = _quote(local)
    return f"{local}@{domain}" if domain else local


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def parse_domain(text: str) -> str:
    """Read `Domain` or `address-literal`; gives it in lower case. Raises `AddressError`.

    >>> parse_domain("MX.Recipient.Test"), parse_domain("[127.0.0.1]")
    ('mx.recipient.test', '[127.0.0.1]')
    """
    if len(text.encode("utf-8", "surrogatepass")) > DOMAIN_OCTETS:
        raise _not_allowed("domain longer than 255 bytes")
    if text.startswith("["):
        return _parse_literal(text)
    if text.isascii():
        if not _LDH_DOMAIN.fullmatch(text) or _NUMERIC_TLD.match(text):
            raise _syntax("domain is not made of letters, digits and hyphens")
        return text.lower()
    text = normal("NFC", text)
    _encoded(text)
    return text


def in_a_labels(domain: str) -> str:
    """A domain as DNS, certificates, greetings and tables of names spell it (RFC 5891). Raises `AddressError`.

    >>> in_a_labels("mx.việt.test")
    'mx.xn--vit-5kz.test'
    """
    return domain if domain.isascii() else _encoded(normal("NFC", domain))


def in_u_labels(domain: str) -> str:
    """A domain, or an address with one, as people read it; what is no A-label stays as it is.

    >>> in_u_labels("bob@mx.xn--vit-5kz.test"), in_u_labels("xn--.test")
    ('bob@mx.việt.test', 'xn--.test')
    """
    local, at, domain = domain.rpartition("@")
    return local + at + ".".join(_decoded(label) if label.startswith("xn--") else label for label in domain.split("."))


def _encoded(domain: str) -> str:
    try:
        return idna.encode(domain, strict=True, std3_rules=True).decode("ascii")  # nothing is mapped, nothing guessed
    except (idna.IDNAError, UnicodeError) as error:
        raise _not_allowed("domain is not a valid internationalised name (RFC 5891)") from error


def _decoded(label: str) -> str:
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _parse_literal(text: str) -> str:
    """RFC 5321 §4.1.3: [127.0.0.1] or [IPv6:::1], four full numbers, nothing shortened."""
    inner = text[1:-1]
    try:
        if not text.endswith("]"):
            raise ValueError(text)
        if inner[:5].lower() == "ipv6:":
            return f"[IPv6:{ipaddress.IPv6Address(inner[5:])}]"
        return f"[{ipaddress.IPv4Address(inner)}]"
    except ValueError as error:
        raise _syntax("address literal is not [a.b.c.d] or [IPv6:...]") from error


def _read_local(text: str) -> tuple[str, int]:
    """Local part without quotes, and where it ends."""
    pattern = _QUOTED_STRING if text.startswith('"') else _DOT_STRING
    found = pattern.match(text)
    if not found:
        raise _syntax("local part is neither words joined by dots nor a quoted string")
    raw = found.group()
    if len(raw.encode()) > LOCAL_PART_OCTETS:
        raise _not_allowed("local part longer than 64 bytes")
    return re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw.startswith('"') else raw, found.end()


def _quote(local: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'


def _syntax(text: str) -> AddressError:
    return AddressError(Reply(501, "5.1.3", (f"Bad address: {text}",)))


def _not_allowed(text: str) -> AddressError:
    return AddressError(Reply(553, "5.1.3", (f"Address not allowed: {text}",)))
