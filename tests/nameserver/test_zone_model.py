"""Any zone, asked for any name: what is answered is what a model says that is written from RFC 1034 §4.3.2 and RFC 4592.

The model knows names as tuples of labels, the last one first, and nothing of the name server.
"""

import dns.message
import dns.rcode
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from maillab.nameserver.master import ZoneError
from maillab.nameserver.zone import Zones

LABELS = st.sampled_from(["a", "b", "c"])
OWNERS = st.builds(
    lambda labels, wild: (*labels, *(["*"] * wild)), st.lists(LABELS, max_size=3).map(tuple), st.booleans()
)
ASKED = st.lists(st.sampled_from(["a", "b", "c", "x"]), max_size=4).map(tuple)
TYPES = st.sampled_from(["A", "TXT", "CNAME", "NS"])
RECORDS = st.lists(st.tuples(OWNERS, TYPES, ASKED), max_size=8)
TOP = ((), "NS", ("ns",))


def written(labels):
    """A name as a zone file has it."""
    return ".".join([*reversed(labels), "z.test."])


def data(kind, target):
    """What a record says."""
    return {"A": "127.0.0.1", "TXT": '"' + "-".join(target) + '"'}.get(kind) or written(target)


class Model:
    """A zone of these records, at the top of which stand SOA and NS."""

    def __init__(self, records):
        self.nodes = {(): {"SOA": [()]}}
        for owner, kind, target in records:
            for depth in range(len(owner) + 1):
                self.nodes.setdefault(owner[:depth], {})
            self.nodes[owner].setdefault(kind, []).append(target)

    def answer(self, name, kind):
        """The code, the records of the answer, and whether somebody else is to be asked."""
        told, seen = [], set()
        while True:
            seen.add(name)
            cut = next(
                (name[:depth] for depth in range(1, len(name) + 1) if "NS" in self.nodes.get(name[:depth], {})), None
            )
            if cut is not None:
                return "NOERROR", told, True
            node = self.found(name)
            if node is None:
                return "NXDOMAIN", told, False
            if kind in node:
                return "NOERROR", told + [(name, kind, target) for target in node[kind]], False
            if "CNAME" not in node:
                return "NOERROR", told, False
            [target] = node["CNAME"]
            told.append((name, "CNAME", target))
            if target in seen:
                return "NOERROR", told, False
            name = target

    def found(self, name):
        """What is at a name: its own, else that of the wildcard below the nearest name that there is; None for nothing."""
        if name in self.nodes:
            return self.nodes[name]
        depth = next(depth for depth in range(len(name), -1, -1) if name[:depth] in self.nodes)
        return self.nodes.get((*name[:depth], "*"))


@settings(max_examples=150, suppress_health_check=[*HealthCheck])
@given(RECORDS, st.lists(st.tuples(ASKED, st.sampled_from(["A", "TXT", "CNAME"])), min_size=1, max_size=6))
def test_any_zone(records, questions):
    """Aliases, wildcards, delegations and names between: everything that can be asked is answered as RFC 1034 says."""
    records = [TOP, *(row for row in records if row[0] or row[1] == "TXT")]
    lines = [
        "@ 60 SOA ns root 1 60 60 60 60",
        *(f"{written(owner)} 60 {kind} {data(kind, target)}" for owner, kind, target in records),
    ]
    try:
        zones = Zones.read([("z.test", "\n".join(lines) + "\n")])
    except ZoneError:
        assume(False)
    model = Model(records)
    for name, kind in [
        *questions,
        *((owner, kind) for owner, kind, _ in records if "*" not in owner and kind != "NS"),
    ]:
        reply = dns.message.from_wire(zones.answer(dns.message.make_query(written(name), kind).to_wire(), tcp=True))
        code, told, elsewhere = model.answer(name, kind)
        heard = {(str(rrset.name), rdata.to_text()) for rrset in reply.answer for rdata in rrset}
        assert heard == {(written(owner), data(each, target)) for owner, each, target in told}, (name, kind)
        assert dns.rcode.to_text(reply.rcode()) == code, (name, kind)
        assert (any(rrset.rdtype == 2 for rrset in reply.authority)) == elsewhere, (name, kind)
