"""Reports: what is in them, and what of strangers' words cannot get out of them."""

import email
import email.policy
from email.message import Message as Report
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.sender.bounce import RETURNED_OCTETS, Reporter, ReportKind, escape, message_to_report
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome, judge

ALICE = Address("alice", "sender.test")
BOB = Recipient(Address("bob", "recipient.test"))
TEXT = b"Message-ID: <1@sender.test>\r\nSubject: hi\r\n\r\nHello\r\n"
NO = Reply(550, "5.1.1", ("No such mailbox",))


def report(
    kind: ReportKind = ReportKind.FAILED,
    content: bytes = TEXT,
    outcomes: tuple[RecipientOutcome, ...] = (),
    sender: Address | None = ALICE,
    **more: Any,
) -> Message | None:
    return message_to_report(
        kind,
        Message(Envelope(sender, (BOB,), **more), Content(content)),
        outcomes or (judge(BOB, NO, "mx.recipient.test"),),
        Reporter("sender.test", "out.sender.test"),
        arrived=0.0,
        now=60.0,
        ident="report-1",
        retry_until=432_000.0,
    )


def parsed(message: Message | None) -> Report:
    assert message is not None
    return email.message_from_bytes(message.content.whole(), policy=email.policy.compat32)


def fields(message: Message | None) -> list[dict[str, str]]:
    """The groups of fields of part 2, as the stdlib reads them."""
    return [dict(group.items()) for group in parsed(message).get_payload()[1].get_payload()]  # type: ignore[union-attr, index]


def test_frame() -> None:
    """A report comes from <>, is a multipart/report of three parts, and no vacation program answers it."""  # T056
    message = report()
    assert message is not None
    told = parsed(message)

    assert message.envelope == Envelope(None, (Recipient(ALICE),))
    assert told.get_content_type() == "multipart/report"
    assert told.get_param("report-type") == "delivery-status"
    assert told["Auto-Submitted"] == "auto-replied"
    assert told["From"] == "Mail Delivery System <MAILER-DAEMON@sender.test>"
    assert told["To"] == "<alice@sender.test>"
    assert told["Message-ID"] == "<report-1@out.sender.test>"
    assert told["In-Reply-To"] == "<1@sender.test>"
    assert told["Date"] == "Thu, 01 Jan 1970 00:01:00 +0000"
    assert [part.get_content_type() for part in told.get_payload()] == [  # type: ignore[union-attr]
        "text/plain",
        "message/delivery-status",
        "message/rfc822",
    ]
    assert not told.defects


def test_fields() -> None:
    """Part 2 names who reports, who failed, at which host, with which words."""
    about, bob = fields(report())

    assert about == {"Reporting-MTA": "dns; out.sender.test", "Arrival-Date": "Thu, 01 Jan 1970 00:00:00 +0000"}
    assert bob == {
        "Final-Recipient": "rfc822; bob@recipient.test",
        "Action": "failed",
        "Status": "5.1.1",
        "Remote-MTA": "dns; mx.recipient.test",
        "Diagnostic-Code": "smtp; 550 5.1.1 No such mailbox",
        "Last-Attempt-Date": "Thu, 01 Jan 1970 00:01:00 +0000",
    }


def test_own_finding() -> None:
    """What we found ourselves is not put into the mouth of a remote host."""
    (_, bob) = fields(report(outcomes=(judge(BOB, Reply(550, "5.1.2", ("no such domain",))),)))

    assert "Remote-MTA" not in bob
    assert "Diagnostic-Code" not in bob
    assert bob["Status"] == "5.1.2"


@pytest.mark.parametrize(
    ("kind", "reply", "status"),
    [(ReportKind.FAILED, Reply(550, "", ("no",)), "5.0.0"), (ReportKind.FAILED, Reply(554, "4.7.1", ("?",)), "5.0.0"),
     (ReportKind.DELAYED, Reply(451, "4.7.1", ("wait",)), "4.7.1"), (ReportKind.DELAYED, Reply(554, "5.3.2", ("no",)), "4.0.0"),
     (ReportKind.RELAYED, Reply(250, "2.1.5", ("ok",)), "2.1.5"), (ReportKind.DELIVERED, Reply(250, "", ("ok",)), "2.0.0")],
)  # fmt: skip
def test_status(kind: ReportKind, reply: Reply, status: str) -> None:
    """The status fits the action: the host's code if it is of that class, else the general one."""
    asked = Recipient(BOB.address, ("SUCCESS", "FAILURE", "DELAY"))
    (_, bob) = fields(report(kind, outcomes=(RecipientOutcome(asked, DeliveryVerdict.NEVER, reply, "mx"),)))

    assert (bob["Action"], bob["Status"]) == (kind.value, status)
    assert ("Will-Retry-Until" in bob) == (kind is ReportKind.DELAYED)


