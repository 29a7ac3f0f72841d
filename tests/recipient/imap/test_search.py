"""SEARCH and SORT: what the dialogue of their name does not say."""

import pytest

from tests.recipient.imap.staging import Stage


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"SEARCH RETURN (MIN) NOT ALL", [b'* ESEARCH (TAG "a")\r\n']),
        (b"SEARCH RETURN () 2", [b'* ESEARCH (TAG "a") ALL 2\r\n']),
        (b"UID SORT RETURN (ALL MIN) (REVERSE ARRIVAL) UTF-8 ALL", [b'* ESEARCH (TAG "a") UID MIN 1 ALL 1:3\r\n']),
        (b"SORT (SIZE) US-ASCII LARGER 0", [b"* SORT 2 1 3\r\n"]),
        (b"SEARCH NOT ALL", [b"* SEARCH\r\n"]),
    ],
)
def test_results(said, told):
    """Results are told as they were asked for; what was not found is not told."""
    stage = Stage(["selected"])
    assert stage.heard(b"a " + said + b"\r\n") == [*told, b"a OK Done\r\n"]


@pytest.mark.parametrize(
    ("returns", "saved"),
    [(b"SAVE", (1, 2, 3)), (b"SAVE MIN", (1,)), (b"SAVE MIN MAX", (1, 3)), (b"SAVE MIN COUNT", (1, 2, 3))],
)
def test_what_is_saved(returns, saved):
    """RFC 5182 section 2.4: with MIN or MAX alone, those are what $ stands for."""
    stage = Stage(["selected"])
    stage.hear(b"a SEARCH RETURN (" + returns + b") ALL\r\n")
    assert stage.dialogue.session.looking.saved == saved


@pytest.mark.parametrize("said", [b"(" * 3000, b"NOT " * 3000, b"OR " * 3000])
def test_conditions_without_end(said):
    """Conditions that are nested too deeply are refused."""  # T197
    stage = Stage(["selected"])
    assert stage.heard(b"c SEARCH " + said + b"\r\n")[0].startswith(b"c BAD")
