"""A sentence is recognised by the words around its values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.errors_vi import ERRORS
from maillab.views.sentences import Sentences

TABLE = {
    "cannot read {}: {}": "không đọc được {}: {}",
    "Permission denied": "không có quyền",
    "{} of {}": "{} của {}",
    "line {}: {}": "dòng {}: {}",
    "the command line": "dòng lệnh",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cannot read a b.toml: Permission denied", "không đọc được a b.toml: không có quyền"),
        ("permission denied", "không có quyền"),
        ("  Permission denied", "  không có quyền"),
        ("smtp of sender.test", "smtp của sender.test"),
        ("a sentence of nobody at all", "a sentence of nobody at all"),
        ("f: line 3: Permission denied", "f: dòng 3: không có quyền"),
        ("the command line: nonsense there", "dòng lệnh: nonsense there"),
        ("cannot read {0} {}: x", "không đọc được {0} {}: x"),
        ("Permission denied\n  elsewhere", "không có quyền\n  elsewhere"),
        ("", ""),
    ],
)
def test_sentences(text: str, said: str) -> None:
    """Values stay, sentences inside sentences are said too, and what no table knows stays as it is."""
    assert Sentences(TABLE)(text) == said


@given(st.text())
def test_anything_may_be_said(text: str) -> None:
    """No text is too odd, and none loses a line."""
    assert Sentences(ERRORS)(text).count("\n") == text.count("\n")
