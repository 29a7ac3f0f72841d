"""What can be asked."""

from maillab.tui.questions import Prompt


def test_a_prompt_takes_everything():
    """Unless somebody checks it."""
    assert Prompt("Name").check("anything") == ""
