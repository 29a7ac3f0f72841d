"""One entry by its fields, whatever it is."""

from maillab.events import Carried, Closed, Entry, Packet, Secured
from maillab.mail.content import Content
from maillab.views.fields.entry import fields_of
from tests.recording.told import record
from tests.recording.told import told as story
from tests.views.fields.words import told

TALK = """
    S: 220 mx.test ready
    C: EHLO me.test
    S: 250-mx.test
    S: 250-SIZE 1000
    S: 250 AUTH LOGIN
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C? YWxpY2U=
    S: 334 UGFzc3dvcmQ6
    C? aHVudGVyMg==
    S: 235 2.7.0 ok
    C: MAIL FROM:<a@a.test>
    S: 550 5.7.1 no
"""


def parts(entries, place, lang="en"):
    return told(fields_of(entries, place, lang).blocks)


def test_lines_of_smtp():
    """A greeting, commands and replies: each by its own fields."""
    entries = record(TALK)
    assert "220" in parts(entries, 1)
    assert parts(entries, 2)["me.test"].startswith("the client")
    assert list(parts(entries, 3)) == ["mx.test", "SIZE", "AUTH"]  # of the first line the whole answer
    assert list(parts(entries, 4)) == ["SIZE"]
    assert "<a@a.test>" in parts(entries, 12)
    assert "5.7.1" in parts(entries, 13)
    assert parts(entries, 2, "vi")["EHLO"] != parts(entries, 2)["EHLO"]


def test_a_login():
    """Who logs in is told as long as it stands there; the password never."""
    entries = record(TALK)
    assert parts(entries, 6)["LOGIN"] == "with this mechanism"
    assert fields_of(entries, 7).meaning.text.startswith("Login continues")
    assert "alice" in parts(entries, 8)["base64"]
    assert "hunter2" not in str(fields_of(entries, 10))


def test_pop3():
    """Its replies are no replies of SMTP."""
    entries = record("S: +OK\nC: STAT\nS: +OK 1 200", service="pop3", name="retrieve-1")
    assert parts(entries, 3)["1"] == "messages in the mailbox"
    assert parts(entries, 1) == {}


def test_a_secret_word_is_no_field():
    """PASS has a password behind it, and nothing else."""
    entries = record("S: +OK\nC: USER bob\nS: +OK\nC? PASS hunter2", service="pop3", name="retrieve-1")
    assert "hunter2" not in str(fields_of(entries, 4))


def test_the_rest():
    """DNS by its records, TLS by its version, a message by its way, an end by its reason."""
    entries = story("seven-steps")
    for kind, word in ((Packet, "IN"), (Secured, "TLSv1.3")):
        place = next(n for n, entry in enumerate(entries) if isinstance(entry.event, kind))
        assert word in parts([entries[place]], 0)
    carried = [entry for entry in entries if isinstance(entry.event, Carried)][1]
    assert "mail.sender.test" in parts([carried], 0)
    assert fields_of([Entry(1, 0.0, Closed("relay-1", "refused"))], 0).meaning.text.startswith("The server closed")


def test_a_message_whose_file_is_gone(tmp_path):
    """It has no fields."""
    gone = Content(b"", tmp_path / "gone", 0, 10)
    assert fields_of([Entry(1, 0.0, Carried("relay-1", "client", gone))], 0).blocks == ()


def test_every_line_of_every_story():
    """None of them fails, in either language."""
    for name in ("seven-steps", "tls", "bounce", "tieng-viet"):
        talks = {}
        for entry in story(name):
            talks.setdefault(getattr(entry.event, "talk", ""), []).append(entry)
        for entries in talks.values():
            for place in range(len(entries)):
                assert fields_of(entries, place, "vi")
