"""How a query or an answer reads in the transcript: one line a record, printable ASCII whatever came.

    recipient.test. IN MX ?
    NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.
    NODATA recipient.test. IN AAAA (SOA recipient.test. ns.recipient.test. ...)
    NXDOMAIN nobody.recipient.test. (SOA recipient.test. ns.recipient.test. ...)
    REFERRAL dept.recipient.test. 3600 IN NS ns.dept.recipient.test.
    REFUSED example.com. IN MX

Names and texts are written as in a master file, so that no line can move a cursor, end early, or pass for two.
"""

from collections.abc import Iterator

from maillab.protocols.dns.message import AA, TC, DnsMessage, Section, read

CHARACTERS = 1000  # of one line
SHOWN = 24  # octets of what cannot be read


def described(octets: bytes) -> list[str]:
    """The lines for a message, one at least. Never raises.

    >>> described(b"\\x00\\x01hello")
    ['unreadable, 7 octets: 00 01 68 65 6c 6c 6f']
    """
    message = read(octets)
    lines = _lines(message) if message else [_unreadable(octets)]
    return [line if len(line) <= CHARACTERS else line[: CHARACTERS - 3] + "..." for line in lines]


def fields(octets: bytes) -> list[tuple[str, str]]:
    """Every field with its name, in the order in which a message has them; [] for octets that cannot be read.

    >>> fields(bytes.fromhex("0007 0100 0001 0000 0000 0000 04 74657374 00 000f 0001"))
    [('id', '7'), ('opcode', 'QUERY'), ('flags', 'rd'), ('question', 'test. IN MX')]
    """
    message = read(octets)
    if message is None:
        return []
    named = [("id", str(message.ident)), ("opcode", message.opcode), ("flags", " ".join(message.flag_names) or "none")]
    named += [("code", message.rcode)] if message.is_response else []
    named += [("question", str(message.question))] if message.question else []
    named += [(record.section, str(record)) for record in message.records]
    named += [("more", str(message.left))] if message.left else []
    if edns := message.edns:
        named.append(("EDNS", f"version {edns.version}, udp {edns.payload}" + ", do" * edns.dnssec_ok))
    named += [("rest", _unreadable(message.rest))] if message.rest else []
    return [(name, value[:CHARACTERS]) for name, value in named]


def header(octets: bytes) -> str:
    """The fields that `described` leaves out, in one line; "" for octets that cannot be read.

    >>> header(bytes.fromhex("0007 0100 0001 0000 0000 0000 04 74657374 00 000f 0001"))
    'id 7, opcode QUERY, flags rd'
    """
    return ", ".join(f"{name} {value}" for name, value in fields(octets) if name in ("id", "opcode", "flags", "EDNS"))


def _lines(message: DnsMessage) -> list[str]:
    lines = [*_answers(message)] if message.is_response else [_query(message)]
    if message.rest:
        lines.append(_unreadable(message.rest))
    return lines


def _query(message: DnsMessage) -> str:
    verb = "" if message.opcode == "QUERY" else f"{message.opcode} "
    more = f" and {message.questions - 1} more" if message.questions > 1 else ""
    return f"{verb}{message.question or 'no question'}{more} ?"


def _answers(message: DnsMessage) -> Iterator[str]:
    """One line a record, at least one in all."""
    question = f" {message.question}" if message.question else ""
    head = message.rcode + " aa" * bool(message.flags & AA) + " tc" * bool(message.flags & TC)
    lines = [*_records(message, head)]
    if message.flags & TC:
        lines.append(f"{head}{question} (too long for UDP: ask again over TCP)")
    if message.left:
        lines.append(f"... and {message.left} more")
    yield from lines or [head + question]


def _records(message: DnsMessage, head: str) -> Iterator[str]:
    """The SOA beside a "no" stands with the name that it denies: the end of the chain of aliases."""
    name, rdtype = (message.question.name, message.question.rdtype) if message.question else ("", "")
    is_answered = False
    for record in message.records:
        match record.section:
            case Section.ANSWER:
                is_alias = record.rdtype == "CNAME"
                name = record.target if is_alias else name
                is_answered = not is_alias or rdtype == "CNAME"
                yield f"{head} {record}"
            case Section.AUTHORITY if record.rdtype == "SOA" and name and not is_answered:
                is_there = message.rcode == "NOERROR"
                denied = f"NODATA {name} IN {rdtype}" if is_there else f"{message.rcode} {name}"
                yield f"{denied} (SOA {record.name} {record.data})"
            case Section.AUTHORITY:
                yield f"{'REFERRAL' if record.rdtype == 'NS' else 'AUTHORITY'} {record}"
            case Section.ADDITIONAL:
                yield f"GLUE {record}"


def _unreadable(octets: bytes) -> str:
    dots = " ..." if len(octets) > SHOWN else ""
    return f"unreadable, {len(octets)} octets: {octets[:SHOWN].hex(' ')}{dots}"
