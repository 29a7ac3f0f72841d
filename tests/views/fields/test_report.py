"""Reports about messages."""

from maillab.events import Carried
from maillab.views.fields.part import parts_of
from maillab.views.fields.report import blocks
from tests.recording.told import told as story
from tests.views.fields.words import EN, VI, told


def bounce():
    """The report of the story of a bounce."""
    contents = (b"".join(e.event.content.blocks()) for e in story("bounce") if isinstance(e.event, Carried))
    return next(octets for octets in contents if b"delivery-status" in octets)


def test_a_bounce():
    """Every field of both groups, with the action and the status in words."""
    found = blocks(bounce(), EN)
    assert [block.title for block in found] == ["The report", "About one recipient"]
    words = {part.text.partition(":")[0]: part.meaning for part in parts_of(found[1])}
    assert all(words[name] for name in ("Final-Recipient", "Action", "Diagnostic-Code"))
    assert "No such mailbox at that domain." in words["Status"]
    assert words["Status"].startswith("5: no, ")
    assert set(told(blocks(bounce(), VI)).values()).isdisjoint(words.values())


def test_addresses_in_utf8():
    """The other kind of status is read as well (RFC 6533)."""
    octets = bounce().replace(b"message/delivery-status", b"message/global-delivery-status")
    assert [block.title for block in blocks(octets, EN)] == ["The report", "About one recipient"]


def test_no_report():
    """Another message has none, also where it talks of one."""
    assert blocks(b"Subject: x\r\n\r\nmessage/delivery-status report\r\n", EN) == []
    assert blocks(b"Content-Type: message/delivery-status\r\nreport: 1\r\n\r\n", EN) == []