@pytest.mark.parametrize(
    ("notify", "kinds"),
    [((), {ReportKind.FAILED, ReportKind.DELAYED}), (("NEVER",), set()), (("FAILURE",), {ReportKind.FAILED}), (("DELAY",), {ReportKind.DELAYED}),
     (("SUCCESS",), {ReportKind.RELAYED, ReportKind.DELIVERED})],
)  # fmt: skip
def test_notify(notify: tuple[str, ...], kinds: set[ReportKind]) -> None:
    """Only what was asked for is reported; unsaid means failures and delays."""
    asked = Recipient(BOB.address, notify)

    assert {kind for kind in ReportKind if report(kind, outcomes=(judge(asked, NO),)) is not None} == kinds


def test_null_sender() -> None:
    """There is never a report about a message from <>."""  # T054 T055
    assert all(report(kind, sender=None) is None for kind in ReportKind)


def test_only_those_who_asked() -> None:
    """A report about several recipients leaves out those whose sender did not ask."""
    quiet = Recipient(Address("quiet", "recipient.test"), ("NEVER",))
    groups = fields(report(outcomes=(judge(quiet, NO), judge(BOB, NO))))

    assert [group["Final-Recipient"] for group in groups[1:]] == ["rfc822; bob@recipient.test"]


def original(message: Message | None) -> tuple[bytes, bytes]:
    """Header and octets of part 3, cut out by hand."""
    assert message is not None
    content = message.content.whole()
    mark = b"--=_report-1"
    part = content.split(mark)[-2]
    head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    return head, body.removesuffix(b"\r\n")


@pytest.mark.parametrize(
    "content",
    [TEXT, b"Subject: \xe9\xff\r\n\r\n\x80\x00body\x1b\r\n.\r\n..\r\n\r\n", b"no header at all", b"", b"\r\nbody", b"A: b\r\n\r\n--x\r\n"],
)  # fmt: skip
def test_original_comes_back_exactly(content: bytes) -> None:
    """The original is in part 3 octet for octet, and 8-bit octets are declared, inside and outside."""  # T056
    message = report(content=content)
    head, body = original(message)
    assert message is not None

    assert body == content
    assert (b"Content-Transfer-Encoding: 8bit" in head) == (not content.isascii())
    assert message.envelope.eight_bit == (not content.isascii())


def test_boundary_never_in_the_original() -> None:
    """A message that holds the boundary makes the boundary longer."""
    message = report(content=b"Subject: x\r\n\r\n--=_report-1\r\n--=_report-1_--\r\n")

    assert len(parsed(message).get_payload()) == 3


@pytest.mark.parametrize(
    ("octets", "ret", "kind", "whole"),
    [(RETURNED_OCTETS, "", ReportKind.FAILED, True), (RETURNED_OCTETS + 1, "FULL", ReportKind.FAILED, False), (100, "FULL", ReportKind.FAILED, True),
     (100, "HDRS", ReportKind.FAILED, False), (100, "FULL", ReportKind.DELAYED, False)],
)  # fmt: skip
def test_how_much_comes_back(octets: int, ret: str, kind: ReportKind, whole: bool) -> None:
    """A failure returns all of a message up to 50 000 octets unless HDRS was asked for; anything else its header."""  # T056
    content = TEXT + b"x" * (octets - len(TEXT))
    message = report(kind, content=content, ret=ret)
    head, body = original(message)

    assert body == (content if whole else TEXT[: TEXT.find(b"\r\n\r\n") + 4])
    assert (b"message/rfc822\r\n" in head) == whole
    assert (b"text/rfc822-headers" in head) == (not whole)


def test_lone_line_ends_stay_behind() -> None:
    """A content with a lone CR or LF comes back as its header, with whole line ends: else the report could not travel."""
    _, body = original(report(content=b"A: b\nC: d\r\n\r\nx\ry\r\n"))

    assert body == b"A: b\r\nC: d\r\n\r\n"


def test_endless_header_is_cut() -> None:
    """Of a header of 100 000 octets not more than 50 000 come back, whole lines only."""  # T056
    _, body = original(report(content=b"X-Line: " + b"y" * 90 + b"\r\n" + b"Z: 1\r\n" * 20_000 + b"\r\n"))

    assert len(body) <= RETURNED_OCTETS
    assert body.endswith(b"\r\n")


def test_envelope_id_and_original_recipient() -> None:
    """ENVID and ORCPT come back decoded from xtext."""
    asked = Recipient(BOB.address, (), "rfc822;Bob+2Bshop@recipient.test")
    about, bob = fields(report(outcomes=(judge(asked, NO),), envid="Q+2B7"))

    assert about["Original-Envelope-Id"] == "Q+7"
    assert bob["Original-Recipient"] == "rfc822; Bob+shop@recipient.test"


