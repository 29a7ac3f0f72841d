"""The table of commands: what is announced is there, what is there is read, and each state has its own."""

from typing import get_args

import pytest

from maillab.protocols.imap.commands import ImapCommand
from maillab.protocols.imap.parse import READERS
from maillab.recipient.imap.dialogue import Imap
from maillab.recipient.imap.session import Looking, Outside
from maillab.recipient.imap.verbs import VERBS
from tests.recipient.imap.shelves import Shelves, config
from tests.recipient.imap.staging import Stage

PROMISES = [
    "IMAP4rev1",
    "IMAP4rev2",
    "LITERAL+",
    "STARTTLS",
    "AUTH=SCRAM-SHA-256",
    "AUTH=CRAM-MD5",
    "AUTH=PLAIN",
    "SASL-IR",
]
SAID = {  # how it is said so that nothing but the state can be wrong with it
    "ID": b"ID NIL",
    "AUTHENTICATE": b"AUTHENTICATE PLAIN AGJvYgBib2I=",
    "LOGIN": b"LOGIN bob bob",
    "ENABLE": b"ENABLE CONDSTORE",
    "RENAME": b"RENAME Sent Said",
    "LIST": b'LIST "" *',
    "LSUB": b'LSUB "" *',
    "STATUS": b"STATUS INBOX (MESSAGES)",
    "APPEND": b"APPEND INBOX {4+}\r\na: b",
    "IDLE": b"IDLE\r\nDONE",
    "GETQUOTA": b'GETQUOTA ""',
    "SEARCH": b"SEARCH ALL",
    "SORT": b"SORT (DATE) UTF-8 ALL",
    "THREAD": b"THREAD REFERENCES UTF-8 ALL",
    "FETCH": b"FETCH 1 FLAGS",
    "STORE": b"STORE 1 +FLAGS (\\Seen)",
    "COPY": b"COPY 1 Archive",
    "MOVE": b"MOVE 1 Archive",
    "CREATE": b"CREATE Plans",
    "COMPRESS": b"COMPRESS DEFLATE",
    **{word: f"{word} INBOX".encode() for word in ("SELECT", "EXAMINE", "SUBSCRIBE", "UNSUBSCRIBE", "GETQUOTAROOT")},
    "DELETE": b"DELETE Junk",
}
WORDS = {word: verb for verb in VERBS.values() for word in verb.words.split()}


def test_every_command_that_is_read_has_a_row():
    """The table has a row for every command that the grammar reads."""
    assert set(get_args(ImapCommand)) == VERBS.keys()
    assert WORDS.keys() == READERS.keys()


@pytest.mark.parametrize(
    "words", [["tls"], ["tls", "logged in"], ["tls", "selected"]], ids=["outside", "inside", "looking"]
)
@pytest.mark.parametrize("word", WORDS)
def test_the_table_is_obeyed(word, words):
    """What the table has not in a state is refused there by BAD; the rest is not, and leads where it says."""
    stage = Stage(words)
    state = type(stage.dialogue.session.state)
    told = stage.heard(b"a1 " + SAID.get(word, word.encode()) + b"\r\n")
    answer = next(line for line in told if isinstance(line, bytes) and line.startswith(b"a1 "))
    possible = any(issubclass(state, one) for one in WORDS[word].states)
    assert answer.startswith(b"a1 OK" if possible else b"a1 BAD"), answer
    assert type(stage.dialogue.session.state) is ((WORDS[word].leads if possible else None) or state)


def test_what_is_announced_is_in_the_table():
    """Every capability is one that a row stands for, or a promise that is tested elsewhere."""
    stage = Stage(["tls"])
    told = stage.heard(b"a CAPABILITY\r\n")[0].decode().split()[2:]
    assert told == [*PROMISES, *(word for verb in VERBS.values() for word in verb.stands_for), "APPENDLIMIT=26214400"]


def test_logins_are_not_offered_to_whoever_is_in():
    """After the login nothing of it is offered any more."""
    told = Stage(["tls", "logged in"]).heard(b"a CAPABILITY\r\n")[0]
    assert b"AUTH=" not in told
    assert b"STARTTLS" not in told


@pytest.mark.parametrize("name", sorted({verb.needs for verb in VERBS.values()} - {""}))
def test_a_capability_that_is_switched_off(name, tmp_path):
    """What stands under `without` is neither announced nor obeyed."""
    shelves = Shelves()
    stage = Stage()
    stage.dialogue = Imap(config(shelves, tmp_path, tls=True, without=frozenset({name})), "retrieve-1")
    assert name not in {word.partition("=")[0] for word in stage.heard(b"a CAPABILITY\r\n")[0].decode().split()}
    for word, verb in WORDS.items():
        if verb.needs == name:
            if verb.states != (Outside,):
                stage.hear(b"b LOGIN bob bob\r\n")
            if verb.states == (Looking,):
                stage.hear(b"c SELECT INBOX\r\n")
            said = SAID.get(word, word.encode()).split(b"\r\n")[0]
            assert stage.heard(b"d " + said + b"\r\n") == [b"d BAD This command is switched off here\r\n"]
