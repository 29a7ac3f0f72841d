"""How words are compared."""

import pytest

from maillab.recipient.structure.casemap import casemap


@pytest.mark.parametrize(
    "words",
    [["A", "b", "C", "[", "_"], ["Anh", "Ánh", "bo", "Đà"], ["grosse", "große"]],
)
def test_the_order(words):
    """Capitals count, so that signs between capitals and small letters come last; marks come behind their letter."""
    assert sorted(reversed(words), key=casemap) == words


def test_case_alone():
    """Words that differ in case alone are the same."""
    assert casemap("thư điện tử") == casemap("THƯ ĐIỆN TỬ")
