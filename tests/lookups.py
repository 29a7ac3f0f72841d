"""Queries and responses of DNS for logbooks that are written by hand: octets by dnspython, which is a judge of ours."""

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from maillab.events import Packet, Side


def looked_up(talk: str, question: str, *records: str, code: str = "NOERROR", ident: int = 7) -> list[Packet]:
    """The query and its response: `looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 mx.a.test.")`."""
    name, rdclass, kind = question.split()
    query = dns.message.make_query(name, kind, rdclass, use_edns=0, payload=1232, id=ident)
    response = dns.message.make_response(query, our_payload=1232)
    response.flags |= dns.flags.AA
    response.flags &= ~dns.flags.RA
    response.set_rcode(dns.rcode.from_text(code))
    for record in records:
        owner, ttl, record_class, record_kind, data = record.split(" ", 4)
        response.answer.append(dns.rrset.from_text(owner, int(ttl), record_class, record_kind, data))
    return [Packet(talk, Side.CLIENT, query.to_wire()), Packet(talk, Side.SERVER, response.to_wire())]
