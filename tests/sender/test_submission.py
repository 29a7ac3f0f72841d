"""The doors of the sending machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maillab.events import Event, Queued, Submitted, Warned
from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Refused, Reply
from maillab.sender.submission import Submission
from maillab.sender.waiting import Job, jobs_of
from maillab.wire.limits import FLOOR
from maillab.wire.reception import Caller
from tests.sender.hosts import message
from tests.support import run

ALICE = Address("alice", "sender.test")
INSIDE = {"sender.test", "recipient.test", "xn--bcher-kva.test"}
COMPLETE = b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1@x>\r\nSubject: hi\r\n\r\nHello\r\n"
STAMP = (
    b"Received: from client.test ([127.0.0.1])\r\n\tby out.sender.test with ESMTPSA id L1\r\n"
    b"\tfor <bob@recipient.test>;\r\n\tThu, 01 Jan 1970 00:00:00 +0000\r\n"
)


class Kept:
    """A queue that only remembers."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.messages: list[Message] = []
        self.room = 10**12
        self.fault = fault

    def reserve(self) -> str:
        return f"L{len(self.messages) + 1}"

    def free(self) -> int:
        return self.room

    async def put(
        self, message: Message, born: float, *, ident: str, told: Callable[[tuple[Job, ...]], None]
    ) -> tuple[Job, ...]:
        if self.fault:
            raise self.fault
        self.messages.append(message)
        jobs = jobs_of(ident, message.envelope.recipients, born)
        told(jobs)
        return jobs


class Door:
    """A submission port, or with `auth=False` the port for programs in the lab."""

    def __init__(self, *, auth: bool = True, fault: Exception | None = None) -> None:
        self.kept = Kept(fault)
        self.book = Logbook(lambda: 0.0)
        self.reception = Submission(
            site="sender.test",
            hostname="out.sender.test",
            inside=lambda domain: domain in INSIDE,
            auth_required=auth,
            may_send_as=lambda user, address: (user, address.domain) == (address.local, "sender.test"),
            queue=self.kept,
            logbook=self.book,
            clock=lambda: 0.0,
            name=lambda: "fresh",
            domains=sorted(INSIDE),
        )
        self.caller = Caller(
            "submit-1", "127.0.0.1", "client.test", esmtp=True, secure=True, user="alice" if auth else ""
        )

    def take(self, one: Message) -> Reply:
        return run(self.reception.message(self.caller, one))

    def stored(self, content: bytes, *to: str) -> bytes:
        """What is kept of this content, after our Received field."""
        self.take(message(*(to or ("bob@recipient.test",)), content=content))
        whole = self.kept.messages[-1].content.whole()
        assert whole.startswith(b"Received: ")
        return whole[whole.index(b"+0000\r\n") + 7 :]

    @property
    def events(self) -> list[Event]:
        return [entry.event for entry in self.book.since(0)]


def code(reply: Reply | None) -> tuple[int, str] | None:
    return (reply.code, reply.enhanced) if reply else None


def test_login_required() -> None:
    """Without a login the submission port takes no sender and no recipient, not even a local one."""  # T156
    door = Door()
    door.caller.user = ""

    assert code(door.reception.mail(door.caller, ALICE, 0)) == (530, "5.7.0")
    assert code(door.reception.mail(door.caller, None, 0)) == (530, "5.7.0")
    bob = Recipient(Address("bob", "recipient.test"))
    assert code(door.reception.rcpt(door.caller, Envelope(ALICE, ()), bob)) == (530, "5.7.0")


def test_own_address_only() -> None:
    """Who is logged in may send as themselves and as <>, not as others."""  # T123
    door = Door()

    assert door.reception.mail(door.caller, ALICE, 0) is None
    assert door.reception.mail(door.caller, None, 0) is None
    for other in (Address("bob", "sender.test"), Address("alice", "recipient.test")):
        assert code(door.reception.mail(door.caller, other, 0)) == (553, "5.7.1")


def test_port_for_programs() -> None:
    """The port for programs asks nobody who they are."""
    door = Door(auth=False)

    assert door.reception.mail(door.caller, Address("app", "anywhere.test"), 0) is None


@pytest.mark.parametrize("auth", [True, False])
def test_hardly_any_room(auth: bool) -> None:
    """Nothing is taken that would leave the disk with less than must stay free, whether its size is said or not."""  # T033
    door = Door(auth=auth)
    door.kept.room = FLOOR + 1000
    assert door.reception.mail(door.caller, ALICE, 1000) is None
    for room, octets in ((FLOOR + 1000, 1001), (FLOOR - 1, 0)):
        door.kept.room = room
        with pytest.raises(Refused) as caught:
            door.reception.mail(door.caller, ALICE, octets)
        assert code(caught.value.reply) == (452, "4.3.1")


