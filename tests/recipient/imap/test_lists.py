"""LIST and LSUB: patterns of a stranger."""

import time

import pytest

from tests.recipient.imap.staging import Stage


def names(told):
    return [line.rpartition(b" ")[2].strip() for line in told if line.startswith(b"* L")]


@pytest.mark.parametrize(
    ("reference", "pattern", "found"),
    [
        (b"", b"inbox", [b"INBOX"]),
        (b"Lists/", b"%", [b"Lists/linux"]),
        (b"", b"*/%", [b"Lists/linux", b"Lists/linux/kernel"]),
        (b"", b"L%", [b"Lists"]),
        (b"", b"nothing", []),
    ],
)
def test_patterns(reference, pattern, found):
    """A reference stands before the pattern; % stays within a level."""
    stage = Stage(["logged in"])
    for name in (b"Lists/linux", b"Lists/linux/kernel"):
        stage.hear(b"a CREATE " + name + b"\r\n")
    assert sorted(names(stage.heard(b'b LIST "' + reference + b'" "' + pattern + b'"\r\n'))) == sorted(found)


def test_many_wildcards():
    """A pattern of wildcards is answered in linear time."""  # T198
    stage = Stage(["logged in"])
    before = time.thread_time()
    stage.hear(b'a LIST "" "' + b"*%" * 400 + b'x"\r\n')
    assert stage.told[-1] == b"a OK Done\r\n"
    assert time.thread_time() - before < 5


def test_a_folder_that_is_deleted_meanwhile_has_no_status():
    """STATUS is left out where somebody has deleted the folder before it was asked."""
    stage = Stage(["logged in"])
    before = stage.shelves.bob.folders()
    stage.shelves.bob.folders = lambda: before
    stage.shelves.bob.delete("Sent")
    told = stage.heard(b'a LIST "" Sent RETURN (STATUS (MESSAGES))\r\n')
    assert [line[:6] for line in told] == [b"* LIST", b"a OK D"]
