"""A person finds what a word means, however it is typed."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.gloss import Lang, stock
from maillab.views.lookup import ask, listed, look_up, look_up_phrase, suggest
from maillab.views.safe import unaccented


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("354", ["354"]),
        ("250", ["250", "250 ."]),
        ("250-PIPELINING", ["PIPELINING", "250", "250 ."]),
        ("250 size 100", ["SIZE", "250", "250 ."]),
        ("5.1.1", ["5.1.1", "5yz"]),
        ("4.7.1", ["4.7.1", "4yz"]),
        ("X.1.1", ["X.1.1"]),
        ("5.9.9", ["5yz"]),
        ("550 5.1.1 No such mailbox", ["550", "5.1.1"]),
        ("599", ["5yz"]),
        ("5xx", ["5yz"]),
        ("4yz", ["4yz"]),
        ("5.x.x", ["5yz"]),
        ("rcpt", ["RCPT TO"]),
        ("RCPT TO", ["RCPT TO"]),
        ("mail", ["e-mail", "MAIL FROM", "MAIL FROM:<>"]),
        ("587", ["port 587"]),
        ("PLAIN", ["PLAIN"]),
        ("to", ["To"]),
        ("data link layer", []),
        ("bob@recipient.test", ["mail address"]),
        ("192.0.2.1", ["IP address"]),
        ("2001:db8::1", ["IP address"]),
        ("mx.recipient.test.", ["host name"]),
        ("MAIL FROM:<a@b.test>", ["MAIL FROM"]),
        ("+OK", ["+OK"]),
        ("-ERR", ["-ERR"]),
        ("err", ["-ERR"]),
        ("[IN-USE]", ["[IN-USE]"]),
        ("sys/temp", ["[SYS/TEMP]"]),
        ("mx", ["MX"]),
        ("null  mx", ["null MX"]),
        ("notify", ["NOTIFY="]),
        ("recipient.test. IN MX 10 mx.recipient.test.", ["MX"]),
        ("[TRYCREATE]", ["[TRYCREATE]"]),
        ("condstore", ["CONDSTORE"]),
        ("a1 UID FETCH 1:* (FLAGS)", ["FETCH"]),
        ("a1 NO [TRYCREATE] no such folder", ["NO [TRYCREATE]"]),
        ("* 5 EXISTS", ["* EXISTS"]),
        ("nonsense", []),
        ("", []),
        ("  ", []),
    ],
)
def test_words_are_found(word: str, keys: list[str]) -> None:
    """Codes, classes, verbs, lines and their parts lead to their glosses."""
    assert [one.key for one in look_up(word)] == keys


def test_one_word_of_several_protocols() -> None:
    """A verb that SMTP, POP3 and IMAP share is explained for each."""
    assert [one.protocol for one in look_up("noop")] == ["smtp", "pop3", "imap"]


def test_every_key_finds_itself() -> None:
    """Whatever is in the table can be looked up under its own name, in lower case too."""
    for (_, kind, key), gloss in stock("vi").items():
        if kind != "line":
            assert gloss in look_up(key.lower(), "vi"), key


def test_phrases() -> None:
    """Several words are one thing when the table or a pasted reply says so."""
    assert [one.key for one in look_up_phrase(["mail", "from"])] == ["MAIL FROM"]
    assert [one.protocol for one in look_up_phrase(["AUTH", "PLAIN"])] == ["smtp", "pop3"]
    assert [one.key for one in look_up_phrase(["550", "5.1.1", "no", "such", "user"])] == ["550", "5.1.1"]
    assert look_up_phrase(["550", "RCPT"]) == []
    assert look_up_phrase(["550"]) == []


@pytest.mark.parametrize(
    ("word", "meant"), [("RCTP", "RCPT"), ("STARTLS", "STARTTLS"), ("555.1", "555"), ("pipelinning", "PIPELINING")]
)
def test_near_misses_are_named(word: str, meant: str) -> None:
    """A misspelt word leads to the right one."""
    assert meant in suggest(word)


def student_words() -> Iterator[tuple[Lang, str]]:
    """The words of the data file beside this one, with their language."""
    lang: Lang = "en"
    for line in Path(__file__).with_name("student_words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            lang = "vi" if line.startswith("[vi") else "en"
        elif line and not line.startswith("#"):
            yield lang, line


def test_no_word_of_a_student_is_unknown() -> None:
    """The words of textbooks and RFCs, as students of the first year type them, all have an answer in their language."""
    words = list(student_words())
    assert len([word for lang, word in words if lang == "en"]) >= 160
    assert len([word for lang, word in words if lang == "vi"]) >= 60
    assert [word for lang, word in words if ask(word.split(), lang)[1] or not ask(word.split(), lang)[0]] == []


def test_vietnamese_words_without_accents() -> None:
    """A Vietnamese word is known in both Unicode forms, in one argument, in capitals, and typed without accents."""
    for lang, word in student_words():
        if lang == "vi":
            known = ask(word.split(), "vi")
            assert ask(unicodedata.normalize("NFD", word).split(), "vi") == known, word
            assert ask([word.upper()], "vi") == known, word
            assert set(known[0]) <= set(ask(unaccented(word).split(), "vi")[0]), word


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("what is a relay?", ["relay"]),
        ("difference between POP and IMAP", ["POP3", "IMAP"]),
        ("trung chuyển khác chuyển tiếp thế nào", ["relay", "forwarding"]),
        ("thư báo lỗi là gì", ["bounce"]),
        ("MX record, port 587 and STARTTLS", ["MX record", "port 587", *["STARTTLS"] * 4]),
        ("mã hóa", ["encryption"]),
        ("the envelope", ["envelope"]),
        ("domain-based message authentication, reporting and conformance", ["DMARC"]),
        ("Mail Transfer Agents", ["MTA"]),
        ("text/html", ["text/html"]),
        ("example.com", ["example domains"]),
        ("354 Start mail input", ["354"]),
        ("RFC 1939", ["POP3"]),
        ("C: MAIL FROM:<a@b.test>", ["MAIL FROM"]),
        ("S: 354 Go ahead", ["354"]),
        ("Received: from a.test by b.test", ["Received"]),
        ("Content-Type: text/html; charset=utf-8", ["Content-Type"]),
        ("=?utf-8?q?x?=", ["encoded word"]),
        ("NOTIFY=NEVER", ["NOTIFY="]),
        ("MX and To:", ["MX", "To"]),
    ],
)
def test_questions(question: str, keys: list[str]) -> None:
    """Several words are one name where they are one, else several; the words around them do not disturb."""
    found, unknown = ask(question.split())
    assert ([one.key for one in found], unknown) == (keys, [])


def test_a_misspelt_name_is_not_answered_in_pieces() -> None:
    """Where the whole is nearly a name, it is that name that is suggested."""
    assert ask(["mail", "transfer", "agnet"]) == ([], ["mail transfer agnet"])
    assert suggest("mail transfer agnet")[0] == "mail transfer agent"
    assert suggest("hop thuu", "vi")[0] == "hộp thư"
    assert suggest("888") == ["25", "587", "465", "110", "995"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_is_suggested_is_known(lang: Lang) -> None:
    """Every suggestion can be asked for, and the list holds every gloss but those of whole lines."""
    for word in ("RCTP", "graylist", "greeting of the server", "hop thu den", "sercer", "quarantined"):
        for name in suggest(word, lang):
            assert ask([name], lang)[1] == [], name
    assert {"mailbox", "hộp thư (mailbox)"} & {one.key for one in listed(lang)}


@given(st.text())
def test_anything_may_be_asked(word: str) -> None:
    """No question is too odd: an answer or none."""
    assert isinstance(look_up(word), list)
    assert isinstance(suggest(word[:80]), list)
    assert isinstance(ask(word.split())[1], list)


def test_a_word_of_the_other_language_is_meant() -> None:
    """Who reads English is offered Vietnamese only for what is nearly that; a Vietnamese reader as before."""
    assert suggest("blah") == []
    assert suggest("hop thuu")[0] == "hộp thư"
    assert "lá thư" in suggest("blah", "vi")
