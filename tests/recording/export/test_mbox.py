"""The messages as an mbox."""

import mailbox

from maillab.events import Carried, Entry, Side
from maillab.mail.content import Content
from maillab.recording.export.mbox import export
from maillab.recording.session import Header, Session
from tests.recording.export.sample import exported, sample, session, talk

MESSAGE = b"From: a@x.test\r\nSubject: one\r\n\r\nFrom here\r\n>From there\r\n\r\nFromage"


def one(sender="a@x.test"):
    said = talk("relay-1", f"C: MAIL FROM:<{sender}>", "C: DATA")
    return session(*said, Carried("relay-1", Side.CLIENT, Content(MESSAGE)), *talk("relay-1", "C: ."))


def test_lines_that_look_like_a_beginning_are_quoted():
    """Each "From " at the start of a line gets one more >, so that it can be taken away again."""
    assert exported("mbox", one()) == (
        b"From a@x.test Tue Nov 14 22:13:21 2023\n"
        b"From: a@x.test\nSubject: one\n\n>From here\n>>From there\n\nFromage\n\n"
    )


def test_python_reads_it(tmp_path):
    """The standard library finds each message, whole."""
    path = tmp_path / "messages.mbox"
    path.write_bytes(exported("mbox", sample()) + exported("mbox", one()))
    box = mailbox.mbox(path)
    assert box[len(box) - 1]["Subject"] == "one"
    assert box[0].get_payload().endswith("Hello Bob\n.\n")
    box.close()


def test_a_sender_who_means_harm():
    """What is no plain address is MAILER-DAEMON; a time that no calendar has is 1970."""
    assert exported("mbox", one("thư@x.test")).startswith(b"From MAILER-DAEMON ")
    entries = tuple(Entry(entry.seq, 1e300, entry.event) for entry in one("").entries)
    [message] = export(Session(Header("odd"), entries))
    assert message.startswith(b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n")
