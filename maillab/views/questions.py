"""What a name server was asked, and what it answered, in a few words: `recipient.test MX?` and `10 mx.recipient.test`.

Rules for this file: it reads packets, and never raises.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maillab.events import Entry, Packet, Side
from maillab.protocols.dns.message import Section, read

SHOWN = 3  # records of an answer


@dataclass(frozen=True, slots=True)
class LookupFact:
    """One question with its answer; `found`: it was answered with what was asked for. "" while there is no answer."""

    question: str
    answer: str = ""
    found: bool = False


def looked_up(entries: Iterable[Entry]) -> list[LookupFact]:
    """The questions of a talk, in their order, each with the answer that came for it.

    >>> looked_up([])
    []
    """
    facts: list[LookupFact] = []
    for entry in entries:
        if isinstance(entry.event, Packet) and (message := read(entry.event.octets)) is not None:
            if entry.event.side is Side.CLIENT:
                asked = message.question
                facts.append(LookupFact(f"{asked.name.rstrip('.') or '.'} {asked.rdtype}?" if asked else "?"))
            elif facts:
                records = [record for record in message.records if record.section is Section.ANSWER]
                said = [f"{record.data}".rstrip(".") for record in records[:SHOWN]]
                more = f" +{len(records) - SHOWN}" if len(records) > SHOWN else ""
                denied = message.rcode if message.rcode != "NOERROR" else "NODATA"
                facts[-1] = LookupFact(facts[-1].question, ", ".join(said) + more if said else denied, bool(said))
    return facts