def test_xtext_cannot_make_a_line() -> None:
    """Line ends hidden in ENVID and ORCPT are shown escaped."""
    asked = Recipient(BOB.address, (), "rfc822;x+0D+0AAction:+20delivered")
    about, bob = fields(report(outcomes=(judge(asked, NO),), envid="a+0D+0AX-Evil: yes"))

    assert about["Original-Envelope-Id"] == "a\\x0d\\x0aX-Evil: yes"
    assert bob["Original-Recipient"] == "rfc822; x\\x0d\\x0aAction: delivered"
    assert bob["Action"] == "failed"


def test_hostile_reply() -> None:
    """Latin-1, ESC, surrogates and braces in a host's reply are shown escaped and change nothing else."""  # T057 F-24
    reply = Reply(550, "", ("caf\xe9 \udce9 \x1b]0;PWN\x07", '"}\n]{"status":"sent'))
    message = report(outcomes=(judge(BOB, reply, "mx\x1b[31m"),))
    _, bob = fields(message)
    assert message is not None

    assert bob["Diagnostic-Code"].startswith("smtp; 550 caf")
    assert bob["Status"] == "5.0.0"
    assert "\\x1b[31m" in bob["Remote-MTA"]
    assert message.content.whole().isascii()
    assert b"\x1b" not in message.content.whole()
    assert escape("caf\xe9\udce9\x1b\x07\x85\u2028") == "caf\\xe9\\xe9\\x1b\\x07\\x85\\u2028"


def test_words_of_a_host_stay_readable() -> None:
    """What a host said in its own language is read as it was said, and every host on the way can carry it."""
    message = report(outcomes=(judge(BOB, Reply(550, "5.1.1", ("Không có hộp thư \u0111ó \u202e\x85",)), "mx.b.test"),))
    words = parsed(message).get_payload()[0]  # type: ignore[union-attr, index]
    assert message is not None
    assert words.get_content_charset() == "utf-8"  # type: ignore[union-attr]
    text = words.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "hộp thư đó ??" in text  # what is no message was taken out where it came in
    assert message.content.whole().isascii()
    assert max(map(len, message.content.whole().split(b"\r\n"))) <= 80


def test_long_replies_are_folded() -> None:
    """A reply of ten thousand octets makes no line longer than SMTP allows, and reads the same."""
    words = "word " * 1000 + "x" * 5000
    message = report(outcomes=(judge(BOB, Reply(550, "", (words,)), "mx"),))
    assert message is not None

    assert max(map(len, message.content.whole().split(b"\r\n"))) <= 998
    assert fields(message)[1]["Diagnostic-Code"].count("word") == 1000


def test_utf8_message() -> None:
    """A message with UTF-8 addresses is reported in the forms of RFC 6533, by SMTPUTF8."""
    zoe = Recipient(Address("zoë", "recipient.test"))
    content = "From: zoë@sender.test\r\n\r\nx\r\n".encode()
    message = report(content=content, outcomes=(judge(zoe, NO),), sender=Address("zoë", "sender.test"), smtputf8=True)
    assert message is not None
    told = parsed(message)

    assert message.envelope.smtputf8
    assert message.envelope.eight_bit
    assert [part.get_content_type() for part in told.get_payload()] == [  # type: ignore[union-attr]
        "text/plain",
        "message/global-delivery-status",
        "message/global",
    ]
    assert "Final-Recipient: utf-8; zoë@recipient.test\r\n".encode() in message.content.whole()
    assert original(message)[1] == content


def test_odd_message_ids_are_not_repeated() -> None:
    """Only a sane Message-ID is answered."""
    for bad in (b"<a\x1bb@x>", b"none", b"<a@b> <c@d>", b"<" + b"x" * 300 + b">", b"<\xe9@x>"):
        assert parsed(report(content=b"Message-ID: " + bad + b"\r\n\r\n"))["In-Reply-To"] is None


def test_content_in_a_file(tmp_path: Path) -> None:
    """A content that lies in a file comes back as one in memory does."""
    (tmp_path / "c").write_bytes(b"??" + TEXT[5:])
    content = Content(TEXT[:5], tmp_path / "c", 2, len(TEXT) - 5)
    message = message_to_report(
        ReportKind.FAILED, Message(Envelope(ALICE, (BOB,)), content), (judge(BOB, NO),), Reporter("a.test", "b.test"),
        arrived=0.0, now=0.0, ident="report-1",
    )  # fmt: skip

    assert original(message)[1] == TEXT


@given(st.text(), st.text(), st.text(), st.binary(max_size=200))
def test_any_words_of_strangers(text: str, orcpt: str, envid: str, content: bytes) -> None:
    """Whatever hosts and senders wrote, the report has three parts, two groups of fields and the original's octets."""
    asked = Recipient(BOB.address, (), "rfc822;" + orcpt)
    message = report(content=content, outcomes=(judge(asked, Reply(550, "", (text,)), text),), envid=envid)
    assert message is not None
    assert len(parsed(message).get_payload()) == 3
    assert [group.get("Action") for group in fields(message)] == [None, "failed"]
    assert b"\n" in content or b"\r" in content or content in message.content.whole()
