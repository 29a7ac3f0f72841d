"""Rules set by a test while its lab runs."""

import smtplib

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
