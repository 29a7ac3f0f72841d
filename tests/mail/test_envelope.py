"""The envelope."""

import pytest

from maillab.mail.address import Address
from maillab.mail.envelope import Recipient

BOB = Address("bob", "recipient.test")


@pytest.mark.parametrize(
    ("notify", "wanted"),
    [
        ((), {"FAILURE", "DELAY"}),
        (("NEVER",), set()),
        (("SUCCESS",), {"SUCCESS"}),
        (("FAILURE", "DELAY"), {"FAILURE", "DELAY"}),
    ],
)
def test_notify_says_which_reports_are_due(notify, wanted):
    """NOTIFY decides which reports a sender gets; nothing said means failures and delays (RFC 3461 §4.1)."""
    recipient = Recipient(BOB, notify)
    assert {report for report in ("SUCCESS", "FAILURE", "DELAY") if recipient.wants(report)} == wanted


def test_bare_postmaster_comes_home():
    """The bare postmaster gets the domain of the host that was asked; everyone else keeps their own (T150)."""
    assert Recipient(Address("postmaster", "")).at_home("a.test").address == Address("postmaster", "a.test")
    assert Recipient(BOB).at_home("a.test").address == BOB
