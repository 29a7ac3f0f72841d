"""The message that is being written."""

import os
import unicodedata

import pytest

from maillab.client.compose import Attachment
from maillab.client.fields import ComposeError, Mailbox
from maillab.tui.machines import drafts
from maillab.tui.machines.drafts import DraftForm, draft_of, people

WHOLE = DraftForm(
    "Alice <alice@sender.test>", "bob@recipient.test, \"C, Carol\" <carol@recipient.test>", "d@x.test", "e@x.test",
    "Xin chào", "Dòng một\nDòng hai\n", "X-Mood: good", (Attachment("a.txt", "text/plain", b"\x00\xff"),),
    "<1@x>", ("<0@x>", "<1@x>"),
)  # fmt: skip


def test_it_survives(tmp_path):
    """What was written is there again, octet for octet, in a file that only its owner reads."""
    path = tmp_path / "draft.json"
    drafts.save(WHOLE, path)
    assert drafts.load(path) == WHOLE
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_wrong_survives_too(tmp_path):
    """It is kept as it was typed, right or wrong, half characters and all."""
    wrong = DraftForm("alice@", "bob@@x", subject="\ud800 lone", text="x")
    drafts.save(wrong, tmp_path / "draft.json")
    kept = drafts.load(tmp_path / "draft.json")
    assert kept is not None
    assert (kept.sender, kept.to) == ("alice@", "bob@@x")


def test_an_empty_one_leaves_nothing(tmp_path):
    """Where nothing is written there is no file."""
    path = tmp_path / "draft.json"
    drafts.save(WHOLE, path)
    drafts.save(DraftForm(sender="alice@sender.test"), path)
    assert not path.exists()
    assert drafts.load(path) is None


@pytest.mark.parametrize(
    "octets",
    [b"", b"{", b"[]", b"null", b"{}", b'{"files":[["a"]],"references":[]}', b'{"files":[],"references":[],"x":1}',
     b'{"files":[["a","b","!"]],"references":[]}', b"[" * 100_000, b"\xff\xfe"],
)  # fmt: skip
def test_a_spoiled_file_is_none(tmp_path, octets):
    """A file that cannot be read is as good as none."""
    path = tmp_path / "draft.json"
    path.write_bytes(octets)
    assert drafts.load(path) is None


def test_the_message():
    """What was typed becomes a message."""
    message = WHOLE.message()
    assert [str(person.address) for person in message.to] == ["bob@recipient.test", "carol@recipient.test"]
    assert message.to[1].name == "C, Carol"
    assert message.headers == (("X-Mood", "good"),)
    assert message.attachments[0].octets == b"\x00\xff"
    assert draft_of(message).to == WHOLE.to


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (DraftForm("alice", "bob@x.test"), "sender"),
        (DraftForm("", "bob@x.test"), "sender"),
        (DraftForm("a@x.test, b@x.test", "bob@x.test"), "sender"),
        (DraftForm("a@x.test", "bob@"), "to"),
        (DraftForm("a@x.test", "b@x.test", "<"), "cc"),
        (DraftForm("a@x.test", "b@x.test", bcc="a b c"), "bcc"),
        (DraftForm("a@x.test", "b@x.test", headers="no colon"), "headers"),
    ],
)
def test_what_is_wrong_is_named(draft, field):
    """The field that is wrong is named."""
    with pytest.raises(ComposeError) as caught:
        draft.message()
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["bob@x.test carol@x.test", "Bob <bob@x.test> carol@x.test", "a@x.test\tb@"])
def test_a_comma_that_is_missing(text):
    """Two addresses without a comma are told apart from one that is wrong."""
    assert DraftForm(to=text).complaint("to").endswith(": a comma is missing between two addresses")
    assert "comma" not in DraftForm(to="a b@x.test").complaint("to")


def test_the_address_that_is_wrong_is_quoted():
    """Of several the one is named that is meant; what was typed without end is cut, and acts on no terminal."""
    assert DraftForm(to="bob@x.test, carol@@y.test").complaint("to") == "carol@@y.test: two @"
    assert DraftForm(cc=f"{'x' * 500}@").complaint("cc") == f"{'x' * 59}…: local part longer than 64 bytes"
    assert "\x1b" not in DraftForm(to="a\x1b[2J@@b").complaint("to")


def test_people():
    """Commas and semicolons separate, except within quotes; empty places are nobody."""
    assert [person.name for person in people('"A; B" <a@x.test>; b@x.test,, ')] == ["A; B", ""]
    assert people("") == ()


@pytest.mark.parametrize("name", ["Bob", "B, Bob", 'B "the" Bob', "Bàng\\"])
def test_people_as_they_are_typed(name):
    """A person that is shown can be typed again."""
    person = Mailbox(name, people("bob@x.test")[0].address)
    assert people(drafts.shown(person)) == (person,)


def test_vietnamese_is_composed():
    """Letters and their marks become one character, in subject and text, T-wide: as Vietnamese is stored."""
    decomposed = unicodedata.normalize("NFD", "Tiếng Việt")
    message = DraftForm(
        "a@x.test", "b@x.test", subject=decomposed, text=decomposed, headers=f"X-A: {decomposed}"
    ).message()
    assert (message.subject, message.text, message.headers[0][1]) == ("Tiếng Việt",) * 3


def test_attaching(tmp_path):
    """A file with its type; one whose type nobody knows, one that is too large, one that is not there."""
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "b.txt.gz").write_bytes(b"x")
    assert drafts.attached(str(tmp_path / "a.png")) == Attachment("a.png", "image/png", b"x")
    assert drafts.attached(str(tmp_path / "b.txt.gz")).type == "application/octet-stream"
    with (tmp_path / "large").open("wb") as file:
        os.truncate(file.fileno(), drafts.MOST_OCTETS + 1)
    with pytest.raises(ValueError, match="larger than 25 MiB"):
        drafts.attached(str(tmp_path / "large"))
    with pytest.raises(FileNotFoundError):
        drafts.attached(str(tmp_path / "none"))


def test_a_header_with_a_line_end_never_gets_out():
    """A name or a value with a line end in it is refused where the message is made (T252)."""
    from maillab.client.compose import compose

    message = DraftForm("a@x.test", "b@x.test", headers="X\u2028Bcc: evil@x.test").message()
    with pytest.raises(ComposeError):
        compose(message, now=0.0, message_id="<1@x>", boundary=lambda: "b", eight_bit=True, utf8=True)
