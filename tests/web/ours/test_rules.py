"""Rules over HTTP."""

import smtplib

import pytest

from tests.lab.test_desk import post
from tests.support import run
from tests.web.asking import asking

RULE = "at rcpt answer 451 times 2"


def test_a_rule(tmp_path):
    """Added, applied, counted, switched off, written anew, removed."""

    async def play():
        async with asking(tmp_path) as ask:
            told = await ask("POST", "/maillab/v1/rules", {"rule": RULE})
            assert (told.status, told.json["rule"], told.json["on"]) == (201, RULE, True)
            path = f"/maillab/v1/rules/{told.json['number']}"
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await post(ask.lab, "bob@recipient.test")
            [listed] = (await ask.get("/maillab/v1/rules")).json["rules"]
            assert (listed["played"], listed["over"]) == (1, False)
            assert not (await ask("PUT", path, {"on": False})).json["on"]
            await ask.bring()
            assert (await ask("PUT", path, {"rule": "at quit silence"})).json["rule"] == "at quit silence"
            assert (await ask("DELETE", path)).status == 200
            assert (await ask.get("/maillab/v1/rules")).json["rules"] == []

    run(play())


def test_what_is_no_rule(tmp_path):
    """It is told what is wrong, and where; nothing has changed."""

    async def play():
        async with asking(tmp_path) as ask:
            for wrong in ({"rule": "at rcpt dorp"}, {"rule": "at elsewhere.test rcpt drop"}, {}, {"rule": 7}):
                answer = await ask("POST", "/maillab/v1/rules", wrong)
                assert (answer.status, bool(answer.text)) == (400, True)
            for method in ("PUT", "DELETE"):
                assert (await ask(method, "/maillab/v1/rules/9", {"on": True})).status == 404
                for number in ("9" * 5_000, "-1", "x"):
                    assert (await ask(method, f"/maillab/v1/rules/{number}", {"on": True})).status == 404
            assert not ask.lab.rules.listed

    run(play())


def test_a_rule_that_is_ready(tmp_path):
    """For each site there are some, and each can be added as it is."""

    async def play():
        async with asking(tmp_path) as ask:
            presets = (await ask.get("/maillab/v1/rules")).json["presets"]
            assert {preset["site"] for preset in presets} == {"sender.test", "recipient.test"}
            for preset in presets:
                assert (await ask("POST", "/maillab/v1/rules", {"rule": preset["rule"]})).status == 201

    run(play())
