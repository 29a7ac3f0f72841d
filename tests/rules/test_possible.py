"""Which rules are possible, and why the others are not."""

import pytest

from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import Protocol
from maillab.protocols.smtp import SMTP
from maillab.rules.language import parse
from maillab.rules.possible import protocols, spoken, why_not
from maillab.rules.rule import Effect, Kind, Rule, Stage


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("at accept drop", {"smtp", "pop3", "imap", "dns"}),
        ("at accept answer 421", {"smtp"}),
        ("at quit drop", {"smtp", "pop3"}),
        ("at quit answer 421", {"smtp"}),
        ("at quit answer -ERR", {"pop3"}),
        ("at retr truncate 10", {"pop3"}),
        ("at content drop", {"smtp", "imap"}),
        ("at query mx stall", {"dns"}),
        ("at answer garble", {"smtp", "pop3", "imap", "dns"}),
        ("at answer from:* garble", {"smtp"}),
        ('at answer to mx replace "x"', {"dns"}),
        ("at tls stall", {"smtp", "pop3", "imap"}),
        ("at command silence", {"smtp", "pop3", "imap"}),
    ],
)
def test_the_protocols_of_a_rule(text: str, names: set[str]) -> None:
    """They follow from its stage, its command, its conditions and its answer."""
    assert {protocol.name for protocol in protocols(parse(text))} == names


POSITIVE = [str(code) for code in range(200, 400)]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("protocol", spoken(), ids=lambda protocol: protocol.name)
def test_no_rule_answers_that_something_was_done(stage: Stage, protocol: Protocol) -> None:
    """250 in place of storing would lose a message: it is said only after the disk."""
    for code in (*POSITIVE, "+OK", "+", "250-", "٤51", "451 ", ""):
        assert why_not(Rule(stage, Effect(Kind.ANSWER, code=code)), protocol)


@pytest.mark.parametrize("stage", [Stage.COMMAND, Stage.ANSWER])
@pytest.mark.parametrize("verb", ["RCPT", "BDAT", "DATA", "CONTENT"])
def test_no_rule_takes_a_recipient_or_a_message_in_other_words(stage: Stage, verb: str) -> None:
    """The same for a text that stands in the place of a refusal; a rule for any command is not played at these."""
    for text in ("250 ok", " 250 ok", "2", "354 go on"):
        effect = Effect(Kind.REPLACE, text=text)
        assert why_not(Rule(stage, effect, verb=verb), SMTP)
        assert why_not(Rule(stage, effect), SMTP, verb)
        assert not why_not(Rule(stage, effect), SMTP, "EHLO")


def test_one_answer_stays_one_answer() -> None:
    """A line end would begin a second one, which a client takes for the answer to its next command."""
    for text in ("451 no\r\n250 ok", "451 no\n250 ok", "\r", "250-and more", " 451-"):
        assert why_not(Rule(Stage.COMMAND, Effect(Kind.REPLACE, text=text), verb="EHLO"), SMTP)
        assert why_not(Rule(Stage.COMMAND, Effect(Kind.REPLACE, text=text), verb="STAT"), POP3)


@pytest.mark.parametrize("kind", [Kind.GARBLE, Kind.REPLACE])
def test_what_is_stored_is_what_was_sent(kind: Kind) -> None:
    """No rule changes content on its way in."""
    assert "stored as it was sent" in why_not(Rule(Stage.CONTENT, Effect(kind, text="x")), SMTP)


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.REPLACE, Kind.SILENCE])
@pytest.mark.parametrize(("protocol", "verb"), [(SMTP, "DATA"), (SMTP, "STARTTLS"), (POP3, "STLS")])
def test_an_answer_after_which_other_octets_follow_stays_what_it_is(kind: Kind, protocol: Protocol, verb: str) -> None:
    """After 354 content follows, and after that of STARTTLS encryption, whatever was said instead of it."""
    effect = Effect(kind, code="-ERR" if protocol is POP3 else "451", text="451 no")
    assert "after this answer" in why_not(Rule(Stage.ANSWER, effect, verb=verb), protocol)
    assert why_not(Rule(Stage.ANSWER, effect), protocol, verb)
    assert not why_not(Rule(Stage.ANSWER, effect), protocol, "QUIT")


@pytest.mark.parametrize("verb", ["IDLE", "COMPRESS", "STARTTLS", "APPEND"])
def test_an_answer_of_imap_after_which_something_else_follows(verb: str) -> None:
    """News, deflated octets, TLS or a message follow, whatever is said instead; the command itself can be refused."""
    for kind in (Kind.ANSWER, Kind.REPLACE, Kind.SILENCE):
        assert "after this answer" in why_not(Rule(Stage.ANSWER, Effect(kind, code="NO", text="NO x"), verb=verb), IMAP)
        assert why_not(Rule(Stage.ANSWER, Effect(kind, code="NO", text="NO x")), IMAP, verb)
    assert not why_not(Rule(Stage.COMMAND, Effect(Kind.ANSWER, code="NO"), verb=verb), IMAP)


def test_rules_of_imap() -> None:
    """A refusal is NO, BAD or BYE; no rule says that a message is safe somewhere, or takes back a go-ahead."""
    for word in ("NO", "BAD", "BYE"):
        assert not why_not(Rule(Stage.COMMAND, Effect(Kind.ANSWER, code=word, text="come back"), verb="FETCH"), IMAP)
    assert why_not(Rule(Stage.COMMAND, Effect(Kind.ANSWER, code="OK"), verb="NOOP"), IMAP)
    for verb in ("APPEND", "COPY", "MOVE"):
        for text in ("OK done", "a1 ok done", " OK"):
            assert why_not(Rule(Stage.COMMAND, Effect(Kind.REPLACE, text=text), verb=verb), IMAP)
    assert why_not(Rule(Stage.ANSWER, Effect(Kind.SILENCE), verb="APPEND"), IMAP)
    assert why_not(Rule(Stage.ANSWER, Effect(Kind.GARBLE), verb="FETCH"), IMAP)
    assert not why_not(Rule(Stage.ANSWER, Effect(Kind.TRUNCATE, amount=5), verb="FETCH"), IMAP)
