"""Trace header lines."""

import locale

import pytest

from maillab.mail.trace import date_time, field, hops, received, with_protocol


def test_dates_are_english_and_utc():
    """A date is RFC 5322's, in UTC, whatever the locale says (T045)."""
    assert locale.setlocale(locale.LC_TIME)
    assert date_time(1_700_000_000) == "Tue, 14 Nov 2023 22:13:20 +0000"


def test_received_names_the_recipient_only_when_there_is_one():
    """Received is folded and has a `for` clause only when that tells nothing about others."""
    line = received(
        hello="laptop", peer="127.0.0.1", by="mx.a.test", protocol="ESMTPS", ident="L1", to="b@a.test", at=0
    )
    assert line == (
        b"Received: from laptop ([127.0.0.1])\r\n\tby mx.a.test with ESMTPS id L1\r\n\tfor <b@a.test>;\r\n"
        b"\tThu, 01 Jan 1970 00:00:00 +0000\r\n"
    )
    assert b"for <" not in received(hello="l", peer="1", by="m", protocol="SMTP", ident="1", to="", at=0)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ((False, True, True, True), "SMTP"),
        ((True, False, False, False), "ESMTP"),
        ((True, True, True, False), "ESMTPSA"),
        ((True, True, False, True), "UTF8SMTPS"),
    ],
)
def test_protocol_words_are_those_of_rfc_3848(facts, word):
    """The word after `with` tells ESMTP, TLS and AUTH apart."""
    names = ("esmtp", "secure", "authenticated", "utf8")
    assert with_protocol(**dict(zip(names, facts, strict=True))) == word


def test_hops_and_fields_are_read_raw():
    """Fields are found by name at the start of a line and unfolded; a value that mentions them does not count."""
    head = b"Received: a\r\n\tb\r\nRECEIVED : c\r\nSubject: Received: d\r\nX-Received: e\r\n\r\n"
    assert hops(head) == 2
    assert field(b"received", head) == [b"a\tb", b"c"]
    assert field(b"Subject", b"Subject:\r\n\r\n") == [b""]
