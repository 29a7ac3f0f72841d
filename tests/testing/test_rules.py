"""Rules set by a test while its lab runs."""

import smtplib

import pytest

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
    with pytest.raises(RuleError, match=r"is drop meant\? \(column 9\)"):
        maillab_lab.rules.add("at rcpt dorp")
    with pytest.raises(RuleError, match=r"no site is called nosuch\.test"):
        maillab_lab.rules.add("at nosuch.test rcpt drop")
    with pytest.raises(LookupError, match="7"):
        maillab_lab.rules.remove(7)
    assert maillab_lab.rules.listed == ()
