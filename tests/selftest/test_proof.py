"""Everything that the doors announce is proved by use: what is true is found true, and every lie is found."""

import dns.message
import dns.rcode
import pytest
from dns.rdatatype import RdataType
from msgspec import structs

from maillab.config import default
from maillab.config_file import from_table
from maillab.endpoints import Endpoint
from maillab.nameserver.zone import Zones
from maillab.protocols.imap.commands import MoveCommand
from maillab.recipient import pop3
from maillab.recipient.imap import dialogue, verbs
from maillab.selftest.claim import UNPROVED, Claim, Lie
from maillab.selftest.proof import everything, judged
from maillab.web import app
from maillab.web.mailpit import tagging
from maillab.wire import smtp_server

DOOR = Endpoint("a.test", "smtp", "127.0.0.1", 1, "none", False, "nothing")
SMTP = ("smtp", "submission", "submissions")
POP3, IMAP = ("pop3", "pop3s"), ("imap", "imaps")


def test_lies_are_found(monkeypatch):
    """At every door of a site an extension without a proof is found, and one that does something else; no more."""
    _lie_in_smtp(monkeypatch)
    _lie_in_pop3(monkeypatch)
    _lie_in_imap(monkeypatch)
    _lie_in_dns(monkeypatch)
    _lie_in_http(monkeypatch)
    config = default()
    verdicts = list(everything(structs.replace(config, sites=config.sites[:1])))
    found = {(verdict.site, verdict.service, verdict.capability) for verdict in verdicts if verdict.why}
    planted = {
        *((service, word) for service in SMTP for word in ("ETRN", "SIZE")),
        *((service, word) for service in POP3 for word in ("XTND", "TOP")),
        *((service, word) for service in IMAP for word in ("NOTIFY", "MOVE")),
    }
    assert found == {
        *(("sender.test", service, word) for service, word in planted),
        ("", "dns", "SRV"),
        ("", "http", "GET /api/v1/none"),
        ("", "http", "GET /api/v1/tags"),
    }
    assert {verdict.why for verdict in verdicts if verdict.capability in ("ETRN", "XTND", "NOTIFY")} == {UNPROVED}
    assert len(verdicts) > 150


def _lie_in_smtp(monkeypatch):
    """ETRN that nobody obeys, and messages of half a size more than are taken."""
    true = smtp_server.capabilities

    def told(config, caller):
        words = [
            f"SIZE {config.limits.message * 3 // 2}" if word.startswith("SIZE") else word
            for word in true(config, caller)
        ]
        return (*words, "ETRN")

    monkeypatch.setattr(smtp_server, "capabilities", told)


def _lie_in_pop3(monkeypatch):
    """XTND that nobody obeys, and TOP that says the whole message."""
    true = pop3.Pop3._possible
    monkeypatch.setattr(pop3.Pop3, "_possible", lambda self: (*true(self), "XTND"))
    monkeypatch.setattr(pop3, "top", lambda content, count: content)


def _lie_in_imap(monkeypatch):
    """NOTIFY that nobody obeys, and MOVE that only copies."""
    true = verbs.capabilities
    monkeypatch.setattr(dialogue, "capabilities", lambda session: [*true(session), "NOTIFY"])
    monkeypatch.setitem(
        verbs.VERBS,
        MoveCommand,
        verbs.ImapVerb("MOVE", (verbs.Looking,), verbs._looking(verbs.copy), "MOVE", ("MOVE",)),
    )


def _lie_in_dns(monkeypatch):
    """SRV records that are in the zones and in no answer."""
    true = Zones.answer

    def answer(self, wire, *, tcp):
        query = dns.message.from_wire(wire)
        if query.question[0].rdtype != RdataType.SRV:
            return true(self, wire, tcp=tcp)
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    monkeypatch.setattr(Zones, "answer", answer)


def _lie_in_http(monkeypatch):
    """A route that nobody answers, and a list of tags that is always empty."""
    true = app.announced
    monkeypatch.setattr(app, "announced", lambda: [*true(), ("GET", "/api/v1/none")])
    monkeypatch.setattr(tagging, "all_tags", lambda messages: [])


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["app", "strict", "hcmus"])
def test_profiles(profile):
    """No profile announces what it does not keep."""
    assert [verdict for verdict in everything(from_table({"profile": profile}, "a test")) if verdict.why] == []


def test_one_verdict_for_all_situations():
    """What is announced twice, and is a lie the second time, is one lie; the others are looked at all the same."""

    def lie():
        raise Lie("no")

    claims = [Claim("early", "A", lambda: None), Claim("late", "A", lie), Claim("early", "B", lambda: None)]
    one, other = judged(DOOR, claims)
    assert (one.capability, one.when, one.why, one.lie_when) == ("A", ("early", "late"), "no", "late")
    assert (other.capability, other.why) == ("B", "")


def test_a_door_that_does_not_answer():
    """It is told, too: nothing is known of what it would announce."""

    def nothing():
        raise Lie("no answer")
        yield

    [verdict] = judged(DOOR, nothing())
    assert (verdict.capability, verdict.when, verdict.why) == ("", (), "no answer")
