"""What the lab remarks upon a conversation that is typed by hand."""

from maillab.events import Leg, Opened, RulePlayed, Said, Side, Tolerated
from maillab.logbook import Logbook
from maillab.tui.machines.remarks import Remarks


def test_remarks_upon_what_was_typed():
    """Each once, those of the talk that heard these lines: not of an earlier one, of another service or other lines."""
    book = Logbook(lambda: 0.0)
    book.append(Opened("submit-1", Leg.SUBMIT, "smtp", "mx.sender.test"))
    remarks = Remarks(book.since, "smtp")
    remarks.typed = [b"HELO me\r\n", b"NOOP\r\n"]
    for number, service, said in (
        (2, "submission", b"HELO me\r\n"),
        (3, "smtp", b"HELO you\r\n"),
        (4, "smtp", b"HELO me\r\n"),
        (1, "", b"HELO me\r\n"),
    ):
        talk = f"submit-{number}"
        if service:
            book.append(Opened(talk, Leg.SUBMIT, service, "mx.sender.test"))
        book.append(Said(talk, Side.CLIENT, said))
        book.append(Tolerated(talk, "RFC 5321", talk))
    book.append(RulePlayed("submit-4", "at helo answer 451", "451"))
    borne, played = Tolerated("submit-4", "RFC 5321", "submit-4"), RulePlayed("submit-4", "at helo answer 451", "451")
    assert [entry.event for entry in remarks.new()] == [borne, played]
    assert not list(remarks.new())
    book.append(Said("submit-4", Side.CLIENT, b"NOOP\r\n"))
    book.append(borne)
    assert [entry.event for entry in remarks.new()] == [borne]
    book.append(Said("submit-4", Side.CLIENT, b"RSET\r\n"))
    book.append(borne)
    assert not list(remarks.new())
