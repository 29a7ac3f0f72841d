"""What can be asked, as values."""

from maillab.tui.questions import Prompt


def test_a_prompt_takes_anything():
    """Unless somebody says what is wrong with it."""
    asked = Prompt("Name")
    assert asked.check("anything") == ""
    assert asked.complete is None
