"""Chaos is rules of the lab."""

import smtplib

import pytest

from tests.lab.test_desk import post
from tests.support import run
from tests.web.asking import asking

QUIET = {
    "Sender": {"ErrorCode": 451, "Probability": 0},
    "Recipient": {"ErrorCode": 451, "Probability": 0},
    "Authentication": {"ErrorCode": 535, "Probability": 0},
}


def test_refused_at_random(tmp_path):
    """A trigger is a rule for the doors where programs hand in, and goes with it; other rules stay."""

    async def play():
        async with asking(tmp_path) as ask:
            assert (await ask.get("/api/v1/chaos")).json == QUIET
            ask.lab.rules.add("at quit delay 1ms")
            wanted = {"Recipient": {"ErrorCode": 550, "Probability": 100}, "Sender": {"Probability": 20}}
            answer = (await ask("PUT", "/api/v1/chaos", wanted)).json
            assert answer == QUIET | {
                "Recipient": wanted["Recipient"], "Sender": {"ErrorCode": 451, "Probability": 20},
            }  # fmt: skip
            written = {listed.text for listed in ask.lab.rules.listed}
            assert 'at sender.test smtp rcpt answer 550 "Chaos recipient error"' in written
            assert (await ask("PUT", "/api/v1/chaos", {"Recipient": wanted["Recipient"]})).status == 200
            with pytest.raises(smtplib.SMTPRecipientsRefused, match="550, b'Chaos recipient error'"):
                await post(ask.lab, "bob@recipient.test")
            assert (await ask("PUT", "/api/v1/chaos", {})).json == QUIET
            assert [listed.text for listed in ask.lab.rules.listed] == ["at quit delay 1ms"]
            await ask.bring()

    run(play())


@pytest.mark.parametrize(
    "trigger",
    [
        {"ErrorCode": 250, "Probability": 1},
        {"ErrorCode": 600},
        {"Probability": 101},
        {"Probability": -1},
        {"ErrorCode": "x"},
    ],
)
def test_what_is_no_chaos(tmp_path, trigger):
    """It is refused, and nothing has changed."""

    async def play():
        async with asking(tmp_path) as ask:
            answer = await ask("PUT", "/api/v1/chaos", {"Sender": trigger})
            assert (answer.status, ask.lab.rules.listed) == (400, ())

    run(play())
