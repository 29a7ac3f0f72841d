"""The ear on a cable."""

import pytest

from maillab.events import Carried, Certificate, Closed, Leg, Opened, Said, Secured, Side, Tolerated, Warned
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.protocols.services import IMAP
from maillab.wire import recorded as module
from maillab.wire.tap import DoorEar, FollowingEar

C, S = Side.CLIENT, Side.SERVER


def ear(kind=FollowingEar, record=None, service="submission"):
    book = Logbook(clock=lambda: 0.0)
    return kind(book, Leg.SUBMIT, service, "mx.a.test", secure=False, record=record), book


def told(book):
    """Events after the first, short: side and octets."""
    rows = []
    for entry in book.since(1):
        match entry.event:
            case Said(side=side, line=line):
                rows.append((side, line))
            case Carried(side=side, content=content):
                rows.append((side, ("content", content.whole())))
            case other:
                rows.append(other)
    return rows


SCRIPT = [
    (C, b"EHLO x\r\nMAIL FROM:<a@b.test>\r\n"), (S, b"250-mx\r\n250 HELP\r\n250 ok\r\n"), (C, b"DATA\r\n"), (S, b"354 go\r\n"),
    (C, b"Subject: x\r\n\r\n..354 \r\nDATA\r\n.\r\nQUIT\r\n"), (S, b"250 ok\r\n221 bye\r\n"),
]  # fmt: skip
HEARD = [
    (C, b"EHLO x\r\n"), (C, b"MAIL FROM:<a@b.test>\r\n"), (S, b"250-mx\r\n"), (S, b"250 HELP\r\n"), (S, b"250 ok\r\n"),
    (C, b"DATA\r\n"), (S, b"354 go\r\n"), (C, ("content", b"Subject: x\r\n\r\n..354 \r\nDATA\r\n")), (C, b".\r\n"), (C, b"QUIT\r\n"),
    (S, b"250 ok\r\n"), (S, b"221 bye\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("step", [0, 1, 2, 3, 5, 7])
def test_lines_and_content_are_heard_at_every_cut(step):
    """Lines keep their ends, content is one piece, the end mark a line of its own, however the octets were cut."""
    listener, book = ear()
    for side, data in SCRIPT:
        hear = listener.client if side is C else listener.server
        for at in range(0, len(data), step or len(data)):
            hear(data[at : at + (step or len(data))])

    assert book.since(0)[0].event == Opened("submit-1", Leg.SUBMIT, "submission", "mx.a.test")
    assert told(book) == HEARD


@pytest.mark.parametrize("step", [0, 1, 4])
def test_bdat_content_is_counted(step):
    """After BDAT exactly so many octets are content, dots and line ends included."""
    listener, book = ear()
    data = b"BDAT 7\r\na\r\n.\r\nbBDAT 2 LAST\r\n\r\nRSET\r\n"
    for at in range(0, len(data), step or len(data)):
        listener.client(data[at : at + (step or len(data))])

    assert told(book) == [
        (C, b"BDAT 7\r\n"), (C, ("content", b"a\r\n.\r\nb")), (C, b"BDAT 2 LAST\r\n"), (C, ("content", b"\r\n")), (C, b"RSET\r\n"),
    ]  # fmt: skip


def test_a_refused_data_is_no_content():
    """Without 354 what follows DATA is commands."""
    listener, book = ear()
    listener.client(b"DATA\r\n")
    listener.server(b"503 no\r\n")
    listener.client(b"RSET\r\n")
    assert told(book)[-1] == (C, b"RSET\r\n")


def test_broken_talks_leave_what_was_heard():
    """A talk that breaks off inside a message or a line is written down as far as it came, once."""
    listener, book = ear()
    listener.client(b"DATA\r\n")
    listener.server(b"354 go\r\n")
    listener.client(b"half a le")
    listener.closed("lost")
    listener.closed("again")
    assert told(book)[-2:] == [(C, ("content", b"half a le")), Closed("submit-1", "lost")]

    listener, book = ear(service="pop3")
    listener.client(b"USER b")
    listener.closed("lost")
    assert told(book)[-2:] == [(C, b"USER b"), Closed("submit-1", "lost")]


def test_large_content_goes_to_a_file_of_the_record(tmp_path, monkeypatch):
    """Content beyond the memory's share is referred to, not held (the record costs no message's size in memory)."""
    monkeypatch.setattr(module, "IN_MEMORY", 100)
    listener, book = ear(record=tmp_path)
    listener.client(b"DATA\r\n")
    listener.server(b"354 go\r\n")
    content = b"".join(b"%d\r\n" % n for n in range(300))
    wire = content + b".\r\nQUIT\r\n"
    for at in range(0, len(wire), 37):
        listener.client(wire[at : at + 37])

    carried = next(entry.event for entry in book.since(0) if isinstance(entry.event, Carried))
    assert carried.content.path is not None
    assert carried.content.whole() == content
    assert told(book)[-2:] == [(C, b".\r\n"), (C, b"QUIT\r\n")]


def test_secrets_are_pointed_at_and_tls_starts_anew():
    """A password's slice is marked; after TLS lines are marked as secure."""
    listener, book = ear()
    listener.client(b"AUTH PLAIN AGE=\r\n")
    shown = Certificate("CN=a.test", "O=maillab", ("a.test",), "")
    listener.secured("TLSv1.3", "X", shown)
    listener.client(b"EHLO x\r\n")

    events = [entry.event for entry in book.since(1)]
    assert events == [
        Said("submit-1", C, b"AUTH PLAIN AGE=\r\n", False, (11, 15)),
        Secured("submit-1", "TLSv1.3", "X", shown),
        Said("submit-1", C, b"EHLO x\r\n", True),
    ]


def test_bodies_of_servers_are_carried():
    """A server that sends a body says so itself."""
    listener, book = ear(service="pop3")
    listener.carried(S, Content(b"message"))
    assert told(book) == [(S, ("content", b"message"))]


def test_a_record_that_cannot_be_written_stops_and_the_talk_goes_on(tmp_path, monkeypatch):
    """A full disk under the record costs the record only: it is told, and what follows the content is heard (T048)."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    listener, book = ear(record=tmp_path / "missing")
    listener.client(b"DATA\r\n")
    listener.server(b"354 go\r\n")
    for _ in range(9):
        listener.client(b"0123456789\r\n")
    listener.client(b".\r\nQUIT\r\n")

    *_, warned, end, last = told(book)
    assert isinstance(warned, Warned)
    assert "only the first 0 octets" in warned.text
    assert (end, last) == ((C, b".\r\n"), (C, b"QUIT\r\n"))


def test_an_endless_message_does_not_fill_the_disk(tmp_path, monkeypatch):
    """Of one content only so much is written down, and that is said (T098)."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    monkeypatch.setattr(module, "KEPT", 50)
    listener, book = ear(record=tmp_path)
    listener.client(b"DATA\r\n")
    listener.server(b"354 go\r\n")
    for _ in range(100):
        listener.client(b"0123456789\r\n")
    listener.client(b".\r\nQUIT\r\n")

    (side, (_, kept)), warned, *rest = told(book)[2:]
    assert side is C
    assert (b"0123456789\r\n" * 9).startswith(kept)
    assert 50 < len(kept) < 90
    assert isinstance(warned, Warned)
    assert rest == [(C, b".\r\n"), (C, b"QUIT\r\n")]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == len(kept)


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_the_message_of_a_person_ends_at_lf_dot_lf(step):
    """Who types with nc ends lines with LF; the ear hears the end of that message where the server does."""
    listener, book = ear()
    listener.client(b"DATA\n")
    listener.server(b"354 go\r\n")
    data = b"Subject: x\n\nhi\n.\nQUIT\n"
    for at in range(0, len(data), step or len(data)):
        listener.client(data[at : at + (step or len(data))])

    assert told(book)[2:] == [(C, ("content", b"Subject: x\n\nhi\n")), (C, b".\n"), (C, b"QUIT\n")]


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_line_cut_by_the_354_belongs_to_the_content(cut):
    """Content that came before the 354, in the middle of a line, does not hide the end of the message."""
    early = b"hi\r\n.\r\n"
    listener, book = ear()
    listener.client(b"DATA\r\n" + early[:cut])
    listener.server(b"354 go\r\n")
    listener.client(early[cut:] + b"AUTH PLAIN AGEAYg==\r\n")

    last = book.since(0)[-1].event
    assert isinstance(last, Said)
    assert last.secret == (11, 19)  # T307


def test_a_servers_ear_is_told_what_the_octets_are(tmp_path, monkeypatch):
    """At a door of ours the reader says what is a command, an answer, content: the ear takes its word for it."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    listener, book = ear(DoorEar, record=tmp_path)
    listener.heard(b"BDAT five\r\n")
    listener.heard(b"hunter2\r\n", answer=True)
    listener.heard(b"*\r\n", answer=True)
    listener.content(b"0123456789ab\r\n.")
    listener.content(b"\r\n")
    listener.content_ended(b".\r\n")
    listener.content(b"half")
    listener.closed("lost")

    secrets = [entry.event.secret for entry in book.since(1) if isinstance(entry.event, Said)]
    assert secrets == [(0, 0), (0, 7), (0, 0), (0, 0)]
    assert told(book) == [
        (C, b"BDAT five\r\n"), (C, b"hunter2\r\n"), (C, b"*\r\n"), (C, ("content", b"0123456789ab\r\n")), (C, b".\r\n"),
        (C, ("content", b"half")), Closed("submit-1", "lost"),
    ]  # fmt: skip


def test_what_a_server_never_read_is_written_down_up_to_a_number_of_lines():
    """Commands behind the last are heard, with their secrets struck out; of thousands only the first."""
    listener, book = ear(DoorEar)
    listener.unread(b"PASS x\r\n" + b"NOOP\r\n" * 5000 + b"half")
    listener.closed("quit")
    listener.unread(b"later")
    said = [entry.event for entry in book.since(1) if isinstance(entry.event, Said)]
    assert len(said) == 100
    assert said[0].secret == (5, 6)


def test_pieces_of_an_overlong_line_share_its_secret():
    """A line that is too long is struck out to its very end, in however many pieces it came."""
    listener, book = ear(DoorEar)
    listener.heard(b"AUTH PLAIN " + b"A" * 50)
    listener.heard_more(b"A" * 50)
    listener.heard_more(b"A\r\n")
    listener.heard(b"NOOP")
    listener.heard_more(b" x\r\n")
    assert [entry.event.secret for entry in book.since(1)] == [(11, 61), (0, 50), (0, 1), (0, 0), (0, 0)]


def test_a_server_that_never_ends_its_line_is_heard_in_pieces():
    """The kind: octets of strangers. Neither side's unfinished line is held for ever."""
    listener, book = ear()
    for _ in range(100):
        listener.server(b"2" * 10_000)
    assert max(len(entry.event.line) for entry in book.since(1)) < 80_000


@pytest.mark.parametrize(
    ("line", "size"),
    [(b"BDAT\t7\r\n", 7), (b"bdat  7 last \r\n", 7), (b"BDAT 7 LAST x\r\n", 0), (b"BDAT 7 \x00\r\n", 0), (b"BDAT 0 LAST\r\n", 0)],
)  # fmt: skip
def test_who_follows_reads_chunks_by_the_same_grammar(line, size):
    """An ear that only follows takes for a chunk exactly what a door of ours takes for one."""
    listener, book = ear()
    listener.client(line + b"1234567")
    listener.closed("lost")
    assert ((C, ("content", b"1234567")) in told(book)) == bool(size)


@pytest.mark.parametrize(("end", "count"), [(b"\n", 1), (b"\r\n", 0)])
def test_a_server_that_ends_its_lines_with_lf(end, count):
    """It is remarked upon once in a talk, with the rule."""
    listener, book = ear()
    listener.server(b"220 mx" + end + b"250 ok" + end)

    assert [event.rule for event in told(book) if isinstance(event, Tolerated)] == ["RFC 5321 section 2.3.8"] * count


class Counted(bytes):
    """Octets that count how many of them are copied."""

    copied = 0

    def __getitem__(self, what):
        piece = super().__getitem__(what)
        Counted.copied += len(piece)
        return Counted(piece)


@pytest.mark.parametrize("block", [b"\n" * 1000, b"BDAT 1\r\nx" * 1000, b"NOOP\r\n" * 1000])
def test_a_block_of_short_lines_costs_what_its_octets_cost(monkeypatch, block):
    """The kind: work that grows with the square of what strangers send. No octet is copied again for each line."""
    monkeypatch.setattr(Counted, "copied", 0)
    listener, _ = ear()
    listener.client(Counted(block))
    assert Counted.copied < 10 * len(block)


def test_no_octets_are_no_line():
    """Who reads nothing, because the other side is gone, has said nothing."""
    listener, book = ear()
    listener.client(b"")
    listener.server(b"")
    assert told(book) == []


IMAP_SCRIPT = [
    (S, b"* OK ready\r\n"), (C, b"a LOGIN {3}\r\n"), (S, b"+ go\r\n"), (C, b"bob secret\r\n"), (S, b"a OK in\r\n"),
    (C, b"b APPEND x {10}\r\n"), (S, b"+ go\r\n"), (C, b"b NOOP\r\n1\n\r\nc APPEND y {9}\r\n"), (S, b"b OK\r\nc NO\r\n"),
    (C, b"d FETCH 1 BODY[]\r\n"), (S, b"* 1 FETCH (BODY[] {12}\r\nd OK {3}\r\n.\n UID {0}\r\n)\r\nd OK {9}\r\n"), (C, b"e LOGOUT\r\n"),
]  # fmt: skip
IMAP_HEARD = [
    (S, b"* OK ready\r\n"), (C, b"a LOGIN {3}\r\n"), (S, b"+ go\r\n"), (C, b"bob secret\r\n"), (S, b"a OK in\r\n"),
    (C, b"b APPEND x {10}\r\n"), (S, b"+ go\r\n"), (C, ("content", b"b NOOP\r\n1\n")), (C, b"\r\n"), (C, b"c APPEND y {9}\r\n"),
    (S, b"b OK\r\n"), (S, b"c NO\r\n"), (C, b"d FETCH 1 BODY[]\r\n"), (S, b"* 1 FETCH (BODY[] {12}\r\n"),
    (S, ("content", b"d OK {3}\r\n.\n")), (S, b" UID {0}\r\n"), (S, b")\r\n"), (S, b"d OK {9}\r\n"), (C, b"e LOGOUT\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_literals_are_counted_at_every_cut(step):
    """On both sides: what stands in a literal is neither a command nor an answer."""
    listener, book = ear(service=IMAP.name)
    for side, octets in IMAP_SCRIPT:
        hear = listener.client if side is C else listener.server
        for at in range(0, len(octets), step):
            hear(octets[at : at + step])
    assert told(book) == IMAP_HEARD
    said = [entry.event for entry in book.since(1) if isinstance(entry.event, Said)]
    assert [event.line[slice(*event.secret)] for event in said if event.secret != (0, 0)] == [b"bob secret"]


def test_a_literal_that_breaks_off():
    """What came of it is written down."""
    listener, book = ear(service=IMAP.name)
    listener.client(b"a FETCH 1 BODY[]\r\n")
    listener.server(b"* 1 FETCH (BODY[] {12}\r\nhal")
    listener.closed("lost")
    assert (S, ("content", b"hal")) in told(book)


@pytest.mark.parametrize("together", [True, False])
def test_an_answer_of_many_pieces_is_written_down_as_if_it_came_line_by_line(together):
    """Lines, contents and decisions stand in their order, whether they are cut at once or when somebody looks."""
    listener, book = ear(DoorEar, service="imap")
    if not together:
        book.subscribe(lambda entry: None)
    read = Tolerated("submit-1", "x", "y")
    listener.told([b"* 1 X\r\n* 2 {3}\r\n", Content(b"a\nb"), read, b")\r\n* 3 {0}\r\n", Content(b""), b")\r\n"])
    listener.server(b"".join(b"* %d Y\r\n" % n for n in range(9)) + b"a OK\r\n")

    assert told(book) == [
        (S, b"* 1 X\r\n"), (S, b"* 2 {3}\r\n"), (S, ("content", b"a\nb")), read, (S, b")\r\n"), (S, b"* 3 {0}\r\n"),
        (S, b")\r\n"), *((S, b"* %d Y\r\n" % n) for n in range(9)), (S, b"a OK\r\n"),
    ]  # fmt: skip


def test_lines_that_may_hold_a_secret_are_looked_at_one_by_one():
    """Where a login goes on, and where a line is not whole, nothing is written down unseen."""
    listener, book = ear(DoorEar, service="imap")
    listener.heard(b"a AUTHENTICATE SCRAM-SHA-256\r\n")
    proof = b"+ dj1" + b"x" * 40 + b"\r\n"
    listener.server(b"* x\r\n" * 8 + proof)
    assert [entry.event.secret for entry in book.since(0) if isinstance(entry.event, Said)][-1] != (0, 0)
    other, book = ear(DoorEar, service="imap")
    other.server(b"* x\r\n" * 8 + b"* hal")
    other.told([b"f\r\n", Content(b"x"), b"end"])
    other.closed("lost")
    assert told(book)[8:] == [(S, b"* half\r\n"), (S, ("content", b"x")), (S, b"end"), Closed("submit-1", "lost")]
