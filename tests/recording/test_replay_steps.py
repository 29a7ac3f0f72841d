"""The client's side of a talk, as steps."""

from maillab.protocols.protocol import RequestKind
from maillab.recording.redact import redacted
from maillab.recording.replay_steps import PLAIN_LOGIN, ExpectStep, LoginStep, SayStep, UpgradeStep, steps
from maillab.recording.talks import talks
from tests.recording.told import record, talk_from, talk_of, told


def said(step):
    return [asked.verb for asked in step.what]


def test_submission():
    """EHLO, STARTTLS, TLS, EHLO, a login and a message, each waiting for the answer to the one before."""
    found = steps(talk_of("seven-steps", "submit-1"))
    assert found[0] == ExpectStep(1)
    assert [said(step) for step in found if isinstance(step, SayStep)] == [
        ["EHLO"], ["STARTTLS"], ["EHLO"], ["MAIL"], ["RCPT"], ["DATA"], ["."], ["QUIT"],
    ]  # fmt: skip
    assert found[5] == UpgradeStep()
    [login] = [step for step in found if isinstance(step, LoginStep)]
    assert (login.mechanism, login.user, login.initial, login.secure) == (
        "SCRAM-SHA-256",
        "alice@sender.test",
        True,
        True,
    )


def test_pipelined_groups_stay_groups():
    """MAIL, RCPT and DATA said at once are one step, and three answers are waited for."""
    found = steps(talk_of("seven-steps", "relay-1"))
    at = next(at for at, step in enumerate(found) if isinstance(step, SayStep) and len(step.what) == 3)
    assert said(found[at]) == ["MAIL", "RCPT", "DATA"]
    assert found[at + 1] == ExpectStep(3)
    assert said(found[at + 2]) == ["."]


def test_a_group_that_overlaps_its_answers():
    """A client that says more while answers are still to come waits here for as many as it had then."""
    found = steps(
        talk_from("S: 220 mx\nC: MAIL FROM:<>\nC: RCPT TO:<b@b.test>\nS: 250 a\nC: DATA\nS: 250 b\nS: 354 go")
    )
    assert [said(step) if isinstance(step, SayStep) else step for step in found] == [
        ExpectStep(1), ["MAIL", "RCPT"], ExpectStep(1), ["DATA"], ExpectStep(2),
    ]  # fmt: skip


def test_pop3():
    """USER and PASS are one login, without the password."""
    found = steps(talk_of("seven-steps", "retrieve-1"))
    assert found[1] == LoginStep("USER", "bob@recipient.test", pause=found[1].pause)
    assert [said(step) for step in found if isinstance(step, SayStep)] == [["UIDL"], ["RETR"], ["QUIT"]]
    apop = steps(talk_from("S: +OK <1@a>\nC: APOP bob 0123\nS: +OK\nC: QUIT\nS: +OK", service="pop3"))
    assert [type(step) for step in apop] == [ExpectStep, LoginStep, SayStep, ExpectStep]
    assert (apop[1].mechanism, apop[1].user) == ("APOP", "bob")


def test_user_refused():
    """USER that was refused is only said again."""
    found = steps(talk_from("S: +OK\nC: USER bob\nS: -ERR no\nC: QUIT\nS: +OK", service="pop3"))
    assert [said(step) for step in found if isinstance(step, SayStep)] == [["USER"], ["QUIT"]]


def test_no_step_holds_a_secret():
    """No password, no response and no sign of redaction is in any step, redacted or not (T310)."""
    typed = record("S: 220 mx\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC? Ym9i\nS: 535 no\nC? hunter2\nS: 500 what?")
    for entries in (told("seven-steps"), told("classic"), typed):
        for version in (entries, [redacted(entry) for entry in entries]):
            for talk in talks(version):
                text = repr(steps(talk)) if talk.protocol != "dns" else ""
                for secret in ("hunter2", "Ym9i", "PASS", "biws", "*****", "redacted"):
                    assert secret not in text


def test_a_typed_secret_is_still_a_line():
    """Where a secret was typed as a command, some other unknown word is said, so that answers stay in step (T308)."""
    found = steps(talk_from("S: 220 mx\nC? hunter2\nS: 500 what?"))
    assert found[1].what[0].line == b"secret\r\n"
    assert found[1].what[0].kind is RequestKind.COMMAND


def test_pauses():
    """The pause before a step is the time since what came before it."""
    found = steps(talk_from("S: 220 mx\nC: NOOP\nS: 250 ok\nC: QUIT\nS: 221 bye"))
    assert [step.pause for step in found if isinstance(step, SayStep)] == [1.0, 1.0]


def test_cut_anywhere():
    """A record that ends anywhere becomes steps."""
    entries = told("seven-steps")
    for end in range(len(entries)):
        for talk in talks(entries[:end]):
            steps(talk)


def test_logins_of_imap():
    """LOGIN in all its forms, and AUTHENTICATE, are one step, with all that belongs to them."""
    after = "C: b LOGOUT\nS: * BYE\nS: b OK"
    for login, mechanism, initial in (
        ("C: a LOGIN bob x\nS: a OK", PLAIN_LOGIN, False),
        ('C: a LOGIN "bob" {1}\nS: + go\nC: x\nS: a OK', PLAIN_LOGIN, False),
        ("C: a LOGIN bob {1+}\nC: x\nS: a OK", PLAIN_LOGIN, False),
        ("C: a AUTHENTICATE PLAIN\nS: + \nC: AGJvYgB4\nS: a OK", "PLAIN", False),
        ("C: a AUTHENTICATE PLAIN AGJvYgB4\nS: a OK", "PLAIN", True),
    ):
        found = steps(talk_from(f"S: * OK\n{login}\n{after}", service="imap"))
        [step] = [step for step in found if isinstance(step, LoginStep)]
        assert (step.mechanism, step.initial) == (mechanism, initial)
        assert [said(step) for step in found if isinstance(step, SayStep)] == [["LOGOUT"]]
