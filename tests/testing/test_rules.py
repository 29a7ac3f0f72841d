"""Rules set by a test while its lab runs."""

import smtplib
import socket

import pytest

from maillab.events import Closed, Opened
from maillab.rules.language import RuleError
from maillab.testing import RunningLab


def test_a_rule_holds_from_the_next_command_on(maillab: RunningLab) -> None:
    """On a connection that is open already; switched off, edited and removed likewise."""
    endpoint = maillab.endpoint("recipient.test", "smtp")
    with smtplib.SMTP(endpoint.host, endpoint.port, local_hostname="client.test") as client:
        number = maillab.rules.add('at noop answer 451 4.7.1 "not now"')
        assert client.noop() == (451, b"4.7.1 not now")
        maillab.rules.edit(number, "at noop answer 421")
        assert client.noop()[0] == 421
        maillab.rules.switch(number, on=False)
        assert client.noop()[0] == 250
        maillab.rules.switch(number, on=True)
        assert client.noop()[0] == 421
        assert [(listed.number, listed.played) for listed in maillab.rules.listed] == [(number, 1)]
        maillab.rules.remove(number)
        assert client.noop()[0] == 250
    maillab.rules.add("at rcpt drop")
    maillab.rules.clear()
    assert maillab.rules.listed == ()


def test_what_is_no_rule_is_told_to_the_test(maillab_lab: RunningLab) -> None:
    """With the column; a site that the lab does not have is none, either."""
    with pytest.raises(RuleError, match=r"did you mean drop\? \(column 9\)"):
        maillab_lab.rules.add("at rcpt dorp")
    with pytest.raises(RuleError, match=r"no site is called nosuch\.test"):
        maillab_lab.rules.add("at nosuch.test rcpt drop")
    with pytest.raises(LookupError, match="7"):
        maillab_lab.rules.remove(7)
    assert maillab_lab.rules.listed == ()


def test_a_bystander_notices_nothing(maillab: RunningLab) -> None:
    """Who is connected at another site, and who is at the same, stays so through twenty changes; each change holds."""
    here, there = (maillab.endpoint(site, "smtp") for site in ("recipient.test", "sender.test"))
    with (
        smtplib.SMTP(here.host, here.port, local_hostname="client.test") as client,
        smtplib.SMTP(there.host, there.port, local_hostname="client.test") as bystander,
    ):
        for number in range(5):
            rule = maillab.rules.add(f"at recipient.test noop answer 45{number}")
            assert (client.noop()[0], bystander.noop()[0]) == (450 + number, 250)
            maillab.rules.edit(rule, "at recipient.test noop answer 550")
            assert (client.noop()[0], bystander.noop()[0]) == (550, 250)
            maillab.rules.switch(rule, on=False)
            assert (client.noop()[0], bystander.noop()[0]) == (250, 250)
            maillab.rules.remove(rule)
            assert (client.noop()[0], bystander.noop()[0]) == (250, 250)
    maillab.wait(lambda event: isinstance(event, Closed) and event.why == "quit", count=2)
    assert sum(isinstance(entry.event, Opened) for entry in maillab.entries()) == 2


@pytest.mark.parametrize(
    ("service", "rule", "hello", "refused", "noop"),
    [
        ("smtp", 'at auth answer 454 4.7.0 "busy" once', [b"EHLO x.test"], b"454 4.7.0 busy\r\n", b"250 "),
        ("pop3", 'at auth answer -ERR "busy" once', [], b"-ERR busy\r\n", b"-ERR "),
    ],
)
def test_a_login_is_refused_before_its_first_challenge(
    maillab_lab: RunningLab, service: str, rule: str, hello: list[bytes], refused: bytes, noop: bytes
) -> None:
    """The next line is a command and no response, and the next login is asked for its password as ever."""
    endpoint = maillab_lab.endpoint("sender.test", service)
    number = maillab_lab.rules.add(rule)
    with socket.create_connection((endpoint.host, endpoint.port), timeout=10) as client, client.makefile("rb") as told:
        told.readline()
        for line in hello:
            client.sendall(line + b"\r\n")
            while told.readline()[3:4] == b"-":
                pass
        client.sendall(b"AUTH PLAIN\r\nNOOP\r\nAUTH PLAIN\r\n")
        assert told.readline() == refused
        assert told.readline().startswith(noop)
        assert told.readline() in (b"334 \r\n", b"+ \r\n")
    maillab_lab.rules.remove(number)
