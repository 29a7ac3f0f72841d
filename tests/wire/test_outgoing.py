"""What a client writes: commands and stuffed content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.reply import Reply
from maillab.protocols.lines import stuff, unstuff
from maillab.wire.outgoing import ContentError, Timeouts, TransactionResult, lacking, line, mail, rcpt, stuffed

ALICE = Address("alice", "sender.test")
BOB = Recipient(Address("bob", "recipient.test"), ("SUCCESS", "FAILURE"), "rfc822;Bob+2Bx@recipient.test")
EVERYTHING = {"SIZE": "", "8BITMIME": "", "SMTPUTF8": "", "DSN": "", "PIPELINING": ""}


def test_parameters_only_when_offered() -> None:
    """MAIL and RCPT carry what the envelope holds and the server understands, in the case in which it came."""
    envelope = Envelope(ALICE, (BOB,), True, True, "HDRS", "Ab+2B3")

    assert mail(envelope, 7, {}) == b"MAIL FROM:<alice@sender.test>\r\n"
    assert (
        mail(envelope, 7, EVERYTHING)
        == b"MAIL FROM:<alice@sender.test> SIZE=7 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=Ab+2B3\r\n"
    )
    assert rcpt(BOB, {}) == b"RCPT TO:<bob@recipient.test>\r\n"
    assert (
        rcpt(BOB, EVERYTHING)
        == b"RCPT TO:<bob@recipient.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@recipient.test\r\n"
    )


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (Address("a@b.test>RCPT TO:<evil", "x"), b'"a@b.test>RCPT TO:<evil"@x'),  # T169
        (Address("evil@x, a", "b.test"), b'"evil@x, a"@b.test'),
        (Address("a ", "b.test"), b'"a "@b.test'),
        (Address("postmaster", ""), b"postmaster"),
    ],
)
def test_addresses_go_out_as_they_are(address: Address, path: bytes) -> None:
    """Nothing parses an address again: what is stored is what is said."""
    assert rcpt(Recipient(address), {}) == b"RCPT TO:<" + path + b">\r\n"


@pytest.mark.parametrize("text", ["RSET\r\nQUIT", "NOOP \0", "RCPT TO:<a\nb@c.test>", "\x7f"])
def test_no_command_holds_a_line_end(text: str) -> None:
    """A control character in a command is refused, because it would start another one."""  # T169
    with pytest.raises(ValueError, match="control character"):
        line(text)


def test_what_the_server_lacks_is_named() -> None:
    """8-bit content and UTF-8 addresses do not go to a server that does not offer to carry them."""
    utf8 = Envelope(Address("thầy", "sender.test"), (BOB,), False, True)

    assert lacking(Envelope(ALICE, (BOB,)), {}) is None
    assert lacking(Envelope(ALICE, (BOB,), True), {}).reply.enhanced == "5.6.3"
    assert lacking(utf8, {"8BITMIME": ""}).reply.enhanced == "5.6.7"
    assert lacking(Envelope(utf8.sender, (BOB,)), EVERYTHING).reply.code == 553
    assert lacking(utf8, EVERYTHING) is None


CONTENT = b".\r\n..a\r\n\r\n.\r\nb.\r\n.c\r\n"


@pytest.mark.parametrize("first", range(len(CONTENT) + 1))
def test_stuffing_at_every_two_cuts(first: int) -> None:
    """However content is cut into three blocks, the same dots are added."""  # T170
    whole = stuff(CONTENT) + b".\r\n"
    for second in range(first, len(CONTENT) + 1):
        blocks = [CONTENT[:first], CONTENT[first:second], CONTENT[second:]]
        assert b"".join(stuffed(blocks)) == whole


@pytest.mark.parametrize(
    ("content", "wire"), [(b"", b".\r\n"), (b".", b"..\r\n.\r\n"), (b"a", b"a\r\n.\r\n"), (b"\r\n", b"\r\n.\r\n")]
)
def test_the_end_mark_stands_on_its_own_line(content: bytes, wire: bytes) -> None:
    """A content without a last line end gets one; an empty one is a lone dot."""  # T170
    assert b"".join(stuffed([content])) == wire
    assert b"".join(stuffed(bytes([octet]) for octet in content)) == wire


LINES = st.lists(st.binary(max_size=6).map(lambda octets: octets.replace(b"\r", b".").replace(b"\n", b".")), max_size=6)


@given(LINES, st.integers(1, 5))
def test_stuffing_is_undone_by_unstuffing(lines: list[bytes], size: int) -> None:
    """What is stuffed and unstuffed is what it was, and holds no end mark before its end."""
    content = b"".join(octets + b"\r\n" for octets in lines)
    wire = b"".join(stuffed(content[at : at + size] for at in range(0, len(content), size)))

    assert unstuff(wire[:-3]) == content
    assert (b"\r\n" + wire).find(b"\r\n.\r\n") == len(wire) - 3


@pytest.mark.parametrize("content", [b"a\nb\r\n", b"a\rb\r\n", b"a\r", b"\n.\n", b"a\r\r\nb\r\n", b"\r\n.\r\r\n"])
def test_lone_line_ends_are_not_sent(content: bytes) -> None:
    """A lone CR or LF stops the content, wherever the blocks are cut."""  # T171
    for cut in range(len(content) + 1):
        with pytest.raises(ContentError):
            b"".join(stuffed([content[:cut], content[cut:]]))


def test_last_words() -> None:
    """Each recipient's fate is decided by its own refusal, or else by the answer to the content."""
    ok, no, taken = Reply(250, "", ("ok",)), Reply(550, "", ("no",)), Reply(452, "", ("full",))

    assert TransactionResult(ok, (ok, no), taken).last_words == (taken, no)
    assert TransactionResult(no, (no, no), None).last_words == (no, no)


def test_timeouts_of_the_rfc() -> None:
    """The waiting times are those of RFC 5321 §4.5.3.2 unless a person is less patient."""
    rfc = Timeouts()

    assert (rfc.greeting, rfc.mail, rfc.rcpt, rfc.data, rfc.block, rfc.dot) == (300, 300, 300, 120, 180, 600)
    assert Timeouts.all(3).dot == 3
