"""The IMAP dialogue, played without a socket: the conversations of tests/dialogues and what they cannot say."""

import pytest

from tests.dialogues.reading import files, given, name, read
from tests.recipient.imap.staging import Stage, act

FILES = files("imap")


@pytest.mark.parametrize("octet_by_octet", [False, True], ids=["line by line", "octet by octet"])
@pytest.mark.parametrize("path", FILES, ids=name)
def test_dialogue(path, octet_by_octet, tmp_path):
    """Each conversation of tests/dialogues goes as it is written, to the last word."""
    steps = read(path)
    stage = Stage(given(steps), tmp_path)
    for step in steps:
        if complaint := act(stage, step, octet_by_octet=octet_by_octet):
            pytest.fail(f"{step.where}: expected {step.mark} {step.text!r}, but {complaint}", pytrace=False)

    assert stage.told == [], path.name
    if stage.over:
        stage.over = False
        stage.play(stage.dialogue.lost())
        assert stage.shelves.open_views == []
    assert list(tmp_path.iterdir()) == []
