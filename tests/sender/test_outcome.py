"""Delivered, later, never: from replies and from errors."""

import pytest

from maillab.mail.address import Address
from maillab.mail.envelope import Recipient
from maillab.mail.reply import Reply
from maillab.sender.outcome import (
    DeliveryVerdict,
    judge,
    judge_all,
    judge_transaction,
    last_word,
    reply_to_error,
    verdict,
)

BOB = Recipient(Address("bob", "recipient.test"))
CAROL = Recipient(Address("carol", "recipient.test"))
OK = Reply(250, "2.0.0", ("ok",))
NO = Reply(550, "5.1.1", ("no such mailbox",))
WAIT = Reply(451, "4.7.1", ("greylisted",))


@pytest.mark.parametrize("code", [0, 1, 25, 55, 100, 199, 300, 354, 399, 600, 999, -25])
def test_odd_codes_are_later(code: int) -> None:
    """A code that decides nothing, or that no server should say, is temporary, 4.5.0."""  # T058 T165 T168
    outcome = judge(BOB, Reply(code, "", ("?",)), "mx.test")

    assert outcome.verdict is DeliveryVerdict.LATER
    assert (outcome.reply.code, outcome.reply.enhanced) == (451, "4.5.0")


@pytest.mark.parametrize(
    ("code", "expected"),
    [(200, DeliveryVerdict.DELIVERED), (250, DeliveryVerdict.DELIVERED), (299, DeliveryVerdict.DELIVERED), (400, DeliveryVerdict.LATER),
     (421, DeliveryVerdict.LATER), (499, DeliveryVerdict.LATER), (500, DeliveryVerdict.NEVER), (556, DeliveryVerdict.NEVER), (599, DeliveryVerdict.NEVER)],
)  # fmt: skip
def test_first_digit_decides(code: int, expected: DeliveryVerdict) -> None:
    """The first digit of a code decides, and the reply is kept as it was."""
    reply = Reply(code, "", ("text",))

    assert verdict(reply) is expected
    assert judge(BOB, reply, "mx.test").reply == reply


def test_refused_recipient_keeps_its_own_refusal() -> None:
    """Of two recipients, the refused one fails by its own reply, the other shares the fate of the content."""  # T050
    outcomes = judge_transaction((BOB, CAROL), OK, (NO, OK), OK, "mx.test")

    assert [(o.recipient, o.verdict, o.reply) for o in outcomes] == [
        (BOB, DeliveryVerdict.NEVER, NO),
        (CAROL, DeliveryVerdict.DELIVERED, OK),
    ]


def test_refused_content() -> None:
    """A content refused for now defers those who were accepted, and only them."""
    outcomes = judge_transaction((BOB, CAROL), OK, (NO, OK), WAIT, "mx.test")

    assert [o.verdict for o in outcomes] == [DeliveryVerdict.NEVER, DeliveryVerdict.LATER]


def test_refused_sender() -> None:
    """A refused MAIL is the answer for every recipient."""
    outcomes = judge_transaction((BOB, CAROL), NO, (NO, NO), None, "mx.test")

    assert outcomes == judge_all((BOB, CAROL), NO, "mx.test")


def test_missing_answers_are_later() -> None:
    """A recipient without an answer, or accepted without content, waits."""
    short = judge_transaction((BOB, CAROL), OK, (OK,), None, "mx.test")

    assert [o.verdict for o in short] == [DeliveryVerdict.LATER, DeliveryVerdict.LATER]
    assert {o.reply.enhanced for o in short} == {"4.5.0"}


def test_last_word() -> None:
    """An attempt is remembered by the reply to the content, else by the last refusal."""
    assert last_word(OK, (NO, OK), OK) == 250
    assert last_word(OK, (OK, NO), None) == 550
    assert last_word(WAIT, (WAIT,), None) == 451
    assert last_word(OK, (), None) == 250


def test_errors() -> None:
    """What SMTP cannot carry is never; a disk that cannot be read is later, and no fault of the host."""  # T078
    assert verdict(reply_to_error(ValueError("NUL"))) is DeliveryVerdict.NEVER
    assert verdict(reply_to_error(OSError())) is DeliveryVerdict.LATER
    assert "host" not in reply_to_error(OSError()).text
