"""Mailpit's language of search."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.web.digests import MessageDigest, digest_of
from maillab.web.mailpit.query import Query

MESSAGE = (
    b"From: Alice Liddell <alice@sender.test>\r\nTo: Bob <bob@recipient.test>\r\nCc: Carol <carol@recipient.test>\r\n"
    b"Reply-To: desk@sender.test\r\nSubject: Your code\r\nMessage-ID: <one@sender.test>\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is 482910, Tuy\xe1\xbb\x87t.\r\n--b\r\n"
    b"Content-Type: application/pdf; name=invoice.pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n"
)


class Candidate(NamedTuple):
    """A message as a query sees it."""

    digest: MessageDigest
    bcc: tuple[str, ...]
    is_read: bool
    tags: frozenset[str]
    created: float
    size: int


NOON = 1_790_000_000.0  # 2026-09-21T13:33:20Z
SEEN = Candidate(digest_of(MESSAGE), ("dave@hidden.test",), True, frozenset({"to do", "Red"}), NOON, 12_000)


@pytest.mark.parametrize(
    "query",
    [
        "", "482910", "CODE", '"your code"', "tuyệt", "invoice.pdf", "to:bob", "TO:Bob@recipient", 'from:"alice liddell"',
        "cc:carol", "bcc:dave", "reply-to:desk", "addressed:dave", "addressed:alice", "subject:code", 'subject:"your co"',
        "message-id:one@sender.test", "tag:red", 'tag:"to do"', "is:read", "is:tagged", "has:attachment",
        "has:attachments", "after:2026-09-21", "before:2026/09/22", "after:2026-09-21T13:33:20Z", "larger:10K",
        "larger:11.5kb", "smaller:1M", "-to:carol", "!from:bob", "-is:unread", '-"no such"', "to:bob 482910 -has:inline",
        "to:", "after:whenever", 'to:"bob',
    ],
)  # fmt: skip
def test_it_is_meant(query):
    """Terms are parts of what they are looked for in, without case; what says nothing is passed over."""
    assert Query(query).means(SEEN)


@pytest.mark.parametrize(
    "query",
    [
        "nothing", "to:carol", "from:bob", "cc:bob", "bcc:bob", "addressed:eve", "subject:482910", "tag:re", "is:unread",
        "has:inline", "after:2026-09-22", "before:2026-09-21", "larger:12000", "smaller:10K", "-to:bob", "!482910",
        "to:bob -code", "is:odd", '"code your"', "larger:many",
    ],
)  # fmt: skip
def test_it_is_not_meant(query):
    """Every term must be so; a word with a colon that is no term is looked for as it stands."""
    assert not Query(query).means(SEEN)


def test_the_zone_of_a_date():
    """A date begins where the asker lives; a zone that nobody knows is UTC."""
    late = Candidate(SEEN.digest, (), True, frozenset(), NOON, 1)
    assert Query("after:2026-09-21T20:00", "Asia/Ho_Chi_Minh").means(late)
    assert not Query("after:2026-09-21T20:00").means(late)
    assert not Query("after:2026-09-21T20:00", "Nowhere/At all").means(late)


@pytest.mark.parametrize(("turns", "meant"), [(1, False), (2, True), (60_000, True), (60_001, False)])
def test_a_term_turned_round_again_and_again(turns, meant):
    """Each - and ! turns it; there is no depth to run out of."""
    assert Query("-!"[turns % 2] * turns + "to:bob").means(SEEN) is meant


@given(st.text(alphabet='abto:"-! \tfromis@.\\', max_size=80))
def test_whatever_is_typed(text):
    """Nothing raises."""
    Query(text).means(SEEN)
