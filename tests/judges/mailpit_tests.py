"""Tests of a program, as people write them with pytest-mailpit; test_http_clients.py runs them against the lab."""

import os
import smtplib
from email.message import EmailMessage

import pytest


def send(to, subject, text, **files):
    """What the program under test does."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "App <app@shop.example>", to, subject
    message.set_content(text)
    for name, octets in files.items():
        message.add_attachment(octets, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    with smtplib.SMTP("127.0.0.1", int(os.environ["LAB_SMTP"]), "program.test", timeout=10) as smtp:
        smtp.send_message(message)


def test_a_code(mailpit_inbox):
    """A one-time code comes to an address of this test's own."""
    send(mailpit_inbox.address, "Your code", "Your code is 482910.")
    assert mailpit_inbox.wait_for_message(subject="code").code() == "482910"


def test_a_link_and_a_file(mailpit, mailpit_inbox):
    """A link to follow, and an invoice to read."""
    send(mailpit_inbox.address, "Invoice", "See https://shop.example/orders/7", invoice=b"%PDF-1.7")
    message = mailpit_inbox.wait_for_message()
    assert message.link() == "https://shop.example/orders/7"
    assert mailpit.get_attachment(message.attachment("*.pdf")) == b"%PDF-1.7"


def test_nobody_is_written_to_twice(mailpit_inbox):
    """Exactly one message."""
    send(mailpit_inbox.address, "Once", "x")
    mailpit_inbox.wait_for_message(subject="Once")
    mailpit_inbox.assert_no_message(subject="Twice", within=0.2)


def test_a_refusal(mailpit_inbox, mailpit_chaos):
    """The program hears of a server that refuses."""
    mailpit_chaos.reject_recipients(552)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailpit_inbox.address, "Lost", "x")


def test_tidying(mailpit, mailpit_inbox):
    """What a test has read it removes, and nothing else."""
    send(mailpit_inbox.address, "Tidy", "x")
    message = mailpit_inbox.wait_for_message()
    others = mailpit.messages().total - 1
    mailpit.delete_messages([message.id])
    assert mailpit.messages().total == others
