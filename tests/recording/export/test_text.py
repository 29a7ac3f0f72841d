"""The transcript as plain text."""

import pytest

from tests.recording.export.sample import exported, sample


@pytest.mark.parametrize(
    ("notation", "client", "server"),
    [("rfc", "relay-1 C: DATA", "relay-1 S: ! 450 "), ("swaks", "relay-1  -> DATA", "relay-1 <** ! 450 "), ("curl", "relay-1 > DATA", "relay-1 < ! 450 ")],
)  # fmt: skip
def test_notations(notation, client, server):
    """Speakers are marked as in RFCs, as in swaks or as in curl."""
    text = exported("text", sample(), notation=notation).decode()
    assert client in text
    assert server in text


def test_moments():
    """The title, the narrator's words and the marks stand behind #, each where it belongs, in the language asked for."""
    lines = exported("text", sample(), lang="vi").decode().splitlines()
    assert lines[:2] == ["# A message that was put off", "# Alice viết thư."]
    assert lines[lines.index("# the lookup") + 1].startswith("relay-1 == ")
