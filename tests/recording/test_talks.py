"""Sessions taken apart."""

import random

from maillab.protocols.protocol import RequestKind
from maillab.recording.talks import Answered, Asked, exchanges, talks
from tests.recording.told import record, talk_from, talk_of, told


def test_every_question_of_a_story_has_its_answer():
    """In a whole story no question stays open, and every answer belongs to one."""
    for talk in talks(told("seven-steps")):
        for exchange in exchanges(talk):
            assert exchange.answer is not None


def test_a_login_is_one_exchange():
    """AUTH, its challenges and the verdict are one exchange; the talk knows who logged in."""
    talk = talk_of("seven-steps", "submit-1")
    [login] = [e for e in exchanges(talk) if e.asked is not None and e.asked.verb == "AUTH"]
    assert [c.last[:3] for c in login.challenges] == [b"334", b"334"]
    assert login.answer.last.startswith(b"235")
    assert talk.user == "alice@sender.test"


def test_pipelined_answers_find_their_questions():
    """MAIL, RCPT and DATA said at once are answered in their order (RFC 2920 section 3.1)."""
    talk = talk_of("seven-steps", "relay-1")
    pairs = [(e.asked.verb, e.answer.last[:3]) for e in exchanges(talk) if e.asked is not None]
    assert pairs[4:9] == [("MAIL", b"250"), ("RCPT", b"250"), ("DATA", b"354"), (".", b"250"), ("QUIT", b"221")]


def test_a_message_of_pop3_is_part_of_its_answer():
    """RETR is answered by status, message and dot; an -ERR is a single line."""
    talk = talk_of("seven-steps", "retrieve-1")
    [retr] = [e for e in exchanges(talk) if e.asked is not None and e.asked.verb == "RETR"]
    assert len(retr.answer.contents) == 1
    assert retr.answer.lines[-1] == b".\r\n"
    refused = talk_from("S: +OK\nC: RETR 9\nS: -ERR no\nC: LIST\nS: +OK\nS: 1 20\nS: .", service="pop3")
    assert [e.answer.lines for e in exchanges(refused)][1:] == [
        (b"-ERR no\r\n",),
        (b"+OK\r\n", b"1 20\r\n", b".\r\n"),
    ]


def test_a_message_without_content_and_one_that_breaks_off():
    """An empty message is its end mark alone; a message that never ended has none."""
    empty = talk_from("S: 220 mx\nC: DATA\nS: 354 go\nC: .\nS: 250 ok")
    assert [turn.kind for turn in empty.turns if isinstance(turn, Asked)] == [RequestKind.COMMAND, RequestKind.END]
    broken = talk_from("S: 220 mx\nC: DATA\nS: 354 go\nMESSAGE Subject: x")
    assert (broken.turns[-1].kind, broken.turns[-1].line) == (RequestKind.END, b"")
    assert exchanges(broken)[-1].answer is None


def test_chunks_belong_to_their_command():
    """What follows BDAT is its chunk (RFC 3030 section 2)."""
    talk = talk_from("S: 220 mx\nC: BDAT 12 LAST\nMESSAGE Subject: x|\nS: 250 ok")
    [asked] = [turn for turn in talk.turns if isinstance(turn, Asked)]
    assert (asked.verb, len(asked.contents)) == ("BDAT", 1)


def test_entries_in_any_order_are_read():
    """Whatever the order of entries, there is no error."""
    entries = list(told("bounce"))
    for seed in range(30):
        random.Random(seed).shuffle(entries)
        for talk in talks(entries):
            exchanges(talk)


def test_a_talk_cut_at_every_entry():
    """A record that ends anywhere is read, and never has more answers than questions and a greeting."""
    entries = told("seven-steps")
    for end in range(len(entries)):
        for talk in talks(entries[:end]):
            asked = sum(isinstance(turn, Asked) for turn in talk.turns)
            assert sum(isinstance(turn, Answered) for turn in talk.turns) <= asked + 1


def test_a_secret_is_no_verb():
    """A password typed where a command belongs is not taken for one (T308)."""
    talk = talk_from("S: 220 mx\nC? hunter2\nS: 500 what?")
    assert exchanges(talk)[1].asked.verb == ""
    assert len(record("C: QUIT")) == 3


def test_a_command_with_literals_is_one_exchange():
    """Whether they wait for a go-ahead or not; verb and argument stand behind the tag."""
    waiting = "S: * OK\nC: a LOGIN {3}\nS: + go\nC: bob {1}\nS: + go\nC: x\nS: a OK in"
    hasty = (
        "S: * OK\nC: a LOGIN {3+}\nC: bob {1+}\nC: x\nC: b UID FETCH 1 UID\nS: a OK in\nS: * 1 FETCH (UID 5)\nS: b OK"
    )
    for script in (waiting, hasty):
        greeting, login, *others = exchanges(talk_from(script, service="imap"))
        assert greeting.asked is None
        assert (login.asked.verb, login.answer.last) == ("LOGIN", b"a OK in\r\n")
        assert [(one.asked.verb, one.asked.argument, len(one.answer.lines)) for one in others] == [
            ("FETCH", b"UID 1 UID", 2)
        ] * len(others)


def test_a_stored_message_belongs_to_the_end_of_its_command():
    """As that of SMTP belongs to its dot."""
    talk = talk_from("S: * OK\nC: a APPEND x {12}\nS: + go\nMESSAGE Subject: x\nC: \nS: a OK", service="imap")
    [end] = [turn for turn in talk.turns if isinstance(turn, Asked) and turn.kind is RequestKind.REST]
    assert [content.whole() for content in end.contents] == [b"Subject: x\r\n"]
    assert end.completes


def test_news_while_idling():
    """IDLE is one exchange up to its tag; what the server told meanwhile was not asked for."""
    script = "S: * OK\nC: a IDLE\nS: + idling\nS: * 2 EXISTS\nC: DONE\nS: a OK\nC: b NOOP\nS: b OK"
    _, idle, news, noop = exchanges(talk_from(script, service="imap"))
    assert (idle.asked.verb, idle.answer.last, len(idle.challenges)) == ("IDLE", b"a OK\r\n", 1)
    assert (news.asked, news.answer.last) == (None, b"* 2 EXISTS\r\n")
    assert noop.answer.last == b"b OK\r\n"
