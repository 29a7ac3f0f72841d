"""A question of DNS, or the answer: name, time to keep, class, type, data; code and flags in words (RFC 1035 §4.1)."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from maillab.protocols.dns import DNS
from maillab.protocols.dns.message import DnsMessage, DnsRecord, Section, read
from maillab.views.fields.part import Across, Block, Down, Part
from maillab.views.fields.times import kept
from maillab.views.gloss import stock
from maillab.views.language import Say

SHOWN = 12  # records of one kind that stand in columns

_TYPES = {
    "A": "IPv4 address", "AAAA": "IPv6 address", "MX": "mail exchanger", "NS": "name server", "CNAME": "alias",
    "SOA": "head of the zone", "TXT": "text", "PTR": "name of an address", "SRV": "service", "TLSA": "certificate",
    "ANY": "any type",
}  # fmt: skip
_NAMES = {"A": "the host", "AAAA": "the host", "MX": "the domain", "NS": "the zone", "SOA": "the zone"}
_DATA = {  # the meaning of each field of a record's data
    "A": ("its IPv4 address",),
    "AAAA": ("its IPv6 address",),
    "MX": ("preference", "the host that receives its mail"),
    "NS": ("answers for the zone",),
    "CNAME": ("the real name",),
    "PTR": ("the host there",),
    "SRV": ("priority", "weight", "port", "the host"),
    "TLSA": ("usage", "selector", "matching", "hash or certificate"),
    "SOA": (
        "first name server", "mailbox of its administrator", "serial number", "seconds until a secondary checks again",
        "seconds until it tries again", "seconds until it gives up", "seconds that a “no” may be cached",
    ),
}  # fmt: skip
_CLASSES = {"IN": "Internet", "CH": "Chaosnet"}  # names, in every language
_SECTIONS = {
    Section.ANSWER: "",
    Section.AUTHORITY: "Authority: the servers responsible for these names",
    Section.ADDITIONAL: "Additional: answers to the next questions, sent in advance",
}
_FLAGS = {
    "aa": "aa: the answer comes from the zone itself, not from a cache.",
    "tc": "tc: the answer was cut off; ask again over TCP.",
    "rd": "rd: the client wants the server to ask other servers if needed.",
    "ra": "ra: this server asks other servers if needed.",
    "ad": "ad: the signatures of DNSSEC were checked.",
    "cd": "cd: the client checks signatures itself.",
}
_OPCODES = {
    "NOTIFY": "NOTIFY: tells a secondary server that the zone has changed.",
    "UPDATE": "UPDATE: wants to change the zone.",
    "STATUS": "STATUS: asks how the server is.",
    "IQUERY": "IQUERY: an inverse question, no longer in use.",
}
QUESTIONS_ONLY = ("rd", "cd")  # flags that a question sets, and the answer repeats


def blocks(octets: bytes, say: Say) -> list[Block]:
    """The question, or the records of the answer, in columns; then what the header says.

    >>> query = bytes.fromhex("0007 0100 0001 0000 0000 0000 04 74657374 00 000f 0001")
    >>> blocks(query, Say("en", {}))[0].rows
    (('test.', 'IN', 'MX'),)
    """
    message = read(octets)
    if message is None:
        return []
    if not message.is_response:
        return [*_question(message, say)]
    shown: list[Block] = []
    for section, records in groupby(message.records, key=lambda record: record.section):
        title = say(_SECTIONS[section]) if _SECTIONS[section] else ""
        for _, same in groupby(records, key=lambda record: (record.rdtype, record.rdclass)):
            shown.append(_records([*same], title, say))
            title = ""
    return shown or [*_question(message, say)]


def sentences(octets: bytes, say: Say) -> list[str]:
    """Code and flags in words.

    >>> sentences(bytes.fromhex("0007 8400 0001 0000 0000 0000 04 74657374 00 000f 0001"), Say("en", {}))[1]
    'aa: the answer comes from the zone itself, not from a cache.'
    """
    message = read(octets)
    if message is None:
        return []
    said = [say(_OPCODES[message.opcode])] if message.opcode in _OPCODES else []
    if message.is_response:
        said.append(_code(message, say))
    flags = message.flag_names
    said += [
        say(words)
        for flag, words in _FLAGS.items()
        if flag in flags and not (message.is_response and flag in QUESTIONS_ONLY)
    ]
    if message.left:
        said.append(say("{} more records are not shown here.", message.left))
    if message.edns is not None:
        said.append(say("EDNS: answers up to {} bytes fit over UDP.", message.edns.payload))
    return said


def _code(message: DnsMessage, say: Say) -> str:
    """NOERROR with an answer, NODATA without, else the code."""
    if message.rcode == "NOERROR" and any(one.section is Section.ANSWER for one in message.records):
        return say("NOERROR: the name exists.")
    is_referral = any(one.section is Section.AUTHORITY and one.rdtype == "NS" for one in message.records)
    if message.rcode == "NOERROR" and is_referral:
        return say("NOERROR, and a referral: ask the name servers below.")
    key = "NODATA" if message.rcode == "NOERROR" else message.rcode
    meaning = stock(say.lang).get((DNS.name, "code", key))
    return f"{key}: {meaning.text}" if meaning is not None else key


def _question(message: DnsMessage, say: Say) -> Iterator[Block]:
    question = message.question
    if question is not None:
        row = (question.name, question.rdclass, question.rdtype)
        yield Across((row,), (say("the name asked for"), _class(question.rdclass, say), _type(question.rdtype, say)))


def _records(records: list[DnsRecord], title: str, say: Say) -> Block:
    """Records of one type in columns; the head of a zone, which has seven numbers, one below the other."""
    first = records[0]
    data = _DATA.get(first.rdtype, ())
    rows = [_row(record, len(data)) for record in records[:SHOWN]]
    named = say(_NAMES.get(first.rdtype, "the name"))
    meanings = (
        named,
        _ttl((record.ttl for record in records), say),
        _class(first.rdclass, say),
        _type(first.rdtype, say),
        *(say(word) for word in data or ("the data",)),
    )
    if first.rdtype == "SOA":
        return Down(tuple(Part(text, meaning) for text, meaning in zip(rows[0], meanings, strict=True)), title)
    return Across(tuple(rows), meanings, title)


def _row(record: DnsRecord, fields: int) -> tuple[str, ...]:
    """The fields of a record; data of which we do not know the fields is one."""
    data = record.data.split(" ", fields - 1) if fields > 1 else [record.data]
    if fields > 1:
        data += [""] * (fields - len(data))
    return (record.name, str(record.ttl), record.rdclass, record.rdtype, *data)


def _ttl(seconds: Iterable[int], say: Say) -> str:
    """How long it may be kept; of several that differ, in what it is counted."""
    different = set(seconds)
    return kept(different.pop(), say) if len(different) == 1 else say("keep: seconds")


def _class(word: str, say: Say) -> str:
    return _CLASSES.get(word) or say("class")


def _type(word: str, say: Say) -> str:
    return say(_TYPES[word]) if word in _TYPES else say("type")
