"""Searching the messages of a folder."""

import pytest

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui.mail.mailsearch import found, matches

LUNCH = LocalMessage(
    1, "bob@x", MailFolder.INBOX, "", True, False, 9, 0.0, "Alice Ann <alice@x>", "bob@x", "Lunch? Chào", None, 0
)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("", True), ("lunch", True), ("LUNCH alice", True), ("from:alice", True), ("FROM:Alice", True), ("subject:alice", False),
     ("to:bob", True), ("x:lunch", False), ("dinner", False), ("-dinner", True), ("-from:alice", False), ("CHA\u0300O", True),
     ('"alice ann"', True), ('"ann alice"', False), ('from:"alice ann" lunch', True), ('-subject:"lunch? chào"', False),
     ('"', True), ("-", False)],
)  # fmt: skip
def test_words(text, is_found):
    """Words alone ask sender, recipient and subject; a field asks only itself; - means not; quotes hold words together."""
    assert matches(LUNCH, text) is is_found


def test_a_folder():
    """Those that match are found in their order; where nothing is asked for it is the same list."""
    items = [LUNCH, LUNCH]
    assert found(items, "  ") is items
    assert found(items, "lunch") == items
    assert found(items, "dinner") == []
