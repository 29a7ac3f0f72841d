"""What a connection held is given back when it ends, by whatever door it came: no collector is waited for."""

import gc
import imaplib
import poplib
import smtplib
import ssl
import weakref

import pytest

from maillab.testing import RunningLab
from maillab.wire.driver import Driver
from tests.support import holds_soon

TIMES = 3


def over_smtp(port, tls):
    """A message, after STARTTLS."""
    with smtplib.SMTP("127.0.0.1", port, "client.test", timeout=20) as wire:
        wire.starttls(context=tls)
        wire.login("alice", "alice")
        wire.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: here\r\n\r\nHere.\r\n")


def over_smtp_in_tls(port, tls):
    """The same in TLS from the first octet."""
    with smtplib.SMTP_SSL("127.0.0.1", port, "client.test", timeout=20, context=tls) as wire:
        wire.login("alice", "alice")
        wire.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: here\r\n\r\nHere.\r\n")


def over_pop3(port, tls):
    """A list, after STLS."""
    wire = poplib.POP3("127.0.0.1", port, timeout=20)
    wire.stls(tls)
    wire.user("bob")
    wire.pass_("bob")
    wire.list()
    wire.quit()


def over_imap(port, tls):
    """A mailbox, watched until the end; TLS from the first octet."""
    with imaplib.IMAP4_SSL("127.0.0.1", port, timeout=20, ssl_context=tls) as wire:
        wire.login("bob", "bob")
        wire.select("INBOX")
        wire.search(None, "ALL")


def hanging_up(port, tls):
    """No word of farewell: the client is gone in the middle."""
    wire = poplib.POP3("127.0.0.1", port, timeout=20)
    wire.stls(tls)
    wire.close()


@pytest.mark.parametrize(
    ("talk", "service", "site"),
    [
        (over_smtp, "submission", "sender.test"),
        (over_smtp_in_tls, "submissions", "sender.test"),
        (over_pop3, "pop3", "recipient.test"),
        (over_imap, "imaps", "recipient.test"),
        (hanging_up, "pop3", "recipient.test"),
    ],
)
def test_nothing_is_left_of_a_connection(monkeypatch, talk, service, site):
    """Its driver, and with it the buffers of TLS, are gone as soon as it is over."""
    alive, made = weakref.WeakSet(), []
    make = Driver.__init__

    def watched(self, *args):
        make(self, *args)
        alive.add(self)
        made.append(self.config.service)

    def left():
        return [driver for driver in alive if driver.config.service == service]

    monkeypatch.setattr(Driver, "__init__", watched)
    tls = ssl._create_unverified_context()
    with RunningLab() as lab:
        gc.collect()
        gc.disable()
        try:
            for _ in range(TIMES):
                talk(lab.endpoint(site, service).port, tls)
            assert holds_soon(lambda: not left()), gc.get_referrers(*left())
            assert made.count(service) >= TIMES
        finally:
            gc.enable()
