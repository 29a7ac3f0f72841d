"""Nobody can use the lab to send mail to strangers: every known way of asking, at every SMTP listener, on plain sockets.

After nmap's smtp-open-relay (16 tests), reedmedia's rlytest, and the tricks with which parsers were fooled since.
"""

import base64
import itertools
import socket
import ssl

import pytest

EVIL = b"evil.internal"  # a domain that is not in the lab

SENDERS = [  # T129
    b"<a@%(evil)s>",
    b"<>",
    b"<victim@%(local)s>",
    b"<alice>",
    b"<victim@localhost>",
    b"<victim@[127.0.0.1]>",
]

NMAP = [
    b"<victim@%(evil)s>",
    b"<victim%%%(evil)s@[127.0.0.1]>",  # T130
    b"<victim%%%(evil)s@%(local)s>",
    b'<"victim@%(evil)s">',  # T131
    b'<"victim%%%(evil)s">',
    b"<victim@%(evil)s@[127.0.0.1]>",  # T132
    b'<"victim@%(evil)s"@[127.0.0.1]>',  # T133
    b"<victim@%(evil)s@%(local)s>",
    b"<@[127.0.0.1]:victim@%(evil)s>",  # T134
    b"<@%(local)s:victim@%(evil)s>",
    b"<%(evil)s!victim>",  # T135
    b"<%(evil)s!victim@[127.0.0.1]>",
    b"<%(evil)s!victim@%(local)s>",
]

MORE = [
    b"<victim%%%(evil)s>",
    b'<"victim@%(evil)s"@%(local)s>',
    b"<@%(local)s,@x.test:victim@%(evil)s>",
    b"<@x.test:victim@%(evil)s>",
    b"<%(local)s!victim@%(evil)s>",
    b"<victim@%(evil)s%%%(local)s>",
    b"<victim%%%(evil)s%%%(local)s@%(local)s>",
    b"<victim@%(local)s@%(evil)s>",
    b"victim@%(evil)s",  # what learners type is borne, not relayed
    b" <victim@%(evil)s>",
    b" victim@%(evil)s",
    b"<victim@%(evil)s",
    b"<=?utf-8?q?vv=40evil.internal=0d=20?=@%(local)s>",  # T136
    b"<=?utf-8?q?v=40w=3e=0d=0aRCPT=20TO:=3cvictim=40evil.internal=3e?=@%(local)s>",  # T137
    b"<=?utf-8?q?a=0d=0aBcc:_victim=40evil.internal,_b?=@%(local)s>",  # T138
    b"<=?unicode_escape?q?=5Cx0aX?=@%(local)s>",
    b"<user@=?utf-8?q?evil=2einternal?=>",  # T139
    b"<=?utf-8?q?..=2f..=2fetc=2fpasswd?=@%(local)s>",  # T140
    b"<../../etc/passwd@%(local)s>",
    b"<a\x00b@%(local)s>",  # T141
    b"<a\tb@%(local)s>",
    b'<"a\x1b[31m"@%(local)s>',
    b"<a@%(local)s\x00.%(evil)s>",
    b"<a(comment)@%(local)s>",  # T142
    b"< victim@%(evil)s >",
    b"<victim@(%(local)s)%(evil)s>",
    "<victim@evil\u3002".encode() + b"%(local)s>",  # T143
    "<victim@\uff45vil.test>".encode(),
    "<victim@evil\xad".encode() + b"%(local)s>",
    b"<victim@sub.%(local)s>",  # T144
    b"<victim@%(local)s.%(evil)s>",
    b"<victim@[2130706433]>",  # T145
    b"<victim@#2130706433>",
    b"<victim@[127.1]>",
    b"<victim@[IPv6:::1]>",
    b"<victim@[10.0.0.1]>",
    b'<"\\">',  # T146
    b'<"',
    b"<",
    b"<a@[",
    b"<@[\t",
    b"\r@[",
    b"<" + b"(" * 400,  # T147
    b"<>",  # T149
    b"<nobody@%(local)s>",  # T155
]

LITERAL = [  # names of the site itself, however they look: one's own people may write there, and get a bounce (T130, T133, T135)
    b"<victim%%%(evil)s@%(local)s>",
    b'<"victim@%(evil)s"@%(local)s>',
    b"<%(evil)s!victim@%(local)s>",
    b"<victim%%%(evil)s%%%(local)s@%(local)s>",
    b"<nobody@%(local)s>",
    b"<victim@sub.%(local)s>",  # the zone of the site says that there is no such name
]

PROBES = [*itertools.product(SENDERS, NMAP), *((SENDERS[0], recipient) for recipient in MORE)]
PER_CONNECTION = 2  # fewer than any limit on errors, so that each probe gets its own answer
OWN = {"sender.test": b"alice@sender.test", "recipient.test": b"bob@recipient.test"}
LISTENERS = list(itertools.product(["sender.test", "recipient.test"], ["smtp", "submission", "submissions"]))


class Wire:
    """A talk at one door, line by line; the TLS that the door asks for, no courtesy beyond."""

    def __init__(self, lab, site: str, service: str, *, secure: bool = False) -> None:
        context = ssl.create_default_context(cafile=lab.authority)
        self._wire = socket.create_connection((lab.host, lab.port(service, site)), timeout=20)
        if service == "submissions":
            self._wire = context.wrap_socket(self._wire, server_hostname=lab.host)
        self._file = self._wire.makefile("rb")
        self.read()
        self.ask(b"EHLO client.test")
        if secure and service != "submissions":
            self.ask(b"STARTTLS")
            self._file.close()
            self._wire = context.wrap_socket(self._wire, server_hostname=lab.host)
            self._file = self._wire.makefile("rb")
            self.ask(b"EHLO client.test")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._wire.close()

    def read(self) -> int:
        """The code of the next reply; 421 when the server has hung up."""
        while (line := self._file.readline()) and line[3:4] == b"-":
            pass
        return int(line[:3] or 421)

    def ask(self, line: bytes) -> int:
        """Say one line, hear its code."""
        self._wire.sendall(line + b"\r\n")
        return self.read()


