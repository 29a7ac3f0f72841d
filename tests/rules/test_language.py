"""Rules as they are written: read, complained of, and printed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.services import SERVICES
from maillab.rules import possible
from maillab.rules.language import LONGEST, RuleError, parse, written
from maillab.rules.rule import Condition, Effect, Kind, Rule, Stage
from maillab.views.errors_vi import ERRORS
from maillab.views.sentences import Sentences

READ = {
    'at rcpt to:bob* answer 451 4.7.1 "come back" times 2': Rule(
        Stage.COMMAND,
        Effect(Kind.ANSWER, code="451", enhanced="4.7.1", text="come back"),
        verb="RCPT",
        conditions=(Condition("to", "bob*"),),
        times=2,
    ),
    "at recipient.test pop3 retr delay 3s": Rule(
        Stage.COMMAND, Effect(Kind.DELAY, 3000), "recipient.test", "pop3", "RETR"
    ),
    "at dns query mx drop": Rule(Stage.QUERY, Effect(Kind.DROP), service="dns", verb="MX"),
    "at submission content throttle 100/s": Rule(Stage.CONTENT, Effect(Kind.THROTTLE, 100), service="submission"),
    "at accept reset chance 30%": Rule(Stage.ACCEPT, Effect(Kind.RESET), chance=30),
    "at answer to content drop skip 2 every 3": Rule(Stage.ANSWER, Effect(Kind.DROP), verb="CONTENT", skip=2, every=3),
    "at query answer SERVFAIL": Rule(Stage.QUERY, Effect(Kind.ANSWER, code="SERVFAIL")),
    "at retr answer -ERR": Rule(Stage.COMMAND, Effect(Kind.ANSWER, code="-ERR"), verb="RETR"),
    "at command silence": Rule(Stage.COMMAND, Effect(Kind.SILENCE)),
    "at tls stall": Rule(Stage.TLS, Effect(Kind.STALL)),
    'at ehlo replace "250 \\"hi\\" \\\\ \\x01\\xff"': Rule(
        Stage.COMMAND, Effect(Kind.REPLACE, text='250 "hi" \\ \x01\udcff'), verb="EHLO"
    ),
    "at answer garble 5%": Rule(Stage.ANSWER, Effect(Kind.GARBLE, 5)),
    "at mail -from:*@sender.test user: drop": Rule(
        Stage.COMMAND,
        Effect(Kind.DROP),
        verb="MAIL",
        conditions=(Condition("from", "*@sender.test", negated=True), Condition("user", "")),
    ),
    "at query type65 name:*.test over:udp answer TC": Rule(
        Stage.QUERY,
        Effect(Kind.ANSWER, code="TC"),
        verb="TYPE65",
        conditions=(Condition("name", "*.test"), Condition("over", "udp")),
    ),
    "at answer to stat coalesce 250ms": Rule(Stage.ANSWER, Effect(Kind.COALESCE, 250), verb="STAT"),
}


@pytest.mark.parametrize("text", READ)
def test_a_rule_is_read_and_printed_as_it_was_written(text: str) -> None:
    """Each part of the language, in its usual form."""
    assert parse(text) == READ[text]
    assert written(READ[text]) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("AT RCPT Answer 451", "at rcpt answer 451"),
        ("at pop3 Recipient.Test retr drop", "at recipient.test pop3 retr drop"),
        ("at bücher.test rcpt drop", "at xn--bcher-kva.test rcpt drop"),
        ("at lab. rcpt drop", "at lab. rcpt drop"),
        ("at recipient.test. rcpt drop", "at recipient.test rcpt drop"),
        ("at rcpt drop once", "at rcpt drop times 1"),
        ("at rcpt delay 0.5min", "at rcpt delay 30s"),
        ("at rcpt throttle 2k/s", "at rcpt throttle 2000/s"),
        ("at rcpt garble", "at rcpt garble 10%"),
        ('at rcpt to:"bob*" drop', "at rcpt to:bob* drop"),
        ('at rcpt to:"a b" drop', 'at rcpt to:"a b" drop'),
        ("at  rcpt\tdrop ", "at rcpt drop"),
    ],
)
def test_what_is_written_otherwise_means_the_same(text: str, same: str) -> None:
    """Case, order, units and blanks are free."""
    assert written(parse(text)) == same


@pytest.mark.parametrize(
    ("text", "column", "complaint"),
    [
        ("", 2, "a rule begins with at, like this: at rcpt answer 451"),
        ("rcpt drop", 1, "a rule begins with at, like this: at rcpt answer 451"),
        ("at", 4, "a stage or a command is missing here: accept, tls, rcpt, content, query mx ..."),
        ("at rctp drop", 4, "no stage and no command is called rctp; did you mean rcpt?"),
        (
            "at smtp foo answer 999",
            9,
            "no stage and no command is called foo; write a stage (accept, tls, command, content, answer, query) "
            "or a command like rcpt, retr or fetch",
        ),
        ("at rcpt dorp", 9, "no effect is called dorp; did you mean drop?"),
        ("at rcpt refuse", 9, "no effect is called refuse; there are answer, drop"),
        (
            "at rcpt",
            9,
            "an effect is missing here: answer, drop, reset, stall, silence, delay, throttle, fragment, coalesce, "
            "garble, truncate, replace",
        ),
        ("at rcpt too:bob drop", 9, "no condition is called too; did you mean to?"),
        ('at rcpt to:"bob drop', 9, "these quotes are never closed"),
        ("at rcpt tls:maybe drop", 9, "tls: is yes or no"),
        (
            "at rcpt answer 250",
            16,
            "a rule answers 400 to 599, -ERR, NO, BAD, BYE or an RCODE; it cannot confirm what was not done",
        ),
        ("at rcpt answer", 16, "a code is missing here: 400 to 599, -ERR, NO, BAD, BYE or an RCODE like SERVFAIL"),
        ("at rcpt answer 451 5.7.1", 20, "a code like 4.7.1 is expected here (RFC 3463)"),
        ('at rcpt answer 451 "a\\nb"', 20, "one printable line of at most 480 bytes is expected here"),
        ('at rcpt answer 451 "a', 20, "these quotes are never closed"),
        ('at rcpt answer 451 "a"b', 20, "a space is missing after the quotes"),
        ('at rcpt to:"a"b drop', 9, "put quotes around the whole pattern"),
        ("at rcpt delay", 15, "a time is expected here, like 3s or 200ms"),
        ("at rcpt delay 3", 15, "a time is expected here, like 3s or 200ms"),
        ("at rcpt delay 0s", 15, "at least 1ms is expected here"),
        ("at rcpt delay 99h", 15, "at most 24h is expected here"),
        ("at rcpt throttle 9", 18, "bytes per second are expected here, like 100/s"),
        ("at rcpt replace x", 17, "the text to send instead is expected here, in quotes"),
        ("at rcpt drop tims 2", 14, "no option is called tims; did you mean times?"),
        ("at rcpt drop times", 20, "a number is expected here"),
        ("at rcpt drop times 1 times 2", 28, "times is given twice"),
        ("at rcpt drop chance 3", 21, "a percentage is expected here, like 30%"),
        ("at pop3 rcpt drop", 9, "POP3 has no RCPT; it has USER, PASS, STAT"),
        ("at dns content drop", 8, "DNS has no stage content; it has accept, query, answer"),
        ("at retr answer 451", 9, 'an answer of POP3 is written like this: answer -ERR "come back"'),
        ("at retr garble", 9, "a message that arrives changed may be deleted, and is lost"),
        ("at pop3 accept garble", 16, "a message that arrives changed may be deleted, and is lost"),
        ("at content garble", 12, "content is stored as it was sent; throttle, delay and truncate are possible"),
        ("at tls silence", 8, "nothing is sent while TLS starts: drop, reset, delay and stall are possible"),
        ('at rcpt replace "250 ok"', 9, "a rule cannot confirm this"),
        ('at ehlo replace "a\\nb"', 9, "an answer is replaced by one line"),
        ("at rcpt code:550 drop", 18, "code: works with answers only; write: at answer to ..."),
        ("at answer to", 14, "a command is missing here: rcpt, content, retr, mx"),
        ("at answer to rctp drop", 14, "no command is called rctp; did you mean rcpt?"),
        ("at answer to foo drop", 14, "no command is called foo; write one like rcpt, content, retr or mx"),
        ("at a..b rcpt drop", 4, "Bad address: domain is not made of letters, digits and hyphens"),
    ],
)
def test_what_is_no_rule_is_told_with_the_column(text: str, column: int, complaint: str) -> None:
    """Where it is wrong, what is wrong, and what was perhaps meant."""
    with pytest.raises(RuleError) as raised:
        parse(text)
    assert (raised.value.column, raised.value.text[: len(complaint)]) == (column, complaint)
    assert Sentences(ERRORS)(raised.value.text) != raised.value.text, "it is not said in Vietnamese"


def test_a_rule_has_a_length() -> None:
    """Nobody writes a longer one, and a machine may."""
    with pytest.raises(RuleError, match="at most"):
        parse("at rcpt drop" + " " * LONGEST)


words = st.text(st.characters(codec="utf-8"), max_size=12)
octets = st.binary(max_size=12).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
lines = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=20)
effects = st.one_of(
    st.sampled_from([Kind.DROP, Kind.RESET, Kind.STALL, Kind.SILENCE]).map(Effect),
    st.builds(Effect, st.sampled_from([Kind.DELAY, Kind.COALESCE]), st.integers(1, 86_400_000)),
    st.builds(Effect, st.sampled_from([Kind.THROTTLE, Kind.FRAGMENT, Kind.TRUNCATE]), st.integers(1, 10**9 - 1)),
    st.builds(Effect, st.just(Kind.GARBLE), st.integers(1, 100)),
    st.builds(Effect, st.just(Kind.REPLACE), text=octets),
    st.builds(Effect, st.just(Kind.ANSWER), code=st.sampled_from(["450", "-ERR"]), text=lines),
    st.builds(Effect, st.just(Kind.ANSWER), code=st.sampled_from(possible.RCODES)),
    st.builds(Effect, st.just(Kind.ANSWER), code=st.just("550"), enhanced=st.just("5.1.1"), text=lines),
)
conditions = st.one_of(
    st.builds(Condition, st.sampled_from(["from", "to", "user", "peer", "argument", "name"]), words, st.booleans()),
    st.builds(Condition, st.just("tls"), st.sampled_from(["yes", "no"]), st.booleans()),
)
VERBS = {
    Stage.COMMAND: ("", "RCPT", "RETR", "QUIT"),
    Stage.QUERY: ("", "MX", "TYPE65"),
    Stage.ANSWER: ("", "RCPT", "CONTENT", "RETR", "MX"),
}
places = st.sampled_from([(stage, verb) for stage in Stage for verb in VERBS.get(stage, ("",))])
rules = st.builds(
    lambda place, effect, site, service, *others: Rule(place[0], effect, site, service, place[1], *others),
    places,
    effects,
    st.sampled_from(["", "recipient.test"]),
    st.sampled_from(["", *SERVICES]),
    st.lists(conditions, max_size=1).map(tuple),
    st.integers(0, 5),
    st.integers(1, 5),
    st.integers(1, 100),
    st.integers(0, 5),
).filter(possible.protocols)


@given(rules)
def test_what_is_printed_is_read_as_the_same_rule(rule: Rule) -> None:
    """Whatever rule there is, unless its service speaks another protocol."""
    if rule.service and SERVICES[rule.service].protocol not in possible.protocols(rule):
        with pytest.raises(RuleError):
            parse(written(rule))
    elif len(written(rule)) <= LONGEST:
        assert parse(written(rule)) == rule


@given(st.text(max_size=60) | st.lists(st.sampled_from([*" ".join(READ).split(), '"', "\\", ":"])).map(" ".join))
def test_whatever_is_typed_is_a_rule_or_a_complaint(text: str) -> None:
    """With a column that is in the text, or just behind it."""
    column = 1
    try:
        rule = parse(text)
    except RuleError as error:
        column = error.column
    else:
        assert parse(written(rule)) == rule
    assert 1 <= column <= len(text) + 2


@pytest.mark.parametrize(
    "text",
    [
        "at foo drop",
        "at answer to foo drop",
        "at rcpt foo",
        "at rcpt foo:x drop",
        "at rcpt drop foo",
        "at smtp fetch drop",
        "at pop3 fetch drop",
        "at imap rcpt drop",
        "at imap answer to rcpt drop",
    ],
)
def test_what_nothing_is_called_is_told_in_a_few_words(text: str) -> None:
    """No wall of everything that is known, and nothing twice: a complaint fits into a few lines of a dialog."""
    with pytest.raises(RuleError) as raised:
        parse(text)
    named = re.findall(r"[A-Za-z]+(?=[,)])", raised.value.text)
    assert len(raised.value.text) <= 190
    assert len(named) == len(set(named))