OUTSIDE = [
    "evil.test",
    "sub.recipient.test",
    "evilrecipient.test",
    "[127.0.0.1]",
    "[10.0.0.1]",
    "[IPv6:::1]",
    "localhost",
    "buecher.test",
]


@pytest.mark.parametrize("auth", [True, False])
@pytest.mark.parametrize(
    "sender", [None, ALICE, Address("a", "b.test"), Address("a", "[127.0.0.1]"), Address("a", "localhost")]
)
@pytest.mark.parametrize("domain", OUTSIDE)
def test_no_relay_to_the_outside(auth: bool, sender: Address | None, domain: str) -> None:
    """Whoever sends, on whichever port: no recipient outside the lab is taken."""  # T129 T134 T144 T145 T157
    door = Door(auth=auth)
    reply = door.reception.rcpt(door.caller, Envelope(sender, ()), Recipient(Address("victim", domain)))

    assert code(reply) == (554, "5.7.1")
    assert reply is not None
    assert "is not in this lab" in reply.text
    assert all(inside in reply.text for inside in INSIDE)


@pytest.mark.parametrize(
    "local", ["victim%evil.test", "victim@evil.test", "evil.test!victim", "a,b", "../../etc/passwd"]
)
def test_tricks_in_the_local_part(local: str) -> None:
    """A local part is never looked into: a foreign name in it is kept as it is, for the domain that was named."""  # T130 T133 T135
    door = Door(auth=False)
    trick = Recipient(Address(local, "recipient.test"))

    assert door.reception.rcpt(door.caller, Envelope(ALICE, ()), trick) is None
    door.take(Message(Envelope(ALICE, (trick,)), Content(COMPLETE)))
    assert door.kept.messages[0].envelope.recipients == (trick,)
    assert [event.domain for event in door.events if isinstance(event, Queued)] == ["recipient.test"]


def test_unicode_domain() -> None:
    """A domain in Unicode is compared as DNS knows it."""  # T143
    door = Door(auth=False)

    assert door.reception.rcpt(door.caller, Envelope(ALICE, ()), Recipient(Address("a", "bücher.test"))) is None


def test_bare_postmaster() -> None:
    """`postmaster` without a domain is the site's own."""  # T150
    door = Door(auth=False)
    postmaster = Recipient(Address("postmaster", ""))

    assert door.reception.rcpt(door.caller, Envelope(ALICE, ()), postmaster) is None
    door.take(Message(Envelope(ALICE, (postmaster,)), Content(COMPLETE)))
    assert str(door.kept.messages[0].envelope.recipients[0].address) == "postmaster@sender.test"


def test_queued() -> None:
    """A message is stored, then written down, then acknowledged with its name; one job for each domain."""
    door = Door()
    reply = door.take(message("bob@recipient.test", "eve@sender.test", "zoe@recipient.test", content=COMPLETE))
    octets = len(door.kept.messages[0].content)

    assert reply == Reply(250, "2.0.0", ("queued as L1",))
    assert door.events == [
        Submitted(
            "submit-1",
            "L1",
            "alice@sender.test",
            ("bob@recipient.test", "eve@sender.test", "zoe@recipient.test"),
            octets,
        ),
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test", "zoe@recipient.test")),
        Queued("L1.2", "L1", "sender.test", ("eve@sender.test",)),
    ]


def test_not_stored_is_not_queued() -> None:
    """What could not be stored is neither acknowledged nor written down."""
    door = Door(fault=Refused(Reply(452, "4.3.1", ("full",))))

    with pytest.raises(Refused):
        door.take(message("bob@recipient.test"))
    assert door.events == []


def test_received() -> None:
    """Our Received field stands before everything else; it names the recipient only when there is one."""
    door = Door()
    door.take(message("bob@recipient.test", content=COMPLETE))
    door.take(message("bob@recipient.test", "eve@recipient.test", content=COMPLETE))
    one, two = (kept.content.whole() for kept in door.kept.messages)

    assert one == STAMP + COMPLETE
    assert two == STAMP.replace(b"\r\n\tfor <bob@recipient.test>", b"").replace(b"L1", b"L2") + COMPLETE