def accepted(lab, site: str, service: str, probes, login: bytes = b"") -> list[bytes]:
    """Every probe that the listener does not refuse with 5yz."""
    found = []
    words = {b"local": site.encode(), b"evil": EVIL}
    for start in range(0, len(probes), PER_CONNECTION):
        with Wire(lab, site, service, secure=service != "smtp") as wire:
            if login:
                assert wire.ask(b"AUTH PLAIN " + login) == 235
            for sender, recipient in probes[start : start + PER_CONNECTION]:
                taken = wire.ask(b"MAIL FROM:" + sender % words)
                assert taken == 250 or not login
                if wire.ask(b"RCPT TO:" + recipient % words) // 100 != 5:
                    found.append(sender % words + b" -> " + recipient % words)
                wire.ask(b"RSET")
    return found


def plain(address: bytes) -> bytes:
    """The response of AUTH PLAIN; in the lab the password is the name before the @."""
    name = address.partition(b"@")[0]
    return base64.b64encode(b"\0" + address + b"\0" + name)


@pytest.mark.parametrize(("site", "service"), LISTENERS)
def test_stranger(lab, site, service):
    """A stranger reaches nobody outside, whatever they write as sender and recipient."""  # T158
    since = len(lab.entries)
    inside = b"<victim@sub.%(local)s>" if (site, service) == ("sender.test", "smtp") else b""  # taken, and bounces
    assert accepted(lab, site, service, [probe for probe in PROBES if probe[1] != inside]) == []
    assert [
        entry for entry in lab.entries[since:] if entry["kind"] in ("submitted", "queued", "delivered", "attempted")
    ] == []


@pytest.mark.parametrize(("site", "service"), [(site, service) for site, service in LISTENERS if service != "smtp"])
def test_own_person(lab, site, service):
    """Someone who has logged in reaches nobody outside the lab either."""  # T157
    probes = [(b"<%s>" % OWN[site], recipient) for recipient in (*NMAP, *MORE) if recipient not in LITERAL]
    assert accepted(lab, site, service, probes, plain(OWN[site])) == []


def test_literal_names_stay_inside(lab):
    """A name of the site that looks like a way out is looked for at the site, and bounces."""
    since = len(lab.entries)
    words = {b"local": b"sender.test", b"evil": EVIL}
    with Wire(lab, "sender.test", "submissions", secure=True) as wire:
        assert wire.ask(b"AUTH PLAIN " + plain(OWN["sender.test"])) == 235
        assert wire.ask(b"MAIL FROM:<alice@sender.test>") == 250
        recipients = [recipient % words for recipient in LITERAL]
        codes = [wire.ask(b"RCPT TO:" + recipient) for recipient in recipients]
        assert {code // 100 for code in codes} <= {2, 5}
        if 250 not in codes:
            return
        assert wire.ask(b"DATA") == 354
        assert wire.ask(b"Subject: out\r\n\r\nout\r\n.") == 250
    taken = [recipient for recipient, code in zip(recipients, codes, strict=True) if code == 250]
    domains = {recipient.rpartition(b"@")[2].rstrip(b">").decode() for recipient in taken}
    for domain in domains:  # each has a job of its own, and so a bounce of its own
        job = told(lab, since, "queued", domain=domain)["job"]
        bounce = told(lab, since, "bounced", job=job)["message"]
        told(lab, since, "attempted", job=f"{bounce}.1", code=250)
    happened = [entry for entry in lab.entries[since:] if entry["kind"] in ("attempted", "bounced", "delivered")]
    assert {entry["host"] for entry in happened if entry["kind"] == "attempted"} == {"mx.sender.test"}
    mailboxes = [entry["mailbox"] for entry in happened if entry["kind"] == "delivered"]
    assert mailboxes == ["alice@sender.test"] * len(domains)


def told(lab, since: int, kind: str, **fields: object) -> dict:
    """The first entry of this kind with these fields, past or to come."""
    return lab.wait(lambda entry: entry["kind"] == kind and fields.items() <= entry.items(), since)


def test_encoded_word(lab):
    """The relay by an encoded word is refused with 553 at every door that speaks to strangers."""  # T136
    for site in ("sender.test", "recipient.test"):
        with Wire(lab, site, "smtp") as wire:
            assert wire.ask(b"MAIL FROM:<a@b.test>") == 250
            assert wire.ask(b"RCPT TO:<=?utf-8?q?vv=40evil.internal=0d=20?=@%s>" % site.encode()) == 553
            assert wire.ask(b"DATA") == 503


@pytest.mark.parametrize(("site", "service"), LISTENERS)
def test_people_of_the_lab(lab, site, service):
    """The same doors take a message for one's own people, so that the refusals above mean something."""
    own = OWN[site]
    with Wire(lab, site, service, secure=service != "smtp") as wire:
        if service != "smtp":
            assert wire.ask(b"AUTH PLAIN " + plain(own)) == 235
        assert wire.ask(b"MAIL FROM:<" + own + b">") == 250
        assert wire.ask(b"RCPT TO:<" + own + b">") == 250


@pytest.mark.parametrize("service", ["submission", "submissions"])
def test_submission_needs_a_login(lab, service):
    """A submission door takes nothing from a stranger, not even for its own people."""  # T156
    with Wire(lab, "sender.test", service) as wire:
        assert wire.ask(b"MAIL FROM:<alice@sender.test>") == 530
