"""A message of DNS said plainly, in one line: what is asked, and what the answer comes to.

Rules for this file: no Textual; what came from outside is made safe. The exact words stand in what the line unfolds.
"""

from maillab.protocols.dns.described import described
from maillab.protocols.dns.message import DnsMessage, DnsRecord, Section, read
from maillab.views.safe import safe

NAMED = 4  # records that are said


def plainly(octets: bytes) -> str:
    """The line.

    >>> plainly(bytes.fromhex("0007 0100 0001 0000 0000 0000 04 74657374 00 000f 0001"))
    'test MX?'
    >>> plainly(b"?")
    'unreadable, 1 octets: 3f'
    """
    message = read(octets)
    if message is None or message.question is None or message.opcode != "QUERY" or message.questions > 1:
        return safe(described(octets)[0])
    name = _name(message.question.name)
    if not message.is_response:
        return f"{name} {safe(message.question.rdtype)}?"
    return _answer(message, name, message.question.rdtype)


def _answer(message: DnsMessage, name: str, asked: str) -> str:
    records = [record for record in message.records if record.section is Section.ANSWER]
    wanted = [record for record in records if asked in (record.rdtype, "ANY")] or records
    if wanted:
        said = " · ".join(map(_record, wanted[:NAMED]))
        return f"{said} +{len(wanted) - NAMED}" if len(wanted) > NAMED else said
    if message.rcode != "NOERROR":
        return safe(f"{message.rcode} {name}")
    referred = [r for r in message.records if r.section is Section.AUTHORITY and r.rdtype == "NS"]
    return f"REFERRAL {_record(referred[0])}" if referred else safe(f"NODATA {name} {asked}")


def _record(record: DnsRecord) -> str:
    data = record.data
    if record.target and data.endswith(record.target):
        data = data[: -len(record.target)] + _name(record.target)
    return safe(f"{record.rdtype} {data}")


def _name(name: str) -> str:
    """A name as people write it: without the last dot, but for the root."""
    return safe(name[:-1] if len(name) > 1 and name.endswith(".") else name)
