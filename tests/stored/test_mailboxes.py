"""The Maildirs of a lab folder."""

from maillab.stored.mailboxes import StoredMailboxes


def put(folder, mailbox, name, subject, into="new"):
    name_, _, domain = mailbox.partition("@")
    for sub in ("tmp", "new", "cur"):
        (folder / "mail" / domain / name_ / sub).mkdir(parents=True, exist_ok=True)
    half = folder / "mail" / domain / name_ / "tmp" / name
    half.write_bytes(b"Subject: " + subject + b"\r\n\r\n")
    return half.rename(folder / "mail" / domain / name_ / into / name)  # whole, as every delivery: others are looking


def subjects(mailboxes):
    return [message.subject for message in mailboxes.messages()]


def test_all_in_order_of_arrival(tmp_path):
    """The messages of all mailboxes come in the order in which they were stored, each opened once."""
    mailboxes = StoredMailboxes(tmp_path)
    assert subjects(mailboxes) == []
    put(tmp_path, "bob@b.test", "1700000002.5.x", b"third")
    put(tmp_path, "eve@a.test", "1700000001.000002.7_1_ab.maillab:2,S", b"second", "cur")
    file = put(tmp_path, "bob@b.test", "1700000001.000001.7_1_ab.maillab", b"first")
    put(tmp_path, "bob@b.test", "no-number", b"zero")
    assert subjects(mailboxes) == ["zero", "first", "second", "third"]
    assert [message.mailbox for message in mailboxes.messages()][1:3] == ["bob@b.test", "eve@a.test"]
    before = mailboxes.messages()
    file.rename(file.parent.parent / "cur" / (file.name + ":2,S"))
    assert [one is other for one, other in zip(before, mailboxes.messages(), strict=True)] == [True] * 4


def test_same_message(tmp_path):
    """Two who read one message have equal ones; two messages with the same octets are not equal."""
    put(tmp_path, "bob@b.test", "1700000001.000001.7_1_ab.maillab", b"x")
    put(tmp_path, "bob@b.test", "1700000001.000002.7_1_ab.maillab", b"x")
    [one, other] = StoredMailboxes(tmp_path).messages()
    assert one != other
    assert [one, other] == StoredMailboxes(tmp_path).messages()


def test_what_is_gone(tmp_path):
    """A message that was deleted is gone; a mailbox that is only half made is no error."""
    mailboxes = StoredMailboxes(tmp_path)
    file = put(tmp_path, "bob@b.test", "1700000002.5.x", b"x")
    (tmp_path / "mail" / "b.test" / "half").mkdir()
    (tmp_path / "mail" / "b.test" / "index.db").touch()
    assert subjects(mailboxes) == ["x"]
    file.unlink()
    assert subjects(mailboxes) == []
