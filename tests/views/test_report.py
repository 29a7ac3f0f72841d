"""A delivery report, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.gloss import LANGS
from maillab.views.report import RECIPIENTS, ReportField, meaning, read_report

REPORT = (
    b"Reporting-MTA: dns; mail.sender.test\r\nArrival-Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n"
    b"Final-Recipient: rfc822; nobody@recipient.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n\r\n"
    b"Final-Recipient: rfc822; bob@recipient.test\r\nAction: delayed (today)\r\nStatus: 4.4.1 (no answer)\r\n"
)


def test_fields_in_their_order() -> None:
    """The fields about the message come first, then a group for each recipient; a folded field is one line."""
    report = read_report(REPORT)

    assert [field.name for field in report.about] == ["Reporting-MTA", "Arrival-Date"]
    assert [group[0].value for group in report.recipients] == [
        "rfc822; nobody@recipient.test",
        "rfc822; bob@recipient.test",
    ]
    assert report.recipients[0][3] == ReportField("Diagnostic-Code", "smtp; 550 5.1.1 no such user")


def test_a_report_without_fields_about_the_message() -> None:
    """A server that begins with the recipient is read, too."""
    report = read_report(b"Final-Recipient: rfc822; bob@x.test\nStatus: 5.0.0\n")

    assert report.about == ()
    assert len(report.recipients) == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("group", read_report(REPORT).recipients)
def test_every_field_has_a_meaning(group: tuple[ReportField, ...], lang: str) -> None:
    """Each field of a report that the lab writes is explained in both languages."""
    assert all(meaning(field, lang) for field in group)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Status", "5.1.1", "No such mailbox"),
        ("status", "4.4.1 (no answer)", "No answer from the next host"),
        ("Status", "5.99.99", "three numbers"),
        ("Status", "soon", "three numbers"),
        ("Action", "FAILED", "gave up"),
        ("Action", "danced", "What the server did"),
        ("Remote-MTA", "dns; x", "asked to take the message"),
    ],
)
def test_what_a_field_means(name: str, value: str, words: str) -> None:
    """A status and an action are explained by their value, others by their name."""
    found = meaning(ReportField(name, value))

    assert found is not None
    assert words in found.text


def test_an_unknown_field_has_none() -> None:
    """What no standard names is not explained."""
    assert meaning(ReportField("X-Own", "1")) is None


@given(st.binary(max_size=300))
def test_nothing_raises(octets: bytes) -> None:
    """Any bytes are some report."""
    for group in (read_report(octets).about, *read_report(octets).recipients):
        for field in group:
            meaning(field)


def test_a_report_has_an_end() -> None:
    """Of a report of a million groups the first thousand are read."""
    octets = b"A: b\r\n\r\n" * 100_000

    assert len(read_report(octets).recipients) <= RECIPIENTS