def test_hop_limit() -> None:
    """Fifty Received fields pass, fifty-one are a loop: 554 5.4.6."""  # T059
    door = Door()
    door.take(message("bob@recipient.test", content=b"Received: x\r\n" * 50 + COMPLETE))

    with pytest.raises(Refused) as caught:
        door.take(message("bob@recipient.test", content=b"received : x\r\n" * 51 + COMPLETE))
    assert code(caught.value.reply) == (554, "5.4.6")


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (b"Subject: x\r\n\r\ny\r\n", b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nMessage-ID: <fresh@out.sender.test>\r\nSubject: x\r\n\r\ny\r\n"),
        (b"DATE: x\r\n\r\nMessage-ID: body\r\n", b"Message-ID: <fresh@out.sender.test>\r\nDATE: x\r\n\r\nMessage-ID: body\r\n"),
        (COMPLETE, COMPLETE),
    ],
)  # fmt: skip
def test_completed(content: bytes, stored: bytes) -> None:
    """Submission adds Date and Message-ID where they are missing, and touches nothing that is there."""
    assert Door().stored(content) == stored


@pytest.mark.parametrize(
    ("bcc", "rest"),
    [
        (b"Bcc: eve@x.test\r\n", b""),
        (b"BCC : a@x.test,\r\n\tb@x.test\r\n c@x.test\r\n", b""),
        (b"bcc:\r\nX-Bcc: keep\r\nBcc: z\r\n", b"X-Bcc: keep\r\n"),
        (b"Resent-Bcc: eve@x.test,\r\n joe@x.test\r\nResent-To: bob@x.test\r\n", b"Resent-To: bob@x.test\r\n"),
    ],
)
def test_bcc_is_removed(bcc: bytes, rest: bytes) -> None:
    """Bcc does not leave the submission server, folded or not; a Bcc in the text stays."""
    content = COMPLETE.replace(b"Subject", bcc + b"Subject") + b"Bcc: in the text\r\n"

    assert Door().stored(content) == COMPLETE.replace(b"Subject", rest + b"Subject") + b"Bcc: in the text\r\n"


@pytest.mark.parametrize("auth", [True, False])
def test_a_header_without_end(auth: bool) -> None:
    """The kind: what nobody may see, where nobody looks. A header longer than what is read is refused; a text is not."""
    filler = b"X-Filler: " + b"x" * 990 + b"\r\n"
    long = b"Subject: x\r\n" + filler * 270 + b"Bcc: eve@x.test\r\n\r\ny\r\n"
    door = Door(auth=auth)
    with pytest.raises(Refused) as refused:
        door.take(message("bob@recipient.test", content=long))

    assert code(refused.value.reply) == (554, "5.6.0")
    assert door.kept.messages == []
    assert b"Bcc" not in Door().stored(b"Subject: x\r\n" + filler * 250 + b"Bcc: eve@x.test\r\n\r\ny\r\n")
    assert door.stored(b"no header at all\r\n" * 20_000)


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"From alice Mon Jan  1 00:00:00 2024\r\n", b">From alice\r\n"])
@pytest.mark.parametrize("in_memory", [1000, 0, 2, 7])
def test_files_that_are_no_mail(tmp_path: Path, before: bytes, in_memory: int) -> None:
    """A byte order mark or the From_ line of a mailbox at the head does not turn the header into text, and that is said."""
    (tmp_path / "c").write_bytes((before + COMPLETE)[in_memory:])
    start = (before + COMPLETE)[:in_memory]
    lent = Content(start, tmp_path / "c", 0, len(before + COMPLETE) - len(start))
    door = Door()
    door.take(Message(message("bob@recipient.test").envelope, lent))
    stored = door.kept.messages[0].content.whole()

    assert stored == STAMP + (b"" if before[0] == 0xEF else b"X-Mailbox-Line: " + before) + COMPLETE
    assert [type(event) for event in door.events] == [Warned, Submitted, Queued]


def test_bcc_in_a_file(tmp_path: Path) -> None:
    """Bcc is removed also where the header lies partly in a file."""
    content = COMPLETE.replace(b"Subject", b"Bcc: eve@x.test\r\nSubject")
    for cut in range(len(content)):
        (tmp_path / "c").write_bytes(b"??" + content[cut:])
        door = Door()
        lent = Content(content[:cut], tmp_path / "c", 2, len(content) - cut)
        door.take(Message(message("bob@recipient.test").envelope, lent))
        assert door.kept.messages[0].content.whole() == STAMP + COMPLETE


def test_programs_are_not_corrected() -> None:
    """The port for programs without a login adds its Received field only."""
    content = b"Bcc: x@y.test\r\nSubject: x\r\n\r\ny\r\n"

    assert Door(auth=False).stored(content) == content


@pytest.mark.parametrize("content", [b"", b"hello\r\n", b"two words: no field\r\n\r\nx\r\n", b"\r\nbody\r\n"])
def test_text_without_a_header(content: bytes) -> None:
    """A text without a header gets the empty line that ends one, so that no line of it becomes a field."""
    ended = content if content.startswith(b"\r\n") else b"\r\n" + content

    assert Door(auth=False).stored(content) == ended
    assert Door().stored(content).endswith(b"Message-ID: <fresh@out.sender.test>\r\n" + ended)
