"""A recorded talk, done again with the running lab."""

import pytest

from maillab.recording.session import Header, Session, save
from maillab.tui.playing.replay_differences import playable, said_again
from tests.house import ROOT
from tests.lab.test_desk import desk
from tests.recording.told import talk_from, told
from tests.support import run

SESSION = ROOT / "examples" / "sessions" / "seven-steps.maillab"


def test_what_can_be_done_again():
    """The talks of people and of servers, but no look-ups."""
    assert [talk.name for talk in playable(SESSION)] == ["submit-1", "relay-1", "retrieve-1"]


def test_the_same_again(tmp_path):
    """A submission done again with a lab like the one it was recorded in differs in nothing."""
    save(Session(Header("x"), told("seven-steps")), tmp_path / "x.maillab")
    submission = playable(tmp_path / "x.maillab")[0]

    async def story():
        async with desk(tmp_path / "lab") as lab:
            rows, _ = await said_again(lab, submission)
            assert [row for row in rows if row.mark != " "] == []

    run(story())


def test_another_answer(tmp_path):
    """What was answered then and what is answered now stand one below the other."""
    talk = talk_from(
        "S: 220 mx.recipient.test ESMTP\nC: HELO me\nS: 250 mx\nC: MAIL FROM:<a@sender.test>\nS: 250 ok\n"
        "C: RCPT TO:<nobody@recipient.test>\nS: 250 ok\nC: QUIT\nS: 221 bye"
    )

    async def story():
        async with desk(tmp_path / "lab") as lab:
            rows, _ = await said_again(lab, talk)
            assert {row.mark for row in rows} >= {"-", "+"}
            assert any("550" in row.text for row in rows if row.mark == "+")

    run(story())


def test_no_such_door(tmp_path):
    """A lab that has no such door says so."""

    async def story():
        async with desk(tmp_path / "lab") as lab:
            with pytest.raises(LookupError, match="no service telex"):
                await said_again(lab, talk_from("S: OK", service="telex"))

    run(story())
